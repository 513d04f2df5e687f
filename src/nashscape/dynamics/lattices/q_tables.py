"""Tabular Q-learning of all players of a lattice dilemma, in many runs at once, as one compiled loop.

Runs that stand side by side are one graph in as many parts: all arrays are flat, so that every look into a table is one
gather, and one program serves every sharing of tables, all payoffs, temperatures and numbers of rounds.
"""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jax.sharding import AxisType, PartitionSpec

WINDOWS = 20
"""Of a run, alike in length. In the last one nobody learns any more."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Learners:
    """Players of one lattice dilemma, and how they learn.

    Attributes:
        environment: the dilemma of N players.
        tables: of every player the number of its table, `[N]`.
        values: all tables at first, `[M, rows, k]`.
        rates: how far each table goes to its targets, `[M]`.
        last: the temperature at the end.
        window: rounds of a window.
        lookahead: n, rounds whose payoffs are part of a target.
    """

    environment: Any
    tables: Any
    values: Any
    rates: Any
    last: Any
    window: Any
    lookahead: int = field(metadata={"static": True})


class Learnt(NamedTuple):
    """What came of runs.

    Attributes:
        cooperation: share of players who took the first action, in every window, `[runs, WINDOWS]`.
        payoffs: their mean payoff in every window, `[runs, WINDOWS]`.
        values: all tables at the end, `[runs, M, rows, k]`.
    """

    cooperation: jax.Array
    payoffs: jax.Array
    values: jax.Array


class Now(NamedTuple):
    """Where runs are, all flat.

    Attributes:
        values: every entry of every table.
        rows: in which row every player is, of all tables.
        chosen: which entries were, in the last n rounds.
        paid: what was paid, in the last n rounds.
        counts: a zero for every entry.
        sums: of cooperation and of payoffs in this window, `[2, runs]`.
    """

    values: jax.Array
    rows: jax.Array
    chosen: tuple[jax.Array, ...]
    paid: tuple[jax.Array, ...]
    counts: jax.Array
    sums: jax.Array


@jax.jit
def learnt(learners: Learners, first: jax.Array, keys: jax.Array) -> Learnt:
    """Runs that begin with temperatures `first`, `[runs]`, each with its key; shared out among devices."""
    mesh = jax.make_mesh((len(jax.devices()),), ("runs",), axis_types=(AxisType.Auto,))
    split, whole = PartitionSpec("runs"), PartitionSpec()
    return jax.shard_map(_side_by_side, mesh=mesh, in_specs=(whole, split, split), out_specs=split, check_vma=False)(
        learners, first, keys
    )


def _side_by_side(learners: Learners, first: jax.Array, keys: jax.Array) -> Learnt:
    env, shape = learners.environment, learners.values.shape
    runs, players = len(keys), len(env.neighbours)
    place, beside = jnp.arange(runs)[:, None], jnp.asarray(env.neighbours)
    many = replace(
        env,
        neighbours=jnp.where(
            beside < players, place[..., None] * players + beside, runs * players
        ).reshape(-1, beside.shape[1]),
        shares=jnp.tile(jnp.asarray(env.shares, jnp.float32), runs),
    )  # fmt: skip
    # of every player in every run the first row of its table
    base = ((place * shape[0] + jnp.asarray(learners.tables)) * shape[1]).ravel()
    values = jnp.tile(jnp.asarray(learners.values, jnp.float32).ravel(), runs)
    n, zeros = learners.lookahead, jnp.zeros_like(base)
    now = Now(
        values, base + many.rows_of(jax.vmap(env.drawn)(keys).ravel()), (zeros,) * n,
        (zeros.astype(jnp.float32),) * n, jnp.zeros_like(values), jnp.zeros((2, runs)),
    )  # fmt: skip
    turn = partial(_round, replace(learners, environment=many), base, first, keys)

    def window(now: Now, k: jax.Array) -> tuple[Now, jax.Array]:
        begun = now._replace(sums=jnp.zeros_like(now.sums))
        after = lax.fori_loop(k * learners.window, (k + 1) * learners.window, turn, begun)
        return after, after.sums / learners.window

    now, means = lax.scan(window, now, jnp.arange(WINDOWS))
    return Learnt(means[:, 0].T, means[:, 1].T, now.values.reshape(runs, *shape))


def _round(learners: Learners, base: jax.Array, first: jax.Array, keys: jax.Array, t: jax.Array, now: Now) -> Now:
    """One round of all runs, and one update of every entry that was chosen n rounds before."""
    env, runs = learners.environment, len(keys)
    learning = t < (WINDOWS - 1) * learners.window
    done = jnp.minimum(t / ((WINDOWS - 1) * learners.window), 1.0)
    temperatures = jnp.repeat(first + (learners.last - first) * done, len(base) // runs)
    bits = jax.vmap(lambda key: jax.random.bits(jax.random.fold_in(key, t), (len(base) // runs,)))(keys).ravel()
    entries, count = now.rows * len(env.payoffs), len(env.payoffs)
    actions = boltzmann([now.values[entries + a] for a in range(count)], temperatures, bits)
    rows, paid = base + env.rows_of(actions), env.paid(actions)
    chosen = (*now.chosen[1:], entries + actions)
    payments = (*now.paid[1:], paid)
    gamma = jnp.asarray(env.discount, jnp.float32)
    best = jnp.stack([now.values[rows * count + a] for a in range(count)]).max(axis=0)
    target = sum((gamma**j * own for j, own in enumerate(payments)), gamma ** len(payments) * best)
    # who chose the same entry goes the mean of their ways
    same = now.counts.at[chosen[0]].add(1.0)
    rates = jnp.asarray(learners.rates, jnp.float32)[base // learners.values.shape[1] % len(learners.values)]
    going = jnp.where(learning & (t >= len(payments) - 1), rates / same[chosen[0]], 0.0)
    values = now.values.at[chosen[0]].add(going * (target - now.values[chosen[0]]))
    told = jnp.stack([(actions == 0).astype(jnp.float32), paid]).reshape(2, runs, -1).mean(axis=2)
    return Now(values, rows, chosen, payments, same.at[chosen[0]].set(0.0), now.sums + told)


def boltzmann(values: list[jax.Array], temperatures: jax.Array, bits: jax.Array) -> jax.Array:
    """Actions drawn with chances in proportion to `exp(Q_a/τ)`, `[N]`, one random word each.

    Args:
        values: Q_a of every action, `[N]` each.
        temperatures: τ, `[N]`.
        bits: random words of 32 bits, `[N]`.
    """
    most = jnp.stack(values).max(axis=0)
    powers = [jnp.exp((own - most) / temperatures) for own in values]
    point = (bits >> 8).astype(jnp.float32) * 2.0**-24 * sum(powers[1:], powers[0])
    action, below = jnp.zeros_like(bits, jnp.int32), jnp.zeros_like(point)
    for power in powers[:-1]:
        below = below + power
        action = action + (point >= below)
    return action
