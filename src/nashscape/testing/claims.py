"""What the kits say where something is not as it must be."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError


def tried(said: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives, or `AssertionError` with what it raised; errors in words of our own pass through.

    Raises:
        AssertionError: where it fails.
    """
    try:
        return function(*arguments)
    except (AssertionError, InputError):
        raise
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else "no word"
        hint = (
            "; JAX traces it: use jax.numpy and jnp.where in place of NumPy, if and float()"
            if "Tracer" in type(error).__name__ or "Concretization" in type(error).__name__
            else ""
        )
        raise AssertionError(f"{said} fails with {type(error).__name__}: {first}{hint}") from error


def claim(holds: Any, said: str) -> None:
    """Raise `AssertionError` with these words unless something holds; not by `assert`, which Python may leave out."""
    if not bool(np.all(holds)):
        raise AssertionError(said)


def close(one: npt.ArrayLike, other: npt.ArrayLike, said: str, *, unit: float = 1.0, rounding: float = 1e-4) -> None:
    """Claim that numbers agree but for single precision, in a unit."""
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    claim(a.shape == b.shape, f"{said}: shapes {a.shape} and {b.shape}")
    apart = float(np.max(np.abs(a - b), initial=0.0)) if np.isfinite(a).all() and np.isfinite(b).all() else np.inf
    claim(apart <= rounding * max(unit, 1e-300), f"{said}: {a.round(6).tolist()} and {b.round(6).tolist()}")
