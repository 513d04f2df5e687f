"""Bounds of the field of a rule whose players have a softmax, or a sigmoid, over the actions of a one-shot game.

Expected payoffs are linear in the strategy of every player j, so that with `p` its strategy, for the logit of action b

    ∂U_i/∂z_{j,b} = p_b Σ_a p_a · E[u_i(b, ·) − u_i(a, ·)],

differences of payoffs first and a positive factor in front: its sign is known wherever that of the sum is. Strategies
are bounded by what they are at the ends of a box, and differentiated by `dp = p (dz − Σ p dz)`; how gradients and
Hessians become the field is traced from the rule itself, as in `nashscape.theory.sigmoid_bounds`.
"""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core.intervals import BOUNDS, Interval, enclosed
from nashscape.learning import TermRule, terms_from_derivatives
from nashscape.semantics import Independent, ParametricGame
from nashscape.theory.followed import Followed
from nashscape.theory.sigmoid_bounds import Bounds, sigmoid_orders

add, div = BOUNDS["add"], BOUNDS["div"]
ONE = Interval(1.0)


def policy_bounds(game: ParametricGame, rule: TermRule, followed: Followed) -> tuple[Bounds, Bounds]:
    """From the entries of (game, rule, θ): bounds of the field, `[D]`; of what it does to the followed numbers `[d]`,
    and of how that changes with them, `[d, d]`."""
    semantics: Any = game.semantics
    sizes, shape = semantics.sizes, semantics.shape
    total = sum(sizes)
    plain = not any(getattr(rule, name) is not None for name in ("own", "peer", "lookahead"))
    known = [jax.ShapeDtypeStruct((4 if form == "sigmoid" else size,), "float64")
             for size, form in zip(sizes, semantics.forms, strict=True)]  # fmt: skip
    payoffs = jax.ShapeDtypeStruct((len(shape), *shape), "float64")

    def field(rule: TermRule, payoffs: jax.Array, known: Sequence[jax.Array], theta: jax.Array) -> jax.Array:
        if plain:
            return _field(payoffs, known, semantics.split(theta))

        def gradients(theta: jax.Array) -> jax.Array:
            own = semantics.split(theta)
            return jnp.concatenate([_slopes(payoffs, known, own, j) for j in range(len(own))], axis=1)

        terms = terms_from_derivatives(gradients(theta), jax.jacfwd(gradients)(theta), sizes)
        total: jax.Array = sum(rule.parts(terms, jnp.int32(0)).values(), start=jnp.zeros_like(terms.base))
        return total

    def both(rule: TermRule, payoffs: jax.Array, known: Any, theta: jax.Array) -> tuple[jax.Array, jax.Array]:
        if plain:
            own = semantics.split(theta)
            columns = [_column(payoffs, known, own, first) for first, _ in followed.pairs]
            return _reduced(_field(payoffs, known, own), followed), jnp.stack(
                [_reduced(column, followed) for column in columns], axis=1
            )

        def along(first: int) -> tuple[jax.Array, jax.Array]:
            way = jnp.asarray(np.eye(total)[first])
            value, change = jax.jvp(lambda at: field(rule, payoffs, known, at), (theta,), (way,))
            return _reduced(value, followed), _reduced(change, followed)

        made = [along(first) for first, _ in followed.pairs]
        return made[0][0], jnp.stack([change for _, change in made], axis=1)

    example = (rule, payoffs, known, jax.ShapeDtypeStruct((total,), "float64"))
    return tuple(_on_entries(semantics, enclosed(one, *example)) for one in (field, both))  # type: ignore[return-value]


def _reduced(direction: jax.Array, followed: Followed) -> jax.Array:
    parts = [direction[k] if other is None else direction[k] - direction[other] for k, other in followed.pairs]
    return jnp.stack(parts)


def _on_entries(semantics: Independent, run: Bounds) -> Bounds:
    """The same bounds, from the entries of (game, rule, θ)."""
    count, total = len(semantics.shape), sum(semantics.sizes)
    for actions in semantics.shape:
        count *= actions

    def bounds(entries: list[Interval]) -> list[Interval]:
        payoffs, rest, theta = entries[:count], entries[count:-total], entries[-total:]
        known: list[Interval] = []
        for part, form in zip(semantics.slices, semantics.forms, strict=True):
            known += sigmoid_orders(theta[part.start]) if form == "sigmoid" else softmax(theta[part])
        return run([*rest, *payoffs, *known, *theta])

    return bounds


def softmax(logits: list[Interval]) -> list[Interval]:
    """Bounds of `p_a = 1 / (1 + Σ_b exp(z_b − z_a))`, which rises with its own logit and falls with all others.

    >>> with jax.enable_x64(True):
    ...     found = softmax([Interval(jnp.float64(0.0), jnp.float64(1.0)), Interval(jnp.float64(0.0))])
    >>> [round(float(end), 6) for end in (found[0].low, found[0].high)]
    [0.5, 0.731059]
    """
    found = []
    for a, own in enumerate(logits):
        others = [z for b, z in enumerate(logits) if b != a]
        ends = [_share(Interval(mine), [Interval(getattr(z, end)) for z in others])
                for mine, end in ((own.low, "high"), (own.high, "low"))]  # fmt: skip
        found.append(Interval(ends[0].low, ends[1].high))
    return found


