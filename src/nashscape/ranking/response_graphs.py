"""A response graph learned from plays: which end of each edge its player prefers, and what follows for α-rank."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status, finite_number
from nashscape.core.checks import positive_integer
from nashscape.evolution.stationary_laws import log_stationary
from nashscape.ranking.graph_masses import Known, known_of, log_rates, mass_bounds
from nashscape.ranking.looks import Edges

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EQUAL, UNKNOWN = -1, -2
"""In place of the preferred profile of an edge: both are equal within the tolerance, or nothing is known yet."""


@dataclass(frozen=True, eq=False)
class ResponseGraph(Result):
    """Which profiles mutants prefer, as far as plays with chance have shown it.

    Two profiles that differ in the strategy of one player are joined by an edge. All that is said of edges is right at
    once with the probability `level`, whenever plays were stopped.

    Attributes:
        profiles: names, in the order of the payoffs.
        edges: the numbers of the two profiles of each edge, `[edges, 2]`.
        players: who plays differently in them, from 0.
        preferred: the number of the profile that this player prefers; −1 where both are equal within the tolerance, −2
            where it is open.
        plays: how often each profile was played.
        estimates: mean payoffs, `[profiles, players]`.
        low: lower ends of their intervals at the last look, which hold all at once.
        high: upper ends.
        least: of the mass of each profile as the intensity of α-rank goes to infinity, in all graphs that are left.
        most: the largest.
        level: confidence level of everything together.
        scheme: by which profiles were chosen.
        bound: by which intervals are made.
        tolerance: difference of payoffs up to which two may be called equal.
        status: complete, or undecided where edges are open.
        provenance: question and versions; notes name open edges.
    """

    question_kind: ClassVar[str] = "response graph"
    picture: ClassVar[str] = "nashscape.figures.response_graphs:response_graph_figure"
    as_table: ClassVar[str] = "nashscape.ranking.ranking_tables:response_graph_table"
    as_columns: ClassVar[str] = "nashscape.ranking.ranking_tables:columns_of_response_graph"

    profiles: tuple[str, ...]
    edges: Ints
    players: Ints
    preferred: Ints
    plays: Ints
    estimates: Floats
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    level: float
    scheme: str
    bound: str
    tolerance: float
    status: Status
    provenance: Provenance

    @property
    def open(self) -> tuple[str, ...]:
        """The edges of which nothing is known yet, in words."""
        return self._told(self.preferred == UNKNOWN)

    @property
    def ties(self) -> tuple[str, ...]:
        """The edges whose ends are equal within the tolerance, in words."""
        return self._told(self.preferred == EQUAL)

    @property
    def decided(self) -> bool:
        """Whether the graph decides the masses in the limit of infinite intensity: of one group that nothing leaves."""
        return bool((self.least == self.most).all())

    def known(self) -> Known:
        """Where mutants surely go, and where they may, `[profiles, profiles]`; equal within a tolerance is unknown."""
        first, second = self.edges.T
        edges = Edges(first, second, self.players)
        return known_of(edges, self.preferred == second, self.preferred == first, len(self.profiles))

    def masses(self, intensity: float, *, population: int = 50) -> tuple[Estimate, ...]:
        """α-rank at a finite intensity: of each profile the mass at the estimated payoffs, and bounds of it.

        They hold, all at once, wherever the mean payoffs are in their intervals, so with the probability `level` at
        least. They are those of all rates of takeovers that this allows, each by itself, and so wider than need be
        where a payoff is compared with several others; where intensities are so large that rounding could matter they
        are wider still, up to from 0 to 1.

        Args:
            intensity: α, at least 0.
            population: m, at least 2.

        Raises:
            InputError: for numbers out of their range.
        """
        alpha = finite_number(intensity, "intensity", low=0.0)
        m = positive_integer(population, "population", at_least=2)
        low, high = mass_bounds(self._rates(self.low, self.high, alpha, m), self._rates(self.high, self.low, alpha, m))
        values = np.exp(log_stationary(self._rates(self.estimates, self.estimates, alpha, m)))
        return tuple(
            Estimate(
                float(value), float(min(least, value)), float(max(most, value)), self.level, "intervals of payoffs"
            )
            for value, least, most in zip(values, low, high, strict=True)
        )

    def _rates(self, to: Floats, of: Floats, intensity: float, population: int) -> Floats:
        """Logarithms of rates from row to column where mutants get the one payoffs and residents the other."""
        table = np.full((len(self.profiles),) * 2, -np.inf)
        for here, there in (self.edges.T, self.edges.T[::-1]):
            gains = to[there, self.players] - of[here, self.players]
            table[here, there] = log_rates(gains, intensity, population)
        return table

    def _told(self, which: npt.NDArray[np.bool_]) -> tuple[str, ...]:
        return edges_in_words(self.profiles, self.edges[which], self.players[which])

    def __repr__(self) -> str:
        """Edges and plays, as one line."""
        settled = int((self.preferred != UNKNOWN).sum())
        return (
            f"<ResponseGraph of {len(self.profiles)} profiles: {settled} of {len(self.edges)} edges settled at "
            f"{100 * self.level:g} % by {int(self.plays.sum()):,} plays>"
        )


def edges_in_words(profiles: tuple[str, ...], edges: Ints, players: Ints) -> tuple[str, ...]:
    """Edges as texts, such as "0,0 or 0,1 (player 2)"."""
    return tuple(f"{profiles[a]} or {profiles[b]} (player {k + 1})" for (a, b), k in zip(edges, players, strict=True))
