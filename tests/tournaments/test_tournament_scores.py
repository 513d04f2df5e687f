"""Expected payoffs against chains written out in fractions, determinants, Markov games, limits and simulated play."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.tournaments import (
    all_memory_one,
    automaton,
    classics,
    expected_payoffs,
    memory_one,
    memory_one_scores,
    strategy,
    tournament,
)
from nashscape.tournaments.laws import in_the_long_run

AXELROD = (3, 0, 5, 1)
UNEQUAL = [[["7/2", -1], [4, "1/3"]], [[2, 6], [-3, 1]]]
"""Of the first and the second player, nobody's payoffs being the other's turned round."""
MIXED = [
    strategy("2TFT"), strategy("Slow TFT"), strategy("Contrite TFT"), strategy("WSLS"), strategy("Joss"),
    automaton("1/3 0 1 / C 2 2 / 1/5 0 1 2 0", name="odd"), strategy("Handshake"),
]  # fmt: skip


def played(one, other, noise):
    """One round after another: the chance of every pair of states, and what is played there, in fractions."""
    law = {(0, 0): Fraction(1)}
    while True:
        now, after = [Fraction(0)] * 4, {}
        for (i, j), weight in law.items():
            p, q = (
                c * (1 - noise) + (1 - c) * noise for c in (Fraction(one.cooperates[i]), Fraction(other.cooperates[j]))
            )
            for a, b in itertools.product((0, 1), repeat=2):
                chance = weight * (p if a == 0 else 1 - p) * (q if b == 0 else 1 - q)
                if chance:
                    now[2 * a + b] += chance
                    place = int(one.moves[i][a][b]), int(other.moves[j][b][a])
                    after[place] = after.get(place, Fraction(0)) + chance
        yield now
        law = after


def by_rounds(one, other, first, second, turns, discount=Fraction(1), noise=Fraction(0)):
    total, weight, got = Fraction(0), Fraction(1), [Fraction(0), Fraction(0)]
    for now in itertools.islice(played(one, other, noise), turns):
        for k, own in enumerate((first, second)):
            got[k] += weight * sum(p * Fraction(u) for p, u in zip(now, own, strict=True))
        total, weight = total + weight, weight * discount
    return tuple(own / total for own in got)


def flat(stage):
    return [[Fraction(u) for row in own for u in row] for own in stage]


@pytest.mark.parametrize("turns", [1, 2, 7, 12])
@pytest.mark.parametrize(("discount", "noise"), [("1", "0"), ("4/5", "0"), ("1", "1/7"), ("2/3", "1/20"), ("0", "0")])
def test_so_many_turns_are_what_is_played_round_by_round(turns, discount, noise):
    for one, other in itertools.combinations_with_replacement(MIXED, 2):
        wanted = by_rounds(one, other, *flat(UNEQUAL), turns, Fraction(discount), Fraction(noise))
        if turns < 12 or noise == "0":
            found = expected_payoffs(one, other, UNEQUAL, turns=turns, discount=discount, noise=noise, exact=True)
            assert found == wanted, (one, other)
        near = expected_payoffs(one, other, UNEQUAL, turns=turns, discount=discount, noise=noise)
        assert near == pytest.approx(tuple(map(float, wanted)), rel=1e-12, abs=1e-13)


def solved(rows, right):
    """A linear system in fractions."""
    rows, right, n = [list(row) for row in rows], list(right), len(rows)
    for i in range(n):
        k = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[k], right[i], right[k] = rows[k], rows[i], right[k], right[i]
        for other in range(n):
            if other != i and rows[other][i]:
                factor = rows[other][i] / rows[i][i]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[i], strict=True)]
                right[other] -= factor * right[i]
    return [x / rows[i][i] for i, x in enumerate(right)]


def by_values(one, other, own, discount, noise):
    """The first player's mean payoff by the values of all pairs of states: (1 − δ) v, v = u + δ M v."""
    pairs = list(itertools.product(range(len(one.cooperates)), range(len(other.cooperates))))
    place = {pair: k for k, pair in enumerate(pairs)}
    rows = [[Fraction(int(i == j)) for j in range(len(pairs))] for i in range(len(pairs))]
    right = [Fraction(0)] * len(pairs)
    for (i, j), k in place.items():
        p, q = (c * (1 - noise) + (1 - c) * noise for c in (one.cooperates[i], other.cooperates[j]))
        for a, b in itertools.product((0, 1), repeat=2):
            chance = (p if a == 0 else 1 - p) * (q if b == 0 else 1 - q)
            right[k] += chance * own[2 * a + b]
            rows[k][place[int(one.moves[i][a][b]), int(other.moves[j][b][a])]] -= discount * chance
    return (1 - discount) * solved(rows, right)[place[0, 0]]


