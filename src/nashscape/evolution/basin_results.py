"""Where populations go: from many starts, and from one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, bracket, wilson
from nashscape.evolution.rest_points import RestPoint

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OPEN = "open"


@dataclass(frozen=True, eq=False)
class EvolutionaryBasins(Result):
    """Where a dynamic takes shares from many starts.

    Attributes:
        types: names.
        dynamic: name of the mean dynamic.
        noise: of the two with a logit, else None.
        time: how long starts were followed.
        grid: cells along an edge of the simplex, in whose middles starts lie; 0 where they were drawn evenly.
        starts: shares, `[N, types]`.
        velocities: how fast shares change at the starts, `[N, types]`.
        ends: shares after the time, `[N, types]`.
        labels: the rest point to which each goes, by its place in `rest_points`; −1 where that is open.
        rest_points: the isolated ones.
        continuum: whether there may be rest points that are not isolated.
        cells: of a grid how many starts of each lie inside, with all their neighbours, and on or beside it, `[K + 1,
            2]`, the open ones last; zeros of drawn starts.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "evolutionary basins"
    picture: ClassVar[str] = "nashscape.figures.evolutionary_basins:evolutionary_basins_figure"
    as_table: ClassVar[str] = "nashscape.evolution.population_tables:basins_table"
    as_columns: ClassVar[str] = "nashscape.evolution.population_tables:columns_of_basins"

    types: tuple[str, ...]
    dynamic: str
    noise: float | None
    time: float
    grid: int
    starts: Floats
    velocities: Floats
    ends: Floats
    labels: Ints
    rest_points: tuple[RestPoint, ...]
    continuum: bool
    cells: Ints
    status: Status
    provenance: Provenance

    @property
    def names(self) -> tuple[str, ...]:
        """Of the rest points, and "open" last."""
        return (*(one.name for one in self.rest_points), OPEN)

    def share(self, name: str, level: float = 0.95) -> Estimate:
        """The share of starts that go to a rest point, or are "open".

        Of a grid a bracket: without the starts that have a neighbour that goes elsewhere, and with all those that have
        one that goes there; a finer structure than the grid can escape it. Of drawn starts Wilson's interval.

        Args:
            name: of the rest point; or of a type, for the one attracting point of which it is more than half.
            level: of Wilson's interval.

        Raises:
            InputError: for a name that none has, and a type of which no such point, or more than one, has so much.
        """
        if name not in self.names:
            name = self._nearest(name)
        k, count = self.names.index(name), len(self.labels)
        here = int((self.labels == (-1 if name == OPEN else k)).sum())
        if not self.grid:
            return wilson(here, count, level)
        inside, around = self.cells[k].tolist()
        return bracket(inside / count, here / count, around / count, "boundary cells")

    def _nearest(self, name: str) -> str:
        """The attracting rest point at which most are of a type, where there is one alone."""
        near = [one.name for one in self.rest_points if one.attraction == "attracting"
                and dict(zip(self.types, one.shares, strict=True)).get(name, 0.0) > 0.5]  # fmt: skip
        if len(near) != 1:
            raise InputError(f"no rest point {name!r}; there are {'; '.join(self.names)}")
        return near[0]

    @property
    def shares(self) -> dict[str, Estimate]:
        """Of all rest points to which some start goes, and of the open starts if there are any."""
        seen = set(self.labels.tolist())
        ends = [name for k, name in enumerate(self.names[:-1]) if k in seen]
        return {name: self.share(name) for name in [*ends, *([OPEN] if -1 in seen else [])]}

    def __repr__(self) -> str:
        """The shares, as one line."""
        told = "; ".join(f"{name}: {one.value:.4g}" for name, one in self.shares.items())
        return f"<EvolutionaryBasins of {self.dynamic}, {len(self.labels)} starts: {told}>"


@dataclass(frozen=True, eq=False)
class Evolution(Result):
    """The way of shares from one start.

    Attributes:
        types: names.
        dynamic: name of the mean dynamic, or "generations", the discrete map.
        noise: of the two with a logit, else None.
        times: when it was looked at; of generations their numbers.
        shares: of the types at these times, `[K, types]`.
        mean_fitness: at these times, `[K]`.
        ending: where it goes, in words.
        rest: the rest point there; None where that is open.
        shift_invariant: whether a constant added to all payoffs changes nothing: of every mean dynamic, and not of
            generations.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "evolution"
    picture: ClassVar[str] = "nashscape.figures.population_games:evolution_figure"
    as_table: ClassVar[str] = "nashscape.evolution.population_tables:evolution_table"
    as_columns: ClassVar[str] = "nashscape.evolution.population_tables:columns_of_evolution"

    types: tuple[str, ...]
    dynamic: str
    noise: float | None
    times: Floats
    shares: Floats
    mean_fitness: Floats
    ending: str
    rest: RestPoint | None
    shift_invariant: bool
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Where it goes, as one line."""
        return f"<Evolution by {self.dynamic} over {self.times[-1]:.4g}: {self.ending}>"
