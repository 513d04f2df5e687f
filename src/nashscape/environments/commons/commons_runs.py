"""What became of a common pool and of its players."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Provenance, Result, Status, bounded_mean, clopper_pearson
from nashscape.environments.commons.measures import gini, norm_entropy, norm_similarity

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CommonsRun(Result):
    """B episodes of a common pool of n players, of T rounds at most; amounts as the pool has them.

    Attributes:
        pool: its name.
        players: who they are, n names.
        stocks: before each round and at the end, `[B, T + 1]`; after a collapse what is left.
        taken: by each in every round, `[B, T, n]`; 0 after the end.
        demanded: by each in every round, `[B, T, n]`; not a number after the end.
        survived: rounds that were played, that of a collapse too, `[B]`.
        collapsed: whether the pool did, `[B]`.
        most: the largest demand.
        capacity: of the pool.
        collapse: below which the pool has collapsed.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "commons run"
    picture: ClassVar[str] = "nashscape.figures.commons:commons_run_figure"
    as_table: ClassVar[str] = "nashscape.environments.commons.commons_tables:run_table"
    as_columns: ClassVar[str] = "nashscape.environments.commons.commons_tables:columns_of_run"

    pool: str
    players: tuple[str, ...]
    stocks: Floats
    taken: Floats
    demanded: Floats
    survived: npt.NDArray[np.int64]
    collapsed: npt.NDArray[np.bool_]
    most: float
    capacity: float
    collapse: float
    status: Status
    provenance: Provenance

    @property
    def rounds(self) -> int:
        """T."""
        return self.taken.shape[1]

    @cached_property
    def payoffs(self) -> Floats:
        """What each player took in every episode, `[B, n]`."""
        found: Floats = self.taken.sum(axis=1)
        return found

    @property
    def survival(self) -> Estimate:
        """Rounds until the end, on average; that of a collapse counts."""
        return bounded_mean(self.survived, 0, self.rounds)

    @property
    def sustained(self) -> Estimate:
        """The share of episodes without a collapse."""
        return clopper_pearson(int((~self.collapsed).sum()), len(self.collapsed))

    @property
    def total(self) -> Estimate:
        """What all took together in an episode, on average."""
        return self._amount(self.payoffs.sum(axis=1), len(self.players))

    @property
    def payoff(self) -> dict[str, Estimate]:
        """What each player took in an episode, on average, by name."""
        return {name: self._amount(self.payoffs[:, i], 1) for i, name in enumerate(self.players)}

    @property
    def gini(self) -> Estimate:
        """The Gini coefficient of what players took in an episode, on average."""
        return bounded_mean(gini(self.payoffs), 0, 1)

    @property
    def restraint(self) -> dict[str, Estimate]:
        """Of each player `1 − d / d_max` over the rounds of an episode, on average: 0 who always demands the most."""
        each = np.nanmean(1.0 - self.demanded / self.most, axis=1)
        return {name: bounded_mean(each[:, i].clip(0, 1), 0, 1) for i, name in enumerate(self.players)}

    @property
    def entropy(self) -> Estimate:
        """The `norm_entropy` of demands over the rounds of an episode, on average; of two players or more."""
        return bounded_mean(self._over_rounds(norm_entropy(np.nan_to_num(self.demanded))).clip(0, 1), 0, 1)

    @property
    def similarity(self) -> Estimate:
        """The `norm_similarity` of demands over the rounds of an episode, on average; of two players or more."""
        return bounded_mean(self._over_rounds(norm_similarity(np.nan_to_num(self.demanded))).clip(0, 1), 0, 1)

    def _amount(self, each: Floats, players: int) -> Estimate:
        """The mean of what so many players took in an episode, which is at most all there can be in every round.

        A bootstrap would be sure of it where a few episodes are alike, and a loss is rare.
        """
        most = self.rounds * min(players * self.most, self.capacity)
        return bounded_mean(each.clip(0, most), 0, most)

    def _over_rounds(self, each: Floats) -> Floats:
        """Means over the rounds that were played."""
        played = np.arange(self.rounds) < self.survived[:, None]
        found: Floats = np.where(played, each, 0.0).sum(axis=1) / self.survived
        return found

    def __repr__(self) -> str:
        """How long it lasted, and what was got, as one line."""
        return (
            f"<CommonsRun of {self.pool}, {len(self.survived)} episodes: {self.survived.mean():.4g} of {self.rounds} "
            f"rounds, total {self.payoffs.sum(axis=1).mean():.4g}, Gini {gini(self.payoffs).mean():.3g}>"
        )
