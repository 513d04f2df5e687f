"""Which type is left of a population, and how many members are of each type on average."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status, bracket, wilson
from nashscape.core.statistics.stratified_means import stratified_mean

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fixation(Result):
    """How likely each type is the only one left, from one start.

    Attributes:
        types: names.
        size: of the population.
        start: members of each type at the beginning, `[types]`.
        probabilities: with which each type is left; of runs the share of them, `[types]`.
        neutral: what it would be if types made no difference, `[types]`.
        runs: how many were drawn; 0 where the equations were solved.
        wins: in how many each type was left, `[types]`; zeros where the equations were solved.
        process: how members are replaced.
        status: complete; unresolved where some runs were ended with several types left; interrupted.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "fixation"
    picture: ClassVar[str] = "nashscape.figures.fixations:fixation_figure"
    as_table: ClassVar[str] = "nashscape.evolution.fixation_tables:fixation_table"
    as_columns: ClassVar[str] = "nashscape.evolution.fixation_tables:columns_of_fixation"

    types: tuple[str, ...]
    size: int
    start: Ints
    probabilities: Floats
    neutral: Floats
    runs: int
    wins: Ints
    process: str
    status: Status
    provenance: Provenance

    @property
    def open(self) -> int:
        """In how many runs several types were left."""
        return self.runs - int(self.wins.sum())

    def of(self, name: str, level: float = 0.95) -> Estimate:
        """How likely a type is left: exactly, or Wilson's interval, which holds whatever the open runs come to.

        Raises:
            InputError: for a type that there is not.
        """
        k = _number(self.types, name)
        if not self.runs:
            value = float(self.probabilities[k])
            return bracket(value, value, value, "exact")
        least = wilson(int(self.wins[k]), self.runs, level)
        most = wilson(int(self.wins[k]) + self.open, self.runs, level)
        method = f"Wilson, {self.open} runs open" if self.open else least.method
        return Estimate(least.value, least.low, most.high, level, method, int(self.wins[k]), self.runs)

    def __repr__(self) -> str:
        """The probabilities, as one line."""
        told = ", ".join(f"{name} {p:.4g}" for name, p in zip(self.types, self.probabilities, strict=True))
        how = f" in {self.runs} runs" if self.runs else ""
        return f"<Fixation of {self.size} members{how}: {told}>"


@dataclass(frozen=True, eq=False)
class MeanShares(Result):
    """The shares of the types of a population with mutation, on average over time, by runs.

    Attributes:
        types: names.
        size: of the population.
        means: over the second half of each run, `[runs, types]`.
        process: how members are replaced.
        mutation: how likely a newcomer is of a type by chance.
        changes: of members in each run, of which the first half is not counted.
        status: complete; unresolved where the start was not forgotten; interrupted.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "mean shares"
    picture: ClassVar[str] = "nashscape.figures.fixations:mean_shares_figure"
    as_table: ClassVar[str] = "nashscape.evolution.fixation_tables:mean_shares_table"
    as_columns: ClassVar[str] = "nashscape.evolution.fixation_tables:columns_of_mean_shares"

    types: tuple[str, ...]
    size: int
    means: Floats
    process: str
    mutation: float
    changes: int
    status: Status
    provenance: Provenance

    def of(self, name: str, level: float = 0.95) -> Estimate:
        """The mean share of a type, with an interval that holds those of the runs from each start.

        From the least end to the largest of Student's intervals, one for the runs that began with all members of each
        type; so it is as wide as what the runs have not forgotten. Of two types the mean share lies between those from
        the two starts.

        Raises:
            InputError: for a type that there is not.
        """
        k = _number(self.types, name)
        lows, highs = np.clip(self._from_starts(level)[:, k].T, 0.0, 1.0)
        method = f"Student, {len(self.types)} starts"
        return Estimate(float(self.shares[k]), float(lows.min()), float(highs.max()), level, method)

    @property
    def forgotten(self) -> bool:
        """Whether runs tell no start from another: of each type the 99 % intervals from all starts meet."""
        lows, highs = np.moveaxis(self._from_starts(0.99), 2, 0)
        return not bool((lows.max(0) > highs.min(0)).any())

    def _from_starts(self, level: float) -> Floats:
        """The ends of Student's intervals, `[starts, types, 2]`; NaN where there is none."""
        n = len(self.types)
        made = np.full((n, n, 2), np.nan)
        for start in range(min(n, len(self.means))):
            own = [stratified_mean(values[:, None], level) for values in self.means[start::n].T]
            made[start] = [(one.low, one.high) for one in own]
        return made

    @property
    def shares(self) -> Floats:
        """Of each type, over all runs, `[types]`."""
        made: Floats = self.means.mean(0)
        return made

    def __repr__(self) -> str:
        """The mean shares, as one line."""
        told = ", ".join(f"{name} {own:.4f}" for name, own in zip(self.types, self.shares, strict=True))
        return f"<MeanShares of {self.size} members, mutation {self.mutation:g}, {len(self.means)} runs: {told}>"


def _number(types: tuple[str, ...], name: str) -> int:
    if name not in types:
        raise InputError(f"no type {name!r}; there are {', '.join(types)}")
    return types.index(name)
