"""Where parameters may be: a box, or anywhere."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError, finite_number

ESCAPE = 1e4
"""Without a box, parameters beyond this count as diverged: no policy needs logits so large."""

WIDTHS = 10.0
"""With a box, a proposal that overshoots it by more than so many of its widths counts as diverged."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Box:
    """Every parameter in `[low, high]`. Made by `box`; infinite bounds mean anywhere."""

    low: Any
    high: Any
    escape: Any = ESCAPE

    def project(self, theta: jax.Array) -> jax.Array:
        """The nearest point of the box, or NaN where the proposal diverged, so that this stays visible.

        A proposal diverges when it is not finite or beyond `escape` in size. Clipping it back would make a run that
        blew up look as if it had reached a corner.
        """
        return jnp.where(jnp.abs(theta) < self.escape, jnp.clip(theta, self.low, self.high), jnp.nan)


def box(bound: float = 8.0, *, low: float | None = None, escape: float | None = None) -> Box:
    """The box `[−bound, bound]` for every parameter, or `[low, bound]`.

    Args:
        bound: the upper bound.
        low: the lower bound; by default `−bound`.
        escape: a proposal beyond this, before it is clipped, counts as diverged; by default one that overshoots the
            box by more than ten times its width.

    Raises:
        InputError: when the box is empty or reaches past 10⁴ or `escape`.

    Example:
        >>> box(8.0).project(jnp.asarray([11.0, 1e9])).tolist()
        [8.0, nan]
    """
    high = finite_number(bound, "bound")
    bottom = -high if low is None else finite_number(low, "low")
    if not -ESCAPE < bottom < high < ESCAPE:
        raise InputError(f"a box needs −{ESCAPE:g} < low < high < {ESCAPE:g}; got [{bottom:g}, {high:g}]")
    edge = max(abs(bottom), abs(high))
    if escape is None:
        escape = edge + WIDTHS * (high - bottom)
    return Box(bottom, high, finite_number(escape, "escape", low=edge, low_open=True))


def unbounded(*, escape: float = ESCAPE) -> Box:
    """No projection: parameters may be anywhere up to `escape` in size, beyond which a run counts as diverged."""
    return Box(-jnp.inf, jnp.inf, finite_number(escape, "escape", low=0.0, low_open=True))
