"""What the kits say where something is not as it must be."""

from typing import Any

import numpy as np
import numpy.typing as npt


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
