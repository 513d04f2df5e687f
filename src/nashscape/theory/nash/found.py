"""What a search for equilibria hands over, before anything is said of it."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A profile that was found.

    Attributes:
        strategies: in doubles.
        exact: in fractions, where it is known exactly.
        index: of a regular equilibrium; 0 where it is none, None where not computed.
        tie: whether an action that is not played is, or may be, as good as those that are.
        proved: whether it is an equilibrium for sure, up to rounding of its probabilities.
    """

    strategies: tuple[Floats, ...]
    exact: tuple[Strategy, ...] | None = None
    index: int | None = None
    tie: bool | None = None
    proved: bool = True

    @classmethod
    def exactly(cls, profile: tuple[Strategy, ...], index: int | None = None, tie: bool | None = None) -> "Candidate":
        """A candidate of strategies that are given as fractions."""
        return cls(tuple(np.array([float(p) for p in own]) for own in profile), profile, index, tie)


@dataclass(frozen=True, eq=False)
class Region:
    """A box of profiles of a game with more players in which the search decided nothing.

    Attributes:
        low: least probabilities, `[a_i]` for every player.
        high: largest probabilities.
        equilibrium: number of an equilibrium in it, found by following the equations from inside; None where none was.
    """

    low: tuple[Floats, ...]
    high: tuple[Floats, ...]
    equilibrium: int | None = None


@dataclass(frozen=True)
class Found:
    """What a method gives.

    Attributes:
        method: what it is called.
        candidates: profiles.
        complete: whether every equilibrium is one of them or in one of the subsets.
        degenerate: whether there are ties; None where not known.
        components: numbers of candidates that hang together; None where that is not known.
        subsets: numbers of candidates all products of mixtures of which are equilibria.
        regions: boxes that stayed undecided.
        unsure: numbers of candidates in or beside such boxes.
        note: what to know, and advice.
        sources: publications to cite.
        cut: whether it was cut short.
    """

    method: str
    candidates: tuple[Candidate, ...]
    complete: bool
    degenerate: bool | None = None
    components: tuple[tuple[int, ...], ...] | None = None
    subsets: tuple[tuple[int, ...], ...] = ()
    regions: tuple[Region, ...] = ()
    unsure: frozenset[int] = frozenset()
    note: str = ""
    sources: tuple[Source, ...] = ()
    cut: bool = False

    def with_player(self, position: int) -> "Found":
        """The same with one more player, who has a single action, in this position."""
        one, sure = np.ones(1), (Fraction(1),)

        def inserted(own: tuple[Any, ...], what: Any) -> tuple[Any, ...]:
            return (*own[:position], what, *own[position:])

        candidates = tuple(
            replace(
                each,
                strategies=inserted(each.strategies, one),
                exact=None if each.exact is None else inserted(each.exact, sure),
            )
            for each in self.candidates
        )
        regions = tuple(
            replace(each, low=inserted(each.low, one), high=inserted(each.high, one)) for each in self.regions
        )
        return replace(self, candidates=candidates, regions=regions)
