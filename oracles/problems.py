"""Games and starts on which replicator flows are compared."""

import numpy as np
import numpy.typing as npt

from nashscape import games

Floats = npt.NDArray[np.float64]
POINTS = 40
"""Profiles at which the fields of each game are compared."""

FIELD = 1e-9
"""Largest difference of two fields, which differ by rounding only."""

TIMES = np.linspace(0.0, 12.0, 49)


def two_players() -> dict[str, games.DenseGame]:
    """Games of two players: named ones, and random ones without any symmetry."""
    return {
        "stag hunt": games.stag_hunt(),
        "matching pennies": games.matching_pennies(),
        "random 2×2": games.random_game((2, 2), seed=1),
        "rock paper scissors": games.perturbed_rock_paper_scissors(0.5, -0.3),
        "random 3×3": games.random_game((3, 3), seed=2),
        "random 2×3": games.random_game((2, 3), seed=3),
    }


def symmetric() -> dict[str, games.DenseGame]:
    """Symmetric games, in which one population may play against itself."""
    return {"stag hunt": games.stag_hunt(), "rock paper scissors": games.rock_paper_scissors(win=2.0)}


def three_players() -> dict[str, games.DenseGame]:
    """A game of three players with unequal action counts."""
    return {"random 2×3×2": games.random_game((2, 3, 2), seed=4)}


def profiles(game: games.DenseGame, count: int, seed: int = 0) -> list[tuple[Floats, ...]]:
    """Random interior profiles, `[a_i]` for each player."""
    draws = np.random.default_rng(seed)
    return [tuple(draws.dirichlet(np.ones(actions)) for actions in game.shape) for _ in range(count)]


def shares(game: games.DenseGame, count: int, seed: int = 0) -> list[tuple[Floats, ...]]:
    """Random interior profiles in which both players play the same."""
    return [(own, own) for own, *_ in profiles(game, count, seed)]
