"""The field of a rule in a one-shot game as a formula of strategies whose values are given.

Utilities are linear in every strategy. With `q` the payoffs to the actions of player i, expected over all others,
policy gradient moves logit b by what the action gains against the others, `Σ_a p_a p_b (q_b − q_a)`. So do the other
terms: with a number `g_ab` for every two actions, a term is

    Σ_a p_a p_b g_ab,   g_ab = q_b − q_a                                      base
                               (r_a + r_b) (q_b − q_a),                       own:  r = w − p·w,  w = D_i U_i
                               x_b − x_a,   x = Σ_{j≠i} Σ_c U_j(·, c) ṗ_jc    peer: how the others' strategies change
                                                                              along w = D_j U_i
                               the same of U_i along w = D_j U_j              look-ahead

where `ṗ_jc = p_jc (w_c − p_j·w)`. One logit of a sigmoid is a softmax of which the second stays. Coefficients multiply
the `g`, so that what is common, `p_a p_b`, has no part in where signs change, and no second derivative is ever held:
the terms are as short as a few gradients. Their values are those of `nashscape.learning.terms`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.proofs.bounds.policy_formulas import averaged, sigmoid, strategy


@dataclass(frozen=True)
class Learner:
    """One player.

    Attributes:
        p: its strategy.
        logits: its logits.
        known: its strategy, or a sigmoid's orders.
    """

    p: jax.Array
    logits: jax.Array
    known: jax.Array

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two actions, the earlier one first."""
        return list(combinations(range(len(self.p)), 2))

    def gains(self, x: Any) -> jax.Array:
        """`x_a − x_b` of every pair."""
        return jnp.stack([x[a] - x[b] for a, b in self.pairs])

    def moves(self, gains: Any, by_pairs: bool) -> jax.Array:
        """What gains do to the logits; by pairs it is shorter, and else `p_b` comes first, which says more of signs."""
        if len(self.logits) == 1:
            return sigmoid(self.logits[0], self.known, 1) * gains
        of = dict(zip(self.pairs, gains, strict=True))
        actions = range(len(self.p))
        if by_pairs:
            of = {(a, b): (self.p[a] * self.p[b]) * gain for (a, b), gain in of.items()}
        each = [[of[b, a] if b < a else -of[a, b] for a in actions if a != b] for b in actions]
        if by_pairs:
            return jnp.stack([sum(own[1:], start=own[0]) for own in each])
        others = [[self.p[a] for a in actions if a != b] for b in actions]
        return jnp.stack(
            [self.p[b] * sum(p * gain for p, gain in zip(others[b], each[b], strict=True)) for b in actions]
        )

    def steered(self, w: jax.Array, by_pairs: bool) -> jax.Array:
        """How the strategy changes along a direction in the logits, `p_b (w_b − p·w)`."""
        if len(self.logits) == 1:
            first = self.moves(w, by_pairs)[0]
            return jnp.stack([first, -first])
        return self.moves(self.gains(w), by_pairs)

    def shares(self, w: jax.Array) -> jax.Array:
        """`r_a + r_b` of every pair: by which shares of themselves both change along a direction in the logits."""
        if len(self.logits) == 1:
            return (1.0 - 2.0 * self.p[:1]) * w
        # r_a + r_b is the sum of what both exceed all actions by, a common part of the mean taken off
        mean = sum(p * (own - w[0]) for p, own in zip(self.p[1:], w[1:], strict=True))
        above = [own - w[0] - mean for own in w]
        return jnp.stack([above[a] + above[b] for a, b in self.pairs])


@dataclass(frozen=True)
class WrittenTerms:
    """The gains of all players in every term, one after the other. Made by `written`.

    Attributes:
        payoffs: of all players, `[n, m_1, …, m_n]`.
        players: the players.
        by_pairs: see `Learner.moves`.
    """

    payoffs: jax.Array
    players: tuple[Learner, ...]
    by_pairs: bool
    _found: dict[tuple[int, int], jax.Array] = field(default_factory=dict)

    @property
    def base(self) -> jax.Array:
        """Policy gradient."""
        return self._for_all(lambda i: self._better(i, i))

    @property
    def own(self) -> jax.Array:
        """How i's own gradient changes along itself."""
        return self._for_all(lambda i: self.players[i].shares(self._slopes(i, i)) * self._better(i, i))

    @property
    def peer(self) -> jax.Array:
        """How i changes the others' gradients, along those of its own utility in their logits."""
        return self._for_all(lambda i: self._through(i, [(j, j, self._slopes(i, j)) for j in self._others(i)]))

    @property
    def lookahead(self) -> jax.Array:
        """How the others' steps change i's gradient."""
        return self._for_all(lambda i: self._through(i, [(i, j, self._slopes(j, j)) for j in self._others(i)]))

    def moves(self, gains: jax.Array) -> jax.Array:
        """What gains do to all logits, `[D]`."""
        parts, first = [], 0
        for player in self.players:
            count = len(player.pairs)
            parts.append(player.moves(gains[first : first + count], self.by_pairs))
            first += count
        return jnp.concatenate(parts)

    def _for_all(self, term: Callable[[int], jax.Array]) -> jax.Array:
        return jnp.concatenate([term(i) for i in range(len(self.players))])

    def _others(self, i: int) -> list[int]:
        return [j for j in range(len(self.players)) if j != i]

    def _expected(self, whose: int, *of: int) -> jax.Array:
        """Payoffs of one player to the actions of some, expected over all others."""
        return averaged(self.payoffs[whose : whose + 1], [player.p for player in self.players], set(of))[0]

    def _better(self, whose: int, of: int) -> jax.Array:
        """By how much the earlier of two actions is better for somebody."""
        return self.players[of].gains(self._expected(whose, of))

    def _slopes(self, whose: int, of: int) -> jax.Array:
        """How the utility of one changes with the logits of another, or of the same."""
        if (whose, of) not in self._found:
            self._found[whose, of] = self.players[of].moves(self._better(whose, of), self.by_pairs)
        return self._found[whose, of]

    def _through(self, i: int, parts: Sequence[tuple[int, int, jax.Array]]) -> jax.Array:
        """Gains of i in somebody's utility by what others are steered to."""
        total: list[jax.Array] = []
        for whose, j, way in parts:
            table, change = self._expected(whose, i, j), self.players[j].steered(way, self.by_pairs)
            table = table if i < j else table.T
            # changes add up to zero: all payoffs may be those above the first, and differences come before products
            total += [self.players[i].gains(table[:, c] - table[:, 0]) * change[c] for c in range(1, len(change))]
        return sum(total[1:], start=total[0])


def written(
    payoffs: jax.Array, known: Sequence[jax.Array], logits: Sequence[jax.Array], by_pairs: bool = False
) -> WrittenTerms:
    """The terms at strategies whose values are known.

    Args:
        payoffs: `[n, m_1, …, m_n]`.
        known: per player its strategy, where it has a softmax, or the sigmoid of its logit and three derivatives.
        logits: per player; they say what depends on what, where the field is differentiated.
        by_pairs: for fewer operations, and wider bounds by intervals.
    """
    each = zip(logits, known, strict=True)
    return WrittenTerms(payoffs, tuple(Learner(strategy(own, given), own, given) for own, given in each), by_pairs)
