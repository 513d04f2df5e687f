"""The three games of two alike teams with which fictitious cross-play was published, as games of all players."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from nashscape.games import DenseGame, dense

Payoff = Callable[[Sequence[int], Sequence[int]], float]
"""From the actions of one team and of the other to what the first gets; the other gets the opposite."""


def of_teams(payoff: Payoff, members: int, actions: Sequence[str], name: str) -> DenseGame:
    """The game of two teams of so many members; the first half of the players is the first team.

    >>> of_teams(rock_paper_scissors, 2, "RS", "team_rps").payoffs[:, 0, 0, 1, 1]
    array([ 1.,  1., -1., -1.])
    """
    joint = list(product(range(len(actions)), repeat=members))
    table = np.array([[payoff(a, b) for b in joint] for a in joint], float).reshape((len(actions),) * (2 * members))
    players = [f"{team}{k + 1}" for team in "AB" for k in range(members)]
    return dense(np.stack([table] * members + [-table] * members), actions=list(actions), players=players, name=name)


def crossing(mine: Sequence[int], theirs: Sequence[int], bonus: float = 1.5, little: float = 0.1) -> float:
    """More ones are better, but a team without any gets back what the other gains, and more against all ones.

    With k ones each: `k − k'`, and `(1 + ε) k'` for a team that has none; `C − N ε` more where the other has all ones.

    >>> crossing((0, 0, 0), (1, 1, 1)), crossing((1, 1, 1), (1, 0, 1)), crossing((0, 0, 0), (1, 0, 1))
    (1.5, 1.0, 0.2)
    """
    ones, others, all_of_it = sum(mine), sum(theirs), len(mine)
    worth = ones - others + (1 + little) * (others * (ones == 0) - ones * (others == 0))
    extra = bonus - all_of_it * little
    return round(worth + extra * ((ones == 0 and others == all_of_it) - (others == 0 and ones == all_of_it)), 12)


def rock_paper_scissors(mine: Sequence[int], theirs: Sequence[int]) -> float:
    """Both first actions are rock, both second ones scissors, one of each is paper.

    >>> [rock_paper_scissors((0, 0), other) for other in ((0, 0), (0, 1), (1, 0), (1, 1))]
    [0.0, -1.0, -1.0, 1.0]
    """
    beats = (sum(theirs) - sum(mine)) % 3  # scissors are one more than paper, paper is one more than rock
    return (0.0, -1.0, 1.0)[beats]


GAIN, ATTACK, DEFEND = 5, 6, 7
"""Actions up to 5 gain; then one attacks, and one defends."""


def seeking(mine: Sequence[int], theirs: Sequence[int], force: int = 3, cost: float = 1.0) -> float:
    """Seek, attack, defend: what is gained, unless enough opponents attack and nobody defends; attacks cost.

    >>> seeking((5, 5, 5), (6, 6, 6)), seeking((5, 5, 7), (6, 6, 6)), seeking((0, 1, 2), (0, 0, 1))
    (3.0, 7.0, 0.0)
    """
    gains = [_gained(own) * (not _raided(own, other, force)) for own, other in ((mine, theirs), (theirs, mine))]
    costs = [cost * list(own).count(ATTACK) for own in (mine, theirs)]
    return round(gains[0] - costs[0] - gains[1] + costs[1], 12)


def _gained(own: Sequence[int]) -> float:
    """Gains count that are no more than one above the least, if all are so near each other, else above none."""
    among = [a for a in own if a <= GAIN]
    if not among:
        return 0.0
    base = min(among) if max(among) - min(among) <= 1 else 0
    return sum(1 + a * a / GAIN**2 for a in among if 0 < a <= base + 1)


def _raided(own: Sequence[int], other: Sequence[int], force: int) -> bool:
    return list(other).count(ATTACK) >= force and DEFEND not in own