def _share(own: Interval, others: list[Interval]) -> Interval:
    total = ONE
    for z in others:
        total = add(total, BOUNDS["exp"](BOUNDS["sub"](z, own)))
    return div(ONE, total)


# --- strategies whose values are given ------------------------------------------------------------------


@jax.custom_jvp
def _softmax(logits: jax.Array, strategy: jax.Array) -> jax.Array:
    return strategy


@_softmax.defjvp
def _softmax_jvp(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    strategy = _softmax(*primals)
    return strategy, strategy * (tangents[0] - jnp.sum(strategy * tangents[0]))


def sigmoid(logit: jax.Array, orders: jax.Array, order: int = 0) -> jax.Array:
    """The derivative of some order of a sigmoid; values of all orders are given, `[4]`."""

    @jax.custom_jvp
    def at(logit: jax.Array, orders: jax.Array) -> jax.Array:
        return orders[order]

    @at.defjvp
    def change(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
        here, values = primals
        return at(here, values), sigmoid(here, values, order + 1) * tangents[0]

    return jnp.asarray(at(logit, orders))


def _strategy(logits: jax.Array, known: jax.Array) -> jax.Array:
    if len(logits) > 1:
        return jnp.asarray(_softmax(logits, known))
    first = sigmoid(logits[0], known)
    return jnp.stack([first, 1.0 - first])


def _slopes(payoffs: jax.Array, known: Sequence[jax.Array], logits: Sequence[jax.Array], j: int) -> jax.Array:
    """How the utilities of the players in the first axis change with the logits of player j, `[·, d_j]`."""
    strategies = [_strategy(own, given) for own, given in zip(logits, known, strict=True)]
    first = None if len(logits[j]) > 1 else sigmoid(logits[j][0], known[j], 1)
    columns = [_slope(_mixed(payoffs, strategies, {j}), 1, strategies[j], b, first) for b in range(len(logits[j]))]
    return jnp.stack(columns, axis=1)


def _mixed(payoffs: jax.Array, strategies: Sequence[jax.Array], but: set[int]) -> jax.Array:
    """Payoffs expected over the strategies of all players but some, whose axes stay."""
    for k in reversed(range(len(strategies))):
        if k not in but:
            payoffs = jnp.tensordot(payoffs, strategies[k], axes=([1 + k], [0]), precision=lax.Precision.HIGHEST)
    return payoffs


def _slope(values: jax.Array, axis: int, p: jax.Array, b: int, first: jax.Array | None) -> jax.Array:
    """How an average over an axis, with the weights p, changes with logit b: `p_b Σ_a p_a (x_b − x_a)`.

    For a sigmoid, whose first derivative is given, `s′ (x_0 − x_1)`.
    """
    parts = [lax.index_in_dim(values, a, axis, keepdims=False) for a in range(len(p))]
    if first is not None:
        return first * (parts[0] - parts[1])
    return p[b] * sum(p[a] * (parts[b] - parts[a]) for a in range(len(p)) if a != b)


# --- policy gradient alone, written out: a third as long as what is traced -----------------------------------


def _field(payoffs: jax.Array, known: Sequence[jax.Array], logits: Sequence[jax.Array]) -> jax.Array:
    return jnp.concatenate([_slopes(payoffs[j : j + 1], known, logits, j)[0] for j in range(len(logits))])


def _column(payoffs: jax.Array, known: Sequence[jax.Array], logits: Sequence[jax.Array], place: int) -> jax.Array:
    """The derivative of the field by one logit, `[D]`.

    With `G_b = Σ_a p_a E[u(b) − u(a)]` it is for logits of one player `p_b (δ_bc − p_c) G_b − p_b p_c G_c`.
    """
    n = len(logits)
    ends = np.cumsum([0, *(len(own) for own in logits)])
    k = int(np.searchsorted(ends, place, side="right")) - 1
    c = place - int(ends[k])
    p = [_strategy(own, given) for own, given in zip(logits, known, strict=True)]
    orders = [given if len(own) == 1 else None for own, given in zip(logits, known, strict=True)]
    slopes = [None if given is None else given[1] for given in orders]
    rows: list[jax.Array] = []
    for j in range(n):
        own, entries = payoffs[j], range(len(logits[j]))
        if j != k:
            # differences of both players first
            both = _mixed(own[None], p, {j, k})
            axis = 2 if j < k else 1
            turned = _slope(both, axis, p[k], c, slopes[k])
            rows += [_slope(turned, 1, p[j], b, slopes[j])[0] for b in entries]
            continue
        values = _mixed(own[None], p, {j})[0]
        given = orders[j]
        if given is not None:
            rows.append(given[2] * (values[0] - values[1]))
            continue
        better = [sum(p[j][a] * (values[b] - values[a]) for a in entries if a != b) for b in entries]
        rows += [
            p[j][b] * ((1.0 - 2.0 * p[j][c]) * better[c]) if b == c else -(p[j][b] * p[j][c] * (better[b] + better[c]))
            for b in entries
        ]
    return jnp.stack(rows)
