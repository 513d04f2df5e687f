"""The study of the card: every statement that can be computed, one after the other."""

from collections.abc import Callable, Iterator

from nashscape.core import choice, citations
from nashscape.core.statistics.several_tests import HOLM
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.open_source_games import equilibria, networks, study, thresholds

RUNS = {"quick": 200, "full": 1000, "thorough": 4000}
FIGURES = 36
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
    runs = RUNS[choice(effort, "effort", RUNS)]
    asked = {"system": "open-source-games", "effort": effort, "runs": runs}
    sources = [citations.OPEN_SOURCE, citations.WILSON, HOLM]
    return measured(_rows(runs, seed), FIGURES, asked, sources, seed=seed, progress=progress)


def _rows(runs: int, seed: int) -> Iterator[Row]:
    yield from thresholds.exact_threshold()
    yield from thresholds.generic_starts(runs, seed)
    yield from thresholds.strong_coupling(runs, seed)
    yield from thresholds.random_dilemmas()
    yield from thresholds.steps_that_turn(study.STEPS_OF_ANY_SIZE.but({"n": runs}, seed=seed).run())
    yield from thresholds.bridge()
    yield from thresholds.asymmetry()
    yield from equilibria.existence()
    yield from equilibria.one_dimension()
    yield from equilibria.structure()
    yield from networks.ratio()
