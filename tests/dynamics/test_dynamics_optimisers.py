"""Runs under an optimiser against loops written out in NumPy, and where momentum carries them."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import make_setup
from nashscape.dynamics.batches import run_starts
from nashscape.dynamics.endings.mean_fields import Moment, direction
from nashscape.dynamics.endings.memories import radius_with_memory
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.labelled_runs import label_starts
from nashscape.dynamics.runs import code_of
from nashscape.dynamics.starts import parameters
from nashscape.dynamics.targets import PointTarget
from nashscape.dynamics.velocities import flow_steps

TWO = np.random.default_rng(3).normal(size=(2, 2, 3))
THREE = np.random.default_rng(4).normal(size=(3, 2, 3, 2))


def strategies(payoffs, theta):
    """A sigmoid for two actions, a softmax for more."""
    found, at = [], 0
    for count in payoffs.shape[1:]:
        size = 1 if count == 2 else count
        logits = np.append(theta[at], 0.0) if count == 2 else theta[at : at + size]
        weights = np.exp(logits - logits.max())
        found.append(weights / weights.sum())
        at += size
    return found


def gradient(payoffs, theta):
    """Base in NumPy: what actions pay, through the Jacobian of the player's own strategy."""
    mixed, parts = strategies(payoffs, theta), []
    for player, own in enumerate(mixed):
        values = np.moveaxis(payoffs[player], player, 0)
        for j in reversed([j for j in range(len(mixed)) if j != player]):
            values = values @ mixed[j]
        slope = own * (values - own @ values)
        parts.append(slope[:1] if len(own) == 2 else slope)
    return np.concatenate(parts)


def adam(rate, b1=0.9, b2=0.999, eps=1e-8):
    def step(g, memory, count):
        m, v = memory
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        return rate * (m / (1 - b1**count)) / (np.sqrt(v / (1 - b2**count)) + eps), (m, v)

    return step


def heavy_ball(rate, decay):
    def step(g, memory, count):
        m = decay * memory[0] + g
        return rate * m, (m, memory[1])

    return step


def loop(payoffs, theta, step, steps, bound=8.0, sizes=lambda t: 1.0):
    path, memory = [theta], (np.zeros_like(theta), np.zeros_like(theta))
    for t in range(steps):
        push, memory = step(gradient(payoffs, path[-1]), memory, t + 1)
        path.append(np.clip(path[-1] + sizes(t) * push, -bound, bound))
    return np.array(path)


PAIRS = {
    "adam": (optax.adam(0.2), adam(0.2)),
    "momentum": (optax.sgd(0.3, momentum=0.9), heavy_ball(0.3, 0.9)),
}


@pytest.mark.long
@pytest.mark.parametrize(("name", "payoffs"), [("adam", TWO), ("adam", THREE), ("momentum", THREE)])
def test_paths_are_those_of_the_loop_written_out(name, payoffs):
    game, (pair, step) = games.dense(payoffs), PAIRS[name]
    start = np.random.default_rng(1).normal(size=ns.parametric(game).dimension)
    run = ns.simulate(
        game, ns.pg(), ns.starts.parameters([start]), steps=60, optimiser=pair, projection=ns.box(1.5)
    )  # fmt: skip
    wanted = loop(payoffs, start, step, 60, bound=1.5)
    assert (np.abs(wanted) == 1.5).any(), "the box is met"
    # Adam divides by the square root of what it has seen, which rounding in small gradients enters
    np.testing.assert_allclose(run.theta, wanted, atol=1e-9)


@pytest.mark.long
def test_step_sizes_multiply_what_an_optimiser_adds():
    start = np.array([0.3, -0.2, 0.4, 0.1])
    sizes = ns.schedules.power(0.5, offset=3, exponent=0.5)
    run = ns.simulate(
        games.dense(TWO), ns.pg(), ns.starts.parameters([start]), steps=30, step_size=sizes,
        optimiser=optax.sgd(1.0, momentum=0.8),
    )  # fmt: skip
    wanted = loop(TWO, start, heavy_ball(1.0, 0.8), 30, sizes=lambda t: 0.5 / (t + 3) ** 0.5)
    np.testing.assert_allclose(run.theta, wanted, atol=1e-12)


