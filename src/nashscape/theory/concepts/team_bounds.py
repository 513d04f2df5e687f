"""Bounds on what a team can make sure of without a common coin: branch and bound over the members' mixtures."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.budgets import Budget

Floats = npt.NDArray[np.float64]

MOST_ROUNDS = 50
"""Improvements of one member after the other from one start."""

ROUNDED = 1e-13
"""Of the largest payoff, added to a bound: more than sums of `teams.MOST_JOINT` products of doubles can be off."""

SLACK = 1e-12
"""By which a corner may lie outside its box, so that rounding loses none."""

STARTS = 8
"""Points near the best of the relaxation and random ones from which members improve first."""


@dataclass(order=True)
class _Part:
    """A box of mixtures of all members but the last, and the most that the team can make sure of within it."""

    order: float
    number: int
    low: list[Floats] = field(compare=False)
    high: list[Floats] = field(compare=False)


@dataclass(frozen=True)
class TeamBounds:
    """What a team can make sure of: between which numbers, and mixtures that get the lower.

    Attributes:
        low: what `mixtures` make sure of.
        high: what no mixtures can exceed.
        mixtures: one per member, `[a_i]` each.
        nodes: boxes that were looked at.
        finished: whether the two are as near as was asked.
    """

    low: float
    high: float
    mixtures: list[Floats]
    nodes: int
    finished: bool


def matrix_value(table: Floats) -> tuple[float, Floats, Floats]:
    """The value of a matrix game in double precision, with mixtures of rows, who maximise, and of columns."""
    from scipy.optimize import linprog

    rows, columns = table.shape
    shift = float(table.min())
    found = linprog(
        [0.0] * rows + [-1.0], np.hstack([-(table - shift).T, np.ones((columns, 1))]), np.zeros(columns),
        [[1.0] * rows + [0.0]], [1.0], method="highs",
    )  # fmt: skip
    own = np.maximum(found.x[:-1], 0.0)
    other = np.maximum(-found.ineqlin.marginals, 0.0)
    return shift + float(found.x[-1]), own / own.sum(), other / (other.sum() or 1.0)


def vertices(low: Floats, high: Floats) -> Floats:
    """The corners of the mixtures whose probabilities lie in a box, `[v, a]`.

    At a corner all but one of the probabilities are at an end of theirs.

    >>> vertices(np.array([0.0, 0.2]), np.array([0.5, 1.0])).tolist()
    [[0.0, 1.0], [0.5, 0.5]]
    """
    found = []
    for free in range(len(low)):
        others = [a for a in range(len(low)) if a != free]
        for ends in _ends(low[others], high[others], 1.0 - high[free] - SLACK, 1.0 - low[free] + SLACK):
            point = np.empty(len(low))
            point[others] = ends
            point[free] = 1.0 - sum(ends)
            found.append(point)
    return np.unique(np.round(np.array(found).reshape(-1, len(low)), 15), axis=0)


def _ends(low: Floats, high: Floats, least: float, most: float) -> list[tuple[float, ...]]:
    """All choices of one end or the other whose sum lies in a range; what cannot come there any more is left early."""
    made: list[tuple[float, tuple[float, ...]]] = [(0.0, ())]
    for a in range(len(low)):
        under, over = float(low[a + 1 :].sum()), float(high[a + 1 :].sum())
        made = [
            (total + end, (*ends, end))
            for total, ends in made
            for end in dict.fromkeys((float(low[a]), float(high[a])))
            if total + end + under <= most and total + end + over >= least
        ]
    return [ends for total, ends in made if least <= total <= most]


def joint_table(payoffs: Floats, mixtures: Sequence[Floats]) -> Floats:
    """Payoffs `[a_1, …, a_k, b]` at all combinations of some mixtures of each member, `[v_i, a_i]`: `[Π v_i, b]`."""
    made = payoffs
    for i, own in enumerate(mixtures):
        made = np.moveaxis(np.tensordot(own, made, axes=(1, i)), 0, i)
    return made.reshape(-1, payoffs.shape[-1])


def floor(payoffs: Floats, mixtures: Sequence[Floats]) -> float:
    """What mixtures make sure of against every action of the adversary."""
    return float(joint_table(payoffs, [own[None] for own in mixtures]).min())


def improved(payoffs: Floats, mixtures: list[Floats]) -> tuple[float, list[Floats]]:
    """Mixtures from which no member alone can make sure of more, by one linear program after the other."""
    own, best = list(mixtures), floor(payoffs, mixtures)
    for _ in range(MOST_ROUNDS):
        before = best
        for i in range(len(own)):
            one_by_one = [np.eye(len(mix)) if j == i else mix[None] for j, mix in enumerate(own)]
            _, mixture, _ = matrix_value(joint_table(payoffs, one_by_one))
            tried = [*own[:i], mixture, *own[i + 1 :]]
            if (value := floor(payoffs, tried)) > best:
                own, best = tried, value
        if best <= before + 1e-12:
            break
    return best, own


def bounded(payoffs: Floats, tolerance: float, budget: Budget, most: int, seed: int) -> TeamBounds:
    """The most that a team can make sure of, `max over independent mixtures of min_b Σ_a Π_i σ_i(a_i) u(a, b)`.

    Within a box of the mixtures of all members but the last, the team gets no more than if it mixed over the corners of
    the box together. That is a matrix game, and any mixture of the adversary in it gives a bound, computed from that
    mixture alone: what the solver of the program rounds can make it larger, never wrong, and what its own sums round is
    added. The box of the largest bound is halved, until it is as near to what some mixtures make sure of as was asked.

    Args:
        payoffs: of the team, `[a_1, …, a_k, b]`, the last axis the adversary's.
        tolerance: of the two bounds, in units of payoff.
        budget: when to stop.
        most: boxes at most.
        seed: of the random starts.
    """
    sizes = payoffs.shape[:-1]
    rng = np.random.default_rng(seed)
    lowest, best = -np.inf, [np.full(k, 1 / k) for k in sizes]
    for start in range(STARTS):
        own = best if start == 0 else [rng.dirichlet(np.ones(k)) for k in sizes]
        value, made = improved(payoffs, own)
        if value > lowest:
            lowest, best = value, made
    # a member with one action has nothing to be cut
    lows = [np.zeros(k) if k > 1 else np.ones(1) for k in sizes[:-1]]
    whole = _Part(0.0, 0, lows, [np.ones(k) for k in sizes[:-1]])
    bound, near = _bound(payoffs, whole)
    left, nodes = [_Part(-bound, 0, whole.low, whole.high)], 1
    while left and -left[0].order > lowest + tolerance and nodes < most and not budget.spent:
        # a team of one has no boxes
        if _width(left[0]) <= 0.0:
            break
        part = heapq.heappop(left)
        for half in _halves(part):
            bound, near = _bound(payoffs, half)
            nodes += 1
            if near is not None and floor(payoffs, near) > lowest:
                lowest, best = improved(payoffs, near)
            if bound > lowest:
                heapq.heappush(left, _Part(-bound, nodes, half.low, half.high))
    high = max(lowest, -left[0].order if left else lowest)
    return TeamBounds(lowest, high, best, nodes, high <= lowest + tolerance)


def _bound(payoffs: Floats, part: _Part) -> tuple[float, list[Floats] | None]:
    """The bound of a box, and the members' own mixtures in what the team would do together; −∞ for an empty box."""
    corners = [vertices(low, high) for low, high in zip(part.low, part.high, strict=True)]
    if not all(len(own) for own in corners):
        return -np.inf, None
    corners.append(np.eye(payoffs.shape[len(corners)]))
    table = joint_table(payoffs, corners)
    _, weights, against = matrix_value(table)
    shares = weights.reshape([len(own) for own in corners])
    near = [shares.sum(axis=tuple(j for j in range(shares.ndim) if j != i)) @ own for i, own in enumerate(corners)]
    return float((table @ against).max()) + ROUNDED * float(np.abs(payoffs).max()), near


def _width(part: _Part) -> float:
    """The widest side of a box."""
    return max((float((high - low).max()) for low, high in zip(part.low, part.high, strict=True)), default=0.0)


def _halves(part: _Part) -> list[_Part]:
    """The box cut in the middle of its widest side."""
    widths = [high - low for low, high in zip(part.low, part.high, strict=True)]
    i = max(range(len(widths)), key=lambda k: float(widths[k].max()))
    a = int(widths[i].argmax())
    middle = (part.low[i][a] + part.high[i][a]) / 2
    made = []
    for side in (0, 1):
        low, high = ([own.copy() for own in ends] for ends in (part.low, part.high))
        (high if side == 0 else low)[i][a] = middle
        made.append(_Part(0.0, 0, low, high))
    return made
