"""Columns against what the results themselves count, and against results written out by hand."""

import dataclasses

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    label_names,
    record,
    target_code,
    wilson,
)
from nashscape.dynamics.starts import cell_grid
from nashscape.selection.edges.separatrices import Distances
from nashscape.selection.predictors import Predictor
from nashscape.selection.sweeps import Sweep

TARGETS = ("CCC", "DDD")


def map_by_hand(rollouts=2, size=3):
    """A map of three players whose labels are all different from one cell to the next, in order."""
    shape = (rollouts, size, size, size)
    random = np.random.default_rng(3)
    labels = random.choice(sorted(label_names(TARGETS)), shape).astype(np.int8)
    held = random.integers(-1, 2, shape).astype(np.int8)
    return ns.selection.BasinMap(
        game="three", rule="pg", targets=TARGETS, layout=cell_grid(3, 3), level=0.95, at_random=False,
        labels=labels, held=held, first_hit=random.integers(-1, 9, shape).astype(np.int32), exact=False,
        status=Status.UNRESOLVED, provenance=record("basin map", {"grid": 3}),
        reduced={"length": random.random(shape), "place": random.random((*shape, 2))},
    )  # fmt: skip


def test_rows_of_a_map_are_its_runs_with_the_place_of_their_cell():
    found = map_by_hand()
    columns = found.to_columns()
    names = label_names(TARGETS)
    assert {len(own) for own in columns.values()} == {2 * 27}
    rows = [dict(zip(columns, own, strict=True)) for own in zip(*columns.values(), strict=True)]
    seen = set()
    for row in rows:
        cell = tuple(int(np.flatnonzero(found.axis == row[f"p{i}"])[0]) for i in (1, 2, 3))
        where = (row["rollout"], *cell)
        seen.add(where)
        assert row["start"] == cell[0] * 9 + cell[1] * 3 + cell[2]
        assert row["outcome"] == names[found.labels[where]]
        assert row["held"] == ["", *TARGETS][found.held[where] + 1]
        assert row["first_hit"] == found.first_hit[where]
        assert row["length"] == found.reduced["length"][where]
        assert [row["place_0"], row["place_1"]] == found.reduced["place"][where].tolist()
        assert (row["game"], row["rule"], row["status"]) == ("three", "pg", "UNRESOLVED")
    assert len(seen) == len(rows)
    assert set(columns["question_key"]) == {found.question.key}
    assert columns["first_hit"].dtype == np.int32


def test_a_question_without_a_key_has_none_in_its_columns():
    found = map_by_hand()
    object.__setattr__(found, "provenance", record("basin map", {"grid": iter([])}))
    assert set(found.to_columns()["question_key"]) == {""}


COUNTED = {
    "game": "g", "rule": "r", "targets": TARGETS, "exact": False, "at_random": True, "level": 0.9,
    "status": Status.COMPLETE, "provenance": record("entry", {}),
}  # fmt: skip


def test_rows_of_an_entry_count_up_to_its_shares():
    labels = np.array([target_code(0)] * 5 + [2] * 3 + [target_code(1) + 1] * 2, np.int8)
    held = np.array([0] * 6 + [1, -1, -1, 1], np.int8)
    found = ns.selection.Entry(
        labels=labels, held=held, first_hit=np.arange(10, dtype=np.int32), **COUNTED,
        reduced={"empty": np.zeros((10, 0)), "square": np.arange(40.0).reshape(10, 2, 2)},
    )  # fmt: skip
    columns = found.to_columns()
    ended, counts = np.unique(columns["outcome"], return_counts=True)
    assert dict(zip(ended.tolist(), counts.tolist(), strict=True)) == found.outcomes()
    assert (columns["held"] == "CCC").mean() == found.at_step("CCC").value == 0.6
    assert columns["start"].tolist() == list(range(10))
    assert columns["square_2"].tolist() == found.reduced["square"][:, 1, 0].tolist()
    assert not any(name.startswith("empty") for name in columns)


def test_an_entry_that_was_interrupted_before_its_first_run_has_columns_without_rows():
    none = np.zeros(0, np.int8)
    found = ns.selection.Entry(
        labels=none, held=none, first_hit=np.zeros(0, np.int32), **COUNTED,
        reduced={"place": np.zeros((0, 2))},
    )  # fmt: skip
    assert {name: len(own) for name, own in found.to_columns().items()} == dict.fromkeys(
        ["game", "rule", "start", "outcome", "held", "first_hit", "place_0", "place_1", "status", "question_key"], 0
    )


