"""Equilibria in which three or more players mix: boxes of profiles excluded, or proved to hold exactly one root."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.theory.nash.budgets import Budget
from nashscape.theory.nash.ranges import EPS
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.support_systems import System

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST_BOXES = 1000
"""Boxes of one support that are looked at together; where there are more, a curve of roots is likely."""

NARROWEST = 1e-9
"""Probability: boxes that are narrower stay undecided."""

WIDER = 0.05
"""How far beyond itself a box is searched, as a share of its width: no root is lost between two boxes."""

COARSE = 2
"""Halvings before Newton's method is tried."""

RADII = (1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9)
DENOMINATORS = (1_000, 1_000_000)


@dataclass(frozen=True)
class Root:
    """A profile proved to solve the equations of its support, alone in a box.

    Attributes:
        strategies: of those who mix.
        exact: the same in fractions, where they are such.
        radius: how far off a probability may be.
        tie: whether the conditions on actions that are not played are undecided, or, where exact, tight.
        sign: of the determinant of the derivatives, which is the index; 0 where it is no equilibrium.
    """

    strategies: tuple[Floats, ...]
    exact: tuple[Strategy, ...] | None
    radius: float
    tie: bool
    sign: int


@dataclass(frozen=True)
class Searched:
    """What the search of a support found: roots, and boxes `[N, D, 2]` that stayed undecided."""

    roots: tuple[Root, ...]
    undecided: Floats


@dataclass(frozen=True)
class _Tested:
    """What Krawczyk's operator says of boxes: its image, whether it holds, and whether there can be two roots."""

    low: Floats
    high: Floats
    holds: Flags
    single: Flags


def roots_of(system: System, known: Sequence[Sequence[Strategy]], budget: Budget) -> Searched:
    """All equilibria with exactly these actions in use, unless some boxes are left undecided.

    Args:
        system: of three or more players who mix.
        known: exact solutions in which some of the actions have no probability, which are no news.
        budget: when to stop, by raising `Stopped`.

    Source: Krawczyk (1969); Moore (1977) for existence and uniqueness.
    """
    size = sum(system.sizes)
    low, high = np.zeros((1, size)), np.ones((1, size))
    flat = np.array([[float(p) for own in one for p in own] for one in known]).reshape(-1, size)
    roots: list[tuple[Root, Floats, Floats]] = []
    for halvings in range(200):
        budget.check()
        low, high = _kept(system, low, high)
        if not len(low) or len(low) > MOST_BOXES or (high - low).max() < NARROWEST:
            break
        if halvings >= COARSE:
            low, high = _solved(system, low, high, flat, roots)
        low, high = _halved(system, low, high)
    made = [root for root, _, _ in roots]
    return Searched(tuple(one for one in made if one.sign or one.tie), np.stack([low, high], axis=-1))


