"""Systems of linear equations, many at once.

LAPACK stays out of compiled runs. Its batched routines hand their work to the pool of threads that waits for them; on a
machine of two cores two of them side by side wait for ever (seen with jaxlib 0.10.2), and for a few unknowns they are
slower than an elimination.
"""

import jax
import jax.numpy as jnp
from jax import lax

MOST_WRITTEN_OUT = 8
"""Larger systems are eliminated by a loop, which keeps a run in array form."""


def solve(matrix: jax.Array, vector: jax.Array, *, definite: bool = False) -> jax.Array:
    """The solution of `matrix @ x = vector`, by Gaussian elimination with partial pivoting.

    Up to eight unknowns the elimination is written out, with row exchanges as selections, so that a run stays entry by
    entry. A singular matrix gives entries that are not finite.

    Args:
        matrix: `[d, d]`.
        vector: `[d]`.
        definite: whether the matrix is symmetric and positive definite. No pivots are chosen then: no entry grows
            during the elimination, so it is as stable without, and compiles several times faster.

    Example:
        >>> solve(jnp.array([[0.0, 2.0], [1.0, 1.0]]), jnp.array([2.0, 3.0])).tolist()
        [2.0, 1.0]
    """
    d = vector.shape[0]
    if d > MOST_WRITTEN_OUT:
        return solve_in_a_loop(matrix, vector, pivots=not definite)
    rows = [jnp.append(row, entry) for row, entry in zip(matrix, vector, strict=True)]
    for k in range(d):
        for below in range(k + 1, d) if not definite else ():
            # the largest entry of the column wanders up
            swap = jnp.abs(rows[below][k]) > jnp.abs(rows[k][k])
            rows[k], rows[below] = jnp.where(swap, rows[below], rows[k]), jnp.where(swap, rows[k], rows[below])
        for below in range(k + 1, d):
            rows[below] = rows[below] - (rows[below][k] / rows[k][k]) * rows[k]
    solution: list[jax.Array] = [vector[0]] * d
    for k in reversed(range(d)):
        known = sum((rows[k][c] * solution[c] for c in range(k + 1, d)), start=jnp.zeros_like(vector[0]))
        solution[k] = (rows[k][d] - known) / rows[k][k]
    return jnp.stack(solution)


def solve_in_a_loop(matrix: jax.Array, vector: jax.Array, *, pivots: bool = True) -> jax.Array:
    """The same for any number of unknowns, differentiated as a solution: `dx = A⁻¹ (db − dA x)`.

    Args:
        matrix: `[d, d]`.
        vector: `[d]`.
        pivots: whether rows are exchanged. Where one entry of every row, or of every column, outweighs the sum of the
            others and is on the diagonal, none need be: so it is with `1 − γP`, P a matrix of probabilities.

    Example:
        >>> solve_in_a_loop(jnp.array([[0.0, 2.0], [1.0, 1.0]]), jnp.array([2.0, 3.0])).tolist()
        [2.0, 1.0]
    """
    inverse = _inverse(lax.stop_gradient(matrix), pivots)

    def times(which: jax.Array, x: jax.Array) -> jax.Array:
        return jnp.matmul(which, x, precision=lax.Precision.HIGHEST)

    def solved(_: object, right: jax.Array) -> jax.Array:
        first = times(inverse, right)
        # what the inverse has lost to rounding is found again
        return first + times(inverse, right - times(lax.stop_gradient(matrix), first))

    def solved_transposed(_: object, right: jax.Array) -> jax.Array:
        first = times(inverse.T, right)
        return first + times(inverse.T, right - times(lax.stop_gradient(matrix).T, first))

    made: jax.Array = lax.custom_linear_solve(lambda x: times(matrix, x), vector, solved, solved_transposed)
    return made


def _inverse(matrix: jax.Array, pivots: bool) -> jax.Array:
    """By Gauss–Jordan elimination, a column a turn; not finite where there is none."""
    d = matrix.shape[0]
    places = jnp.arange(d)

    def turn(k: jax.Array, both: jax.Array) -> jax.Array:
        if pivots:
            sizes = jnp.where(places >= k, jnp.abs(both[:, k]), -1.0)
            best = jnp.argmax(sizes)
            both = both[jnp.where(places == k, best, jnp.where(places == best, k, places))]
        row = both[k] / both[k, k]
        return (both - both[:, k, None] * row).at[k].set(row)

    return lax.fori_loop(0, d, turn, jnp.concatenate([matrix, jnp.eye(d, dtype=matrix.dtype)], axis=1))[:, d:]
