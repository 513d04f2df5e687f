"""Schelling diagrams against the definition, enumeration, the topology of 2×2 games, and plays of known means."""

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.games.pure import pure_equilibria
from nashscape.theory import sampled_schelling_diagram, schelling_diagram

NAMES = {
    "Pd": "prisoner's dilemma", "Ch": "chicken", "Ba": "chicken", "Hr": "mixed", "Cm": "deadlock", "Dl": "deadlock",
    "Nc": "harmony", "Sh": "stag hunt", "As": "stag hunt", "Co": "stag hunt", "Pc": "harmony", "Ha": "harmony",
}  # fmt: skip


def test_symmetric_games_of_two_have_the_names_of_their_topology():
    for game in games.topology.symmetric_games():
        assert schelling_diagram(game.to_dense()).dilemma == NAMES[game.abbreviation], game


@pytest.mark.parametrize(
    ("payoffs", "dilemma", "equilibria"),
    [
        ([[1, 2, 3], [2, 3, 4]], "prisoner's dilemma", (0,)),
        ([[1, 2, 3], [5, 6, 7]], "deadlock", (0,)),
        ([[1, 2, 3], [0, 1, 2]], "harmony", (3,)),
        ([[4, 5, 3], [3, 3, 5]], "mixed", (2,)),
        ([[2, 3, 3], [1, 2, 5]], "chicken", (2,)),
        ([[7, 3, 3], [4, 2, 5]], "mixed", (2,)),
        ([[0, 1, 5], [2, 2, 4]], "stag hunt", (0, 3)),
        ([[3, 0, 5], [2, 2, 4]], "mixed", (1, 3)),
        ([[0, 1, 2], [3, 0, 0]], "mixed", (0, 3)),
        ([[1, 2, 3], [1, 2, 3]], "indifferent", (0, 1, 2, 3)),
        ([[1, 2, 3], [1, 3, 4]], "mixed", (0, 1)),
        ([[1, 2, 5], [3, 4, 7]], "prisoner's dilemma", (0,)),
        ([[1, 2, 3], [3, 4, 7]], "mixed", (0,)),
    ],
)
def test_every_dilemma_is_what_its_comparisons_say(payoffs, dilemma, equilibria):
    found = schelling_diagram(payoffs)
    assert (found.dilemma, found.equilibria) == (dilemma, equilibria)


def test_ties_are_of_fractions():
    tenth = [["1/10", "3/10", 1], ["1/10", F(3, 10), 1]]
    assert schelling_diagram(tenth).dilemma == "indifferent"
    assert schelling_diagram([[0.1 + 0.2, 1], ["3/10", 2]]).gains == (1, -1)


def by_hand(game):
    """Averages by going through all profiles, one by one."""
    n = len(game.players)
    sums, counts = np.zeros((2, n)), np.zeros((2, n))
    for profile in product(range(2), repeat=n):
        payoffs = game.payoffs_at(profile)
        for i in range(n):
            k = sum(a == 0 for j, a in enumerate(profile) if j != i)
            sums[profile[i], k] += payoffs[i]
            counts[profile[i], k] += 1
    return sums / counts


def test_averages_tell_no_equilibria():
    # the first gains by its second action whatever is done, the other by its first one: on average neither
    game = games.dense([[[3, 0], [6, 1]], [[3, 2], [2, 1]]])
    found = schelling_diagram(game)
    assert found.gains == (0, -1)
    assert not found.alike
    assert found.equilibria == ()
    assert "averages of players who are not alike" in found.table().notes[1]
    same = schelling_diagram(games.public_goods().to_dense())
    assert same.alike
    assert same.equilibria == (0,)
    # alike by themselves, and not by whom they meet: the first pays for the second alone
    three = np.zeros((3, 2, 2, 2))
    three[0, :, 0] = 1.0
    assert not schelling_diagram(games.dense(three)).alike


def test_of_players_who_are_not_alike_it_is_of_averages():
    random = np.random.default_rng(5)
    for n in (2, 3, 4):
        table = games.game(random.integers(-8, 9, size=(n, *(2,) * n)).astype(float))
        np.testing.assert_allclose(schelling_diagram(table).payoffs, by_hand(table), atol=1e-12)
        counted = games.anonymous(random.normal(size=(n, 2, n)))
        np.testing.assert_allclose(schelling_diagram(counted).payoffs, by_hand(counted), atol=1e-12)
        assert schelling_diagram(counted).actions == ("A", "B")


