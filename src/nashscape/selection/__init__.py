"""Which equilibrium is reached: basin maps, entry probabilities, comparisons."""

from nashscape.selection.basin_maps import BasinMap, basin_map
from nashscape.selection.comparisons import Comparison, compare
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.restarting import Restarts, restarts
from nashscape.selection.targets import choose_targets

__all__ = [
    "BasinMap",
    "Comparison",
    "Entry",
    "Restarts",
    "basin_map",
    "choose_targets",
    "compare",
    "entry_probability",
    "restarts",
]
