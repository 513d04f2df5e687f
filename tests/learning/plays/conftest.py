"""Games over states as environments, whose players are tables: what is sampled can be computed exactly."""

from dataclasses import dataclass, field
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import environments, games, neural
from nashscape.semantics import parametric
from nashscape.semantics.acting import Acting
from nashscape.semantics.heads import Categorical
from nashscape.semantics.policies import per_state
from nashscape.semantics.semantics import Semantics

STATES = 2


class Table(eqx.Module):
    """Logits of every action in every state, `[S, a]`, seen as flags."""

    logits: Any

    def __call__(self, seen):
        return seen @ self.logits


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Reading(Acting):
    """Tables of logits of all players, which are linear in all parameters: `matrix @ θ`."""

    matrix: Any
    shape: tuple[int, ...] = field(metadata={"static": True})

    reads_others = True
    observation_shapes = property(lambda self: ((STATES,),) * len(self.shape))
    sizes = property(lambda self: tuple(STATES * actions for actions in self.shape))
    heads = property(lambda self: tuple(map(Categorical, self.shape)))

    def outputs(self, theta, observations, memory):
        logits = self.split(jnp.asarray(self.matrix, theta.dtype) @ theta)
        tables = [own.reshape(STATES, -1) for own in logits]
        return tuple(seen @ own for seen, own in zip(observations, tables, strict=True)), memory


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Mixed(Semantics):
    """The same as strategies."""

    matrix: Any
    inner: Semantics

    reads_others = True
    normalised = True
    sizes = property(lambda self: self.inner.sizes)

    def strategies(self, theta):
        return self.inner.strategies(self.matrix @ theta)

    def parameters(self, strategies):
        raise NotImplementedError


@dataclass
class Pair:
    """The same players twice: as policies of an environment, and as strategies of a game that pays exactly."""

    played: Any
    exactly: Any
    theta: np.ndarray


def made(shape, *, rounds=3, discount=0.9, payoffs=None, coupling=None, seed=0):
    random = np.random.default_rng(seed)
    pay = random.normal(size=(len(shape), STATES, *shape))
    moves, initial = random.dirichlet(np.ones(STATES), size=(STATES, *shape)), random.dirichlet(np.ones(STATES))
    pay = pay if payoffs is None else payoffs(pay)
    game = games.markov(pay, moves, discount=discount, horizon=rounds, initial=initial)
    environment = environments.of_game(game, seen=[np.eye(STATES)] * len(shape))
    inner = per_state(STATES, shape, "softmax")
    if coupling is None:
        policies = neural.policies(environment, [Table(np.zeros((STATES, own), np.float32)) for own in shape])
        semantics: Any = inner
    else:
        matrix = np.eye(inner.dimension) + coupling * random.normal(size=(inner.dimension, inner.dimension))
        policies, semantics = Reading(matrix, tuple(shape)), Mixed(matrix, inner)
    theta = random.normal(size=inner.dimension)
    return Pair(parametric(environment, policies), parametric(game, semantics), theta)


@pytest.fixture(scope="session")
def pair_of():
    """Makes a random Markov game over two states both ways."""
    return made
