"""Means over plays with parameters one by one, and as arrays: the same terms, and policies too large to write out."""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.learning import episodes
from nashscape.learning.moments import Moments, terms_from_moments
from nashscape.learning.play_scores import ArrayScores, PlayScores, play_scores
from nashscape.learning.records import Layout
from nashscape.learning.rollouts import returns
from nashscape.semantics import Semantics, parametric, per_state
from nashscape.tracing import components

STATES, SHAPE, ROUNDS, PLAYS, WIDTH = 2, (2, 3), 2, 5, 3
IN_HASTE = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
RANDOM = np.random.default_rng(8)
GAME = games.markov(
    RANDOM.normal(size=(2, STATES, *SHAPE)), RANDOM.dirichlet(np.ones(STATES), size=(STATES, *SHAPE)), discount=0.9,
    horizon=ROUNDS,
)  # fmt: skip
LAYOUT = Layout(STATES, SHAPE, ROUNDS)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Mixing(Semantics):
    """Policies of which every entry depends on the parameters of both players."""

    matrix: jax.Array
    sizes: ClassVar = (3, 4)

    def strategies(self, theta):
        logits = jnp.tanh(self.matrix @ theta)
        return jax.nn.softmax(logits[:4].reshape(2, 2)), jax.nn.softmax(logits[4:].reshape(2, 3))

    def parameters(self, strategies):
        raise NotImplementedError


KINDS = {"per state": per_state(STATES, SHAPE), "mixing": Mixing(jnp.asarray(RANDOM.normal(size=(10, 7)), "float32"))}


def records():
    """Plays drawn here: for every round a state and the actions of both players."""
    draws = np.random.default_rng(1)
    words = np.zeros((LAYOUT.words, PLAYS, WIDTH), np.uint32)
    for number in range(ROUNDS):
        record = draws.integers(0, STATES, (PLAYS, WIDTH))
        for i, actions in enumerate(SHAPE):
            record = record | (draws.integers(0, actions, (PLAYS, WIDTH)) << LAYOUT.offset(i))
        words[number // LAYOUT.per_word] |= (record << (LAYOUT.record * (number % LAYOUT.per_word))).astype(np.uint32)
    return jnp.asarray(words)


@pytest.mark.parametrize("kind", ["per state", pytest.param("mixing", marks=pytest.mark.long)])
def test_both_forms_give_the_same_terms(kind):
    learners = parametric(GAME, KINDS[kind])
    theta = jnp.asarray(np.random.default_rng(2).normal(size=(learners.dimension, WIDTH)), "float32")

    def terms(theta, records):
        paid = returns(GAME, LAYOUT, records)
        made = []
        for form in (PlayScores, ArrayScores):
            scores = form(learners, LAYOUT, theta, [records[k] for k in range(LAYOUT.words)])
            moments = Moments(scores.until(ROUNDS - 1), paid)
            made.append(terms_from_moments(scores, lambda ask, moments=moments: ask(moments)))
        return made

    words = records()
    one, other = jax.jit(terms).lower(theta, words).compile(compiler_options=IN_HASTE)(theta, words)
    for name in ("base", "own", "peer", "lookahead", "jacobian"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert mine.shape == theirs.shape
        assert np.abs(np.asarray(mine)).max() > 1e-3
        np.testing.assert_allclose(mine, theirs, rtol=2e-4, atol=2e-6)


def test_what_is_too_long_to_write_out_is_kept_as_arrays(monkeypatch):
    learners = parametric(GAME)
    theta, words = jnp.zeros((learners.dimension, WIDTH)), list(records())
    assert isinstance(play_scores(learners, LAYOUT, theta, words), PlayScores)
    monkeypatch.setattr(components, "MOST_OPERATIONS", 0)
    assert isinstance(play_scores(learners, LAYOUT, theta, words), ArrayScores)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Network(Semantics):
    """Policies by a network of 385 weights a player: 5 states, twice 16 units, one logit."""

    sizes: ClassVar = (385, 385)

    def strategies(self, theta):
        return tuple(map(self._policy, self.split(theta)))

    def _policy(self, own):
        first, second, third = own[:96].reshape(6, 16), own[96:368].reshape(17, 16), own[368:]
        hidden = jnp.tanh(jnp.tanh(first[:5] + first[5]) @ second[:16] + second[16])
        p = jax.nn.sigmoid(hidden @ third[:16] + third[16])
        return jnp.stack([p, 1 - p], axis=1)

    def parameters(self, strategies):
        raise NotImplementedError


@pytest.mark.long
def test_policies_of_hundreds_of_weights_are_sampled():
    game = games.iterated_prisoners_dilemma(horizon=2)
    learners = parametric(game, Network())
    estimator = episodes(4).for_game(learners)
    words = (*(jnp.uint32(0) for _ in range(2)), jnp.arange(WIDTH, dtype=jnp.uint32), jnp.uint32(0), jnp.uint32(0))
    example = jax.ShapeDtypeStruct((770, WIDTH), "float32")
    made = jax.eval_shape(lambda theta: estimator.estimate_side_by_side(learners, theta, words), example)
    assert (made.base.shape, made.jacobian.shape) == ((770, WIDTH), (770, 770, WIDTH))
