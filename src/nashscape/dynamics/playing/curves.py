"""What was seen of runs of a game that is only played, read again from what is kept of every run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

ERROR, GREEDY, TOLD = "error of ", "greedy ", "told "
"""What names of numbers that are kept begin with, beside those of measures."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What was seen of N runs at M moments.

    Attributes:
        players: their names.
        updates: made at every moment, `[M]`; none where there are no runs.
        means: of every measure over the episodes of a moment, `[N, M, …]`.
        greedy: means over episodes of likeliest actions, at the end, `[N, …]`.
        told: what the rule told of its updates, `[N, M, …]`.
        others: what else is kept of every run, `[N, …]`.
    """

    players: tuple[str, ...]
    updates: npt.NDArray[np.int64]
    means: Mapping[str, npt.NDArray[Any]]
    greedy: Mapping[str, npt.NDArray[Any]]
    told: Mapping[str, npt.NDArray[Any]]
    others: Mapping[str, npt.NDArray[Any]]


def were_played(runs: Any) -> bool:
    """Whether runs are of a game that is only played, by what is kept of them."""
    return {"updates", "return", f"{ERROR}return"} <= getattr(runs, "reduced", {}).keys()


def curves_of(runs: Any) -> Curves:
    """What was seen of runs that were played; of an environment that does not name its players they have numbers."""
    kept = dict(runs.reduced)
    updates = kept.pop("updates")
    means = {name: kept.pop(name) for name in runs.reduced if f"{ERROR}{name}" in runs.reduced}
    for name in means:
        del kept[f"{ERROR}{name}"]

    def beginning(word: str) -> dict[str, npt.NDArray[Any]]:
        return {name.removeprefix(word): kept.pop(name) for name in tuple(kept) if name.startswith(word)}

    greedy, told = beginning(GREEDY), beginning(TOLD)
    count = means["return"].shape[2]
    named = tuple(map(str, runs.question.get("players", ())))
    players = named if len(named) == count else tuple(f"player {i + 1}" for i in range(count))
    return Curves(players, updates[0] if len(updates) else updates.reshape(-1), means, greedy, told, kept)
