"""What the matches of two players with each other say by themselves, and what follows for ranks: Copeland's scores."""

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Source, clopper_pearson
from nashscape.core.statistics.bounded_means import bounded_mean
from nashscape.ranking.matches import Matches
from nashscape.ranking.ranking_results import Scored, takes

Floats = npt.NDArray[np.float64]

COPELAND = Source(
    "copeland", "Copeland: A 'Reasonable' Social Welfare Function. Seminar on Applications of Mathematics to Social "
    "Sciences, University of Michigan, 1951.",
)  # fmt: skip

MOST_CIRCLE = 6
"""Players of a circle that are named."""


def shares(found: Matches, level: float) -> tuple[Floats, Floats]:
    """The least and the largest share of points that each may get of each other, all at once at the level.

    By Clopper and Pearson's intervals where all was won or lost, by betting where there are ties; what the two ends of
    m intervals may miss is divided by m, so that they hold together. Who has not met may get anything.
    """
    n = len(found.players)
    low, high = np.zeros((n, n)), np.ones((n, n))
    pairs = [(i, j) for i, j in zip(*np.triu_indices(n, 1), strict=True) if found.played[i, j]]
    own = 1.0 - (1.0 - level) / len(pairs)
    for i, j in pairs:
        one = _share(found, int(i), int(j), own)
        low[i, j], high[i, j] = one.low, one.high
        low[j, i], high[j, i] = 1.0 - one.high, 1.0 - one.low
    return low, high


def _share(found: Matches, i: int, j: int, level: float) -> Estimate:
    met = ((found.first == i) & (found.second == j)) | ((found.first == j) & (found.second == i))
    results = np.where(found.first[met] == i, found.results[met], 1.0 - found.results[met])
    if np.isin(results, (0.0, 1.0)).all():
        return clopper_pearson(int(results.sum()), len(results), level)
    return bounded_mean(results, 0.0, 1.0, level)


@takes("pairs")
def copeland(found: Matches, level: float) -> Scored:
    """How many others each player beats by more than half of their points, and half of those with whom it is even.

    A cycle leaves scores equal, and no number of matches of the one pair counts for another. Intervals count whom a
    player surely beats, and may beat, by simultaneous intervals of all pairs, which hold for any number of matches.

    Args:
        found: matches.
        level: confidence level.
    """
    n = len(found.players)
    with np.errstate(invalid="ignore"):
        share = np.where(found.played > 0, found.points / np.maximum(found.played, 1), 0.5)
    beats = np.where(np.eye(n, dtype=bool), 0.0, (share > 0.5) + 0.5 * (share == 0.5))
    low, high = shares(found, level)
    apart = ~np.eye(n, dtype=bool)
    surely = ((low > 0.5) & apart).sum(1)
    maybe = ((high >= 0.5) & apart).sum(1)
    scores = tuple(
        Estimate(float(own), float(least), float(most), level, "simultaneous intervals of pairs", trials=int(m))
        for own, least, most, m in zip(beats.sum(1), surely, maybe, found.played.sum(1), strict=True)
    )
    above = surely[:, None] > maybe[None, :]
    best, worst = 1 + above.sum(0), n - above.sum(1)
    notes = (*about_circles(found, low), *about_unmet(found))
    return Scored(
        scores,
        best,
        worst,
        "players beaten",
        "simultaneous intervals of all pairs, all ranks together",
        notes,
        (COPELAND,),
    )


def about_circles(found: Matches, low: Floats) -> tuple[str, ...]:
    """A sentence about players who surely beat each other in a circle, if there are any."""
    beaten = [group for group in components(low > 0.5) if len(group) > 2]
    if not beaten:
        return ()
    told = "; ".join(_shortest(beaten_by(low > 0.5), group, found.players) for group in beaten)
    return (f"there are circles, each win sure at the level: {told}; no numbers on one line can say so",)


def about_unmet(found: Matches) -> tuple[str, ...]:
    """A sentence about pairs who have not met, if there are any."""
    unmet = int((found.played == 0).sum() - len(found.players)) // 2
    told = "1 pair has not met: it counts as even" if unmet == 1 else f"{unmet} pairs have not met: they count as even"
    return (told,) if unmet else ()


def beaten_by(beats: npt.NDArray[np.bool_]) -> list[list[int]]:
    """Of every player whom it beats."""
    return [np.flatnonzero(row).tolist() for row in beats]


def _shortest(beaten: list[list[int]], group: list[int], players: tuple[str, ...]) -> str:
    """The shortest circle through the first player of a group, in words."""
    start, paths, seen = group[0], [[group[0]]], {group[0]}
    while paths:
        path = paths.pop(0)
        for other in beaten[path[-1]]:
            if other == start:
                names = [players[k] for k in (*path, start)]
                return " beats ".join(
                    names if len(names) <= MOST_CIRCLE + 1 else [*names[:MOST_CIRCLE], "…", names[-1]]
                )
            if other not in seen:
                seen.add(other)
                paths.append([*path, other])
    raise AssertionError("players of a component beat each other in a circle")


def closure(reaches: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Who reaches whom over others, itself included."""
    closed = reaches | np.eye(len(reaches), dtype=bool)
    for k in range(len(reaches)):
        closed |= closed[:, k, None] & closed[None, k, :]
    return closed


def components(reaches: npt.NDArray[np.bool_]) -> list[list[int]]:
    """The groups within which everybody reaches everybody, each before those that only it reaches.

    >>> components(np.array([[0, 1, 1], [0, 0, 1], [0, 1, 0]], bool))
    [[0], [1, 2]]
    """
    n, closed = len(reaches), closure(reaches)
    both = closed & closed.T
    order = sorted(range(n), key=lambda k: (-int(closed[k].sum()), int(both[k].argmax()), k))
    groups: dict[int, list[int]] = {}
    for k in order:
        groups.setdefault(int(both[k].argmax()), []).append(k)
    return list(groups.values())
