"""A rule that hands over to another after some steps, and running it for many numbers of steps."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, citations
from nashscape.dynamics import completed
from nashscape.dynamics.case import Case
from nashscape.dynamics.runs import Labels, labels_of
from nashscape.learning import Oracle, Rule, check_rule, pg
from nashscape.learning.rules import State, moved
from nashscape.learning.terms import Terms
from nashscape.semantics import ParametricGame

Whole = npt.NDArray[np.int32]
MOST_RUNS = 1 << 18
"""Runs that are handed to the devices at a time, so that memory does not grow with starts times steps."""


@dataclass(frozen=True)
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
    def made_of(self) -> tuple[Rule, ...]:
        """Both rules."""
        return self.rule, self.then

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """Those of both."""
        return tuple(dict.fromkeys([*self.rule.sources, *self.then.sources]))

    def init(self, theta: jax.Array) -> State:
        """The states of both."""
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


def handed_over(rule: Rule, at: int | None, then: Rule | None = None) -> HandedOver:
    """`rule` for `at` steps, then another, by default policy gradient.

    >>> from nashscape.learning import meta_mapg
    >>> handed_over(meta_mapg(), 20).name
    'meta_mapg then pg'
    """
    then = pg() if then is None else then
    return HandedOver(rule, then, at, f"{rule.name} then {then.name}")


@dataclass(frozen=True)
class Handovers:
    """Runs of a case, whose rule hands over to another after each of several numbers of steps."""

    case: Case
    count: int
    rollouts: int
    at: Whole
    then: Rule

    def answer(self) -> tuple[Labels, Provenance]:
        """Labels `[rollouts, N, K]`, and what was asked and spent."""
        blocks = list(self._by_key() if self.case.exact else self._one_by_one())
        codes = np.concatenate([own for own, _ in blocks], axis=1 if self.case.exact else 2)
        provenance = blocks[0][1].together(*(made for _, made in blocks[1:]))
        asked: dict[str, Any] = {"runs": codes.size, "handoffs": self.at, "rollouts": self.rollouts}
        return codes, provenance.asking("corrected steps", rule=self.case.rule, then=self.then, **asked)

    def _by_key(self) -> Iterator[tuple[Labels, Provenance]]:
        """All k of some starts at a time: noise-free runs have their k for a key."""
        rows, each = max(1, MOST_RUNS // len(self.at)), len(self.at)
        for first in range(0, self.count, rows):
            here = np.arange(first, min(first + rows, self.count), dtype=np.int64)
            keys = np.tile(self.at.astype(np.int64), len(here))
            codes, made = self._run(None, np.repeat(here, each), keys)
            yield codes.reshape(1, len(here), each), made

    def _one_by_one(self) -> Iterator[tuple[Labels, Provenance]]:
        """One k after the other, in one program and with the same random numbers."""
        keys = np.arange(self.rollouts * self.count, dtype=np.int64)
        for k in self.at:
            codes, made = self._run(int(k), keys % self.count, keys)
            yield codes.reshape(self.rollouts, self.count, 1), made

    def _run(
        self, at: int | None, indices: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]
    ) -> tuple[Labels, Provenance]:
        rule = handed_over(check_rule(self.case.rule), at, self.then)
        found, _, made = completed([labels_of(self.case.but(rule=rule), indices, keys)])[0]
        return np.asarray(found.codes), made
