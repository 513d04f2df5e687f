"""Figures of a system computed one after the other, with progress, and in part where the user stops it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nashscape.core import Source, Status, choice, record
from nashscape.core.interrupts import in_turn, until_stopped
from nashscape.systems.agreement import Row, judged
from nashscape.systems.checked_claims import Findings

Progress = Callable[[str, int, int], None]


def measured(
    rows: Iterator[Row],
    figures: int,
    asked: Mapping[str, Any],
    sources: Sequence[Source],
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Findings:
    """All rows of a card, judged together.

    Args:
        rows: computed as they are asked for.
        figures: how many there are, for progress.
        asked: the parts of the question: `system`, `effort`, and what goes with it.
        sources: what is cited.
        seed: of everything random.
        progress: called with (claim, figures done, figures in all) after every figure.
    """
    made: list[Row] = []
    with until_stopped() as stop:
        for row in in_turn(rows):
            made.append(row)
            if progress is not None:
                progress(row.claim, len(made), max(figures, len(made)))
    status = Status.INTERRUPTED if stop.early else Status.COMPLETE
    return Findings(judged(made), status, record("reproduction", dict(asked), seed=seed, sources=list(sources)))


def measuring(
    system: str,
    counts: Mapping[str, int],
    rows: Callable[[int, int], Iterator[Row]],
    *,
    of: str,
    figures: int,
    sources: Sequence[Source],
) -> Callable[..., Findings]:
    """The function `measure(effort=, seed=, progress=)` of a card whose efforts differ in one number.

    Args:
        system: the key of the card.
        counts: that number, such as of runs, by effort.
        rows: from it and the seed to the figures, one after the other.
        of: what is counted, as the question has it.
        figures: how many there are, for progress.
        sources: what is cited.
    """

    def measure(*, effort: str = "full", seed: int = 0, progress: Progress | None = None) -> Findings:
        """Every figure of the card; raises `InputError` for an unknown effort."""
        count = counts[choice(effort, "effort", counts)]
        asked = {"system": system, "effort": effort, of: count}
        return measured(rows(count, seed), figures, asked, sources, seed=seed, progress=progress)

    return measure
