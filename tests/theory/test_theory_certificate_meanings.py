"""To end in a profile has one meaning: every player plays its action with .82 or more, in the end and for ever."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from nashscape import basin_map, games
from nashscape.core import InputError, Status, load, record
from nashscape.learning import box, pg, power
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.certifying import certify, certify_escape
from nashscape.proofs.certification.comparisons import containment
from nashscape.proofs.certification.exact_games import exact_shares, is_rounded, number_ends
from nashscape.proofs.certification.played import ends_in, probabilities
from nashscape.proofs.certification.problem_data import game_data, problem_data
from nashscape.proofs.certification.resting_traps import RestTrap
from nashscape.proofs.certification.traps import Trap
from nashscape.selection.maps.coverages import coverage
from nashscape.semantics import independent, open_source, parametric, restricted

INSIDE = open_source(games.symmetric_2x2(R=3, S=0, T=5, P=1), 0.3)
"""Defection does not attract; near it, at p = .154, there is a place of rest, within .82 of it."""

INSIDE_DENSE = parametric(INSIDE)


@pytest.fixture
def resting():
    """As `certify` proves it of (−2, 0)², but for the cells: one of four is undecided."""
    cells = np.array([[-2.0, -2.0], [-2.0, -1.0], [-1.0, -2.0], [-1.0, -1.0]])
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)
    place = np.array([-1.31134469, -1.31134469])
    trap = RestTrap(
        "rest at (-1.311, -1.311)", np.zeros(2), place - 0.04, place + 0.04, place, turn, 0.0625, 0.99, 0.0, 1.0
    )
    problem = problem_data(INSIDE_DENSE, pg(), power(0.9, offset=10.0, exponent=0.24), box(4.0), 0.0)
    return Certificate(
        game="dilemma", rule="pg", targets=(trap.target,), coordinates="parameters",
        region=np.array([[-2.0, -2.0], [0.0, 0.0]]), low=cells, high=cells + 1.0,
        trap=np.array([0, 0, 0, -1], np.int32), steps=np.array([9, 9, 9, -1], np.int32), traps=(trap,), resolution=0.5,
        problem=problem, undecided_by={}, curve=np.zeros((0, 2)), status=Status.COMPLETE,
        provenance=record("certificate", {}),
    )  # fmt: skip


def test_what_rests_within_82_percent_neither_goes_to_the_corner_nor_escapes(resting):
    shares = {
        name: (resting.fraction(name), resting.escaping(name), resting.resting(name)) for name in ("DD", "CC", "CD")
    }
    assert shares == {"DD": (0.0, 0.0, 0.75), "CC": (0.0, 0.75, 0.0), "CD": (0.0, 0.75, 0.0)}
    [own] = resting.targets
    assert (resting.fraction(own), resting.escaping(own), resting.resting(own)) == (0.75, 0.0, 0.75)
    low, high = probabilities(resting.problem, resting.traps[0])
    assert 0.82 < low[0][1] < 0.846 < high[0][1]
    asked = [ends_in(resting.problem, resting.traps[0], (1, 1), least) for least in (0.82, 0.846, 0.87)]
    assert asked == [True, None, False]
    with pytest.raises(InputError, match="nothing is certified of 'DX'"):
        resting.escaping("DX")


def test_a_profile_to_which_no_corner_leads_and_one_to_which_several_do(resting):
    """Corners over states may be called by signs though a profile is played there."""
    corners = [Trap(name, np.array(at), np.eye(2), np.zeros(2), 0.1, 1.0)
               for name, at in (("++", [4.0, 4.0]), ("+-", [4.0, -4.0]), ("--", [-4.0, -4.0]))]  # fmt: skip
    several = dataclasses.replace(
        resting, traps=tuple(corners), targets=("++", "+-", "--"), trap=np.array([0, 1, 2, -1], np.int32)
    )
    assert several.ends("CC") == (True, False, False)
    assert (several.fraction("CC"), several.escaping("CC"), several.resting("CC")) == (0.25, 0.5, 0.0)
    assert several.ends("+-") == (False, True, False)


def test_the_margin_is_the_least_of_all_corners(resting):
    asked = (("CC", [4.0, 4.0], 0.2), ("DD", [-4.0, -4.0], 0.1), ("CC", [4.0, 4.0], 0.3))
    corners = [Trap(name, np.array(at), np.eye(2), np.zeros(2), margin, 1.0) for name, at, margin in asked]
    several = dataclasses.replace(resting, traps=(*corners, *resting.traps), targets=("CC", "DD", *resting.targets))
    assert several.margin == 0.1
    assert np.isnan(resting.margin)


def test_containment_counts_rests_as_what_is_known_of_them(resting):
    assert containment(resting, resting, "DD").areas[2, 2] == 1.0
    other = containment(resting, resting, "CC").areas
    assert (other[1, 1], other[2, 2], other.sum()) == (0.75, 0.25, 1.0)
    assert containment(resting, resting).areas[0, 0] == 0.75
    with pytest.raises(InputError, match="neither certificate speaks of 'XX'"):
        containment(resting, resting, "XX")


@pytest.mark.long
def test_an_escape_from_what_only_rests_is_refused_and_says_what_attracts():
    how = {"projection": box(4.0), "resolution": 1 / 4, "steps": 2000}
    made = certify(INSIDE, pg(), None, (-2.0, 0.0), **how)
    assert made.targets == ("rest at (-1.311, -1.311)",)
    assert (made.fraction("DD"), made.escaping("DD"), made.escaping("CC")) == (0.0, 0.0, 1 - made.undecided)
    with pytest.raises(InputError, match=r"where DD is surely played .* below 0\.82 .* rest at \(-1\.311, -1\.311\)"):
        certify_escape(INSIDE, pg(), "DD", (-2.0, 0.0), **how)
    assert certify_escape(INSIDE, pg(), "CC", (-2.0, 0.0), **how).escaping("CC") > 0.7
    shown = basin_map(INSIDE, pg(), grid=11, steps=2000, projection=box(4.0), targets=["DD", "CC"])
    found = coverage(made, shown, target="DD")
    # all runs rest within the region of DD, and none goes to DD
    assert (found.empirical, found.escaping) == (0.0, 0.0)
    assert np.isnan(found.certified)
    assert found.resting > 0.9
    assert shown.outcomes() == {"rest within DD": 121}
    assert len(found.contradictions) == 0


PROBLEM = {
    "box": {"low": -4.0, "high": 4.0}, "game": {"initial": ["1/4", 0.75]}, "bias": [0.0, -4.0, 0.0, 0.0],
    "matrix": [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]],
    "players": [{"actions": 2, "form": "sigmoid"}] * 2,
}  # fmt: skip


def test_over_states_the_one_that_is_most_likely_at_first_counts():
    corner = Trap("++", np.array([4.0, 4.0]), np.eye(2), np.zeros(2), 0.1, 1.0)
    low, high = probabilities(PROBLEM, corner)
    for ends in (low, high):
        np.testing.assert_allclose(ends[0], [0.5, 0.5], rtol=1e-12)
        np.testing.assert_allclose(ends[1], [1 / (1 + np.exp(-4)), 1 / (1 + np.exp(4))], rtol=1e-11)
    assert (low[0] < 0.5).all()
    assert (high[0] > 0.5).all()
    assert ends_in(PROBLEM, corner, (0, 0)) is False
    assert ends_in(PROBLEM | {"game": {"initial": ["3/4", 0.25]}}, corner, (0, 0)) is True


def test_of_a_place_of_rest_the_whole_set_counts_and_sides_are_at_their_ends():
    problem = PROBLEM | {"game": {}, "matrix": [[1.0, -1.0], [0.0, 1.0]], "bias": [0.0, 0.0]}
    trap = RestTrap(
        "rest", np.array([0.0, -1.0]), np.array([0.0, -4.0]), np.array([0.0, -3.0]), np.array([-1.0]),
        np.array([[4.0]]), 2.0, 0.5, 0.1, 1.0,
    )  # fmt: skip
    low, high = probabilities(problem, trap)
    # θ₁ from −1.5 to −0.5 and θ₂ = −4
    np.testing.assert_allclose([low[0][0], high[0][0]], 1 / (1 + np.exp([-2.5, -3.5])), rtol=1e-8)
    np.testing.assert_allclose([low[0][1], high[0][1]], 1 / (1 + np.exp([3.5, 2.5])), rtol=1e-8)
    np.testing.assert_allclose([low[1][0], high[1][0]], 1 / (1 + np.exp(4.0)), rtol=1e-8)


def test_probabilities_of_softmaxes():
    problem = {
        "box": {"low": -1.0, "high": 1.0}, "game": {}, "matrix": np.eye(3).tolist(), "bias": [0.0] * 3,
        "players": [{"actions": 3, "form": "softmax"}],
    }  # fmt: skip
    low, high = probabilities(problem, Trap("A", np.array([1.0, -1.0, 0.5]), np.eye(2), np.zeros(2), 0.1, 1.0))
    exact = np.exp([1.0, -1.0, 0.5]) / np.exp([1.0, -1.0, 0.5]).sum()
    assert (low[0] < exact).all()
    assert (exact < high[0]).all()
    np.testing.assert_allclose(low[0], high[0], rtol=1e-11)


# --- exact numbers of games over states ------------------------------------------------------------------


def lots(rows):
    """Three states alike, moves by a row of weights."""
    moves = np.tile(np.array(rows), (3, 2, 2, 1))
    payoffs = np.tile(np.array([[[4.0, 0.0], [3.0, 2.0]]]), (2, 3, 1, 1))
    payoffs[1] = payoffs[1].transpose(0, 2, 1)
    game = games.markov(payoffs, moves, discount=0.5, initial=[1 / 3, 1 / 3, 1 / 3])
    return restricted(game, [["state 0"], ["state 0"]], fixed=0.9)


def test_rows_stand_for_shares_of_their_exact_sum():
    assert exact_shares([1 / 3] * 3) == [Fraction(1, 3)] * 3
    assert exact_shares([0.1] * 10) == [Fraction(1, 10)] * 10
    assert exact_shares([0.2, 0.3, 0.5]) == [Fraction(0.2), Fraction(0.3), Fraction(0.5)]
    shares = exact_shares([0.1, 0.2, 0.7])
    assert sum(shares) == 1
    assert [float(x) for x in shares] == [0.1, 0.2, 0.7]


def test_ratios_are_written_where_doubles_do_not_say_it():
    data = game_data(lots([1 / 3, 1 / 3, 1 / 3]).game)
    assert data["initial"] == ["1/3", "1/3", "1/3"]
    assert data["kernel"] == [[["1/3"] * 3] * 4] * 3
    assert game_data(lots([0.25, 0.25, 0.5]).game)["kernel"] == [[[0.25, 0.25, 0.5]] * 4] * 3
    repeated = game_data(games.repeated(games.prisoners_dilemma(), discount=0.9))
    assert {x for state in repeated["kernel"] for row in state for x in row} == {0.0, 1.0}
    # not by way of single precision
    [row] = {tuple(row) for state in game_data(lots([0.2, 0.3, 0.5]).game)["kernel"] for row in state}
    assert row == (0.2, 0.3, 0.5)


def test_bounds_hold_what_is_no_double_and_nothing_else_is_widened():
    learners = lots([1 / 3, 1 / 3, 1 / 3])
    game = learners.game
    numbers = np.concatenate([np.ravel(part) for part in (game.payoffs, game.transitions, game.initial, [0.5, 7.0])])
    ends, rounded = number_ends(learners, numbers)
    first = np.size(game.payoffs)
    assert rounded == tuple(range(first, first + 36 + 3))
    for low, high in ends[:, list(rounded)].T:
        assert Fraction(low) < Fraction(1, 3) < Fraction(high)
        assert high == np.nextafter(low, 1.0)
    others = np.setdiff1d(np.arange(len(numbers)), rounded)
    np.testing.assert_array_equal(ends[:, others], np.stack([numbers[others]] * 2))
    assert is_rounded(learners)
    one_shot = parametric(games.stag_hunt(), independent((2, 2)))
    assert number_ends(one_shot, np.array([0.1, 0.2]))[1] == ()
    assert not is_rounded(restricted(games.repeated(games.prisoners_dilemma(), discount=0.9), [["CC"], ["CC"]]))


@pytest.mark.long
def test_thirds_are_certified_written_and_checked(tmp_path):
    pytest.importorskip("flint")
    from nashscape.checking import verify_certificate

    proved = certify(lots([1 / 3, 1 / 3, 1 / 3]), pg(), None, (-3.0, 3.0), resolution=1 / 8, step_size=0.3)
    assert proved.undecided < 0.7
    path = proved.save(tmp_path / "thirds.json")
    found = verify_certificate(path)
    assert found.accepted, found.reasons
    assert load(path).to_dict() == proved.to_dict()
