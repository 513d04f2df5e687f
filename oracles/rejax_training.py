"""Independent PPO against rejax, on the same environment, with the same options and as many runs of each.

rejax is installed in an environment of its own, beside an older Gymnax, of which it takes five values from a step:

    python -m venv of-rejax
    of-rejax/bin/pip install --editable . rejax "gymnax<1"
    of-rejax/bin/python -m oracles rejax_training
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

import nashscape as ns
from nashscape import learning, neural
from nashscape.dynamics import observing
from nashscape.dynamics.playing.curves import curves_of
from nashscape.neural.drawing import Drawing
from nashscape.neural.layers import Sight, layers
from oracles.cart_pole import CartPole
from oracles.compared import Comparison, Deviations, library
from oracles.problems import Amount

EPISODES, ROUNDS, EPOCHS, PARTS, HIDDEN = 16, 128, 4, 4, (64, 64)
RATE, CLIP, TRACE, ENTROPY = 1e-3, 0.2, 0.95, 0.01

MOMENTS, BETWEEN, SEEN = 8, 2, 128
"""Looked at so often, after so many updates each, in so many episodes: while returns rise."""

TOLERANCE = 3.0
"""Standard errors between means over runs; any of eight is beyond it in one of thirty comparisons at most."""

Floats = npt.NDArray[np.float64]


def compare(amount: Amount) -> list[Comparison]:
    """Mean returns over runs after every second update, in standard errors of their difference.

    So many runs notice one epoch in place of four, traces of .5 in place of .95 and ten times the entropy, and do not
    notice eight minibatches in place of four.

    Raises:
        Missing: when rejax is not installed.
    """
    rejax, version = library("rejax", "rejax")
    runs, environment = amount.runs, CartPole()
    own, other = _ours(environment, runs), _theirs(rejax, environment, runs)
    print("mean returns after updates", *(BETWEEN * np.arange(1, MOMENTS + 1)))
    for name, each in (("nashscape", own), (f"rejax {version}", other)):
        error = each.std(axis=0, ddof=1) / np.sqrt(runs)
        print(f"{name:12}", *(f"{mean:.2f} ± {one:.2f}" for mean, one in zip(each.mean(axis=0), error, strict=True)))
    differences = Deviations()
    spread = np.sqrt((own.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / runs)
    differences.add(own.mean(axis=0) / spread, other.mean(axis=0) / spread)
    what = f"independent PPO on {environment.name}, {runs} runs each, means over runs in standard errors"
    return [differences.comparison("rejax", version, what, TOLERANCE)]


def _ours(environment: CartPole, runs: int) -> Floats:
    """Mean returns over episodes, not discounted, `[runs, moments]`."""
    learners = ns.parametric(environment, neural.perceptrons(environment, hidden=HIDDEN, drawn="lecun"))
    critic = layers(Sight(4, False), HIDDEN, 1, "tanh", Drawing("lecun", 1.0))
    rule = neural.ppo(
        learning_rate=RATE, epochs=EPOCHS, minibatches=PARTS, clip=CLIP, trace=TRACE, entropy=ENTROPY,
        max_norm=None, value_clip=CLIP, critics=[critic],
    )  # fmt: skip
    found = ns.entry_probability(
        learners, rule, n=runs, steps=MOMENTS * BETWEEN, seed=1,
        estimator=learning.played(EPISODES, rounds=ROUNDS, fresh=False),
        settling=observing(SEEN, moments=MOMENTS, greedy=0),
    )  # fmt: skip
    return np.asarray(curves_of(found).means["return"], np.float64)[:, :, 0]


def _theirs(rejax: Any, environment: CartPole, runs: int) -> Floats:
    """The same of their runs: every round pays 1, so that the length of an episode is its return."""
    steps = EPISODES * ROUNDS
    trained = rejax.PPO.create(
        env=_ForRejax(environment), agent_kwargs={"activation": "tanh", "hidden_layer_sizes": HIDDEN},
        total_timesteps=MOMENTS * BETWEEN * steps, eval_freq=BETWEEN * steps, skip_initial_evaluation=True,
        num_envs=EPISODES, num_steps=ROUNDS, num_epochs=EPOCHS, num_minibatches=PARTS, learning_rate=RATE,
        gamma=environment.discount, gae_lambda=TRACE, clip_eps=CLIP, ent_coef=ENTROPY,
    )  # fmt: skip
    _, (lengths, _) = jax.jit(jax.vmap(trained.train))(jax.random.split(jax.random.key(2), runs))
    return np.asarray(lengths, np.float64).mean(axis=-1)


class _ForRejax:
    """An environment of ours for one player, as rejax steps those of Gymnax: one that ends begins anew."""

    def __init__(self, environment: CartPole) -> None:
        self.environment, self.default_params = environment, _Limit(environment.horizon)

    def reset(self, key: jax.Array, params: Any) -> tuple[jax.Array, Any]:
        state, (seen,) = self.environment.reset(key)
        return seen, state

    def step(self, key: jax.Array, state: Any, action: jax.Array, params: Any) -> tuple[Any, ...]:
        stepping, beginning = jax.random.split(key)
        after = self.environment.step(stepping, state, (action,))
        fresh = self.environment.reset(beginning)
        state, (seen,) = jax.tree.map(
            lambda new, old: jnp.where(after.terminated, new, old), fresh, (after.state, after.observations)
        )
        return seen, state, after.rewards[0], after.terminated, {}

    def observation_space(self, params: Any) -> Any:
        return self.environment.observation_spaces[0]

    def action_space(self, params: Any) -> Any:
        spaces, _ = library("gymnax", "gymnax.environments.spaces")
        return spaces.Discrete(2)


class _Limit(NamedTuple):
    """What rejax asks of an environment's numbers."""

    max_steps_in_episode: int
