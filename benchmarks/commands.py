"""How long a person waits at the command line."""

from statistics import median

from benchmarks.command import nashscape
from benchmarks.rows import Row, times
from benchmarks.sizes import Size


def run(size: Size) -> list[Row]:
    """See the module."""
    help_ = [nashscape("--help").seconds for _ in range(1 if size is Size.TINY else 5)]
    rows = [Row("nashscape --help", median(help_), unit="s", most=0.3, details=times(help_))]
    if size is Size.QUICK:
        return rows
    long = ("reproduce", "basin-entry", *(["--help"] if size is Size.TINY else []))
    once = nashscape(*long)
    details = f"once; peak {once.peak / 2**20:,.0f} MiB"
    return [*rows, Row(f"nashscape {' '.join(long)}", once.seconds, unit="s", most=60.0, details=details)]
