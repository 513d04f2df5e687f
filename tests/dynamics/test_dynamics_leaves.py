"""Masks and random keys enter programs as what they are."""

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.dynamics import make_setup
from nashscape.dynamics.batches import run_starts
from nashscape.dynamics.cells import stacked
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.labelled_runs import label_starts
from nashscape.dynamics.setup import in_precision
from nashscape.dynamics.starts import parameters
from nashscape.learning import Terms, exact
from nashscape.semantics import Semantics, parametric

PAYOFFS = np.random.default_rng(3).normal(size=(2, 2, 3))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Masked(Semantics):
    """Softmaxes over the actions that are allowed; the mask is turned round by `~`, which floats do not have."""

    allowed: tuple[Any, ...]

    @property
    def sizes(self):
        return tuple(own.shape[0] for own in self.allowed)

    def strategies(self, theta):
        return tuple(
            jax.nn.softmax(jnp.where(~jnp.asarray(mask), -jnp.inf, own))
            for own, mask in zip(self.split(theta), self.allowed, strict=True)
        )

    def parameters(self, strategies):
        return jnp.concatenate([jnp.log(jnp.maximum(own, 1e-30)) for own in strategies])


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Jittered(ns.learning.Estimator):
    """Base and noise from a key that it holds."""

    key: Any
    exact = False
    gives = frozenset({"base"})

    def estimate(self, game, theta, key, wanted=None):
        base = exact().estimate(game, theta, key, frozenset({"base"})).base
        held = self.key if jnp.issubdtype(self.key.dtype, jax.dtypes.prng_key) else jax.random.wrap_key_data(self.key)
        named = jax.random.fold_in(jax.random.fold_in(held, key.start), key.step)
        return Terms(game.sizes, base=base + 0.1 * jax.random.normal(named, base.shape, base.dtype))


LEARNERS = parametric(games.dense(PAYOFFS), Masked((np.array([True, True]), np.array([True, False, True]))))


@pytest.mark.long
def test_a_mask_masks_in_runs_and_in_labels():
    starts = np.random.default_rng(1).normal(size=(8, 5))
    smaller = parametric(games.dense(PAYOFFS[:, :, [0, 2]]), ns.semantics.independent((2, 2), "softmax"))
    how = {"steps": 60, "precision": "float64"}
    labels, masked, _ = label_starts(
        make_setup(LEARNERS, ns.pg()), parameters(starts), np.arange(8), [], settling=Settling(), audit=False, **how
    )
    without, _ = run_starts(
        make_setup(smaller, ns.pg()), parameters(starts[:, [0, 1, 2, 4]]), np.arange(8), **how
    )  # fmt: skip
    np.testing.assert_allclose(masked.theta[:, [0, 1, 2, 4]], without.theta, atol=1e-12)
    np.testing.assert_array_equal(masked.theta[:, 3], np.clip(starts[:, 3], -8, 8))
    assert (masked.strategies[1][:, 1] == 0.0).all()
    assert (labels.places[:, 3] == 0.0).all(), "nor along the paths that labels look at"


@pytest.mark.long
@pytest.mark.parametrize("made", [jax.random.key, jax.random.PRNGKey], ids=["typed", "words"])
def test_a_random_key_draws_what_it_draws(made):
    game, theta = parametric(games.stag_hunt()), np.array([[0.3, -0.2], [0.1, 0.4]])
    key = jax.random.fold_in(made(2**32 - 5), 3)  # words beyond the whole numbers of 32 bits
    setup = make_setup(game, ns.pg(), estimator=Jittered(key), step_size=0.5)
    _, ends, _ = label_starts(setup, parameters(theta), np.arange(2), [], steps=1, settling=Settling(), audit=False)
    for k in range(2):
        place = jnp.asarray(theta[k], jnp.float32)
        named = jax.random.fold_in(jax.random.fold_in(key, k), 0)
        noise = 0.1 * jax.random.normal(named, (2,), jnp.float32)
        base = exact().estimate(game, place, None, frozenset({"base"})).base
        np.testing.assert_allclose(ends.theta[k], place + 0.5 * (base + noise), rtol=1e-6)


def test_types_of_numbers():
    key = jax.random.split(jax.random.key(1), 3)
    tree = {"f": 0.5, "i": np.int64(3), "b": np.array([True, False]), "u": np.array([2**32 - 1], np.uint32), "k": key}
    for precision in ("float32", "float64"):
        made = in_precision(tree, precision)
        assert (made["f"].dtype, made["i"].dtype, made["b"].dtype) == (precision, np.int32, bool)
        assert made["u"].dtype == np.uint32
        assert made["u"][0] == 2**32 - 1
        np.testing.assert_array_equal(jax.random.key_data(made["k"]), jax.random.key_data(key))


def test_cells_may_differ_in_masks_and_share_a_key():
    masks = [(np.array([True, True]), np.array([True, False, True])), (np.array([True, True]), np.ones(3, bool))]
    made = [replace(LEARNERS, semantics=Masked(mask)) for mask in masks]
    setup = make_setup(made[0], ns.pg(), estimator=Jittered(jax.random.key(7)))
    cells = stacked(((one, setup.rule) for one in made), 2, setup)
    for k, mask in enumerate(masks):
        part = cells.part(np.array([k]))
        np.testing.assert_array_equal(part.game.semantics.allowed[1][0], mask[1])
        assert part.game.semantics.allowed[1].dtype == bool
        np.testing.assert_array_equal(
            jax.random.key_data(part.estimator.key)[0], jax.random.key_data(jax.random.key(7))
        )
