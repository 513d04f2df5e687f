"""Games of teams, small and asymmetric."""

from itertools import product

import numpy as np
import pytest

from nashscape import games


def team_table(payoff, members, actions):
    """What the first of two alike teams gets, `[J, J]`, of a function of both joint actions."""
    joint = list(product(range(actions), repeat=members))
    return np.array([[payoff(a, b) for b in joint] for a in joint], float)


def crossing(a, b, bonus=1.5, little=0.1):
    """The example game of fictitious cross-play: more ones are better, but none at all is best of all."""
    mine, theirs = sum(a), sum(b)
    worth = mine - theirs + (mine == 0) * (1 + little) * theirs - (theirs == 0) * (1 + little) * mine
    extra = bonus - len(a) * little
    return worth + extra * ((mine == 0 and theirs == len(b)) - (theirs == 0 and mine == len(a)))


@pytest.fixture(scope="session")
def example():
    """Three against three, as a game of six players."""
    table = team_table(crossing, 3, 2).reshape((2,) * 6)
    return games.dense(np.stack([table] * 3 + [-table] * 3), name="example")


@pytest.fixture(scope="session")
def uneven():
    """Two members of 2 and 3 actions against one of 4, of no constant sum."""
    random = np.random.default_rng(5)
    team, other = random.integers(-9, 10, size=(2, 2, 3, 4)).astype(float)
    return games.dense(np.stack([team, team, other]))
