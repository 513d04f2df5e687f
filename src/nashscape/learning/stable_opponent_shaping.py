"""Stable Opponent Shaping: as much of the peer term as does no harm."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import citations
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.learning.oracle import Oracle
from nashscape.learning.schedules import as_schedule, within
from nashscape.learning.stateless import StatelessRule, inner_step
from nashscape.learning.terms import Terms


@dataclass(frozen=True, repr=False)
class StableOpponentShaping(StatelessRule):
    """`base + η·lookahead + p η·peer`, with one `p` for all players. Made by `sos`.

    Attributes:
        name: what tables and figures call it.
        a: how much of the LookAhead direction the peer term may take back, a schedule.
        b: length of base below which the peer term fades, a schedule.
        inner_lr: `η`.
    """

    name: str = "sos"

    needs: ClassVar[frozenset[str]] = frozenset({"base", "peer", "lookahead"})
    a: Any = None
    b: Any = None
    inner_lr: Any = 0.0

    units: ClassVar[Mapping[str, int]] = MappingProxyType({"inner_lr": -1, "b": 1})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.SOS, citations.LOLA)

    @override
    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        return sum(self.parts(oracle.terms(), step).values(), start=jnp.zeros_like(oracle.theta))

    @override
    def contributions(self, oracle: Oracle, state: Any, step: jax.Array) -> dict[str, jax.Array]:
        return self.parts(oracle.terms(), step)

    def parts(self, terms: Terms, step: jax.Array) -> dict[str, jax.Array]:
        """What each term adds to the direction."""
        lookahead, peer = self.inner_lr * terms.lookahead, self.inner_lr * terms.peer
        return {"base": terms.base, "lookahead": lookahead, "peer": self.share(terms, step) * peer}

    def share(self, terms: Terms, step: jax.Array) -> jax.Array:
        """`p`, the share of the peer term, from 0 (LookAhead) to 1 (LOLA)."""
        ahead, peer = terms.base + self.inner_lr * terms.lookahead, self.inner_lr * terms.peer
        along = _product(peer, ahead)
        against = along < 0
        # the divisor is replaced where it is not used, so that neither the quotient nor its derivative is 0/0
        most = self.a(step) * _product(ahead, ahead) / jnp.where(against, -along, 1.0)
        first = jnp.where(against, jnp.minimum(1.0, most), 1.0)
        square = _product(terms.base, terms.base)
        second = jnp.where(square < jnp.square(self.b(step)), square, 1.0)
        return jnp.minimum(first, second)


jax.tree_util.register_dataclass(
    StableOpponentShaping, data_fields=["a", "b", "inner_lr"], meta_fields=[], drop_fields=["name"]
)


def _product(x: jax.Array, y: jax.Array) -> jax.Array:
    return jnp.einsum("k,k->", x, y, precision=lax.Precision.HIGHEST)


@public()
def sos(*, a: Any = 0.5, b: Any = 0.1, inner_lr: float = 0.55) -> StableOpponentShaping:
    """Stable Opponent Shaping: LookAhead, and as much of the peer term as keeps its guarantees.

    `base + look + p·peer` with `look = η·lookahead`, `peer = η·peer` and one `p = min(p₁, p₂)` for all players. With
    inner products over the parameters of all of them,

        p₁ = 1 if ⟨peer, base + look⟩ ≥ 0, else min{1, −a |base + look|² / ⟨peer, base + look⟩}
        p₂ = |base|² if |base| < b, else 1

    so at least the share `1 − a` of the LookAhead direction is kept along itself, and at zeros of base the peer term,
    which alone need not vanish there, is gone. The published criterion is for losses; its products are the same here.

    Where p₂ is |base|² it depends on the unit of payoffs, and no coefficient makes up for it: only with `b=0` does the
    rule take the same path in a game with all payoffs times a number.

    Args:
        a: from 0 to 1, a number or a schedule.
        b: a length in units of base, at least 0, a number or a schedule.
        inner_lr: `η`.

    Raises:
        InputError: for coefficients out of range, or a negative inner step.

    Example:
        >>> from nashscape import games, simulate
        >>> run = simulate(games.matching_pennies(), sos(inner_lr=1.0), start=[0.6, 0.6], steps=400, step_size=1.0)
        >>> [round(float(own[-1][0]), 2) for own in run.strategies]   # where policy gradient spirals out
        [0.5, 0.5]

    Source: Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson (2019), algorithm 1.
    """
    return StableOpponentShaping(
        a=within(as_schedule(a, "a"), "a", low=0.0, high=1.0),
        b=within(as_schedule(b, "b"), "b", low=0.0),
        inner_lr=inner_step(inner_lr),
    )
