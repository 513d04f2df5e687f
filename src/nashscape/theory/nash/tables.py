"""Nash equilibria as a table."""

from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.nash.results import Equilibria, Equilibrium


@one_by_one
def equilibria_table(found: Equilibria) -> Table:
    """Every equilibrium with its strategies, payoffs, and what speaks for its being reached."""
    whole = "These are all." if found.complete else "There may be others."
    sets = f"{found.infinite} of the connected sets have infinitely many members." if found.infinite else ""
    return Table(
        f"Nash equilibria of {found.game}",
        ("profile", "strategies", "payoffs", "what it is", "largest regret"),
        shortened(map(_row, found.equilibria)) or (("none found", "", "", "", ""),),
        left=("strategies", "what it is"),
        notes=tuple(
            line
            for line in (whole, sets, found.note, *(f"{tie}." for tie in found.near_ties), *standing([found]))
            if line
        ),
    )


def _row(one: Equilibrium) -> tuple[str, ...]:
    exact = one.strategies if one.exact is None else one.exact
    return (
        one.name,
        " | ".join(" ".join(f"{p:.4g}" if isinstance(p, float) else str(p) for p in own) for own in exact),
        ", ".join(f"{value:.4g}" for value in one.payoffs),
        ", ".join(one.labels),
        f"{one.regret.max():.1g}",
    )
