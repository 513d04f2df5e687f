"""Runs and flows as tables: what is played, and what it pays, along the way."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from nashscape.core import positive_integer
from nashscape.core.tables import Table, one_by_one, standing
from nashscape.dynamics.played import Path, played
from nashscape.dynamics.simulation import Run
from nashscape.dynamics.solutions import Flow

LINES = 11


@one_by_one
def run_table(found: Run, rows: int = LINES) -> Table:
    """Strategies, payoffs and the sizes of all terms, after some of the updates.

    Args:
        found: a run, or several by rule.
        rows: how many rows, spread evenly over the run; two or more.
    """
    total = len(found.theta) - 1
    columns = {**_columns(found, found.payoffs), **found.terms}
    cells = [(str(k), *_at(columns, k)) for k in _spread(total, rows)]
    hit = "" if found.first_hit is None else f" The first target first held after {found.first_hit} updates."
    return Table(
        f"{found.rule} on {found.game}",
        ("updates", *columns),
        tuple(cells),
        notes=(f"Outcome after {total} updates: {found.outcome}.{hit}", *standing([found])),
    )


@one_by_one
def flow_table(found: Flow, rows: int = LINES) -> Table:
    """Strategies and payoffs at some of the times.

    Args:
        found: a flow, or several by rule.
        rows: how many rows, spread evenly over the times; two or more.
    """
    columns = _columns(found, found.payoffs)
    cells = [(f"{found.times[k]:.4g}", *_at(columns, k)) for k in _spread(len(found.times) - 1, rows)]
    entered = "" if found.entry_time is None else f" The first target was first entered at {found.entry_time:.4g}."
    return Table(
        f"the flow of {found.rule} on {found.game}",
        ("time", *columns),
        tuple(cells),
        notes=(f"Outcome at time {found.times[-1]:.4g}: {found.outcome}.{entered}", *standing([found])),
    )


def _columns(path: Path, payoffs: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
    """What is played and what it pays, by heading."""
    found = {f"P{own.player + 1}({own.name})": own.values for own in played(path)}
    return found | {f"payoff {player + 1}": payoff for player, payoff in enumerate(payoffs.T)}


def _at(columns: Mapping[str, npt.NDArray[np.float64]], k: int) -> list[str]:
    """The cells of a row; terms are not known after the last update."""
    return [f"{values[k]:.3g}" if k < len(values) else "" for values in columns.values()]


def _spread(last: int, rows: int) -> list[int]:
    count = positive_integer(rows, "rows", at_least=2)
    return sorted({round(k * last / (count - 1)) for k in range(count)})
