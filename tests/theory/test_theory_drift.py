"""Local constants: bounds against samples, balls from which every start comes, steps, corners, and honest refusals."""

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Status
from nashscape.learning.fields import field_at, field_of
from nashscape.proofs.bounds.local_bounds import largest_rate, steepness
from nashscape.theory.resting.drift import drift_constants
from nashscape.theory.resting.drift_results import MEASURED, PROVED

RULE = ns.lookahead(inner_lr=1.0)


def zero_sum():
    """Both mix inside, at p = 1/2 and q = 3/10."""
    matrix = np.array([[4.0, -1.0], [-3.0, 2.0]])
    return games.dense(np.stack([matrix, -matrix]))


@pytest.fixture(scope="module")
def ball():
    return drift_constants(RULE, zero_sum(), np.log([1.0, 3 / 7]))


def in_ball(found, count, seed=0):
    random = np.random.default_rng(seed)
    d = random.normal(size=(count, len(found.theta)))
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    return d * found.radius * random.uniform(size=(count, 1)) ** (1 / 2)


def run_field(game, rule):
    field = field_of(game, rule)
    return lambda thetas: np.asarray(_fields(field.game, field.rule, thetas))


@jax.jit
def _fields(game, rule, thetas):
    return jax.vmap(lambda theta: field_at(game, rule, theta))(thetas)


@pytest.mark.long
def test_constants_hold_at_random_points(ball):
    assert ball.verdict == "proved"
    assert ball.status is Status.COMPLETE
    np.testing.assert_allclose(1 / (1 + np.exp(-ball.theta)), [0.5, 0.3], atol=1e-12)
    assert 0 < ball.drift <= ball.measured_drift
    assert ball.drift == pytest.approx(ball.measured_drift, rel=1e-6)
    assert ball.measured_drift >= ball.base_drift + ball.correction_drift - 1e-12
    assert ball.radius <= ball.drift / (2 * ball.lipschitz)
    assert ball.rate >= 0.75 * ball.drift * (1 - 1e-12)
    d = in_ball(ball, 2000)
    with jax.enable_x64(True):
        made = run_field(zero_sum(), RULE)(ball.theta + d)
    r = np.linalg.norm(d, axis=1)
    along = np.sum(made * d, axis=1)
    assert (along <= -(ball.drift - ball.lipschitz * r / 2) * r**2 + 1e-15).all()
    assert (np.linalg.norm(made, axis=1) <= ball.field_lipschitz * r + 1e-15).all()


def test_every_start_in_the_ball_comes_and_steps_below_the_bound_contract(ball):
    d = in_ball(ball, 2000, seed=1)
    with jax.enable_x64(True):
        run = run_field(zero_sum(), RULE)
        for size in (0.98 * ball.step_bound, 0.5 * ball.step_bound, 0.01):
            theta = ball.theta + d
            for _ in range(5):
                after = theta + size * run(theta)
                before = np.linalg.norm(theta - ball.theta, axis=1)
                bound = np.sqrt(1 - 2 * size * ball.rate + size**2 * ball.field_lipschitz**2)
                assert (np.linalg.norm(after - ball.theta, axis=1) <= bound * before + 1e-14).all()
                theta = after
        # the flow, by short steps of fourth order
        theta, h, time = ball.theta + d, 0.1, 20.0
        for _ in range(int(time / h)):
            a = run(theta)
            b = run(theta + h / 2 * a)
            c = run(theta + h / 2 * b)
            theta = theta + h / 6 * (a + 2 * b + 2 * c + run(theta + h * c))
    left = np.linalg.norm(theta - ball.theta, axis=1) / np.linalg.norm(d, axis=1)
    assert left.max() <= np.exp(-ball.rate * time) * (1 + 1e-6)


def test_the_lipschitz_constant_bounds_sampled_differences(ball):
    field, random = field_of(zero_sum(), RULE), np.random.default_rng(3)
    found = steepness(field, ball.theta, ball.radius)
    largest = 0.0
    for _ in range(150):
        x, y = (ball.theta + in_ball(ball, 1, int(random.integers(1 << 30)))[0] for _ in range(2))
        gap = np.linalg.norm(field.jacobian(x) - field.jacobian(y), 2) / np.linalg.norm(x - y)
        largest = max(largest, gap)
    assert 0.2 * found.jacobian < largest <= found.jacobian
    wider = steepness(field, ball.theta, 4 * ball.radius)
    assert wider.jacobian >= found.jacobian
    assert wider.field >= found.field


def test_linear_fields_have_no_curvature_and_the_known_drift():
    found = drift_constants(ns.pg(), games.cournot(costs=[1.0, 4.0]), [4.0, 1.0])
    # ∂²u_i/∂q_i² = −2, ∂²u_i/∂q_i∂q_j = −1: the symmetric part has the eigenvalues −1 and −3
    assert found.drift == pytest.approx(1.0, abs=1e-9)
    assert found.lipschitz < 1e-9
    assert found.step_bound == pytest.approx(2 / 9, rel=0.2)
    assert found.correction_drift == pytest.approx(0.0, abs=1e-12)