@pytest.mark.parametrize(("discount", "noise"), [("9/10", "0"), ("1/2", "1/9"), ("0", "1/3")])
def test_discounted_matches_are_solved_in_fractions(discount, noise):
    first, _ = flat(UNEQUAL)
    for one, other in itertools.product(MIXED[1:6], repeat=2):
        wanted = by_values(one, other, first, Fraction(discount), Fraction(noise))
        found = expected_payoffs(one, other, UNEQUAL, discount=discount, noise=noise, exact=True)
        assert found[0] == wanted, (one, other)
        near = expected_payoffs(one, other, UNEQUAL, discount=discount, noise=noise)
        assert near[0] == pytest.approx(float(wanted), rel=1e-12)


def test_the_long_run_is_the_limit_of_little_discounting_wherever_play_ends():
    first, _ = flat(UNEQUAL)
    little, ends = 1 - Fraction(1, 10**9), set()
    for one, other in itertools.product(
        [*MIXED[:1], *MIXED[2:], strategy("0: 1 1/2 0 0"), strategy("Random")], repeat=2
    ):
        exact = expected_payoffs(one, other, UNEQUAL, exact=True)[0]
        limit = by_values(one, other, first, little, Fraction(0))
        assert abs(exact - limit) < Fraction(1, 10**6), (one, other)
        assert expected_payoffs(one, other, UNEQUAL)[0] == pytest.approx(float(exact), rel=1e-12)
        ends.add(exact)
    assert len(ends) > 20
    # from the same start play ends in CC with 1/4 and in DD with 3/4
    torn = memory_one([1, 0, 0, 0], first="1/2")
    assert expected_payoffs(torn, torn, exact=True) == (Fraction(3, 2), Fraction(3, 2))


def determinant(rows):
    if len(rows) == 1:
        return rows[0][0]
    minors = ([row[:k] + row[k + 1 :] for row in rows[1:]] for k in range(len(rows)))
    return sum((-1) ** k * rows[0][k] * determinant(minor) for k, minor in enumerate(minors))


def press_dyson(p, q, payoffs):
    """The mean payoff as a ratio of two determinants, q as the other player names the rounds."""

    def of(f):
        return determinant([
            [p[0] * q[0] - 1, p[0] - 1, q[0] - 1, f[0]],
            [p[1] * q[2], p[1] - 1, q[2], f[1]],
            [p[2] * q[1], p[2], q[1] - 1, f[2]],
            [p[3] * q[3], p[3], q[3], f[3]],
        ])  # fmt: skip

    return of(payoffs) / of([1, 1, 1, 1])


def test_memory_one_matches_are_ratios_of_determinants():
    draws = np.random.default_rng(5)
    fours = [[Fraction(int(k), 97) for k in draws.integers(1, 97, 4)] for _ in range(5)]
    made = [memory_one(four, first=first) for four, first in zip(fours, (0, 1, "1/2", 1, 0), strict=True)]
    table = memory_one_scores([[float(p) for p in one.cooperates] for one in made])
    for (i, p), (j, q) in itertools.product(enumerate(fours), repeat=2):
        wanted = press_dyson(p, q, [Fraction(u) for u in AXELROD])
        assert expected_payoffs(made[i], made[j], exact=True)[0] == wanted
        assert table[i, j] == pytest.approx(float(wanted), rel=1e-13)


def test_an_extortioner_gets_twice_what_the_other_gains_and_a_setter_sets():
    for other in ("ALLC", "Random", "WSLS", "Stochastic Cooperator", "2TFT", "Slow TFT"):
        one, theirs = expected_payoffs(strategy("ZD-Extort-2"), strategy(other), exact=True)
        assert one - 1 == 2 * (theirs - 1)
        one, theirs = expected_payoffs(strategy("ZD-Extort-3"), strategy(other), exact=True)
        assert one - 1 == 3 * (theirs - 1)
        one, theirs = expected_payoffs(strategy("ZD-GTFT-2"), strategy(other), exact=True)
        assert theirs - 3 == (one - 3) / 2
        assert expected_payoffs(strategy("ZD-Set-2"), strategy(other), exact=True)[1] == 2


