"""What tests and doctests share: programs that a compiler has made are kept for the next run, outside the checkout.

Compiling takes half of the time of all tests. Commands that tests start use the same folder. NASHSCAPE_CACHE says
where; "off" keeps nothing. All are traced: what is found by the text of the library is new with every change of it.
"""

import gc
import os
from contextlib import suppress
from pathlib import Path

from nashscape.tracing import keep_programs

with suppress(RuntimeError):  # nobody's home
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nashscape-tests"
    os.environ.setdefault("NASHSCAPE_CACHE", str(usual))
os.environ.setdefault("NASHSCAPE_FINISHED", "off")
keep_programs()


def pytest_collection_finish() -> None:
    """What has been imported is no garbage, and need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
