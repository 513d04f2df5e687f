"""What one play of a batch adds to a sampled update, bounded over boxes of parameters.

With the joint score `s(a) = ∇ log P(a|θ)` a play gives `g_j(a) = u_j(a) s(a)` and `m_j(a) = u_j(a) (s sᵀ + ∇² log P)`,
whose expectations are all gradients `g` and Hessians `m` of the utilities. Base is linear in the means of a batch; the
other terms, together T, are linear in each of two means. With `ĝ = g + Δg` and `m̂ = m + Δm`, for a batch of any size,

    base(ĝ) + T(ĝ, m̂) = F(θ) + mean of (w(a) − E w) + T(Δg, Δm),     w(a) = base(g(a)) + T(g(a), m) + T(g, m(a)),

with F the exact field. The unbiased form leaves out the products of a play with itself and so has

    F(θ) + mean of (w(a) − E w) + B/(B − 1) · (T(Δg, Δm) − E T(Δg, Δm)),
    w(a) = base(g(a)) + B/(B − 1) · (T(g(a), m) + T(g, m(a))) − T(g(a), m(a))/(B − 1).

Which terms there are and how they are put together is traced from the rule, not written down again.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.learning import TermRule, terms_from_derivatives
from nashscape.proofs.bounds.sigmoid_bounds import Bounds, _affine, _derivatives, _sigmoids
from nashscape.semantics import Coupled
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.intervals import BOUNDS, Interval, enclosed, up

ONE, TWO = np.float64(1.0), np.float64(2.0)
mul, sub = BOUNDS["mul"], BOUNDS["sub"]


@dataclass(frozen=True)
class Spreads:
    """Bounds over W boxes.

    Attributes:
        variance: of each component of `w(a)`, `[d, W]`.
        length: of an interval that holds it, `[d, W]`.
        product: of T over all `Δg`, `Δm` no larger than half the length of an interval that holds `g(a)`, `m(a)`,
            `[d, W]`; None where the rule uses no products.
        ratio: of the variances of all entries of `g(a)`, `m(a)` to the squares of these half lengths, `[W]`.
    """

    variance: Any
    length: Any
    product: Any = None
    ratio: Any = None


@dataclass(frozen=True)
class PlayBounds:
    """Bounds of what plays add, for one structure of game and rule. Made by `play_bounds`.

    Attributes:
        dimension: d: so many players with one parameter each.
        coupled: whether a matrix and a bias lie between parameters and logits.
        derivatives: from the numbers of payoffs and matrix, and all derivatives of sigmoids, to g and m.
        of_play: from the numbers of the rule, what a play pays, its scores s in logits, `s (1 − 2p)`, the matrix, g, m,
            `B/(B − 1)` and `1/(B − 1)`, to `w(a)`, `[d]`, and where the rule uses products also `g(a)`, `[d, d]`, and
            `m(a)`, `[d, d, d]`.
        of_products: from the numbers of the rule and sizes of `Δg`, `Δm` to those of `T(Δg, Δm)`, `[d]`; or None.
    """

    dimension: int
    coupled: bool
    derivatives: Bounds
    of_play: Bounds
    of_products: Bounds | None

    def spreads(self, numbers: list[Interval], shares: list[Interval], box: list[Interval]) -> Spreads:
        """Bounds over boxes, one `Interval` of arrays `[W]` for each parameter."""
        d, count = self.dimension, 2**self.dimension
        payoffs, matrix, rule, logits = self._read(numbers, box)
        chances, scores, twice = plays_of(logits)
        paid = [_stacked(payoffs[j * count : (j + 1) * count], 0) for j in range(d)]
        means = self.derivatives([*payoffs, *matrix, *_sigmoids(logits)])
        found = self.of_play([*rule, *paid, *scores, *twice, *matrix, *means, *shares])
        # all numbers of all plays, [numbers, A, W]
        values = _stacked([Interval(*(jnp.broadcast_to(end, chances.low.shape) for end in (x.low, x.high)))
                           for x in found])  # fmt: skip
        lengths = up(values.high.max(1) - values.low.min(1))
        variances = _variances(chances, values, lengths)
        if self.of_products is None:
            return Spreads(variances, lengths)
        # what has no length to speak of may have any ratio
        ratios = up(4 * variances[d:] / jnp.maximum(lengths[d:] ** 2, 1e-200), 2.0**-48)
        ratios = jnp.where(lengths[d:] > 1e-100, jnp.minimum(ratios, 1.0), 1.0)
        # sizes of coefficients: all signs may conspire
        sizes = self.of_products([*(BOUNDS["abs"](x) for x in rule), *(Interval(own / 2) for own in lengths[d:])])
        bounds = jnp.stack([jnp.broadcast_to(jnp.maximum(x.high, 0.0), lengths.shape[1:]) for x in sizes])
        return Spreads(variances[:d], lengths[:d], bounds, ratios.max(0))

    def _read(self, numbers: list[Interval], box: list[Interval]) -> tuple[list[Interval], ...]:
        """Payoffs, matrix, numbers of the rule, and the logits."""
        d = self.dimension
        payoffs, rest = numbers[: d * 2**d], numbers[d * 2**d :]
        if not self.coupled:
            return payoffs, [], rest, box
        matrix, bias, rule = rest[: d * d], rest[d * d : d * d + d], rest[d * d + d :]
        return payoffs, matrix, rule, [_affine(matrix[i * d : (i + 1) * d], box, bias[i]) for i in range(d)]


def plays_of(logits: list[Interval]) -> tuple[Interval, list[Interval], list[Interval]]:
    """Of all joint actions, `[A, W]`: chances, scores s in logits, and `s (1 − 2p)`, which is `s² − p(1 − p)`."""
    first = [BOUNDS["logistic"](z) for z in logits]
    second = [sub(ONE, p) for p in first]
    actions = list(product((0, 1), repeat=len(logits)))
    chances, scores, twice = [], [], []
    for k, (p, q) in enumerate(zip(first, second, strict=True)):
        own = _stacked([q if action[k] == 0 else Interval(-p.high, -p.low) for action in actions])
        chances.append(_stacked([p if action[k] == 0 else q for action in actions]))
        scores.append(own)
        twice.append(mul(own, sub(ONE, mul(TWO, p))))
    return reduce(mul, chances), scores, twice


def _stacked(values: list[Interval], axis: int | None = None) -> Interval:
    """Side by side along a new first axis; of single numbers with a last axis of length one."""
    low, high = jnp.stack([x.low for x in values]), jnp.stack([x.high for x in values])
    return Interval(low, high) if axis is None else Interval(low[:, None], high[:, None])


def _variances(chances: Interval, values: Interval, lengths: Any) -> Any:
    """The expected square of the distance from any number is one bound, a quarter of the squared length another."""
    middle = ((chances.low + chances.high) * (values.low + values.high) / 4).sum(1, keepdims=True)
    away = up(jnp.maximum(jnp.abs(values.high - middle), jnp.abs(values.low - middle)))
    # each sum of so few terms loses less than this
    total = up((chances.high * away * away).sum(1), 2.0**-44)
    return jnp.minimum(total, up(lengths * lengths / 4))


@kept_while_code_stays(32)
def play_bounds(structure: Any, shapes: tuple[Any, ...], unbiased: bool) -> PlayBounds:
    """The bounds for the pair (game, rule) of this structure; all coefficients of the rule are constants."""
    game, rule = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    d, coupled = game.dimension, isinstance(game.semantics, Coupled)
    products = any(own is not None for own in (rule.own, rule.peer, rule.lookahead))

    def shaped(*shape: int) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(shape, "float64")

    def of_play(rule: TermRule, paid: Any, scores: Any, twice: Any, matrix: Any, means: Any, shares: Any) -> Any:
        rows = [[twice[k] if k == l else scores[k] * scores[l] for l in range(d)] for k in range(d)]
        bend = jnp.stack([jnp.stack(row) for row in rows])
        if coupled:
            scores, bend = scores @ matrix, matrix.T @ bend @ matrix
        g, m = paid[:, None] * scores[None, :], paid[:, None, None] * bend[None]
        influence = terms_from_derivatives(g, m, (1,) * d).base
        if not products:
            return influence
        linear = _products(rule, g, means[1]) + _products(rule, means[0], m)
        if unbiased:
            linear = shares[0] * linear - shares[1] * _products(rule, g, m)
        return influence + linear, g, m

    matrix = shaped(d, d) if coupled else None
    means = shaped(d, d), shaped(d, d, d)
    with jax.enable_x64(True):
        return PlayBounds(
            dimension=d,
            coupled=coupled,
            derivatives=enclosed(
                lambda payoffs, matrix, sigmoids: _derivatives(payoffs, matrix, sigmoids, 2),
                shaped(d, *(2,) * d), matrix, shaped(4, d),
            ),
            of_play=enclosed(of_play, rule, shaped(d), shaped(d), shaped(d), matrix, means, shaped(2)),
            of_products=enclosed(_products, rule, *means) if products else None,
        )  # fmt: skip


def _products(rule: TermRule, gradients: jax.Array, hessians: jax.Array) -> jax.Array:
    """All terms but base, with their coefficients."""
    parts = rule.parts(terms_from_derivatives(gradients, hessians, (1,) * len(gradients)), jnp.int32(0))
    return sum((part for name, part in parts.items() if name != "base"), start=jnp.zeros(len(gradients)))
