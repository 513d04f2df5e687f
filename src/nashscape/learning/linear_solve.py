"""Small systems of linear equations."""

import jax
import jax.numpy as jnp

MOST_WRITTEN_OUT = 8
"""Larger systems go to LAPACK, which keeps a run in array form."""


def solve(matrix: jax.Array, vector: jax.Array, *, definite: bool = False) -> jax.Array:
    """The solution of `matrix @ x = vector`, by Gaussian elimination with partial pivoting.

    `jnp.linalg.solve` has no component form. Up to eight unknowns the elimination is written out, with row exchanges
    as selections, so that a run stays entry by entry. A singular matrix gives entries that are not finite.

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
        return jnp.linalg.solve(matrix, vector)
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
