"""Learning on a lattice as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.dynamics.lattices.lattice_results import LatticeLearning


def columns_of_learning(found: LatticeLearning) -> Columns:
    """A row for every run."""
    budgets, runs = found.final.shape
    return {
        "budget": np.repeat(found.budgets, runs),
        "run": np.tile(np.arange(runs), budgets),
        "cooperation": found.final.ravel(),
        "payoff": found.payoffs[:, :, -1].ravel(),
    }


@one_by_one
def learning_table(found: LatticeLearning) -> Table:
    """Every budget: mean cooperation with its interval, the least and the most of all runs, and the mean payoff."""
    rows = [
        (f"{budget:g}", f"{mean.value:.3f}", f"{mean.low:.3f} … {mean.high:.3f}", f"{own.min():.3f} … {own.max():.3f}",
         f"{paid.mean():.3f}")
        for budget, mean, own, paid in zip(
            found.budgets, found.estimates, found.final, found.payoffs[:, :, -1], strict=True)
    ]  # fmt: skip
    return Table(
        f"{found.environment}: {found.players} players with {found.sharing}, {found.final.shape[1]} runs a budget",
        ("budget", "cooperation", "95 %", "least … most", "payoff"),
        shortened(rows),
        notes=standing([found]),
    )
