"""What completion offers: of every module that users reach by a name, only what is theirs to use."""

import inspect
import subprocess
import sys
from types import ModuleType

import pytest

import nashscape as ns

ROOMS = [one for one in (getattr(ns, name) for name in dir(ns)) if isinstance(one, ModuleType)]
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


@pytest.mark.parametrize(
    ("room", "name", "said"),
    [
        (ns.games, "stag_hnt", "nashscape.games has no 'stag_hnt'; did you mean 'stag_hunt'?"),
        (ns, "basin_mpa", "nashscape has no 'basin_mpa'; did you mean 'basin_map'?"),
        (ns, "chicken", "nashscape has no 'chicken'; it is nashscape.games.chicken"),
        (ns.learning, "certify", "nashscape.learning has no 'certify'; it is nashscape.certify"),
        (ns.games, "quidditch", "nashscape.games has no 'quidditch'"),
        (ns.games, "_chicken", "nashscape.games has no '_chicken'"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_there_is_told_with_the_one_that_is(room, name, said):
    with pytest.raises(AttributeError) as caught:
        getattr(room, name)
    assert str(caught.value) == said
    assert caught.value.name is None, "or Python adds a second suggestion"


def test_rooms_beyond_the_sixty_names_are_reached_without_an_import():
    rooms = ("environments", "neural", "proofs", "testing", "tracing")
    code = f"import nashscape as ns; print(*(getattr(ns, name).__name__ for name in {rooms!r}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert said == [f"nashscape.{name}" for name in rooms]
    assert set(rooms) < set(dir(ns))
    assert len(ns.__all__) <= 60
