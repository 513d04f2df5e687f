"""Members of arenas: the same plans as strategies of games, payoffs between bounds, and what is refused."""

import importlib
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.populations import GrowingPlan, Intervals, Population, Role, grow, sampled_game


@dataclass(frozen=True, eq=False)
class Exact:
    """The mixtures of a game as members whose payoffs are exact; sides share a pool where asked."""

    table: np.ndarray
    shared: bool = False
    name: str = "exact"
    seen: list = field(default_factory=list)

    @property
    def sides(self):
        return tuple(f"side {k}" for k in range(len(self.table)))

    @property
    def seats(self):
        return (0,) * len(self.table) if self.shared else tuple(range(len(self.table)))

    @property
    def bounds(self):
        return float(self.table.min()), float(self.table.max())

    def start(self, seat, random):
        return np.full(self.table.shape[1 + seat], 1 / self.table.shape[1 + seat])

    def values(self, side, members):
        paid = np.moveaxis(self.table[side], side, -1)
        for own in (own for j, own in enumerate(members) if j != side):
            paid = np.tensordot(own, paid, 1)
        return paid

    def respond(self, side, opponents, begin, random):
        worth = np.zeros(len(begin))
        for members, weight in zip(opponents.profiles, opponents.weights, strict=True):
            worth += (1 - opponents.oneself) * weight * self.values(side, members)
        if opponents.oneself:
            worth += opponents.oneself * self.values(side, [begin] * len(self.table))
        self.seen.append((side, opponents))
        return np.eye(len(begin))[int(np.flatnonzero(worth >= worth.max() - 1e-12)[0])]

    def payoffs(self, members):
        return np.array([own @ self.values(k, members) for k, own in enumerate(members)])

    def best(self, side, members):
        return float(self.values(side, members).max())


UNEVEN = np.random.default_rng(1).normal(size=(3, 2, 3, 4))
TWO = np.random.default_rng(4).integers(-9, 10, size=(2, 3, 5)).astype(float)


@pytest.mark.parametrize(
    ("table", "by"),
    [
        (TWO, "double-oracle"),
        (UNEVEN, "psro:meta=uniform"),
        (UNEVEN, "psro:meta=(replicator:steps=99)"),
        (UNEVEN, "psro:meta=(regret_matching:steps=99)"),
    ],
)
def test_members_with_exact_payoffs_grow_as_strategies_of_the_game_do(table, by):
    game = games.dense(table)
    dense, members = (grow(one, by, generations=5, until=None) for one in (game, Exact(table)))
    np.testing.assert_allclose(members.gains, dense.gains, atol=1e-10)
    np.testing.assert_array_equal(members.low, members.high)
    for own, pool, mixture in zip(members.answer, members.members, dense.answer, strict=True):
        np.testing.assert_allclose(own @ np.array(pool), mixture, atol=1e-10)
    assert (members.limit >= members.gains - 1e-12).all()


def test_no_side_gains_more_than_the_limit_and_one_answer_alone_is_left_no_less():
    found = grow(Exact(UNEVEN), "self-play", generations=4, until=None)
    np.testing.assert_allclose(found.limit, found.gains, atol=1e-12)
    mixed = grow(Exact(UNEVEN), "psro:meta=uniform", generations=4, until=None)
    assert (mixed.limit[2:] > mixed.gains[2:] + 1e-3).any()


def test_sides_of_one_pool_meet_themselves_and_know_what_changed_places_pay():
    rps = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], float)
    arena = Exact(np.stack([rps, -rps]), shared=True)
    found = grow(arena, "fictitious-self-play:oneself=0.3", generations=6, until=None)
    # alone with itself at first, then against its past too; who learns afresh meets the answer
    assert {round(one.oneself, 2) for side, one in arena.seen} == {1.0, 0.3, 0.0}
    assert all(abs(one.weights.sum() - 1) < 1e-12 for side, one in arena.seen if one.profiles)
    assert len(found.members) == 1
    np.testing.assert_array_equal(found.answer[0], found.answer[1])
    weighed = grow(arena, "double-oracle", generations=3, until=None)
    np.testing.assert_allclose(weighed.payoffs[1], weighed.payoffs[0].T, atol=1e-12)
    assert np.abs(weighed.payoffs).max() > 0.3


def test_a_member_of_the_same_content_is_one_and_keeps_its_number():
    pool = Population(Exact(TWO))
    assert [
        pool.add(0, np.array([1.0, 0, 0])),
        pool.add(0, np.array([0, 1.0, 0])),
        pool.add(0, np.array([1.0, 0, 0])),
    ] == [0, 1, 0]
    assert pool.sizes == (2, 0)
    for k in range(5):
        assert pool.add(1, np.eye(5)[k]) == k
    assert pool.fill() == 10
    assert pool.fill() == 0
    np.testing.assert_allclose(pool.means, TWO[:, :2], atol=1e-12)
    np.testing.assert_allclose(pool.game().payoffs, TWO[:, :2], atol=1e-12)


