"""The exact game under institutions that look at nothing but a round's actions and rewards."""

import dataclasses
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games.forms.construct import dense
from nashscape.games.offers import has_table, is_chain
from nashscape.games.protocol import Game

if TYPE_CHECKING:
    from nashscape.environments.institutions.governed_environment import Governed


def exact_under(governed: "Governed") -> Game | None:
    """The game with all transfers in its payoffs; None where there is none, or an institution looks at more."""
    inner = governed.environment
    rules = [one.exactly(inner) for one in governed.institutions]
    game: Any = inner.exact()
    if game is None or any(own is None for own in rules) or governed.stages.count > 1:
        return None
    if is_chain(game):
        paid = np.array(game.payoffs)
        live = np.flatnonzero(_live(governed, paid.shape[1]))
        # nothing moves any more where the episode is over
        paid[:, live] = _under(rules, paid[:, live])
        return dataclasses.replace(game, payoffs=paid)
    if not has_table(game):
        return None
    try:
        table: Any = game.to_dense()
    except InputError:  # too many payoffs to be written out one by one
        return None
    paid = _under(rules, np.asarray(table.payoffs)[:, None])[:, 0]
    return dense(paid, actions=table.actions, players=table.players, name=governed.name)


def _live(governed: "Governed", count: int) -> npt.NDArray[np.bool_]:
    """In which states of the exact game there is a round to come, `[S]`."""
    ended = governed.ended
    return np.ones(count, bool) if ended is None else ~ended


def _under(rules: list[Any], payoffs: Any) -> Any:
    """Payoffs `[n, S, a_1, …]` after all transfers, in double precision."""
    counts = payoffs.shape[2:]
    joint = np.stack([own.ravel() for own in np.indices(counts)], axis=1)
    flat = np.moveaxis(payoffs.reshape(len(payoffs), payoffs.shape[1], -1), 0, -1)

    def after(rewards: jax.Array, actions: jax.Array) -> jax.Array:
        for own in rules:
            rewards = rewards + own(rewards, tuple(actions))[:-1]
        return rewards

    with jax.enable_x64(True):
        made = jax.vmap(jax.vmap(after), in_axes=(0, None))(jnp.asarray(flat), jnp.asarray(joint))
    return np.moveaxis(np.asarray(made), -1, 0).reshape(payoffs.shape)
