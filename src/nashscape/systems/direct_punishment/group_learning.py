"""Tabular learners in a group: a table to choose partners, one to play, one to punish a partner, one as third party."""

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.systems.direct_punishment.group_play import (
    BINS,
    PLAYERS,
    ROUNDS,
    Mechanisms,
    levels,
    settle,
    witnessed,
)

RATE, DISCOUNT = 0.1, 0.9
FIRST, LAST = 0.8889, 0.01
"""The chance to explore, at first as published and at the end; it falls geometrically."""
WATCHED = 100
"""Episodes at the end that are measured."""
SHAPES = ((BINS ** (PLAYERS - 1), PLAYERS - 1), (BINS, 2), (2 * BINS, 2), (4, 3))
"""Rows and actions of the four tables."""


class Waiting(NamedTuple):
    """Of one table the last decision of every player, `[n]` each, of which it is not known yet what followed."""

    row: jax.Array
    action: jax.Array
    reward: jax.Array
    there: jax.Array


class Told(NamedTuple):
    """Sums over games, or means.

    Attributes:
        cooperated: share of the two that cooperate.
        just: just punishments.
        unjust: unjust ones.
        above: standing of who was met, above the mean of all whom who began could have met.
        alike: product of the standings of who began and who was met, both less the mean of the group.
        begun: square of the first of these two.
        games: how many.
    """

    cooperated: jax.Array
    just: jax.Array
    unjust: jax.Array
    above: jax.Array
    alike: jax.Array
    begun: jax.Array
    games: jax.Array


def learn(table: jax.Array, last: Waiting, follows: jax.Array, now: jax.Array) -> jax.Array:
    """Q-learning of the decisions that wait, where `now`; `follows` is the value of what came next, `[n]`."""
    who = jnp.arange(table.shape[0])
    said = table[who, last.row, last.action]
    moved = jnp.where(now & last.there, RATE * (last.reward + DISCOUNT * follows - said), 0.0)
    return table.at[who, last.row, last.action].add(moved)


def _decide(table: jax.Array, row: jax.Array, share: jax.Array, draws: jax.Array) -> jax.Array:
    """The best action, or with the chance `share` any, `[n]`; draws `[n, 2]` from 0 to 1."""
    values = table[jnp.arange(table.shape[0]), row]
    any_one = jnp.minimum((draws[:, 1] * values.shape[1]).astype(jnp.int32), values.shape[1] - 1)
    return jnp.where(draws[:, 0] < share, any_one, jnp.argmax(values, axis=1).astype(jnp.int32))


def _others(level: jax.Array) -> jax.Array:
    """The levels of all others as one number, for every player, `[n]`."""
    place = jnp.array([[j - (j > i) if j != i else 0 for j in range(PLAYERS)] for i in range(PLAYERS)])
    weight = jnp.where(jnp.eye(PLAYERS, dtype=bool), 0, BINS**place)
    return weight @ level


