"""Numbers computed along a run without storing it: payoffs, inequality, paths and places, spread, alignment, times.

Hand them to `run_starts`, `entry_probability` or `basin_map`; anything else is a class derived from `Reducer`.
"""

from nashscape.dynamics.reducers.auctions import OfAuctions, efficiency, revenue
from nashscape.dynamics.reducers.cumulative_alignments import CumulativeAlignment, cumulative_alignment
from nashscape.dynamics.reducers.hits import FirstHit, first_hit
from nashscape.dynamics.reducers.of_payoffs import (
    OVER,
    STATISTICS,
    OfPayoffs,
    inequality,
    least_payoff,
    payoffs,
    welfare,
)
from nashscape.dynamics.reducers.paths import OF, PathLength, path_length
from nashscape.dynamics.reducers.places import (
    LargestParameter,
    LastProfile,
    PathAt,
    largest_parameter,
    last_profile,
    path_at,
)
from nashscape.dynamics.reducers.spreads import LateSpread, late_spread
from nashscape.dynamics.reducers.times import Time, first_time, last_time

__all__ = [
    "OF",
    "OVER",
    "STATISTICS",
    "CumulativeAlignment",
    "FirstHit",
    "LargestParameter",
    "LastProfile",
    "LateSpread",
    "OfAuctions",
    "OfPayoffs",
    "PathAt",
    "PathLength",
    "Time",
    "cumulative_alignment",
    "efficiency",
    "first_hit",
    "first_time",
    "inequality",
    "largest_parameter",
    "last_profile",
    "last_time",
    "late_spread",
    "least_payoff",
    "path_at",
    "path_length",
    "payoffs",
    "revenue",
    "welfare",
]


def __dir__() -> list[str]:
    return __all__
