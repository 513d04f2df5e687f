"""Equilibria over points as a table."""

from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.continuous.results import PointEquilibria, PointEquilibrium


@one_by_one
def point_equilibria_table(found: PointEquilibria) -> Table:
    """Every equilibrium with its point, payoffs, the largest gain, and where gradient ascent goes near it."""
    only = f"Uniqueness is {found.uniqueness}: {found.reason}."
    other = (
        f"At {found.stationary} more points no small move pays, and a large one does; they are no equilibria."
        if found.stationary
        else ""
    )
    return Table(
        f"Nash equilibria of {found.game}",
        ("point", "payoffs", "gradient ascent", "largest gain", "known by", "residual"),
        shortened(map(_row, found.equilibria)) or (("none found", "", "", "", "", ""),),
        left=("gradient ascent", "known by"),
        notes=tuple(line for line in (only, other, *standing([found])) if line),
    )


def _row(one: PointEquilibrium) -> tuple[str, ...]:
    player = int(one.gains.argmax())
    return (
        one.name,
        ", ".join(f"{value:.5g}" for value in one.payoffs),
        one.flow if one.isolated else f"{one.flow}, perhaps one of a continuum",
        f"{one.gains[player]:.1g}",
        one.known[player],
        f"{one.residual:.1g}",
    )