def test_memory_one_matches_are_the_policies_of_a_repeated_game():
    draws, stage = np.random.default_rng(1), [[[3.5, -1], [4, 0.25]], [[2, 6], [-3, 1]]]
    endless = games.repeated(games.dense(stage), discount=0.9)
    short = games.repeated(games.dense(stage), horizon=9, discount=0.8)
    one, other = draws.uniform(size=(2, 5))
    # states are start, CC, CD, DC, DD of both, where the second's strategy has CD and DC the other way round
    policies = [np.stack([own, 1 - own], axis=1) for own in (one, other[[0, 1, 3, 2, 4]])]
    made = [memory_one(own[1:].tolist(), first=own[0]) for own in (one, other)]
    values = np.array(endless.expected_payoffs(policies)) * (1 - 0.9)
    assert expected_payoffs(*made, stage, discount=0.9) == pytest.approx(tuple(values), rel=1e-6)
    values = np.array(short.expected_payoffs(policies)) * (1 - 0.8) / (1 - 0.8**9)
    assert expected_payoffs(*made, stage, turns=9, discount=0.8) == pytest.approx(tuple(values), rel=1e-6)


def test_simulated_play_has_these_means():
    draws, runs, turns, noise = np.random.default_rng(3), 4000, 6, 0.1
    for one, other in [(MIXED[5], MIXED[2]), (MIXED[1], MIXED[4])]:
        states, got = np.zeros((2, runs), int), np.zeros((2, runs))
        pay = np.array([[[float(Fraction(u)) for u in row] for row in own] for own in UNEQUAL])
        for _ in range(turns):
            meant = [draws.uniform(size=runs) >= np.array([float(p) for p in own.cooperates])[at]
                     for own, at in zip((one, other), states, strict=True)]  # fmt: skip
            a, b = (own ^ (draws.uniform(size=runs) < noise) for own in meant)
            a, b = a.astype(int), b.astype(int)
            got += pay[:, a, b]
            states = np.array([one.moves[states[0], a, b], other.moves[states[1], b, a]])
        means = got / turns
        for k, wanted in enumerate(expected_payoffs(one, other, UNEQUAL, turns=turns, noise=noise)):
            assert abs(means[k].mean() - wanted) < 4 * means[k].std() / math.sqrt(runs)


@pytest.mark.parametrize(
    "length",
    [
        {},
        {"turns": 13},
        {"turns": 10, "discount": 0.7},
        {"discount": 0.95},
        {"noise": 0.05},
        {"turns": 64, "noise": 0.1},
    ],
)
def test_whole_tables_are_those_of_pairs(length):
    draws = np.random.default_rng(7)
    inner = draws.uniform(size=(6, 5))
    corners = np.where(draws.uniform(size=(25, 5)) < 0.7, draws.integers(0, 2, (25, 5)), draws.uniform(size=(25, 5)))
    made = [*all_memory_one()[::3], *(memory_one(list(v[1:]), first=v[0]) for v in [*inner, *corners])]
    stage = [[2, -1], [3.5, 0.25]]
    table = memory_one_scores([[float(p) for p in one.cooperates] for one in made], stage, **length)
    pairs = [[expected_payoffs(one, other, stage, **length)[0] for other in made] for one in made]
    np.testing.assert_allclose(table, pairs, rtol=1e-11, atol=1e-12)


def test_tables_of_several_blocks_have_everything_in_its_place(monkeypatch):
    monkeypatch.setattr("nashscape.tournaments.score_tables.BLOCK", 3)
    given = np.random.default_rng(2).uniform(size=(10, 5))
    given[[2, 5, 7], 1] = 1.0
    table = memory_one_scores(given, turns=5)
    monkeypatch.undo()
    np.testing.assert_allclose(table, memory_one_scores(given, turns=5), rtol=1e-14)
    lone = np.array([[memory_one_scores(given[[i, j]], turns=5)[0, 1] if i != j else table[i, i] for j in range(10)]
                     for i in range(10)])  # fmt: skip
    np.testing.assert_allclose(table, lone, rtol=1e-13)


def test_steps_however_rare_leave_the_last_digits_right():
    rare = [memory_one([1 - 2.0**-40, 2.0**-60, 0.5, 3 * 2.0**-45]), memory_one([0.75, 2.0**-50, 1, 2.0**-70], first=0)]
    table = memory_one_scores([[float(p) for p in one.cooperates] for one in rare])
    for i, j in itertools.product(range(2), repeat=2):
        exact = expected_payoffs(rare[i], rare[j], exact=True)[0]
        assert abs(Fraction(float(table[i, j])) / exact - 1) < Fraction(1, 10**14)


