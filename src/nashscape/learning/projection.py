"""Where parameters may be: a box, or anywhere."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError, finite_number

ESCAPE = 1e4
"""A parameter beyond this counts as diverged: no policy needs logits so large."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Box:
    """Every parameter in `[low, high]`. Made by `box`; infinite bounds mean anywhere."""

    low: Any
    high: Any

    def project(self, theta: jax.Array) -> jax.Array:
        """The nearest point of the box, or NaN where the proposal diverged, so that this stays visible.

        A proposal diverges when it lies outside by more than the width of the box, or beyond 10⁴. Clipping it back
        would make a run that blew up look as if it had reached a corner.
        """
        width = jnp.asarray(self.high - self.low)
        sane = (theta < jnp.minimum(self.high + width, ESCAPE)) & (theta > jnp.maximum(self.low - width, -ESCAPE))
        return jnp.where(sane, jnp.clip(theta, self.low, self.high), jnp.nan)


def box(bound: float = 8.0, *, low: float | None = None) -> Box:
    """The box `[−bound, bound]` for every parameter, or `[low, bound]`.

    >>> float(box(8.0).project(jnp.asarray(11.0)))
    8.0

    Raises:
        InputError: when the box is empty or reaches past the bound of divergence, 10⁴.
    """
    high = finite_number(bound, "bound")
    bottom = -high if low is None else finite_number(low, "low")
    if not -ESCAPE < bottom < high < ESCAPE:
        raise InputError(f"a box needs −{ESCAPE:g} < low < high < {ESCAPE:g}; got [{bottom:g}, {high:g}]")
    return Box(bottom, high)


def unbounded() -> Box:
    """No projection: parameters may be anywhere."""
    return Box(-jnp.inf, jnp.inf)
