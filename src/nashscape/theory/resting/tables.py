"""Where learning rests, as a table."""

from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.resting.results import FixedPoint, FixedPoints


@one_by_one
def fixed_point_table(found: FixedPoints) -> Table:
    """The points at which a rule rests: of what type, what is played, what could be gained, and what is proved."""
    return Table(
        f"Where {found.rule} rests on {found.game}",
        ("type", "where", "parameters", "strategies", "largest regret", "proved"),
        shortened(map(_row, found.points)),
        left=("where", "proved"),
        notes=(f"{found.note}", *standing([found], statuses=False)),
    )


def _row(point: FixedPoint) -> tuple[str, ...]:
    proved = "not proved" if point.proved is None else "itself" if point.proved == 0 else f"within {point.proved:.1e}"
    return (
        point.type,
        point.kind,
        ", ".join(f"{value:.4g}" for value in point.theta),
        " | ".join(" ".join(f"{p:.4g}" for p in own.ravel()) for own in point.strategies),
        f"{point.regret.max():.3g}",
        proved,
    )
