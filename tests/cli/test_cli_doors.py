"""The same question has the same answer through Python and through the command line."""

import inspect
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape import checking, dynamics, selection, theory
from nashscape.cli.app import app
from nashscape.core.options import taken
from nashscape.dynamics.start_texts import starts_from_text
from nashscape.selection import portraits, steering, sweeps

HUNT = ns.games.stag_hunt()

DOORS = {
    "basin stag-hunt": (selection, "basin_map"),
    "entry stag-hunt": (selection, "entry_probability"),
    "restarts stag-hunt": (selection, "restarts"),
    "sweep stag-hunt --coefficient peer --values 0,1": (sweeps, "sweep"),
    "sweep stag-hunt --coefficient peer --values 0,1 --starts normal:std=1.35": (sweeps, "sweep"),
    "steer stag-hunt": (steering, "steer"),
    "phase donation": (selection, "phase_diagram"),
    "rules pg --game stag-hunt": (portraits, "portrait"),
    "simulate stag-hunt --start 0.4,0.7": (dynamics, "simulate"),
    "certify stag-hunt": (theory, "certify"),
    "program-equilibria donation --coupling 0.5": (theory, "program_equilibria"),
    "threshold donation": (theory, "coupling_threshold"),
    "verify nothing.json": (checking, "verify_certificate"),
}
BESIDE = {"progress", "verdicts", "parameter", "rule"}
"""What only shows things, and what was typed."""


READ = {"starts": starts_from_text, "step_size": ns.schedules.from_text, "estimator": lambda text: getattr(ns, text)()}
"""From texts of the table to what they stand for."""


class AskedError(Exception):
    """In place of an answer: what was asked is known."""


@pytest.mark.parametrize(("line", "door"), DOORS.items(), ids=DOORS)
def test_who_says_nothing_asks_the_same_through_either_door(line, door, monkeypatch):
    room, verb = door
    signature = inspect.signature(getattr(room, verb))
    asked = {}

    def recorded(*arguments, **options):
        asked.update(dict(zip(signature.parameters, arguments, strict=False)) | options)
        raise AskedError

    monkeypatch.setattr(room, verb, recorded)
    assert isinstance(CliRunner().invoke(app, line.split()).exception, AskedError)
    told = {name: own for name, own in asked.items() if name in taken(verb) and name not in BESIDE}
    assert len(told) > 1
    for name, value in told.items():
        row = taken(verb)[name]
        in_python = signature.parameters[name].default if name in signature.parameters else row.default
        usual = READ[name](row.default) if name in READ and isinstance(row.default, str) else row.default
        assert value is None or value in (in_python, usual), (name, value, row.default)


def data(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in (*arguments, "--json")])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def same_question(told, ours):
    return told["question"]["key"] == ours.question.key and told["precision"] == ours.precision


def test_a_sweep_from_random_starts():
    found = data("sweep", "stag-hunt", "--coefficient", "peer", "--values", "0,2", "--n", 9)
    ours = ns.sweep(HUNT, "peer", [0, 2], n=9)
    assert [one["share"] for one in found["values"]] == [share.to_dict() for share in ours.estimates]
    assert same_question(found["provenance"], ours.provenance)
    assert ours.question["steps"] == 260


def test_steering_by_restarts_asks_what_restarts_ask():
    found = data("steer", "stag-hunt", "--parameter", "restarts", "--rule", "pg", "--n", 30)
    ours = ns.steer(HUNT, "restarts", rule=ns.pg(), n=30)
    assert same_question(found["provenance"], ours.provenance)
    assert found["bracket"] == (None if ours.bracket is None else list(ours.bracket))
    runs = ns.restarts(HUNT, ns.pg(), runs=2, budget=2).question
    asked = {"starts", "steps", "step_size", "projection", "settling", "estimator"}
    assert {name: runs[name] for name in asked} == {name: ours.question[name] for name in asked}


@pytest.mark.long
def test_a_cell_of_a_phase_diagram_is_an_entry_with_the_same_number_of_updates():
    found = data("phase", "donation", "--coupling", "0.6", "--n", 30)
    ours = ns.phase_diagram(lambda kappa: ns.open_source(ns.games.donation(), kappa), [0.6], n=30)
    assert found["counts"] == ours.counts.tolist()
    assert found["provenance"]["question"]["key"] == ours.question.key
    entry = ns.entry_probability(ns.open_source(ns.games.donation(), 0.6), ns.pg(), n=30, steps=1000)
    cell = dict(zip(ours.outcomes, ours.counts[0].tolist(), strict=True))
    assert {name: count for name, count in cell.items() if count} == entry.outcomes()


def test_a_single_run():
    found = data("simulate", "stag-hunt", "--start", "0.4,0.7")
    ours = ns.simulate(HUNT, ns.pg(), [0.4, 0.7])
    assert (found["outcome"], found["first_hit"]) == (ours.outcome, ours.first_hit) == ("DD", None)
    assert found["strategies"] == [own.tolist() for own in ours.strategies]
    assert same_question(found["provenance"], ours.provenance)
    alone = ns.simulate(HUNT, ns.pg(), [0.4, 0.7], targets=[])
    assert alone.outcome == "other equilibrium"
    np.testing.assert_array_equal(alone.theta, ours.theta)
