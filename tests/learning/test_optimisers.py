"""Which optimisers are taken, what is found out about them, and which are refused."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nashscape.core import InputError
from nashscape.core.descriptions import describe
from nashscape.learning.optimisers import as_optimiser


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Momentum:
    """Heavy ball without Optax; its numbers are arguments of programs."""

    rate: Any = 0.1
    decay: Any = 0.9

    def init(self, theta):
        return jnp.zeros_like(theta)

    def update(self, gradient, state, theta):
        after = self.decay * state + gradient
        return -self.rate * after, after


class Pair(NamedTuple):
    init: Any
    update: Any


def test_what_is_known_of_linear_ones_is_what_follows_from_their_formulas():
    for decay, turns in ((0.5, 64), (0.9, 128), (0.97, 256)):
        made = as_optimiser(optax.sgd(0.2, momentum=decay))
        assert made.linear
        assert made.gain == pytest.approx(0.2 / (1.0 - decay), rel=1e-4)
        # decay^turns of an impulse may be left, a thousandth, and of a step a hundredth
        assert made.turns == turns
        assert decay**turns <= 1e-3 < decay ** (turns // 2) or turns == 64
    assert as_optimiser(Momentum()).gain == pytest.approx(1.0, rel=1e-4)
    adam = as_optimiser(optax.adam(0.05))
    assert not adam.linear
    assert adam.gain == pytest.approx(0.05, rel=1e-4)  # its first step is its learning rate


def test_numbers_of_registered_optimisers_are_arguments_and_functions_are_not():
    one, other = (as_optimiser(Momentum(rate)) for rate in (0.1, 0.2))
    assert jax.tree.structure(one) == jax.tree.structure(other)
    assert sorted(map(float, jax.tree.leaves(one)))[:2] == pytest.approx([0.1, 0.9])
    fixed = as_optimiser(optax.adam(0.1))
    assert len(jax.tree.leaves(fixed)) == 1  # the gain
    assert jax.tree.structure(fixed) != jax.tree.structure(as_optimiser(optax.adam(0.1)))


@pytest.mark.long
def test_configurations_tell_optimisers_apart():
    def described(pair):
        return describe(as_optimiser(pair)).data

    assert described(optax.adam(0.1)) == described(optax.adam(0.1))
    kinds = [optax.adam(0.1), optax.adam(0.1001), optax.adam(0.1, b2=0.99), optax.sgd(0.1), Momentum(), Momentum(0.11)]
    told = [str(described(pair)) for pair in kinds]
    assert len(set(told)) == len(told)
    assert described(optax.adam(0.1))["name"].startswith("scale_by_adam")
    assert described(Momentum())["name"] == "Momentum"
    assert described(Momentum(0.11))["pair"]["rate"] == 0.11


def test_pushes_go_where_the_direction_goes():
    direction, theta = jnp.array([0.5, -2.0]), jnp.array([1.0, 1.0])
    for pair in (optax.sgd(1.0), Momentum(1.0)):
        made = as_optimiser(pair)
        push, _ = made.push(direction, made.init(theta), theta)
        np.testing.assert_array_equal(push, direction)
    made = as_optimiser(optax.adam(0.25))
    push, _ = made.push(direction, made.init(theta), theta)
    np.testing.assert_allclose(push, [0.25, -0.25], rtol=1e-5)


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        (0.1, r"expected an optimiser, an object with init\(theta\) and update"),
        (optax.adam, "expected an optimiser"),
        (Momentum, "expected an optimiser"),
        (optax.scale_by_adam(), "goes up where it is told to go down: rules hand over the negative direction"),
        (optax.sgd(-0.1), "goes up where it is told to go down"),
        (optax.sgd(0.0), "never moves a parameter"),
        (optax.sgd(optax.exponential_decay(0.1, 100, 0.9)), "change with the number of updates.* as step_size"),
        (optax.adagrad(0.1), "change with the number of updates"),
        (optax.MultiSteps(optax.sgd(0.1), 4), "change with the number of updates"),
        (optax.sgd(0.1, momentum=0.999), "remembers more than 2048"),
        (Pair(lambda theta: (), lambda g, state, theta: (-g * jnp.nan, state)), "gives updates that are no numbers"),
        (Pair(lambda theta: (), lambda g, state, theta: (-g.sum(), state)), "one update for every parameter"),
        (Pair(lambda theta: (), lambda g, state, theta: (-float(g[0]), state)), "does not work on a flat vector"),
    ],
)
def test_refusals_say_why(pair, why):
    with pytest.raises(InputError, match=why):
        as_optimiser(pair)


def test_two_learning_rates_are_never_multiplied_without_a_word():
    for pair in (optax.adam(0.05), optax.sgd(0.1), Momentum(0.3), optax.sgd(4.0)):
        assert as_optimiser(pair) is not None
        with pytest.raises(InputError, match=r"has a learning rate of its own, about .* leave step_size out, or give"):
            as_optimiser(pair, step_size=0.1)
    for pair in (optax.adam(1.0), optax.sgd(1.0, momentum=0.9), optax.sgd(1.0, momentum=0.9, nesterov=True)):
        assert as_optimiser(pair, step_size=0.1) is not None
    assert as_optimiser(None, step_size=0.1) is None
