"""Logit equilibria of games in extensive form as columns and as tables."""

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.trees.logit import TreeLogitEquilibrium
from nashscape.theory.trees.tables import behaviour_columns, behaviour_rows


def logit_columns(found: TreeLogitEquilibrium) -> Columns:
    """A row for every action of every information set: its probability."""
    return behaviour_columns(found)


@one_by_one
def logit_table(found: TreeLogitEquilibrium) -> Table:
    """What is played, information set by information set."""
    paid = ", ".join(f"{own:.4g}" for own in found.payoffs)
    return Table(
        f"Logit equilibrium of {found.game}, {found.form} form, λ = {found.precision:g}",
        ("player", "information set", "what is played"),
        shortened(behaviour_rows(found)),
        left=("information set", "what is played"),
        notes=(
            f"Payoffs {paid}; a best response gains {', '.join(f'{own:.3g}' for own in found.regrets)}.",
            f"Equations hold to {found.residual:.1e}.",
            *standing([found]),
        ),
    )
