"""The study of the card: every statement that can be computed, one after the other."""

from collections.abc import Iterator

from nashscape.core import citations
from nashscape.core.statistics.several_tests import HOLM
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.open_source_games import equilibria, networks, study, thresholds

RUNS = {"quick": 200, "full": 1000, "thorough": 4000}
FIGURES = 36
"""In all, for progress."""


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


measure = measuring(
    "open-source-games",
    RUNS,
    _rows,
    of="runs",
    figures=FIGURES,
    sources=[citations.OPEN_SOURCE, citations.WILSON, HOLM],
)
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