def test_rare_slips_count_as_they_are_written():
    # two who retaliate are wherever slips lead them, however rare these are; Fraction keeps what 1 − 1e-30 loses
    for noise in (1e-9, "1e-9", "1e-30"):
        exact = [expected_payoffs("TFT", other, noise=noise, exact=True)[0] for other in ("TFT", "WSLS", "Hard TFT")]
        near = tournament(["TFT", "WSLS", "Hard TFT"], noise=noise).scores[0]
        np.testing.assert_allclose(near, np.array(exact, float), rtol=1e-13)
        assert [expected_payoffs("TFT", other, noise=noise)[0] for other in ("TFT", "WSLS")] == pytest.approx(near[:2])
    assert exact[0] == Fraction(9, 4)
    table = memory_one_scores([[1, 1, 0, 1, 0], [1, 1, 0, 0, 1]], noise=1e-9)
    exact = expected_payoffs("TFT", "WSLS", noise=1e-9, exact=True)
    assert table[0, 1] == pytest.approx(float(exact[0]), rel=1e-13)
    # what ends after a match that is long on average
    often = {"noise": "1e-30", "discount": 1 - Fraction(1, 10**28)}
    exact = expected_payoffs("TFT", "TFT", **often, exact=True)
    assert expected_payoffs("TFT", "TFT", **often)[0] == pytest.approx(float(exact[0]), rel=1e-13)
    with pytest.raises(InputError, match="no product as a double"):
        expected_payoffs("TFT", "TFT", noise="1e-200")
    with pytest.raises(InputError, match="no product as a double"):
        memory_one_scores([[1, 1, 1e-200, 1, 0], [1, 0.5, 0.5, 0.5, 0.5]])
    assert memory_one_scores([[1, 1, 1e-200, 1, 0]], turns=3)[0, 0] == 3


def test_chains_that_end_apart_keep_their_shares():
    moves = np.array([[0.5, 0.25, 0.25, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0.5, 0, 0.25, 0.25]])
    moves = np.pad(moves, ((0, 1), (0, 1)))
    moves[3] = [0.5, 0, 0.25, 0, 0.25]
    moves[4, 4] = 1
    start = np.array([0, 0, 0, 1.0, 0])
    power = np.linalg.matrix_power(moves, 512)
    wanted = start @ (power + power @ moves) / 2
    np.testing.assert_allclose(in_the_long_run(start, moves), wanted, atol=1e-14)


def test_long_matches_come_to_the_long_run():
    # play that ends in turns of two and three rounds is cut in the middle of one
    for one, other in itertools.combinations(classics()[::4], 2):
        long = expected_payoffs(one, other, turns=10**8)
        assert long == pytest.approx(expected_payoffs(one, other), abs=1e-6), (one, other)
    found = tournament(["TFT", "ALLD"], turns=10**9)
    assert found.of("TFT", "ALLD") == 1 - 1e-9
    # powers of δ that would have too many digits as fractions
    found = tournament(["TFT", "ALLD", "Tester"], turns=10**8, discount=0.999)
    assert not found.exact
    endless = tournament(["TFT", "ALLD", "Tester"], discount=0.999)
    assert endless.exact
    np.testing.assert_allclose(found.scores, endless.scores, rtol=1e-9)


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"turns": 0}, "turns must be at least 1"),
        ({"turns": 2.5}, "whole number"),
        ({"turns": 10**10}, "at most 1,000,000,000"),
        ({"discount": 1.5}, "discount must be from 0 to 1; got 1.5"),
        ({"noise": "-1/3"}, "noise must be from 0 to 1; got -1/3"),
        ({"noise": "much"}, "noise must be a finite real number"),
        ({"stage": [[1, 2, 3], [4, 5, 6]]}, "two actions each"),
        ({"stage": games.matching_pennies}, "stage game"),
        ({"exact": True, "turns": 10**6}, "leave exact=True out"),
    ],
)
def test_numbers_out_of_range_are_told(options, wrong):
    with pytest.raises(InputError, match=wrong):
        expected_payoffs(strategy("Joss"), strategy("TFT"), **options)


def test_tables_of_what_is_no_strategy_are_refused():
    with pytest.raises(InputError, match="got list"):
        expected_payoffs("TFT", [1, 0, 1, 0])
    for wrong in ([[0, 0, 0, 0, 1.5]], [[0, 0, -0.1, 0, 1]], np.zeros((0, 5))):
        with pytest.raises(InputError, match="from 0 to 1, a row for each"):
            memory_one_scores(wrong)
    with pytest.raises(InputError, match="shape"):
        memory_one_scores([[0, 0, 0, 1]])
    with pytest.raises(InputError, match="at most 268,435,456 entries"):
        memory_one_scores(np.broadcast_to(0.5, (40_000, 5)))
