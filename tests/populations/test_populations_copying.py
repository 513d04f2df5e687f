"""Cultural copying: against the exact chain of a finite population, and what is new comes from starts."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import binomtest, t

from nashscape import evolution, games
from nashscape.core import InputError
from nashscape.populations import Copying, GrowingPlan, Role, grow, leads_to
from nashscape.populations.cultural_copying import copied, member_payoff

TABLE = np.array([[1.0, 3.0], [2.0, 0.5]])
"""Of the row against the column; both kinds invade each other, and unlike is not the same for both."""
SNOWDRIFT = games.bimatrix(TABLE, TABLE.T)
SHARED = {"symmetric": True, "start": "pure", "until": None}


def test_members_get_what_members_of_a_finite_population_get():
    table = np.stack([TABLE, TABLE.T])
    population = evolution.finite_population(TABLE, 5)
    for first in range(1, 5):
        who = [[0] * first + [1] * (5 - first)]
        expected = population.mean_payoffs([first, 5 - first])
        assert member_payoff(table, (0, 0), who, 0, 0) == pytest.approx(expected[0])
        assert member_payoff(table, (0, 0), who, 0, 4) == pytest.approx(expected[1])


def test_members_of_several_pools_meet_all_of_the_others():
    random = np.random.default_rng(0)
    table, who = random.normal(size=(3, 2, 3, 4)), [[0, 1, 1], [2, 0, 0], [3, 3, 1]]
    paid = [table[1, i, 2, k] for i in who[0] for k in who[2]]
    assert member_payoff(table, (0, 1, 2), who, 1, 0) == pytest.approx(np.mean(paid))


@pytest.mark.parametrize(("strength", "mutation"), [(1.5, 0.15), (4.0, 0.4)])
def test_the_share_of_time_at_each_composition_is_that_of_the_exact_chain(strength, mutation):
    size, batches, rounds = 4, 25, 160
    law = evolution.mutation_law(evolution.finite_population(
        TABLE, size, process="fermi", intensity=strength, mutation=mutation, mutants="any"))  # fmt: skip
    table, random = np.stack([TABLE, TABLE.T]), np.random.default_rng(1)
    who, seen = [[0] * size], np.zeros((batches, size + 1))
    for k in range(batches * rounds):
        who = copied(who, (0, 0), Copying(size, strength, mutation), lambda: table,
                     lambda seat, step: int(random.integers(2)), random)  # fmt: skip
        seen[k // rounds, who[0].count(0)] += 1 / rounds
    mean, error = seen.mean(0), seen.std(0, ddof=1) / np.sqrt(batches)
    exact = law.masses[np.argsort(law.states[:, 0])]
    # of batches long enough to be nearly independent, five intervals at once
    assert (np.abs(mean - exact) < t.ppf(1 - 0.0005 / 5, batches - 1) * error).all()
    assert np.abs(exact - 1 / (size + 1)).max() > 5 * error.max()


def test_without_mutation_one_kind_takes_over_as_often_as_it_should():
    """From k of n the first kind takes over with chance `Σ_{i<k} Π_{j≤i} γ_j / Σ_{i<n} …`, γ_j = e^(−w (π_1 − π_2))."""
    size, runs, strength = 3, 80, 2.0
    table = np.array([[1.0, 1.5], [1.2, 0.6]])
    taken = leads_to(games.bimatrix(table, table.T), f"copying:size={size},strength={strength},mutation=0", n=runs,
                     generations=25, symmetric=True, start="pure", until=None)  # fmt: skip
    gains = [(table[0, 0] * (k - 1) + table[0, 1] * (size - k) - table[1, 0] * k - table[1, 1] * (size - k - 1))
             / (size - 1) for k in range(1, size)]  # fmt: skip
    terms = np.cumprod([1.0, *np.exp(-strength * np.array(gains))])
    first = np.append(0.0, np.cumsum(terms) / terms.sum())
    wins = int((taken.labels == taken.outcomes.index("A,A")).sum())
    assert set(taken.outcomes) == {"A,A", "B,B"}
    exact = float(np.array([1, 3, 3, 1]) / 8 @ first)
    assert binomtest(wins, runs, exact).pvalue > 1e-3
    assert exact > 0.65  # without selection it were a half


def test_new_strategies_are_starts_and_nothing_else_is_new():
    found = grow(SNOWDRIFT, "copying:size=6,mutation=1", generations=3, **SHARED)
    assert found.strategies[0].shape == (6, 2)
    assert set(map(tuple, found.strategies[0])) <= {(1.0, 0.0), (0.0, 1.0)}
    assert found.roles == (("member",) * 6,)
    mixtures = grow(SNOWDRIFT, "copying:size=6,mutation=1", generations=3, symmetric=True, start="drawn", until=None)
    assert len(set(map(tuple, mixtures.strategies[0]))) == 6
    before = grow(SNOWDRIFT, "copying:size=9,mutation=0,strength=0", generations=1, symmetric=True, start="drawn",
                  until=None, seed=3)  # fmt: skip
    after = grow(SNOWDRIFT, "copying:size=9,mutation=0,strength=0", generations=40, symmetric=True, start="drawn",
                 until=None, seed=3)  # fmt: skip
    kinds = {tuple(own) for own in before.strategies[0]}
    assert {tuple(own) for own in after.strategies[0]} < kinds
    assert before.answer[0] == pytest.approx(before.strategies[0].mean(0))


def test_two_pools_copy_within_their_own_and_better_strategies_spread():
    game = games.bimatrix([[3, 3], [0, 0]], [[0, 2], [0, 2]])
    found = grow(game, "copying:size=12,strength=50,mutation=0", generations=30, start="pure", until=None, seed=1)
    assert found.answer[0] == pytest.approx([1, 0])
    assert found.answer[1] == pytest.approx([0, 1])
    assert found.seats == (0, 1)


@dataclass(frozen=True)
class Matching:
    """An arena of SNOWDRIFT's actions."""

    name: str = "matching"
    sides: tuple[str, ...] = ("row", "column")
    seats: tuple[int, ...] = (0, 0)
    bounds: tuple[float, float] = (0.0, 4.0)

    def start(self, seat, random):
        return int(random.integers(2))

    def respond(self, side, opponents, begin, random):
        return begin

    def payoffs(self, members):
        return [TABLE[members], TABLE[members[::-1]]]


