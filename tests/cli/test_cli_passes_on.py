"""What is asked reaches the library, and what it finds reaches the table: where a slip would look like a result."""

import json
import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

import nashscape as ns
from nashscape import systems
from nashscape.cli import varying
from nashscape.cli.app import app
from nashscape.core import Status, record
from nashscape.learning.by_rule import ByRule
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings

HUNT = ns.games.stag_hunt()


def said(*arguments, code=0, stream="stdout"):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return getattr(result, stream)


def data(*arguments):
    return json.loads(said(*arguments, "--json"))


def test_gained_and_lost_are_not_exchanged():
    asked = ["basin", "stag-hunt", "--grid", 5, "--rule", "pg", "--rule", "meta_mapg", "--baseline", "meta_mapg"]
    maps = ns.basin_map(HUNT, [ns.pg(), ns.meta_mapg()], grid=5)
    ours = ns.compare(maps["pg"], maps["meta_mapg"])
    assert ours.gained_share == 0.0 < ours.lost_share
    told = data(*asked)["comparisons"]["pg"]
    assert (told["gained_share"], told["lost_share"]) == (ours.gained_share, ours.lost_share)
    table = said(*asked)
    names = next(line for line in table.splitlines() if "gained" in line).split()
    cells = next(line for line in table.splitlines() if line.startswith(" pg")).split()
    row = dict(zip(names, cells, strict=False))
    assert (row["CC"], row["DD"]) == ("0.2400", "0.7600")
    assert (row["gained"], row["lost"]) == (f"{ours.gained_share:.4f}", f"{ours.lost_share:.4f}")


def test_restarts_to_success_and_within_the_budget_are_two_columns():
    asked = ["restarts", "stag-hunt", "--rule", "pg", "--runs", 30, "--budget", 3, "--steps", 60]
    [one] = ns.restarts(HUNT, [ns.pg()], runs=30, budget=3, steps=60).values()
    both = one.restarts_to_success(), one.restarts_within_budget()
    assert both[0].value != both[1].value
    table = said(*asked)
    assert all(f"{each.value:.4f}" in table for each in both)


def test_interrupted_restarts_leave_with_130(monkeypatch):
    [one] = ns.restarts(HUNT, [ns.pg()], runs=4, budget=2, steps=20).values()
    fields = {**vars(one), "status": Status.INTERRUPTED}
    monkeypatch.setattr("nashscape.selection.restarts", lambda *_, **__: ByRule({"pg": type(one)(**fields)}))
    said("restarts", "stag-hunt", "--rule", "pg", "--runs", 4, "--budget", 2, "--steps", 20, code=130)


@pytest.mark.long
def test_seeds_batches_levels_and_steps_are_passed_on():
    rough = ["--grid", 5, "--scan", 3, "--tolerance", 2]
    asked = ["steer", "stag-hunt", "--vary", "peer", "--target", "CC", "--at-least", 0.6, *rough]
    assert data(*asked, "--seed", 3)["provenance"]["seed"] == 3
    swept = data("sweep", "stag-hunt", "--vary", "peer=0", "--steps", 20, "--n", 30, "--estimator", "sampled:batch=16")
    assert swept["provenance"]["question"]["asked"]["estimator"]["batch"] == 16
    entered = data("entry", "stag-hunt", "--rule", "pg", "--n", 20, "--steps", 20, "--level", 0.8)
    ours = ns.entry_probability(HUNT, ns.pg(), n=20, steps=20, level=0.8)
    assert entered["rules"]["pg"]["probability"] == ours.probability().to_dict()
    proved = data("certify", "stag-hunt", "--target", "CC", "--resolution", 0.25, "--steps", 3)
    shares = [ns.certify(HUNT, ns.pg(), "CC", resolution=0.25, **how).fraction("DD") for how in ({"steps": 3}, {})]
    assert proved["certified"]["DD"] == shares[0] != shares[1]


def test_thresholds_stand_beside_what_they_mean():
    table = said("threshold", "stag-hunt")
    value = {
        name: float(re.search(rf"(\S+)  above it {name}", table).group(1))
        for name in ("full defection", "full cooperation")
    }
    found = ns.theory.symmetric_thresholds(HUNT)
    assert value["full defection"] == pytest.approx(found.defection)
    assert value["full cooperation"] == pytest.approx(found.cooperation)