@pytest.mark.long
@pytest.mark.parametrize("rule", [ns.pg(), ns.meta_mapg()], ids=lambda rule: rule.name)
def test_corners_lead_out_on_the_sub_box_and_not_far_beyond(rule):
    game, corner = games.stag_hunt(), np.array([4.0, 4.0])
    found = drift_constants(rule, game, corner, bound=4.0)
    assert (found.verdict, found.kind) == ("proved", "corner")
    field, random = field_of(game, rule), np.random.default_rng(0)
    assert found.margin == pytest.approx(0.5 * field(corner).min(), rel=1e-6)
    with jax.enable_x64(True):
        run = run_field(game, rule)
        assert run(corner - random.uniform(0, found.side, (4000, 2))).min() >= found.margin
        line = corner - np.stack([np.zeros(400), np.linspace(0, 1.05 * found.side, 400)], axis=1)
        assert min(run(line).min(), run(line[:, ::-1]).min()) < found.margin
        theta = corner - random.uniform(0, found.side, (500, 2))
        for _ in range(60):
            moved = np.clip(theta + 30.0 * run(theta), -4.0, 4.0)
            assert (moved >= theta).all()
            theta = moved
    assert found.time == pytest.approx(found.side / found.margin)


@pytest.mark.long
def test_games_whose_utilities_are_computed_have_the_constants_of_their_table():
    game = games.volunteers_dilemma()
    found = drift_constants(ns.pg(), game, [8.0, -8.0, -8.0])
    assert found.verdict == "proved"
    table = drift_constants(ns.pg(), game.to_dense(), [8.0, -8.0, -8.0])
    assert found.side == pytest.approx(table.side, rel=1e-3)
    assert found.margin == pytest.approx(table.margin, rel=1e-3)


def test_what_is_not_so_is_not_proved():
    names = [name for name in PROVED if name not in MEASURED]
    cases = [
        (ns.pg(), games.matching_pennies(), [0.0, 0.0], "trace is zero"),
        (ns.pg(), games.stag_hunt(), np.log([2.0, 2.0]), "not positive"),
        (ns.pg(), games.stag_hunt(), [8.0, -8.0], "does not lead out"),
        (ns.pg(), games.stag_hunt(), [8.0, 0.0], "lie at an end"),
        (ns.pg(), games.stag_hunt(), [3.0, 3.0], "no zero"),
    ]
    for rule, game, at, reason in cases:
        found = drift_constants(rule, game, at)
        assert found.verdict == "none"
        assert reason in found.reason
        assert all(getattr(found, name) is None for name in names)
        assert found.status is Status.UNRESOLVED


def test_a_stable_focus_whose_distances_grow_first():
    shear = games.quadratic([[[-1, 8], [8, 0]], [[0, 0], [0, -1]]], [[0, 0], [0, 0]], sizes=(1, 1))
    found = drift_constants(ns.pg(), shear, [0.0, 0.0])
    assert found.verdict == "none"
    assert "negative real parts" in found.reason


@pytest.mark.parametrize(
    "matrix",
    [
        [[4.0, -1.0], [-3.0, 2.0]],
        pytest.param([[0.0, -1.0, 1.5], [1.0, 0.0, -1.0], [-1.0, 2.0, 0.0]], marks=pytest.mark.long),
    ],
    ids=["two", "three"],
)
def test_softmax_logits_have_their_ball_across_the_directions_that_matter(matrix):
    matrix, k = np.array(matrix), len(matrix)
    game = ns.parametric(games.dense(np.stack([matrix, -matrix])), ns.semantics.independent((k, k), "softmax"))
    p = np.linalg.solve(np.vstack([np.diff(matrix.T, axis=0), np.ones(k)]), [0] * (k - 1) + [1])
    q = np.linalg.solve(np.vstack([np.diff(matrix, axis=0), np.ones(k)]), [0] * (k - 1) + [1])
    assert (p > 0).all()
    assert (q > 0).all()
    at = np.concatenate([np.log(p) - np.log(p).mean(), np.log(q) - np.log(q).mean()])
    found = drift_constants(RULE, game, at)
    assert found.verdict == "proved"
    field, random = field_of(game, RULE), np.random.default_rng(4)
    for _ in range(50):
        d = random.normal(size=2 * k)
        d -= np.repeat([d[:k].mean(), d[k:].mean()], k)
        d *= found.radius * random.uniform() / np.linalg.norm(d)
        assert field(found.theta + d) @ d <= -found.rate * (d @ d) + 1e-15


def test_the_largest_rate_is_one_and_close():
    random = np.random.default_rng(5)
    for _ in range(30):
        a = random.normal(size=(4, 4))
        width = 10.0 ** random.uniform(-12, -2)
        bound = largest_rate(a - width, a + width, np.zeros((4, 0)))
        sampled = [a + width * random.choice([-1, 1], size=(4, 4)) for _ in range(50)]
        rates = [np.linalg.eigvalsh((one + one.T) / 2)[-1] for one in sampled]
        assert max(rates) <= bound <= np.linalg.eigvalsh((a + a.T) / 2)[-1] + 4.1 * width + 1e-10


def test_bad_input():
    with pytest.raises(InputError, match="outside the box"):
        drift_constants(ns.pg(), games.stag_hunt(), [9.0, 0.0])
    with pytest.raises(InputError, match="shape"):
        drift_constants(ns.pg(), games.stag_hunt(), [0.0])
    with pytest.raises(InputError, match="share"):
        drift_constants(ns.pg(), games.stag_hunt(), [8.0, 8.0], share=1.0)