@pytest.mark.long
def test_corrections_come_before_the_optimiser():
    start, rule = np.array([0.3, -0.2]), ns.meta_mapg()
    hunt = games.stag_hunt()
    plain = ns.simulate(hunt, rule, ns.starts.parameters([start]), steps=2, step_size=1.0)
    signs = np.sign(plain.theta[1] - plain.theta[0])
    base = ns.simulate(hunt, ns.pg(), ns.starts.parameters([start]), steps=2, step_size=1.0)
    assert (signs != np.sign(base.theta[1] - base.theta[0])).any(), "the correction turns a player round"
    run = ns.simulate(hunt, rule, ns.starts.parameters([start]), steps=1, optimiser=optax.adam(0.1))
    np.testing.assert_allclose(run.theta[1] - start, 0.1 * signs, rtol=1e-5)


@pytest.mark.long
def test_every_start_has_a_memory_of_its_own_however_runs_are_cut():
    setup = make_setup(games.dense(TWO), ns.pg(), optimiser=optax.adam(0.1))
    where = np.random.default_rng(2).normal(size=(300, 4))
    ends = [
        run_starts(setup, parameters(where), np.arange(300), steps=25, chunk=chunk, precision="float64")[0]
        for chunk in (128, 300)
    ]
    np.testing.assert_array_equal(ends[0].theta, ends[1].theta)
    np.testing.assert_array_equal(ends[0].coasted.theta, ends[1].coasted.theta)
    alone, _ = run_starts(setup, parameters(where), np.arange(200, 201), steps=25, precision="float64")
    np.testing.assert_array_equal(alone.theta[0], ends[0].theta[200])
    for k in (0, 150, 299):
        wanted = loop(TWO, where[k], adam(0.1), 25 + setup.optimiser.turns)
        np.testing.assert_allclose(ends[0].theta[k], wanted[25], atol=1e-9)
        np.testing.assert_allclose(ends[0].coasted.theta[k], wanted[-1], atol=1e-6)
        on = np.array([np.concatenate(strategies(TWO, place)) for place in wanted[25:]])
        np.testing.assert_allclose(ends[0].coasted.low[k], on.min(axis=0), atol=1e-6)
        np.testing.assert_allclose(ends[0].coasted.high[k], on.max(axis=0), atol=1e-6)


def test_the_mean_field_is_what_is_added_once_memory_has_settled():
    place = np.array([0.3, -0.2, 0.4, 0.1])
    moment = Moment(np.int32(9), np.float64(1.0), np.float64(1.0))
    with jax.enable_x64(True):
        for pair, wanted in (
            (optax.sgd(0.3, momentum=0.9), 3.0 * gradient(TWO, place)),
            (optax.adam(0.2), 0.2 * np.sign(gradient(TWO, place))),
        ):
            setup = make_setup(games.dense(TWO), ns.pg(), optimiser=pair)
            found = jax.jit(direction)(setup, moment, jnp.asarray(place))
            np.testing.assert_allclose(found, wanted, rtol=1e-4)


# --- labels ---------------------------------------------------------------------------------------------


def bowl(points, steep):
    """Everybody wants to be at zero, some more than others."""
    return jnp.stack([-steep[k] * jnp.sum(own**2) / 2 for k, own in enumerate(points)])


@pytest.mark.long
@pytest.mark.parametrize(("rate", "decay"), [(1.3, 0.5), (1.3, 0.9), (1.6, 0.9)])
def test_rest_under_momentum_is_that_of_parameters_and_memory_together(rate, decay):
    steep = np.array([0.7, 2.5])
    game = games.differentiable(bowl, (1, 1), coefficients=steep)
    setup = make_setup(game, ns.pg(), optimiser=optax.sgd(rate, momentum=decay))
    moment = Moment(np.int32(5), np.float64(1.0), np.float64(1.0))
    found = radius_with_memory(setup, moment, np.zeros(2), np.ones(2))
    each = [np.array([[1 - rate * a, rate * decay], [-a, decay]]) for a in steep]
    wanted = max(np.abs(np.linalg.eigvals(one)).max() for one in each)
    assert found == pytest.approx(wanted, rel=1e-6)
    run = ns.simulate(
        game, ns.pg(), ns.starts.parameters([[0.3, -0.2]]), steps=400, targets=[], projection=ns.unbounded(),
        optimiser=optax.sgd(rate, momentum=decay),
    )  # fmt: skip
    assert (run.outcome in ("other equilibrium", "stationary unknown")) == (wanted < 1.0), (run.outcome, wanted)


