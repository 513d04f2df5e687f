"""Tournaments, what follows from them, and fingerprints."""

import itertools
import json
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape.cli.app import app
from nashscape.core import InputError
from nashscape.tournaments import (
    all_automata,
    automaton,
    classics,
    ecology,
    expected_payoffs,
    fingerprint,
    memory_one,
    strategy,
    tournament,
)
from nashscape.tournaments.tournament_results import ranks_of

FOUR = ["TFT", "ALLC", "ALLD", "Grudger"]


def test_who_is_first_hangs_on_self_matches_and_the_result_says_so():
    # as reported in Axelrod-Python/Axelrod #1251
    counted = tournament(FOUR, turns=8)
    assert (counted.means * 4 * 8).tolist() == [79, 72, 72, 79]
    assert counted.ranks.tolist() == [1, 3, 3, 1]
    assert "self matches count" in counted.table().title
    assert counted.notes == ("the first place hangs on self matches: if they did not count it would be that of ALLD",)
    without = tournament(FOUR, turns=8, self_play=False)
    assert (without.means * 3 * 8).tolist() == [55, 48, 64, 55]
    assert without.ranks.tolist() == [2, 4, 1, 2]
    assert "self matches do not count" in without.table().title
    assert [row[:2] for row in without.table().rows] == [("1", "ALLD"), ("2", "TFT"), ("2", "Grudger"), ("4", "ALLC")]
    assert "if they counted it would be that of TFT and Grudger" in without.notes[0]
    assert (counted.self_play, without.self_play) == (True, False)
    np.testing.assert_array_equal(counted.scores, without.scores)
    # nothing hangs on them among those who all do the same
    assert tournament(["TFT", "ALLC", "TF2T"], turns=8).notes == ()


def test_every_score_is_that_of_the_pair():
    members = [*classics()[::3], automaton("1/2 0 1 / D 0 0", name="odd")]
    for length in ({}, {"turns": 30, "noise": 0.02}, {"discount": 0.9}):
        found = tournament(members, **length)
        for (i, one), (j, other) in itertools.product(enumerate(members), repeat=2):
            first, second = expected_payoffs(one, other, **length)
            assert found.scores[i, j] == pytest.approx(first, rel=1e-12)
            assert found.of(other.name, against=one.name) == pytest.approx(second, rel=1e-12)
        np.testing.assert_allclose(found.means, found.scores.mean(1))


def test_strategies_are_both_players_in_turn_where_these_differ():
    stage = [[["7/2", -1], [4, "1/3"]], [[2, 6], [-3, 1]]]
    members = [strategy(name) for name in ("2TFT", "WSLS", "Alternator", "Joss")]
    for entered, exact in ((members[:3], True), (members, False)):
        found = tournament(entered, stage, turns=9)
        assert found.exact is exact
        for (i, one), (j, other) in itertools.product(enumerate(entered), repeat=2):
            as_first = expected_payoffs(one, other, stage, turns=9)[0]
            as_second = expected_payoffs(other, one, stage, turns=9)[1]
            assert found.scores[i, j] == pytest.approx((as_first + as_second) / 2, rel=1e-12)


def test_scores_are_linear_in_payoffs_and_a_game_is_its_matrix():
    plain = tournament(classics(), turns=20)
    other = tournament(classics(), [[3 * 3 - 1, -1], [3 * 5 - 1, 3 - 1]], turns=20)
    np.testing.assert_allclose(other.scores, 3 * plain.scores - 1, atol=1e-12)
    game = tournament(FOUR, ns.games.prisoners_dilemma(R=3, S=0, T=5, P=1), turns=20)
    np.testing.assert_array_equal(game.scores, tournament(FOUR, turns=20).scores)
    exact = ns.games.bimatrix([["1/3", 0], [1, "1/10"]])
    assert tournament(["ALLC", "ALLD"], exact).of("ALLC", "ALLC") == 1 / 3