def _kept(system: System, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Boxes as narrow as sums of one allow, without those in which some condition fails throughout."""
    low, high = low.copy(), high.copy()
    for part in system.slices:
        own_low, own_high = low[:, part], high[:, part]
        # outwards by the rounding of the sums
        least = 1.0 - (own_high.sum(axis=1, keepdims=True) - own_high) - 8 * EPS
        most = 1.0 - (own_low.sum(axis=1, keepdims=True) - own_low) + 8 * EPS
        low[:, part], high[:, part] = np.maximum(own_low, least), np.minimum(own_high, most)
    there = (low <= high).all(axis=1)
    low, high = low[there], high[there]
    fine = system.possible(low, high) if len(low) else np.zeros(0, bool)
    return low[fine], high[fine]


def _halved(system: System, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Each box in two along its widest side."""
    widest = (high - low).argmax(axis=1)
    rows, middle = np.arange(len(low)), (low + high) / 2
    left, right = high.copy(), low.copy()
    left[rows, widest] = right[rows, widest] = middle[rows, widest]
    return np.concatenate([low, right]), np.concatenate([left, high])


def _solved(
    system: System, low: Floats, high: Floats, known: Floats, roots: list[tuple[Root, Floats, Floats]]
) -> tuple[Floats, Floats]:
    """The boxes that stay undecided, made narrower; roots are added to those found."""
    reach = WIDER * (high - low)
    wide_low, wide_high = np.maximum(low - reach, 0.0), np.minimum(high + reach, 1.0)
    tested = _krawczyk(system, wide_low, wide_high)
    inner_low, inner_high = wide_low[:, system.later], wide_high[:, system.later]
    one = _inside(system, tested, wide_low, wide_high)
    none = tested.holds & ((tested.low > inner_high) | (tested.high < inner_low)).any(axis=1)
    for k in np.flatnonzero(one):
        _add(system, tested, int(k), (wide_low[k], wide_high[k]), roots)
    done = one | none
    for point in known:
        there = ((wide_low <= point) & (point <= wide_high)).all(axis=1)
        done |= tested.single & there
    low, high = low.copy(), high.copy()
    narrow = tested.holds
    low[np.ix_(narrow, system.later)] = np.maximum(low[:, system.later], tested.low)[narrow]
    high[np.ix_(narrow, system.later)] = np.minimum(high[:, system.later], tested.high)[narrow]
    left = ~done & (low <= high).all(axis=1)
    return low[left], high[left]


def _inside(system: System, tested: _Tested, low: Floats, high: Floats) -> Flags:
    """Whether the image lies within the box, the first probabilities that it leaves too: then a root does."""
    made = tested.holds.copy()
    for part in system.slices:
        later = slice(part.start + 1, part.stop)
        own = np.array([np.searchsorted(system.later, k) for k in range(later.start, later.stop)])
        made &= (tested.low[:, own] > low[:, later]).all(axis=1) & (tested.high[:, own] < high[:, later]).all(axis=1)
        made &= 1.0 - tested.high[:, own].sum(axis=1) > low[:, part.start] + 8 * EPS
        made &= 1.0 - tested.low[:, own].sum(axis=1) < high[:, part.start] - 8 * EPS
    return made


def _krawczyk(system: System, low: Floats, high: Floats) -> _Tested:
    """`K = m − Y f(m) + (I − Y F')(X − m)`, with bounds of the derivatives over the box, rounded outwards."""
    inner_low, inner_high = low[:, system.later], high[:, system.later]
    middle = (inner_low + inner_high) / 2
    radius = np.maximum(inner_high - middle, middle - inner_low) * (1 + 4 * EPS)
    # between the middle and a root the derivatives are bounded only if both are strategies
    proper = (system.filled_up(middle) >= 0).all(axis=1)
    below, above = system.slopes(low, high)
    centre, spread = (below + above) / 2, (above - below) / 2 * (1 + 4 * EPS)
    scale = np.linalg.svd(centre, compute_uv=False)
    holds = proper & (scale[:, -1] > 1e-9 * np.maximum(scale[:, 0], 1e-300))
    inverse = np.zeros_like(centre)
    inverse[holds] = np.linalg.inv(centre[holds])
    size = np.abs(inverse)
    value, off = system.values(middle)
    shift = -(inverse @ value[..., None])[..., 0]
    d = centre.shape[-1]
    # what rounding leaves of I − Y F'(centre), and of the products
    rest = np.abs(np.eye(d) - inverse @ centre) + 4 * d * EPS * (size @ np.abs(centre))
    slack = size @ spread + rest
    wide = (slack @ radius[..., None])[..., 0] + (size @ (off + 4 * d * EPS * np.abs(value))[..., None])[..., 0]
    wide = wide * (1 + 1e-12) + 4 * EPS
    single = holds & (slack.sum(axis=2).max(axis=1) < 1.0)
    return _Tested(middle + shift - wide, middle + shift + wide, holds, single)


def _add(
    system: System,
    tested: _Tested,
    k: int,
    box: tuple[Floats, Floats],
    roots: list[tuple[Root, Floats, Floats]],
) -> None:
    """The root of a box, unless it is one found before."""
    start, width = (tested.low[k] + tested.high[k]) / 2, float((tested.high[k] - tested.low[k]).sum())
    flat, radius, sign = _polished(system, start, width)
    for _, low, high in roots:
        # alone in the other's box, and inside it
        if ((low <= flat - radius) & (flat + radius <= high)).all():
            return
    root = _described(system, flat, radius, sign)
    roots.append((root, *box))


def _polished(system: System, start: Floats, width: float) -> tuple[Floats, float, int]:
    """The root near a point, how far off it may be, and the sign of the determinant of the derivatives."""
    p = start
    for _ in range(6):
        slope = system.slopes(*(system.filled_up(p[None]).clip(0.0, 1.0) for _ in range(2)))
        p = p - np.linalg.solve((slope[0][0] + slope[1][0]) / 2, system.values(p[None])[0][0])
    sign = int(np.linalg.slogdet((slope[0][0] + slope[1][0]) / 2)[0])
    flat = system.filled_up(p[None])[0]
    reach = np.ones_like(flat)
    for part in system.slices:
        reach[part.start] = 2.0 * (part.stop - part.start)
    for radius in RADII:
        low, high = (flat - radius * reach)[None], (flat + radius * reach)[None]
        if low.min() > 0 and _inside(system, _krawczyk(system, low, high), low, high)[0]:
            return flat, float(radius * reach.max()), sign
    return flat, width, sign


def _described(system: System, flat: Floats, radius: float, sign: int) -> Root:
    """A root with what is known of the actions that are not played; sign 0 and no tie where it is no equilibrium."""
    strategies = tuple(own[0] for own in system.parts(flat[None]))
    exact = _rational(system, strategies, radius)
    if exact is not None:
        gain = system.least_gain(exact)
        fails = gain is not None and gain < 0
        return Root(strategies, exact, 0.0, tie=gain == 0, sign=0 if fails else sign)
    low, high = (system.parts((flat + side * radius).clip(0.0, 1.0)[None]) for side in (-1.0, 1.0))
    tie = False
    for one in system.above:
        least, most = one.bounds(low, high)
        if (most < 0).any():
            return Root(strategies, None, radius, tie=False, sign=0)
        tie |= bool((least <= 0).any())
    return Root(strategies, None, radius, tie, sign)


def _rational(system: System, strategies: Sequence[Floats], radius: float) -> tuple[Strategy, ...] | None:
    """The root in fractions of small denominators, where such solve the equations exactly within the box."""
    for most in DENOMINATORS:
        made = []
        for own in strategies:
            later = [Fraction(float(p)).limit_denominator(most) for p in own[1:]]
            made.append((1 - sum(later, start=Fraction(0)), *later))
        near = all(
            abs(float(q) - p) <= max(radius, 1e-12)
            for own, guess in zip(strategies, made, strict=True)
            for p, q in zip(own, guess, strict=True)
        )
        if near and system.solved_by(made):
            return tuple(made)
    return None
