"""The derivatives of the log-probability of plays, `log P = Σ_t log σ(a_t | s_t)`, for many starts side by side.

Where the semantics can be written out, every parameter has an array of its own, or else the means over plays would not
be vectorised on a CPU; larger ones (networks of some hundred weights) are kept as arrays, one for every player.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.learning.records import Layout
from nashscape.learning.terms import player_slices
from nashscape.semantics import ParametricGame
from nashscape.tracing.components import NotUnrollable, by_component

Rows = list[jax.Array]
"""One array for every parameter, `[…, W]`, or one for every player, `[d_i, …, W]`."""


class PlayScores:
    """Scores of plays written out: rows are parameters."""

    def __init__(self, game: ParametricGame, layout: Layout, theta: jax.Array, records: Sequence[jax.Array]) -> None:
        """Plays of a game with W starts: `theta` is `[d, W]`, `records` holds arrays `[B, W]`.

        Raises:
            NotUnrollable: for semantics that cannot be written out.
        """
        self.sizes, self.parts = game.sizes, player_slices(game.sizes)
        self._layout, self._theta, self._records = layout, list(theta), records
        dtype = theta.dtype
        flat = jax.ShapeDtypeStruct((len(theta),), dtype)
        often = tuple(jax.ShapeDtypeStruct((layout.states, actions), dtype) for actions in layout.shape)
        logs = game.semantics.log_strategies

        def score(theta: jax.Array, often: tuple[jax.Array, ...]) -> jax.Array:
            _, back = jax.vjp(logs, theta)
            return back(often)[0]

        def bend(theta: jax.Array, often: tuple[jax.Array, ...], along: jax.Array) -> jax.Array:
            return jax.jvp(lambda at: score(at, often), (theta,), (along,))[1]

        self._score = by_component(score, flat, often)
        self._bend = by_component(bend, flat, often, flat)

    def until(self, last: Any) -> "tuple[Rows, Rows]":
        """Scores (one `[B, W]` per parameter) and counts of actions of rounds 0 to `last`."""
        often = self._layout.counts(self._records, last, self._theta[0].dtype)
        counts = [entry for player in often for state in player for entry in state]

        def score(theta: Rows, counts: Rows) -> Rows:
            return [jnp.asarray(entry) for entry in self._score([*theta, *counts])]

        over_starts = jax.vmap(score)
        return jax.vmap(over_starts, in_axes=(None, 0))(self._theta, counts), counts

    def bend(self, counts: Rows, rows: slice, vector: Rows) -> list[jax.Array | None]:
        """`∇² log P` for mean counts, times a vector that is zero outside some rows; None where the product must be."""
        zeros: list[Any] = [np.zeros((), self._theta[0].dtype)[()]] * len(self._theta)
        known: list[bool] = []

        def product(theta: Rows, counts: Rows, vector: Rows) -> Rows:
            made = self._bend([*theta, *counts, *zeros[: rows.start], *vector, *zeros[rows.stop :]])
            known.extend(isinstance(entry, np.generic) for entry in made)
            return [jnp.asarray(entry) for entry in made]

        found = jax.vmap(product)(self._theta, counts, vector)
        return [None if zero else entry for zero, entry in zip(known, found, strict=True)]

    def bends(self, counts: Rows) -> jax.Array:
        """`∇² log P` for mean counts, `[d, d, W]`."""
        d, width = len(self._theta), self._theta[0].shape[0]
        unit = [jnp.broadcast_to(row[:, None], (d, width)) for row in jnp.eye(d, dtype=self._theta[0].dtype)]
        whole = slice(0, d)

        def product(along: jax.Array) -> jax.Array:
            nothing = jnp.zeros(width, along.dtype)
            found = self.bend(counts, whole, list(along))
            return jnp.stack([nothing if entry is None else entry for entry in found])

        return jax.vmap(product)(jnp.stack(unit))


class ArrayScores:
    """Scores of plays as arrays: rows are players. The same numbers, for semantics of any size."""

    def __init__(self, game: ParametricGame, layout: Layout, theta: jax.Array, records: Sequence[jax.Array]) -> None:
        self.sizes, self.parts = game.sizes, player_slices([1] * len(game.sizes))
        self._layout, self._theta, self._records = layout, theta, records
        self._logs = game.semantics.log_strategies

    def until(self, last: Any) -> tuple[Rows, Rows]:
        """Scores, `[d_i, B, W]` for every player, and counts of actions of rounds 0 to `last`."""
        often = self._layout.counts(self._records, last, self._theta.dtype)
        slopes = jax.vmap(jax.jacrev(self._logs), in_axes=-1, out_axes=-1)(self._theta)
        arrays = [jnp.stack([jnp.stack(list(state)) for state in player]) for player in often]
        each = [jnp.einsum("sabw,sadw->dbw", own, slope) for own, slope in zip(arrays, slopes, strict=True)]
        return self._split(sum(each[1:], each[0])), [entry for player in often for state in player for entry in state]

    def bend(self, counts: Rows, rows: slice, vector: Rows) -> list[jax.Array | None]:
        """`∇² log P` for mean counts, times a vector that is zero outside the rows of some players."""
        parts = player_slices(self.sizes)
        whole = jnp.zeros_like(self._theta)
        for place, own in zip(range(*rows.indices(len(self.sizes))), vector, strict=True):
            whole = whole.at[parts[place]].set(own)

        def product(theta: jax.Array, counts: Rows, along: jax.Array) -> jax.Array:
            return jax.jvp(lambda at: self._score(at, counts), (theta,), (along,))[1]

        return list(self._split(jax.vmap(product, in_axes=-1, out_axes=-1)(self._theta, counts, whole)))

    def bends(self, counts: Rows) -> jax.Array:
        """`∇² log P` for mean counts, `[d, d, W]`."""
        return jax.vmap(jax.jacfwd(self._score), in_axes=-1, out_axes=-1)(self._theta, counts)

    def _score(self, theta: jax.Array, counts: Rows) -> jax.Array:
        """`∇ log P` at mean counts, `[d]`."""
        logs, back = jax.vjp(self._logs, theta)
        supply = iter(counts)
        often = tuple(jnp.stack([next(supply) for _ in range(own.size)]).reshape(own.shape) for own in logs)
        return back(often)[0]

    def _split(self, flat: jax.Array) -> Rows:
        return [flat[part] for part in player_slices(self.sizes)]


def play_scores(
    game: ParametricGame, layout: Layout, theta: jax.Array, records: Sequence[jax.Array]
) -> PlayScores | ArrayScores:
    """Scores written out where that is possible, else as arrays."""
    try:
        return PlayScores(game, layout, theta, records)
    except NotUnrollable:
        return ArrayScores(game, layout, theta, records)
