import dataclasses
import enum
import json
import math
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from nashscape import core
from nashscape.core import InputError, Outcome, Provenance, Result, Status, citations

MINE = core.Source("mine", "Stranger: A Rule of My Own. 2026.", "https://example.org/rule")


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass(frozen=True)
class Example(Result):
    labels: np.ndarray
    shares: Mapping[object, object]
    estimate: core.Estimate
    status: Status
    provenance: Provenance


def example() -> Example:
    provenance = core.record(
        "example", {"grid": np.int64(51)}, seed=3, sources=[citations.WILSON, citations.THREEFRY, citations.WILSON]
    )
    shares = {"CC": math.nan, Colour.RED: np.float32(math.inf), (0, 1): np.array([1.0, -math.inf])}
    return Example(np.array([[0, 5]]), shares, core.wilson(1, 4), Status.UNRESOLVED, provenance)


def test_a_result_is_valid_json(tmp_path):
    data = json.loads(example().to_json(tmp_path / "result.json"), parse_constant=pytest.fail)
    assert data == json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert data["labels"] == [[0, 5]]
    assert data["shares"] == {"CC": None, "RED": "Infinity", "(0, 1)": [1.0, "-Infinity"]}
    assert data["status"] == "UNRESOLVED"
    assert data["estimate"]["successes"] == 1
    assert data["provenance"]["question"]["asked"] == {"grid": 51, "seed": 3, "precision": "float64"}


def test_a_result_cites_each_source_once():
    lines = example().citation.split("\n")
    known = ["The nashscape developers", "Wilson", "Salmon, Moraes, Dror, Shaw"]
    assert [line.split(":")[0] for line in lines] == known
    with pytest.raises(InputError, match=r"nashscape.core.Source\(key, text, url\).*got 'wilsn'"):
        core.record("any", {}, sources=["wilsn"])
    with pytest.raises(InputError, match="got 'w'"):
        core.record("any", {}, sources="wilson")


def test_a_strangers_source_goes_with_the_result_and_through_its_data():
    made = core.record("any", {"grid": 51}, sources=[MINE])
    assert made.citation.splitlines()[1:] == ["Stranger: A Rule of My Own. 2026. https://example.org/rule"]
    [data] = made.to_dict()["sources"]
    assert core.Source.from_plain(json.loads(json.dumps(data))) == MINE
    assert core.Source.from_plain("lola") == core.Source("lola", "lola")


@pytest.mark.parametrize("key", sorted(name for name in vars(citations) if name.isupper()))
def test_every_source_is_cited_with_its_address(key):
    source = getattr(citations, key)
    assert source.key == key.lower()
    assert source.url in core.cite([source])
    assert re.search(r"\b1[89]\d\d\b|\b20\d\d\b", source.text)


def test_plain_data_of_what_results_hold():
    value = {"z": 1 + 2j, "s": {2, 1}, "p": Path("a"), "f": core.wilson, "t": np.float64, "b": np.bool_(True)}
    assert core.plain(value) == {
        "z": [1.0, 2.0],
        "s": [1, 2],
        "p": "a",
        "f": "nashscape.core.statistics.estimates.wilson",
        "t": "numpy.float64",
        "b": True,
    }
    with pytest.raises(TypeError, match="to_dict"):
        core.plain(object())


def test_the_key_depends_on_what_was_asked_and_on_nothing_else():
    asked = {"payoffs": np.array([1.0, math.nan]), "grid": 51, "rule": {"peer": 1.5, "own": 0.35}}
    turned = {"rule": {"own": np.float64(0.35), "peer": 1.5}, "grid": np.int32(51), "payoffs": asked["payoffs"]}
    first = core.record("map", asked, seed=1, run_seconds=2.0)
    assert first.question.key == core.record("map", turned, seed=1, devices=4).question.key
    others = [
        core.record("map", asked, seed=2),
        core.record("map", asked, seed=1, precision="float32"),
        core.record("map", asked | {"grid": 52}, seed=1),
        core.record("entry", asked, seed=1),
    ]
    assert len({first.question.key, *(other.question.key for other in others)}) == 5


def test_costs_and_notes_of_several_runs_are_added_up():
    one = core.record("any", {}, compile_seconds=1, run_seconds=2, trajectory_steps=3, notes=["a"], sources=[MINE])
    other = core.record("other", {}, compile_seconds=10, run_seconds=20, trajectory_steps=30, notes=["b", "a"])
    both = one.together(other, other)
    assert (both.compile_seconds, both.run_seconds, both.trajectory_steps) == (21.0, 42.0, 63)
    assert (both.notes, both.sources, both.question) == (("a", "b"), (MINE,), one.question)
    asked = both.asking("third", without=["seed"], more=1).question
    assert (asked.kind, asked["more"], "seed" in asked.parts) == ("third", 1, False)


def test_provenance_knows_the_versions():
    data = core.record("any", {}).to_dict()
    assert data["libraries"]["numpy"] == np.__version__
    assert data["version"]
    assert data["question"]["key"]


def test_outcomes_and_targets_share_one_code():
    assert [int(o) for o in Outcome] == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert np.array([Outcome.CYCLING]).dtype.kind == "i"
    assert core.target_code(0) == Outcome.TARGET
    assert core.label_names(["CC", "DD"]) == {
        0: "out of budget",
        1: "diverged",
        2: "cycling",
        3: "stationary unknown",
        4: "other equilibrium",
        5: "slow",
        6: "noisy",
        7: "fragile",
        8: "CC",
        9: "rest within CC",
        10: "passing CC",
        11: "DD",
        12: "rest within DD",
        13: "passing DD",
    }
    assert core.is_complete(np.arange(14, dtype=np.int8)).nonzero()[0].tolist() == [3, 4, 8, 9, 11, 12]
    with pytest.raises(InputError, match="name fewer targets"):
        core.target_code(40)
    for targets in (["CC", "CC"], ["cycling"]):
        with pytest.raises(InputError, match="used twice"):
            core.label_names(targets)
    with pytest.raises(InputError, match="numbered from 0"):
        core.target_code(-1)


@pytest.mark.parametrize("member", [*Outcome, *Status])
def test_every_code_carries_advice(member):
    assert member.advice.endswith(".")
    assert getattr(member, "meaning", ".").endswith(".")


def test_core_loads_neither_jax_nor_scipy():
    source = str(Path(core.__file__).parents[2])
    code = (
        f"import sys; sys.path.insert(0, {source!r}); import nashscape.core;"
        "sys.exit(bool({'jax', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