def test_what_was_not_played_may_be_anything_that_is_possible():
    for arena in (Exact(TWO), sampled_game(games.dense(TWO))):
        pool = Population(arena)
        for seat in range(2):
            pool.add(seat, np.eye(TWO.shape[1 + seat])[0])
        found = pool.bounds()
        assert found.low.ravel().tolist() == [arena.bounds[0]] * 2
        assert found.high.ravel().tolist() == [arena.bounds[1]] * 2
        pool.add(0, np.eye(3)[1])
        assert pool.bounds().pure_equilibria() == ((), ((0, 0), (1, 0)))


def test_plays_of_a_profile_are_the_same_in_whatever_order_members_come_and_counts_only_grow():
    arena = sampled_game(games.dense(TWO), noise=1.0)

    def filled(then):
        pool = Population(arena, seed=3)
        for seat, m in enumerate(TWO.shape[1:]):
            for k in range(m - then):
                pool.add(seat, np.eye(m)[k])
        if then:
            pool.fill(each=20)
            for seat, m in enumerate(TWO.shape[1:]):
                pool.add(seat, np.eye(m)[m - 1])
        pool.fill(each=20)
        return pool

    early, late = filled(0), filled(1)
    np.testing.assert_array_equal(early.means, late.means)
    assert (early.plays == 20).all()
    assert early.counts.sums.shape == (2, 4, 8)
    twin = late.copy()
    twin.fill(each=30)
    assert (late.plays == 20).all()
    assert (twin.plays == 30).all()
    assert (twin.bounds().low >= np.where(twin.plays > 20, -np.inf, late.bounds().low)).all()


def test_bounds_hold_all_at_once_however_often_and_adaptively_pools_are_filled():
    """Members that mix nearly evenly over least and largest payoffs, whose means vary as much as can be."""
    missed = 0
    game = games.bimatrix([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    chances = [(0, 0.5), (1, 0.51), (0, 0.49), (1, 0.48), (0, 0.53), (1, 0.5)]
    for seed in range(40):
        pool = Population(sampled_game(game), seed=seed)
        wrong = False
        for seat, chance in chances:
            pool.add(seat, np.array([chance, 1 - chance]))
            if all(pool.sizes):
                for _ in range(6):
                    pool.fill(60, where="open", level=0.5)
                    found = pool.bounds(0.5)
                    rows, columns = (np.array(own) for own in pool.members)
                    truth = np.stack([rows @ own @ columns.T for own in game.payoffs])
                    wrong |= bool((found.low > truth).any() or (found.high < truth).any())
        missed += wrong
    assert missed <= 20 + 6  # half may miss; more than that with a chance of 2 %


def test_open_comparisons_alone_are_played_and_what_is_settled_is_right():
    game = games.bimatrix([[0.9, 0.1], [0.2, 0.3]], [[0.8, 0.1], [0.15, 0.7]])
    pool = Population(sampled_game(game, noise=0.1))
    for seat in range(2):
        for k in range(2):
            pool.add(seat, np.eye(2)[k])
    spent = pool.fill(100_000, where="open")
    assert spent < 20_000
    assert pool.fill(1000, where="open") == 0
    assert pool.bounds().pure_equilibria() == (((0, 0), (1, 1)), ())
    assert not pool.bounds().touched().any()


def gains_by_enumeration(table, mixtures):
    """What each gains by its best action, of the sum over all profiles."""
    weights = [np.prod([x[a] for x, a in zip(mixtures, s, strict=True)]) for s in product(*map(range, table.shape[1:]))]
    gained = []
    for side, paid in enumerate(table):
        value = float(np.array(weights) @ paid.ravel())
        others = [np.ones(1) if j == side else x for j, x in enumerate(mixtures)]
        worth = paid
        for j, x in enumerate(others):
            worth = worth * x.reshape([-1 if i == j else 1 for i in range(worth.ndim)])
        axes = tuple(j for j in range(worth.ndim) if j != side)
        gained.append(float(worth.sum(axis=axes).max()) - value)
    return np.array(gained)


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 2)])
def test_what_holds_between_bounds_is_what_holds_at_every_corner_of_them(shape):
    random = np.random.default_rng(6)
    k = len(shape)
    for _ in range(6):
        middle = random.integers(-3, 4, size=(k, *shape)).astype(float)
        half = random.choice([0.0, 0.5, 1.5], size=middle.shape)
        found = Intervals(middle - half, middle + half, 0.95)
        mixtures = [random.dirichlet(np.ones(a)) for a in shape]
        low, high = found.gains(mixtures)
        sure, maybe = found.pure_equilibria()
        for side in range(k):
            most, least = -np.inf, np.inf
            best = []
            for own in range(shape[side]):
                factors = np.ones(shape)
                for j, x in enumerate(mixtures):
                    weights = np.eye(shape[j])[own] - x if j == side else x
                    factors = factors * weights.reshape([-1 if i == j else 1 for i in range(k)])
                # a sum that is linear in each payoff is largest at a corner
                corners = [float((factors * np.where(factors > 0, a[side], b[side])).sum())
                           for a, b in ((found.high, found.low), (found.low, found.high))]  # fmt: skip
                best.append(corners)
            most, least = (max(0.0, *(own[i] for own in best)) for i in range(2))
            assert high[side] == pytest.approx(most, abs=1e-12)
            assert low[side] == pytest.approx(least, abs=1e-12)
        for _ in range(40):
            table = middle + half * random.choice([-1, 1], size=middle.shape)
            gained = gains_by_enumeration(table, mixtures)
            assert (gained >= low - 1e-9).all()
            assert (gained <= high + 1e-9).all()
            for profile in product(*map(range, shape)):
                pure = [np.eye(a)[s] for a, s in zip(shape, profile, strict=True)]
                stays = bool((gains_by_enumeration(table, pure) <= 1e-12).all())
                assert stays or profile not in sure
                assert not stays or profile in sure + maybe


