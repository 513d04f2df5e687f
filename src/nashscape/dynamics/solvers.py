"""Diffrax, imported when a flow is first followed: with what it stands on it takes as long to import as JAX itself."""

import functools
from typing import Any

import jax


@functools.cache
def solvers() -> tuple[Any, Any]:
    """Diffrax and Optimistix.

    A program may be being traced when they are first asked for; the constants that they make must not belong to it.
    """
    with jax.ensure_compile_time_eval():
        import diffrax
        import optimistix
    return diffrax, optimistix
