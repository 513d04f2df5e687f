"""From a search over supports to equilibria, what hangs together, and what stayed undecided."""

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core import citations
from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.found import Candidate, Found, Region
from nashscape.theory.nash.indices import index_of
from nashscape.theory.nash.logit_paths import contracted
from nashscape.theory.nash.more_players import Search
from nashscape.theory.nash.pure_faces import Profile
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.support_systems import System
from nashscape.theory.nash.undecided import hulls, solution_in

Floats = npt.NDArray[np.float64]

DENOMINATOR = 1000
"""Largest denominator of probabilities that are tried as exact ones."""

SAME = 1e-8
"""Probability: points this close to an undecided box belong to it."""


def assembled(search: Search, pure: Sequence[Profile]) -> Found:
    """Everything that a search found.

    Args:
        search: finished or not.
        pure: all pure equilibria, which may be listed already.
    """
    shape = search.payoffs.shape[1:]
    exact = list(dict.fromkeys([*search.exact, *pure]))
    numbers = {profile: k for k, profile in enumerate(exact)}
    candidates = [Candidate.exactly(profile, index_of(search.payoffs, profile)) for profile in exact]
    for system, root in search.roots:
        if root.exact is None:
            strategies = split(full(system, np.concatenate(root.strategies), 0.0, 1.0, shape), shape)
            candidates.append(Candidate(strategies, index=root.sign, tie=root.tie, proved=not root.tie))
    filled = [tuple(numbers[point] for point in piece.points) for piece in search.pieces if piece.filled]
    regions: list[tuple[Floats, int | None]] = []
    for piece in search.pieces:
        if not piece.filled:
            points = np.array([[float(p) for own in point for p in own] for point in piece.points])
            box = np.stack([points.min(axis=0), points.max(axis=0)], axis=-1)
            regions.append((box[None], None))
    for system, boxes in search.undecided:
        for group in hulls(boxes):
            number = _represented(search.payoffs, system, group, candidates)
            sides = [full(system, group[..., side], 0.0, 1.0, shape) for side in (0, 1)]
            regions.append((np.stack(sides, axis=-1), number))
    filled += lines([one.exact for one in candidates])
    groups = [list(group) for group in filled]
    flat = np.array([np.concatenate(one.strategies) for one in candidates]).reshape(len(candidates), sum(shape))
    joined = [_inside(flat, boxes) + ([] if number is None else [number]) for boxes, number in regions]
    components = _joined(len(candidates), groups, joined, [boxes for boxes, _ in regions])
    return _found(search, candidates, components, tuple(filled), _regions(regions, shape), joined)


def _represented(payoffs: Objects, system: System, boxes: Floats, candidates: list[Candidate]) -> int | None:
    """The number of a candidate in a group of undecided boxes, added to the others unless it is one of them."""
    shape = payoffs.shape[1:]
    point = solution_in(system, boxes)
    if point is None:
        return None
    strategies = split(full(system, point, 0.0, 1.0, shape), shape)
    one = Candidate(strategies, proved=False)
    guess = tuple(rounded(own) for own in strategies)
    if is_equilibrium(payoffs, guess):
        one = Candidate.exactly(guess, index_of(payoffs, guess))
    for number, other in enumerate(candidates):
        pairs = zip(one.strategies, other.strategies, strict=True)
        if all(np.abs(a - b).max() < SAME for a, b in pairs) and (other.exact or not one.exact):
            return number
    candidates.append(one)
    return len(candidates) - 1


def lines(profiles: Sequence[Profile | None]) -> list[tuple[int, int]]:
    """Pairs of exact equilibria that differ in one player's strategy: what others gain is linear in it, so that all
    profiles between them are equilibria too.

    >>> a, b, c = ((Fraction(1),), (Fraction(0),)), ((Fraction(1),), (Fraction(1),)), ((Fraction(2),), (Fraction(2),))
    >>> lines([a, b, None, c])
    [(0, 1)]
    """
    exact = [(k, own) for k, own in enumerate(profiles) if own is not None]
    return [
        (k, q)
        for (k, one), (q, other) in itertools.combinations(exact, 2)
        if sum(a != b for a, b in zip(one, other, strict=True)) == 1
    ]


def rounded(own: Floats) -> Strategy:
    """Probabilities as fractions of small denominators, with sum one."""
    later = [Fraction(float(p)).limit_denominator(DENOMINATOR) for p in own]
    largest = int(own.argmax())
    later[largest] += 1 - sum(later)
    return tuple(later)


def is_equilibrium(payoffs: Objects, profile: Profile) -> bool:
    """Whether nobody gains, exactly."""
    if any(p < 0 for own in profile for p in own):
        return False
    weights = [np.array(own, dtype=object) for own in profile]
    for i, own in enumerate(payoffs):
        worth = contracted(own, weights, [i])
        if any(p and value < max(worth) for p, value in zip(profile[i], worth, strict=True)):
            return False
    return True