def apart(standing: jax.Array, pair: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The three sums of `Told` that are about standings, of one game."""
    n, (one, other) = standing.shape[0], standing[pair] - standing.mean()
    # the others' mean is as far on the other side, divided among them
    return other + one / (n - 1), one * other, one**2


def assortment(told: Told) -> jax.Array:
    """The slope of the standing of whom one meets on one's own, both less the mean of their group at that time.

    1 where everybody meets its like; −1 / (n − 1) where partners are drawn, in games of any number and order, as nobody
    meets itself.
    """
    return told.alike / told.begun


def one_game(group: Mechanisms, share: jax.Array, carry: Any, at: Any) -> tuple[Any, Told]:
    """One game: decisions, what they pay, and the decisions before them learnt from."""
    tables, waits, standing = carry
    first, draws = at
    who, level = jnp.arange(PLAYERS), levels(group, standing)
    begins = who == first
    rows, acts, nows = [_others(level)], [], [begins & (group.selection > 0)]
    acts.append(_decide(tables[0], rows[0], share, draws[:, 0:2]))
    place = jnp.where(group.selection > 0, acts[0][first], (draws[first, 8] * (PLAYERS - 1)).astype(jnp.int32))
    second = jnp.where(place >= first, place + 1, place)
    pair = jnp.stack([first, second])
    inside = begins | (who == second)
    other = jnp.where(begins, second, first)
    rows.append(level[other])
    nows.append(inside)
    acts.append(_decide(tables[1], rows[1], share, draws[:, 2:4]))
    did = acts[1][pair]
    rows += witnessed(group, standing, pair, did)
    nows += [inside & (group.direct > 0), ~inside & (group.third > 0)]
    acts += [_decide(tables[k], rows[k], share, draws[:, 2 * k : 2 * k + 2]) for k in (2, 3)]
    # the other of the two is number 2 for who began, and 1 for who was met
    whom = jnp.where(inside, acts[2] * jnp.where(begins, 2, 1), acts[3])
    came = settle(group, standing, pair, did, whom)
    rewards = (came.payoff + came.after, came.payoff + came.after, came.after, came.after)
    made, left = [], []
    for table, last, row, act, reward, now in zip(tables, waits, rows, acts, rewards, nows, strict=True):
        made.append(learn(table, last, table[who, row].max(axis=1), now))
        kept = [jnp.where(now, new, old) for new, old in zip((row, act, reward), last[:3], strict=True)]
        left.append(Waiting(kept[0], kept[1], kept[2], now | last.there))
    told = Told((did == 0).sum() / 2.0, came.just.sum(), came.unjust.sum(), *apart(standing, pair), jnp.ones(()))
    return (tuple(made), tuple(left), came.standing), told


def _episode(group: Mechanisms, episodes: int, tables: Any, at: Any) -> tuple[Any, Told]:
    k, key = at
    share = FIRST * (LAST / FIRST) ** (k / (episodes - 1))
    zero = jnp.zeros(PLAYERS, jnp.int32)
    waits = (Waiting(zero, zero, jnp.zeros(PLAYERS), zero > 0),) * len(SHAPES)
    draws = jax.random.uniform(key, (ROUNDS * PLAYERS, PLAYERS, 9))
    start = (tables, waits, jnp.zeros(PLAYERS))
    order = jnp.arange(ROUNDS * PLAYERS, dtype=jnp.int32) % PLAYERS
    (tables, waits, _), told = lax.scan(partial(one_game, group, share), start, (order, draws))
    # nothing follows the last decisions of an episode
    tables = tuple(learn(own, last, jnp.zeros(PLAYERS), last.there) for own, last in zip(tables, waits, strict=True))
    watched = (k >= episodes - WATCHED).astype(float)
    return tables, jax.tree.map(lambda one: watched * one.sum(), told)


@partial(jax.jit, static_argnames=("episodes",))
def train(groups: Mechanisms, keys: jax.Array, episodes: int) -> tuple[Told, tuple[jax.Array, ...]]:
    """Groups that learn, each by itself: means over the last episodes, `[lanes]`, and the tables at the end.

    Args:
        groups: mechanisms, `[lanes]` each.
        keys: of randomness, one for each.
        episodes: of `ROUNDS` times `PLAYERS` games.
    """

    def run(group: Mechanisms, key: jax.Array) -> tuple[Told, tuple[jax.Array, ...]]:
        begin, later = jax.random.split(key)
        kinds = zip(jax.random.split(begin, len(SHAPES)), SHAPES, strict=True)
        # small random values, so that no action is the first among equals
        tables = tuple(0.01 * jax.random.normal(own, (PLAYERS, *shape)) for own, shape in kinds)
        xs = (jnp.arange(episodes), jax.random.split(later, episodes))
        tables, told = lax.scan(partial(_episode, group, episodes), tables, xs)
        sums = jax.tree.map(lambda one: one.sum(), told)
        return jax.tree.map(lambda one: one / sums.games, sums), tables

    return jax.vmap(run)(groups, keys)
