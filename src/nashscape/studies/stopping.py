"""Until an interval is narrow: how many replicates of a point are asked for, decided by what they gave so far."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy.typing as npt

from nashscape.core.checks import finite_number, positive_integer
from nashscape.core.statistics.estimates import Estimate
from nashscape.core.statistics.pooling import pooled


@dataclass(frozen=True)
class Until:
    """Replicates of a point are added until the interval of one of its quantities is narrow.

    It is looked at after 1, 2, 4, … replicates and after the most that there may be. The error 1 − level is shared
    equally among all these looks, whether they are taken or not (Bonferroni), so that the interval at which one stops
    covers at least at its level, if each of them does at its own. Where the rows say that chance had no part, the first
    replicate is the last: all others would be the same.

    Attributes:
        quantity: which, as rows of the table of values name it, such as "share".
        of: of what, such as "CC".
        width: from the low to the high end.
        most: replicates.
        level: confidence level.

    Raises:
        InputError: for a width that is not above zero, and other numbers that cannot be.

    >>> until = Until("share", "CC", width=0.02, most=6)
    >>> until.looks, round(until.level_at_a_look, 4)
    ((1, 2, 4, 6), 0.9875)
    """

    quantity: str
    of: str = ""
    width: float = 0.05
    most: int = 64
    level: float = 0.95

    def __post_init__(self) -> None:
        finite_number(self.width, "width", low=0.0, low_open=True)
        positive_integer(self.most, "most")
        finite_number(self.level, "level", low=0.0, high=1.0, low_open=True, high_open=True)

    @property
    def looks(self) -> tuple[int, ...]:
        """After how many replicates it is looked at."""
        doubled = (2**k for k in range(self.most.bit_length()))
        return tuple(sorted({*(n for n in doubled if n < self.most), self.most}))

    @property
    def level_at_a_look(self) -> float:
        """The level of the interval at each look."""
        return 1.0 - (1.0 - self.level) / len(self.looks)

    def estimate(
        self, values: npt.ArrayLike, successes: npt.ArrayLike, trials: npt.ArrayLike, level: float | None = None
    ) -> Estimate | None:
        """The quantity and its interval at a look; see `pooled`."""
        return pooled(values, successes, trials, self.level_at_a_look if level is None else level)

    def narrow(self, estimate: Estimate | None) -> bool:
        """Whether the interval of an estimate is narrow enough."""
        return estimate is not None and estimate.high - estimate.low <= self.width


@dataclass(frozen=True)
class Look:
    """What the last look at a point found.

    Attributes:
        measure: which measurement.
        point: which point.
        replicates: how many were looked at.
        estimate: the quantity with the interval of this look; None where there is none yet.
        narrow: whether that is narrow enough, or chance had no part.
        missing: replicates that the next look takes and that are not there. Where one of them has failed, there is no
            next look, for those that fail may differ from others.
        keys: of the items of all replicates that this look and the next one take.
    """

    measure: int
    point: int
    replicates: int
    estimate: Estimate | None
    narrow: bool
    missing: Sequence[int] = ()
    keys: Sequence[str] = ()
