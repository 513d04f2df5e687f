"""A rule that hands over to another after some steps."""

from dataclasses import dataclass, fields, replace
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import citations
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule, State, moved
from nashscape.learning.term_rules import pg
from nashscape.learning.terms import Terms
from nashscape.semantics import ParametricGame


@dataclass(frozen=True, repr=False)
class HandedOver(Rule):
    """One rule for the first `at` steps, another from then on; both see every step, so that memory is never stale.

    Attributes:
        rule: the rule at first.
        then: the rule afterwards.
        at: how many steps the first one has; None for the index by which the run names its random numbers, which exact
            updates have no other use for: every run of a batch can so hand over at a step of its own.
        name: what tables and figures call it.
    """

    rule: Rule
    then: Rule
    at: Any = None
    name: str = "handed_over"

    @property
    @override
    def made_of(self) -> tuple[Rule, ...]:
        return self.rule, self.then

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return tuple(dict.fromkeys([*self.rule.sources, *self.then.sources]))

    @override
    def init(self, theta: jax.Array) -> State:
        return self.rule.init(theta), self.then.init(theta)

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The direction of the one whose step it is."""
        asked = Remembering(**{field.name: getattr(oracle, field.name) for field in fields(Oracle)})
        first, first_state = moved(self.rule, asked, state[0], step)
        second, second_state = moved(self.then, asked, state[1], step)
        at = oracle.key.start.astype(jnp.int32) if self.at is None else self.at
        return jnp.where(step < at, first, second), (first_state, second_state)

    def for_game(self, game: ParametricGame) -> "HandedOver":
        """Both made ready for the game."""
        return replace(self, rule=self.rule.for_game(game), then=self.then.for_game(game))

    def __repr__(self) -> str:
        return called("handed_over", self.rule, self.at, self.then)


jax.tree_util.register_dataclass(HandedOver, data_fields=["rule", "then", "at"], meta_fields=[], drop_fields=["name"])


@dataclass(frozen=True)
class Remembering(Oracle):
    """An oracle that two rules ask the same question of, and that answers it once."""

    def terms(self, theta: jax.Array | None = None, question: int = 0) -> Terms:
        """See `Oracle`; the answer to the first question here is kept."""
        if theta is not None or question != 0:
            return super().terms(theta, question)
        if "_kept" not in self.__dict__:
            object.__setattr__(self, "_kept", super().terms())
        kept: Terms = self.__dict__["_kept"]
        return kept


@public()
def handed_over(rule: Rule, at: int | None, then: Rule | None = None) -> HandedOver:
    """`rule` for `at` steps, then another, by default policy gradient.

    >>> from nashscape.learning import meta_mapg
    >>> handed_over(meta_mapg(), 20).name
    'meta_mapg then pg'
    """
    then = pg() if then is None else then
    return HandedOver(rule, then, at, f"{rule.name} then {then.name}")
