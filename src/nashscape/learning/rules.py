"""Learning rules: what a rule is, and a rule of its own for every player."""

import abc
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import jax
import jax.numpy as jnp

from nashscape.core import InputError, citations, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.learning.oracle import Oracle
from nashscape.learning.schedules import Constant, is_constant
from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import notice

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from nashscape.learning.term_rules import TermRule

State = Any


class Rule(abc.ABC):
    """A pair of pure functions on the joint profile: `init` makes the state, `update` the direction.

    Rules ascend utilities. They ask an `Oracle`, for terms mostly, and never see a payoff. A rule is a pytree:
    coefficients are arguments of the compiled program. The name is for people only and is not part of it.

    Attributes:
        name: what tables and figures call it.
        needs: the names of the terms that it asks for, and of what else it asks the oracle, as "strategies" or exact
            "utilities" and "payoffs", which sampled estimators cannot give. Nothing else is computed.
    """

    name: str
    has_flow: ClassVar[bool] = True
    """Whether its updates tend to a velocity times the step size as that goes to zero."""
    units: ClassVar[Mapping[str, int]] = MappingProxyType({})
    """Powers of the payoff unit in which its coefficients are measured; those that are absent have none.

    In a game with all payoffs times s, the step size divided by s and every coefficient times `s ** units[name]`, a
    rule takes the same path."""
    of_any_size: ClassVar[frozenset[str]] = frozenset()
    """Coefficients in payoff units that say nothing of how far players move: none of them is out of scale."""
    uses_step_size: ClassVar[bool] = True
    """Whether how far players move depends on the outer step size."""

    @property
    def needs(self) -> frozenset[str]:
        """See above; what it is made of, or base."""
        return frozenset({"base"}).union(*(rule.needs for rule in self.made_of))

    @property
    def follows_payoffs(self) -> bool:
        """Whether it raises what pays more than all else at present: where nobody reads, strict equilibria hold."""
        return False

    combines: ClassVar[bool] = False
    """Whether it is base plus `inner_lr` times its terms, each times a coefficient under the term's name."""

    @property
    def made_of(self) -> tuple["Rule", ...]:
        """The rules that it is made of, where it is made of others."""
        return ()

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """The publications to cite for the rule; by default none, as for one that is new."""
        return ()

    def __repr__(self) -> str:
        """The call that makes it: of a rule of the table by its name there, of another one by its class and fields."""
        from nashscape.learning.rule_table import RULES

        names = [*inspect.signature(RULES[self.name]).parameters] if self.name in RULES else None
        if names is not None and all(hasattr(self, name) for name in names):
            return called(self.name, **{name: getattr(self, name) for name in names})
        made: Any = self
        own = fields(made) if is_dataclass(made) else ()
        return called(type(self).__name__, **{field.name: getattr(self, field.name) for field in own})

    def renamed(self, name: str) -> Self:
        """The same rule under another name."""
        return cast(Self, replace(cast(Any, self), name=name))

    def rescaled(self, factor: float) -> Self:
        """The rule for the same game with all payoffs times a factor, where step sizes are divided by it.

        >>> from nashscape.learning import meta_mapg
        >>> meta_mapg().rescaled(1000.0).inner_lr
        0.00055...

        Raises:
            InputError: for a factor that is not positive, and a coefficient with a unit that is a schedule.
        """
        finite_number(factor, "factor", low=0.0, low_open=True)
        changes = {name: _times(getattr(self, name), factor**power, name) for name, power in self.units.items()}
        return cast(Self, replace(cast(Any, self), **changes))

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
        return {"base": base, "correction": moved(self, oracle, state, step)[0] - base}

    def for_players(self, sizes: Sequence[int]) -> "Rule":
        """The rule made ready for players with these numbers of parameters.

        Raises:
            InputError: when the rule is not defined for such players.
        """
        return self

    def for_game(self, game: ParametricGame) -> "Rule":
        """The rule made ready for a game; it is this that is asked before a run.

        Raises:
            InputError: when the rule is not defined for such a game.
        """
        return self.for_players(game.sizes)


def has_memory(rule: Rule, dimension: int) -> bool:
    """Whether a rule, made ready for so many parameters, remembers anything from one update to the next.

    >>> from nashscape import games, open_source, pg
    >>> from nashscape.learning import delayed
    >>> game = open_source(games.stag_hunt(), 0.5)
    >>> [has_memory(rule.for_game(game), game.dimension) for rule in (pg(), delayed(pg(), steps=2))]
    [False, True]
    """
    return bool(jax.tree.leaves(jax.eval_shape(rule.init, jax.ShapeDtypeStruct((dimension,), "float32"))))


