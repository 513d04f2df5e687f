"""What all tests share."""

import importlib
import signal
import sys
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as where a shell starts tests in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)

PLACES = 20_000
"""Of memory that a process has mapped: a system allows some 65,000, and each compiled program takes about thirty."""


@pytest.fixture(autouse=True, scope="module")
def _room_for_programs():
    """Forget the programs of earlier modules before the process may map no more, which ends it without a word."""
    yield
    maps = Path("/proc/self/maps")
    if maps.exists() and maps.read_bytes().count(b"\n") > PLACES:
        import jax

        jax.clear_caches()


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Installs packages, as pip leaves them, with what they announce."""

    def install(name, modules=None, group="nashscape.boxes", **points):
        folder = tmp_path / f"{name}-2.1.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n")
        (folder / "entry_points.txt").write_text("\n".join([f"[{group}]", *(f"{k} = {v}" for k, v in points.items())]))
        for module, text in (modules or {}).items():
            (tmp_path / f"{module}.py").write_text(text)
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()

    return install
