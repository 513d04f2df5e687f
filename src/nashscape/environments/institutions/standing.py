"""What players see of each other: reputations, what neighbours did, and messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.institutions.bases import Base, base_of
from nashscape.environments.institutions.protocol import BareInstitution, Round, Settled, Stage, nothing_moves


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Reputation(BareInstitution):
    """A standing of every player, which all see; made by `reputation`.

    Attributes:
        up: what the standing gains for a unit of what is looked at.
        keep: the share that is left of it after a round.
        error: the chance that what a player did is not seen.
        low: the least standing.
        high: the largest one.
        on: what is looked at.
        name: what its measures are called by.
    """

    up: Any
    keep: Any
    error: Any
    low: Any
    high: Any
    on: Base = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Reputation":
        return replace(self, on=base_of(environment, self.on.name, self.name))

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros(len(environment.players))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return (state,) * len(environment.players)

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        did = self.on.of_round(environment, played).astype(state.dtype)
        seen = ~jax.random.bernoulli(key, self.error, did.shape)
        now = jnp.clip(self.keep * state + self.up * did * seen, self.low, self.high).astype(state.dtype)
        return Settled(now, nothing_moves(played.paid), {self.name: now})


@public()
def reputation(
    on: str, up: float = 1.0, *, keep: float = 1.0, error: float = 0.0, low: float = -5.0, high: float = 5.0,
    name: str | None = None,
) -> Reputation:  # fmt: skip
    """Reputation: every player has a standing, which moves with what it does and which all see, in the players' order.

        s_i ← min(max(k s_i + u x_i, low), high)

    Two of them, such as `reputation("C", 1)` and `reputation("D", -1)`, count good and bad deeds apart.

    Args:
        on: x, what is looked at: a measure of the environment, an action (which counts 1), or "payoff".
        up: u; below zero for what harms the standing.
        keep: k, the share that is left of a standing after a round, from 0 to 1.
        error: the chance, for each player and round, that what it did is not seen by anybody.
        low: the least standing.
        high: the largest one.
        name: what its measures are called by.

    Raises:
        InputError: for numbers out of their ranges; `governed` refuses what the environment does not offer.

    Example:
        >>> from nashscape import environments, games
        >>> environments.governed(games.prisoners_dilemma(), reputation("C")).observation_spaces[0].shape
        (3,)
    """
    least, most = finite_number(low, "low"), finite_number(high, "high")
    if not least <= 0.0 <= most:
        raise InputError(f"a standing begins at 0, which must lie between low and high; got {least:g} and {most:g}")
    return Reputation(
        np.float64(finite_number(up, "up")),
        np.float64(finite_number(keep, "keep", low=0.0, high=1.0)),
        np.float64(finite_number(error, "error", low=0.0, high=1.0)),
        np.float64(least),
        np.float64(most),
        Base(str(on)),
        name or f"reputation for {on}",
    )


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Disclosure(BareInstitution):
    """Players see what some others did last; made by `disclosure`.

    Attributes:
        on: what is seen.
        among: who sees whom, row by row, `n × n`; `()` for all.
        name: what its measures are called by.
    """

    on: Base = field(metadata={"static": True})
    among: tuple[tuple[bool, ...], ...] = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def over(self, environment: Any) -> "Disclosure":
        n = len(environment.players)
        among = self.among or tuple((True,) * n for _ in range(n))
        if len(among) != n:
            raise InputError(f"{environment.name} has {n} players; {self.name} says who sees whom of {len(among)}")
        return replace(self, on=base_of(environment, self.on.name, self.name), among=among)

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros(len(environment.players))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return tuple(state[np.flatnonzero(np.array(own))] for own in self.among)

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        return Settled(self.on.of_round(environment, played).astype(state.dtype), nothing_moves(played.paid))


@public()
def disclosure(on: str, among: npt.ArrayLike | None = None, *, name: str | None = None) -> Disclosure:
    """Disclosure: players see what others did in the last round, all of them or their neighbours.

    Args:
        on: what is seen: a measure of the environment, an action (seen as 0 or 1), or "payoff".
        among: who sees whom, `[n, n]` truth values, a row for each who sees; None for everybody.
        name: what its measures are called by.

    Raises:
        InputError: for what is no square matrix of truth values; `governed` refuses one of another size, and what the
            environment does not offer.

    Example:
        >>> from nashscape import environments, games
        >>> ring = [[False, True], [True, False]]
        >>> environments.governed(games.prisoners_dilemma(), disclosure("D", ring)).observation_spaces[0].shape
        (2,)
    """
    if among is None:
        return Disclosure(Base(str(on)), (), name or f"disclosure of {on}")
    given = np.asarray(among)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not np.isin(given, (0, 1)).all():
        raise InputError(f"who sees whom is a square matrix of truth values; got shape {list(given.shape)}")
    rows = tuple(tuple(map(bool, own)) for own in given.tolist())
    return Disclosure(Base(str(on)), rows, name or f"disclosure of {on}")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Messages(BareInstitution):
    """Before a round every player sends a word that all see; made by `messages`.

    Attributes:
        words: that can be sent.
        cost: of each, `[w]`.
        name: what its choices are called by.
    """

    cost: Any
    words: tuple[str, ...] = field(metadata={"static": True})
    name: str = field(metadata={"static": True})

    @override
    def stage(self, environment: Any) -> Stage:
        return Stage((tuple(f"{self.name} {word}" for word in self.words),) * len(environment.players), first=True)

    @override
    def begin(self, environment: Any) -> Any:
        return jnp.zeros((len(environment.players), len(self.words)))

    @override
    def shows(self, environment: Any, state: Any) -> tuple[jax.Array, ...]:
        return (state.ravel(),) * len(environment.players)

    @override
    def settles(self, key: jax.Array, environment: Any, state: Any, played: Round) -> Settled:
        return Settled(jnp.zeros_like(state), nothing_moves(played.paid))

    @override
    def decides(self, key: jax.Array, environment: Any, state: Any, chosen: jax.Array) -> Settled:
        sent = jax.nn.one_hot(chosen, len(self.words), dtype=state.dtype)
        paid = jnp.asarray(self.cost, state.dtype)[chosen]
        return Settled(sent, jnp.append(-paid, jnp.sum(paid)))


@public()
def messages(words: Sequence[str], *, cost: float | Sequence[float] = 0.0, name: str = "say") -> Messages:
    """Messages: before every round each player sends one of some words, and all see all of them in the round.

    Words bind nobody. That they cost nothing is cheap talk; where they do, the cost is burnt.

    Args:
        words: two or more.
        cost: of sending, in payoff units; one number, or one for each word.
        name: what choices are called by.

    Raises:
        InputError: for fewer than two words, or costs that do not fit.

    Example:
        >>> from nashscape import environments, games
        >>> talk = environments.governed(games.stag_hunt(), messages(["stag", "hare"]))
        >>> talk.action_spaces[0].names
        ('C', 'D', 'say stag', 'say hare')
    """
    given = tuple(map(str, words))
    if len(given) < 2 or isinstance(words, str):
        raise InputError(f"messages are two words or more; got {words!r}")
    each = (
        np.broadcast_to(finite_array(cost, "cost"), (len(given),))
        if np.ndim(cost) == 0
        else finite_array(cost, "cost", shape=(len(given),))
    )
    return Messages(np.array(each), given, name)
