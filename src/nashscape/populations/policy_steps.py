"""Steps of policies that learn by natural gradients, computed exactly: whom they look at, and where they go."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.populations.arenas import Opponents

Floats = npt.NDArray[np.float64]

LEAST = 1e-4
"""Put under the probability of every action after each step, so that none is ever given up."""


def met_now(
    others: Sequence[Any], opponents: Opponents, policy: Any, drawn: int, random: np.random.Generator
) -> tuple[list[Any], Floats]:
    """Whom a step looks at, and how often each is met: all opponents, or so many of them, drawn by how often they are.

    Args:
        others: their policies, in the order of `opponents.profiles`.
        opponents: how often each is met.
        policy: who learns, as it is, which it meets as often as `opponents.oneself` says.
        drawn: opponents that a step looks at, at most.
        random: for whom it looks at.
    """
    met, weights = list(others), opponents.weights * (1.0 - opponents.oneself)
    if len(others) > drawn:
        numbers = random.choice(len(others), size=drawn, p=opponents.weights)
        met = [others[k] for k in numbers]
        weights = np.full(drawn, (1.0 - opponents.oneself) / drawn)
    if opponents.oneself:
        met, weights = [*met, policy], np.append(weights, opponents.oneself)
    return met, weights


def raised(
    policy: Floats, visits: Floats, gained: Floats, *, rate: float, rounds: float, allowed: npt.NDArray[np.bool_]
) -> Floats:
    """One step, `σ ∝ σ exp(rate · min(1, rounds · d) · A)`, with a floor under every action that is allowed.

    Args:
        policy: what is done in every state, `[…, S, m]`.
        visits: d, how often states are visited, `[S]`.
        gained: A, what actions are worth more than the policy, `[…, S, m]`.
        rate: in logits per unit of pay.
        rounds: how many plays a step is taken to see.
        allowed: what may be done, `[…, S, m]`.
    """
    powers = rate * np.minimum(1.0, rounds * visits)[:, None] * gained
    powers = np.where(allowed, powers, -np.inf)
    moved = policy * np.exp(powers - powers.max(axis=-1, keepdims=True))
    made: Floats = moved / moved.sum(axis=-1, keepdims=True) + LEAST * allowed
    return made / made.sum(axis=-1, keepdims=True)
