"""Runs of which it is open where they go: how many there are, and whether they could move what was measured."""

from collections.abc import Callable

import numpy as np

from nashscape.core import Estimate, Status, is_complete, label_names
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap

FEW = 0.01
"""The largest part of all runs that a table calls a remainder."""

Measured = BasinMap | Entry


def open_counts(found: Measured) -> dict[str, int]:
    """How many runs have each label that leaves open where they go."""
    codes = {name: code for code, name in label_names(found.targets).items()}
    return {name: n for name, n in found.outcomes().items() if not is_complete(np.array([codes[name]]))[0]}


def is_remainder(found: Measured) -> bool:
    """Whether the open runs are few, and whichever target all of them went to, its share would stay in its interval."""
    count = sum(open_counts(found).values())
    if found.status is not Status.UNRESOLVED or not found.targets or count > FEW * found.labels.size:
        return False
    share_of: Callable[[str], Estimate] = getattr(found, "fraction" if hasattr(found, "fraction") else "probability")
    shares = [share_of(one) for one in found.targets]
    return all(share.contains(share.value + count / found.labels.size) for share in shares)


def standing_of(found: Measured) -> str:
    """What a column of tables says of a result: its status, or of a remainder its part of all runs."""
    if not is_remainder(found):
        return found.status.value
    return f"{100 * sum(open_counts(found).values()) / found.labels.size:.2g} % open"


def told_of_open(name: str, found: Measured) -> str:
    """The line under a table on the open runs of a rule."""
    counts = open_counts(found)
    listed = ", ".join(f"{count} {label}" for label, count in counts.items())
    runs = f"{sum(counts.values())} of {found.labels.size} runs are open: {listed}"
    if is_remainder(found):
        return f"{name}: {runs}. Whichever target they go to, its share stays in its interval."
    return f"{name}: unresolved, {runs}."
