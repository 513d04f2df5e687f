"""Many episodes of a common pool between players of simple rules, in one program."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.environments.commons.common_pool import CommonPool
from nashscape.environments.commons.commons_runs import CommonsRun
from nashscape.environments.commons.pool_players import RULES, PoolPlayer, PoolSight, pool_player


@public()
def play_commons(pool: CommonPool, players: Any, *, episodes: int = 100, seed: int = 0) -> CommonsRun:
    """Play a common pool between players who follow rules.

    Args:
        pool: what `common_pool` made, or a published one.
        players: for each what `pool_player` made, or the name of a rule without numbers; one alone is all of them.
        episodes: how many, which differ by what is drawn.
        seed: of what is drawn.

    Raises:
        InputError: for another number of players, and what are none.

    Example:
        >>> from nashscape import environments
        >>> lake = environments.fishery()
        >>> run = play_commons(lake, "universaliser", episodes=10)
        >>> run, run.total.value, run.gini.value
        (<CommonsRun of fishery, 10 episodes: 12 of 12 rounds, total 600, Gini 0>, 600.0, 0.0)
        >>> newcomer = environments.pool_player("greedy", arrives=3)
        >>> play_commons(lake, ["universaliser"] * 4 + [newcomer], episodes=10).survival.value
        3.0

    Source: rules of `pool_player`.
    """
    if not hasattr(pool, "regrowth"):
        raise InputError(f"play_commons plays what environments.common_pool makes; got {type(pool).__name__}")
    them = _players(players, pool.size)
    count, seed = positive_integer(episodes, "episodes"), positive_integer(seed, "seed", at_least=0)
    check_size("demands", count * pool.rounds * pool.size, 80.0, lambda most: "play fewer episodes", most=2**25)
    keys = jax.random.split(jax.random.key(seed), count)
    stocks, taken, levels, live, collapsed = (
        np.asarray(own) for own in jax.block_until_ready(_episodes(pool, them, _sees(pool), keys))
    )
    unit, amounts = float(pool.unit), np.asarray(pool.demands, float) * float(pool.unit)
    return CommonsRun(
        pool=pool.name,
        players=_named(them),
        stocks=stocks.astype(float) * unit,
        taken=np.where(live[..., None], taken.astype(float) * unit, 0.0),
        demanded=np.where(live[..., None], amounts[levels], np.nan),
        survived=live.sum(axis=1),
        collapsed=collapsed,
        most=float(amounts[-1]),
        capacity=float(pool.capacity) * unit,
        collapse=float(pool.collapse) * unit,
        status=Status.COMPLETE,
        provenance=record("commons run", {"pool": pool, "players": them, "episodes": count}, seed=seed),
    )


def _players(given: Any, n: int) -> tuple[PoolPlayer, ...]:
    several = [given] * n if isinstance(given, str) or hasattr(given, "act") else list(given)
    if len(several) != n:
        raise InputError(f"{n} players take from the pool, and {len(several)} are given; give one each, or one for all")
    found = tuple(pool_player(own) if isinstance(own, str) else own for own in several)
    for own in found:
        if not hasattr(own, "act"):
            raise InputError(
                f"a player is what environments.pool_player makes, or one of {', '.join(RULES)}; got {own!r}"
            )
    return found


def _named(players: Sequence[PoolPlayer]) -> tuple[str, ...]:
    return tuple(f"{i + 1}: {own.told}" for i, own in enumerate(players))


def _sees(pool: CommonPool) -> npt.NDArray[np.bool_]:
    """Whom each player sees, `[n, n]`: all others without a graph."""
    if pool.seen is None:
        return ~np.eye(pool.size, dtype=bool)
    return np.array([[j in own for j in range(pool.size)] for own in pool.seen])


@jax.jit
def _episodes(pool: CommonPool, players: tuple[PoolPlayer, ...], sees: jax.Array, keys: jax.Array) -> Any:
    """Of each episode the stocks `[T + 1]`, takings and levels `[T, n]`, which rounds were played, its collapse."""

    def episode(key: jax.Array) -> Any:
        def one(carry: Any, moment: jax.Array) -> Any:
            state, before, levels, live, fell = carry
            here = jax.random.fold_in(key, moment)
            chosen = tuple(
                own.act(pool, PoolSight(i, state.stock, before, state.played, levels, state.taken, sees[i]),
                        jax.random.fold_in(here, i + 1))
                for i, own in enumerate(players)
            )  # fmt: skip
            after = pool.step(here, state, chosen)
            now = jax.tree.map(lambda new, old: jnp.where(live, new, old), after.state, state)
            made = jnp.stack(chosen)
            fell = fell | (live & after.measures["collapsed"])
            told = (now.stock, now.taken, made, live)
            return (now, state.stock, made, live & ~(after.terminated | after.truncated), fell), told

        state = pool.reset(key)[0]
        start = (state, state.stock, jnp.zeros(pool.size, jnp.int32), jnp.asarray(True), jnp.asarray(False))
        (*_, fell), (stocks, taken, levels, live) = jax.lax.scan(one, start, jnp.arange(pool.rounds))
        return jnp.append(state.stock, stocks), taken, levels, live, fell

    return jax.vmap(episode)(keys)
