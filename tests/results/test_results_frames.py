"""Results in the hands of pandas, Polars, Arrow and xarray: nothing is lost of what columns say."""

import dataclasses
import json
import sys
from typing import ClassVar

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Provenance, Result, Status, label_names, record, target_code, wilson
from nashscape.core.grids import grid_of
from nashscape.dynamics.starts import cell_grid
from nashscape.selection.sweeps import Sweep

TARGETS = ("CCC", "DDD")


def as_columns(found):
    return found.columns


def as_grid(found):
    return found.grid


@dataclasses.dataclass(frozen=True, eq=False)
class Laid(Result):
    as_columns: ClassVar[str] = f"{__name__}:as_columns"
    as_grid: ClassVar[str] = f"{__name__}:as_grid"

    columns: dict[str, object]
    grid: dict[str, str]
    status: Status
    provenance: Provenance


def laid(columns, **grid):
    return Laid(columns, grid, Status.COMPLETE, record("laid", {"size": 3, "name": "κ"}))


KINDS = laid({
    "whole": np.array([3, -1, 2], np.int8), "number": np.array([0.1, np.nan, -np.inf]),
    "truth": np.array([1, 0, 1], bool), "text": np.array(["a", "", "κ"]),
    "complex": np.array([1 + 2j, 0, -1j]), "alone": 0.5, "said": "yes",
})  # fmt: skip


def same(one, other):
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_a_frame_of_pandas_holds_the_columns():
    columns, frame = KINDS.to_columns(), KINDS.to_frame()
    assert list(frame.columns) == list(columns)
    for name, own in columns.items():
        same(frame[name].to_numpy(), own)
    assert frame["whole"].dtype == np.int8


def test_a_frame_of_polars_and_an_arrow_table_hold_the_columns_with_complex_ones_in_parts():
    columns = KINDS.to_columns()
    parts = {"complex_real": columns["complex"].real, "complex_imag": columns["complex"].imag}
    wanted = {name: own for name, own in columns.items() if name != "complex"} | parts
    frame, table = KINDS.to_frame("polars"), KINDS.to_arrow()
    assert {*frame.columns} == {*table.column_names} == {*wanted}
    for name, own in wanted.items():
        same(frame[name].to_list(), own.tolist())
        same(table[name].to_pylist(), own.tolist())
    assert (str(frame["whole"].dtype), frame["number"].is_nan().to_list()) == ("Int8", [False, True, False])
    assert frame["number"].null_count() == 0


@pytest.mark.parametrize(
    ("package", "make"),
    [
        ("pandas", Laid.to_frame),
        ("polars", lambda found: found.to_frame("polars")),
        ("pyarrow", Laid.to_arrow),
        ("xarray", Laid.to_xarray),
    ],
)
def test_without_the_library_one_error_says_what_to_install(package, make, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    said = f"takes {package}, which is not installed: pip install {package}; it is in the extra nashscape"
    with pytest.raises(InputError, match=rf"{said}\[.*\]; to_columns gives"):
        make(KINDS)


def test_a_frame_of_another_library_is_refused():
    with pytest.raises(InputError, match=r"unknown library 'dask'.* Known: pandas, polars"):
        KINDS.to_frame("dask")


TURNED = {
    "value": np.array([5.0, 5.0, 1.0, 5.0, 1.0, 1.0]), "k": np.array([2, 0, 0, 1, 2, 1]),
    "found": np.array(["52", "50", "10", "51", "12", "11"]), "game": "g", "parameter": "peer",
}  # fmt: skip


def test_rows_in_any_order_come_to_their_places():
    grid = grid_of(laid(TURNED, peer="value", k="k"))
    assert {name: own.tolist() for name, own in grid.dimensions.items()} == {"peer": [5.0, 1.0], "k": [2, 0, 1]}
    assert grid.arrays["found"].tolist() == [["52", "50", "51"], ["12", "10", "11"]]
    assert list(grid.arrays) == ["found"]
    assert grid.scalars == {"game": "g", "parameter": "peer", "status": "COMPLETE",
                            "question_key": laid({}).question.key}  # fmt: skip


def test_a_number_that_is_called_as_a_column_leaves_it_its_name():
    assert list(grid_of(laid(TURNED, found="value", k="k")).dimensions) == ["value", "k"]


@pytest.mark.parametrize("rows", [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 4]])
def test_rows_that_are_no_grid_are_refused(rows):
    some = {name: own[rows] if isinstance(own, np.ndarray) else own for name, own in TURNED.items()}
    with pytest.raises(InputError, match="rows of this Laid are no grid over peer, k: combinations have no row"):
        grid_of(laid(some, peer="value", k="k"))


def test_results_that_are_laid_out_along_nothing_are_refused(monkeypatch):
    monkeypatch.setattr(Laid, "as_grid", "")
    with pytest.raises(InputError, match="rows of a Laid are no grid; to_frame and to_columns"):
        grid_of(laid(TURNED))


