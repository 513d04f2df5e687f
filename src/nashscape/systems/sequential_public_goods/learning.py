"""What independent learners come to do in the game on a coarse grid, beside its subgame-perfect equilibrium."""

import numpy as np

from nashscape.dynamics import Settling, reducers
from nashscape.games import TreeGame, sequential_public_goods
from nashscape.learning import pg
from nashscape.selection import entry_probability
from nashscape.systems.sequential_public_goods.induction import PLAYERS, Floats

STEPS, UPDATES = 2, 1000
"""Contributions are 0, ½ and 1."""


def game(**setting: str) -> TreeGame:
    """The tree in which they learn."""
    return sequential_public_goods(PLAYERS, STEPS, **setting)


def likeliest(played: TreeGame, runs: int, seed: int) -> Floats:
    """What is most likely given by each after the last update of policy gradient from random starts, `[runs, 3]`."""
    found = entry_probability(
        played, pg(), n=runs, steps=UPDATES, reducers=[reducers.path_at([UPDATES])], settling=Settling(follow=False),
        audit=False, seed=seed,
    )  # fmt: skip
    ends = np.asarray(found.reduced["path_at"], np.float64)[:, 0]
    given, at = np.zeros((runs, PLAYERS)), 0
    for player, legal in enumerate(played.legal):
        own = ends[:, at : at + legal.size].reshape(runs, *legal.shape)
        at += legal.size
        for run in range(runs):
            row = played.rows[player].index(" ".join(f"{x:g}" for x in given[run, :player]) or "start")
            given[run, player] = float(played.actions[player][int(own[run, row].argmax())])
    return given
