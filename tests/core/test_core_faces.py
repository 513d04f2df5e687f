"""What completion offers: of every module that users reach by a name, only what is theirs to use."""

import inspect
from types import ModuleType

import pytest

import nashscape as ns
from nashscape import environments

ROOMS = [environments, *(one for one in (getattr(ns, name) for name in ns.__all__) if isinstance(one, ModuleType))]
MODULES = {one.__name__: one for room in [ns, *ROOMS] for one in [room, *(getattr(room, name) for name in dir(room))]
           if isinstance(one, ModuleType) and one.__name__.startswith("nashscape")}  # fmt: skip


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_module_shows_what_is_of_this_library_and_there(module):
    assert len(MODULES) > 12
    shown = [name for name in dir(module) if not name.startswith("__")]
    assert shown
    for name in shown:
        own = getattr(module, name)
        home = own.__name__ if inspect.ismodule(own) else getattr(own, "__module__", None) or "nashscape"
        assert home.startswith(("nashscape", "builtins", "typing", "types", "collections")), (
            module.__name__,
            name,
            home,
        )
        assert not name.startswith("_"), (module.__name__, name)