def test_rows_of_restarts_are_runs():
    tried, first = np.array([1, 3, 2], np.int32), np.array([0, -1, 1], np.int32)
    found = ns.selection.Restarts("g", "r", "CC", first, tried, 3, 0.95, Status.COMPLETE, record("restarts", {}))
    columns = found.to_columns()
    assert columns["succeeded"].mean() == found.success().value
    assert [columns[name].tolist() for name in ("run", "tried", "first_success", "budget")] == [
        [0, 1, 2], [1, 3, 2], [0, -1, 1], [3, 3, 3],
    ]  # fmt: skip


def phase_by_hand():
    counts = np.zeros((2, 3, len(label_names(TARGETS))), np.int64)
    counts[0, 0, target_code(0)], counts[0, 0, 2] = 3, 1
    counts[1, 2, target_code(1)] = 4
    return ns.selection.PhaseDiagram(
        game="three", rule="pg", parameter="T", couplings=np.array([0.2, 0.7]), values=np.array([1.0, 2.0, 5.0]),
        targets=TARGETS, counts=counts, diagonal=None, bounds=(-np.inf, np.inf), closed=None, status=Status.INTERRUPTED,
        provenance=record("phase diagram", {}),
    )  # fmt: skip


def test_rows_of_a_phase_diagram_are_cells_and_those_without_runs_say_nothing():
    columns = phase_by_hand().to_columns()
    assert columns["coupling"].tolist() == [0.2] * 3 + [0.7] * 3
    assert columns["value"].tolist() == [1.0, 2.0, 5.0] * 2
    assert columns["runs"].tolist() == [4, 0, 0, 0, 0, 4]
    share, other = wilson(3, 4), wilson(4, 4)
    np.testing.assert_array_equal(columns["share_CCC"], [share.value, *[np.nan] * 4, 0.0])
    np.testing.assert_array_equal(columns["share_DDD_low"], [wilson(0, 4).low, *[np.nan] * 4, other.low])
    assert columns["share_cycling"][0] == 0.25
    assert "share_slow" not in columns


def test_rows_of_a_predictor_are_starts():
    numbers = {"values": np.array([0.5, -1.0]), "gained": np.array([True, False]), "change": np.array([1.0, -1.0])}
    found = Predictor(
        game="g", rule="meta_mapg", baseline="pg", outcome="CC", by="pull", gain="net entry", among="all", **numbers,
        left_out=1, auc=None, spearman=None, status=Status.COMPLETE, provenance=record("predictor", {}),
    )  # fmt: skip
    columns = found.to_columns()
    assert [columns[name].tolist() for name in ("value", "gained", "change")] == [
        [0.5, -1.0],
        [True, False],
        [1.0, -1.0],
    ]
    assert columns["baseline"].tolist() == ["pg", "pg"]


def test_rows_of_an_audit_are_labels():
    numbers = [np.array(own, np.int32) for own in ([5, 3], [4, 3], [1, 0], [0, 2])]
    found = ns.dynamics.LabelAudit("g", "r", ("CC", "slow"), *numbers, 0.95, Status.COMPLETE, record("label audit", {}))
    columns = found.to_columns()
    assert columns["outcome"].tolist() == ["CC", "slow"]
    assert [columns[name].tolist() for name in ("runs", "looked_at", "changed", "unfinished")] == [
        own.tolist() for own in numbers
    ]


def test_rows_of_distances_are_starts():
    numbers = [np.array(own) for own in ([0.5, -0.25], [0.01, 0.02], [0.1, 0.4])]
    columns = Distances(*numbers, Status.COMPLETE, record("distances", {})).to_columns()
    assert columns["start"].tolist() == [0, 1]
    assert [columns[name].tolist() for name in ("distance", "error", "rim")] == [own.tolist() for own in numbers]


def test_rows_of_corrected_steps_are_runs():
    labels = np.full((2, 3, 4), 2, np.int8)
    labels[1, 2, 3], labels[0, 1, 2] = target_code(0), target_code(1)
    found = ns.selection.CorrectedSteps(
        "g", "meta_mapg", "pg", TARGETS, np.zeros((3, 2)), np.array([0, 5, 6, 90], np.int32), labels, False, False,
        0.95, Status.COMPLETE, record("corrected steps", {}),
    )  # fmt: skip
    columns = found.to_columns()
    rows = list(zip(*(columns[name].tolist() for name in ("rollout", "start", "steps", "outcome")), strict=True))
    assert len(rows) == 24
    assert [row for row in rows if row[3] != "cycling"] == [(0, 1, 6, "DDD"), (1, 2, 90, "CCC")]


def test_rows_of_a_line_are_the_points_of_its_scan():
    codes = np.array([2, 2, target_code(0)], np.int8)
    found = ns.selection.Line(
        "g", "r", TARGETS, (), (), np.array([0.0, 0.5, 1.0]), codes, np.array([0.75]), np.array([0.74]), codes[:1],
        Status.COMPLETE, record("line", {}),
    )  # fmt: skip
    columns = found.to_columns()
    assert columns["way"].tolist() == [0.0, 0.5, 1.0]
    assert columns["outcome"].tolist() == ["cycling", "cycling", "CCC"]


