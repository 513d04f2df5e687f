"""Runs of a rule that hands over to another, for many numbers of steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, citations
from nashscape.dynamics import completed
from nashscape.dynamics.case import Case
from nashscape.dynamics.runs import Labels, labels_of
from nashscape.learning import Rule, check_rule
from nashscape.learning.handing_over import handed_over

Whole = npt.NDArray[np.int32]
MOST_RUNS = 1 << 18
"""Runs that are handed to the devices at a time, so that memory does not grow with starts times steps."""


@dataclass(frozen=True)
class HandoffRuns:
    """Runs of a case whose rule hands over to another after each of several numbers of steps."""

    case: Case
    count: int
    rollouts: int
    at: Whole
    then: Rule

    def answer(self) -> tuple[Labels, Provenance]:
        """Labels `[rollouts, N, K]`, and what was asked and spent."""
        blocks = list(self._by_key() if self.case.exact else self._one_by_one())
        codes = np.concatenate([own for own, _ in blocks], axis=1 if self.case.exact else 2)
        provenance = blocks[0][1].together(*(made for _, made in blocks[1:]))
        asked: dict[str, Any] = {"runs": codes.size, "handoffs": self.at, "rollouts": self.rollouts}
        provenance = provenance.citing(citations.BASIN_ENTRY)
        return codes, provenance.asking("corrected steps", rule=self.case.rule, then=self.then, **asked)

    def _by_key(self) -> Iterator[tuple[Labels, Provenance]]:
        """All k of some starts at a time: noise-free runs have their k for a key."""
        rows, each = max(1, MOST_RUNS // len(self.at)), len(self.at)
        for first in range(0, self.count, rows):
            here = np.arange(first, min(first + rows, self.count), dtype=np.int64)
            keys = np.tile(self.at.astype(np.int64), len(here))
            codes, made = self._run(None, np.repeat(here, each), keys)
            yield codes.reshape(1, len(here), each), made

    def _one_by_one(self) -> Iterator[tuple[Labels, Provenance]]:
        """One k after the other, in one program and with the same random numbers."""
        keys = np.arange(self.rollouts * self.count, dtype=np.int64)
        for k in self.at:
            codes, made = self._run(int(k), keys % self.count, keys)
            yield codes.reshape(self.rollouts, self.count, 1), made

    def _run(
        self, at: int | None, indices: npt.NDArray[np.int64], keys: npt.NDArray[np.int64]
    ) -> tuple[Labels, Provenance]:
        rule = handed_over(check_rule(self.case.rule), at, self.then)
        found, _, made = completed([labels_of(self.case.but(rule=rule), indices, keys)])[0]
        return np.asarray(found.codes), made
