"""The rule of a coalition that the disloyal have to leave for some rounds."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.environments.coopetitions.rules import Effect, Moment, Unseen


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Members:
    """Who is in a coalition, `[n]` each.

    Attributes:
        inside: whether a player is a member.
        order: the place of each in the order in which players came in, or went out; a permutation.
        wait: rounds before one who is outside may come back.
    """

    inside: jax.Array
    order: jax.Array
    wait: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Coalition(Unseen):
    """Members multiply their reward by `within`, who is outside by `outside`.

    Members whose loyalty is below `leave` go, in the order in which they came, while more than `least` remain. After
    `away` rounds, the one in which they went among them, those come back whose loyalty is `back` or more. The rule
    comes after `Loyalty`.
    """

    leave: Any
    back: Any
    within: Any
    outside: Any
    least: int = field(metadata={"static": True})
    away: int = field(metadata={"static": True})

    def begin(self, n: int) -> Members:
        """All are members."""
        return Members(jnp.ones(n, bool), jnp.arange(n), jnp.zeros(n, int))

    def apply(self, kept: Members, moment: Moment) -> Effect:
        """Who goes and who comes back, and the factors of members and others."""
        loyalty = moment.told["loyalty"]
        low = kept.inside & (loyalty < self.leave)
        before = (low & (kept.order < kept.order[:, None])).sum(axis=1)
        goes = low & (before < kept.inside.sum() - self.least)
        inside, order = kept.inside & ~goes, _last(kept.order, goes)
        wait = jnp.where(goes, self.away, kept.wait) - (~inside)
        comes = ~inside & (wait <= 0) & (loyalty >= self.back)
        now = Members(inside | comes, _last(order, comes), jnp.where(comes, 0, wait))
        return Effect(now, jnp.where(now.inside, self.within, self.outside), told={"member": now.inside})


def _last(order: jax.Array, moved: jax.Array) -> jax.Array:
    """The order after some went to its end, as they stood among themselves."""
    return jnp.argsort(jnp.argsort(order + len(order) * moved)).astype(order.dtype)
