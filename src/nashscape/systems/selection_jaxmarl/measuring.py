"""The study of the card: accuracies of fixed predictors on held-out runs in environments of JaxMARL."""

from collections.abc import Callable, Iterator

from nashscape.core import choice, citations, wilson
from nashscape.core.extras import needs_package
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.selection_jaxmarl.study import LEARNER, PROTOCOL, samples
from nashscape.systems.selection_prediction.measuring import said_early
from nashscape.systems.selection_prediction.slices import Runs
from nashscape.systems.statements import above

WITHOUT = "selection-prediction asks the same of games of this library"
FIGURES = {"quick": 7, "full": 7, "thorough": 7}


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card.

    Raises:
        InputError: for an unknown effort, and where JaxMARL is not installed.
    """
    effort = choice(effort, "effort", FIGURES)
    needs_package("jaxmarl", "the study of selection-jaxmarl", WITHOUT)
    asked = {"system": "selection-jaxmarl", "effort": effort, "protocol": PROTOCOL}
    return measured(_rows(effort, seed), FIGURES[effort], asked, [citations.BASIN_ENTRY, citations.PPO], seed=seed,
                    progress=progress)  # fmt: skip


def _rows(effort: str, seed: int) -> Iterator[Row]:
    first = PROTOCOL["seeds"]["first"] + 2 * seed
    for name, count in PROTOCOL["runs"][effort].items():
        held_out = samples(name, count, first + 1)
        if name in PROTOCOL["asked"]["one_outcome"]:
            yield above("one-outcome", f"{name}, {LEARNER}: runs that come to win", 0.5,
                        wilson(int(held_out.reached.sum()), count))  # fmt: skip
            continue
        one = Runs(name, LEARNER, samples(name, count, first), held_out)
        yield from said_early(name, one, "early score", held_out.early[:, 0] > PROTOCOL[name]["cut"])
