"""Power control: users of shared channels who each spread their power over carriers to send as much as they can."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.games.constraint_sets import ConstraintSet
from nashscape.games.forms.differentiable_checks import differentiable
from nashscape.games.forms.differentiable_game import DifferentiableGame, Points
from nashscape.games.sets_of_points import simplex_set

Floats = npt.NDArray[np.float64]


def _disturbance(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    """Noise and the power of others beside the own channel, `[n, K]`: the floor of the vessel that own power fills."""
    power = jnp.stack(points)
    received = jnp.sum(numbers["gains"] * power[:, None, :], axis=0)  # [receiver, carrier]
    own = jnp.diagonal(numbers["gains"], axis1=0, axis2=1).T
    return (numbers["noise"] + received - own * power) / own


def _rates(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    return jnp.sum(jnp.log1p(jnp.stack(points) / _disturbance(points, numbers)), axis=1)


def _filled(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """Water-filling: the nearest point of the simplex to less than nothing by what fills the vessel already."""
    floors = _disturbance(points, numbers)
    total = numbers["power"]
    return tuple(simplex_of(floors.shape[1], total[i]).project(-floor) for i, floor in enumerate(floors))


def simplex_of(size: int, total: Any) -> ConstraintSet:
    """A simplex whose total may be traced."""
    return ConstraintSet(np.zeros(size), np.full(size, np.inf), np.ones(size), total, all_spent=True)


@public()
def power_control(gains: npt.ArrayLike, noise: npt.ArrayLike = 1.0, power: npt.ArrayLike = 1.0) -> DifferentiableGame:
    """Users q who spread their power `P_q` over K carriers, each for the rate of its own link.

        u_q = Σ_k log(1 + g_qq(k) p_q(k) / (σ_q(k) + Σ_{r≠q} g_rq(k) p_r(k))),   p_q ≥ 0, Σ_k p_q(k) = P_q

    The best reply is water-filling: what disturbs carrier k is its floor, and power fills the vessel to one level. That
    is the nearest point of the simplex to minus the floors, so regrets are exact.

    Args:
        gains: `g_rq(k)`, squared sizes of channels from sender r to receiver q, `[n, n, K]`; above 0 where r = q.
        noise: `σ_q(k)`, `[n, K]` or a number for all, above 0.
        power: `P_q`, `[n]` or a number for all, above 0.

    Raises:
        InputError: for arrays that do not fit or are not positive.

    Example:
        >>> alone = power_control([[[1.0, 2.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 1.0]]])
        >>> alone.regrets([[0.25, 0.75], [0.5, 0.5]]).tolist()
        [0.0, 0.0]

    Source: Yu, Ginis, Cioffi (2002) for iterative water-filling; Scutari, Palomar, Barbarossa (2008): a projection.
    """
    squares = finite_array(gains, "gains", ndim=3)
    n, carriers = squares.shape[1:]
    if squares.shape[0] != n or n < 2:
        raise InputError(f"gains have shape [n, n, carriers], of two users or more; got {list(squares.shape)}")
    if (squares < 0).any() or (np.diagonal(squares) <= 0).any():
        raise InputError("gains are squared sizes: none below 0, and those of own links above 0")
    floor = finite_array(np.broadcast_to(noise, (n, carriers)), "noise", ndim=2)
    totals = one_or_each(power, "power", n)
    if (floor <= 0).any() or (totals <= 0).any():
        raise InputError("noise and power must be above 0")
    return differentiable(
        _rates,
        (carriers,) * n,
        coefficients={"gains": squares, "noise": floor, "power": totals},
        constraints=[simplex_set(carriers, float(total)) for total in totals],
        best_responses=_filled,
        players=[f"user {q + 1}" for q in range(n)],
        name="power_control",
    )


@public()
def interference(gains: npt.ArrayLike) -> Floats:
    """How far each user's reply moves with the power of others at most, `S_qr = max_k g_rq(k)/g_qq(k)`, `[n, n]`.

    Water-filling is a projection, which moves no further than what is projected: replies contract where the spectral
    radius of S is below 1, see `theory.contraction`.

    >>> interference([[[2.0, 1.0], [0.2, 0.1]], [[0.5, 0.5], [1.0, 1.0]]]).tolist()
    [[0.0, 0.5], [0.2, 0.0]]
    """
    squares = finite_array(gains, "gains", ndim=3)
    own = np.diagonal(squares).T  # [receiver, carrier]
    found = (squares / own[None]).max(axis=2).T
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)
