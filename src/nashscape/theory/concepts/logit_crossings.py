"""Where the logit path turns back, and where it passes a precision: found on the path itself, not near it."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.logit_paths import Step, between, solved_at

Floats = npt.NDArray[np.float64]

HALVINGS = 50
"""Of a piece of the path in which something is looked for: as near as doubles can tell."""

SAME = 1e-9
"""In probability: points nearer than this are one."""

POLISHED = 1e-6
"""In logarithms of probabilities: the most by which a last correction at a fixed λ may move a point."""


def with_turns(units: Floats, points: list[Step]) -> list[Step]:
    """The same points, with those where λ is largest or least between two of them.

    Without these a λ that the path passes just before it turns, and just after, would lie in no piece of it.
    """
    rises = np.diff([one.at[-1] for one in points]) > 0.0
    made = points[:1]
    for k, (one, other) in enumerate(pairwise(points)):
        # a turn lies on one side or the other of the point that is the last before λ goes the other way
        near = len(set(rises[max(k - 1, 0) : k + 2].tolist())) > 1
        ends = [between(units, one.at, other.at, share) for share in (0.0, 1.0)] if near else []
        growth = [0.0 if end is None else end[1] for end in ends]
        turn = _turn(units, one.at, other.at, growth[0]) if near and growth[0] * growth[1] < 0.0 else None
        made += [other] if turn is None else [Step(turn), other]
    return made


def _turn(units: Floats, one: Floats, other: Floats, growth: float) -> Floats | None:
    low, high, found = 0.0, 1.0, None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        step = between(units, one, other, middle)
        if step is None:
            break
        found, own = step
        low, high = (middle, high) if own * growth > 0.0 else (low, middle)
    return found


def passed(units: Floats, points: list[Floats], wanted: float) -> list[Floats]:
    """The points of the path at a λ, each once, in the order of the path.

    Args:
        units: payoffs in the units of `logit_paths.in_units`.
        points: of the path, between which λ only grows or only falls.
        wanted: λ in these units.
    """
    found: list[Floats] = []
    for one, other in pairwise(points):
        low, high = one[-1], other[-1]
        if (low - wanted) * (high - wanted) > 0.0 or low == high:
            continue
        own = _crossing(units, one, other, wanted)
        if own is not None and all(np.abs(np.exp(own) - np.exp(last)).max() > SAME for last in found[-1:]):
            found.append(own)
    return found


def _crossing(units: Floats, one: Floats, other: Floats, wanted: float) -> Floats | None:
    """The point at a λ between two; near a turn Newton's method at a fixed λ alone might find the one beyond it."""
    grows, low, high, found = other[-1] > one[-1], 0.0, 1.0, None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        step = between(units, one, other, middle)
        if step is None:
            return None
        found = step[0]
        low, high = (middle, high) if (found[-1] < wanted) == grows else (low, middle)
    assert found is not None, "there is a step at least"
    guess = np.append(found[:-1], wanted)
    exact = solved_at(units, guess)
    return exact if exact is not None and np.abs(exact - guess).max() < POLISHED else guess
