"""Learners whose regret vanishes on average: what they play next, from what their actions have been worth so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Memory:
    """What a learner remembers.

    Attributes:
        round: how many have been played.
        regret: of what it did not always play: `Σ_t v_t(b) − σ_t·v_t`, `[a]`.
        swaps: of what it did not play in place of an action: `Σ_t σ_t(a) (v_t(b) − v_t(a))`, `[a, a]`.
        unit: its range of payoffs.
    """

    round: int
    regret: Floats
    swaps: Floats
    unit: float

    @classmethod
    def of(cls, actions: int, unit: float) -> "Memory":
        """Before the first round."""
        return cls(0, np.zeros(actions), np.zeros((actions, actions)), unit)

    def after(self, played: Floats, values: Floats) -> "Memory":
        """The same after a round in which a strategy was played and actions were worth so much."""
        return replace(
            self,
            round=self.round + 1,
            regret=self.regret + values - played @ values,
            swaps=self.swaps + played[:, None] * (values - values[:, None]),
        )


def hedge(memory: Memory) -> Floats:
    """Weights `exp(η_t R_{t−1}(b))` with `η_t = √(8 ln m / t) / range`: multiplicative weights without a horizon."""
    rate = np.sqrt(8.0 * np.log(len(memory.regret)) / (memory.round + 1)) / memory.unit
    exponents = rate * (memory.regret - memory.regret.max())
    weights = np.exp(exponents)
    return weights / weights.sum()


def regret_matching(memory: Memory) -> Floats:
    """Actions in proportion to the regret of not having played them always, where that is positive."""
    positive = np.maximum(memory.regret, 0.0)
    total = positive.sum()
    return positive / total if total > 0.0 else np.full(len(positive), 1.0 / len(positive))


def internal_regret_matching(memory: Memory) -> Floats:
    """The strategy that stays the same where each action gives way to others as much as it regrets them.

    Rates of giving way are the positive regrets of swaps; what it solves is `Σ_a σ(a) R⁺(a, b) = σ(b) Σ_a R⁺(b, a)`.
    """
    rates = np.maximum(memory.swaps, 0.0)
    np.fill_diagonal(rates, 0.0)
    leaving = rates.sum(axis=1)
    if not leaving.any():
        return np.full(len(rates), 1.0 / len(rates))
    equations = np.vstack([(rates - np.diag(leaving)).T / leaving.max(), np.ones(len(rates))])
    found = np.maximum(np.linalg.lstsq(equations, np.append(np.zeros(len(rates)), 1.0), rcond=None)[0], 0.0)
    own: Floats = found / found.sum()
    return own


@dataclass(frozen=True)
class Learner:
    """A learner, what it promises, and about which regret.

    Attributes:
        plays: from what it remembers to what it plays.
        promise: from its number of actions and of rounds to the most that the regret can be on average, in its range of
            payoffs, the first round being anybody's.
        internal: whether that is the regret of swaps, or of single actions.
        says: its name in words.
    """

    plays: Callable[[Memory], Floats]
    promise: Callable[[int, Floats], Floats]
    internal: bool
    says: str


LEARNERS: Mapping[str, Learner] = MappingProxyType({
    # Cesa-Bianchi, Lugosi (2006), theorem 2.3, and a range for the first round
    "hedge": Learner(
        hedge, lambda m, t: (np.sqrt(2.0 * t * np.log(m)) + np.sqrt(np.log(m) / 8.0) + 1.0) / t, False, "Hedge"
    ),
    # Blackwell (1956): the squares of positive regrets grow by m ranges a round at most
    "regret_matching": Learner(regret_matching, lambda m, t: np.sqrt(m / t), False, "regret matching"),
    "internal": Learner(
        internal_regret_matching, lambda m, t: np.sqrt(max(m - 1, 0) / t), True, "internal regret matching"
    ),
})  # fmt: skip
"""By name."""
