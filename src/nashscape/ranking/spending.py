"""Plays spent on profiles until all edges of the response graph are settled, for many runs at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import check_stop, until_stopped
from nashscape.ranking.looks import BOUNDS, Edges, Ints, edges_of, errors, looks

Floats = npt.NDArray[np.float64]

OPEN, FIRST_BETTER, SECOND_BETTER, TIE = 0, 1, 2, 3
"""What is known of an edge: nothing yet, which end its player prefers, or that they are equal within the tolerance."""

Draw = Callable[[Ints, Ints, Ints], Floats]
"""From runs, profiles and counts, one of each for every entry, to sums of payoffs from 0 to 1, `[entries, players]`."""


@dataclass
class Spent:
    """What is known of `R` runs after so many plays; arrays are changed while runs go on.

    Attributes:
        edges: of the response graph.
        plays: of each profile, `[R, profiles]`.
        look: how often it was looked at.
        sums: of payoffs from 0 to 1, `[R, profiles, players]`.
        low: at the last look, `[R, profiles, players]`.
        high: the same.
        known: of each edge, `[R, edges]`.
        grid: plays after which a profile is looked at.
        touch: which edge has which profile as an end.
        order: a random order of the edges, `[R, edges]`.
        early: whether somebody asked to stop.
    """

    edges: Edges
    plays: Ints
    look: Ints
    sums: Floats
    low: Floats
    high: Floats
    known: npt.NDArray[np.int8]
    grid: Ints
    touch: Floats
    order: Floats
    early: bool = False

    @property
    def open(self) -> npt.NDArray[np.bool_]:
        """Which edges are still open, `[R, edges]`."""
        return np.asarray(self.known == OPEN)

    def block(self) -> Ints:
        """How many plays of each profile there are before its next look, `[R, profiles]`."""
        return np.asarray(self.grid[self.look] - self.plays)


def spend(
    draw: Draw,
    runs: int,
    actions: tuple[int, ...],
    *,
    scheme: str,
    bound: str,
    level: float,
    tolerance: float,
    most: int,
    random: np.random.Generator,
) -> Spent:
    """Play profiles, chosen by a scheme, until every edge is settled or the next block would go beyond `most` plays.

    A chosen profile is played up to its next look, and looked at. Where schemes choose by chance the chance is divided
    by how many plays that takes, so that plays, and not turns, are shared out as the scheme says.

    Args:
        draw: plays, see `Draw`.
        runs: R, of which none knows of the others.
        actions: how many each player has.
        scheme: one of `SCHEMES`.
        bound: one of `looks.BOUNDS`.
        level: with which all that is settled is right.
        tolerance: within which payoffs, as parts of their range, are called equal.
        most: plays of one run.
        random: of the scheme.
    """
    spent = _begun(runs, actions, most, random)
    means, every = spent.sums[0].size, np.arange(runs)
    with until_stopped(lambda: not spent.plays.any()) as stop:
        for profile in range(spent.plays.shape[1]):
            _play(spent, draw, every, np.full(runs, profile), BOUNDS[bound], means, level)
        _settle(spent, every, tolerance)
        going = every[spent.open.any(1)]
        while going.size:
            check_stop()
            chosen = SCHEMES[scheme](spent, going, random)
            fits = spent.plays[going].sum(1) + spent.block()[going, chosen] <= most
            going, chosen = going[fits], chosen[fits]
            _play(spent, draw, going, chosen, BOUNDS[bound], means, level)
            _settle(spent, going, tolerance)
            going = going[spent.open[going].any(1)]
    spent.early = stop.early
    return spent


def _begun(runs: int, actions: tuple[int, ...], most: int, random: np.random.Generator) -> Spent:
    n, players, edges = int(np.prod(actions)), len(actions), edges_of(actions)
    shape = (runs, n, players)
    return Spent(
        edges=edges,
        plays=np.zeros((runs, n), np.int64),
        look=np.zeros((runs, n), np.int64),
        sums=np.zeros(shape),
        low=np.zeros(shape),
        high=np.ones(shape),
        known=np.zeros((runs, len(edges.first)), np.int8),
        grid=looks(most),
        touch=edges.touch(n).astype(float),
        order=random.random((runs, len(edges.first))),
    )


def _play(spent: Spent, draw: Draw, going: Ints, chosen: Ints, ends: Any, means: int, level: float) -> None:
    """Play the chosen profile of each run up to its next look, and look."""
    at = going, chosen
    counts = spent.block()[at]
    spent.sums[at] += draw(going, chosen, counts)
    spent.plays[at] += counts
    error = errors(spent.look[at], means, level)[:, None]
    spent.low[at], spent.high[at] = ends(spent.sums[at], spent.plays[at][:, None], error)
    spent.look[at] += 1


def _settle(spent: Spent, going: Ints, tolerance: float) -> None:
    """Say of open edges which end is better, or that both are equal, where the intervals do."""
    first, second, player = spent.edges
    low, high = spent.low[going], spent.high[going]
    gain = low[:, second, player] - high[:, first, player], high[:, second, player] - low[:, first, player]
    tie = (gain[0] >= -tolerance) & (gain[1] <= tolerance) & (tolerance > 0)
    said = np.select([gain[0] > 0, gain[1] < 0, tie], [SECOND_BETTER, FIRST_BETTER, TIE], OPEN)
    known = spent.known[going]
    spent.known[going] = np.where(known == OPEN, said, known)


def _drawn(weights: Floats, random: np.random.Generator) -> Ints:
    """A column of each row, with chances in proportion to its weights."""
    heights = np.cumsum(weights, axis=1)
    marks = random.random(len(weights)) * heights[:, -1]
    return np.asarray(np.minimum((heights <= marks[:, None]).sum(1), weights.shape[1] - 1))


def _uniform(spent: Spent, going: Ints, random: np.random.Generator) -> Ints:
    """An open edge at random, and one of its ends."""
    return _drawn(spent.open[going] @ spent.touch / spent.block()[going], random)


def _valence(spent: Spent, going: Ints, random: np.random.Generator) -> Ints:
    """A profile at random, in proportion to the square of how many open edges it has."""
    return _drawn((spent.open[going] @ spent.touch) ** 2 / spent.block()[going], random)


def _exhaustive(spent: Spent, going: Ints, random: np.random.Generator) -> Ints:
    """One edge after the other, in a random order, until it is settled; of its ends the one that was played less."""
    edge = np.where(spent.open[going], spent.order[going], np.inf).argmin(1)
    one, other = spent.edges.first[edge], spent.edges.second[edge]
    return np.where(spent.plays[going, one] <= spent.plays[going, other], one, other)


def _count(spent: Spent, going: Ints, random: np.random.Generator) -> Ints:
    """Of the profiles with open edges the one that was played least."""
    return _least(np.where(spent.open[going] @ spent.touch > 0, spent.plays[going], np.inf))


def _every(spent: Spent, going: Ints, random: np.random.Generator) -> Ints:
    """All profiles alike, whatever is known."""
    return _least(spent.plays[going].astype(float))


def _least(values: Floats) -> Ints:
    return np.asarray(values.argmin(1))


SCHEMES: Mapping[str, Callable[[Spent, Ints, np.random.Generator], Ints]] = {
    "uniform": _uniform,
    "uniform-exhaustive": _exhaustive,
    "valence-weighted": _valence,
    "count-weighted": _count,
    "every": _every,
}
"""By name, which profile each run plays next."""


def bernoulli(means: Floats, random: np.random.Generator) -> Draw:
    """Plays whose payoffs are 0 or 1 with given means, `[profiles, players]`, or `[runs, profiles, players]`."""

    def draw(going: Ints, chosen: Ints, counts: Ints) -> Floats:
        own = means[chosen] if means.ndim == 2 else means[going, chosen]
        return random.binomial(counts[:, None], own).astype(float)

    return draw
