"""Bounds of the field of a rule whose players have two actions and a sigmoid each, tighter than those of its program.

With `z` the logits, `U_j` is linear in every probability `p_i = s(z_i)`. So each of its derivatives is a product

    ∂^{|a|} U_j / Π_i ∂z_i^{a_i} = Π_{a_i > 0} s^{(a_i)}(z_i) · D,

where D is the difference of payoffs between the actions of all players with `a_i > 0`, mixed over those of the others;
every number occurs once or nearly so, and intervals lose little. The terms of a rule consist of first and second
derivatives, its Jacobian also of third ones. How they are put together is not written down again here but traced from
`terms_from_derivatives` and the rule itself; tests compare the whole with automatic differentiation.
"""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.learning import TermRule, terms_from_derivatives
from nashscape.semantics import Coupled, ParametricGame
from nashscape.tracing.intervals import BOUNDS, Interval, enclosed

Bounds = Callable[[list[Interval]], list[Interval]]
add, mul, sub = BOUNDS["add"], BOUNDS["mul"], BOUNDS["sub"]


def sigmoid_bounds(game: ParametricGame, rule: TermRule) -> tuple[Bounds, Bounds]:
    """From the entries of (game, rule, θ): bounds of the field, `[d]`, and bounds of it and its Jacobian, `[d, d]`."""
    d = game.dimension
    matrix = jax.ShapeDtypeStruct((d, d), "float64") if isinstance(game.semantics, Coupled) else None
    payoffs = jax.ShapeDtypeStruct((d, *(2,) * d), "float64")
    example = (rule, payoffs, matrix, jax.ShapeDtypeStruct((4, d), "float64"))

    def value(rule: TermRule, payoffs: jax.Array, matrix: Any, sigmoids: jax.Array) -> jax.Array:
        return _field(rule, *_derivatives(payoffs, matrix, sigmoids, 2))

    def both(rule: TermRule, payoffs: jax.Array, matrix: Any, sigmoids: jax.Array) -> tuple[jax.Array, jax.Array]:
        gradients, hessians, thirds = _derivatives(payoffs, matrix, sigmoids, 3)

        def along(m: int) -> tuple[jax.Array, jax.Array]:
            change = hessians[:, :, m], thirds[:, :, :, m]
            found: tuple[jax.Array, jax.Array]
            found = jax.jvp(lambda g, h: _field(rule, g, h), (gradients, hessians), change)
            return found

        columns = [along(m) for m in range(d)]
        return columns[0][0], jnp.stack([column for _, column in columns], axis=1)

    runs = enclosed(value, *example), enclosed(both, *example)
    first, second = [_on_entries(game, run) for run in runs]
    return first, second


def _on_entries(game: ParametricGame, run: Bounds) -> Bounds:
    """The same bounds, from the entries of (game, rule, θ)."""
    d = game.dimension
    count = d * 2**d
    read = d * d if isinstance(game.semantics, Coupled) else 0

    def bounds(entries: list[Interval]) -> list[Interval]:
        payoffs, rest, logits = entries[:count], entries[count:-d], entries[-d:]
        matrix, rest = rest[:read], rest[read:]
        if read:
            bias, rest = rest[:d], rest[d:]
            logits = [_affine(matrix[i * d : (i + 1) * d], logits, bias[i]) for i in range(d)]
        return run([*rest, *payoffs, *matrix, *_sigmoids(logits)])

    return bounds


def _affine(row: list[Interval], theta: list[Interval], bias: Interval) -> Interval:
    total = bias
    for weight, x in zip(row, theta, strict=True):
        total = add(total, mul(weight, x))
    return total


def _sigmoids(logits: list[Interval]) -> list[Interval]:
    """All derivatives of the sigmoids of all logits, order by order."""
    table = [sigmoid_orders(z) for z in logits]
    return [orders[k] for k in range(4) for orders in table]


def sigmoid_orders(logit: Interval) -> list[Interval]:
    """`s`, `s′ = s(1−s)`, `s″ = s′(1−2s)` and `s‴ = s′(1−6s′)`."""
    one, two, six = (Interval(jnp.float64(x)) for x in (1.0, 2.0, 6.0))
    s, slope = BOUNDS["logistic"](logit), _slope(logit)
    return [s, slope, mul(slope, sub(one, mul(two, s))), mul(slope, sub(one, mul(six, slope)))]


def _slope(logit: Interval) -> Interval:
    """`s(z) s(−z)`, which falls with |z|."""

    def at(size: Any) -> Interval:
        return mul(BOUNDS["logistic"](Interval(size)), BOUNDS["logistic"](Interval(-size)))

    if logit.single:
        return at(logit.low)
    away = BOUNDS["abs"](logit)
    return Interval(at(away.high).low, at(away.low).high)


def _field(rule: TermRule, gradients: jax.Array, hessians: jax.Array) -> jax.Array:
    """The rule's direction from first and second derivatives of all utilities; every player has one parameter."""
    terms = terms_from_derivatives(gradients, hessians, (1,) * len(gradients))
    total: jax.Array = sum(rule.parts(terms, jnp.int32(0)).values(), start=jnp.zeros_like(terms.base))
    return total


def _derivatives(payoffs: jax.Array, matrix: Any, sigmoids: jax.Array, most: int) -> list[jax.Array]:
    """All derivatives of all utilities by parameters, of the orders 1 … `most`: `[n, d]`, `[n, d, d]`, …"""
    d = sigmoids.shape[1]
    result = []
    for order in range(1, most + 1):
        # each mixed derivative once, however the order in which it is taken
        found = {
            key: _derivative(payoffs, sigmoids, Counter(key))
            for key in product(range(d), repeat=order)
            if key == tuple(sorted(key))
        }
        table = [found[tuple(sorted(key))] for key in product(range(d), repeat=order)]
        tensor = jnp.stack(table, axis=1).reshape(d, *(d,) * order)
        if matrix is not None:
            for _ in range(order):
                # what was summed goes last; after as many turns as axes all are back in place
                tensor = jnp.tensordot(tensor, matrix, axes=([1], [0]), precision=lax.Precision.HIGHEST)
        result.append(tensor)
    return result


def _derivative(payoffs: jax.Array, sigmoids: jax.Array, orders: Counter[int]) -> jax.Array:
    """One mixed derivative by logits, of all players' utilities, `[n]`."""
    remaining, factor = payoffs, None
    d = sigmoids.shape[1]
    # differences first: they are of given numbers
    for i in sorted(range(d), key=lambda i: i not in orders):
        axis = 1 + i
        first, second = jnp.split(remaining, 2, axis=axis)
        remaining = first - second if i in orders else second + sigmoids[0, i] * (first - second)
        if i in orders:
            own = sigmoids[orders[i], i]
            factor = own if factor is None else factor * own
    assert factor is not None
    return factor * remaining.reshape(np.shape(payoffs)[0])
