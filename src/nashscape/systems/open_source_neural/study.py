"""The runs of every row of the protocol, as a study over couplings: games, players who read each other, learners."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from nashscape.dynamics import Settling, behaviour, observing, reducers
from nashscape.environments import of_game
from nashscape.games import MarkovGame, bimatrix, donation, markov, prisoners_dilemma, public_goods, repeated
from nashscape.learning import pg, played, unbounded
from nashscape.neural import coupled, policies, ppo, recurrent
from nashscape.semantics import open_source, parametric, policy_network
from nashscape.semantics.perspectives import perspectives
from nashscape.studies import Study

COOPERATE = "cooperate"
EXACT = "exact"
CONTRIBUTORS, MULTIPLIER = 3, 1.8
"""Of the public goods game."""
HALF = np.array([[0.0, 1.0], [0.5, 0.0]])
"""Who reads whom how strongly, in couplings, where the second player reads with half of them."""


def stage(game: str) -> Any:
    """What is played in every round."""
    if game == "unequal costs":
        return bimatrix([[2, -1], [3, 0]], [[1, 3], [-2, 0]], name=game, actions=("C", "D"))
    made: dict[str, Callable[[], Any]] = {
        "donation": lambda: donation(benefit=3.0, cost=1.0),
        "cheap donation": lambda: donation(benefit=3.0, cost=0.15),
        "dear donation": lambda: donation(benefit=3.0, cost=2.4),
        "dilemma": prisoners_dilemma,
        "public goods": lambda: public_goods(players=CONTRIBUTORS, multiplier=MULTIPLIER),
    }
    return made[game]()


@dataclass(frozen=True)
class Asked:
    """One row of the protocol.

    Attributes:
        game: what is played in every round.
        discount: γ.
        players: what they are, "table", "network", "small" or "recurrent".
        learner: "exact", "sampled" or "ppo".
        unequal: whether the second player reads with half of the coupling.
        noise: by how much payoffs are higher or lower, by chance.
    """

    game: str
    discount: float
    players: str
    learner: str
    unequal: bool = False
    noise: float = 0.0

    @property
    def label(self) -> str:
        """Game, discount, players, learner, and what else there is."""
        more = [", half as much read by the second"] * self.unequal + [", noisy payoffs"] * (self.noise > 0)
        return f"{self.game} γ = {self.discount:g}, {self.players}, {self.learner}{''.join(more)}"


def rows_of(protocol: Mapping[str, Any], effort: str) -> Iterator[Asked]:
    """The rows that an effort asks for, in the order of the protocol."""
    for block in protocol["rows"]:
        if effort != "quick" or block.get("quick", False):
            more = {name: block[name] for name in ("unequal", "noise") if name in block}
            for own in product(block["games"], block["discounts"], block["players"], block["learners"]):
                yield Asked(*own, **more)


def rounds(discount: float, weight: float) -> int:
    """The fewest rounds after which a payoff weighs no more than a number, one at least.

    >>> rounds(0.0, 0.05), rounds(0.5, 0.05), rounds(0.9, 0.05)
    (1, 5, 29)
    """
    return max(1, math.ceil(math.log(weight) / math.log(discount))) if discount else 1


def game_of(asked: Asked, weight: float) -> MarkovGame:
    """The repeated game without noise; nobody remembers more than the last round."""
    return repeated(stage(asked.game), horizon=rounds(asked.discount, weight), discount=asked.discount, name=asked.game)


def noisy(game: MarkovGame, noise: float) -> MarkovGame:
    """The same game whose payoffs in a round are higher or lower, each player's by itself, with even chances.

    A state is one of the game and a sign for each player, which nobody sees.
    """
    n, flips = len(game.players), 2 ** len(game.players)
    signs = np.array(list(product((1.0, -1.0), repeat=n)))
    states, plain = game.n_states, np.broadcast_to(np.asarray(game.payoffs), (n, game.n_states, *game.shape))
    shifts = noise * np.tile(signs, (states, 1)).T.reshape(n, states * flips, *(1,) * n)
    moves = np.asarray(game.kernel()).reshape(states, *game.shape, states)
    return markov(
        np.repeat(plain, flips, axis=1) + shifts,
        np.repeat(np.repeat(moves, flips, axis=0), flips, axis=-1) / flips,
        discount=float(game.discount),
        horizon=game.horizon,
        initial=np.repeat(np.asarray(game.initial), flips) / flips,
        actions=game.actions,
        name=f"noisy {game.name}",
    )


class Table(eqx.Module):
    """A number for every state, the log-odds of the first of two actions; what is seen are flags of the state."""

    numbers: Any

    def __call__(self, seen: jax.Array) -> jax.Array:
        """Logits of both actions."""
        first = seen @ self.numbers
        return jnp.stack([first, jnp.zeros_like(first)])


def study_of(asked: Asked, protocol: Mapping[str, Any], starts: int, seed: int) -> Study:
    """The runs of a row at all of its couplings, which share one program and their starts."""
    game = game_of(asked, protocol["counts"]["weight"])
    made = _computed if asked.learner == EXACT else _played
    return Study(
        "open-source-neural",
        about="Where players who read each other's weights end, over couplings.",
        fixed={
            "n": starts,
            "starts": "weights" if asked.players == "recurrent" else "normal:std=1",
            "projection": unbounded(),
            **made(asked, game, protocol),
        },
        vary=[{"coupling": list(protocol["couplings"][asked.game])}],
        measure=["reduced"] if asked.learner == EXACT else ["standing"],
        seed=seed,
    )


def _computed(asked: Asked, game: MarkovGame, protocol: Mapping[str, Any]) -> dict[str, Any]:
    numbers = protocol[EXACT]
    learners = game if asked.players == "table" else parametric(game, _network(asked, game, protocol))
    return {
        "game": game,
        "semantics": open_source(learners, reading(asked)).semantics,
        "rule": pg(),
        "steps": numbers["steps"][asked.players],
        "step_size": numbers["step_size"] * (1 - asked.discount),
        "settling": Settling(follow=False),
        "reducers": [reducers.last_profile()],
    }


def _played(asked: Asked, game: MarkovGame, protocol: Mapping[str, Any]) -> dict[str, Any]:
    numbers, counts = protocol[asked.learner], protocol["counts"]
    plain = of_game(game, seen=_flags(game) if asked.players == "table" else None)
    environment = plain
    if asked.noise:
        unseen = [np.repeat(np.asarray(own), 2 ** len(plain.views), axis=0) for own in plain.views]
        environment = of_game(noisy(game, asked.noise), seen=unseen)
    target = behaviour(COOPERATE, f"share of {game.actions[0][0]}", at_least=counts["share"], of="least")
    return {
        "game": environment,
        "semantics": coupled(_policies(asked, game, environment, protocol), reading(asked)),
        "rule": pg() if asked.learner == "sampled" else ppo(learning_rate=numbers["learning_rate"], minibatches=1),
        "estimator": played(numbers["batch"]),
        "steps": numbers["steps"],
        "settling": observing(episodes=counts["episodes"], moments=2, greedy=0),
        "targets": [target],
        **({"step_size": numbers["step_size"] * (1 - asked.discount)} if asked.learner == "sampled" else {}),
    }


def _policies(asked: Asked, game: MarkovGame, environment: Any, protocol: Mapping[str, Any]) -> Any:
    if asked.players == "recurrent":
        return recurrent(environment, protocol["players"]["units"], last=1.0)
    if asked.players == "table":
        return policies(environment, Table(np.zeros(game.n_states, np.float32)))
    return policies(environment, _network(asked, game, protocol).networks)


def reading(asked: Asked) -> Any:
    """Who reads whom how strongly at the coupling 1."""
    return HALF if asked.unequal else 1.0


def _flags(game: MarkovGame) -> list[Any]:
    """One for each state, in the order in which each player calls them as the first one does."""
    orders = perspectives(game)
    assert orders is not None, "states of a repeated game are known by their rounds"
    return [np.eye(game.n_states)[list(own)] for own in orders]


def _network(asked: Asked, game: MarkovGame, protocol: Mapping[str, Any]) -> Any:
    """A perceptron that sees the last round."""
    small = asked.players == "small"
    width = protocol["players"]["small_width" if small else "width"]
    return policy_network(game, width=width, depth=1 if small else 2, forms="softmax")