def test_equilibria_of_alike_players_are_those_of_the_game():
    for game in (games.threshold_stag_hunt(), games.volunteers_dilemma(4), games.public_goods(3, 1.5)):
        found = {sum(a == 0 for a in own.profile) for own in pure_equilibria(game)}
        assert set(schelling_diagram(game).equilibria) == found


MEANS = np.array([[0.2, 0.5, 0.6, 0.9], [0.35, 0.62, 0.6, 0.7]])


def plays(count, seed, means=MEANS):
    return (np.random.default_rng(seed).random((count, *means.shape)) < means).transpose(1, 2, 0).astype(float)


def test_a_dilemma_is_said_only_where_every_comparison_is_settled():
    found = sampled_schelling_diagram(plays(4000, 1), low=0, high=1)
    # the third comparison is a tie, which no number of plays settles
    assert (found.gains, found.unsettled, found.dilemma) == ((-1, -1, None, 1), (2,), "not settled")
    assert found.equilibria == (0, 4)
    clear = np.array([[0.2, 0.5, 0.9], [0.4, 0.3, 0.6]])
    assert sampled_schelling_diagram(plays(2000, 2, clear), low=0, high=1).dilemma == "stag hunt"
    # gains alone are settled here, but not whether all are better off
    level = np.array([[0.2, 0.5], [0.5, 0.9]])
    near = sampled_schelling_diagram(plays(2000, 3, level), low=0, high=1)
    assert (near.gains, near.all_over_none, near.dilemma) == ((-1, -1), None, "not settled")


def test_all_intervals_hold_together_and_wrong_dilemmas_are_rare():
    """200 diagrams of 30 plays each: at a level of .8, of which no more than 40 may miss, but for chance."""
    missed = wrong = 0
    for seed in range(200):
        found = sampled_schelling_diagram(plays(30, 100 + seed), low=0, high=1, level=0.8)
        missed += bool(((found.low > MEANS) | (found.high < MEANS)).any())
        wrong += found.dilemma != "not settled"
    assert missed <= 40 + 4 * np.sqrt(200 * 0.16)
    assert wrong <= missed
    # each of the eight has an error of .2/8, and not one of .2
    means = ns.core.bounded_mean(plays(30, 100)[0, 1], 0, 1, 1 - 0.2 / 8)
    found = sampled_schelling_diagram(plays(30, 100), low=0, high=1, level=0.8)
    assert (found.low[0, 1], found.high[0, 1]) == (means.low, means.high)


def test_plays_may_be_of_different_numbers():
    ragged = [[[1.0] * 40, [1.0] * 50], [[0.0] * 60, [0.0] * 30]]
    assert sampled_schelling_diagram(ragged, low=0, high=1).dilemma == "harmony"


def test_a_picture_has_both_curves_their_bands_and_what_is_open():
    found = sampled_schelling_diagram(plays(300, 4), low=0, high=1)
    [axes] = found.plot().axes
    curves = [line for line in axes.lines if len(line.get_xdata()) == 4]
    np.testing.assert_array_equal([line.get_ydata() for line in curves], found.payoffs)
    assert len(axes.collections) == 2
    assert [line.get_xdata()[0] for line in axes.lines if line not in curves] == list(found.unsettled)
    assert not schelling_diagram(games.public_goods()).plot().axes[0].collections


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: schelling_diagram([[1, 2]]), "two actions"),
        (lambda: schelling_diagram([[1], [2]]), "two players at least"),
        (lambda: schelling_diagram([[1, np.nan], [2, 3]]), "finite"),
        (lambda: schelling_diagram(games.rock_paper_scissors()), "two actions each"),
        (lambda: schelling_diagram(games.public_goods(), actions="C"), "two different names"),
        (lambda: schelling_diagram(games.public_goods(), actions=("a", "a")), "two different names"),
        (lambda: sampled_schelling_diagram([[1, 2], [3, 4]], low=0, high=5), "independent|sample"),
        (lambda: sampled_schelling_diagram([[[1.0], [2.0]]], low=0, high=5), r"\[2, n, B\]"),
        (lambda: sampled_schelling_diagram(plays(5, 0), low=0, high=0.5), "from 0 to 0.5"),
        (lambda: sampled_schelling_diagram(plays(5, 0), low=0, high=1, level=1), "level"),
        (lambda: sampled_schelling_diagram(7, low=0, high=1), r"\[2, n, B\]"),
    ],
)
def test_bad_input_is_refused(call, reason):
    with pytest.raises(ns.InputError, match=reason):
        call()
