"""What the protocol asks in environments of JaxMARL, as a study, and what can be said before anybody learns."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape import neural
from nashscape.environments import jaxmarl
from nashscape.learning.plays.collecting import begin, play
from nashscape.semantics import ParametricGame, parametric
from nashscape.studies import Study
from nashscape.systems.protocols import protocol_of

PROTOCOL = protocol_of("nashscape.systems.basin_entry_jaxmarl")
"""What was written down before the runs."""


def spread(arms: Mapping[str, str], n: int, seed: int) -> Study:
    """Arms of PPO with three particles that are to cover three places.

    Args:
        arms: coefficients of every arm, as text.
        n: first weights, the same for all arms.
        seed: of first weights and plays.
    """
    part, learners = PROTOCOL["spread"], PROTOCOL["learners"]
    fixed = {key: part[key] for key in ("semantics", "estimator", "settling", "targets", "steps")}
    rules = [f"{learners['rule']},inner_lr={learners['inner_lr']},{own}" for own in arms.values()]
    return Study(
        "networks-spread",
        about="What three particles that learn by PPO are paid, with terms that look at the others and without.",
        seed=seed,
        fixed={**fixed, "game": jaxmarl(part["environment"], limit=part["limit"]), "n": n},
        vary=[{"rule": rules}],
        measure=["outcomes"],
    )


def learners_in(name: str, limit: int) -> ParametricGame:
    """Perceptrons in an environment, whose first actions are drawn evenly, or nearly so."""
    env = jaxmarl(name, limit=limit)
    return parametric(env, neural.perceptrons(env, hidden=(8,)))


def paid(learners: ParametricGame, episodes: int, seed: int) -> npt.NDArray[np.bool_]:
    """In which episodes anybody is paid anything, `[episodes]`: each is played by first policies of its own."""
    game: Any = learners.game
    policies: Any = learners.semantics

    @jax.jit
    @jax.vmap
    def rewards(key: jax.Array) -> jax.Array:
        drawing, beginning, playing = jax.random.split(key, 3)
        theta = policies.initial(drawing)
        plays, _ = play(learners, theta, playing, begin(learners, beginning, 1), game.horizon)
        return plays.rewards

    return np.asarray((rewards(jax.random.split(jax.random.key(seed), episodes)) != 0).any(axis=(1, 2, 3)))
