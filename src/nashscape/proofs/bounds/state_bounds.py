"""Bounds of the field of a rule in a game over states, whose players have a sigmoid in every state.

With N = `(I − γ P)^{-1}` the discounted visits are `m = initial N`, and utilities `Σ_s m(s) E[u_i | s]`. Entries of N
are as large as `1/(1−γ)`, but for the most part alike from row to row, and whatever is alike cancels in derivatives,
for the rows of dP add up to zero. So with `Ñ(s, t) = N(s, t) − N(0, t)`

    dm = γ (m dP) Ñ,   d(w Ñ) = (dw + γ (w Ñ) dP) Ñ.

Derivatives are traced by these rules, with those of all sigmoids given as bounds. Of N over a box some matrix N_0 is
near, which is found by ordinary elimination and needs not be exact, and so is Ñ_0 near Ñ. With 1 a column of ones,
e the first unit vector, and

    E = I − N_0 (I − γ P),   Ẽ = I − 1 eᵀ − Ñ_0 (I − γ P),

both evaluated in intervals, there is

    N = N_0 + E N,   Ñ = Ñ_0 + Ẽ N = Ñ_0 + Ẽ Ñ + (Ẽ 1) N(0, ·),   and N(0, ·) lies between 0 and 1/(1−γ).

Rows of P add up to one, so that E 1 and Ẽ 1 are nearly zero; sizes are bounded where no row of |Ẽ| adds up to one.
"""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.games import MarkovGame
from nashscape.learning import TermRule, terms_from_derivatives
from nashscape.proofs.bounds.policy_formulas import sigmoid
from nashscape.proofs.bounds.sigmoid_bounds import Bounds, sigmoid_orders
from nashscape.semantics import ParametricGame, Restricted
from nashscape.tracing.intervals import BOUNDS, Interval, down, enclosed, up

add, div, mul, sub = BOUNDS["add"], BOUNDS["div"], BOUNDS["mul"], BOUNDS["sub"]


def state_bounds(game: ParametricGame, rule: TermRule) -> tuple[Bounds, Bounds]:
    """From the entries of (game, rule, θ): bounds of the field, `[d]`, and bounds of it and its Jacobian, `[d, d]`."""
    semantics: Any = game.semantics
    inner: Any = game.game
    states, d = semantics.inner.dimension, game.dimension

    def utilities(game: MarkovGame, known: jax.Array, near: jax.Array, theta: jax.Array) -> jax.Array:
        logits = semantics.matrix @ theta
        first = jnp.stack([sigmoid(logits[k], known[k]) for k in range(states)])
        return _utilities(game, first.reshape(len(game.shape), -1), near)

    def field(rule: TermRule, game: MarkovGame, known: jax.Array, near: jax.Array, theta: jax.Array) -> jax.Array:
        def gradients(at: jax.Array) -> jax.Array:
            return jax.jacfwd(lambda at: utilities(game, known, near, at))(at)

        if not any(getattr(rule, name) is not None for name in ("own", "peer", "lookahead")):
            rows = [i for i, size in enumerate(semantics.sizes) for _ in range(size)]
            slopes = gradients(theta)
            return jnp.stack([slopes[i, k] for k, i in enumerate(rows)])
        terms = terms_from_derivatives(gradients(theta), jax.jacfwd(gradients)(theta), semantics.sizes)
        total: jax.Array = sum(rule.parts(terms, jnp.int32(0)).values(), start=jnp.zeros_like(terms.base))
        return total

    def both(
        rule: TermRule, game: MarkovGame, known: jax.Array, near: jax.Array, theta: jax.Array
    ) -> tuple[jax.Array, jax.Array]:
        def along(k: int) -> tuple[jax.Array, jax.Array]:
            return jax.jvp(lambda at: field(rule, game, known, near, at), (theta,), (jnp.asarray(np.eye(d)[k]),))

        columns = [along(k) for k in range(d)]
        return columns[0][0], jnp.stack([column for _, column in columns], axis=1)

    shapes: Any = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(np.shape(leaf), "float64"), game.game)
    several, square = jax.ShapeDtypeStruct((states, 4), "float64"), (inner.n_states + 1, inner.n_states)
    example = (rule, shapes, several, jax.ShapeDtypeStruct(square, "float64"), jax.ShapeDtypeStruct((d,), "float64"))
    count = sum(int(np.prod(np.shape(leaf))) for leaf in jax.tree.leaves(game.game))
    moves = enclosed(
        lambda game, first: _moves(game, first)[1],
        shapes,
        jax.ShapeDtypeStruct((len(game.sizes), square[1]), "float64"),
    )
    parts = [enclosed(one, *example) for one in (field, both)]
    return tuple(_on_entries(semantics, count, moves, run) for run in parts)  # type: ignore[return-value]


def _on_entries(semantics: Restricted, count: int, moves: Bounds, run: Bounds) -> Bounds:
    """The same bounds, from the entries of (game, rule, θ)."""
    states, d = semantics.inner.dimension, semantics.dimension
    matrix = semantics.matrix
    width = states // len(semantics.sizes)

    def bounds(entries: list[Interval]) -> list[Interval]:
        numbers, rest, theta = entries[:count], entries[count:-d], entries[-d:]
        origin, rest = rest[:states], rest[states:]
        known: list[Interval] = []
        for k in range(states):
            own = np.flatnonzero(matrix[k])
            # the origin of what is free is zero
            known += sigmoid_orders(theta[own[0]] if len(own) else origin[k])
        initial = numbers[-1 - width : -1]
        near = _visited(moves([*numbers, *known[::4]]), initial, numbers[-1])
        return run([*rest, *numbers, *known, *near, *theta])

    return bounds


