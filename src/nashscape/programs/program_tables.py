"""Games of programs as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.programs.program_games import ProgramGame

MOST_COLUMNS = 12
"""Programs of the second player that are shown; `to_columns` has all."""


def columns_of_program_game(found: ProgramGame) -> Columns:
    """A row for every pair of programs."""
    pairs = [(i, j) for i in range(len(found.rows)) for j in range(len(found.columns))]
    equilibrium = (found.regrets == 0).all(0)
    return {
        "row": np.array([found.rows[i] for i, _ in pairs]),
        "column": np.array([found.columns[j] for _, j in pairs]),
        "played": np.array([found.cell(i, j) for i, j in pairs]),
        **{f"payoff_{k}": found.payoffs[k].ravel() for k in range(2)},
        **{f"regret_{k}": found.regrets[k].ravel() for k in range(2)},
        "equilibrium": equilibrium.ravel(),
        "strict": found.strict.ravel(),
    }


@one_by_one
def program_game_table(found: ProgramGame) -> Table:
    """What every two programs play; `=` marks equilibria within the table, `*` strict ones."""
    marks = np.where(found.strict, "*", np.where((found.regrets == 0).all(0), "=", ""))
    shown = min(len(found.columns), MOST_COLUMNS)
    left = len(found.columns) - shown
    rows = [(name, *(found.cell(i, j) + marks[i, j] for j in range(shown))) for i, name in enumerate(found.rows)]
    more = [f"{left} more programs of {found.players[1]} are in to_columns()."] if left else []
    return Table(
        f"Programs of {found.game}: what is played",
        ("program", *found.columns[:shown]),
        shortened(rows),
        notes=("= nobody gains by another program of this table, * everybody loses by one.", *more, *standing([found])),
    )
