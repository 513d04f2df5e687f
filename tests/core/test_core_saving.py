"""Saved results as files: what is refused, and why; what others bring."""

import dataclasses
import json
from importlib import metadata
from typing import Any, ClassVar

import numpy as np
import pytest

from nashscape.core import InputError, Provenance, Result, Status, load, record
from nashscape.core.files import kinds
from nashscape.core.files.saving import checksum
from nashscape.testing.sameness import unequal


@dataclasses.dataclass(frozen=True, eq=False)
class Found(Result):
    question_kind: ClassVar[str] = "found in a test"
    share: float
    labels: Any
    inner: "Result | None"
    status: Status
    provenance: Provenance


def found(inner=None, labels=()):
    return Found(-0.0, labels, inner, Status.UNDECIDED, record("found in a test", {"labels": labels}, seed=3))


class Announced:
    """What an installed package would announce."""

    def __init__(self, **places):
        self.points = [metadata.EntryPoint(name.replace("_", " "), own, kinds.GROUP) for name, own in places.items()]

    def __call__(self, *, group):
        return self.points if group == kinds.GROUP else []


@pytest.fixture(autouse=True)
def announced(monkeypatch):
    """The class of this module, as that of a package that is installed."""
    monkeypatch.setattr(metadata, "entry_points", Announced(found_in_a_test=f"{__name__}:Found"))


def test_a_result_of_a_class_of_somebody_else_is_read_by_what_its_package_announces(tmp_path):
    inner = found(labels=np.arange(5000))
    one = found(inner, np.array([[1, 2]], np.int8))
    path = one.save(tmp_path / "found.json")
    again = load(path)
    assert list(unequal(one, again)) == []
    assert again.question.key == one.question.key
    document = json.loads(path.read_text(encoding="utf-8"))
    assert list(document) == ["nashscape", "kind", "schema", "sha256", "fields"]
    assert (document["kind"], document["schema"]) == ("found in a test", 1)
    assert document["fields"]["inner"]["kind"] == "found in a test"
    assert "digest" not in json.dumps({**document["fields"], "provenance": None})


def test_a_question_keeps_its_key_and_what_could_not_be_described(tmp_path):
    one = found(labels=iter([]))
    one = dataclasses.replace(one, labels=None)
    again = load(one.save(tmp_path / "found.json"))
    assert again.question == one.question
    assert again.question.key is None
    assert again.question.unknown == one.question.unknown != ()


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(tmp_path, share):
    path = found(labels=np.arange(3)).save(tmp_path / "found.json")
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(text[: int(len(text) * share)], encoding="utf-8")
    with pytest.raises(InputError, match=r"found.json is no whole JSON document: .*; it was cut off or edited"):
        load(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"share": -0.0', '"share": 0.0'), ('"share"', '"shore"'), ('"schema":1', '"schema":2'), ("UNDEC", "COMPL")],
)
def test_a_file_that_was_edited_is_refused(tmp_path, old, new):
    path = found().save(tmp_path / "found.json")
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=r"changed after it was written: its checksum does not agree"):
        load(path)


def edited(path, **changes):
    """The file with some of its document changed, and a checksum that agrees."""
    document = json.loads(path.read_text(encoding="utf-8")) | changes
    document = {name: own for name, own in document.items() if own is not None}
    path.write_text(json.dumps(document | {"sha256": checksum(document)}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"kind": "found in a tset"},
            "unknown kind of result 'found in a tset'; did you mean 'found in a test'.*Install the package .* group "
            "'nashscape.results'",
        ),
        ({"schema": 3}, "has schema 3, and those up to 1 are read: a newer version saved it; upgrade the package"),
        ({"schema": 0}, "schema 0 is too old to be read; compute it again, or read it with the version that saved it"),
        ({"fields": {"share": 0.5}}, r"does not hold what a result of its kind is made of \(TypeError.*'labels'"),
        ({"fields": {"shore": 0.5}}, "a Found has no field 'shore'; it has share, labels"),
        ({"fields": [1]}, "does not hold what a result of its kind is made of"),
        ({"schema": None}, "holds no result; those are written by result.save"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path, changes, said):
    path = edited(found().save(tmp_path / "found.json"), **changes)
    with pytest.raises(InputError, match=said):
        load(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "holds no result"),
        ('{"share": NaN}', "it holds NaN, which is no number"),
        ("[" * 100_000, "no whole JSON document"),
        ("\x00", "no whole JSON document"),
    ],
)
def test_files_that_are_no_results_are_refused(tmp_path, text, said):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load(path)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        load(tmp_path / "nothing.json")


@pytest.mark.parametrize("path", [None, 3, b"found.json"])
def test_what_is_no_path_is_refused(path):
    for use in (load, found().save):
        with pytest.raises(InputError, match=r"expected the path of a file, such as 'result.json'; got "):
            use(path)


def test_an_older_file_is_brought_up_to_date_step_by_step(tmp_path, monkeypatch):
    path = found().save(tmp_path / "found.json")
    fields = json.loads(path.read_text(encoding="utf-8"))["fields"]
    old = {"percent": 25.0} | {name: own for name, own in fields.items() if name != "share"}
    edited(path, fields=old)
    monkeypatch.setattr(Found, "schema", 3)
    steps = {
        1: lambda own: {"part": own["percent"] / 100} | {name: x for name, x in own.items() if name != "percent"},
        2: lambda own: {"share": own["part"]} | {name: x for name, x in own.items() if name != "part"},
    }
    monkeypatch.setattr(Found, "migrations", steps)
    assert load(path).share == 0.25
    monkeypatch.setattr(Found, "migrations", {1: steps[1]})
    with pytest.raises(InputError, match="schema 2 is too old"):
        load(path)


def test_a_class_that_cannot_be_loaded_is_named(tmp_path, monkeypatch):
    path = found().save(tmp_path / "found.json")
    monkeypatch.setattr(metadata, "entry_points", Announced(found_in_a_test="nowhere_at_all:Found"))
    said = "'found in a test' is announced by somebody as 'nowhere_at_all:Found', which cannot be loaded: ModuleNot"
    with pytest.raises(InputError, match=said):
        load(path)


def test_entry_points_are_read_only_for_kinds_that_are_not_ours(monkeypatch):
    monkeypatch.setattr(metadata, "entry_points", pytest.fail)
    assert kinds.result_of("entry").__name__ == "Entry"


def test_hints_that_no_module_tells_leave_the_others_as_they_are(tmp_path, monkeypatch):
    class Unknown:
        pass

    @dataclasses.dataclass(frozen=True, eq=False)
    class Local(Found):
        question_kind: ClassVar[str] = "local"
        more: "tuple[Unknown, ...]" = (1, "a")

    monkeypatch.setattr(kinds, "result_of", {"local": Local}.get)
    one = Local(0.5, None, None, Status.COMPLETE, record("local", {}))
    assert list(unequal(one, load(one.save(tmp_path / "local.json")))) == []


def test_a_class_without_a_kind_of_its_own_is_refused(tmp_path):
    @dataclasses.dataclass(frozen=True, eq=False)
    class Derived(Found):
        pass

    derived = Derived(0.5, None, None, Status.COMPLETE, record("derived", {}))
    with pytest.raises(InputError, match=r'a Derived cannot be saved: .*no kind of its own, as in question_kind = "my'):
        derived.save(tmp_path / "derived.json")
    assert list(tmp_path.iterdir()) == []