STEEP, COUPLED = np.array([1.0, 0.6]), 0.1


def wells(points, numbers):
    """Each player has two wells, near 1 and −1, and they like to be on the same side."""
    (x,), (y,) = points
    each = [-numbers[k] * (own**2 - 1.0) ** 2 / 4 for k, own in enumerate((x, y))]
    return jnp.stack(each) + numbers[2] * x * y


def valleys(places):
    """The gradient of that in NumPy, `[N, 2]`."""
    return -STEEP * places * (places**2 - 1.0) + COUPLED * places[:, ::-1]


@pytest.mark.long
def test_labels_are_where_momentum_really_takes_runs():
    """Runs looked at while they still roll: the literal continuation, memory and all, is the truth."""
    rate, decay, steps = 0.02, 0.97, 25
    game = games.differentiable(wells, (1, 1), coefficients=np.array([*STEEP, COUPLED]))
    starts = np.random.default_rng(5).uniform(-2.6, 2.6, size=(128, 2))
    goals = [PointTarget(name, ((at,), (at,)), radius=0.4) for name, at in (("up", 1.0), ("down", -1.0))]
    found = ns.entry_probability(
        game, ns.pg(), starts=ns.starts.parameters(starts), n=128, steps=steps, targets=goals,
        projection=ns.unbounded(), optimiser=optax.sgd(rate, momentum=decay), audit=False, precision="float64",
    )  # fmt: skip
    places, speed, ends = starts, np.zeros_like(starts), starts
    wandered = {1.0: np.zeros(128, bool), -1.0: np.zeros(128, bool)}
    for step in range(4000):
        ends = places if step == steps else ends
        for at in wandered if step >= steps else ():
            wandered[at] |= (np.abs(places - at) > 0.4).any(axis=1)
        speed = decay * speed + valleys(places)
        places = places + rate * speed
    rolled_out = returned = 0
    for name, at in (("up", 1.0), ("down", -1.0)):
        stood, stays = ((np.abs(where - at) <= 0.4).all(axis=1) for where in (ends, places))
        claimed = found.reached(name).ravel()
        assert stays[claimed].all(), f"{(~stays[claimed]).sum()} of {claimed.sum()} called {name} are elsewhere"
        assert not (claimed & wandered[at]).any(), "a target is held all the way"
        returned += (stood & stays & wandered[at]).sum()
        rolled_out += (stood & ~stays).sum()
        passing = found.labels.ravel() == code_of(f"passing {name}", found.targets)
        assert passing[stood & ~stays].all()
    assert rolled_out >= 5, "some stood in a target that momentum takes them out of"
    assert returned >= 5, "some leave it and come back"
    # and the places where paths end, in a target or not, are those where runs do
    setup = make_setup(game, ns.pg(), projection=ns.unbounded(), optimiser=optax.sgd(rate, momentum=decay))
    how = {"steps": steps, "settling": Settling(), "precision": "float64", "audit": False}
    made, _, _ = label_starts(setup, parameters(starts), np.arange(128), goals, **how)
    np.testing.assert_allclose(made.places, places, atol=0.05)
    # a run that is over claims again: all of those in a well have reached it
    late = ns.entry_probability(
        game, ns.pg(), starts=ns.starts.parameters(starts), n=128, steps=3000, targets=goals,
        projection=ns.unbounded(), optimiser=optax.sgd(rate, momentum=decay), audit=False, precision="float64",
    )  # fmt: skip
    for name, at in (("up", 1.0), ("down", -1.0)):
        np.testing.assert_array_equal(late.reached(name).ravel(), (np.abs(places - at) <= 0.4).all(axis=1))


