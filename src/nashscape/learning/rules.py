"""Learning rules: how the terms become an update."""

import abc
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError, finite_number, unknown
from nashscape.learning.oracle import Oracle
from nashscape.learning.schedules import as_schedule
from nashscape.learning.terms import Terms

State = Any


class Rule(abc.ABC):
    """A pair of pure functions on the joint profile: `init` makes the state, `update` the direction.

    Rules ascend utilities. They ask an `Oracle`, for terms mostly, and never see a payoff. A rule is a pytree:
    coefficients are arguments of the compiled program. The name is for people only and is not part of it.

    Attributes:
        name: what tables and figures call it.
        needs_utilities: whether it differentiates through exact utilities, which sampled estimators cannot give.
    """

    name: str
    needs_utilities: ClassVar[bool] = False

    @property
    @abc.abstractmethod
    def sources(self) -> tuple[str, ...]:
        """Keys of the publications to cite for the rule."""

    def renamed(self, name: str) -> Self:
        """The same rule under another name."""
        return cast(Self, replace(cast(Any, self), name=name))

    @abc.abstractmethod
    def init(self, theta: jax.Array) -> State:
        """The state before the first step."""

    @abc.abstractmethod
    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The direction in which to move, flat over all players, and the next state."""

    def contributions(self, oracle: Oracle, state: State, step: jax.Array) -> dict[str, jax.Array]:
        """What each term adds to the direction, flat over all players; terms not used are absent.

        Of a rule that is no sum of terms: base, and all the rest as "correction".
        """
        base = oracle.terms().base
        return {"base": base, "correction": self.update(oracle, state, step)[0] - base}

    def for_players(self, sizes: Sequence[int]) -> "Rule":
        """The rule made ready for players with these numbers of parameters.

        Raises:
            InputError: when the rule is not defined for such players.
        """
        return self


@dataclass(frozen=True)
class TermRule(Rule):
    """A linear combination: `base + η (own · c_own + peer · c_peer + lookahead · c_lookahead)`.

    Attributes:
        name: what tables and figures call it.
        inner_lr: `η`, the step that the players are assumed to take while learning.
        own: coefficient of own-learning, a schedule, or None where the term is not used.
        peer: coefficient of peer-learning.
        lookahead: coefficient of look-ahead.
    """

    name: str = "rule"
    inner_lr: Any = 0.0
    own: Any = None
    peer: Any = None
    lookahead: Any = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Those of the terms that it uses."""
        of_terms = {"own": ("meta_mapg",), "peer": ("meta_mapg", "lola"), "lookahead": ("lookahead", "sos")}
        used = (source for term, keys in of_terms.items() if getattr(self, term) is not None for source in keys)
        return tuple(dict.fromkeys(used))

    def init(self, theta: jax.Array) -> State:
        """No state is needed."""
        return ()

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The combination at this step."""
        return sum(self.parts(oracle.terms(), step).values(), start=jnp.zeros_like(oracle.theta)), state

    def contributions(self, oracle: Oracle, state: State, step: jax.Array) -> dict[str, jax.Array]:
        """See `Rule`."""
        return self.parts(oracle.terms(), step)

    def parts(self, terms: Terms, step: jax.Array) -> dict[str, jax.Array]:
        """Every term that is used, times its coefficient at a step."""
        parts = {"base": terms.base}
        for name in ("own", "peer", "lookahead"):
            schedule = getattr(self, name)
            if schedule is not None:
                parts[name] = self.inner_lr * schedule(step) * getattr(terms, name)
        return parts


jax.tree_util.register_dataclass(
    TermRule, data_fields=["inner_lr", "own", "peer", "lookahead"], meta_fields=[], drop_fields=["name"]
)


@dataclass(frozen=True)
class PlayerRules(Rule):
    """A rule of its own for every player. Made by `per_player`."""

    rules: tuple[Rule, ...] = field(default=())
    name: str = "per_player"

    @property
    def sources(self) -> tuple[str, ...]:
        """Those of all rules."""
        return tuple(dict.fromkeys(source for rule in self.rules for source in rule.sources))

    def init(self, theta: jax.Array) -> State:
        """The states of all rules."""
        return tuple(rule.init(theta) for rule in self.rules)

    @property
    def needs_utilities(self) -> bool:  # type: ignore[override]
        """Whether any of the rules does."""
        return any(rule.needs_utilities for rule in self.rules)

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """Every player moves as that player's rule says."""
        updates = [rule.update(oracle, own, step) for rule, own in zip(self.rules, state, strict=True)]
        parts = [direction[part] for (direction, _), part in zip(updates, oracle.slices, strict=True)]
        return jnp.concatenate(parts), tuple(after for _, after in updates)

    def contributions(self, oracle: Oracle, state: State, step: jax.Array) -> dict[str, jax.Array]:
        """Every player's own contributions; zero for players whose rule does not use a term."""
        each = [rule.contributions(oracle, own, step) for rule, own in zip(self.rules, state, strict=True)]
        names = dict.fromkeys(name for parts in each for name in parts)
        zero = jnp.zeros_like(oracle.theta)
        return {
            name: jnp.concatenate([parts.get(name, zero)[own] for parts, own in zip(each, oracle.slices, strict=True)])
            for name in names
        }

    def for_players(self, sizes: Sequence[int]) -> "PlayerRules":
        """Needs as many rules as players."""
        if len(sizes) != len(self.rules):
            raise InputError(f"there are {len(self.rules)} rules but {len(sizes)} players; give one rule each")
        return replace(self, rules=tuple(rule.for_players(sizes) for rule in self.rules))


