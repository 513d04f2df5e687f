"""One whole game of a pair within a group, with the mechanisms as numbers: a program for all of them."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

PLAYERS, ROUNDS = 5, 10
BINS = 2
"""Levels of standing that are told apart."""
PAYOFFS = ((3.0, 0.0), (4.0, 1.0))
DEEDS = (1.0, -1.0, 2.0, -3.0)
HARM = 3.0


class Mechanisms(NamedTuple):
    """What a group has. Numbers, so that one compiled program is for all: 1 for having it and 0 for not.

    Attributes:
        selection: who begins chooses whom to meet.
        direct: the two may punish each other.
        third: all others may punish one of the two.
        seen: standings are seen, as below 0 or not.
        just: what is given to who punishes somebody who defected.
        unjust: what is given to who punishes somebody who did not.
        cost: what punishing costs.
    """

    selection: jax.Array | float
    direct: jax.Array | float
    third: jax.Array | float
    seen: jax.Array | float
    just: jax.Array | float
    unjust: jax.Array | float
    cost: jax.Array | float


class Game(NamedTuple):
    """What came of a game.

    Attributes:
        standing: of every player, after it, `[n]`.
        payoff: of the prisoner's dilemma, `[n]`.
        after: what the stage of punishment pays, `[n]`.
        just: just punishments by every player, `[n]`.
        unjust: unjust ones, `[n]`.
    """

    standing: jax.Array
    payoff: jax.Array
    after: jax.Array
    just: jax.Array
    unjust: jax.Array


def levels(group: Mechanisms, standing: jax.Array) -> jax.Array:
    """What is seen of everybody's standing, `[n]`: 1 from 0 on and 0 below; all 0 where nothing is seen."""
    return jnp.where(group.seen > 0, standing >= 0, False).astype(jnp.int32)


def played(standing: jax.Array, pair: jax.Array, did: jax.Array) -> jax.Array:
    """Standings after the play and before anybody is punished, `[n]`; arguments as in `settle`."""
    return standing + jnp.where(did == 0, DEEDS[0], DEEDS[1]) @ jax.nn.one_hot(pair, standing.shape[0])


def witnessed(group: Mechanisms, standing: jax.Array, pair: jax.Array, did: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What is seen by who may punish, as whole numbers, `[n]` each: of its partner, and as a third party of both.

    The first means something for the two of the pair only, the second for all others. Arguments as in `settle`.
    """
    level, who = levels(group, played(standing, pair, did)), jnp.arange(standing.shape[0])
    begins = who == pair[0]
    partner, its = jnp.where(begins, pair[1], pair[0]), did[jnp.where(begins, 1, 0)]
    return its * BINS + level[partner], jnp.full_like(who, did[0] * 2 + did[1])


def settle(group: Mechanisms, standing: jax.Array, pair: jax.Array, did: jax.Array, whom: jax.Array) -> Game:
    """What a game pays.

    Args:
        group: its mechanisms.
        standing: before the game, `[n]`.
        pair: who begins and whom it meets, `[2]`.
        did: what they do, 0 to cooperate and 1 to defect, `[2]`.
        whom: whom everybody would punish, `[n]`: 0 nobody, 1 who began, 2 who was met. What is not
            allowed does nothing.
    """
    n = standing.shape[0]
    inside = jax.nn.one_hot(pair, n)
    paid = jnp.asarray(PAYOFFS)[did, did[::-1]] @ inside
    place = jnp.clip(whom - 1, 0, 1)
    target = pair[place]
    allowed = jnp.where(inside.sum(axis=0) > 0, group.direct, group.third) > 0
    hits = ((whom > 0) & allowed & (target != jnp.arange(n))).astype(paid.dtype)
    justly = (did[place] == 1).astype(paid.dtype)
    struck = hits @ jax.nn.one_hot(target, n)
    just, unjust = hits * justly, hits * (1 - justly)
    after = group.just * just + group.unjust * unjust - group.cost * hits - HARM * struck
    stands = played(standing, pair, did) + DEEDS[2] * just + DEEDS[3] * unjust
    return Game(stands, paid, after, just, unjust)
