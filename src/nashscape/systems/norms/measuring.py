"""The study of the card: how long pools last, by start, with each mechanism on and off."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.norms.groups import BEGUN, SHARE, Course, course
from nashscape.systems.statements import mean_above

SOURCE = Source(
    "collective_norms", "Social learning and collective norms in groups of language models on a common pool. 2025.",
    "https://arxiv.org/abs/2510.14401",
)  # fmt: skip

GROUPS = {"quick": 400, "full": 2_000, "thorough": 10_000}
"""Of each figure."""
FIGURES = 34
CELLS = tuple(product(BEGUN, SHARE))


def _rows(groups: int, seed: int) -> Iterator[Row]:
    @cache
    def run(pool: str, start: str, *on: str) -> Course:
        return course(on, pool=pool, start=start, groups=groups, seed=seed)

    def outlasts(claim: str, pool: str, start: str, these: tuple[str, ...], those: tuple[str, ...]) -> Row:
        apart = run(pool, start, *these).survived - run(pool, start, *those).survived
        said = " over ".join(" + ".join(own) or "nothing" for own in (these, those))
        return mean_above(claim, f"{pool}, {start}: rounds, {said}", 0.0, _spread(apart))

    for pool in BEGUN:
        yield outlasts("voting-outlasts-imitation", pool, "selfish", ("voting",), ("imitation",))
        yield outlasts("voting-alone", pool, "selfish", ("voting",), ("voting", "imitation"))
    for pool, start in CELLS:
        yield outlasts("punishment", pool, start, ("punishment", "imitation"), ("imitation",))
        yield outlasts("copying", pool, start, (), ("imitation",))
        for one in ("punishment", "voting", "monitoring"):
            yield outlasts("mechanisms", pool, start, (one,), ())
    for one in ("imitation", "conformism"):
        for pool, start in CELLS:
            own = run(pool, start, one)
            yield mean_above("entropy", f"{pool}, {start}: fall of entropy, {one}", 0.0,
                             _spread(own.first_entropy - own.entropy))  # fmt: skip
    apart = run("rich", "altruistic").survived - run("rich", "selfish").survived
    yield mean_above("starts", "rich: rounds, altruistic over selfish, nothing on", 0.0, _spread(apart))
    apart = run("rich", "selfish").survived - run("scarce", "selfish").survived
    yield mean_above("starts", "selfish: rounds, rich over scarce, nothing on", 0.0, _spread(apart))


def _spread(values: npt.NDArray[Any]) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("norms", GROUPS, _rows, of="groups", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
