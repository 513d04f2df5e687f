import re
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.tracing.components import by_component
from nashscape.tracing.linear_systems import MOST_WRITTEN_OUT, solve, solve_in_a_loop


@pytest.mark.parametrize("d", [1, 2, 4, MOST_WRITTEN_OUT, MOST_WRITTEN_OUT + 1, 30])
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


@pytest.mark.parametrize("pivots", [True, False])
def test_a_loop_solves_many_systems_as_lapack_does(pivots):
    random = np.random.default_rng(1)
    rows = random.dirichlet(np.full(5, 0.3), size=(7, 5))
    matrices, vectors = np.eye(5) - 0.999 * np.swapaxes(rows, 1, 2), random.normal(size=(7, 5))
    if pivots:
        matrices = matrices[:, random.permutation(5)]
    with jax.enable_x64(True):
        found = jax.vmap(lambda *own: solve_in_a_loop(*own, pivots=pivots))(jnp.asarray(matrices), jnp.asarray(vectors))
    np.testing.assert_allclose(found, np.linalg.solve(matrices, vectors[..., None])[..., 0], rtol=1e-11)


def test_a_loop_chooses_pivots():
    # a row to be exchanged at every turn, and first pivots so small that the solution would be lost
    for first in (0.0, 1e-12):
        matrix = np.roll(np.eye(12), 1, axis=0) * np.arange(1.0, 13.0) + first * np.eye(12)
        with jax.enable_x64(True):
            found = solve_in_a_loop(jnp.asarray(matrix), jnp.asarray(matrix @ np.ones(12)))
        np.testing.assert_allclose(found, np.ones(12), rtol=1e-9)


@pytest.mark.long
def test_a_loop_is_differentiated_as_a_solution():
    # first and second derivatives in both modes, against those of LAPACK's solution
    random = np.random.default_rng(2)
    matrix, vector = np.eye(4) + 0.2 * random.normal(size=(4, 4)), random.normal(size=4)

    def through(solver, x):
        return jnp.sum(jnp.sin(solver(jnp.asarray(matrix) * jnp.exp(x[0]) + x[1] ** 2, jnp.asarray(vector) + x[2])))

    def ours(x):
        return through(solve_in_a_loop, x)

    def theirs(x):
        return through(jnp.linalg.solve, x)

    with jax.enable_x64(True):
        x = jnp.array([0.1, 0.2, 0.3])
        for way in (jax.grad, jax.jacfwd, jax.hessian, lambda f: jax.jacfwd(jax.grad(lambda y: f(y) ** 2))):
            np.testing.assert_allclose(way(ours)(x), way(theirs)(x), rtol=1e-9)


def compiled(function, *given):
    return jax.jit(jax.vmap(function)).lower(*given).as_text()


def test_no_lapack_in_compiled_runs():
    # its batched routines wait for threads of the pool that they occupy: two side by side never end on two cores
    assert "lapack" in compiled(jnp.linalg.solve, np.ones((3, 9, 9)), np.ones((3, 9)))
    assert "lapack" not in compiled(jax.jacfwd(solve), np.ones((3, 9, 9)), np.ones((3, 9)))
    game = ns.games.repeated(ns.games.prisoners_dilemma(), discount=0.9)
    policies = np.full((7, 5, 2), 0.5), np.full((7, 5, 2), 0.5)
    for function in (game.expected_payoffs, game.regrets):
        assert "lapack" not in compiled(jax.jacrev(lambda *own, f=function: f(own).sum()), *policies)


def test_nobody_calls_the_batched_solvers_of_lapack():
    source = Path(ns.__file__).parent
    calls = re.compile(r"jnp\.linalg\.(solve|inv|det)\(|jax\.scipy\.linalg|lax\.linalg")
    assert not [path.name for path in source.rglob("*.py") if calls.search(path.read_text(encoding="utf-8"))]