def test_ties_are_ties_where_scores_are_fractions():
    assert ranks_of([Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**20), Fraction(1, 3)]) == (2, 1, 2)
    assert ranks_of([0.1 + 0.2, 0.3]) == (1, 1)
    # 0.1 + 0.1 + 0.1 is 0.3 as written, and not of doubles
    tied = tournament(["TFT", "Grudger", "2TFT"], [["0.1", 0], ["0.7", "0.3"]], turns=3)
    assert tied.ranks.tolist() == [1, 1, 1]
    # a difference of one round in a million, which is left of a billion
    near = tournament(["TFT", "Suspicious TFT", "ALLC"], [[3, 3], [3, "3.000000000001"]], turns=10)
    assert near.exact
    assert len(set(near.ranks.tolist())) > 1
    assert not tournament(FOUR, turns=10, noise=0.1).exact


def test_shares_grow_by_scores():
    # as reported in jsboige/CoursIA #12472, by rounds of ten times ten
    found = tournament(["TFT", "ALLC", "ALLD"], turns=100)
    np.testing.assert_allclose(found.scores, [[3, 3, 0.99], [3, 3, 0], [1.04, 5, 1]], rtol=1e-15)
    grown = ecology(found, 5, start=[0.2, 0.3, 0.5])
    shares = [0.2, 0.3, 0.5]
    for t in range(5):
        got = [sum(found.scores[i, j] * shares[j] for j in range(3)) for i in range(3)]
        mean = sum(x * u for x, u in zip(shares, got, strict=True))
        shares = [x * u / mean for x, u in zip(shares, got, strict=True)]
        assert grown.shares[t + 1].tolist() == pytest.approx(shares)
    assert grown.shares[0].tolist() == [0.2, 0.3, 0.5]
    # whether copies count for ranks makes no difference to whom they meet
    other = ecology(tournament(["TFT", "ALLC", "ALLD"], turns=100, self_play=False), 5, start=[0.2, 0.3, 0.5])
    np.testing.assert_array_equal(grown.shares, other.shares)


def test_a_small_population_need_not_end_as_a_large_one():
    # as reported in Axelrod-Python/Axelrod #1349
    dilemma = tournament(["ALLC", "ALLD"])
    assert ecology(dilemma, 200, start=[0.75, 0.25]).shares[-1, 1] > 1 - 1e-9
    population = ns.evolution.finite_population(dilemma.scores, 12, types=dilemma.names)
    chance = ns.evolution.takeovers(population, start=9).of("ALLC", "ALLD")
    assert chance == pytest.approx(18293874624 / 140374548157, rel=1e-12)


def test_a_tournament_stands_for_a_game():
    found = tournament(["TFT", "ALLC", "ALLD"], turns=100)
    game = ns.games.game(found)
    assert game.actions == (found.names, found.names)
    np.testing.assert_array_equal(game.payoffs, [found.scores, found.scores.T])
    pure = {one.name for one in ns.equilibria(found) if one.pure}
    assert {"TFT/TFT", "ALLD/ALLD"} <= pure


def test_fingerprints_have_their_closed_forms():
    # against tit for tat that errs; Ashlock and Kim (2008)
    x, y = np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9), indexing="ij")
    below = x + y <= 1
    np.testing.assert_allclose(fingerprint("ALLD", points=9).scores[below], (1 + 4 * x)[below], rtol=1e-12)
    np.testing.assert_allclose(fingerprint("ALLC", points=9).scores[below], (3 * (1 - y))[below], rtol=1e-12)
    inside = (x > 0) & (y > 0) & (x + y < 1)
    # of tit for tat itself: the joint play is a chain of two independent errors
    tft = fingerprint("TFT", points=9).scores
    u, v = x[inside], y[inside]
    np.testing.assert_allclose(tft[inside], (3 * u**2 + 5 * u * v + v**2) / (u + v) ** 2, rtol=1e-12)
    # above the diagonal the probe is the dual with 1 − y and 1 − x, which comes to the same on it
    bully = fingerprint("TFT", "Bully", points=9).scores
    np.testing.assert_allclose(tft[~below], bully[::-1, ::-1].T[~below], rtol=1e-12)
    np.testing.assert_allclose(np.diag(tft[:, ::-1]), np.diag(bully[:, ::-1]), rtol=1e-12)


