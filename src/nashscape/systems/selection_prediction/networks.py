"""Networks that learn Stag Hunt by PPO with a peer term: what they do at the start, early, and where they end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NoReturn

import jax
import jax.numpy as jnp
import numpy as np

from nashscape import environments, games, neural
from nashscape.core import InputError
from nashscape.dynamics import behaviour, observing, starts
from nashscape.learning import Rule, played
from nashscape.semantics import ParametricGame, Semantics, parametric
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


def exact_rules(peers: list[float]) -> dict[str, Rule]:
    """The rule of each whose terms are exact."""
    return {f"PPO, peer {peer:g}": rule(peer, 0.0) for peer in peers}


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class InOneRound(Semantics):
    """The strategies of policies that are asked once, so that their terms at any weights are exact.

    Attributes:
        policies: weights to what is done with what is seen.
        seen: what every player sees in the only round.
    """

    normalised: ClassVar[bool] = True

    policies: Any
    seen: Any

    @property
    def sizes(self) -> tuple[int, ...]:
        """As many weights as the policies have."""
        return tuple(self.policies.sizes)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Softmax of the logits of each player."""
        return tuple(map(jax.nn.softmax, self.policies.outputs(theta, self.seen, self.policies.memory())[0]))

    def parameters(self, strategies: Sequence[jax.Array]) -> NoReturn:
        """Many weights give the same strategies.

        Raises:
            InputError: always.
        """
        raise InputError("strategies do not determine the weights of networks; give starts as weights")


def in_one_round() -> ParametricGame:
    """The same players in the matrix game, without sampling."""
    group = players()
    _, seen = group.game.reset(jax.random.key(0))  # type: ignore[attr-defined]
    return parametric(games.stag_hunt(), InOneRound(group.semantics, seen))


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


def weights_at_start(count: int, seed: int) -> Floats:
    """The weights from which runs with the seed start, `[N, d]`."""
    return np.asarray(starts.weights().parameters(players(), np.arange(count), seed), np.float64)


def log_odds(theta: Floats) -> Floats:
    """Log-odds of C of both players at weights `[N, d]`, `[N, 2]`."""
    every = jax.vmap(partial(log_odds_of, in_one_round()))(jnp.asarray(theta, jnp.float32))
    return np.asarray(every, np.float64)


def log_odds_of(learners: ParametricGame, theta: jax.Array) -> jax.Array:
    """Log-odds of both players' first action at parameters `[d]`, `[2]`; to be differentiated."""
    return jnp.stack([own[0] - own[1] for own in learners.semantics.log_strategies(theta)])


def samples(peers: list[float], count: int, seed: int) -> Mapping[str, Sample]:
    """Of every learner: log-odds of C at the start, log-odds of how often C is seen early, and who ends at the stag."""
    told = protocol()["networks"]
    found, weights = entries(learning(peers, count, seed)), weights_at_start(count, seed)
    made = {}
    for name in learners(peers):
        early = np.asarray(found[told["early"], name].reduced["share of C"], np.float64)[:, -1]
        # half a play more of either kind, so that none of a few is not taken for never
        seen = (early * told["episodes"] + 0.5) / (told["episodes"] + 1)
        reached = np.asarray(found[told["updates"], name].stands(TARGET))
        made[name] = Sample(log_odds(weights), odds(seen), reached, weights)
    return made
