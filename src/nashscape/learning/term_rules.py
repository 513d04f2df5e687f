"""Rules that are sums of the four terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import citations, finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule, State
from nashscape.learning.schedules import as_schedule
from nashscape.learning.terms import Terms

COEFFICIENTS = ("own", "peer", "lookahead")
"""The terms that have a coefficient."""


@dataclass(frozen=True, repr=False)
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

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1})
    combines: ClassVar[bool] = True

    @property
    def needs(self) -> frozenset[str]:
        """Base, and the terms that have a coefficient."""
        return frozenset({"base", *(name for name in COEFFICIENTS if getattr(self, name) is not None)})

    @property
    def follows_payoffs(self) -> bool:
        """Where base is all there is."""
        return self.own is None and self.peer is None and self.lookahead is None

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        """Those of the terms that it uses; of base alone those of the naive learner."""
        of_peer = (citations.LOLA,) if self.own is None else (citations.META_MAPG, citations.LOLA)
        of_terms = {"own": (citations.META_MAPG,), "peer": of_peer, "lookahead": (citations.SOS, citations.LOOKAHEAD)}
        used = (source for term, keys in of_terms.items() if getattr(self, term) is not None for source in keys)
        return tuple(dict.fromkeys(used)) or (citations.GRADIENT_DYNAMICS,)

    @override
    def init(self, theta: jax.Array) -> State:
        return ()

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """The combination at this step."""
        return sum(self.parts(oracle.terms(), step).values(), start=jnp.zeros_like(oracle.theta)), state

    @override
    def contributions(self, oracle: Oracle, state: State, step: jax.Array) -> dict[str, jax.Array]:
        return self.parts(oracle.terms(), step)

    def parts(self, terms: Terms, step: jax.Array) -> dict[str, jax.Array]:
        """Every term that is used, times its coefficient at a step."""
        parts = {"base": terms.base}
        for name in COEFFICIENTS:
            schedule = getattr(self, name)
            if schedule is not None:
                parts[name] = self.inner_lr * schedule(step) * getattr(terms, name)
        return parts


jax.tree_util.register_dataclass(
    TermRule, data_fields=["inner_lr", "own", "peer", "lookahead"], meta_fields=[], drop_fields=["name"]
)


def _rule(name: str, inner_lr: float = 0.0, **coefficients: Any) -> TermRule:
    schedules = {term: as_schedule(value, f"coefficient {term!r}") for term, value in coefficients.items()}
    return TermRule(name=name, inner_lr=finite_number(inner_lr, "inner_lr", low=0.0), **schedules)


@public()
def pg() -> TermRule:
    """Policy gradient, the naive learner: base.

    >>> pg()
    pg()

    Source: Singh, Kearns and Mansour (2000).
    """
    return _rule("pg")


@public()
def meta_pg(*, own: Any = 0.35, inner_lr: float = 0.55) -> TermRule:
    """Meta-PG: base + own-learning, `base + μ·own`.

    Args:
        own: the coefficient `μ`, a number or a schedule.
        inner_lr: `η`.

    Source: Kim et al. (2021), without the peer term.
    """
    return _rule("meta_pg", inner_lr, own=own)


@public()
def peer_only(*, peer: Any = 1.5, inner_lr: float = 0.55) -> TermRule:
    """Peer-learning alone: `base + λ·peer`; at `λ = 1` the original LOLA.

    Args:
        peer: the coefficient `λ`, a number or a schedule.
        inner_lr: `η`.

    Source: Foerster et al. (2018); arXiv 2605.18078.
    """
    return _rule("peer_only", inner_lr, peer=peer)


@public()
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


@public()
def lookahead(*, lookahead: Any = 1.0, inner_lr: float = 0.55) -> TermRule:
    """LookAhead: `base + lookahead`, the answer to what the others will have learned.

    Source: Zhang and Lesser (2010); Letcher et al. (2019).
    """
    return _rule("lookahead", inner_lr, lookahead=lookahead)


@public()
def lola(*, peer: Any = 1.0, lookahead: Any = 1.0, inner_lr: float = 0.55) -> TermRule:
    """LOLA in the Taylor form of Letcher: `base + lookahead + peer`.

    Source: Foerster et al. (2018); Letcher et al. (2019).
    """
    return _rule("lola", inner_lr, peer=peer, lookahead=lookahead)
