"""What one round of the dilemma pays, whatever a player and its four neighbours do, and what memory changes."""

from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.environments import graph_dilemma

Floats = npt.NDArray[np.float64]


def payoffs(dilemma: float) -> list[list[float]]:
    """R = 1, S = −D, T = 1 + D, P = 0; the first action cooperates."""
    return [[1.0, -dilemma], [1.0 + dilemma, 0.0]]


def gains(dilemma: float) -> Floats:
    """What defecting pays more than cooperating, for each of the sixteen things that four neighbours may do.

    >>> gains(0.25).round(12).tolist() == [0.25] * 16
    True
    """
    table = payoffs(dilemma)
    return np.array([
        np.mean([table[1][other] for other in others]) - np.mean([table[0][other] for other in others])
        for others in product(range(2), repeat=4)
    ])  # fmt: skip


def most_regret(dilemma: float, graph: str = "complete:3") -> float:
    """What the best reply adds where all cooperate as long as nobody whom they see has defected, exactly.

    On a complete graph all see all, and the strategies are those of the grim trigger; γ = .99.
    """
    env = graph_dilemma(graph, game=payoffs(dilemma))
    views, game = env.views, env.exact()
    assert views is not None
    assert game is not None
    quiet = [(np.asarray(own) >= 0).all(axis=1) for own in views]
    profile = [np.stack([own, ~own], axis=1).astype(float) for own in quiet]
    return float(np.max(game.regrets(profile)))