def _moves(game: MarkovGame, first: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Probabilities of joint actions, `[S, A]`, and of moves, `[S, S]`, from those of first actions, `[n, S]`."""
    joint = jnp.ones((game.n_states, 1))
    for own in first:
        both = jnp.stack([own, 1.0 - own], axis=1)
        joint = (joint[:, :, None] * both[:, None, :]).reshape(game.n_states, -1)
    return joint, jnp.einsum("sa,sat->st", joint, game.kernel())


def _utilities(game: MarkovGame, first: jax.Array, near: jax.Array) -> jax.Array:
    """Utilities, `[n]`; `near` holds the visits and, below them, Ñ."""
    joint, moves = _moves(game, first)
    payoffs = jnp.asarray(game.payoffs).reshape(len(game.shape), game.payoffs.shape[1], -1)
    paid = jnp.sum(joint * payoffs, axis=2)
    return jnp.sum(paid * _visits(game.discount * moves, near), axis=1)


@jax.custom_jvp
def _visits(moves: jax.Array, near: jax.Array) -> jax.Array:
    return near[0]


@_visits.defjvp
def _visits_jvp(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    found = _visits(*primals)
    return found, _carried(_times(found, tangents[0]), *primals)


@jax.custom_jvp
def _carried(vector: jax.Array, moves: jax.Array, near: jax.Array) -> jax.Array:
    """`w Ñ`."""
    return _times(vector, near[1:])


@_carried.defjvp
def _carried_jvp(primals: Any, tangents: Any) -> tuple[jax.Array, jax.Array]:
    found = _carried(*primals)
    return found, _carried(tangents[0] + _times(found, tangents[1]), *primals[1:])


def _times(vector: jax.Array, matrix: jax.Array) -> jax.Array:
    return jnp.matmul(vector, matrix, precision=lax.Precision.HIGHEST)


def _visited(moves: list[Interval], initial: list[Interval], discount: Interval) -> list[Interval]:
    """Bounds of m and Ñ, `[1 + S, S]`, from those of P."""
    states, size, one = range(len(initial)), BOUNDS["abs"], Interval(jnp.float64(1.0))
    table = [moves[k : k + len(states)] for k in range(0, len(moves), len(states))]
    whole = _eliminated([[(x.low + x.high) / 2 for x in row] for row in table], discount.low)
    start = [[x - y for x, y in zip(row, whole[0], strict=True)] for row in whole]
    columns = [[row[j] for row in table] for j in states]
    error = [[_error(whole[i], columns[j], i == j, j, discount) for j in states] for i in states]
    left = [[_error(start[i], columns[j], (i == j) - (j == 0), j, discount) for j in states] for i in states]
    # what rows of P that add up to one leave of E 1 and Ẽ 1, times 1/(1−γ)
    stays = sub(one, discount)
    beside = [size(div(sub(one, mul(stays, _total(_single(row)))), stays)) for row in whole]
    rest = [size(_total(_single(row))) for row in start]
    spread = [_total([size(x) for x in row]) for row in left]
    room, farthest = down(1.0 - _largest(spread)), _largest(rest)
    highest = [_largest([size(Interval(row[j])) for row in start]) for j in states]
    reach = [div(Interval(up(x + farthest)), Interval(room)) for x in highest]
    start_error = _total([size(_weighted(initial, [row[k] for row in error])) for k in states])
    first = _weighted(initial, beside)
    result = []
    for j in states:
        known = _weighted(initial, _single([row[j] for row in whole]))
        far = add(mul(start_error, reach[j]), first).high
        result.append(_within(known, jnp.where(room > 0, far, jnp.inf)))
    for i in states:
        for j in states:
            far = add(mul(spread[i], reach[j]), rest[i]).high
            result.append(_within(Interval(start[i][j]), jnp.where(room > 0, far, jnp.inf)))
    return result


def _error(row: list[Any], column: list[Interval], same: int, place: int, discount: Interval) -> Interval:
    """An entry of E or Ẽ."""
    moved = mul(discount, _total([mul(Interval(x), y) for x, y in zip(row, column, strict=True)]))
    return add(sub(Interval(jnp.float64(same)), Interval(row[place])), moved)


def _weighted(weights: list[Interval], entries: list[Interval]) -> Interval:
    return _total([mul(w, x) for w, x in zip(weights, entries, strict=True)])


def _single(entries: list[Any]) -> list[Interval]:
    return [Interval(x) for x in entries]


def _within(middle: Interval, far: Any) -> Interval:
    return Interval(down(middle.low - far), up(middle.high + far))


def _largest(entries: list[Interval]) -> Any:
    return functools.reduce(jnp.maximum, [x.high for x in entries])


def _total(entries: list[Interval]) -> Interval:
    return functools.reduce(add, entries)


def _eliminated(moves: list[list[Any]], discount: Any) -> list[list[Any]]:
    """`(I − γ P)^{-1}` as rounded; the diagonal dominates, so that no pivots are chosen."""
    states = range(len(moves))
    rows = [[float(i == j) - discount * moves[i][j] for j in states] + [float(i == j) for j in states] for i in states]
    for k in states:
        for other in states:
            if other != k:
                share = rows[other][k] / rows[k][k]
                rows[other] = [x - share * y for x, y in zip(rows[other], rows[k], strict=True)]
    return [[x / rows[i][i] for x in rows[i][len(states) :]] for i in states]