def test_measured_gains_have_intervals_that_cover():
    """Against an even mixture of both sides of matching pennies nobody gains; against heads alone one gains 1."""
    found = [grow(sampled_game(games.matching_pennies(), noise=1), generations=1, seed=seed, tries=200, level=0.8)
             for seed in range(40)]  # fmt: skip
    missed = sum(not (one.low[0] <= 0).all() or not (one.high[0] >= 0).all() for one in found)
    assert missed <= 8
    widths = [float((one.high - one.low).max()) for one in found]
    assert max(widths) < 1.6  # of payoffs from −2 to 2, and differences from −4 to 4


def test_who_stops_growing_goes_on_to_the_same_bits(tmp_path):
    arena = sampled_game(games.shapley(), noise=0.5)
    whole = grow(arena, "psro:meta=(replicator:steps=50)", generations=5, seed=2, tries=50)

    def stop(done, of):
        if done == 2:
            raise RuntimeError

    file = tmp_path / "members.json"
    with pytest.raises(RuntimeError):
        grow(arena, "psro:meta=(replicator:steps=50)", generations=5, seed=2, tries=50, keep=file, progress=stop)
    kept = ns.load(file)
    assert kept.generations == 2
    assert kept.status is ns.Status.INTERRUPTED
    again = grow(arena, "psro:meta=(replicator:steps=50)", generations=5, seed=2, tries=50, keep=file)
    for name in ("gains", "low", "high", "limit", "sums", "plays", "errors"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    with pytest.raises(ns.InputError, match="another question"):
        grow(arena, "psro:meta=(replicator:steps=50)", generations=5, seed=2, tries=51, keep=file)


COINS = """
from dataclasses import dataclass

from nashscape.populations import grow


class Coins:
    name, sides, seats, bounds = "coins", ("even", "odd"), (0, 1), (0, 1)

    def start(self, seat, random):
        return 0.5

    def respond(self, side, opponents, begin, random):
        return float(random.random())

    def payoffs(self, members):
        alike = members[0] * members[1] + (1 - members[0]) * (1 - members[1])
        return [alike, 1 - alike]


@dataclass(frozen=True)
class Kept(Coins):
    pass


def grown(arena, generations, **options):
    return grow(arena, "psro", generations=generations, until=None, seed=3, **options)
"""


def test_a_dataclass_is_kept_from_one_process_to_the_next_and_what_is_none_is_refused(tmp_path, monkeypatch):
    (tmp_path / "my_coins.py").write_text(COINS)
    file = tmp_path / "coins.json"
    first = f"import my_coins; my_coins.grown(my_coins.Kept(), 4, keep={str(file)!r})"
    subprocess.run([sys.executable, "-c", first], cwd=tmp_path, check=True, timeout=120)
    monkeypatch.syspath_prepend(tmp_path)
    mine, seen = importlib.import_module("my_coins"), []
    again = mine.grown(mine.Kept(), 5, keep=file, progress=lambda done, of: seen.append(done))
    assert seen == [5]
    np.testing.assert_array_equal(again.gains, mine.grown(mine.Kept(), 5).gains)
    # fewer are those of a file that holds no more, which stays as it is
    fewer, alone = mine.grown(mine.Kept(), 2, keep=file), mine.grown(mine.Kept(), 2)
    assert fewer.generations == 2
    assert fewer.status is ns.Status.COMPLETE
    assert fewer.names == alone.names
    np.testing.assert_array_equal(fewer.gains, alone.gains)
    assert ns.load(file).generations == 5
    with pytest.raises(ns.InputError, match="a Coins has no description; make it a dataclass"):
        mine.grown(mine.Coins(), 2, keep=tmp_path / "other.json")
    assert not (tmp_path / "other.json").exists()


def test_a_response_that_an_arena_would_not_look_at_is_refused():
    arena = sampled_game(games.matching_pennies())
    plan = GrowingPlan((Role("one", ("one",), ("one",), "uniform", at_first=True, response="steps"),), ("one",),
                       "uniform", "exact")  # fmt: skip
    for by in ("psro:response=steps", "league:power=1,response=exact", plan):
        with pytest.raises(ns.InputError, match="leave out response"):
            grow(arena, by, generations=1)


class Broken(Exact):
    """An arena that pays what it should not."""

    def payoffs(self, members: Any) -> Any:
        return np.array([np.nan, 1e3])


def test_bad_input_is_refused_with_what_to_do():
    arena = sampled_game(games.shapley())
    with pytest.raises(ns.InputError, match="leave out teams, symmetric and start"):
        grow(arena, symmetric=True)
    with pytest.raises(ns.InputError, match="has no bounds"):
        grow(type("Half", (), {"respond": print, "name": "", "sides": (), "seats": ()})())
    bare = {"respond": print, "start": print, "name": "", "sides": "ab", "seats": (0, 1), "bounds": (0, 1)}
    with pytest.raises(ns.InputError, match="neither payoffs nor play"):
        grow(type("Half", (), bare)())
    with pytest.raises(ns.InputError, match="must pay from -8 to 9"):
        grow(Broken(TWO), generations=1)
    with pytest.raises(ns.InputError, match="pools of exact are numbered from 0 to 1"):
        Population(Exact(TWO)).add(2, np.ones(3))
    with pytest.raises(ns.InputError, match="a pool of exact is empty"):
        Population(Exact(TWO)).fill()
    with pytest.raises(ns.InputError, match="members are arrays"):
        Population(Exact(TWO)).add(0, object())
    pool = Population(arena)
    for seat in range(2):
        pool.add(seat, np.eye(3)[0])
    with pytest.raises(ns.InputError, match="not played yet"):
        pool.game()
    with pytest.raises(ns.InputError, match="tries"):
        sampled_game(games.shapley(), tries=0)


class Cents:
    """An arena of even mixtures that has nothing wrong yet."""

    name, sides, seats, bounds = "cents", ("even", "odd"), (0, 1), (0, 1)

    def start(self, seat, random):
        return 0.5

    def respond(self, side, opponents, begin, random):
        return 1.0

    def play(self, members, count, random):
        return np.full((count, 2), 0.5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bounds": None}, "the least and the largest that a play can have; got None"),
        ({"bounds": (0, 1, 2)}, "got .0, 1, 2"),
        (
            {"respond": lambda self, side, opponents: 1.0},
            r"respond\(side, opponents, begin, random\); Changed has respond",
        ),
        ({"start": 0.5}, r"start\(seat, random\); Changed has start = 0.5"),
        ({"start": lambda self, seat, random: [0.5]}, r"start gave \[0.5\]"),
        ({"respond": lambda self, side, opponents, begin, random: None}, "in cents respond gave None"),
        ({"play": lambda self, members, count, random: None}, "got shape"),
        ({"play": lambda self, members, count, random: np.full((count, 2), np.nan)}, "shape .*; got nan: mend"),
        ({"play": lambda self, members, count, random: np.arange(2 * count).reshape(count, 2)}, "got 2: mend"),
        ({"payoffs": lambda self, members: ["a", "b"]}, r"got shape \(0,\)"),
    ],
)
def test_a_faulty_arena_is_told_in_one_line(change, says):
    with pytest.raises(ns.InputError, match=says) as told:
        grow(type("Changed", (Cents,), change)(), "psro:meta=uniform", generations=1)
    assert len(str(told.value)) < 300
    assert grow(Cents(), "psro:meta=uniform", generations=1, tries=9).generations == 1


def test_what_is_no_member_is_not_added():
    pool = Population(Cents())
    for wrong in ({"a": 1}, [1, 2], None, (1, [2]), np.array([None])):
        with pytest.raises(ns.InputError, match="members are arrays, numbers, texts or tuples of such"):
            pool.add(0, wrong)
    for right in (1, 0.5, "tit for tat", (1, ("a", np.ones(2))), np.array(["a"])):
        pool.add(0, right)
    assert pool.sizes == (5, 0)
