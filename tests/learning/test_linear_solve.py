import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core.components import by_component
from nashscape.learning.linear_solve import MOST_WRITTEN_OUT, solve


@pytest.mark.parametrize("d", [1, 2, 4, MOST_WRITTEN_OUT, MOST_WRITTEN_OUT + 1])
def test_solutions_are_those_of_lapack(d):
    random = np.random.default_rng(d)
    for _ in range(3):
        matrix, vector = random.normal(size=(d, d)), random.normal(size=d)
        square = matrix @ matrix.T + 0.1 * np.eye(d)
        with jax.enable_x64(True):
            found = solve(jnp.asarray(matrix), jnp.asarray(vector))
            definite = solve(jnp.asarray(square), jnp.asarray(vector), definite=True)
        np.testing.assert_allclose(found, np.linalg.solve(matrix, vector), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(definite, np.linalg.solve(square, vector), rtol=1e-9, atol=1e-11)


def test_pivots_are_chosen():
    # without row exchanges the first pivot is zero, or so small that the solution is lost in single precision
    for first in (0.0, 1e-12):
        matrix = jnp.array([[first, 1.0, 2.0], [1.0, 1.0, 0.0], [3.0, 0.0, 1.0]], jnp.float32)
        wanted = np.linalg.solve(np.asarray(matrix, float), [3.0, 2.0, 1.0])
        np.testing.assert_allclose(solve(matrix, jnp.array([3.0, 2.0, 1.0], jnp.float32)), wanted, rtol=1e-5)


def test_definite_matrices_need_no_pivots():
    # badly scaled on purpose: pivots would be exchanged at every column
    scales = np.diag([1e-3, 1.0, 1e3, 1e4]).astype(np.float32)
    matrix = scales @ (np.eye(4) + 0.3).astype(np.float32) @ scales
    vector = matrix @ np.ones(4, np.float32)
    found = solve(jnp.asarray(matrix), jnp.asarray(vector), definite=True)
    np.testing.assert_allclose(matrix @ np.asarray(found), vector, rtol=1e-5)


def test_the_written_out_form_runs_entry_by_entry():
    random = np.random.default_rng(0)
    matrix, vector = random.normal(size=(4, 4)).astype(np.float32), random.normal(size=4).astype(np.float32)
    entries = by_component(solve, matrix, vector)([*matrix.ravel(), *vector])
    np.testing.assert_allclose(np.array(entries), solve(matrix, vector), rtol=1e-5)


def test_a_singular_matrix_gives_nothing_finite_to_rely_on():
    found = solve(jnp.array([[1.0, 2.0], [2.0, 4.0]]), jnp.array([1.0, 1.0]))
    assert not np.isfinite(found).all()