def test_best_of_two_states_is_the_grim_one():
    found = tournament(all_automata(2))
    assert found.names[int(found.order[0])] == "C 0 1 / D 1 1"
    assert found.exact


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: tournament("TFT"), "list of strategies"),
        (lambda: tournament(["TFT"]), "two strategies or more; got 1"),
        (
            lambda: tournament(["TFT", "tit for tat"]),
            r"TFT is there more than once: give one another, as strategy.named\('other'\)",
        ),
        (lambda: tournament(["TFT", 3]), "got int"),
        (lambda: tournament(["TFT", "ALLX"]), "unknown strategy 'ALLX'"),
        (lambda: tournament(["TFT", "ALLC"], self_play="no"), "True or False"),
        (lambda: tournament(["TFT", "ALLC"], discount=2), "discount"),
        (lambda: tournament(FOUR, turns=8).of("WSLS"), "no strategy 'WSLS'"),
        (lambda: ecology(FOUR), "got list"),
        (lambda: ecology(tournament(FOUR, [[1, -1], [2, 0]])), "go down to -1"),
        (lambda: ecology(tournament(FOUR, [[0, 0], [0, 0]])), "nobody has offspring"),
        (lambda: ecology(tournament(FOUR), start=[1, 1, 1, 1]), "sum to one"),
        (lambda: ecology(tournament(FOUR), 10**9), "at most"),
        (lambda: fingerprint("TFT", points=1), "at least 2"),
        (lambda: fingerprint("TFT", points=500), "at most 201"),
        (lambda: fingerprint("TFT", "?"), "unknown strategy"),
    ],
)
def test_what_cannot_be_asked_is_told(make, wrong):
    with pytest.raises(InputError, match=wrong):
        make()


def test_tournaments_import_neither_jax_nor_scipy():
    code = (
        "import sys, nashscape as ns; ns.tournaments.tournament(['TFT', 'GTFT', 'TF2T'], noise=0.1); "
        "ns.tournaments.fingerprint('TFT', points=2); print([m for m in ('jax', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_pictures_show_the_table_and_the_shares():
    found = tournament([*FOUR, memory_one([0.5, 0.2, 1, 0], name="a name of $ many many many letters")], turns=8)
    table = found.plot().axes[1]
    np.testing.assert_array_equal(table.images[0].get_array(), found.scores[np.ix_(found.order, found.order)])
    assert [float(own.get_text()) for own in table.texts][:3] == pytest.approx(
        found.scores[found.order[0], found.order[:3]], abs=0.005
    )
    grown = ecology(found, 7)
    lines = grown.plot().axes[0].lines
    np.testing.assert_array_equal(lines[0].get_ydata(), grown.shares[:, int(grown.shares[-1].argmax())])
    cells = fingerprint("WSLS", points=4).plot().axes[0].images[0].get_array()
    np.testing.assert_array_equal(cells, fingerprint("WSLS", points=4).scores.T)


def told(*words):
    done = CliRunner().invoke(app, ["tournament", *words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_command_tells_what_the_function_finds():
    data = told(*FOUR, "--turns", "8", "--others-only", "--generations", "3")
    found = tournament(FOUR, turns=8, self_play=False)
    assert data["ranks"] == found.ranks.tolist()
    assert data["scores"] == found.scores.tolist()
    assert data["self_play"] is False
    assert np.array(data["ecology"]["shares"]).tolist() == ecology(found, 3).shares.tolist()
    # numbers are exact as they are typed
    data = told(
        "C 0 1 / D 1 0", "ALLD", "gtft", "--payoffs", "0.3, -1, 0.5,1/10", "--discount", "0.9", "--noise", "1/7"
    )
    stage = [["0.3", "-1"], ["0.5", "1/10"]]
    found = tournament(["C 0 1 / D 1 0", "ALLD", "GTFT"], stage, discount="9/10", noise="1/7")
    assert data["scores"] == found.scores.tolist()
    assert data["provenance"]["question"] == found.to_dict()["provenance"]["question"]
    assert told("classics", "--turns", "5")["names"] == [one.name for one in classics()]
    assert [row["name"] for row in told("strategies")] == [one.name for one in classics()]
    done = CliRunner().invoke(app, ["tournament", "TFT", "ALLD", "--payoffs", "3,0,5"])
    assert done.exit_code == 2
    assert "four numbers R,S,T,P" in done.output
