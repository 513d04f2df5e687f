"""What is played where a trap leads: bounds of all probabilities, and whether a profile is played for certain.

One meaning everywhere: a run *ends in a profile* if from some step on every player plays its action with probability
.82 or more. It does where it goes to a corner that is called by the profile. It does not where some player's
probability stays below that in the end; then it provably never comes to rest there. At a place of rest, and in the
set around it that no run leaves, both may be true in part: then neither is said.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.tracing.interval_formulas import ELEMENTARY

Floats = npt.NDArray[np.float64]

PLAYED = 0.82
"""The probability of every player's action where a profile is said to be played, at least; as in targets."""


def ends_in(problem: Mapping[str, Any], trap: Any, profile: Sequence[int], least: float = PLAYED) -> bool | None:
    """Whether every player ends by playing its action of a profile with a probability; None where that is not known.

    Args:
        problem: of a certificate.
        trap: one of its traps.
        profile: one action per player.
        least: the probability.
    """
    low, high = (
        np.array([own[k] for own, k in zip(end, profile, strict=True)]) for end in probabilities(problem, trap)
    )
    return True if (low >= least).all() else False if (high < least).any() else None


def probabilities(problem: Mapping[str, Any], trap: Any) -> tuple[list[Floats], list[Floats]]:
    """Bounds of every player's strategy where a trap leads, in the state that is most likely at first, `[a_i]` each."""
    low, high = _where(trap, problem["box"])
    matrix, bias = np.asarray(problem["matrix"], np.float64), np.asarray(problem["bias"], np.float64)
    up, down = np.maximum(matrix, 0.0), np.minimum(matrix, 0.0)
    least, most = up @ low + down @ high + bias, up @ high + down @ low + bias
    spare = (np.abs(matrix) @ np.maximum(np.abs(low), np.abs(high)) + np.abs(bias)) * ELEMENTARY
    least, most = least - spare, most + spare
    initial = [float(Fraction(x)) for x in problem["game"].get("initial", [1.0])]
    state, states = int(np.argmax(initial)), len(initial)
    below, above, first = [], [], 0
    for player in problem["players"]:
        rows = player["actions"] if player["form"] == "softmax" else 1
        own = slice(first + state * rows, first + (state + 1) * rows)
        ends = [np.append(end[own], [0.0] * (rows == 1)) for end in (least, most)]
        below.append(_share(*ends) * (1 - ELEMENTARY))
        above.append(_share(*ends[::-1]) * (1 + ELEMENTARY))
        first += rows * states
    return below, above


def _where(trap: Any, box: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Ends of a box that holds where the runs of a trap are in the end, `[D]`."""
    if trap.kind == "corner":
        return np.asarray(trap.corner), np.asarray(trap.corner)
    low = np.where(trap.sides > 0, box["high"], box["low"]).astype(np.float64)
    high, free = low.copy(), trap.sides == 0
    # |u − x|_j ≤ r |row j of T^{-1}|, a little more for what is rounded
    reach = trap.radius * np.linalg.norm(np.linalg.inv(trap.metric), axis=1) * (1 + 1e-9)
    low[free], high[free] = trap.centre - reach, trap.centre + reach
    return low, high


def _share(own: Floats, others: Floats) -> Floats:
    """Of a softmax with the first logits for the own action and the second for all others, action by action."""
    gaps = others[None, :] - own[:, None]
    np.fill_diagonal(gaps, 0.0)
    return np.asarray(1.0 / np.exp(np.minimum(gaps, 700.0)).sum(axis=1))
