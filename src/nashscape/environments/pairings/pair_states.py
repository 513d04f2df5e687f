"""Where an episode of games in pairs is, and what its players see of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

if TYPE_CHECKING:
    from nashscape.environments.pairings.pairing_game import Pairings

CHOOSE, PLAY, PUNISH = "choose", "play", "punish"


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Pair:
    """Where an episode of games in pairs is.

    Attributes:
        standing: of every player, `[n]`.
        first: who begins, by number.
        second: whom it meets.
        did: what both did, `[2]`.
        stage: which stage comes next.
        met: games that were played.
    """

    standing: jax.Array
    first: jax.Array
    second: jax.Array
    did: jax.Array
    stage: jax.Array
    met: jax.Array


def rows_of(game: "Pairings") -> dict[str, tuple[int, int]]:
    """Of each kind of what can be seen its first number, and how many follow: waiting, then each kind of choice."""
    bins, acts = len(game.edges) + 1, game.actions
    counts = {
        "wait": 1,
        CHOOSE: bins ** (game.n - 1) if CHOOSE in game.stages else 0,
        PLAY: bins,
        "punish partner": acts * bins if game.direct else 0,
        "punish others": acts**2 if game.third_parties else 0,
    }
    made, at = {}, 0
    for name, count in counts.items():
        made[name] = (at, count)
        at += count
    return made


def seen(game: "Pairings", state: Pair) -> tuple[jax.Array, ...]:
    """What every player sees, as a whole number."""
    rows, bins = rows_of(game), len(game.edges) + 1
    level = jnp.searchsorted(jnp.asarray(game.edges), state.standing, side="right").astype(jnp.int32)
    known = game.stages.index
    made = []
    for i in range(game.n):
        others = jnp.asarray([j for j in range(game.n) if j != i])
        inside, opponent, act = _partner(state, i)
        row = jnp.int32(0)
        if CHOOSE in game.stages:
            code = jnp.sum(level[others] * bins ** jnp.arange(game.n - 1, dtype=jnp.int32))
            row = jnp.where((state.stage == known(CHOOSE)) & (state.first == i), rows[CHOOSE][0] + code, row)
        row = jnp.where((state.stage == known(PLAY)) & inside, rows[PLAY][0] + level[opponent], row)
        if PUNISH in game.stages:
            now = state.stage == known(PUNISH)
            if game.direct:
                own = rows["punish partner"][0] + act * bins + level[opponent]
                row = jnp.where(now & inside, own, row)
            if game.third_parties:
                both = rows["punish others"][0] + state.did[0] * game.actions + state.did[1]
                row = jnp.where(now & ~inside, both, row)
        made.append(row.astype(jnp.int32))
    return tuple(made)


def _partner(state: Pair, player: Any) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Whether a player is one of the two, the other one of them, and what that one did."""
    begins = state.first == player
    inside = begins | (state.second == player)
    return inside, jnp.where(begins, state.second, state.first), jnp.where(begins, state.did[1], state.did[0])
