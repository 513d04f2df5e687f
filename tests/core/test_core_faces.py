"""The lazy faces of rooms: what is listed is there, for Python and for type checkers alike."""

import ast
import importlib
from pathlib import Path

import pytest

import nashscape as ns

FACES = [
    "nashscape",
    *(f"nashscape.{name}" for name in ("core", "games", "semantics", "learning", "dynamics", "selection")),
]


@pytest.mark.parametrize("name", FACES)
def test_what_a_face_lists_is_there_and_declared(name):
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    for listed in module.__all__:
        assert getattr(module, listed) is not None


@pytest.mark.parametrize("name", FACES)
def test_type_checkers_see_every_name(name):
    """Where names are loaded lazily they are imported for type checkers too, and listed one by one."""
    tree = ast.parse(Path(importlib.import_module(name).__file__).read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    [listed] = [node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"]
    names = ast.literal_eval(listed)
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(names) <= imported | defined


def test_the_top_level_lists_what_it_can_load():
    assert set(ns.__all__) == {*ns._FLOORS, *ns._WHERE}
    assert Path(ns.__file__).with_name("py.typed").exists()
