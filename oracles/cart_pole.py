"""A pole on a cart, for one player: small, quick to learn, and known to everybody who trains policies."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.environments import Step, discrete, reals

GRAVITY, POLE, TOTAL, HALF, FORCE, TICK = 9.8, 0.1, 1.1, 0.5, 10.0, 0.02
"""Metres, kilograms, newtons and seconds: of the pole's mass, of both masses, of half of the pole, of a push."""

TILT, TRACK = 24.0 * jnp.pi / 360.0, 2.4


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Cart:
    """Place, speed, angle and its speed, `[4]`, and the rounds that were played."""

    moving: jax.Array
    played: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class CartPole:
    """Every round in which the pole stands pays 1; the game is over when it falls, the track ends, or the time is up.

    That time is up ends the game, though nobody sees the clock: the other library knows no other end of episodes.

    Source: Barto, Sutton and Anderson (1983), with the numbers of Gym's CartPole.
    """

    discount: float = 0.99
    horizon: int = field(default=200, metadata={"static": True})

    name: ClassVar[str] = "cart_pole"
    players: ClassVar[tuple[str, ...]] = ("cart",)
    offers: ClassVar[frozenset[str]] = frozenset({"plays"})
    observation_spaces: ClassVar[Any] = (reals(4),)
    action_spaces: ClassVar[Any] = (discrete(2, ("left", "right")),)

    def to_dict(self) -> dict[str, Any]:
        """What tells it from others."""
        return {"name": self.name, "discount": self.discount, "horizon": self.horizon}

    def reset(self, key: jax.Array) -> tuple[Cart, tuple[jax.Array, ...]]:
        """Near rest, uniformly within .05."""
        moving = jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05)
        return Cart(moving, jnp.int32(0)), (moving,)

    def step(self, key: jax.Array, state: Cart, actions: tuple[jax.Array, ...]) -> Step:
        """A push for one tick, by Euler's rule."""
        _, speed, angle, turning = state.moving
        pushed = FORCE * (2 * actions[0] - 1) + POLE * HALF * turning**2 * jnp.sin(angle)
        bent = (GRAVITY * jnp.sin(angle) - jnp.cos(angle) * pushed / TOTAL) / (
            HALF * (4.0 / 3.0 - POLE * jnp.cos(angle) ** 2 / TOTAL)
        )
        quicker = pushed / TOTAL - POLE * HALF * bent * jnp.cos(angle) / TOTAL
        moving = state.moving + TICK * jnp.stack([speed, quicker, turning, bent])
        after = Cart(moving, state.played + 1)
        over = (jnp.abs(moving[0]) > TRACK) | (jnp.abs(moving[2]) > TILT) | (after.played >= self.horizon)
        return Step(after, (moving,), jnp.ones(1), over, jnp.asarray(False))

    def legal(self, state: Cart) -> tuple[jax.Array | None, ...]:
        """All actions."""
        return (None,)

    def exact(self) -> None:
        """Nobody has computed it."""
