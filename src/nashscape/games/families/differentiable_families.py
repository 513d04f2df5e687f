"""Families of games with continuous actions: quadratic, bilinear, Tandem, Cournot competition."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.differentiable_checks import check_bounds, check_sizes, differentiable
from nashscape.games.forms.differentiable_game import DifferentiableGame
from nashscape.games.quadratic_regrets import own_curvature, quadratic_regrets


def _quadratic_payoffs(points: Sequence[jax.Array], coefficients: Mapping[str, Any]) -> jax.Array:
    x = jnp.concatenate(points)
    pulled = jnp.einsum("ikl,l->ik", coefficients["matrices"], x, precision=lax.Precision.HIGHEST)
    return jnp.sum((0.5 * pulled + coefficients["linear"]) * x, axis=1) + coefficients["constants"]


@public()
def quadratic(
    matrices: npt.ArrayLike,
    linear: npt.ArrayLike | None = None,
    constants: npt.ArrayLike | None = None,
    *,
    sizes: Sequence[int] | None = None,
    bounds: tuple[Any, Any] | None = None,
    payoff_range: float = 1.0,
    players: Sequence[str] | None = None,
    named_points: Sequence[tuple[str, Sequence[Sequence[float]], float]] = (),
    name: str = "quadratic_game",
) -> DifferentiableGame:
    """The game with payoffs `u_i = ½ xᵀQ_i x + r_iᵀx + c_i` of the joint vector `x = (x_1, …, x_n)` of length D.

    Near a point where it is smooth every differentiable game is such a game, and gradients and Hessians are known:
    `∇u_i = Q_i x + r_i` and `Q_i`. Regrets are exact, see `quadratic_regrets`; in a direction in which a player's own
    payoff bends up, or does not bend but rises, they are infinite unless there are bounds.

    Args:
        matrices: `Q_i`, shape [n, D, D]; only the symmetric parts matter, and they are what is kept.
        linear: `r_i`, shape [n, D]; zero by default.
        constants: `c_i`, shape [n]; zero by default.
        sizes: coordinates of each player, with sum D; by default one each.
        bounds: `(low, high)`, as in `differentiable`.
        payoff_range: the unit of tolerances, in payoff units.
        players: names.
        named_points: as in `differentiable`.
        name: of the game.

    Raises:
        InputError: for arrays that are not finite or do not fit together, and what `differentiable` refuses.

    Example:
        >>> game = quadratic([[[-2, 1], [1, 0]], [[0, 3], [3, -4]]])   # −x² + xy and −2y² + 3xy
        >>> game.expected_payoffs([[1.0], [2.0]]).tolist()
        [1.0, -2.0]
    """
    squares = finite_array(matrices, "matrices", ndim=3)
    n, total = squares.shape[0], squares.shape[1]
    if squares.shape != (n, total, total):
        raise InputError(f"matrices must have shape [n, D, D]; got {list(squares.shape)}")
    lengths = check_sizes((1,) * n if sizes is None else sizes)
    if len(lengths) != n or sum(lengths) != total:
        raise InputError(f"matrices of shape {list(squares.shape)} need {n} sizes with sum {total}; got {lengths}")
    squares = (squares + squares.swapaxes(1, 2)) / 2
    ends = check_bounds(bounds, lengths)
    last = np.cumsum(lengths)
    parts = [slice(end - size, end) for end, size in zip(last, lengths, strict=True)]
    coefficients = {
        "matrices": squares,
        "linear": finite_array(np.zeros((n, total)) if linear is None else linear, "linear", shape=(n, total)),
        "constants": finite_array(np.zeros(n) if constants is None else constants, "constants", shape=(n,)),
        "own": tuple(own_curvature(squares[i, part, part]) for i, part in enumerate(parts)),
        "bounds": (np.full(total, -np.inf), np.full(total, np.inf)) if ends is None else ends,
    }
    return differentiable(
        _quadratic_payoffs, lengths, coefficients=coefficients, bounds=ends, regrets=quadratic_regrets,
        payoff_range=payoff_range, players=players, named_points=named_points, name=name,
    )  # fmt: skip


@public()
def bilinear(
    matrix: npt.ArrayLike = 1.0,
    column_matrix: npt.ArrayLike | None = None,
    *,
    bounds: tuple[Any, Any] | None = None,
    payoff_range: float = 1.0,
    name: str = "bilinear",
) -> DifferentiableGame:
    """The game with payoffs `u_1 = xᵀA y` and `u_2 = xᵀB y`, zero-sum with `B = −A` by default.

    The zero-sum one is a Hamiltonian game: simultaneous gradient ascent turns round the equilibrium at 0, ever further
    out at any step size above 0, while its flow keeps the distance `|x|² + |y|²`. Without bounds a player gains without
    end wherever the own gradient is not zero, so that regrets are 0 or infinite. Balduzzi, Racanière, Martens,
    Foerster, Tuyls and Graepel (2018), The mechanics of n-player differentiable games.

    Args:
        matrix: `A`, shape [d_1, d_2], or a number.
        column_matrix: `B` of the same shape; −A by default.
        bounds: `(low, high)`, as in `differentiable`.
        payoff_range: the unit of tolerances, in payoff units.
        name: of the game.

    Raises:
        InputError: for matrices that are not finite or of different shapes.

    Example:
        >>> bilinear([[1, 2]]).expected_payoffs([[3.0], [1.0, -1.0]]).tolist()
        [-3.0, 3.0]
    """
    first = finite_array(np.atleast_2d(np.asarray(matrix)), "matrix", ndim=2)
    second = -first if column_matrix is None else np.atleast_2d(np.asarray(column_matrix))
    second = finite_array(second, "column_matrix", shape=first.shape)
    rows, columns = first.shape
    blocks = [np.block([[np.zeros((rows, rows)), m], [m.T, np.zeros((columns, columns))]]) for m in (first, second)]
    return quadratic(blocks, sizes=(rows, columns), bounds=bounds, payoff_range=payoff_range, name=name)


@public()
def tandem() -> DifferentiableGame:
    """Tandem: two riders gain by their own effort and share the cost of speed, `u_i = 2 x_i − (x_1 + x_2)²`.

    Every point with `x_1 + x_2 = 1` is an equilibrium. Opponent shaping of the kind of LOLA, in which both try to make
    the other give way, comes to rest on the line `x_1 + x_2 = (1 − 2η)/(1 − 4η)` for an inner step size η < ¼, which
    is no equilibrium and worse for both together. Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson (2019), as
    losses to be minimised.

    >>> tandem().regrets([[0.75], [0.25]]).tolist()
    [0.0, 0.0]
    """
    return quadratic([[[-2, -2], [-2, -2]]] * 2, [[2, 0], [0, 2]], name="tandem")


@public()
def cournot(
    firms: int = 2, *, intercept: float = 10.0, slope: float = 1.0, costs: float | Sequence[float] = 1.0
) -> DifferentiableGame:
    """Cournot competition: firm i chooses a quantity `q_i ≥ 0` and earns `(a − b Σ_j q_j − c_i) q_i`.

    Its one equilibrium is `cournot_equilibrium`; of firms of one cost c: `q = (a − c)/((n + 1) b)`. The price may fall
    below zero. The unit of tolerances is what the cheapest firm would earn alone, `(a − min c)²/(4b)`. Cournot (1838),
    Recherches sur les principes mathématiques de la théorie des richesses, chapter VII.

    Args:
        firms: their number n, at least two.
        intercept: `a`, the price at which nothing is sold, above every cost.
        slope: `b`, above 0, by which a unit sold lowers the price.
        costs: `c_i` per unit, a number or one per firm.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> cournot(costs=[1.0, 4.0]).regrets([[4.0], [1.0]]).tolist()
        [0.0, 0.0]
    """
    n, a, b, paid = _market(firms, intercept, slope, costs)
    matrices = np.zeros((n, n, n))
    for i in range(n):
        matrices[i, i, :] = matrices[i, :, i] = -b
        matrices[i, i, i] = -2 * b
    return quadratic(
        matrices,
        np.diag(a - paid),
        bounds=(0.0, math.inf),
        payoff_range=float((a - paid.min()) ** 2 / (4 * b)),
        players=[f"firm {i + 1}" for i in range(n)],
        name="cournot",
    )


@public()
def cournot_equilibrium(
    firms: int = 2, *, intercept: float = 10.0, slope: float = 1.0, costs: float | Sequence[float] = 1.0
) -> npt.NDArray[np.float64]:
    """The equilibrium quantities of `cournot`, shape [n]: `q_i = (p − c_i)/b` of the firms with costs below the price.

    The price is `p = (a + Σ c_j)/(k + 1)` over the k cheapest firms, those that sell at it.

    >>> cournot_equilibrium(3, costs=[1.0, 4.0, 9.0])
    array([4., 1., 0.])
    """
    _, a, b, paid = _market(firms, intercept, slope, costs)
    price = a
    for k, cost in enumerate(np.sort(paid), start=1):
        if cost < price:
            price = (a + np.sort(paid)[:k].sum()) / (k + 1)
    return np.asarray(np.maximum(price - paid, 0.0) / b)


def _market(firms: Any, intercept: Any, slope: Any, costs: Any) -> tuple[int, float, float, npt.NDArray[np.float64]]:
    n = positive_integer(firms, "firms", at_least=2)
    a = finite_number(intercept, "intercept")
    b = finite_number(slope, "slope", low=0.0, low_open=True)
    paid = finite_array(np.full(n, costs) if np.ndim(costs) == 0 else costs, "costs", shape=(n,))
    if (paid >= a).any():
        raise InputError(f"every cost must be below the intercept {a:g}; got {paid.tolist()}")
    return n, a, b, paid
