"""The study of the card: every statement that can be computed, one after the other."""

from collections.abc import Callable, Iterator

from nashscape.core import Status, choice, citations, record
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.open_source_games import equilibria, networks, thresholds

RUNS = {"quick": 200, "full": 1000, "thorough": 4000}
FIGURES = 30
"""In all, for progress."""


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card.

    Args:
        effort: how much is run: "full", "quick" with wider intervals, or "thorough".
        seed: of random starts.
        progress: called with (claim, figures done, figures in all) after every figure.

    Raises:
        InputError: for an unknown effort.
    """
    rows: list[Row] = []
    runs, status = RUNS[choice(effort, "effort", RUNS)], Status.COMPLETE
    try:
        for row in _rows(runs, seed):
            rows.append(row)
            if progress is not None:
                progress(row.claim, len(rows), FIGURES)
    except KeyboardInterrupt:
        status = Status.INTERRUPTED
    asked = {"system": "open-source-games", "effort": effort, "runs": runs}
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
