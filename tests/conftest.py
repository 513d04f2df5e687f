"""What all tests share."""

import signal
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
