"""Near-ties: actions that miss a best response, and profiles that miss an equilibrium, by next to nothing."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import Objects
from nashscape.games import DenseGame
from nashscape.theory.nash.results import Equilibrium, NearTie

Floats = npt.NDArray[np.float64]

NEAR = 1e-9
"""Of a player's range of payoffs, or of probability: what is smaller and not zero is nearly a tie."""

MOST = 20
"""Near-ties that are named."""


def near_ties(game: DenseGame, found: Sequence[Equilibrium]) -> tuple[NearTie, ...]:
    """The closest near-ties at equilibria, and at pure profiles that are nearly equilibria.

    Args:
        game: the game.
        found: its equilibria.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import equilibria
        >>> print(*equilibria(games.bimatrix([[1, 0], [1 - 1e-12, 1]])).near_ties, sep="\\n")
        AA is within 1e-12 of a tie between A and B of player 1
        AA is within 1e-12 of a tie between A and B of player 2
    """
    payoffs = game.payoffs if game.exact_payoffs is None else game.exact_payoffs
    units = [float(own.max() - own.min()) for own in payoffs]
    made = [tie for one in found for tie in _beside(game, one, units)]
    made += _pure(game, payoffs, units)
    return tuple(sorted(made, key=lambda tie: tie.gap)[:MOST])


def _beside(game: DenseGame, one: Equilibrium, units: Sequence[float]) -> list[NearTie]:
    made = []
    for i, (losses, played) in enumerate(zip(one.losses, one.support, strict=True)):
        for b, loss in enumerate(losses):
            if b not in played and 0 < loss <= NEAR * units[i]:
                names = game.actions[i][played[0]], game.actions[i][b]
                made.append(NearTie(one.name, game.players[i], names, float(loss), True))
    return made


def _pure(game: DenseGame, payoffs: npt.NDArray[np.float64] | Objects, units: Sequence[float]) -> list[NearTie]:
    """Pure profiles at which somebody gains, and nobody more than next to nothing."""
    gains = np.stack([own.max(axis=i, keepdims=True) - own for i, own in enumerate(payoffs)])
    small = np.stack([own <= NEAR * unit for own, unit in zip(gains, units, strict=True)]).all(axis=0)
    made = []
    for profile in np.argwhere(small & (gains > 0).any(axis=0)):
        at = tuple(int(a) for a in profile)
        for i in range(game.n_players):
            gain = float(gains[(i, *at)])
            if gain > 0:
                line = np.moveaxis(payoffs[i], i, -1)[at[:i] + at[i + 1 :]]
                names = game.actions[i][int(np.argmax(line))], game.actions[i][at[i]]
                made.append(NearTie(game.profile_name(at), game.players[i], names, gain, False))
    return made
