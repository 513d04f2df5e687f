"""The faces of rooms: what a stub lists is there, and is loaded only when it is used."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest

import nashscape as ns

ROOMS = (
    "core", "games", "semantics", "learning", "dynamics", "theory", "checking", "selection", "figures", "studies",
    "systems",
)  # fmt: skip
FACES = ["nashscape", *(f"nashscape.{name}" for name in ROOMS)]


@pytest.mark.parametrize("name", FACES)
def test_what_a_face_lists_is_there_and_of_its_own_room(name):
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__)) > 1
    for listed in module.__all__:
        found = getattr(module, listed)
        assert not isinstance(found, type | FunctionType) or found.__module__.startswith(name), listed
    assert dir(module) == module.__all__
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # noqa: B018


def test_types_come_with_the_package():
    assert Path(ns.__file__).with_name("py.typed").exists()


def test_a_map_of_basins_loads_neither_proofs_nor_what_only_they_need():
    code = (
        "import sys, nashscape\n"
        "print('jax' in sys.modules, 'numpy' in sys.modules)\n"
        "from nashscape.selection import basin_map, compare\n"
        "print(sorted({'equinox', 'matplotlib', 'optax', 'scipy'} & set(sys.modules)))\n"
        "print([name for name in sys.modules if name.startswith('nashscape.theory.')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False False", "[]", "[]"]
