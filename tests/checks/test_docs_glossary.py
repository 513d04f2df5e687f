"""The glossary has every label, status and verdict, and the heading of every column of the tables."""

import ast
import re

import pytest
from checks.pages import ROOT

from nashscape.core import Outcome, Status, label_names
from nashscape.systems.card_texts import FIDELITIES, STATUSES

PAGE = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
FIRST_CELLS = [line.split("|")[1].strip().replace("`", "") for line in PAGE.splitlines() if line.startswith("| ")]
WORDS = {word for cell in FIRST_CELLS for word in (cell, *re.split(r", |; ", cell), *cell.split("; "))}


def headings():
    """The headings that are written as texts where tables are made, with the files that do."""
    found = {}
    for path in sorted((ROOT / "src/nashscape").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "report" in path.parts or "Table(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Table":
                written = ast.walk(node.args[1]) if len(node.args) > 1 else ()
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                if getattr(node.targets[0], "id", "").lower() != "columns":
                    continue
                written = ast.walk(node.value)
            else:
                continue
            names = [one.value for one in written if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            found |= {name.replace("\n", " "): path.name for name in names if name}
    return found


def test_every_heading_of_a_table_is_explained():
    found = headings()
    assert len(found) > 80
    assert {name: file for name, file in found.items() if name not in WORDS} == {}


def test_every_label_is_explained():
    names = label_names(["CC"]).values()
    assert len(names) == len(Outcome) + 2
    assert [name for name in names if name not in WORDS and f"{name} (the name of a target)" not in WORDS] == []


@pytest.mark.parametrize("words", [[one.value for one in Status], list(STATUSES), list(FIDELITIES)])
def test_every_status_is_explained(words):
    assert [word for word in words if word not in WORDS and f"**{word}**" not in PAGE.replace("\n", " ")] == []
