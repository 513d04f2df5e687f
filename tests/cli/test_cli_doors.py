"""The same question has the same answer through Python and through the command line, which has the table's options."""

import inspect
import json

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape import checking, dynamics, proofs, selection, theory
from nashscape.cli import varying
from nashscape.cli.app import All, app
from nashscape.cli.asked import Asked
from nashscape.cli.entry import entry
from nashscape.cli.explain import explain
from nashscape.cli.phase import corner_verdicts
from nashscape.core.descriptions import describe
from nashscape.core.options import VERBS, taken
from nashscape.learning.dial import Learning
from nashscape.selection import sweeps
from nashscape.selection.maps import portraits
from nashscape.selection.steering import finding as steering
from nashscape.studies.settings import semantics_of

HUNT = ns.games.stag_hunt()
COMMANDS = {name: one.made for name, one in All.declared.items()}
VERB_OF = {
    "basin": "basin_map", "entry": "entry_probability", "compare": "sweep", "restarts": "restarts", "sweep": "sweep",
    "steer": "steer", "phase": "phase_diagram", "threshold": "threshold", "program-equilibria": "program_equilibria",
    "simulate": "simulate", "explain": "explain", "certify": "certify", "verify": "verify_certificate",
    "rules": "portrait", "equilibria": "equilibria",
}  # fmt: skip
PLAYED = {"game", "set", "coupling", "reading"}
OWN = {
    "basin": {"rule", "baseline", "vary"}, "entry": {"rule", "baseline", "vary"}, "compare": {"rule", "baseline"},
    "restarts": {"rule", "vary"}, "sweep": {"vary", "log"}, "steer": {"vary"}, "phase": {"vary", "canonical"},
    "threshold": {"vary", "bound"}, "program-equilibria": {"existence"}, "simulate": {"start", "rows"},
    "explain": {"start", "rule"}, "certify": {"rule", "target"}, "verify": {"file"}, "rules": {"name"},
}  # fmt: skip
"""What the command line alone has: what is played, what was typed as one text, what becomes of the answer."""

SAID_BY_VARY = {
    "compare": {"parameter", "outcome"}, "sweep": {"parameter"}, "steer": {"parameter", "low", "high"},
    "phase": {"parameter", "values"}, "threshold": {"parameter", "low", "high"},
}  # fmt: skip
"""What --vary says, and how a sweep is called."""

FUNCTIONS = {"Callable", "Dial", "ArrayLike"}
"""Types of which no text stands for a value."""

TOLD = {"out", "save", "json", "cells"}
PLURAL = {"targets", "reducers", "changes", "starts"}


@pytest.mark.parametrize("name", VERB_OF)
def test_options_have_name_type_default_and_help_of_the_table(name):
    rows, own = taken(VERB_OF[name]), PLAYED | TOLD | OWN.get(name, set())
    params = {one.name: one for one in COMMANDS[name].params if one.name not in {*own, "help"}}
    typed = {key for key, row in rows.items() if row.type not in FUNCTIONS}
    assert set(params) == typed - SAID_BY_VARY.get(name, set()) - own
    for key, one in params.items():
        row = rows[key]
        many = key in PLURAL and one.multiple
        assert one.opts == [f"--{(key[:-1] if many else key).replace('_', '-')}"]
        assert one.multiple == ((key, row.type) in {("targets", "Target"), ("reducers", "Reducer"), ("changes", "Any"),
                                                    ("starts", "Sequence")})  # fmt: skip
        assert one.is_flag == (row.type == "bool")
        assert one.help.startswith(row.help)
        assert not one.default, "what is not typed is not passed on"
        plain = row.default not in (None, "", False, ()) or (row.default == 0 and row.default is not False)
        if plain and row.type not in ("tuple", "Sequence") and "Default:" not in row.help:
            assert one.help.endswith(f"Default: {row.default}."), (key, one.help)


def test_every_command_that_asks_a_verb_is_compared():
    others = {"games", "concepts", "rank", "tournament", "systems", "reproduce", "show", "app", "versions"}
    assert set(VERB_OF) | others == set(COMMANDS)
    assert set(VERB_OF.values()) <= set(VERBS)


DOORS = {
    "basin stag-hunt": (selection, "basin_map"),
    "entry stag-hunt": (selection, "entry_probability"),
    "compare stag-hunt --rule pg --rule lola": (selection, "entry_probability"),
    "compare stag-hunt --rule pg --rule lola --grid 5": (selection, "basin_map"),
    "restarts stag-hunt": (selection, "restarts"),
    "sweep stag-hunt --vary peer=0,1": (sweeps, "sweep"),
    "steer stag-hunt": (steering, "steer"),
    "phase donation": (selection, "phase_diagram"),
    "rules pg --game stag-hunt": (portraits, "portrait"),
    "simulate stag-hunt --start 0.4,0.7": (dynamics, "simulate"),
    "explain stag-hunt --start 0.4,0.7": (selection, "explain"),
    "certify stag-hunt": (proofs, "certify"),
    "equilibria stag-hunt": (theory, "equilibria"),
    "program-equilibria donation --coupling 0.5": (theory, "program_equilibria"),
    "threshold donation": (theory, "threshold"),
    "verify nothing.json": (checking, "verify_certificate"),
}
TYPED = {
    "game", "family", "rule", "rules", "start", "dial", "parameter", "values", "couplings", "path", "progress",
    "verdicts", "low", "high", "grid",
}  # fmt: skip
"""What was typed, or only shows things."""


