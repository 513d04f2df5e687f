"""The study of the card: every statement that can be computed, one after the other."""

from collections.abc import Callable, Iterator

from nashscape.core import Status, citations, record
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.open_source_games import equilibria, networks, thresholds

RUNS = {"full": 1000, "quick": 200}
FIGURES = 30
"""In all, for progress."""


def measure(*, quick: bool = False, seed: int = 0, progress: Callable[[str, int, int], None] | None = None) -> Findings:
    """Every figure of the card.

    Args:
        quick: fewer runs, so wider intervals.
        seed: of random starts.
        progress: called with (claim, figures done, figures in all) after every figure.
    """
    rows: list[Row] = []
    runs, status = RUNS["quick" if quick else "full"], Status.COMPLETE
    try:
        for row in _rows(runs, seed):
            rows.append(row)
            if progress is not None:
                progress(row.claim, len(rows), FIGURES)
    except KeyboardInterrupt:
        status = Status.INTERRUPTED
    asked = {"system": "open-source-games", "quick": quick, "runs": runs}
    provenance = record("reproduction", asked, seed=seed, sources=[citations.OPEN_SOURCE, citations.WILSON])
    return Findings(tuple(rows), status, provenance)


def _rows(runs: int, seed: int) -> Iterator[Row]:
    yield from thresholds.exact_threshold()
    yield from thresholds.generic_starts(runs, seed)
    yield from thresholds.strong_coupling(runs, seed)
    yield from thresholds.learning_rate()
    yield from thresholds.asymmetry()
    yield from equilibria.existence()
    yield from equilibria.one_dimension()
    yield from equilibria.structure()
    yield from networks.ratio()
