"""When a run counts as settled, and how a batch of runs ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Outcome, Status, finite_number, is_complete
from nashscape.core.calls import public
from nashscape.dynamics.endings.coasting import Coasted
from nashscape.dynamics.endings.recurrences import Recurrence


@dataclass(frozen=True)
class Settling:
    """When a run counts as settled.

    Attributes:
        follow: whether runs are followed from where they end, to see where they are going; without that, no label
            claims anything: a run in the region of a target is passing it.
        close: cycling when the strategies come back within this distance (in probability, largest coordinate) of
            those in the middle of the run's clock after having been ten times as far away.
        regret: a place of rest is an equilibrium when no player could gain more by deviating, as a share of the range
            of payoffs.
    """

    follow: bool = True
    close: float = 0.01
    regret: float = 0.01

    def checked(self) -> "Settling":
        """The same, after everything was checked."""
        if not isinstance(self.follow, bool | np.bool_):
            raise InputError(f"follow is true or false; got {self.follow!r}")
        return Settling(
            bool(self.follow),
            finite_number(self.close, "close", low=0.0, high=0.1),
            finite_number(self.regret, "regret", low=0.0),
        )


@dataclass(frozen=True, eq=False)
class Endings:
    """Where N runs were after their last update.

    Attributes:
        theta: final parameters, `[N, d]`.
        strategies: final strategies, one array `[N, …]` per player.
        regret: the largest regret of any player at the end, in payoff units, `[N]`.
        first_hit: updates made when the target first held, −1 where it never did, `[N]`.
        largest: the largest difference of an entry between one direction with noise and the next, zero without noise,
            `[N]`.
        recurrence: whether runs came back; None where their second halves were not watched.
        reduced: what every reducer came to, by name, `[N, …]`.
        coasted: where an optimiser carries the runs on; None without one.
    """

    theta: npt.NDArray[Any]
    strategies: tuple[npt.NDArray[Any], ...]
    regret: npt.NDArray[Any]
    first_hit: npt.NDArray[np.int32]
    largest: npt.NDArray[Any]
    recurrence: Recurrence | None = None
    reduced: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    coasted: Coasted | None = None


@public()
def status_of(codes: npt.NDArray[np.int8]) -> Status:
    """The status of a set of labels: diverged if any run did, unresolved if any is not settled, else complete."""
    if (codes == Outcome.DIVERGED).any():
        return Status.DIVERGED
    return Status.COMPLETE if is_complete(codes).all() else Status.UNRESOLVED
