"""Every public name has an entry in the API pages, and a docstring of its own."""

import ast
import inspect
import re
from functools import reduce
from importlib import import_module
from types import ModuleType

import pytest
from checks.pages import ROOT

import nashscape as ns

ENTRY = re.compile(r"^::: nashscape\.(\S+)$", re.MULTILINE)
PAGES = sorted((ROOT / "docs/api").glob("*.md"))
WHOLE = ("dynamics.starts", "learning.schedules", "games.topology")
HOMES = {
    "app": "explorer", "checking": "proofs", "core": "results", "dynamics": "runs", "environments": "environments",
    "evolution": "evolution", "figures": "figures", "games": "games", "learning": "learning", "neural": "neural",
    "populations": "populations", "programs": "programs",
    "proofs": "proofs", "ranking": "ranking", "report": "studies", "selection": "measuring", "semantics": "players",
    "studies": "studies", "systems": "studies", "testing": "testing", "theory": "theory",
    "tournaments": "tournaments", "tracing": "results",
}  # fmt: skip
"""On which page of the API a name of a room is usually found."""
ROOMS = [
    "", "app", "checking", "core", "dynamics", "environments", "evolution", "figures", "games", "learning", "neural",
    "populations", "programs", "proofs", "ranking", "report", "selection", "semantics", "studies", "systems", "testing",
    "theory", "tournaments", "tracing", "dynamics.reducers",
]  # fmt: skip


def public(room):
    """The public names of a room, without its rooms and modules, by dotted name."""
    module = import_module(f"nashscape.{room}") if room else ns
    names = getattr(module, "__all__", None) or dir(module)
    found = {f"{room}.{name}" if room else name: getattr(module, name) for name in names if not name.startswith("_")}
    return {name: own for name, own in found.items() if type(own) is not ModuleType}


NAMES = {name: own for room in ROOMS for name, own in public(room).items()}
LISTED = [name for path in PAGES for name in ENTRY.findall(path.read_text(encoding="utf-8"))]


def found(dotted):
    """What a dotted name stands for."""
    for whole in (*ROOMS[1:], *WHOLE):
        import_module(f"nashscape.{whole}")
    return reduce(getattr, dotted.split("."), ns)


def test_every_public_name_is_listed_once_and_nothing_else_is():
    assert len(NAMES) > 400
    assert len(set(LISTED)) == len(LISTED)
    within = {f"{whole}.{name}" for whole in WHOLE for name in dir(import_module(f"nashscape.{whole}"))}
    there = {(name.rpartition(".")[2], id(found(name))) for name in [*LISTED, *within]}
    missing = [name for name, own in NAMES.items() if (name.rpartition(".")[2], id(own)) not in there]
    lines = "\n".join(f"docs/api/{HOMES[name.partition('.')[0]]}.md\n::: nashscape.{name}" for name in missing)
    assert missing == [], f"add each to a page of docs/api, for instance\n{lines}"
    assert [name for name in LISTED if name not in NAMES and name not in WHOLE] == []


def documented_constant(dotted):
    """Whether a constant has a text behind it, in the one module of its room where it is assigned."""
    room, _, name = dotted.rpartition(".")
    said = []
    for path in ROOT.joinpath("src/nashscape", *room.split(".")).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not re.search(rf"^{name}\b.* = ", text, re.MULTILINE):
            continue
        body = ast.parse(text).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if any(isinstance(one, ast.Name) and one.id == name for one in targets):
                said.append(isinstance(getattr(after, "value", None), ast.Constant))
    return any(said)


@pytest.mark.parametrize("name", [name for name in LISTED if name not in WHOLE])
def test_every_listed_name_says_what_it_is(name):
    own = found(name)
    if inspect.isclass(own):
        text = vars(own).get("__doc__") or ""
        assert text.strip(), name
        assert not text.startswith(f"{own.__name__}("), "a text that dataclasses write says nothing"
    elif callable(own) and hasattr(own, "__name__") and inspect.unwrap(own).__doc__ is not None:
        assert inspect.unwrap(own).__doc__.strip(), name
    else:
        assert documented_constant(name), f"{name} has no text behind it"