@pytest.mark.long
def test_noise_in_what_is_not_linear_makes_runs_noisy_and_momentum_carries_it():
    hunt, how = games.stag_hunt(), {"n": 64, "steps": 40, "targets": ["CC", "DD"], "audit": False}
    noisy = ns.entry_probability(hunt, ns.pg(), estimator=ns.sampled(64), optimiser=optax.adam(0.05), **how)
    assert set(noisy.outcomes()) == {"noisy"}
    for decay in (0.0, 0.9):
        setup = make_setup(hunt, ns.pg(), estimator=ns.sampled(8), optimiser=optax.sgd(0.01, momentum=decay))
        plain = make_setup(hunt, ns.pg(), estimator=ns.sampled(8), step_size=1e-12)
        at = parameters(np.full((8, 2), 0.4))
        held = ns.box(1e-9)
        with_memory, without = (
            run_starts(replace(own, projection=held), at, np.arange(8), steps=20)[0].largest for own in (setup, plain)
        )
        np.testing.assert_allclose(with_memory, without * 0.01 / (1.0 - decay), rtol=1e-3)


# --- where there is none --------------------------------------------------------------------------------


@pytest.mark.long
def test_without_one_nothing_changes():
    setup = make_setup(games.stag_hunt(), ns.pg())
    assert setup.optimiser is None
    run = ns.entry_probability(games.stag_hunt(), ns.pg(), n=8, steps=5)
    assert "optimiser" not in run.question.parts
    named = ns.entry_probability(games.stag_hunt(), ns.pg(), n=8, steps=5, optimiser=optax.sgd(0.3, momentum=0.5))
    assert named.question["optimiser"]["name"].startswith("trace")
    assert named.question.key != run.question.key


def test_rules_that_say_where_to_arrive_take_none():
    with pytest.raises(InputError, match="says where to arrive, whatever the step size: no optimiser can stand"):
        make_setup(games.stag_hunt(), ns.learning.pola(), optimiser=optax.adam(0.1))
    with pytest.raises(InputError, match="looks ahead by the outer step size; give it an inner_lr"):
        make_setup(
            games.stag_hunt(), ns.learning.per_player([ns.pg(), ns.learning.extragradient()]), optimiser=optax.adam(0.1)
        )
    make_setup(games.stag_hunt(), ns.learning.extragradient(inner_lr=0.1), optimiser=optax.adam(0.1))


def test_flows_and_explanations_take_none():
    hunt, how = games.stag_hunt(), {"optimiser": optax.adam(0.1)}
    with pytest.raises(InputError, match="a flow has no steps for an optimiser"):
        ns.flow(hunt, ns.pg(), [0.6, 0.5], **how)
    with pytest.raises(InputError, match="optimiser"):
        ns.flow_map(hunt, ns.pg(), **how)
    with pytest.raises(InputError, match="terms push before an optimiser"):
        ns.explain(hunt, ns.pg(), [0.6, 0.5], **how)
    flowing = flow_steps(ns.parametric(hunt), ns.pg(), projection=ns.box(8.0))
    with pytest.raises(InputError, match="says where to arrive"):
        make_setup(hunt, flowing, step_size=0.5, optimiser=optax.sgd(1.0))


@pytest.mark.long
@pytest.mark.parametrize("pair", [optax.adam(0.05), optax.sgd(0.1)], ids=["adam", "sgd"])
def test_runs_that_are_carried_into_a_target_are_on_their_way_and_at_no_other_equilibrium(pair):
    hunt = games.stag_hunt()
    for steps in (10, 40):
        found = ns.entry_probability(hunt, ns.pg(), n=100, steps=steps, targets=["CC", "DD"], optimiser=pair)
        assert set(found.outcomes()) <= {"CC", "DD", "out of budget", "slow"}


@pytest.mark.parametrize("rate", [optax.linear_schedule(0.0, 0.1, 100), optax.linear_schedule(0.05, 0.1, 150)])
def test_learning_rates_that_change_are_refused(rate):
    with pytest.raises(InputError, match=r"change with the number of updates|never moves"):
        make_setup(games.stag_hunt(), ns.pg(), optimiser=optax.sgd(rate))
