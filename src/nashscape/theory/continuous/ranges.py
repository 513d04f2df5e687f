"""Bounds of own gradients and of their derivatives over boxes of joint points."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.theory.continuous.slopes import own_gradients, own_hessians, payoffs, roughest
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.interval_arrays import bounds_of
from nashscape.tracing.numeric_intervals import Bounds
from nashscape.tracing.smoothness import Smoothness

Floats = npt.NDArray[np.float64]
Ranges = tuple[Floats, Floats]
"""Lower and upper bounds."""


class SlopeRanges:
    """Bounds of `F` and of `∂F/∂x` over K boxes `[K, D]` at once; infinite where nothing is known.

    A payoff may have kinks and jumps, of which its derivatives know nothing: derivatives have bounds only in boxes in
    which every choice within the payoff and within F is decided, so that both are smooth there.
    """

    def __init__(self, game: Any) -> None:
        """Trace both functions of a game.

        Raises:
            NotUnrollable: where the payoffs use an operation for which there are no bounds, or bring derivatives along
                that may be others than their own.
        """
        self.size, self.players = sum(game.sizes), len(game.sizes)
        rough = roughest(game)
        if rough is Smoothness.FOREIGN:
            raise NotUnrollable("payoffs with a stopped gradient, or a derivative that they bring along")
        with jax.enable_x64(True):
            leaves, tree = jax.tree.flatten(jax.tree.map(np.asarray, game))
            shapes = [jax.ShapeDtypeStruct(own.shape, own.dtype) for own in leaves]
            point = jax.ShapeDtypeStruct((self.size,), jnp.float64)

            def on_leaves(function: Callable[[Any, Any], Any], *inputs: Any) -> Any:
                return function(jax.tree.unflatten(tree, inputs[:-1]), inputs[-1])

            self._slopes = bounds_of(partial(on_leaves, own_gradients), *shapes, point)
            self._bends = bounds_of(partial(on_leaves, own_hessians), *shapes, point)
            careful = rough < Smoothness.ROOTS
            self._paid = bounds_of(partial(on_leaves, payoffs), *shapes, point) if careful else None
        self._numbers = [Bounds(own.reshape(-1, 1)) for own in leaves]

    def gradients(self, low: Floats, high: Floats) -> Ranges:
        """Bounds of F, `[K, D]` each."""
        found = self._run(self._slopes, low, high, (self.size,))
        return found if self._paid is None else _where(self._decided(low, high), found)

    def hessians(self, low: Floats, high: Floats) -> Ranges:
        """Bounds of `∂F/∂x`, `[K, D, D]` each."""
        found = self._run(self._bends, low, high, (self.size, self.size))
        if self._paid is None:
            return found
        return _where(_finite(self.gradients(low, high)), found)

    def _decided(self, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
        """In which boxes payoffs have bounds, `[K]`: an open choice has none."""
        return _finite(self._run(self._paid, low, high, (self.players,)))

    def _run(self, run: Any, low: Floats, high: Floats, shape: tuple[int, ...]) -> Ranges:
        [found] = run([*self._numbers, Bounds(low.T.copy(), high.T.copy())])
        ends = (np.broadcast_to(end, (end.shape[0], len(low))) for end in (found.low, found.high))
        bottom, top = (np.asarray(end, np.float64).T.reshape(len(low), *shape) for end in ends)
        return bottom, top


def _finite(bounds: Ranges) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(bounds[0]).all(axis=1) & np.isfinite(bounds[1]).all(axis=1))


def _where(known: npt.NDArray[np.bool_], bounds: Ranges) -> Ranges:
    chosen = known.reshape(-1, *[1] * (bounds[0].ndim - 1))
    return np.where(chosen, bounds[0], -np.inf), np.where(chosen, bounds[1], np.inf)


def ranges_of(game: Any) -> SlopeRanges | None:
    """Bounds for a game, or None where its payoffs have none."""
    try:
        return SlopeRanges(game)
    except NotUnrollable:
        return None


def of_affine(jacobian: Floats, ranges: SlopeRanges | None) -> Ranges:
    """Bounds of a `∂F/∂x` that is the same everywhere, `[1, D, D]`, with the rounding of its computation if known."""
    nowhere = np.zeros((1, len(jacobian)))
    return (jacobian[None], jacobian[None]) if ranges is None else ranges.hessians(nowhere, nowhere)


def halved(low: Floats, high: Floats, widths: Floats) -> Ranges:
    """Every box in two, across the coordinate that is widest beside `widths`, `[2K, D]` each."""
    if not len(low):
        return low, high
    axis = np.argmax((high - low) / widths, axis=1)
    rows = np.arange(len(low))
    middle = (low[rows, axis] + high[rows, axis]) / 2
    left, right = high.copy(), low.copy()
    left[rows, axis], right[rows, axis] = middle, middle
    return np.concatenate([low, right]), np.concatenate([left, high])
