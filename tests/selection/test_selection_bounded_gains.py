"""Runs at rest in games over points that know no regrets: an equilibrium where theory bounds what is to be gained."""

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import Outcome
from nashscape.dynamics.endings.bounded_gains import renamed, within_bounds
from nashscape.theory.continuous.replies import gain_bounds

UNKNOWN, KNOWN = int(Outcome.STATIONARY_UNKNOWN), int(Outcome.OTHER_EQUILIBRIUM)


def hills(points, height):
    """The first player has two hills, at 0.3 and about 1.9, the higher one at 0.3; the second one hill at 0.5."""
    (x,), (y,) = points
    return jnp.stack([-height * (x - 0.3) ** 2 * (x - 2) ** 2 - 0.1 * (x - 0.3) ** 2, -((y - 0.5) ** 2) + 0 * x])


def valley(points, height):
    (x,), (y,) = points
    return jnp.stack([-((x - 0.3) ** 2) * (1 + y), -height * (y - 0.5 * x) ** 2])


def game(payoffs, height=1.0):
    return ns.games.differentiable(payoffs, (1, 1), coefficients=height, bounds=(0, 3))


@pytest.mark.long
def test_bounds_are_what_a_fine_search_finds_or_more():
    asked = game(valley, 2.0)
    axis = np.linspace(0, 3, 3001)
    for x, y in ((0.3, 0.15), (0.31, 0.2), (2.0, 0.1)):
        here = np.asarray(valley(((x,), (y,)), 2.0))
        best = np.array([max(valley(((axis,), (y,)), 2.0)[0]), max(valley(((x,), (axis,)), 2.0)[1])])
        assert (gain_bounds(asked)(np.array([x, y])) >= best - here - 1e-6).all()
    assert gain_bounds(asked)(np.array([0.3, 0.15])) == pytest.approx([0.0, 0.0], abs=1e-9)
    bounds = gain_bounds(game(hills))(np.array([0.3, 0.5]))
    assert (bounds[0], bounds[1]) == (np.inf, pytest.approx(0.0, abs=1e-9)), "not concave, so not bounded"


def test_labels_change_where_the_bound_says_so_and_nowhere_else():
    codes = np.array([UNKNOWN, UNKNOWN, 0, UNKNOWN, KNOWN], np.int8)
    places = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.001, 0.0], [1.0, 1.0]])
    asked = []

    def bounds(place):
        asked.append(place.tolist())
        return np.array([0.001, 0.02 if place[0] > 0.5 else 0.004])

    made, notes = within_bounds(codes, places, 0.01, bounds)
    assert made.tolist() == [KNOWN, UNKNOWN, 0, KNOWN, KNOWN]
    assert asked == [[0.0005, 0.0], [1.0, 1.0]], "once for every place"
    assert [note.partition(":")[0] for note in notes] == ["gains are bounded", "stationary unknown"]
    assert "more than 0.004 there" in notes[0]
    every, said = within_bounds(codes, places, 0.02, bounds)
    assert every.tolist() == [KNOWN, KNOWN, 0, KNOWN, KNOWN]
    assert len(said) == 1


@dataclass(frozen=True)
class Audit:
    codes: np.ndarray


def test_an_audit_tells_the_names_that_runs_have():
    audit = Audit(np.array([UNKNOWN, 0], np.int8))
    assert renamed(audit, np.array([KNOWN, 0])).codes.tolist() == [KNOWN, 0]
    assert renamed(audit, np.array([UNKNOWN, 0])) is audit
    assert renamed(Audit(np.array([UNKNOWN, KNOWN], np.int8)), np.array([KNOWN])).codes.tolist() == [UNKNOWN, KNOWN]


@pytest.mark.long
def test_a_single_run_has_the_label_that_it_has_among_many():
    how = {"steps": 200, "step_size": 0.2}
    run = ns.simulate(game(valley), ns.pg(), ns.starts.parameters([[0.5, 0.4]]), **how)
    assert (run.outcome, run.status) == ("other equilibrium", ns.Status.COMPLETE)
    assert any(note.startswith("gains are bounded") for note in run.notes)
    open_run = ns.simulate(game(hills), ns.pg(), ns.starts.parameters([[0.5, 0.4]]), **how)
    assert open_run.outcome == "stationary unknown"
    assert any("ns.equilibria(game)" in note for note in open_run.notes)


@pytest.mark.long
def test_maps_say_so():
    found = ns.basin_map(game(valley), ns.pg(), grid=3, steps=200, step_size=0.2)
    assert found.outcomes() == {"other equilibrium": 9}


@pytest.mark.long
def test_entries_say_so():
    how = {"n": 6, "steps": 200, "step_size": 0.2}
    found = ns.entry_probability(game(valley), ns.pg(), **how)
    assert found.outcomes() == {"other equilibrium": 6}
    assert any(note.startswith("gains are bounded") for note in found.notes)
    assert [place.outcome for place in found.rests] == ["other equilibrium"]
    other = ns.entry_probability(game(hills), ns.pg(), **how)
    assert other.outcomes() == {"stationary unknown": 6}
    assert any("ns.equilibria(game)" in note for note in other.table().notes)
