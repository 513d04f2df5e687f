"""Players of common pools who follow a simple rule: greedy ones, restrained ones, reciprocators, imitators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, choice, finite_number, positive_integer, unknown
from nashscape.core.calls import public
from nashscape.environments.commons.common_pool import CommonPool

NEEDED = "needed"
"""Stands for a number that has no default."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PoolSight:
    """What a player knows before a round; amounts in units of the pool.

    Attributes:
        player: its number.
        stock: what is there.
        before: what was there before the last round.
        played: rounds that were played.
        levels: numbers of what all demanded in the last round, `[n]`.
        taken: what all took then, `[n]`.
        sees: whom it sees, `[n]`, itself not.
    """

    player: int = field(metadata={"static": True})
    stock: jax.Array
    before: jax.Array
    played: jax.Array
    levels: jax.Array
    taken: jax.Array
    sees: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class PoolPlayer:
    """Who follows a rule. Made by `pool_player`.

    Attributes:
        numbers: of the rule, by name.
        arrives: the round, from 1, in which it comes; before, it demands the least.
        rule: its name.
    """

    numbers: Mapping[str, Any]
    arrives: Any
    rule: str = field(metadata={"static": True})

    def act(self, pool: CommonPool, sight: PoolSight, key: jax.Array) -> jax.Array:
        """The number of what it demands."""
        chosen = RULES[self.rule][0](pool, self.numbers, sight, key).astype(jnp.int32)
        return jnp.where(sight.played + 1 >= self.arrives, chosen, 0)

    @property
    def told(self) -> str:
        """Its rule and what is not usual of it, as one text."""
        usual = RULES[self.rule][1]
        parts = [
            f"{name} {float(own):g}" for name, own in self.numbers.items() if own != usual[name] and not np.isnan(own)
        ]
        parts += [f"from round {int(self.arrives)}"] if self.arrives > 1 else []
        return ", ".join([self.rule, *parts])


Numbers = Mapping[str, Any]
Rule = Callable[[CommonPool, Numbers, PoolSight, jax.Array], jax.Array]


def sustainable(pool: CommonPool, stock: jax.Array) -> jax.Array:
    """The largest demand, by number, after which the stock is no smaller in the next round if all make it."""
    first = pool.order == "regenerate first"
    left = (pool.grown(stock) if first else stock) - pool.size * jnp.asarray(pool.demands, stock.dtype)
    kept = pool.left(left, 0)
    then = kept if first else jax.vmap(pool.grown)(kept)
    fallen = pool.fallen(then if pool.order == "test last" else kept)
    fits = (left >= 0) & (then >= stock) & ~fallen
    return jnp.max(jnp.where(fits, jnp.arange(len(pool.levels)), 0))


def _most(pool: CommonPool) -> jax.Array:
    return jnp.int32(len(pool.levels) - 1)


def _nearest(pool: CommonPool, amount: Any) -> jax.Array:
    """The largest demand that is no more than an amount, by number; the least where all are more."""
    fits = pool.amount(jnp.asarray(pool.demands)) <= jnp.asarray(amount) * (1 + 1e-6)
    return jnp.max(jnp.where(fits, jnp.arange(len(pool.levels)), 0))