jax.tree_util.register_dataclass(PlayerRules, data_fields=["rules"], meta_fields=[], drop_fields=["name"])


def _rule(name: str, inner_lr: float = 0.0, **coefficients: Any) -> TermRule:
    schedules = {term: as_schedule(value, f"coefficient {term!r}") for term, value in coefficients.items()}
    return TermRule(name=name, inner_lr=finite_number(inner_lr, "inner_lr", low=0.0), **schedules)


def pg() -> TermRule:
    """Policy gradient, the naive learner: base.

    >>> pg()
    TermRule(name='pg', inner_lr=0.0, own=None, peer=None, lookahead=None)
    """
    return _rule("pg")


def meta_pg(*, own: Any = 0.35, inner_lr: float = 0.55) -> TermRule:
    """Meta-PG: base + own-learning, `base + μ·own`.

    Args:
        own: the coefficient `μ`, a number or a schedule.
        inner_lr: `η`.

    Source: Kim et al. (2021), without the peer term.
    """
    return _rule("meta_pg", inner_lr, own=own)


def peer_only(*, peer: Any = 1.5, inner_lr: float = 0.55) -> TermRule:
    """Peer-learning alone: `base + λ·peer`; at `λ = 1` the original LOLA.

    Args:
        peer: the coefficient `λ`, a number or a schedule.
        inner_lr: `η`.

    Source: Foerster et al. (2018); arXiv 2605.18078.
    """
    return _rule("peer_only", inner_lr, peer=peer)


def meta_mapg(*, own: Any = 0.35, peer: Any = 1.5, inner_lr: float = 0.55) -> TermRule:
    """Meta-MAPG in its coefficient form: `base + μ·own + λ·peer`.

    The coefficients are not those of the expansion of an unrolled learner, `base + 2·own + lookahead + peer`.

    Args:
        own: the coefficient `μ`, a number or a schedule.
        peer: the coefficient `λ`, a number or a schedule.
        inner_lr: `η`.

    Source: Kim et al. (2021); arXiv 2605.18078.
    """
    return _rule("meta_mapg", inner_lr, own=own, peer=peer)


def lookahead(*, lookahead: Any = 1.0, inner_lr: float = 0.55) -> TermRule:
    """LookAhead: `base + lookahead`, the answer to what the others will have learned.

    Source: Zhang and Lesser (2010); Letcher et al. (2019).
    """
    return _rule("lookahead", inner_lr, lookahead=lookahead)


def lola(*, peer: Any = 1.0, lookahead: Any = 1.0, inner_lr: float = 0.55) -> TermRule:
    """LOLA in the Taylor form of Letcher: `base + lookahead + peer`.

    Source: Foerster et al. (2018); Letcher et al. (2019).
    """
    return _rule("lola", inner_lr, peer=peer, lookahead=lookahead)


def per_player(rules: Sequence[Rule], *, name: str | None = None) -> PlayerRules:
    """A rule of its own for every player, in the order of the players.

    >>> per_player([pg(), meta_mapg()]).name
    'pg+meta_mapg'

    Raises:
        InputError: for anything that is not a rule.
    """
    if isinstance(rules, Rule):
        raise InputError(f"give one rule for every player in a list; got the single rule {rules.name}")
    for rule in rules:
        check_rule(rule)
    return PlayerRules(tuple(rules), name or "+".join(rule.name for rule in rules))


RULES: Mapping[str, Callable[..., TermRule]] = MappingProxyType(
    {
        "pg": pg,
        "meta_pg": meta_pg,
        "peer_only": peer_only,
        "meta_mapg": meta_mapg,
        "lookahead": lookahead,
        "lola": lola,
    }
)


def rule_by_name(name: str, **coefficients: Any) -> TermRule:
    """A rule by its name, hyphens or underscores, with coefficients by name.

    Raises:
        InputError: for an unknown name, with the nearest known ones, or a coefficient that the rule does not have.
    """
    key = name.replace("-", "_") if isinstance(name, str) else ""
    if key not in RULES:
        raise unknown("rule", name, RULES)
    try:
        return RULES[key](**coefficients)
    except TypeError as error:
        known = ", ".join(inspect.signature(RULES[key]).parameters) or "none"
        raise InputError(f"rule {key} takes the coefficients {known}; got {', '.join(coefficients)}") from error


def check_rule(rule: Any) -> Rule:
    """The rule itself, or an error that says what was given instead."""
    if not isinstance(rule, Rule):
        hint = "call it, as in nashscape.pg()" if callable(rule) else "make one, as in nashscape.pg()"
        raise InputError(f"expected a rule, got {rule!r}; {hint}")
    return rule
