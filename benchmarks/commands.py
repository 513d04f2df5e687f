"""How long a person waits at the command line."""

from statistics import median

from benchmarks.command import nashscape
from benchmarks.rows import Row, times


def run(quick: bool) -> list[Row]:
    """See the module."""
    help_ = [nashscape("--help").seconds for _ in range(5)]
    rows = [Row("nashscape --help", median(help_), unit="s", most=0.3, details=times(help_))]
    if quick:
        return rows
    once = nashscape("reproduce", "basin-entry")
    details = f"once; peak {once.peak / 2**20:,.0f} MiB"
    return [*rows, Row("nashscape reproduce basin-entry", once.seconds, unit="s", most=60.0, details=details)]
