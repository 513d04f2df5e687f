"""The direction of a rule, `F = base + Σ_term η c_term · term`, and its Jacobian, from derivatives of the utilities.

    base_k = ∂_k J_i,   own_k = Σ_{l of i} ∂_l∂_k J_i · ∂_l J_i,
    peer_k = Σ_{j≠i} Σ_{l of j} ∂_l∂_k J_j · ∂_l J_i,   lookahead_k = Σ_{j≠i} Σ_{l of j} ∂_l∂_k J_i · ∂_l J_j,

for a parameter k of player i. Where a player has a softmax, every derivative along a logit has the probability of its
action for a factor, by which the sum is multiplied at last: near a corner it varies over many magnitudes, and the rest
does not. All logits of a softmax moved alike change nothing, so that their components add up to zero.
"""

from collections.abc import Iterator, Mapping

from nashscape.checking.expressions import ZERO, Number
from nashscape.checking.problems import Problem
from nashscape.checking.utilities import Utilities


class RuleField:
    """The field of a problem's rule."""

    def __init__(self, problem: Problem, utilities: Utilities, factors: Mapping[str, Number]) -> None:
        """With `η c_term` for every term."""
        self.problem, self.utilities, self.factors = problem, utilities, factors
        self.owner = [i for i, block in enumerate(problem.blocks) for _ in block]

    def component(self, k: int) -> Number:
        """`F_k`."""
        common = self.utilities.factor(k)
        if common is not None and self.problem.last[k] == k:
            others = [self.component(m) for m in self.problem.blocks[self.owner[k]] if m != k]
            return -sum(others, start=ZERO)
        return self.bare(k) if common is None else self.bare(k) * common

    def bare(self, k: int) -> Number:
        """`F_k` divided by what its terms have in common, if anything."""
        d, by = self.utilities.derivative, None if self.utilities.factor(k) is None else k
        total = d(self.owner[k], (k,), by)
        for term, factor in self.factors.items():
            found: Number = ZERO
            for bent, gained, along in self._products(term, self.owner[k]):
                found = found + d(bent, (along, k), by) * d(gained, (along,))
            total = total + factor * found
        return total

    def slope(self, k: int, m: int) -> Number:
        """`∂F_k/∂θ_m`."""
        d = self.utilities.derivative
        total = d(self.owner[k], (k, m))
        for term, factor in self.factors.items():
            found: Number = ZERO
            for bent, gained, along in self._products(term, self.owner[k]):
                found = found + d(bent, (along, k, m)) * d(gained, (along,))
                found = found + d(bent, (along, k)) * d(gained, (along, m))
            total = total + factor * found
        return total

    def _products(self, term: str, player: int) -> Iterator[tuple[int, int, int]]:
        """Whose second derivative, whose first derivative, and the parameter along which both are taken."""
        for other, block in enumerate(self.problem.blocks):
            if (other == player) != (term == "own"):
                continue
            bent, gained = (other, player) if term == "peer" else (player, other)
            yield from ((bent, gained, along) for along in block)
