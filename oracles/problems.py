"""Games and starts on which replicator flows are compared."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape import games

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Amount:
    """How much is compared.

    Attributes:
        points: profiles at which the fields of each game are compared.
        trajectories: starts from which each game is followed.
        games: how many of the games of each kind, counted from the last.
        random: random games whose equilibria are compared.
        runs: training runs of each library.
    """

    points: int = 40
    trajectories: int = 2
    games: int = 6
    random: int = 1000
    runs: int = 32


FULL = Amount()
TINY = Amount(points=2, trajectories=1, games=1, random=16, runs=3)
"""Next to nothing: whether the comparisons work."""

FIELD = 1e-9
"""Largest difference of two fields, which differ by rounding only."""

TIMES = np.linspace(0.0, 12.0, 49)


def two_players(amount: Amount) -> dict[str, games.DenseGame]:
    """Games of two players: named ones, and random ones without any symmetry."""
    known = {
        "stag hunt": games.stag_hunt(),
        "matching pennies": games.matching_pennies(),
        "random 2×2": games.random_game((2, 2), seed=1),
        "rock paper scissors": games.perturbed_rock_paper_scissors(0.5, -0.3),
        "random 3×3": games.random_game((3, 3), seed=2),
        "random 2×3": games.random_game((2, 3), seed=3),
    }
    return _last(known, amount)


def symmetric(amount: Amount) -> dict[str, games.DenseGame]:
    """Symmetric games, in which one population may play against itself."""
    known = {"stag hunt": games.stag_hunt(), "rock paper scissors": games.rock_paper_scissors(win=2.0)}
    return _last(known, amount)


def three_players(amount: Amount) -> dict[str, games.DenseGame]:
    """A game of three players with unequal action counts."""
    return _last({"random 2×3×2": games.random_game((2, 3, 2), seed=4)}, amount)


def _last(known: dict[str, games.DenseGame], amount: Amount) -> dict[str, games.DenseGame]:
    return dict(list(known.items())[-amount.games :])


def profiles(game: games.DenseGame, count: int, seed: int = 0) -> list[tuple[Floats, ...]]:
    """Random interior profiles, `[a_i]` for each player."""
    draws = np.random.default_rng(seed)
    return [tuple(draws.dirichlet(np.ones(actions)) for actions in game.shape) for _ in range(count)]


def shares(game: games.DenseGame, count: int, seed: int = 0) -> list[tuple[Floats, ...]]:
    """Random interior profiles in which both players play the same."""
    return [(own, own) for own, *_ in profiles(game, count, seed)]
