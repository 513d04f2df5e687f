"""Pure equilibria, by looking at every profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.offers import needs
from nashscape.games.protocol import GameLike


@dataclass(frozen=True, eq=False)
class PureEquilibrium:
    """A pure profile from which no player gains more than the tolerance by deviating.

    `profile` holds action indices and `name` their names; `payoffs` and `regret` have shape [n]; `margin` is
    the smallest loss of any player from any deviation, negative where there is a gain within the tolerance;
    it is `strict` if the margin is positive. All are in payoff units.
    """

    profile: tuple[int, ...]
    name: str
    payoffs: npt.NDArray[np.float64]
    regret: npt.NDArray[np.float64]
    strict: bool
    margin: float


@public()
def pure_equilibria(game: "GameLike", tolerance: float = 0.0) -> tuple[PureEquilibrium, ...]:
    """All pure profiles a with max_b u_i(b, a_-i) − u_i(a) ≤ tolerance for every player i, sorted by index.

    With a tolerance of zero, which is in payoff units, these are the pure Nash equilibria, exactly: doubles are
    compared as they are, and exact payoffs as they were given.

    >>> from nashscape import games
    >>> [(e.name, e.strict, e.margin) for e in pure_equilibria(games.stag_hunt())]
    [('CC', True, 1.0), ('DD', True, 2.0)]

    Raises `InputError` for a game that has no payoff array and cannot be written as one (of at most ten million
    entries), or a negative tolerance.
    """
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    dense = _dense(game)
    payoffs = dense.payoffs if dense.exact_payoffs is None else dense.exact_payoffs
    regret = np.stack([own.max(axis=i, keepdims=True) - own for i, own in enumerate(payoffs)])
    found = np.argwhere((regret <= tolerance).all(axis=0))
    return tuple(_equilibrium(dense, regret, tuple(int(a) for a in profile)) for profile in found)


def _dense(game: "GameLike") -> DenseGame:
    """The game with its payoff array, written out where it is kept in another form."""
    table = as_game(game)
    needs(table, "table", to="find pure equilibria")
    try:
        dense: DenseGame = table.to_dense()
    except InputError as error:
        raise InputError(f"pure equilibria are found by looking at every profile: {error}") from error
    return dense


def _equilibrium(game: DenseGame, regret: npt.NDArray[Any], profile: tuple[int, ...]) -> PureEquilibrium:
    payoffs = game.payoffs if game.exact_payoffs is None else game.exact_payoffs
    margin = pure_margin(payoffs, profile)
    return PureEquilibrium(
        profile=profile,
        name=game.profile_name(profile),
        payoffs=game.payoffs_at(profile),
        regret=np.moveaxis(regret, 0, -1)[profile].astype(np.float64),
        strict=margin > 0,
        margin=margin,
    )


def pure_margin(payoffs: npt.NDArray[Any], profile: Sequence[int]) -> float:
    """The least loss of any player from leaving a pure profile, in payoff units; its sign is exact.

    >>> from nashscape import games
    >>> pure_margin(games.stag_hunt().payoffs, (0, 0))
    1.0
    """
    return min(_loss(own, i, tuple(profile)) for i, own in enumerate(payoffs))


def _loss(own: npt.NDArray[Any], player: int, profile: tuple[int, ...]) -> float:
    """The smallest loss of the player whose payoffs these are from leaving the profile; infinite with one action."""
    line = np.moveaxis(own, player, -1)[profile[:player] + profile[player + 1 :]]
    others = np.delete(line, profile[player])
    return float(line[profile[player]] - others.max()) if len(others) else float("inf")