SHARES = (wilson(1, 10), wilson(9, 10), wilson(4, 10))
ASKED = {
    "shares": SHARES, "verdicts": (False, True, None), "trials": np.array([10, 10, 11]),
    "unsettled": np.array([0, 1, 2]), "movable": np.array([True, False, False]),
}  # fmt: skip


def test_rows_of_steering_and_of_sweeps_are_values():
    found = ns.selection.Steering(
        game="g", rule="r", parameter="peer", target="CC", at_least=0.5, about="starts", searched=(0.0, 4.0), scanned=3,
        values=np.array([0.0, 2.0, 4.0]), payoffs=np.arange(9.0).reshape(3, 3), prices=np.array([0.0, 1.0, 3.0]),
        priced_in="size", too_few=False, error=None, promise="none", status=Status.UNDECIDED,
        provenance=record("steering", {}), **ASKED,
    )  # fmt: skip
    columns = found.to_columns()
    assert columns["verdict"].tolist() == ["not reached", "reached", "open"]
    assert columns["share_high"].tolist() == [one.high for one in SHARES]
    assert [columns[f"payoff_{i}"].tolist() for i in (1, 2, 3)] == found.payoffs.T.tolist()
    assert [columns[name].tolist() for name in ("value", "price", "runs", "unsettled", "movable")] == [
        [0.0, 2.0, 4.0], [0.0, 1.0, 3.0], [10, 10, 11], [0, 1, 2], [True, False, False],
    ]  # fmt: skip
    swept = Sweep("g", "r", "peer", "CC", found.values, SHARES, (), Status.COMPLETE, record("sweep", {})).to_columns()
    assert swept["share_low"].tolist() == [one.low for one in SHARES]
    assert swept["value"].tolist() == [0.0, 2.0, 4.0]
    assert set(swept["parameter"]) == {"peer"}


def test_rows_of_combinations_hold_every_number():
    found = ns.selection.Combination(
        game="g", rule="r", parameters=("peer", "share"), target="CC", at_least=0.5,
        tried=np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]), costs=np.array([1.0, 2.0, 4.0]), combinations=9,
        status=Status.UNDECIDED, provenance=record("combination", {}), **ASKED,
    )  # fmt: skip
    columns = found.to_columns()
    assert columns["value_peer"].tolist() == [0.0, 2.0, 4.0]
    # a number may be called as a column is
    assert columns["value_share"].tolist() == [1.0, 3.0, 5.0]
    assert columns["share"].tolist() == [0.1, 0.9, 0.4]
    assert columns["cost"].tolist() == [1.0, 2.0, 4.0]


@dataclasses.dataclass(frozen=True, eq=False)
class Small(Result):
    level: float
    count: int | None
    held: bool | None
    words: str | None
    share: Estimate | None
    many: tuple[int, ...]
    status: Status
    provenance: Provenance


def small(*values):
    return Small(*values, (1, 2), Status.COMPLETE, record("small", {}))


def test_a_plain_result_is_one_row_with_the_same_columns_whatever_is_missing():
    full, empty = (
        small(*own).to_columns() for own in [(0.5, 3, True, "a", wilson(1, 4)), (0.5, None, None, None, None)]
    )
    names = ["level", "count", "held", "words", "share", "share_low", "share_high", "status", "question_key"]
    assert list(full) == list(empty) == names
    assert [own.dtype.kind for own in full.values()] == [own.dtype.kind for own in empty.values()]
    assert {name: own.tolist() for name, own in full.items()}["share_low"] == [wilson(1, 4).low]
    assert [full[name][0] for name in ("level", "count", "held", "words")] == [0.5, 3.0, 1.0, "a"]
    assert empty["words"][0] == ""
    assert all(np.isnan(empty[name][0]) for name in ("count", "held", "share", "share_low", "share_high"))


def uneven(found):
    return {"a": np.zeros(2), "b": np.zeros(3)}


def square(found):
    return {"a": np.zeros((2, 2))}


def objects(found):
    return {"a": np.array([None])}


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("uneven", r"columns of a Small have the shapes \{'a': \(2,\), 'b': \(3,\)\}; they all have one entry per row"),
        ("square", r"columns of a Small have the shapes \{'a': \(2, 2\)\}"),
        ("objects", "the column a of a Small is object; columns are numbers and texts"),
        ("nothing", f"Small names the as_columns '{__name__}:nothing', which cannot be loaded"),
    ],
)
def test_columns_that_are_no_table_are_refused(function, said, monkeypatch):
    monkeypatch.setattr(Small, "as_columns", f"{__name__}:{function}")
    with pytest.raises(InputError, match=said):
        small(0.5, 3, True, "a", None).to_columns()
