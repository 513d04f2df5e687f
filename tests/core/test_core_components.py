import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from nashscape.tracing.components import MOST_OPERATIONS, NotUnrollable, by_component


@jax.custom_jvp
def twice_sine(x):
    return 2.0 * jnp.sin(x)


# not the derivative of the function, so that a replay which differentiates for itself is found out
twice_sine.defjvp(lambda primals, tangents: (twice_sine(*primals), 3.0 * tangents[0]))


@jax.custom_vjp
def halved_cosine(x):
    return 0.5 * jnp.cos(x)


halved_cosine.defvjp(lambda x: (halved_cosine(x), None), lambda _, cotangent: (7.0 * cotangent,))


def doubled_until_large(x):
    return lax.while_loop(lambda state: jnp.sum(state[1]) < 20.0, lambda s: (s[0] + 1, 2.0 * s[1]), (0, jnp.abs(x)))


def loop_with_outside_values(x, y):
    bound, factor = jnp.max(y), jnp.min(jnp.abs(y))
    return lax.while_loop(lambda s: s[0] < bound, lambda s: s + factor + x[0] * 0.01, x)


def entropy(x):
    return -jnp.sum(jax.nn.softmax(x) * jax.nn.log_softmax(x))


VECTOR = {
    "identity": lambda x: x,
    "constant": lambda x: jnp.arange(3.0, dtype=x.dtype),
    "nothing": lambda x: (),
    "softmax": jax.nn.softmax,
    "log_softmax": jax.nn.log_softmax,
    "log_sigmoid": jax.nn.log_sigmoid,
    "logsumexp": jax.nn.logsumexp,
    "jacfwd": jax.jacfwd(jax.nn.softmax),
    "jacrev": jax.jacrev(jax.nn.softmax),
    "hessian": jax.hessian(entropy),
    "where": lambda x: jnp.where(x > 0, jnp.sin(x), -x),
    "clip": lambda x: jnp.clip(x, -0.1, 0.5),
    "clamp between arrays": lambda x: lax.clamp(-jnp.abs(x), 3 * x, jnp.abs(x) + 0.1),
    "stack": lambda x: jnp.stack([x, 1 + x], axis=1),
    "outer": lambda x: jnp.outer(x, x * x),
    "pad": lambda x: jnp.pad(x, (1, 2), constant_values=3.0),
    "reverse": lambda x: x[::-1],
    "roll": lambda x: jnp.roll(x, 1),
    "iota": lambda x: x + lax.broadcasted_iota(x.dtype, (2, 3), 1),
    "powers": lambda x: x**3 + x**-2 + jnp.abs(x) ** x,
    "functions": lambda x: jnp.tanh(x) + jnp.expm1(x) - jnp.log1p(x * x) + lax.erf(x) + lax.rsqrt(x * x + 1),
    "division": lambda x: x / (1 + x * x) / jnp.array([1.0, 2.0, 4.0], x.dtype),
    "moments": lambda x: (jnp.mean(x), jnp.var(x), jnp.max(x), jnp.min(x), jnp.prod(x)),
    "booleans": lambda x: ((x > 0) & ~(x < 0.5)) | (x == x[0]),
    "some and all": lambda x: (jnp.any(x > 0.8), jnp.all(x > 0.8), jnp.sum(x > 0)),
    "not finite": lambda x: (jnp.isfinite(x / (x - x)), jnp.log(x), jnp.maximum(x, jnp.nan)),
    "round to integers": lambda x: ((10 * x).astype(jnp.int32), jnp.floor(x), jnp.sign(x)),
    "stop gradient": jax.jacfwd(lambda x: lax.stop_gradient(x) * x),
    "custom jvp": twice_sine,
    "derivative of a custom jvp": jax.jacfwd(twice_sine),
    "custom vjp": halved_cosine,
    "derivative of a custom vjp": jax.jacrev(halved_cosine),
    "jit within": jax.jit(lambda x: jax.jit(jnp.cos)(x) + 1),
    "while loop": doubled_until_large,
    "loop of no turns": lambda x: lax.while_loop(lambda s: jnp.asarray(False), lambda s: s + 1, x),
    "gather": lambda x: (x[np.array([2, 0, 2, -1])], x[np.array([[1], [0]])], jnp.take(x, np.array([1, 7]))),
    "gather clipped": lambda x: jnp.take(x, np.array([-9, 1, 9]), mode="clip"),
    "gather filled": lambda x: (
        jnp.take(x, np.array([1, 9]), mode="fill", fill_value=-3.5),
        jnp.take((x * 10).astype(jnp.int32), np.array([2, 9]), mode="fill"),
        jnp.take(x > 0, np.array([0, 9]), mode="fill"),
    ),
    "gather computed from constants": lambda x: (
        x[jnp.arange(3) * 2 - 2] + x[jnp.where(np.array([True, False, True]), 2, 0)]
    ),
    "derivative of a gather": jax.jacrev(lambda x: jnp.sum(jnp.sin(x[np.array([2, 0, 2])]) * np.arange(1.0, 4.0))),
    "scatter-add": lambda x: (
        x.at[np.array([0, 2, 0])].add(2 * x),
        jnp.zeros(4, x.dtype).at[np.array([1, 9, 1])].add(x),
    ),
    "scatter": lambda x: (x.at[np.array([2, 0])].set(x[:2] ** 2), x.at[1].set(3.0)),
    "segment sum": lambda x: jax.ops.segment_sum(x, np.array([1, 0, 1]), num_segments=3),
    "cumulative": lambda x: (jnp.cumsum(x), jnp.cumprod(x), lax.cummax(x), lax.cummin(x), lax.cumsum(x, reverse=True)),
    "derivative of a cumulative sum": jax.jacrev(lambda x: jnp.cumsum(x * x)),
    "scan": lambda x: lax.scan(lambda c, own: ((c[0] * own + 0.1, c[1] + 1), (c[0], own * c[1])), (x[0], 0), x),
    "scan backwards": lambda x: lax.scan(lambda c, own: (c * own + 0.1, c), x[0], x, reverse=True),
    "scan that counts places": lambda x: lax.scan(lambda k, _: (k + 1, x[k] * x[2 - k]), 0, length=3)[1],
    "scan of nothing": lambda x: lax.scan(lambda c, own: (c + own, c), x[0], x[:0]),
    "derivative of a scan": jax.jacrev(lambda x: lax.scan(lambda c, own: (jnp.sin(c) * own, None), x[0], x)[0]),
    "loop of known turns": lambda x: lax.fori_loop(0, 3, lambda k, s: s.at[k].add(s[k - 1] * k), x),
    "loop to a bound": lambda x: lax.fori_loop(0, jnp.int32(3) + (x[0] > 9), lambda k, s: s * 1.5 + k, x),
}
MATRIX = {
    "contraction": lambda x, y: jnp.einsum("ij,kj,j->ik", x, x, y),
    "batch of products": lambda x, y: jnp.einsum("bi,bij->bj", x, x[:, :, None] * y),
    "matrix products": lambda x, y: (x @ y, x.T @ x, jnp.trace(x @ x.T)),
    "scalar product": lambda x, y: jnp.tensordot(x, x, 2, precision=lax.Precision.HIGHEST),
    "concatenate": lambda x, y: jnp.concatenate([x, 2 * x, y[None]], axis=0),
    "stack and unstack": lambda x, y: jnp.stack(jnp.unstack(x, axis=1)[::-1], axis=1),
    "split": lambda x, y: jnp.split(x, 3, axis=1),
    "pad": lambda x, y: jnp.pad(x, ((1, 2), (0, 1))),
    "reverse": lambda x, y: x[::-1, ::-1],
    "transpose": lambda x, y: jnp.moveaxis(x.reshape(1, 2, 3), 0, -1).transpose(2, 1, 0),
    "strided slice": lambda x, y: x[:, ::2],
    "entry": lambda x, y: x[1, -1],
    "known dynamic slice": lambda x, y: lax.dynamic_slice(x, (5, -1), (1, 2)),
    "tile and repeat": lambda x, y: jnp.tile(x, (2, 2)) + jnp.repeat(jnp.repeat(x, 2, 0), 2, 1),
    "kronecker": jnp.kron,
    "triangle": lambda x, y: jnp.tril(x) + jnp.diag(y)[:2],
    "reductions": lambda x, y: (jnp.sum(x, 0), jnp.max(x, 1), jnp.sum(x), jnp.prod(x, (0, 1))),
    "mixed derivatives": jax.jacfwd(jax.jacrev(lambda x, y: jnp.sum(jax.nn.softmax(x @ y))), 1),
    "broadcast": lambda x, y: x[:, None, :] * y + y[0],
    "loop with outside values": lambda x, y: loop_with_outside_values(y, x),
    "gather of rows": lambda x, y: (
        x[np.array([1, 1, 0])],
        x[:, np.array([2, 0])],
        x[np.array([1, 0]), np.array([2, 2])],
    ),
    "gather along an axis": lambda x, y: jnp.take_along_axis(x, np.array([[2, 0], [1, 1]]), axis=1),
    "gather of blocks": lambda x, y: jax.vmap(lambda k: lax.dynamic_slice(x, (0, k), (2, 2)))(np.array([1, 0, 5])),
    "batched gather": lambda x, y: jax.vmap(lambda row, k: row[k])(x, np.array([[2, 1], [0, 0]])),
    "derivative of a gather": jax.jacrev(lambda x, y: jnp.sum(x[np.array([1, 1, 0])] ** 2 * y)),
    "scatter-add of rows": lambda x, y: x.at[np.array([1, 1])].add(np.array([1.0, 2.0], x.dtype)[:, None] * y),
    "scatter-add of columns": lambda x, y: x.at[:, np.array([2, 0, 2])].add(x * y),
    "batched scatter-add": lambda x, y: jax.vmap(lambda row, k: row.at[k].add(y[:2]))(x, np.array([[2, 2], [0, 1]])),
    "cumulative along axes": lambda x, y: (jnp.cumsum(x, 0), jnp.cumsum(x, 1), lax.cumprod(x, 1, reverse=True)),
    "scan over rows": lambda x, y: lax.scan(lambda c, row: (c * row + y, jnp.outer(c, row)), y, x),
    "pytree": lambda x, y: {"b": x + 1, "a": (y, [x[0] * y])},
}
INTEGER = {
    "sums wrap around": lambda k: k + jnp.uint32(2**32 - 1),
    "products wrap around": lambda k: k * k - jnp.uint32(7),
    "known words wrap around": lambda k: k + jnp.full(3, 2**32 - 1, jnp.uint32) * jnp.arange(2, 5, dtype=jnp.uint32),
    "shifts": lambda k: (k << jnp.uint32(3)) | (k >> jnp.uint32(29)),
    "bits": lambda k: (k ^ jnp.uint32(12345)) & ~k[::-1],
    "population count": lax.population_count,
    "remainder": lambda k: (k % 7, k // 3, lax.rem(k, jnp.uint32(5))),
    "signed": lambda k: (k.astype(jnp.int32) // 3, -k.astype(jnp.int32), jnp.sign(k.astype(jnp.int32))),
    "to floats": lambda k: k.astype(jnp.float32) / 3,
    "select by integer": lambda k: lax.select_n((k % 3).astype(jnp.int32), k, k + 1, k + 2),
}


def entries(*arrays):
    return [x for array in arrays for x in jnp.asarray(array).ravel()]


def flat(tree):
    return [x for leaf in jax.tree.leaves(tree) for x in np.asarray(leaf).ravel()]


def check_replay(function, *batches):
    """The replay under jit and vmap against the array function, at every one of a batch of arguments."""
    shapes = [jax.ShapeDtypeStruct(batch.shape[1:], batch.dtype) for batch in batches]
    run = by_component(function, *shapes)
    wanted = jax.tree.leaves(jax.jit(jax.vmap(function))(*batches))
    columns = [column for batch in batches for column in jnp.asarray(batch).reshape(len(batch), -1).T]
    found = jax.jit(jax.vmap(lambda *own: [jnp.asarray(x) for x in run(own)], axis_size=len(batches[0])))(*columns)
    wanted = [column for leaf in wanted for column in np.asarray(leaf).reshape(len(leaf), -1).T]
    assert [x.dtype for x in found] == [x.dtype for x in wanted]
    for ours, reference in zip(found, wanted, strict=True):
        if reference.dtype.kind == "f":
            tolerance = 30 * np.finfo(reference.dtype).eps
            np.testing.assert_allclose(ours, reference, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(ours, reference)


VECTORS = np.array([[0.3, -0.2, 0.9], [1.2, 0.4, -1.5], [-0.7, 2.0, 0.1]])
MATRICES = np.random.default_rng(3).normal(size=(3, 2, 3))


@pytest.mark.parametrize("name", VECTOR)
def test_replay_of_a_function_of_a_vector(name):
    check_replay(VECTOR[name], VECTORS.astype(np.float32))


@pytest.mark.parametrize("name", MATRIX)
def test_replay_of_a_function_of_a_matrix_and_a_vector(name):
    check_replay(MATRIX[name], MATRICES.astype(np.float32), VECTORS.astype(np.float32))


@pytest.mark.long
def test_replay_in_double_precision():
    with jax.enable_x64(True):
        check_replay(lambda x: [function(x) for function in VECTOR.values()], VECTORS)
        check_replay(lambda x, y: [function(x, y) for function in MATRIX.values()], MATRICES, VECTORS)


@pytest.mark.parametrize("name", INTEGER)
def test_replay_of_integers_is_exact(name):
    words = np.array([[1, 2**31, 2**32 - 1], [7, 12345, 2**31 + 3]], np.uint32)
    check_replay(INTEGER[name], words)


def test_entries_are_consumed_and_returned_in_pytree_and_row_major_order():
    example = {"z": np.zeros((2, 2)), "a": (np.zeros(2), np.zeros(()))}
    run = by_component(lambda tree: {"y": tree["z"].T, "x": tree["a"][0] * 10 + tree["a"][1]}, example)
    # leaves in pytree order: a[0], a[1], z
    assert [float(x) for x in run(entries([1.0, 2.0], 0.5, [[3.0, 4.0], [5.0, 6.0]]))] == [10.5, 20.5, 3, 5, 4, 6]


def test_outside_of_jit_the_numbers_are_the_same():
    x = jnp.array([0.3, -0.2, 0.9])
    np.testing.assert_allclose(by_component(jax.nn.softmax, x)(entries(x)), jax.nn.softmax(x), rtol=1e-6)


def test_the_replay_can_be_differentiated():
    x = jnp.array([0.3, -0.2, 0.9])
    run = by_component(entropy, x)
    ours = jax.jit(jax.grad(lambda own: run(own)[0]))(entries(x))
    np.testing.assert_allclose(ours, jax.grad(entropy)(x), rtol=1e-5, atol=1e-7)


def operations(function, size=3):
    """The operations that the replay leaves in the program."""
    run = by_component(function, jnp.zeros(size))
    program = jax.make_jaxpr(lambda own: [jnp.asarray(x) for x in run(own)])(entries(np.zeros(size)))
    return sorted(equation.primitive.name for equation in program.eqns)


@pytest.mark.parametrize(
    ("function", "left"),
    [
        (lambda x: jnp.eye(3) @ x, []),
        (lambda x: x * jnp.array([0.0, 1.0, 2.0]), ["mul"]),
        (lambda x: jnp.array([0.0, 1.0, 2.0]) * x, ["mul"]),
        (lambda x: x + jnp.array([0.0, 1.0, 0.0]), ["add"]),
        (lambda x: x - jnp.array([0.0, 1.0, 0.0]), ["sub"]),
        (lambda x: jnp.array([0.0, 1.0, 0.0]) - x, ["sub"] * 3),
        (lambda x: x / jnp.array([1.0, 2.0, 1.0]), ["div"]),
        (lambda x: jnp.where(jnp.array([True, False, True]), x, 2.0 * x), ["mul"] * 3),
        (lambda x: jnp.array([[0.0, 1.0, 1.0], [0.0, 0.0, 3.0]]) @ x, ["add", "mul"]),
        (lambda x: jnp.max(jnp.array([1.0, 5.0])) * jnp.sum(jnp.array([0.0, 0.0])) * x, []),
        (lambda x: jnp.prod(jnp.array([1.0, 0.0])) + x, []),
    ],
)
def test_known_zeros_and_ones_are_folded_away(function, left):
    assert operations(function) == left
    x = jnp.array([0.5, -1.5, 2.5])
    np.testing.assert_allclose(by_component(function, x)(entries(x)), function(x).ravel(), rtol=1e-6)


def test_a_factor_that_is_zero_by_construction_drops_what_is_not_finite():
    x = jnp.array([jnp.inf, jnp.nan, 2.0])
    values = by_component(lambda x: x * jnp.array([0.0, 0.0, 1.0]), x)(entries(x))
    assert [float(value) for value in values] == [0.0, 0.0, 2.0]


def test_unknown_zeros_are_not_dropped():
    x = jnp.array([jnp.inf, 0.0, 2.0])
    assert np.isnan(float(by_component(lambda x: x[0] * x[1], x)(entries(x))[0]))


@pytest.mark.parametrize(
    "function",
    [
        jnp.sort,
        jnp.argsort,
        jnp.argmax,
        lambda x: jnp.linalg.solve(jnp.diag(x), x),
        lambda x: jnp.linalg.inv(jnp.diag(x)),
        lambda x: jnp.linalg.eigh(jnp.diag(x)),
        lambda x: jnp.linalg.cholesky(jnp.diag(x)),
        lambda x: lax.top_k(x, 2),
        lambda x: lax.cond(x[0] > 0, lambda: x, lambda: -x),
        lambda x: x[x.astype(jnp.int32)],
        lambda x: x.at[x.astype(jnp.int32)].add(3.0),
        lambda x: lax.scan(lambda at, own: (at + own, x[at.astype(jnp.int32)]), 0.0, x),
        lax.cumlogsumexp,
        lambda x: lax.dynamic_index_in_dim(x, x[0].astype(jnp.int32)),
        lambda x: lax.pad(x, 0.0, ((0, 0, 1),)),
        lambda x: jnp.sum(x[:0]),
        lambda x: jax.random.normal(jax.random.key(0), (3,)) + x,
        lambda x: lax.while_loop(lambda s: s[0] < 2, jnp.sort, x),
        jax.jit(jnp.sort),
    ],
)
def test_what_has_no_component_form_is_refused(function):
    with pytest.raises(NotUnrollable):
        by_component(function, jnp.array([0.5, 1.5, 2.5]))


def test_programs_that_would_become_too_long_are_refused():
    side = 23  # 23³ = 12,167 products
    assert 22**3 <= MOST_OPERATIONS < side**3
    with pytest.raises(NotUnrollable, match="12167"):
        by_component(lambda x: x @ x, jax.ShapeDtypeStruct((side, side), "float32"))
    with pytest.raises(NotUnrollable):
        by_component(
            jax.jit(lambda x: lax.while_loop(lambda s: s[0, 0] < 2, lambda s: s @ s, x)), np.zeros((side, side))
        )
    by_component(lambda x: x.reshape(-1)[::-1], jax.ShapeDtypeStruct((200, 200), "float32"))  # moves only: no work


def test_contractions_that_change_the_type_or_contract_nothing_are_refused():
    import jax.numpy as jnp
    from jax import lax

    small = jnp.full(3, 100, jnp.int8)
    with pytest.raises(NotUnrollable, match="contraction"):
        by_component(lambda x: lax.dot(x, x, preferred_element_type=jnp.int32), small)
    with pytest.raises(NotUnrollable, match="contraction"):
        by_component(lambda x: x[:0] @ x[:0], jnp.ones(3))


def test_known_numbers_overflow_as_in_jax():
    import jax.numpy as jnp

    run = by_component(lambda x: x * (jnp.float32(1e30) * jnp.full((), 1e30, jnp.float32)), jnp.ones(2))
    assert [float(y) for y in run([jnp.float32(1.0), jnp.float32(-1.0)])] == [float("inf"), float("-inf")]
