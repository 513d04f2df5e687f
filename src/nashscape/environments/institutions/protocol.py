"""What an institution is: rules over an environment, with a state and an account of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp

from nashscape.environments.protocol import Step


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Round:
    """A round of the environment, as institutions look at it.

    Attributes:
        before: the state of the environment before it.
        actions: what all players did, as the environment counts actions.
        step: what the environment made of it; `step.rewards` are those before any institution.
        paid: `[n]`, rewards with the transfers of the institutions that stand nearer to the environment.
    """

    before: Any
    actions: tuple[jax.Array, ...]
    step: Step
    paid: jax.Array


class Settled(NamedTuple):
    """What an institution makes of a round, or of what players chose in its stage.

    Attributes:
        state: its state then.
        account: `[n + 1]`: what every player gets (or, below zero, pays), and last what is burnt. It sums to zero:
            where money comes from outside, the last entry is below zero.
        measures: what else it tells, by name.
    """

    state: Any
    account: jax.Array
    measures: Mapping[str, jax.Array] = {}


class Stage(NamedTuple):
    """A stage of its own, in which players choose what the institution lets them choose.

    Attributes:
        names: of the choices of each player, in its order; all have as many.
        first: whether it comes before the round, as votes do, or after it, as punishment does.
    """

    names: tuple[tuple[str, ...], ...]
    first: bool = False


class Institution(Protocol):
    """Rules over an environment; a frozen pytree, whose numbers are arguments of compiled programs.

    It never changes what the environment does with actions. It may forbid some of them, show players more, let them
    choose in a stage of its own, and move payoff between accounts.
    """

    @property
    def name(self) -> str:
        """What its measures are called by."""

    def over(self, environment: Any) -> "Institution":
        """The same as it stands over an environment, with what it needs to know of its names, which programs lack.

        Raises:
            InputError: by name, where the environment does not offer what it needs.
        """

    def stage(self, environment: Any) -> Stage | None:
        """Its own stage, static; None for none."""

    def begin(self, environment: Any) -> Any:
        """Its state before an episode."""

    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...] | None:
        """What every player sees of it, `[k_i]` numbers; None for nothing."""

    def admits(self, environment: Any, state: Any) -> tuple[jax.Array | None, ...] | None:
        """For every player the actions of the environment that are allowed, `[a_i]`; None for all."""

    def exactly(self, environment: Any) -> Callable[[jax.Array, Any], jax.Array] | None:
        """Its account from a round's rewards `[n]` and actions alone; None where it looks at more."""

    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        """After a round of the environment."""

    def decides(self, key: jax.Array, environment: Any, state: Any, chosen: jax.Array) -> Settled:
        """After its stage, in which player i chose `chosen[i]`, counted from 0."""


class BareInstitution:
    """An institution that does nothing: who derives from it writes what it changes."""

    name = "bare"

    def over(self, environment: Any) -> Any:
        """It needs nothing."""
        return self

    def stage(self, environment: Any) -> Stage | None:
        """Nothing to choose."""
        return None

    def begin(self, environment: Any) -> Any:
        """Nothing to remember."""
        return ()

    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...] | None:
        """Nothing to see."""
        return None

    def admits(self, environment: Any, state: Any) -> tuple[jax.Array | None, ...] | None:
        """Everything is allowed."""
        return None

    def exactly(self, environment: Any) -> Callable[[jax.Array, Any], jax.Array] | None:
        """It may look at more."""
        return None

    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        """Nobody pays."""
        return Settled(state, nothing_moves(played.paid))

    def decides(self, key: jax.Array, environment: Any, state: Any, chosen: jax.Array) -> Settled:
        """Nobody pays."""
        return Settled(state, jnp.zeros(len(chosen) + 1))


def nothing_moves(paid: jax.Array) -> jax.Array:
    """The account of a round in which nobody pays, `[n + 1]`."""
    return jnp.zeros(len(paid) + 1, paid.dtype)


def account(players: jax.Array) -> jax.Array:
    """The account in which players get these amounts, `[n + 1]`: what they pay on the whole is burnt.

    >>> account(jnp.array([-2.0, 0.5])).tolist()
    [-2.0, 0.5, 1.5]
    """
    return jnp.append(players, -jnp.sum(players))
