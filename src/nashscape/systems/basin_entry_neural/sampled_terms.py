"""Terms as players estimate them: where two are the same, and how much of them is noise."""

from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape import neural
from nashscape.environments import coin_game, of_game
from nashscape.games import dense, stag_hunt
from nashscape.learning.plays.collecting import begin, play
from nashscape.learning.plays.terms_of_plays import terms_of_plays
from nashscape.semantics import ParametricGame, parametric
from nashscape.systems.agreement import Spread

Floats = npt.NDArray[np.float64]

TERMS = ("base", "peer", "lookahead")


def estimates(learners: ParametricGame, episodes: int, seeds: range, count: int) -> dict[str, Floats]:
    """Independent estimates of terms from so many whole episodes each, `[seeds, count, d]`.

    Args:
        learners: a game that is played, and who plays it.
        episodes: behind every estimate.
        seeds: one for each drawing of first weights.
        count: estimates at every one.
    """
    game: Any = learners.game
    policies: Any = learners.semantics

    @jax.jit
    def terms(theta: jax.Array, key: jax.Array) -> dict[str, jax.Array]:
        plays, _ = play(learners, theta, key, begin(learners, key, episodes), game.horizon)
        found = terms_of_plays(learners, theta, plays)
        return {name: getattr(found, name) for name in TERMS}

    made = []
    for seed in seeds:
        theta = policies.initial(jax.random.key(seed))
        made += [terms(theta, own) for own in jax.random.split(jax.random.key(seed + 1000), count)]
    shape = (len(seeds), count, -1)
    return {name: np.array([np.asarray(one[name], np.float64) for one in made]).reshape(shape) for name in TERMS}


def difference(learners: ParametricGame, episodes: int, seed: int) -> float:
    """The largest difference of the peer term and look-ahead, over the largest component of the peer term."""
    found = estimates(learners, episodes, range(seed, seed + 1), 1)
    peer = found["peer"]
    return float(np.abs(peer - found["lookahead"]).max() / np.abs(peer).max())


def players_of(payoffs: npt.ArrayLike) -> ParametricGame:
    """Small perceptrons in a game that is played once, `[n, a_1, …, a_n]`."""
    env = of_game(dense(payoffs))
    return parametric(env, neural.perceptrons(env, hidden=(8,), last=1.0))


def cosines(learners: ParametricGame, episodes: int, seeds: range, count: int = 4) -> dict[str, Spread]:
    """Mean cosines of independent estimates of every term at the same weights, over drawings of first weights.

    Near 1 an estimate is the term, near 0 noise.
    """
    upper = np.triu_indices(count, 1)
    made = {}
    for name, own in estimates(learners, episodes, seeds, count).items():
        unit = own / np.linalg.norm(own, axis=-1, keepdims=True)
        each = (unit @ unit.swapaxes(-1, -2))[:, *upper].mean(axis=-1)
        made[name] = Spread(float(each.mean()), float(each.std(ddof=1)), len(seeds))
    return made


def hunters() -> ParametricGame:
    """The networks that play Stag Hunt."""
    env = of_game(stag_hunt())
    return parametric(env, neural.perceptrons(env, hidden=(16, 16), last=1.0))


def coin_players() -> ParametricGame:
    """Perceptrons in the coin game, at first nearly indifferent."""
    env = coin_game(limit=32, egocentric=True)
    return parametric(env, neural.perceptrons(env, hidden=(16, 16)))