def row(agrees, claim="stag-hunt-ablation"):
    made = Row("some table", "pg", 0.27, 0.25, 0.24, 0.26, "Fisher's exact test", agrees, p_value=0.5, runs=100)
    return replace(made, claim=claim, test="alike", corrected=0.75)


def every_claim(but=()):
    """A figure for each claim of the card, as the card says but for some."""
    one = systems.card("basin-entry")
    agrees = {claim.id: claim.status == "agrees" for claim in one.claims if claim.computed}
    # of what has a value on the card, that value
    rows = [replace(row(ok != (name in but), name), label="pg") for name, ok in agrees.items()]
    return [
        row_ if (value := one.claim(row_.claim).value) is None else replace(row_, low=value, ours=value, high=value)
        for row_ in rows
    ]


@pytest.mark.parametrize(
    ("but", "status", "code", "said_of"),
    [
        ((), Status.COMPLETE, 0, "All that the card says agrees does agree."),
        ((), Status.INTERRUPTED, 130, "run again to finish it"),
        (("annealing",), Status.COMPLETE, 1, "does not stand: annealing"),
        (("decomposition",), Status.COMPLETE, 0, "decomposition: the card says it disagrees; it agrees now."),
    ],
)
def test_reproduce_asks_the_study_and_ends_with_what_the_card_says(monkeypatch, but, status, code, said_of):
    asked, rows = {}, every_claim(but)

    def measure(**how):
        asked.update(how)
        how["progress"]("some table", 1, 2)
        return Findings(tuple(rows), status, record("reproduction", {}, seed=how["seed"]))

    monkeypatch.setattr("nashscape.systems.basin_entry.measuring.measure", measure)
    table = said("reproduce", "basin-entry", "--quick", "--seed", 5, code=code)
    assert (asked["effort"], asked["seed"]) == ("quick", 5)
    assert "some table" in table
    agree = sum(one.agrees for one in rows)
    assert f"{agree} of {len(rows)} published figures" in " ".join(table.split())
    marks = [line.split()[-1] for line in table.splitlines() if line.startswith(" pg")]
    assert marks == ["yes" if one.agrees else "NO" for one in rows]
    assert said_of in " ".join(table.split())
    assert f"{len(rows)} tests are one family" in " ".join(table.split())
    assert {tuple(line.split()[-3:-1]) for line in table.splitlines() if line.startswith(" pg")} == {("0.5", "0.75")}


def test_fewer_runs_and_more_are_not_asked_at_once(monkeypatch):
    assert "give one of them" in said("reproduce", "basin-entry", "--quick", "--thorough", code=2, stream="stderr")
    asked = {}

    def measure(**how):
        asked.update(how)
        return Findings((), Status.COMPLETE, record("reproduction", {}))

    monkeypatch.setattr("nashscape.systems.basin_entry.measuring.measure", measure)
    said("reproduce", "basin-entry", "--thorough", code=1)
    assert asked["effort"] == "thorough"


def test_an_unknown_system_is_refused_with_the_nearest():
    assert "did you mean 'basin-entry'" in said("reproduce", "basin-entri", code=2, stream="stderr")


def test_systems_lists_cards_and_shows_one():
    listed = json.loads(said("systems", "--json"))
    assert [one["key"] for one in listed] == list(systems.cards())
    assert all(one["claims"] == systems.card(one["key"]).counts() for one in listed)
    shown = json.loads(said("systems", "basin-entry", "--json"))
    assert [one["id"] for one in shown["claims"]] == [one.id for one in systems.card("basin-entry").claims]
    table = said("systems", "open-source-games")
    for claim in systems.card("open-source-games").claims:
        assert re.search(rf"^ ?{claim.id} .* {claim.status} *$", table, re.MULTILINE), claim.id


def test_what_was_done_before_an_interrupt_is_printed_value_by_value(monkeypatch):
    made = varying._called
    calls = []

    def stopping(*arguments):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return made(*arguments)

    monkeypatch.setattr(varying, "_called", stopping)
    asked = ["entry", "stag-hunt", "--rule", "pg", "--vary", "game:T=2,3", "--n", 4, "--steps", 3, "--json"]
    assert list(json.loads(said(*asked, code=130))["rules"]) == ["pg, T = 2"]
