"""Whether a result says that its steps are out of scale with payoffs, and with which numbers they are not."""

import re
from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import Status, record
from nashscape.core.tables import standing
from nashscape.dynamics import make_setup
from nashscape.dynamics.scales import payoff_unit, scale_notes
from nashscape.learning import RULES, delayed, handoff, per_player, pola, power
from nashscape.learning.by_rule import ByRule
from nashscape.selection import Entry
from nashscape.systems.basin_entry.published_methods import methods

HUNT = games.stag_hunt()


def notes(factor, rule=None, steps=140, **options):
    return scale_notes(make_setup(HUNT.affine(factor), ns.pg() if rule is None else rule, **options), steps)


def numbers(note):
    """The numbers to use that a note names."""
    found = re.findall(r"(\w+)=([-+.e\d]+)", note.partition("or use")[2])
    return {name: float(value) for name, value in found}


@pytest.mark.parametrize("steps", [120, 140, 260, 2000])
@pytest.mark.parametrize("game", [HUNT, games.iterated_prisoners_dilemma(), games.matching_pennies(), games.chicken()])
def test_published_and_default_protocols_are_in_scale(game, steps):
    for rule in methods():
        assert scale_notes(make_setup(game, rule), steps) == ()


@pytest.mark.parametrize("name", RULES)
def test_defaults_of_all_rules_are_in_scale(name):
    assert notes(1.0, RULES[name]()) == ()


@pytest.mark.parametrize("steps", [140, 260])
@pytest.mark.parametrize("factor", [1e-6, 0.01, 10.0, 1000.0, 1e6])
def test_steps_of_the_defaults_are_out_of_scale_with_other_payoffs(factor, steps):
    [note] = notes(factor, ns.meta_mapg(), steps)
    assert note.startswith("steps are out of scale: payoffs range over ")
    found = numbers(note)
    assert found["step_size"] == pytest.approx(0.9 / factor, rel=0.01)
    assert found["inner_lr"] == pytest.approx(0.55 / factor, rel=0.01)


@pytest.mark.parametrize("factor", [1e-6, 0.01, 10.0, 1000.0, 1e6])
def test_the_numbers_that_a_note_names_are_in_scale(factor):
    found = numbers(notes(factor, ns.meta_mapg())[0])
    size = power(found["step_size"], offset=10.0, exponent=0.24)
    assert notes(factor, ns.meta_mapg(inner_lr=found["inner_lr"]), step_size=size) == ()
    constant = numbers(notes(factor, step_size=0.5, steps=20)[0])["step_size"]
    assert constant == pytest.approx(0.5 / factor, rel=0.01)


@pytest.mark.parametrize("size", [0.01, 1e-4, 50.0, power(0.9, offset=10, exponent=2)])
def test_steps_that_fit_no_payoffs_are_named_so_that_they_do(size):
    for game in (HUNT, games.prisoners_dilemma()):
        [note] = scale_notes(make_setup(game, ns.pg(), step_size=size), 30)
        assert "divide" not in note
        found = float(re.search(r"use step_size=([-+.e\d]+)", note)[1])
        better = power(found, offset=10, exponent=2) if callable(size) else found
        assert scale_notes(make_setup(game, ns.pg(), step_size=better), 30) == ()


def test_small_steps_are_in_scale_where_there_are_enough_of_them():
    assert notes(1.0, step_size=0.01, steps=100)
    assert notes(1.0, step_size=0.01, steps=2000) == ()


def test_an_inner_step_alone_can_be_out_of_scale():
    [note] = notes(1.0, ns.lola(inner_lr=6.0))
    assert set(numbers(note)) == {"inner_lr"}
    for rule in (delayed(ns.lola(inner_lr=6.0), steps=2), per_player([ns.pg(), ns.lola(inner_lr=6.0)])):
        game = ns.open_source(HUNT, 0.5) if rule.name.endswith("late") else HUNT
        [note] = scale_notes(make_setup(game, rule), 140)
        assert set(numbers(note)) == {"inner_lr"}


def test_penalties_take_the_place_of_step_sizes():
    assert notes(1.0, pola(), step_size=1e6) == ()
    for factor in (0.01, 100.0):
        found = numbers(notes(factor, pola())[0])
        assert found == {"outer_penalty": pytest.approx(20 * factor), "inner_penalty": pytest.approx(5 * factor)}


def test_what_others_get_and_constants_do_not_count():
    assert payoff_unit(HUNT.affine(shift=[0.0, 1e6])) == 4.0
    assert scale_notes(make_setup(HUNT.affine(shift=[0.0, 1e6]), ns.pg()), 140) == ()


def test_step_sizes_that_are_no_formula_are_to_be_multiplied():
    [note] = notes(1000.0, step_size=handoff(0.5, at=5, after=0.1))
    assert "step sizes times 0.001" in note


def test_results_say_it_in_their_line():
    provenance = record("test", {}, notes=notes(1000.0))
    labels, held = np.array([8, 8], np.int8), np.zeros(2, np.int8)
    entry = Entry(
        game="hunt", rule="pg", targets=("CC",), labels=labels, held=held, first_hit=held.astype(np.int32), level=0.95,
        exact=True, at_random=True, status=Status.COMPLETE, provenance=provenance,
    )  # fmt: skip
    assert repr(entry).endswith("complete; steps are out of scale>")
    assert entry.to_dict()["provenance"]["notes"] == list(entry.notes) == list(notes(1000.0))
    plain = replace(entry, provenance=record("test", {}))
    assert repr(plain).endswith("; complete>")
    assert ByRule({"pg": entry}).table().notes[-1] == f"pg: {entry.notes[0]}."
    unresolved = replace(entry, status=Status.UNRESOLVED)
    wanted = (f"unresolved: {Status.UNRESOLVED.advice}", f"S{entry.notes[0][1:]}.")
    assert standing([entry, unresolved, plain]) == wanted
    assert standing([entry, plain], statuses=False) == wanted[1:]
