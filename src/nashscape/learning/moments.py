"""From plays to terms: means of returns times scores, for many starts side by side.

The terms need the second derivatives only in products with vectors, `∇∇J v = mean(R (s·v) s) + …`, so no matrix of
means is made: first the gradients, then one product for every pair of players.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import jax
import jax.numpy as jnp

from nashscape.learning.play_scores import ArrayScores, PlayScores, Rows
from nashscape.learning.terms import Terms, player_slices


@dataclass(frozen=True)
class Moments:
    """Scores, counts and what was paid in a batch of plays: what means are taken of."""

    scores_and_counts: tuple[Rows, Rows]
    paid: Rows

    def gradients(self) -> Rows:
        """`mean(R_j s_k)` for every player j and row k, one after the other."""
        scores, _ = self.scores_and_counts
        return [jnp.mean(own * score, axis=-2) for own in self.paid for score in scores]

    def counts(self) -> Rows:
        """`mean(R_j c)` for every player j and count c."""
        _, counts = self.scores_and_counts
        return [jnp.mean(own * count, axis=0) for own in self.paid for count in counts]

    def products(self, wanted: Sequence["Product"]) -> Rows:
        """`mean(R_j (s·v) s_k)` for every product and the rows k that it asks for."""
        scores, _ = self.scores_and_counts
        found = []
        for one in wanted:
            along = [_along(score, v) for score, v in zip(scores[one.rows], one.vector, strict=True)]
            weight = self.paid[one.learner] * reduce(jnp.add, along)
            found += [jnp.mean(weight * score, axis=-2) for score in scores[one.columns]]
        return found

    def outer(self) -> Rows:
        """`mean(R_j s sᵀ)` for every player j, `[d, d, W]`."""
        scores = _joined(self.scores_and_counts[0], 2)
        plays = scores.shape[1]
        return [jnp.einsum("bw,kbw,lbw->klw", own, scores, scores) / plays for own in self.paid]


def _along(score: jax.Array, vector: jax.Array) -> jax.Array:
    """`s·v` over the parameters of a row, `[B, W]`."""
    return score * vector if vector.ndim == 1 else jnp.sum(score * vector[:, None], axis=0)


def _joined(rows: Sequence[jax.Array], axes: int) -> jax.Array:
    """Rows of single parameters, which have so many axes, or of whole players, as one array."""
    return jnp.stack(rows) if rows[0].ndim == axes else jnp.concatenate(rows)


@dataclass(frozen=True)
class Product:
    """A product `[∂(∇_rows J)/∂θ_columns]ᵀ v` of second derivatives of one player's utility."""

    learner: int
    rows: slice
    columns: slice
    vector: Rows


def terms_from_moments(scores: PlayScores | ArrayScores, total: Callable[[Callable[[Moments], Rows]], Rows]) -> Terms:
    """The terms from means over plays.

    Args:
        scores: of the plays.
        total: gives the sum of what is asked over the moments of the plays: of the plays as a whole, or of all their
            rounds.
    """
    sizes, parts = scores.sizes, scores.parts
    players, d = range(len(sizes)), parts[-1].stop
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
        both = zip(means, bent, strict=True)
        made[name] = _joined([mean if bend is None else mean + bend for mean, bend in both], 1)

    def summed(term: str) -> jax.Array:
        each = [[rows for (name, i, _), rows in made.items() if name == term and i == player] for player in players]
        return jnp.concatenate([reduce(jnp.add, rows) for rows in each])

    return Terms(
        base=_joined([g[i][k] for i in players for k in range(*parts[i].indices(d))], 1),
        own=summed("own"),
        peer=summed("peer"),
        lookahead=summed("lookahead"),
        jacobian=jnp.concatenate([(outer[i] + scores.bends(m[i]))[own] for i, own in enumerate(player_slices(sizes))]),
        sizes=sizes,
    )
