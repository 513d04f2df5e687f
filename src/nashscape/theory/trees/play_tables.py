"""Learners in games in extensive form as columns and as tables."""

import numpy as np

from nashscape.core.columns import Columns, flat
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.trees.play import TreePlay


def play_columns(found: TreePlay) -> Columns:
    """A row for every round after which it was looked."""
    made: Columns = {
        "round": found.times,
        "last_nash_conv": found.last_regrets.sum(axis=1),
        "average_nash_conv": found.average_regrets.sum(axis=1),
    }
    for name in ("last_regrets", "average_regrets"):
        made |= flat(name, getattr(found, name), len(found.times))
    return made


@one_by_one
def play_table(found: TreePlay) -> Table:
    """NashConv and exploitability of the last strategies and of the averages, after some of the rounds."""
    n = len(found.players)
    rows = [
        (str(t), *(f"{value:.4g}" for value in (last, last / n, average, average / n)))
        for t, last, average in zip(
            found.times.tolist(), found.last_regrets.sum(axis=1), found.average_regrets.sum(axis=1), strict=True
        )
    ]
    best = "; ".join(
        f"against the {name} {', '.join(f'{one:.4g}' for one in np.asarray(values))}"
        for name, values in (("last strategies", found.last_best), ("averages", found.average_best))
    )
    return Table(
        f"{found.rule} in {found.game}",
        ("rounds", "last NashConv", "last exploitability", "average NashConv", "average exploitability"),
        shortened(rows, most=12),
        notes=(
            "NashConv is the sum of what players gain by a best response, exploitability its mean over players.",
            f"In the end best responses get, player by player, {best}.",
            f"Averages are weighted by own reach, rounds are {_weighed(found.averaging)}.",
            *standing([found]),
        ),
    )


def _weighed(averaging: str) -> str:
    return "all alike" if averaging == "uniform" else "weighted by their number"