def test_arenas_copy_as_games_do():
    """Members are known by content, so that two actions are two members however many have them."""
    found = grow(Matching(), "copying:size=5,strength=3,mutation=0.2", generations=60, until=None)
    assert sorted(found.members[0]) == [0, 1]
    assert len(found.learnt[0]) == 5
    assert found.answer[0] == pytest.approx(np.bincount(found.learnt[0], minlength=2) / 5)
    shares = []
    for seed in range(60):
        by_seed = grow(Matching(), "copying:size=4,strength=4,mutation=0.4", generations=6, until=None, tries=1,
                       seed=seed)  # fmt: skip
        shares.append(by_seed.answer[0][by_seed.members[0].index(0)] if 0 in by_seed.members[0] else 0.0)
    law = evolution.mutation_law(evolution.finite_population(TABLE, 4, process="fermi", intensity=4.0, mutation=0.4,
                                                             mutants="any"))  # fmt: skip
    assert abs(np.mean(shares) - law.shares[0]) < 4 * np.std(shares) / np.sqrt(len(shares))
    assert law.shares[0] > 0.6


@pytest.mark.parametrize("game", [SNOWDRIFT, Matching()])
def test_what_is_kept_goes_on_to_the_same_bits(game, tmp_path):
    options = {"until": None, **({} if game is not SNOWDRIFT else SHARED)}
    way = "copying:size=5,mutation=0.3"
    whole = grow(game, way, generations=6, seed=4, **options)
    grow(game, way, generations=3, seed=4, keep=tmp_path / "kept.json", **options)
    again = grow(game, way, generations=6, seed=4, keep=tmp_path / "kept.json", **options)
    np.testing.assert_array_equal(again.answer[0], whole.answer[0])
    np.testing.assert_array_equal(again.gains, whole.gains)
    other = grow(game, way, generations=6, seed=5, **options)
    assert not np.array_equal(other.gains, whole.gains)


def test_copying_stands_beside_other_roles():
    """Copiers, and who responds to them."""
    copiers = Role("member", copies=Copying(6, 1.0, 0.1))
    plan = GrowingPlan((copiers, Role("counter", ("member",), ("member",))), ("member", "counter"), "last", "exact")
    found = grow(SNOWDRIFT, plan, generations=4, **SHARED)
    assert found.roles[0].count("member") == 6
    assert found.roles[0].count("counter") == 4


@pytest.mark.parametrize(("way", "told"), [
    ("copying:size=1", "size must be"), ("copying:strength=-1", "strength must be"), ("copying:mutation=2", "mutation"),
])  # fmt: skip
def test_numbers_out_of_range_are_refused(way, told):
    with pytest.raises(InputError, match=told):
        grow(SNOWDRIFT, way, **SHARED)