def is_combination(rule: Any) -> "TypeIs[TermRule]":
    """Whether a rule is base plus terms times coefficients."""
    return bool(getattr(rule, "combines", False))


def _times(value: Any, factor: float, name: str) -> Any:
    if value is None:
        return None
    if is_constant(value):
        return Constant(value.value * factor)
    if callable(value):
        raise InputError(f"{name} is a schedule, of which nobody knows which of its numbers are in payoff units")
    return value * factor


@dataclass(frozen=True, repr=False)
class PlayerRules(Rule):
    """A rule of its own for every player. Made by `per_player`."""

    rules: tuple[Rule, ...] = field(default=())
    name: str = "per_player"

    @property
    def made_of(self) -> tuple[Rule, ...]:
        """The rules of the players."""
        return self.rules

    @property
    @override
    def follows_payoffs(self) -> bool:
        return all(rule.follows_payoffs for rule in self.rules)

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return tuple(dict.fromkeys(source for rule in self.rules for source in rule.sources))

    def init(self, theta: jax.Array) -> State:
        """The states of all rules."""
        return tuple(rule.init(theta) for rule in self.rules)

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """Every player moves as that player's rule says."""
        updates = [moved(rule, oracle, own, step) for rule, own in zip(self.rules, state, strict=True)]
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

    def rescaled(self, factor: float) -> "PlayerRules":
        """See `Rule`; all rules are."""
        return replace(self, rules=tuple(rule.rescaled(factor) for rule in self.rules))

    def for_players(self, sizes: Sequence[int]) -> "PlayerRules":
        """Needs as many rules as players."""
        self._check_number(len(sizes))
        return replace(self, rules=tuple(rule.for_players(sizes) for rule in self.rules))

    def for_game(self, game: ParametricGame) -> "PlayerRules":
        """Every rule made ready for the game."""
        self._check_number(len(game.sizes))
        return replace(self, rules=tuple(rule.for_game(game) for rule in self.rules))

    def _check_number(self, players: int) -> None:
        if players != len(self.rules):
            raise InputError(f"there are {len(self.rules)} rules but {players} players; give one rule each")

    def __repr__(self) -> str:
        return called("per_player", list(self.rules))


jax.tree_util.register_dataclass(PlayerRules, data_fields=["rules"], meta_fields=[], drop_fields=["name"])


@public()
def per_player(rules: Sequence[Rule], *, name: str | None = None) -> PlayerRules:
    """A rule of its own for every player, in the order of the players.

    >>> from nashscape.learning import meta_mapg, per_player, pg
    >>> per_player([pg(), meta_mapg()]).name
    'pg+meta_mapg'

    Raises:
        InputError: for anything that is not a rule.
    """
    if is_rule(rules):
        raise InputError(f"give one rule for every player in a list; got the single rule {rules.name}")
    for rule in rules:
        check_rule(rule)
    return PlayerRules(tuple(rules), name or "+".join(rule.name for rule in rules))


def moved(rule: Rule, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
    """What `rule.update` says, refused where a direction would be spread out over parameters that it does not know of.

    Raises:
        InputError: for a direction of another shape than the profile of parameters, while the update is traced.
    """
    direction, after = rule.update(oracle, state, step)
    if jnp.shape(direction) != oracle.theta.shape:
        raise InputError(
            f"rule {rule.name} gives a direction of shape {jnp.shape(direction)}; it must have one entry for every "
            f"parameter of all players, {oracle.theta.shape}, player after player"
        )
    return direction, after


def is_rule(value: Any) -> "TypeIs[Rule]":
    """Whether a value is a rule."""
    return isinstance(value, Rule)  # class: the base that all rules derive from


@public()
def check_rule(rule: Any) -> Rule:
    """The rule itself, or an error that says what was given instead."""
    if isinstance(rule, str):
        raise InputError(f"expected a rule, got the text {rule!r}; a rule by name is nashscape.rule_by_name({rule!r})")
    if not is_rule(rule):
        hint = "call it, as in nashscape.pg()" if callable(rule) else "make one, as in nashscape.pg()"
        raise InputError(f"expected a rule, got {rule!r}; {hint}; one of your own derives from nashscape.learning.Rule")
    if not isinstance(rule.name, str):
        raise InputError(f"the name of a rule is a text; got {rule.name!r}: give coefficients by their names")
    notice(rule)
    return rule
