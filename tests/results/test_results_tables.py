"""The cells of tables against the results that they are of, made by hand."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Status, label_names, mcnemar, paired_difference, record, target_code, wilson
from nashscape.core.tables import interval
from nashscape.dynamics.endings.resting_places import RestingPlace
from nashscape.dynamics.label_audits import LabelAudit
from nashscape.dynamics.starts import cell_grid
from nashscape.learning.by_rule import ByRule
from nashscape.selection.phases.tables import games_table
from nashscape.selection.sweeps import Sweep
from nashscape.theory.threshold_tables import MEANING

TARGETS = ("CC", "DD")
CC, DD = target_code(0), target_code(1)
SLOW, REST = 5, 4
ASKED = {
    "rule": "r", "targets": [{"kind": "Target", "name": "CC", "state": None}], "starts": "given", "grid": 3,
}  # fmt: skip


def rows(table):
    """Rows by their first cell, as dicts by heading."""
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def ended(codes, shape, **changed):
    labels = np.array(codes, np.int8).reshape(shape)
    given = {
        "game": "hunt", "rule": "pg", "targets": TARGETS, "labels": labels, "held": np.full(shape, -1, np.int8),
        "first_hit": np.full(shape, -1, np.int32), "exact": True, "at_random": False, "level": 0.95,
        "status": Status.COMPLETE,
        "provenance": record("runs", ASKED, compile_seconds=1.5, run_seconds=0.75),
    }  # fmt: skip
    return given | changed


def basin(codes, **changed):
    return ns.selection.BasinMap(layout=cell_grid(2, 3), **ended(codes, (1, 3, 3), **changed))


def entry(codes, **changed):
    return ns.selection.Entry(**ended(codes, (len(codes),), at_random=True, **changed))


def test_gained_and_lost_on_maps_are_against_the_baseline():
    maps = ByRule(pg=basin([CC] * 3 + [DD] * 6), lola=basin([DD] + [CC] * 5 + [DD] * 3, rule="lola"))
    table = maps.table()
    told = rows(table)
    assert (told["lola"]["gained"], told["lola"]["lost"]) == (f"{3 / 9:.4f}", f"{1 / 9:.4f}")
    assert (told["pg"]["gained"], told["pg"]["lost"]) == ("–", "–")
    assert told["lola"]["CC"] == interval(maps["lola"].fraction("CC"))
    assert told["pg"]["time"] == "2.2 s"
    assert table.notes[0] == "Gained and lost: starts that reach CC, against pg."
    turned = rows(maps.table(baseline="lola"))
    assert (turned["pg"]["gained"], turned["pg"]["lost"]) == (f"{1 / 9:.4f}", f"{3 / 9:.4f}")
    with pytest.raises(InputError, match=r"baseline 'lol'.*lola"):
        maps.table(baseline="lol")


def test_a_single_map_has_nothing_to_gain_and_every_outcome_that_came_about():
    table = basin([CC] * 4 + [SLOW] * 5).table()
    assert table.columns == ("rule", "CC", "DD", "slow", "status", "time")
    assert table.title == "hunt: share of 3×3 starts per outcome, exact gradients"


def test_what_is_open_where_runs_rest_and_audits_are_told_under_the_table():
    places = tuple(RestingPlace("other equilibrium", (np.array([k / 10, 1]),) * 2, 0.0, 9 - k) for k in range(6))
    audit = LabelAudit(
        "hunt", "pg", ("CC", "slow"), np.array([2, 4]), np.array([2, 0]), np.array([1, 0]), np.array([0, 0]), 0.95,
        Status.COMPLETE, record("label audit", {}),
    )  # fmt: skip
    open_ = basin([CC] * 2 + [SLOW] * 4 + [DD] * 3, status=Status.UNRESOLVED, rests=places[::-1], audit=audit)
    halted = basin([DD] * 9, rule="sos", status=Status.INTERRUPTED)
    notes = ByRule(pg=open_, sos=halted).table().notes[2:]
    told = "; ".join(f"other equilibrium at {k / 10:.3g} 1 | {k / 10:.3g} 1: {9 - k} runs" for k in range(4))
    assert notes[0] == f"pg: {told}; and 2 more places."
    assert notes[1] == "pg: of the runs that were continued, changed: CC 1 of 2."
    assert notes[2] == "pg: unresolved, 4 of 9 runs are open: 4 slow."
    assert notes[3] == f"sos: interrupted. {Status.INTERRUPTED.advice}"
    assert notes[4].startswith("slow: Hardly moving")
    assert len(notes) == 5


def test_few_open_runs_that_cannot_move_a_share_out_of_its_interval_are_a_remainder():
    def large(opened, status=Status.UNRESOLVED, **changed):
        codes = np.full((1, 20, 20), DD)
        codes[:, :10] = CC
        codes.flat[200 : 200 + opened] = SLOW
        return ns.selection.BasinMap(
            layout=cell_grid(2, 20), **ended(codes.ravel(), codes.shape, status=status, **changed)
        )

    few = large(3).table()
    assert rows(few)["pg"]["status"] == "0.75 % open"
    line = "pg: 3 of 400 runs are open: 3 slow. Whichever target they go to, its share stays in its interval."
    assert few.notes[1:] == (line,)
    many = large(5).table()
    assert rows(many)["pg"]["status"] == "unresolved"
    assert many.notes[1] == "pg: unresolved, 5 of 400 runs are open: 5 slow."
    assert many.notes[2].startswith("slow: Hardly moving")
    # of starts that were given there is no interval, so a single run may matter
    given = ns.selection.Entry(**ended([CC] * 499 + [SLOW], (500,), status=Status.UNRESOLVED))
    assert rows(given.table())["pg"]["status"] == "unresolved"
    drawn = ns.selection.Entry(
        **ended([CC] * 250 + [DD] * 249 + [SLOW], (500,), status=Status.UNRESOLVED, at_random=True)
    )
    assert rows(drawn.table())["pg"]["status"] == "0.2 % open"


def test_a_table_of_maps_says_what_its_brackets_are():
    assert "without, and with, the cells along the boundary" in basin([CC] * 4 + [DD] * 5).table().notes[0]
    assert basin([CC] * 4 + [DD] * 5, exact=False).table().notes[0] == "In brackets: 95 % intervals of sampled updates."


def test_entries_have_both_intervals_counts_and_a_paired_difference():
    one, other = entry([CC] * 3 + [DD] * 7), entry([CC] * 9 + [SLOW], rule="lola")
    table = ByRule(pg=one, lola=other).table()
    told = rows(table)
    wide = one.exact_interval()
    assert told["pg"]["P\nWilson\nClopper–Pearson"] == f"{interval(wilson(3, 10))}\n[{wide.low:.4f}, {wide.high:.4f}]"
    assert told["lola"]["runs"] == "CC 9\nDD 0\nslow 1"
    change = paired_difference(other.reached("CC"), one.reached("CC"))
    assert told["lola"]["against pg\nMcNemar"] == f"{interval(change)}\np = {mcnemar(6, 0).p_value:.2g}"
    assert table.title == "hunt: probability of entering CC from 10 random starts"
    assert "first round" not in " ".join(table.notes)


def test_targets_of_one_state_are_said_to_be_of_the_first_round():
    asked = {**ASKED, "targets": [{"kind": "Target", "name": "CC", "state": 0}]}
    found = entry([CC] * 3, provenance=record("entry", asked))
    assert "Targets are looked at in the first round alone." in found.table().notes


def test_an_entry_without_runs_or_targets_says_nothing_of_a_probability():
    assert entry([], targets=TARGETS).table().rows[0][1] == "–"
    assert entry([SLOW, REST], targets=()).table().rows[0][1:3] == ("–", "other equilibrium 1\nslow 1")


def restarts(**changed):
    given = {
        "game": "hunt", "rule": "pg", "target": "CC", "first_success": np.array([0, 2, -1, 1]),
        "tried": np.array([1, 3, 4, 2]), "budget": 4, "level": 0.9, "status": Status.COMPLETE,
        "provenance": record("restarts", {}, notes=["steps are large"]),
    }  # fmt: skip
    return ns.selection.Restarts(**given | changed)


def test_restarts_within_the_budget_and_to_success_are_two_columns():
    one = restarts()
    table = one.table()
    told = table.rows[0]
    assert told[1].startswith("3 of 4\n[")
    assert told[2:5] == tuple(
        map(interval, (one.per_start(), one.restarts_within_budget(), one.restarts_to_success()))
    )  # fmt: skip
    assert told[3] != told[4]
    assert table.notes == (
        "Intervals of 90 %. Censored: a run without success counts as 3 restarts.", "Steps are large.",
    )  # fmt: skip


def test_of_starts_that_are_not_alike_no_probability_of_one_is_shown_or_told():
    one = restarts(policy="perturbed(std=0.5)", alike=False)
    assert one.table().rows[0][2] == one.table().rows[0][4] == "–"
    assert "pg: after a failure perturbed(std=0.5)." in one.table().notes
    told = one.to_dict()
    assert (told["per_start"], told["success"]["successes"], told["censored"]) == (None, 3, 1)


def test_a_sweep_has_a_row_per_value_and_says_what_is_open_once():
    results = tuple(entry(codes, status=Status.UNRESOLVED) for codes in ([CC, DD], [CC, SLOW]))
    shares = tuple(one.probability() for one in results)
    provenance = record("sweep", {}, compile_seconds=1.0, run_seconds=2.0)
    found = Sweep("hunt", "r", "peer", "CC", np.array([0.5, 2.0]), shares, results, Status.UNRESOLVED, provenance)
    told = rows(found.table())
    assert [told[value]["CC"] for value in ("0.5", "2")] == [interval(one) for one in shares]
    assert told["2"]["slow"] == interval(results[1].probability("slow"))
    assert found.table().notes == (
        "1.0 s to compile, 2.0 s to run.", f"unresolved: {Status.UNRESOLVED.advice}",
    )  # fmt: skip


def steering(verdicts, **changed):
    count = len(verdicts)
    given = {
        "game": "g", "rule": "r", "parameter": "peer", "target": "CC", "at_least": 0.5, "about": "starts",
        "searched": (0.0, count - 1.0), "scanned": 3, "values": np.arange(count, dtype=float),
        "payoffs": np.zeros((count, 2)), "prices": np.arange(count, dtype=float) / 10, "priced_in": "units",
        "too_few": False, "error": None, "promise": "exact here", "status": Status.COMPLETE,
        "provenance": record("steering", {}), "shares": (wilson(1, 10),) * count, "verdicts": tuple(verdicts),
        "trials": np.arange(count) + 100, "unsettled": np.zeros(count, int), "movable": np.zeros(count, bool),
    }  # fmt: skip
    return ns.selection.Steering(**given | changed)


def test_steering_shows_the_values_nearest_to_the_answer():
    found = steering([k >= 30 for k in range(40)])
    table = found.table()
    values = [row[0] for row in table.rows]
    assert len(values) == 24
    assert {"29", "30", "31"} <= set(values)
    assert values == sorted(values, key=float)
    assert rows(table)["30"] == {
        "peer": "30", "share": interval(wilson(1, 10)), "answer": "reached", "runs": "130", "price": "3.0000",
    }  # fmt: skip
    assert rows(table)["29"]["answer"] == "not reached"
    assert table.notes == (
        "16 values further away are not shown.", "First reached between 29 and 30.", "Price: 3.0000 units.",
        "Exact here.",
    )  # fmt: skip
    told = found.to_dict()
    assert (told["bracket"], told["price"]) == ([29.0, 30.0], 3.0)


def test_steering_that_reaches_nothing_shows_the_best_value_and_both_ends():
    shares = [wilson(1, 100)] * 40
    shares[7] = wilson(30, 100)
    table = steering([False] * 40, shares=tuple(shares)).table()
    values = [row[0] for row in table.rows]
    assert values == ["0", "7", *map(str, range(18, 40))]
    assert rows(table)["7"]["share"] == interval(wilson(30, 100))
    assert table.notes[0] == "16 values further away are not shown."
    assert steering([False] * 25).table().notes[0] == "1 value further away is not shown."
    assert "shown" not in " ".join(steering([False] * 24).table().notes)


def test_ends_of_a_bracket_are_told_apart_wherever_it_is_printed():
    values = np.array([4.0, 5.0000101, 5.0000104, 6.0])
    found = steering([False, False, True, False], values=values, searched=(4.0, 6.0))
    table = found.table()
    assert [row[0] for row in table.rows] == ["4", "5.0000101", "5.0000104", "6"]
    assert table.notes[:2] == ("First reached between 5.0000101 and 5.0000104.", "Lost again between 5.00001 and 6.")
    assert "peer in [5.0000101, 5.0000104]" in repr(found)
    figure = found.plot()
    assert "peer coefficient λ = 5.0000101 and 5.0000104" in " ".join(figure.get_suptitle().split())
    assert "bracket [5.0000101, 5.0000104]" in [text.get_text() for text in figure.legends[0].get_texts()]
    at_once = steering([True, True]).plot().get_suptitle()
    assert "at peer coefficient λ = 0 already, the lower end" in " ".join(at_once.split())


def phase(values=None, **changed):
    counts = np.zeros((2, *(() if values is None else (len(values),)), len(label_names(TARGETS))), np.int64)
    counts[..., DD], counts[1, ..., CC], counts[1, ..., SLOW] = 3, 4, 1
    given = {
        "game": "g", "rule": "pg", "parameter": None if values is None else "T", "couplings": np.array([0.2, 0.7]),
        "values": values, "targets": TARGETS, "counts": counts, "diagonal": None, "bounds": (-8.0, 8.0),
        "closed": None, "status": Status.COMPLETE, "provenance": record("phase diagram", {}),
    }  # fmt: skip
    return ns.selection.PhaseDiagram(**given | changed)


def test_a_phase_diagram_has_a_row_per_coupling_with_what_came_about():
    table = phase().table()
    assert table.columns == ("κ", "CC", "DD", "other outcomes")
    assert table.rows == (("0.2", "0.0000", "1.0000", "–"), ("0.7", "0.5000", "0.3750", "slow 0.1250"))
    assert "share of 8 starts per outcome, parameters in [-8, 8]" in table.title


def test_with_a_second_number_the_diagram_is_told_in_a_line():
    found = phase(np.array([3.0, 4.0]))
    assert found.table().title == f"{found!r}, parameters in [-8, 8]"
    assert found.table().rows == ()


def test_several_games_have_a_table_of_shares_each():
    whole = games_table({"one": phase(), "other": phase()})
    assert [table.title for table in whole.below] == ["one", "other", ""]
    assert whole.below[1].rows[1] == ("0.7", "0.500", "0.375", "slow 0.125")


def test_a_phase_table_fits_a_line_of_eighty_characters():
    names = tuple(f"{a}{b}" for a in "ABC" for b in "ABC")
    counts = np.ones((2, len(label_names(names))), np.int64)
    wide = phase(targets=names, counts=counts).table()
    assert wide.columns == ("κ", "outcomes")
    told = [part.rpartition(" ") for part in wide.rows[0][1].split(", ")]
    assert [name for name, _, _ in told][: len(names)] == list(names)
    assert len(told) == len(label_names(names))
    assert {share for _, _, share in told} == {f"{1 / counts.shape[1]:.4f}"}
    counts = np.ones((2, len(label_names(TARGETS))), np.int64)
    for table in (wide, phase(counts=counts).table()):
        lines = table.text(80).splitlines()
        assert max(map(len, lines)) <= 80
        assert len(lines) > 6, "the other outcomes are broken across lines"


def test_thresholds_stand_beside_what_they_mean():
    found = ns.coupling_threshold(ns.games.stag_hunt())
    closed = ns.theory.symmetric_thresholds(ns.games.stag_hunt())
    [below] = found.with_corners([2.0]).table().below
    told = {row[0]: row for row in below.rows}
    for name in ("defection", "cooperation", "half"):
        sign, meaning = MEANING[name]
        assert told[sign] == (sign, f"{getattr(closed, name):.6g}", meaning)
    corner = closed.corner_thresholds(2.0, "D")
    assert told["D of ±2"][1] == (", ".join(f"{one.middle:.6g}" for one in corner) or "none")
    [row] = found.table().rows
    assert row[0] == f"{found.brackets[0].middle:.10g}"
    assert found.to_dict()["closed_forms"]["cooperation"] == closed.cooperation


def test_runs_are_told_at_lines_spread_evenly_over_them():
    found = ns.simulate(ns.games.stag_hunt(), ns.meta_mapg(), [0.6, 0.55], steps=10)
    table = found.table(rows=3)
    assert table.columns == ("updates", "P1(C)", "P2(C)", "payoff 1", "payoff 2", *found.terms)
    assert [row[0] for row in table.rows] == ["0", "5", "10"]
    middle = dict(zip(table.columns, table.rows[1], strict=True))
    assert middle["P2(C)"] == f"{found.strategies[1][5, 0]:.3g}"
    assert middle["payoff 1"] == f"{found.payoffs[5, 0]:.3g}"
    assert middle["peer"] == f"{found.terms['peer'][5]:.3g}"
    assert table.rows[2][-3:] == ("", "", "")
    assert table.notes[0] == f"Outcome after 10 updates: {found.outcome}."
    with pytest.raises(InputError, match="rows"):
        found.table(rows=1)


@pytest.mark.long
def test_program_equilibria_name_the_coupling_and_what_there_is_to_gain():
    found = ns.program_equilibria(ns.open_source(ns.games.prisoners_dilemma(), 0.7), bound=1.0)
    table = found.table()
    assert table.title == "prisoners_dilemma, κ = 0.7, parameters in [-1, 1]"
    told, every = rows(table), (*found.equilibria, *found.rejected)
    assert list(told) == [one.name for one in every]
    assert told["CC"]["equilibrium"] == "yes"
    assert (told["CC"]["largest gain"], told["DD"]["largest gain"]) == ("0", f"{every[-1].gain[0]:.4g}")
    assert (told["CC"]["ascent"], told["DD"]["ascent"]) == ("attracts", "leaves")
    complete = "The list of corners is complete; of other points there may be more than those found."
    assert table.notes == (complete,)
    # of one corner next to nothing can be gained, of one more, and whether one is an equilibrium may be open
    little, much = (replace(every[-1], name="DD", gain=(own, own)) for own in (3.8e-6, 0.4))
    none = replace(found, equilibria=(), rejected=(much, little), epsilon=4e-6)
    assert none.table().notes == ("None of these is an equilibrium; DD nearly (gain 3.8e-06).", complete)
    undecided = replace(much, verdict="undecided", gain=(0.0, 1e-7))
    assert replace(none, rejected=(undecided,)).table().notes[0] == "None of these is known to be an equilibrium."
    within = replace(found, equilibria=(replace(every[0], verdict="within ε"),)).table().notes
    assert within[0] == f"Within ε: nobody gains more than {found.epsilon:.1e}, which is next to nothing."


def test_comparisons_of_several_rules_are_rows_of_one_table():
    entries = ByRule(
        pg=entry([CC] * 3 + [DD] * 7), lola=entry([CC] * 9 + [SLOW], rule="lola"), sos=entry([DD] * 10, rule="sos")
    )
    found = entries.compare()
    told = rows(found.table())
    assert list(told) == ["lola", "sos"]
    assert (told["lola"]["gained"], told["sos"]["lost"]) == ("0.6000", "0.3000")
    assert told["sos"]["difference"] == interval(found["sos"].difference)
    assert told["lola"]["p"] == f"{found['lola'].test.p_value:.2g}"
    exact = ByRule(pg=basin([CC] * 3 + [DD] * 6), lola=basin([DD] + [CC] * 8, rule="lola")).compare().table()
    assert (exact.rows[0][3:5], exact.notes) == (("0.5556", "–"), ("No p-values: these starts are no sample.",))


def test_a_line_has_a_row_for_every_switch():
    found = ns.selection.Line(
        "g", "r", TARGETS, (), (), np.array([0.0, 0.5, 1.0]), np.array([DD, DD, CC], np.int8), np.array([0.75, 0.2]),
        np.array([0.5, 0.25]), np.array([DD, SLOW], np.int8), Status.COMPLETE, record("line", {}),
    )  # fmt: skip
    assert found.table().rows == (("0.625", "[0.5, 0.75]", "DD"), ("0.225", "[0.2, 0.25]", "slow"))
    assert len(found.to_dict()["crossings"]) == 2


def test_corrected_steps_have_a_row_where_the_share_changes():
    labels = np.full((1, 2, 5), DD, np.int8)
    labels[0, 0, 2:], labels[0, 1, 3] = CC, CC
    found = ns.selection.CorrectedSteps(
        "g", "meta_mapg", "pg", TARGETS, np.zeros((2, 2)), np.array([0, 5, 6, 7, 9], np.int32), labels, True, False,
        0.95, Status.COMPLETE, record("corrected steps", {}),
    )  # fmt: skip
    shares = [(row[0], row[1].split("\n")[0]) for row in found.table().rows]
    assert shares == [("0", "0.0000"), ("6", "0.5000"), ("7", "1.0000"), ("9", "0.5000")]
    assert found.table().notes[1] == "Of the starts 0 need no such steps, 0 reach it with none of the numbers tried."


def test_equilibria_are_told_exactly_and_by_what_they_are():
    found = ns.equilibria(ns.games.stag_hunt())
    told = rows(found.table())
    assert list(told) == [one.name for one in found]
    assert told["C+D/C+D"]["strategies"] == "2/3 1/3 | 2/3 1/3"
    assert told["CC"]["what it is"] == ", ".join(found["CC"].labels)
    assert told["DD"]["payoffs"] == "2, 2"
    assert found.table().notes[0] == "These are all."


def test_an_audit_prints_its_labels_without_a_function_of_its_own():
    numbers = [np.array(own, np.int32) for own in ([5, 3], [4, 3], [1, 0], [0, 2])]
    found = LabelAudit("g", "r", ("CC", "slow"), *numbers, 0.95, Status.COMPLETE, record("label audit", {}))
    assert found.table().columns == ("outcome", "runs", "looked_at", "changed", "unfinished")
    assert found.table().rows == (("CC", "5", "4", "1", "0"), ("slow", "3", "3", "0", "2"))
    assert found.table().notes == ("In every row: game g, rule r.",)