class AskedError(Exception):
    """In place of an answer: what was asked is known."""


@pytest.mark.parametrize(("line", "door"), DOORS.items(), ids=DOORS)
def test_what_is_not_typed_is_not_passed_on(line, door, monkeypatch):
    room, verb = door
    signature = inspect.signature(getattr(room, verb))
    asked = {}

    def recorded(*arguments, **options):
        asked.update(dict(zip(signature.parameters, arguments, strict=False)) | options)
        raise AskedError

    monkeypatch.setattr(room, verb, recorded)
    assert isinstance(CliRunner().invoke(app, line.split()).exception, AskedError)
    assert asked
    assert {name for name, value in asked.items() if value is not None} <= TYPED


def data(line):
    result = CliRunner().invoke(app, [*line.split(), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def without_costs(told):
    """The same without what hangs on the moment: what it took."""
    if isinstance(told, dict):
        return {name: without_costs(one) for name, one in told.items() if name not in ("provenance", "curve")}
    return [without_costs(one) for one in told] if isinstance(told, list) else told


def assert_same(told, ours):
    assert told["provenance"]["question"]["key"] == ours.question.key
    assert told["provenance"]["precision"] == ours.provenance.precision
    here = json.loads(json.dumps(ours.to_dict(largest=1000)))
    assert without_costs(told) == {name: own for name, own in without_costs(here).items() if name in told}


READ = ns.open_source(ns.games.donation(), 0.5)
ANSWERS = {
    "entry stag-hunt --n 6 --steps 5 --rule pg": lambda: ns.entry_probability(HUNT, ns.pg(), n=6, steps=5),
    "simulate donation --coupling 0.5 --start 0.4,0.7 --steps 9": (
        lambda: ns.simulate(READ, ns.pg(), [0.4, 0.7], steps=9)
    ),
    "certify stag-hunt --resolution 0.25": lambda: ns.certify(HUNT, ns.pg(), resolution=0.25),
    "equilibria stag-hunt": lambda: ns.equilibria(HUNT),
    "threshold donation": lambda: ns.threshold(ns.games.donation()),
}
LONG = {
    "basin stag-hunt --grid 3 --steps 5 --rule pg": lambda: ns.basin_map(HUNT, ns.pg(), grid=3, steps=5),
    "restarts stag-hunt --runs 4 --steps 5 --rule pg": lambda: ns.restarts(HUNT, ns.pg(), runs=4, steps=5),
    "program-equilibria donation --coupling 0.5": lambda: ns.program_equilibria(READ),
    "explain stag-hunt --start 0.4,0.7 --steps 60": lambda: ns.explain(HUNT, ns.pg(), [0.4, 0.7], steps=60),
    "sweep stag-hunt --vary peer=0,2 --n 9": lambda: ns.sweep(HUNT, "peer", [0, 2], n=9),
    "sweep donation --vary coupling=0,2 --grid 3": lambda: ns.sweep(ns.games.donation(), "coupling", [0, 2], grid=3),
    "steer stag-hunt --vary restarts --rule pg --n 30": lambda: ns.steer(HUNT, "restarts", rule=ns.pg(), n=30),
    "phase donation --vary coupling=0.6 --n 30": (
        lambda: ns.phase_diagram(ns.games.donation(), [0.6], n=30, verdicts=corner_verdicts)
    ),
    "rules pg --game stag-hunt --grid 5 --arrows 3": lambda: portraits.portrait(HUNT, ns.pg(), grid=5, arrows=3),
}


@pytest.mark.parametrize(
    ("line", "ours"),
    [*ANSWERS.items(), *(pytest.param(*own, marks=pytest.mark.long) for own in LONG.items())],
    ids=[*ANSWERS, *LONG],
)
def test_the_same_question_has_the_same_answer(line, ours):
    told = data(line)
    assert_same(told["rules"]["pg"] if "rules" in told else told, ours())


def test_every_verb_that_has_a_command_is_asked_through_both_doors():
    asked = {line.split()[0] for line in (*ANSWERS, *LONG)}
    assert asked == set(VERB_OF) - {"compare", "verify"}, "of these two the numbers are seen below"


def test_a_certificate_is_verified_and_shown_through_either_door(tmp_path):
    path = ns.certify(HUNT, ns.pg(), resolution=0.25).save(tmp_path / "proof.json")
    assert_same(data(f"verify {path} --sample 4"), checking.verify_certificate(path, sample=4))
    assert_same(data(f"show {path}"), ns.load(path))


def test_rules_are_compared_pair_by_pair_with_the_first():
    told = data("compare stag-hunt --rule pg --rule meta_mapg --n 40 --steps 40")
    found = ns.entry_probability(HUNT, [ns.pg(), ns.meta_mapg()], n=40, steps=40)
    ours = found.compare()["meta_mapg"]
    assert_same(told["comparisons"]["meta_mapg"], ours)
    assert told["comparisons"]["meta_mapg"]["gained_share"] > 0
    assert list(told["rules"]) == ["pg", "meta_mapg"]


@pytest.mark.long
def test_the_same_at_every_value_of_what_varies():
    told = data("entry donation --rule pg --rule lola --vary coupling=0,1.2 --n 9 --steps 30")
    assert list(told["rules"]) == [f"{rule}, coupling = {value:g}" for rule in ("pg", "lola") for value in (0, 1.2)]
    assert list(told["comparisons"]) == ["lola, coupling = 0"], "what was run alike is compared with the first"
    for value in (0, 1.2):
        game = ns.open_source(ns.games.donation(), value)
        ours = ns.entry_probability(game, ns.lola(), n=9, steps=30)
        assert_same(told["rules"][f"lola, coupling = {value:g}"], ours)


@pytest.mark.long
def test_numbers_of_the_game_and_of_the_rule_vary():
    told = data("restarts stag-hunt --vary game:T=2,3 --runs 4 --steps 30")["rules"]
    assert_same(told["pg, T = 2"], ns.restarts(ns.games.stag_hunt(T=2), ns.pg(), runs=4, steps=30))
    told = data("basin stag-hunt --vary peer=0:5:3 --grid 3 --steps 30")["rules"]
    assert list(told) == [f"meta_mapg, peer = {value:g}" for value in (0, 2.5, 5)]
    assert_same(told["meta_mapg, peer = 5"], ns.basin_map(HUNT, ns.meta_mapg(peer=5), grid=3, steps=30))


READINGS = ("independent", "open_source:coupling=0.6", "imperfect:coupling=0.6,noise=1", "network:width=4")


@pytest.mark.parametrize("text", READINGS)
def test_a_reading_is_the_semantics_that_studies_have(text):
    asked = Asked(entry.rows, entry.verb, {"game": "stag-hunt", "reading": text})
    assert describe(asked.game.semantics).data == describe(semantics_of(text)(HUNT).semantics).data


def test_players_stay_what_they_are_while_a_number_of_the_game_varies():
    asked = Asked(entry.rows, entry.verb, {"game": "stag-hunt", "coupling": "0.6", "set": ["R=5"]})
    turned = varying.dial_of(asked, "game:T")(Learning(asked.game), 4.5).game
    assert turned.game.payoffs[0].tolist() == [[5, 0], [4.5, 2]]
    assert describe(turned.semantics).data == describe(asked.game.semantics).data


def test_what_is_changed_has_the_value_that_was_typed_and_varies_within_its_range():
    given = {"game": "stag-hunt", "set": ["R=5", "T=2.5"], "rule": "meta_mapg:peer=2", "coupling": "0.6"}
    asked = Asked(explain.rows, explain.verb, given)
    case = Learning(asked.game, asked["rule"])
    ranges = {"game:T=2:4.5": (2, 4.5, 2.5), "game:P=1:3": (1, 3, 2), "peer=0:4": (0, 4, 2), "coupling": (0, 2, 0.6)}
    for text, (low, high, present) in ranges.items():
        dial = varying.changed(asked, text)
        assert (dial.low, dial.high, dial.now(case)) == (low, high, pytest.approx(present))
    turned = varying.changed(asked, "game:T=2:4.5")(case, 4.5).game
    assert turned.game.payoffs[0].tolist() == [[5, 0], [4.5, 2]]


@pytest.mark.long
def test_a_number_of_the_game_is_changed_as_said():
    [change] = data("explain stag-hunt --start 0.4,0.7 --change game:T=1:3 --set T=2.5 --steps 60")["changes"]
    assert change["present"] == 2.5
    for value, reached in ((change["switch"]["low"], True), (change["switch"]["high"], False)):
        run = ns.simulate(ns.games.stag_hunt(T=value), ns.pg(), [0.4, 0.7], targets=["CC", "DD"], steps=60)
        assert (run.outcome == "CC") == reached


def test_a_coupling_is_what_players_of_open_source_read_with():
    asked = Asked(entry.rows, entry.verb, {"game": "stag-hunt", "coupling": "0.6"})
    assert describe(asked.game.semantics).data == describe(ns.open_source(HUNT, 0.6).semantics).data
