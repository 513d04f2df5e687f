"""Networks that learn Stag Hunt by PPO with a peer term: what they do at the start, early, and where they end."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape import environments, games, neural
from nashscape.dynamics import behaviour, observing, starts
from nashscape.learning import Rule, played
from nashscape.semantics import ParametricGame, parametric
from nashscape.studies import Study
from nashscape.systems.selection_prediction.predictors import Floats, odds
from nashscape.systems.selection_prediction.study import Sample, entries, protocol, rule

TARGET = "both hunt"


def players() -> ParametricGame:
    """Stag Hunt played by perceptrons, whose first policies are of many kinds."""
    played_game = environments.of_game(games.stag_hunt())
    hidden = tuple(protocol()["networks"]["hidden"])
    return parametric(played_game, neural.perceptrons(played_game, hidden=hidden, last=1.0))


def learners(peers: list[float]) -> dict[str, Rule]:
    """PPO with each of the coefficients of the peer term."""
    told = protocol()["networks"]
    return {
        f"PPO, peer {peer:g}": neural.ppo(
            peer=peer, inner_lr=0.55, normalise=False, learning_rate=told["learning_rate"],
            critic_hidden=tuple(told["critic"]), minibatches=told["minibatches"],
        ).renamed(f"PPO, peer {peer:g}")
        for peer in peers
    }  # fmt: skip


def tabular(peers: list[float]) -> dict[str, Rule]:
    """The learner without networks whose terms stand for those of each."""
    return {f"PPO, peer {peer:g}": rule(peer, 0.0) for peer in peers}


def learning(peers: list[float], count: int, seed: int) -> Study:
    """Runs of all updates, and beside them runs of the first twentieth alone."""
    told = protocol()["networks"]
    group = players()
    return Study(
        "selection-networks",
        about="Which equilibrium networks select, and what they do when a twentieth of the updates is made.",
        fixed={
            "game": group.game,
            "semantics": group.semantics,
            "estimator": played(told["batch"]),
            "targets": [behaviour(TARGET, "share of C", at_least=told["at_least"], of="least")],
            "settling": observing(episodes=told["episodes"], moments=2, greedy=0),
            "n": count,
        },
        vary=[{"steps": [told["early"], told["updates"]]}, {"rule": list(learners(peers).values())}],
        measure=["reduced"],
        seed=seed,
    )


def log_odds_at_start(count: int, seed: int) -> Floats:
    """Log-odds of C of both players under the weights from which runs with the seed start, `[N, 2]`."""
    group = players()
    acting: Any = group.semantics
    theta = starts.weights().parameters(group, np.arange(count), seed)
    _, seen = group.game.reset(jax.random.key(0))  # type: ignore[attr-defined]

    def numbers(own: jax.Array) -> jax.Array:
        logits, _ = acting.outputs(own, seen, acting.memory())
        return jnp.stack([one[0] - one[1] for one in logits])

    return np.asarray(jax.vmap(numbers)(jnp.asarray(theta, jnp.float32)), np.float64)


def samples(peers: list[float], count: int, seed: int) -> Mapping[str, Sample]:
    """Of every learner: log-odds of C at the start, log-odds of how often C is seen early, and who ends at the stag."""
    told = protocol()["networks"]
    found, start = entries(learning(peers, count, seed)), log_odds_at_start(count, seed)
    made = {}
    for name in learners(peers):
        early = np.asarray(found[told["early"], name].reduced["share of C"], np.float64)[:, -1]
        # half a play more of either kind, so that none of a few is not taken for never
        seen = (early * told["episodes"] + 0.5) / (told["episodes"] + 1)
        made[name] = Sample(start, odds(seen), np.asarray(found[told["updates"], name].stands(TARGET)))
    return made
