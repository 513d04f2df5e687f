"""Which equilibrium is reached: basin maps, entry probabilities, comparisons."""

from nashscape.selection.basin_map import BasinMap, basin_map
from nashscape.selection.compare import Comparison, compare
from nashscape.selection.entry import Entry, entry_probability
from nashscape.selection.targets import choose_targets

__all__ = ["BasinMap", "Comparison", "Entry", "basin_map", "choose_targets", "compare", "entry_probability"]
