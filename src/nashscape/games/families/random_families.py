"""Random games of a known kind: zero-sum, common interest, potential, covariant. The same seed gives the same game.

Draws are rounded to whole multiples of 2⁻³², so that sums of them are exact: what such a game is said to be, it is to
the last bit. For many games, take many seeds.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core import choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import bimatrix, dense
from nashscape.games.forms.dense_game import DenseGame

Floats = npt.NDArray[np.float64]

GRAIN = 2.0**-32
"""Draws are whole multiples of this: sums and differences of a few of them are doubles."""

DISTRIBUTIONS = ("normal", "uniform")


@public()
def random_zero_sum(shape: Sequence[int] = (2, 2), seed: int = 0, distribution: str = "normal") -> DenseGame:
    """A game of two players in which one wins what the other loses, with independent random payoffs of the first.

    Args:
        shape: numbers of actions of both.
        seed: the same seed gives the same game.
        distribution: "normal" (mean 0, variance 1) or "uniform" on [−1, 1).

    Raises:
        InputError: unless there are two players with an action each, and for more than ten million payoffs.

    Example:
        >>> game = random_zero_sum((2, 3), seed=1)
        >>> game, bool((game.payoffs.sum(axis=0) == 0).all())
        (<DenseGame random_zero_sum: 2 players, 2×3 actions (A B; A B C)>, True)
    """
    own = _drawn(_generator(seed), action_counts(shape, players=2), distribution)
    return bimatrix(own, 0.0 - own, name="random_zero_sum")


@public()
def random_common_interest(shape: Sequence[int] = (2, 2), seed: int = 0, distribution: str = "normal") -> DenseGame:
    """A game in which all players get the same, one independent random number for every profile.

    Args:
        shape: numbers of actions of all players.
        seed: the same seed gives the same game.
        distribution: "normal" (mean 0, variance 1) or "uniform" on [−1, 1).

    Raises:
        InputError: for fewer than two players, players without actions, or more than ten million payoffs.

    Example:
        >>> random_common_interest((2, 3), seed=1).payoffs[0].shape
        (2, 3)
    """
    sizes = action_counts(shape)
    own = _drawn(_generator(seed), sizes, distribution)
    return dense(np.stack([own] * len(sizes)), name="random_common_interest")


@public()
def random_potential(
    shape: Sequence[int] = (2, 2), seed: int = 0, distribution: str = "normal", *, scale: float = 1.0
) -> DenseGame:
    """An exact potential game: `u_i(a) = P(a) + Q_i(a_-i)`, with independent random numbers P and Q.

    P is the potential: whoever changes its action changes its payoff by what P changes. Q does not depend on the own
    action, and so changes no best response; without it the game would be one of common interest.

    Args:
        shape: numbers of actions of all players.
        seed: the same seed gives the same game.
        distribution: of P and Q, "normal" (mean 0, variance 1) or "uniform" on [−1, 1).
        scale: P is that much larger than Q, up to 10,000 times: then sums are exact.

    Raises:
        InputError: for fewer than two players, players without actions, more than ten million payoffs, and a scale
            that is not in (0, 10,000].

    Example:
        >>> game = random_potential((2, 2), seed=1)
        >>> u, v = game.payoffs
        >>> bool(u[1, 0] - u[0, 0] + v[1, 1] - v[1, 0] == v[0, 1] - v[0, 0] + u[1, 1] - u[0, 1])
        True

    Source: Monderer, Shapley (1996).
    """
    sizes = action_counts(shape)
    size = finite_number(scale, "scale of the potential", low=0.0, high=1e4, low_open=True)
    random = _generator(seed)
    shared = _rounded(size * _drawn(random, sizes, distribution))
    payoffs = [shared + _drawn(random, (*sizes[:i], 1, *sizes[i + 1 :]), distribution) for i in range(len(sizes))]
    return dense(np.stack(payoffs), name="random_potential")


@public()
def covariant(shape: Sequence[int] = (2, 2), correlation: float = 0.0, seed: int = 0) -> DenseGame:
    """A game whose payoffs in every profile are jointly normal: variance 1, one correlation between any two players.

    Profiles are independent of one another. Of n players the correlation ρ is −1/(n−1) at least: then payoffs sum to
    zero in every profile. At ρ = 1 all get the same. Both hold exactly; in between lies everything from conflict to
    common interest.

        `u = √(1−ρ) (z − z̄) + √(1 + (n−1)ρ) z̄`

    with independent standard normal z and their mean z̄ over players.

    Args:
        shape: numbers of actions of all players.
        correlation: ρ, from −1/(n−1) to 1.
        seed: the same seed gives the same game; another correlation mixes the same z otherwise.

    Raises:
        InputError: for fewer than two players, players without actions, more than ten million payoffs, and a
            correlation that n players cannot have.

    Example:
        >>> game = covariant((30, 40), correlation=-0.5, seed=1)
        >>> round(float(np.corrcoef(*game.payoffs.reshape(2, -1))[0, 1]), 1)
        -0.5

    Source: Rinott, Scarsini (2000); Nudelman, Wortman, Shoham, Leyton-Brown (2004), the covariance games of GAMUT.
    """
    sizes = action_counts(shape)
    n = len(sizes)
    rho = finite_number(correlation, "correlation", low=-1.0 / (n - 1), high=1.0)
    z = _generator(seed).standard_normal((n, *sizes))
    mean = z.mean(axis=0)
    payoffs = _rounded(math.sqrt(1.0 - rho) * (z - mean) + math.sqrt(max(0.0, 1.0 + (n - 1) * rho)) * mean)
    if rho == -1.0 / (n - 1):
        # what rounding leaves of the sum
        payoffs[-1] = 0.0 - payoffs[:-1].sum(axis=0)
    return dense(payoffs, name="covariant")


def _generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(positive_integer(seed, "seed", at_least=0))


def _drawn(random: np.random.Generator, shape: tuple[int, ...], distribution: str) -> Floats:
    kind = choice(distribution, "distribution", DISTRIBUTIONS)
    drawn = random.standard_normal(shape) if kind == "normal" else random.uniform(-1.0, 1.0, shape)
    return _rounded(drawn)


def _rounded(values: Floats) -> Floats:
    """The nearest multiples of the grain; of zeros none is negative."""
    return np.round(values / GRAIN) * GRAIN + 0.0
