"""Where parameters may be: a box, anywhere, or the simplexes of probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.reprs import called
from nashscape.games.forms.differentiable_checks import bounds_of
from nashscape.games.sets_of_points import check_set
from nashscape.semantics import Semantics

if TYPE_CHECKING:
    from typing_extensions import TypeIs

ESCAPE = 1e4
"""Without a box, parameters beyond this count as diverged: no policy needs logits so large."""

WIDTHS = 10.0
"""With a box, a proposal that overshoots it by more than so many of its widths counts as diverged."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
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

    def __repr__(self) -> str:
        return (
            called("unbounded")
            if self.high == jnp.inf
            else called("box", self.high)
            if self.low == -self.high
            else called("box", self.high, low=self.low)
        )


def is_box(projection: Any) -> "TypeIs[Box]":
    """Whether a projection keeps every parameter between two bounds of its own, `low` and `high`."""
    return hasattr(projection, "low") and hasattr(projection, "high")


@public()
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


@public()
def unbounded(*, escape: float = ESCAPE) -> Box:
    """No projection: parameters may be anywhere up to `escape` in size, beyond which a run counts as diverged."""
    return Box(-jnp.inf, jnp.inf, finite_number(escape, "escape", low=0.0, low_open=True))


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Simplexes:
    """Probabilities: parameters in blocks, each on the simplex of that many entries. Made by `simplexes`."""

    lengths: tuple[int, ...] = field(metadata={"static": True})
    escape: Any = ESCAPE

    def project(self, theta: jax.Array) -> jax.Array:
        """The nearest point of every simplex, or NaN in a block where the proposal diverged, as in `Box`.

        The nearest point to v is `max(v − τ, 0)`. Over the prefixes of v in falling order, `(Σ_prefix v − 1)/length`
        is largest at the one that stays positive, so that `τ = max_j (Σ_{v_k ≥ v_j} v_k − 1) / #{v_k ≥ v_j}`, which
        needs no sorting.

        Source: Held, Wolfe and Crowder (1974); Duchi, Shalev-Shwartz, Singer and Chandra (2008).
        """
        made, end = [], 0
        # blocks of one length after another as the rows of one array: a program of few operations, however many rows
        for length, several in groupby(self.lengths):
            start, end = end, end + length * len(list(several))
            made.append(self._nearest(theta[start:end].reshape(-1, length)).reshape(-1))
        return jnp.concatenate(made)

    def _nearest(self, rows: jax.Array) -> jax.Array:
        kept = jnp.all(jnp.abs(rows) < self.escape, axis=1, keepdims=True)
        # from the largest entry down, so that a corner comes out as exactly one and zeros
        fall = rows - jnp.max(rows, axis=1, keepdims=True)
        above = jnp.where(fall[:, None, :] >= fall[:, :, None], 1.0, 0.0)
        levels = (jnp.sum(above * fall[:, None, :], axis=2) - 1.0) / jnp.sum(above, axis=2)
        return jnp.where(kept, jnp.maximum(fall - jnp.max(levels, axis=1, keepdims=True), 0.0), jnp.nan)

    def __repr__(self) -> str:
        return called("simplexes", self.lengths)


@public()
def simplexes(lengths: Sequence[int], *, escape: float = ESCAPE) -> Simplexes:
    """The projection onto simplexes that lie one after another in the parameters, of so many entries each.

    Args:
        lengths: entries of every simplex: the action counts of all players, in a Markov game once for each state.
        escape: a proposal beyond this in any entry counts as diverged. Payoffs times step sizes may well carry a
            proposal many times the size of the simplex away; it is brought back to the nearest point.

    Raises:
        InputError: for no lengths, or lengths below one.

    Example:
        >>> simplexes((2, 3)).project(jnp.asarray([0.75, 0.5, 3.0, 1.0, 1.0])).tolist()
        [0.625, 0.375, 1.0, 0.0, 0.0]
    """
    counts = tuple(positive_integer(length, "length of a simplex") for length in lengths)
    if not counts:
        raise InputError("give the number of entries of every simplex, such as (2, 3)")
    return Simplexes(counts, finite_number(escape, "escape", low=1.0, low_open=True))


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class OntoSets:
    """Points of players, each onto a set of its own. Made by `onto_sets`."""

    sets: tuple[Any, ...]
    escape: Any

    def project(self, theta: jax.Array) -> jax.Array:
        """The nearest point of every set, or NaN where the proposal diverged, as in `Box`."""
        last = np.cumsum([own.size for own in self.sets]).tolist()
        parts = [theta[end - own.size : end] for own, end in zip(self.sets, last, strict=True)]
        nearest = jnp.concatenate([own.project(part) for own, part in zip(self.sets, parts, strict=True)])
        return jnp.where(jnp.all(jnp.abs(theta) < self.escape), nearest, jnp.nan)

    def __repr__(self) -> str:
        """The call that makes it."""
        return called("onto_sets", self.sets)


@public()
def onto_sets(sets: Sequence[Any], *, escape: float | None = None) -> OntoSets:
    """The projection of every player's point onto a set, `games.simplex_set` and its like, player after player.

    Args:
        sets: one for each player.
        escape: a proposal with a coordinate beyond this counts as diverged; by default one that is ten widths of the
            largest set away from it, or 10⁴ where a set has no bounds.

    Raises:
        InputError: for what is no set.

    Example:
        >>> from nashscape import games
        >>> onto_sets([games.simplex_set(2), games.box_set(0, 1)]).project(jnp.asarray([2.0, 1.0, 3.0])).tolist()
        [1.0, 0.0, 1.0]
    """
    for one in sets:
        check_set(one)
    if escape is None:
        low, high = bounds_of(sets)
        edge = max(float(np.abs(end[np.isfinite(end)]).max(initial=0.0)) for end in (low, high))
        width = float((high - low).max(initial=1.0))
        escape = edge + (WIDTHS * width if np.isfinite(width) else ESCAPE)
    return OntoSets(tuple(sets), finite_number(escape, "escape", low=0.0, low_open=True))


@public()
def default_projection(semantics: Semantics) -> Any:
    """The projection that fits a semantics, by its domain.

    The box [−8, 8] for logits; for points the bounds of the semantics, or anywhere; the simplex for probabilities;
    anywhere for weights of policies.
    """
    kinds = {"logits": _around_zero, "points": _within_bounds, "simplex": _on_simplexes, "weights": _anywhere}
    return kinds[semantics.domain](semantics)


def _anywhere(semantics: Semantics) -> Box:
    return unbounded()


def _around_zero(semantics: Semantics) -> Box:
    return box()


def _within_bounds(semantics: Semantics) -> "Box | OntoSets":
    """Between two bounds, a proposal escapes as from any box; with one or none, at 10⁴ from it."""
    sets = getattr(semantics, "constraints", None)
    if sets is not None:
        return onto_sets(sets)
    bounds = getattr(semantics, "bounds", None)
    if bounds is None:
        return unbounded()
    low, high = (np.asarray(end, dtype=np.float64) for end in bounds)
    edge = np.maximum(np.where(np.isfinite(low), np.abs(low), 0.0), np.where(np.isfinite(high), np.abs(high), 0.0))
    width = high - low
    return Box(low, high, edge + np.where(np.isfinite(width), WIDTHS * width, ESCAPE))


def _on_simplexes(semantics: Semantics) -> Simplexes:
    """One simplex per player, and per state where strategies have states."""
    made = jax.eval_shape(semantics.strategies, jax.ShapeDtypeStruct((semantics.dimension,), "float32"))
    return simplexes([own.shape[-1] for own in made for _ in range(own.size // own.shape[-1])])