def a_map(players=3, rollouts=2, size=3):
    shape, random = (rollouts, *(size,) * players), np.random.default_rng(3)
    labels = random.choice(sorted(label_names(TARGETS)), shape).astype(np.int8)
    return ns.selection.BasinMap(
        game="three", rule="pg", targets=TARGETS, layout=cell_grid(players, size), level=0.95, at_random=False,
        labels=labels, held=random.integers(-1, 2, shape).astype(np.int8),
        first_hit=random.integers(-1, 9, shape).astype(np.int32), exact=False, status=Status.UNRESOLVED,
        provenance=record("basin map", {"grid": size}), reduced={"place": random.random((*shape, 2))},
    )  # fmt: skip


def an_entry(runs):
    return ns.selection.Entry(
        game="g", rule="r", targets=TARGETS, labels=np.full(runs, 2, np.int8), held=np.full(runs, -1, np.int8),
        first_hit=np.arange(runs, dtype=np.int32), reduced={}, exact=True, at_random=True, level=0.9,
        status=Status.COMPLETE, provenance=record("entry", {}),
    )  # fmt: skip


def a_diagram(**changed):
    counts = np.random.default_rng(1).integers(0, 9, (2, 3, len(label_names(TARGETS))))
    given = {
        "game": "three", "rule": "pg", "parameter": "T", "couplings": np.array([0.7, 0.2]),
        "values": np.array([1.0, 5.0, 2.0]), "targets": TARGETS, "counts": counts, "diagonal": None,
        "bounds": (-np.inf, np.inf), "closed": None, "status": Status.COMPLETE,
        "provenance": record("phase diagram", {}), "first": "delay",
    }  # fmt: skip
    return ns.selection.PhaseDiagram(**given | changed)


SHARES = (wilson(1, 10), wilson(9, 10), wilson(4, 10))
SWEEP = Sweep("g", "r", "peer", "CC", np.array([4.0, 0.0, 1.0]), SHARES, (), Status.COMPLETE, record("sweep", {}))
STEPS = ns.selection.CorrectedSteps(
    "g", "meta_mapg", "pg", TARGETS, np.zeros((3, 2)), np.array([0, 5, 90], np.int32),
    np.random.default_rng(2).choice(np.array([2, target_code(0)], np.int8), (2, 3, 3)), False, False, 0.95,
    Status.COMPLETE, record("corrected steps", {}),
)  # fmt: skip


def test_what_results_are_laid_out_along():
    found = a_map()
    grid = grid_of(found)
    assert list(grid.dimensions) == ["rollout", "p1", "p2", "p3"]
    same(grid.dimensions["p2"], found.axis)
    names = label_names(TARGETS)
    same(grid.arrays["outcome"], np.vectorize(names.get)(found.labels))
    same(grid.arrays["place_1"], found.reduced["place"][..., 1])
    assert (grid.scalars["rule"], grid.scalars["status"]) == ("pg", "UNRESOLVED")
    assert {name: own.tolist() for name, own in grid_of(SWEEP).dimensions.items()} == {"peer": [4.0, 0.0, 1.0]}
    assert grid_of(SWEEP).arrays["share_low"].tolist() == [one.low for one in SHARES]
    diagram = a_diagram()
    cells = grid_of(diagram)
    assert {name: own.tolist() for name, own in cells.dimensions.items()} == {"delay": [0.7, 0.2], "T": [1, 5, 2]}
    same(cells.arrays["share_CCC"], diagram.fraction("CCC"))
    line = a_diagram(parameter=None, values=None, counts=diagram.counts[:, 0], first="coupling")
    assert list(grid_of(line).dimensions) == ["coupling"]
    assert {name: len(own) for name, own in grid_of(STEPS).dimensions.items()} == {"rollout": 2, "start": 3, "steps": 3}
    assert grid_of(an_entry(4)).arrays["first_hit"].tolist() == [0, 1, 2, 3]
    assert grid_of(an_entry(0)).arrays["first_hit"].shape == (0,)


EVERY = {"map": a_map(), "entry": an_entry(3), "sweep": SWEEP, "diagram": a_diagram(), "steps": STEPS}


@pytest.mark.parametrize("found", EVERY.values(), ids=EVERY)
def test_a_dataset_has_all_that_columns_have(found):
    pytest.importorskip("xarray", reason="datasets need the extra nashscape[frames]")
    data, columns = found.to_xarray(), found.to_columns()
    rows = data.to_dataframe().reset_index()
    names = {
        column: dimension
        for dimension, column in ns.core.pictures.function_named(type(found), "as_grid")(found).items()
    }
    assert {names.get(name, name) for name in columns} == {*rows.columns}
    for name, own in columns.items():
        same(rows[names.get(name, name)].to_numpy(), own)
    assert json.loads(data.attrs["question"]) == found.question.data
    assert (data.attrs["kind"], data["rule"].item()) == (found.question.kind, found.rule)


def test_datasets_of_several_rules_are_joined_along_the_rule():
    xarray = pytest.importorskip("xarray", reason="datasets need the extra nashscape[frames]")
    other = dataclasses.replace(SWEEP, rule="s", estimates=SHARES[::-1], provenance=record("sweep", {"rule": "s"}))
    both = xarray.concat([SWEEP.to_xarray(), other.to_xarray()], dim="rule", coords="different", compat="equals")
    assert both["share"].sel(rule="s", peer=4.0).item() == SHARES[-1].value
    assert both["question_key"].to_series().to_dict() == {"r": SWEEP.question.key, "s": other.question.key}
