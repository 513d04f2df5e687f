"""What tests and doctests share: programs that a compiler has made are kept for the next run, outside the checkout.

They take half of the time of all tests. Each process has a folder of its own, of links to what is there already. It
hands over what it has made, and takes what others have, whenever it is done with a module, so that none ever reads what
another has half written, and what one has compiled the other need not. A folder belongs to one set of libraries on one
kind of processor. NASHSCAPE_TEST_CACHE says where; empty, nothing is kept.
"""

import hashlib
import os
import platform
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

MOST_BYTES, STALE = 6_000_000_000, 86_400.0
"""What is kept at most, and after how many seconds the folder of a process was left behind."""


def _kind() -> str:
    """What compiles, and the processor."""
    lock, info = Path(__file__).with_name("requirements.lock"), Path("/proc/cpuinfo")
    compiler = [line for line in lock.read_text(encoding="utf-8").splitlines() if line.startswith("jax")]
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else [platform.processor()]
    flags = next((line for line in lines if line.startswith(("flags", "Features"))), lines[0])
    return hashlib.sha256("".join([*compiler, flags]).encode()).hexdigest()[:16]


def _begin() -> tuple[Path, Path] | None:
    """The folder of all processes and the one of this process, filled with links."""
    # a worker inherits the folder of the process that started it, and makes its own
    given = Path(os.environ.get("JAX_COMPILATION_CACHE_DIR", "own-")).name
    if not given.startswith("own-") or os.environ.get("NASHSCAPE_TEST_CACHE") == "":
        return None
    try:
        usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nashscape-tests"
        chosen = os.environ.get("NASHSCAPE_TEST_CACHE", str(usual))
        kept = Path(chosen) / _kind()
        kept.mkdir(parents=True, exist_ok=True)
        for left in Path(chosen).glob("own-*"):
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)
        entries = list(kept.iterdir())
        if sum(entry.stat().st_size for entry in entries) > MOST_BYTES:
            shutil.rmtree(kept)
            kept.mkdir()
            entries = []
        own = Path(tempfile.mkdtemp(prefix="own-", dir=chosen))
        for entry in entries:
            (own / entry.name).hardlink_to(entry)
    except (OSError, RuntimeError):  # nowhere to keep them
        return None
    return kept, own


FOLDERS = _begin()
if FOLDERS is not None:
    # read by JAX when it is imported, here and in commands that tests start
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(FOLDERS[1])
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"
    # which would put the folder's name into the keys of programs
    os.environ["JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES"] = "none"


def _exchange() -> None:
    """Hand over what this process has made, and take what others have."""
    if FOLDERS is None:
        return
    kept, own = FOLDERS
    for source, target in ((own, kept), (kept, own)):
        with suppress(OSError):  # cleared away by another
            missing = set(os.listdir(source)) - set(os.listdir(target))
            for name in missing:
                with suppress(OSError):  # another was quicker
                    (target / name).hardlink_to(source / name)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Between modules nothing is being compiled."""
    if nextitem is None or nextitem.path != item.path:
        _exchange()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Hand over what this process has made, and clear up."""
    if FOLDERS is not None and FOLDERS[1].exists():
        _exchange()
        shutil.rmtree(FOLDERS[1], ignore_errors=True)