def _found(
    search: Search,
    candidates: list[Candidate],
    components: tuple[tuple[int, ...], ...],
    filled: tuple[tuple[int, ...], ...],
    regions: tuple[Region, ...],
    joined: list[list[int]],
) -> Found:
    decided = all(one.proved for one in candidates) and not regions
    complete = search.finished and decided
    many = any(len(group) > 1 for group in components)
    irregular = any(one.index == 0 or one.tie for one in candidates)
    known: bool | None = True if many or irregular else False if complete else None
    notes = []
    if many:
        notes.append("Degenerate: some equilibria hang together with others, in sets of infinitely many.")
    elif irregular:
        notes.append("Degenerate: somebody is indifferent at an equilibrium without mixing.")
    if not search.finished:
        notes.append("The search was cut short: there can be more equilibria; raise seconds, or most.")
    if regions or not all(one.proved for one in candidates):
        notes.append("Some boxes stayed undecided: there can be more equilibria, or infinitely many (see .regions).")
    if known is False and sum(one.index or 0 for one in candidates) != 1:
        complete, known = False, None
        notes.append("Their indices do not sum to one, so some are missing.")
    near = {k for own in joined for k in own}
    subsets = tuple(dict.fromkeys(tuple(sorted(set(own))) for own in filled))
    return Found(
        "supports",
        tuple(candidates),
        complete,
        known,
        components,
        tuple(own for own in subsets if not any(set(own) < set(other) for other in subsets)),
        regions,
        frozenset(near),
        " ".join(notes),
        (citations.EXTREME_EQUILIBRIA, citations.KRAWCZYK),
        cut=not search.finished,
    )


def full(system: System, flat: Floats, unplayed: float, alone: float, shape: Sequence[int]) -> Floats:
    """Numbers of those who mix, `[…, D]`, as numbers of all actions of all players, `[…, Σ a_i]`."""
    made = np.full((*flat.shape[:-1], sum(shape)), unplayed)
    starts = np.cumsum([0, *shape])
    for p, played in enumerate(system.support):
        at = starts[p] + np.array(played)
        made[..., at] = flat[..., system.slices[system.mixing.index(p)]] if p in system.mixing else alone
    return made


def split(flat: Floats, shape: Sequence[int]) -> tuple[Floats, ...]:
    """Numbers of all actions as those of every player."""
    return tuple(np.split(flat, np.cumsum(shape)[:-1]))


def _inside(points: Floats, boxes: Floats) -> list[int]:
    """Numbers of the points in, or all but in, one of the boxes."""
    return [
        k
        for k, point in enumerate(points)
        if ((boxes[..., 0] <= point + SAME) & (point - SAME <= boxes[..., 1])).all(axis=1).any()
    ]


def _joined(
    count: int, groups: Sequence[Sequence[int]], joined: Sequence[Sequence[int]], boxes: Sequence[Floats]
) -> tuple[tuple[int, ...], ...]:
    """Numbers of candidates in groups: of one piece, in one region, or in regions that touch."""
    leader = list(range(count + len(joined)))

    def top(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    for group in groups:
        for k in group:
            leader[top(k)] = top(group[0])
    for r, own in enumerate(joined):
        for k in own:
            leader[top(k)] = top(count + r)
        for q in range(r):
            if _touch(boxes[r], boxes[q]):
                leader[top(count + r)] = top(count + q)
    made: dict[int, list[int]] = {}
    for k in range(count):
        made.setdefault(top(k), []).append(k)
    return tuple(sorted(tuple(own) for own in made.values()))


def _touch(one: Floats, other: Floats) -> bool:
    low, high = other[..., 0].min(axis=0) - SAME, other[..., 1].max(axis=0) + SAME
    near = one[((one[..., 0] <= high) & (one[..., 1] >= low)).all(axis=1)]
    return any(
        ((box[:, 0] <= other[..., 1] + SAME) & (box[:, 1] >= other[..., 0] - SAME)).all(axis=1).any() for box in near
    )


def _regions(regions: Sequence[tuple[Floats, int | None]], shape: Sequence[int]) -> tuple[Region, ...]:
    """The hulls of what touches, of all supports together."""
    made, left = [], list(regions)
    while left:
        together, new = [], [left.pop()]
        while new:
            one = new.pop()
            together.append(one)
            new += [other for other in left if _touch(one[0], other[0])]
            left = [other for other in left if not any(other is taken for taken in new)]
        boxes = np.concatenate([own for own, _ in together])
        number = next((k for _, k in together if k is not None), None)
        made.append(Region(split(boxes[..., 0].min(axis=0), shape), split(boxes[..., 1].max(axis=0), shape), number))
    return tuple(made)