def greedy(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """Demands the most, always."""
    return _most(pool)


def steady(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """Demands an `amount`, or the next smaller one that may be demanded."""
    return _nearest(pool, numbers["amount"])


def threshold(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """Demands the most where the stock is larger than `above`, and otherwise the least."""
    return jnp.where(pool.amount(sight.stock) > numbers["above"], _most(pool), 0)


def universaliser(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """Demands what all could demand without a loss: the most after which the stock grows back to what it is."""
    return sustainable(pool, sight.stock)


def tit_for_tat(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """A universaliser, greedy where more than `tolerance` of whom it sees have just demanded more than that share."""
    asked = sustainable(pool, sight.before)
    over = (sight.sees & (sight.levels > asked)).sum()
    provoked = (sight.played > 0) & (over > numbers["tolerance"])
    return jnp.where(provoked, _most(pool), sustainable(pool, sight.stock))


def payoff_biased(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """With the chance `rate` looks at one whom it sees, drawn evenly, and demands what that one did with the chance
    `1 / (1 + exp(−strength (π_j − π_i)))`, π what both took in the last round.
    """
    model, adopts = jax.random.split(jax.random.fold_in(key, 0))
    other = jax.random.categorical(model, jnp.where(sight.sees, 0.0, -jnp.inf))
    paid = pool.amount(sight.taken)
    chance = jax.nn.sigmoid(numbers["strength"] * (paid[other] - paid[sight.player]))
    own = sight.levels[sight.player]
    copies = sight.sees.any() & (jax.random.uniform(adopts) < chance)
    return _imitated(pool, numbers, sight, key, jnp.where(copies, sight.levels[other], own))


def conformist(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array) -> jax.Array:
    """With the chance `rate` demands what others did, each demand with a chance in proportion to the power `strength`
    of how many made it, of whom it sees and itself; so that the common is more than in proportion above 1.
    """
    counted = sight.sees | (jnp.arange(pool.size) == sight.player)
    counts = jnp.zeros(len(pool.levels)).at[sight.levels].add(counted)
    odds = jnp.where(counts > 0, numbers["strength"] * jnp.log(jnp.maximum(counts, 1)), -jnp.inf)
    drawn = jax.random.categorical(jax.random.fold_in(key, 0), odds)
    return _imitated(pool, numbers, sight, key, drawn)


def _imitated(pool: CommonPool, numbers: Numbers, sight: PoolSight, key: jax.Array, copied: jax.Array) -> jax.Array:
    """What is demanded after looking at others, or not; at first a start, and any with the chance `error`."""
    looks, errs, which = jax.random.split(jax.random.fold_in(key, 1), 3)
    any_ = jax.random.randint(which, (), 0, len(pool.levels))
    chosen = jnp.where(jax.random.uniform(looks) < numbers["rate"], copied, sight.levels[sight.player])
    first = jnp.where(jnp.isnan(numbers["start"]), any_, _nearest(pool, numbers["start"]))
    chosen = jnp.where(sight.played == 0, first, chosen)
    return jnp.where(jax.random.uniform(errs) < numbers["error"], any_, chosen)


IMITATION: Mapping[str, Any] = MappingProxyType({"rate": 1.0, "strength": 1.0, "error": 0.0, "start": float("nan")})
NONE: Mapping[str, Any] = MappingProxyType({})
RULES: Mapping[str, tuple[Rule, Mapping[str, Any]]] = MappingProxyType({
    "greedy": (greedy, NONE),
    "steady": (steady, MappingProxyType({"amount": NEEDED})),
    "threshold": (threshold, MappingProxyType({"above": NEEDED})),
    "universaliser": (universaliser, NONE),
    "tit for tat": (tit_for_tat, MappingProxyType({"tolerance": 0.0})),
    "payoff-biased": (payoff_biased, IMITATION),
    "conformist": (conformist, IMITATION),
})  # fmt: skip
"""All rules by name, with their numbers."""

SHARES = ("rate", "error")
"""Numbers that are chances."""


@public()
def pool_player(rule: str, *, arrives: int = 1, **numbers: float) -> PoolPlayer:
    """Someone who takes from a common pool by a simple rule.

    * "greedy" demands the most that may be demanded, always.
    * "steady" demands an `amount`.
    * "threshold" demands the most where the stock is larger than `above`, and otherwise the least.
    * "universaliser" demands the most that all could demand with the stock no smaller in the next round: of a stock of
      100 that doubles, 10 where they are five.
    * "tit for tat" is a universaliser, and greedy after a round in which more than `tolerance` (0) others whom it sees
      demanded more than a universaliser.
    * "payoff-biased" imitates: with the chance `rate` (1) it looks at one whom it sees, and demands what that one did
      with the chance `1 / (1 + exp(−strength (π_j − π_i)))`, π what both have just taken; `strength` (1) is positive.
    * "conformist" imitates: with the chance `rate` (1) it demands what others and it did, each demand with a chance in
      proportion to the power `strength` (1) of how many made it.

    Who imitates demands in the first round the amount `start`, or any, drawn evenly, without one; and with the chance
    `error` (0) any. Players see all others, or those whom the graph of the pool shows them.

    Args:
        rule: its name.
        arrives: the round, from 1, in which the player comes; before, it demands the least.
        **numbers: of the rule.

    Raises:
        InputError: for rules and numbers that are none.

    Example:
        >>> pool_player("threshold", above=50).told, pool_player("greedy", arrives=3).told
        ('threshold, above 50', 'greedy, from round 3')

    Source: of the universaliser G. Piatti et al., arXiv 2404.16698 (2024), as `(R // 2) // n`; rules of imitation in
    the forms of A. Traulsen et al., Physical Review E 74, 011909 (2006), and R. Boyd, P. Richerson (1985).
    """
    rule = choice(rule, "rule", tuple(RULES))
    usual = RULES[rule][1]
    for name in numbers:
        if name not in usual:
            raise unknown(f"number of {rule!r}", name, tuple(usual))
    missing = [name for name, own in usual.items() if own is NEEDED and name not in numbers]
    if missing:
        raise InputError(f"{rule!r} needs {missing[0]}, as in pool_player({rule!r}, {missing[0]}=10)")
    found = {
        name: finite_number(numbers[name], name, low=0.0, high=1.0 if name in SHARES else None)
        if name in numbers
        else own
        for name, own in usual.items()
    }
    return PoolPlayer({name: np.float32(own) for name, own in found.items()},
                      np.int32(positive_integer(arrives, "arrives")), rule)  # fmt: skip
