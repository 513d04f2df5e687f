"""What tests and doctests share: programs that a compiler has made are kept for the next run, outside the checkout.

Compiling takes half of the time of all tests. Commands that tests start use the same folder. NASHSCAPE_CACHE says
where; "off" keeps nothing.

Of what a warm run does for each of thousands of small programs, two things hang on no test: JAX sets up a context of
MLIR for each (here one serves a module), and Python looks through all that has been imported for garbage (not here).
"""

import gc
import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nashscape.core import keep_programs

with suppress(RuntimeError):  # nobody's home
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nashscape-tests"
    os.environ.setdefault("NASHSCAPE_CACHE", str(usual))
keep_programs()


def _new_context() -> None:
    """Programs that are lowered from here on share a context, which goes with the last of them."""
    lowering: Any = sys.modules.get("jax._src.interpreters.mlir")
    make = getattr(lowering, "make_ir_context", None)  # JAX's own affair: where it is no more, nothing is shared
    if make is not None:
        lowering.make_ir_context = cache(getattr(make, "__wrapped__", make))


def pytest_collection_finish() -> None:
    """What has been imported is no garbage, and need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    _new_context()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Each module has a context of its own."""
    if nextitem is None or nextitem.path != item.path:
        _new_context()
