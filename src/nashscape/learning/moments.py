"""From plays to terms: means of returns times scores, for many starts side by side.

The terms need the second derivatives only in products with vectors, `∇∇J v = mean(R (s·v) s) + …`, so no matrix of
means is made: first the gradients, then one product for every pair of players.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core.components import by_component
from nashscape.learning.records import Layout
from nashscape.learning.terms import Terms, player_slices
from nashscape.semantics import ParametricGame

Rows = list[jax.Array]
"""One array for every parameter."""


class PlayScores:
    """The derivatives of the log-probability of plays, `log P = Σ_t log σ(a_t | s_t)`."""

    def __init__(self, game: ParametricGame, layout: Layout, theta: Rows, records: Sequence[jax.Array]) -> None:
        """Plays of a game with W starts: `theta` holds arrays `[W]`, `records` arrays `[B, W]`."""
        self.sizes = game.sizes
        self._layout, self._theta, self._records = layout, theta, records
        dtype = theta[0].dtype
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


@dataclass(frozen=True)
class Moments:
    """Scores, counts and what was paid in a batch of plays: what means are taken of."""

    scores_and_counts: tuple[Rows, Rows]
    paid: Rows

    def gradients(self) -> Rows:
        """`mean(R_j s_k)` for every player j and parameter k, one row after the other."""
        scores, _ = self.scores_and_counts
        return [jnp.mean(own * score, axis=0) for own in self.paid for score in scores]

    def counts(self) -> Rows:
        """`mean(R_j c)` for every player j and count c."""
        _, counts = self.scores_and_counts
        return [jnp.mean(own * count, axis=0) for own in self.paid for count in counts]

    def products(self, wanted: Sequence["Product"]) -> Rows:
        """`mean(R_j (s·v) s_k)` for every product and the parameters k that it asks for."""
        scores, _ = self.scores_and_counts
        found = []
        for one in wanted:
            along = [score * v for score, v in zip(scores[one.rows], one.vector, strict=True)]
            weight = self.paid[one.learner] * reduce(jnp.add, along)
            found += [jnp.mean(weight * score, axis=0) for score in scores[one.columns]]
        return found

    def outer(self) -> Rows:
        """`mean(R_j s sᵀ)` for every player j, `[d, d, W]`."""
        scores = jnp.stack(self.scores_and_counts[0])
        plays = scores.shape[1]
        return [jnp.einsum("bw,kbw,lbw->klw", own, scores, scores) / plays for own in self.paid]


@dataclass(frozen=True)
class Product:
    """A product `[∂(∇_rows J)/∂θ_columns]ᵀ v` of second derivatives of one player's utility."""

    learner: int
    rows: slice
    columns: slice
    vector: Rows


def terms_from_moments(scores: PlayScores, total: Callable[[Callable[[Moments], Rows]], Rows]) -> Terms:
    """The terms from means over plays.

    Args:
        scores: of the plays.
        total: gives the sum of what is asked over the moments of the plays: of the plays as a whole, or of all their
            rounds.
    """
    sizes = scores.sizes
    parts, players, d = player_slices(sizes), range(len(sizes)), sum(sizes)
    first = total(lambda moments: [*moments.gradients(), *moments.counts()])
    g = [first[j * d : (j + 1) * d] for j in players]
    others = first[len(sizes) * d :]
    m = [others[j * len(others) // len(sizes) : (j + 1) * len(others) // len(sizes)] for j in players]
    wanted: dict[tuple[str, int, int], Product] = {}
    for i in players:
        wanted["own", i, i] = Product(i, parts[i], parts[i], g[i][parts[i]])
        for j in players:
            if j != i:
                wanted["peer", i, j] = Product(j, parts[j], parts[i], g[i][parts[j]])
                wanted["lookahead", i, j] = Product(i, parts[j], parts[i], g[j][parts[j]])
    outer = total(lambda moments: moments.outer())
    supply = iter(total(lambda moments: moments.products(list(wanted.values()))))
    made: dict[tuple[str, int, int], jax.Array] = {}
    for name, product in wanted.items():
        bent = scores.bend(m[product.learner], product.rows, product.vector)[product.columns]
        means = [next(supply) for _ in bent]
        made[name] = jnp.stack([mean if bend is None else mean + bend for mean, bend in zip(means, bent, strict=True)])

    def summed(term: str) -> jax.Array:
        each = [[rows for (name, i, _), rows in made.items() if name == term and i == player] for player in players]
        return jnp.concatenate([reduce(jnp.add, rows) for rows in each])

    return Terms(
        base=jnp.stack([g[i][k] for i in players for k in range(*parts[i].indices(d))]),
        own=summed("own"),
        peer=summed("peer"),
        lookahead=summed("lookahead"),
        jacobian=jnp.concatenate([(outer[i] + scores.bends(m[i]))[parts[i]] for i in players]),
        sizes=sizes,
    )
