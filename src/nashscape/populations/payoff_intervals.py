"""Games whose payoffs are known between bounds, and what holds for every payoff between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import distribution
from nashscape.theory.nash.logit_paths import contracted

Floats = npt.NDArray[np.float64]
Profile = tuple[int, ...]


def half_widths(plays: Any, errors: Any, level: float) -> Floats:
    """`√(log(2 n (n + 1)/ε)/(2n))`, ε the part of 1 − level that a mean may miss; at all n at once.

    The misses at n sum to `Σ ε/(n (n + 1)) = ε`. Nothing is known without plays.

    >>> half_widths([8, 800], 1.0, 0.95).round(3).tolist()
    [0.706, 0.103]
    """
    n = np.maximum(np.asarray(plays, float), 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt(np.log(2 * n * (n + 1) / ((1.0 - level) * np.asarray(errors))) / (2 * n)))


@dataclass(frozen=True, eq=False)
class Intervals:
    """Between which bounds payoffs lie, all at once with the probability `level`.

    Attributes:
        low: lower ends, `[k, m_1, …, m_k]`.
        high: upper ends.
        level: confidence level of everything together.
    """

    low: Floats
    high: Floats
    level: float

    def gains(self, mixtures: Sequence[Any]) -> tuple[Floats, Floats]:
        """What each side gains at most against mixtures by one of its own members: at least and at most, `[k]` each.

        For a member a it is linear in the payoffs, `Σ_s x(s₋ᵢ) (1[sᵢ = a] − xᵢ(sᵢ)) u(s)`, so each payoff is taken at
        the end that makes it least, or largest.

        Args:
            mixtures: one for each side.

        Raises:
            InputError: for what is no mixture.
        """
        sizes = self.low.shape[1:]
        given = [distribution(own, f"the mixture of side {k + 1}", m)
                 for k, (own, m) in enumerate(zip(mixtures, sizes, strict=True))]  # fmt: skip
        least, most = [], []
        for k, own in enumerate(given):
            low, high = (contracted(ends[k], given, [k]) for ends in (self.low, self.high))
            factors = np.eye(len(own)) - own
            up, down = np.maximum(factors, 0.0), np.minimum(factors, 0.0)
            least.append(max(0.0, float((up @ low + down @ high).max())))
            most.append(max(0.0, float((up @ high + down @ low).max())))
        return np.array(least), np.array(most)

    def pure_equilibria(self) -> tuple[tuple[Profile, ...], tuple[Profile, ...]]:
        """The profiles that surely are equilibria, and others that may be, for some payoffs between the bounds."""
        surely, maybe = [], []
        for profile in product(*map(range, self.low.shape[1:])):
            sure, may = True, True
            for k, own in enumerate(profile):
                row = (k, *(slice(None) if j == k else number for j, number in enumerate(profile)))
                others = np.arange(self.low.shape[1 + k]) != own
                sure &= bool((self.high[row][others] <= self.low[row][own]).all())
                may &= bool((self.low[row][others] <= self.high[row][own]).all())
            surely += [profile] * sure
            maybe += [profile] * (may and not sure)
        return tuple(surely), tuple(maybe)

    def touched(self) -> npt.NDArray[np.bool_]:
        """The profiles that differ in one member from another whose bounds leave open which pays its side more."""
        found = np.zeros(self.low.shape[1:], bool)
        for k in range(len(self.low)):
            low, high = (np.moveaxis(ends[k], k, -1) for ends in (self.low, self.high))
            apart = (low[..., :, None] >= high[..., None, :]) | (high[..., :, None] <= low[..., None, :])
            open_edges = ~apart & ~np.eye(low.shape[-1], dtype=bool)
            found |= np.moveaxis(open_edges.any(axis=-1), -1, k)
        return found
