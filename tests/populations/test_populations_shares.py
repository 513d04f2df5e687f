"""Shares of a role's opponents: who is met when, with which weights, in games and in arenas; the published league."""

from dataclasses import dataclass

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.populations import GrowingPlan, Role, Share, grow
from nashscape.populations.arena_generations import ArenaGrowing
from nashscape.populations.beginnings import beginnings
from nashscape.populations.generations import Growing, Pools
from nashscape.populations.members import Population
from nashscape.populations.shares import parts_of
from nashscape.populations.sides import sides_of
from nashscape.populations.ways import plan_by_name

WINS = np.array([[0.5, 0.2, 0.6, 0.9], [0.8, 0.5, 0.35, 0.1], [0.4, 0.65, 0.5, 0.7], [0.1, 0.9, 0.3, 0.5]])
"""Chances of the row to win against the column."""
GAME = games.bimatrix(2 * WINS - 1, 1 - 2 * WINS)
PLAN = plan_by_name("league:verified=.15")
MAIN, EXPLOITER = 0, 1


@dataclass(frozen=True)
class Arena:
    """The same game as an arena; members are numbers of actions."""

    name: str = "wins"
    sides: tuple[str, ...] = ("one", "other")
    seats: tuple[int, ...] = (0, 0)
    bounds: tuple[float, float] = (0.0, 1.0)

    def start(self, seat, random):
        return 0

    def respond(self, side, opponents, begin, random):
        return begin

    def payoffs(self, members):
        return [WINS[members], WINS[members[::-1]]]


def growing():
    sides = sides_of(GAME, symmetric=True)
    return sides, Growing(sides, PLAN, beginnings(sides, "first", (0,)))


def in_game(pool):
    """What actions get in the lesson of the main role where a pool has these roles and actions, and its own share."""
    sides, found = growing()
    roles, actions = zip(*pool, strict=True)
    pools = Pools.of(sides, [np.eye(4)[list(actions)]], [np.array(roles)])
    lesson = found.lessons(pools, PLAN.roles[MAIN])[0][0]
    return lesson.fixed[0], lesson.oneself


def in_arena(pool):
    population = Population(Arena())
    learnt = (tuple((role, population.add(0, action)) for role, action in pool),)
    found = ArenaGrowing(Arena(), PLAN, 0, 1, 1, 0.95)
    met = found.opponents(population, learnt, PLAN.roles[MAIN], 0, [0])
    weights = np.zeros(4)
    for (_, action), weight in zip(met.profiles, met.weights, strict=True):
        weights[action] += weight * (1 - met.oneself)
    return weights, met.oneself


def hardest(mains, met):
    """(1 − x)² of how well the newest main strategy does against each, from the least of all mains to the most."""
    rows = WINS[np.ix_(mains, met)]
    weights = (1 - (rows[-1] - rows.min()) / (np.ptp(rows) or 1)) ** 2
    return weights / weights.sum() if weights.sum() else np.full(len(met), 1 / len(met))


@pytest.mark.parametrize(("pool", "verified", "oneself"), [
    # the newest main strategy is 1, against which the exploiter 3 wins .9
    ([(MAIN, 0), (EXPLOITER, 3), (EXPLOITER, 2), (MAIN, 1)], [3, 2], 0.35),
    # 2 wins .65 of it, which is not enough, and the former self 3 wins .9
    ([(MAIN, 3), (EXPLOITER, 2), (MAIN, 1)], [3, 1], 0.35),
    # against the exploiter 1 the main strategy 0 wins .2: exploiters come first
    ([(MAIN, 2), (EXPLOITER, 1), (MAIN, 0)], [1], 0.35),
    # 2 wins .7 against the former self 3, and .65 against the exploiter
    ([(MAIN, 3), (EXPLOITER, 1), (MAIN, 2)], [], 0.5),
    # the newest itself is nobody to verify against
    ([(MAIN, 1)], [], 0.5),
])  # fmt: skip
def test_a_main_strategy_verifies_against_the_first_who_wins_too_often(pool, verified, oneself):
    mains, every = [action for role, action in pool if role == MAIN], [action for _, action in pool]
    expected = np.zeros(4)
    np.add.at(expected, every, 0.5 * hardest(mains, every))
    if verified:
        np.add.at(expected, verified, 0.15 * hardest(mains, verified))
    weights, alone = in_arena(pool)
    assert alone == pytest.approx(oneself)
    np.testing.assert_allclose(weights, expected, atol=1e-12)
    worth, alone = in_game(pool)
    assert alone == pytest.approx(oneself)
    np.testing.assert_allclose(worth, (2 * WINS - 1) @ expected, atol=1e-12)


def test_parts_sum_to_one_and_what_is_not_met_goes_to_oneself():
    role = Role(
        "a", ("a",), ("a",), oneself=0.2, also=(Share(0.3, ("b",), "last", 0.5), Share(0.1, ("c",), "last", 0.4))
    )
    parts, oneself = parts_of(role, lambda share: 0.45)
    assert oneself == pytest.approx(0.3)
    assert [(one.part, one.meets) for one in parts] == [(pytest.approx(0.4), ("a",)), (0.3, ("b",))]


def test_a_league_that_verifies_grows_and_goes_on_to_the_same_bits(tmp_path):
    way = "league:verified=.15"
    found = grow(games.shapley(), way, generations=4, start="first", until=None)
    assert set(found.roles[0]) == {"main", "main exploiter", "league exploiter"}
    for game in (games.shapley(), Arena()):
        whole = grow(game, way, generations=4, until=None)
        grow(game, way, generations=2, until=None, keep=tmp_path / f"{id(game)}.json")
        again = grow(game, way, generations=4, until=None, keep=tmp_path / f"{id(game)}.json")
        np.testing.assert_array_equal(again.gains, whole.gains)
    # verifying changes whom main strategies meet, and what they learn
    cycle, plain = games.dense([2 * WINS - 1, 1 - 2 * WINS]), {"generations": 6, "until": None, "symmetric": False}
    assert not np.array_equal(grow(cycle, way, **plain).gains, grow(cycle, "league", **plain).gains)


def test_shares_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="shares of one whole"):
        plan_by_name("league:oneself=.9,verified=.2")
    much = Role("a", ("a",), ("a",), oneself=0.8, also=(Share(0.3, ("a",), "last", 0.5),))
    with pytest.raises(InputError, match="'a' sum to more than 1"):
        grow(GAME, GrowingPlan((much,), ("a",), "last", "exact"))
    other = Share(0.1, ("a",), "last", 0.5, Share(0.1, ("b",), "last", 0.5))
    with pytest.raises(InputError, match="'b' is none"):
        grow(GAME, GrowingPlan((Role("a", ("a",), ("a",), also=(other,)),), ("a",), "last", "exact"))
