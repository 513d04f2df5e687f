"""The study of the card: how long pools last, by start, with each mechanism on and off.

Constants and bounds were written before any figure, those of efficiency, similarity and `punishment-sustains` before
their own. Looks at 400 and at 1,600 groups had four statements about a scarce pool fail or nearly so. They became the
claim `too-late`, with bounds of those looks, and random numbers were changed, so that none of the runs counted here had
been seen.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy.typing as npt

from nashscape.core import Source, wilson
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.norms.groups import BEGUN, CAPACITY, GROWTH, ROUNDS, SHARE, Course, course
from nashscape.systems.statements import above, mean_above

SOURCE = Source(
    "collective_norms", "Gupta, Zhong, Yakura, Eisenmann, Rahwan: The Role of Social Learning and Collective Norm "
    "Formation in Fostering Cooperation in LLM Multi-Agent Systems. 2025.", "https://arxiv.org/abs/2510.14401",
)  # fmt: skip

GROUPS = {"quick": 1_600, "full": 6_400, "thorough": 25_600}
"""Of each figure."""
FIGURES = 48
FRESH = 2_000
"""Added to seeds: random numbers that no look had."""
CELLS = tuple(product(BEGUN, SHARE))
HARDEST = ("scarce", "selfish")
YIELD = ROUNDS * GROWTH * CAPACITY / 4
"""What the largest yield that lasts gives in all rounds."""


def _rows(groups: int, seed: int) -> Iterator[Row]:
    @cache
    def run(pool: str, start: str, *on: str) -> Course:
        return course(on, pool=pool, start=start, groups=groups, seed=FRESH + seed)

    def outlasts(claim: str, pool: str, start: str, these: tuple[str, ...], those: tuple[str, ...]) -> Row:
        apart = run(pool, start, *these).survived - run(pool, start, *those).survived
        said = " over ".join(" + ".join(own) or "nothing" for own in (these, those))
        return mean_above(claim, f"{pool}, {start}: rounds, {said}", 0.0, _spread(apart))

    for pool in BEGUN:
        yield outlasts("voting-outlasts-imitation", pool, "selfish", ("voting",), ("imitation",))
        yield outlasts("voting-alone", pool, "selfish", ("voting",), ("voting", "imitation"))
        units = run(pool, "selfish", "voting").total - run(pool, "selfish", "imitation").total
        yield mean_above("efficiency", f"{pool}, selfish: share of the sustainable yield, voting over imitation", 0.0,
                         _spread(units / YIELD))  # fmt: skip
    for pool, start in CELLS:
        yield outlasts("copying", pool, start, (), ("imitation",))
        yield outlasts("mechanisms", pool, start, ("voting",), ())
        both = run(pool, start, "punishment", "imitation").survived
        yield above("punishment-sustains", f"{pool}, {start}: share that lasts, punishment + imitation", 0.5,
                    wilson(int((both == ROUNDS).sum()), groups))  # fmt: skip
        if pool == "rich":
            yield outlasts("punishment", pool, start, ("punishment", "imitation"), ("imitation",))
        if (pool, start) == HARDEST:
            continue
        for one in ("punishment", "monitoring"):
            yield outlasts("mechanisms", pool, start, (one,), ())
    gained = run("scarce", "altruistic", "punishment", "imitation").survived
    yield mean_above("too-late", "altruistic: minus rounds gained by punishment, over imitation", -2.0,
                     _spread(run("scarce", "altruistic", "imitation").survived - gained))  # fmt: skip
    for these, those in ((("punishment", "imitation"), ("imitation",)), (("punishment",), ()), (("monitoring",), ())):
        more = run(*HARDEST, *these).survived - run(*HARDEST, *those).survived
        said = f"selfish: minus rounds gained by {these[0]}, over {' + '.join(those) or 'nothing'}"
        yield mean_above("too-late", said, -0.1, _spread(-more))
    for one in ("imitation", "conformism"):
        for pool, start in CELLS:
            own = run(pool, start, one)
            yield mean_above("entropy", f"{pool}, {start}: fall of entropy, {one}", 0.0,
                             _spread(own.first_entropy - own.entropy))  # fmt: skip
            yield mean_above("similarity", f"{pool}, {start}: similarity, {one} over nothing", 0.0,
                             _spread(own.similarity - run(pool, start).similarity))  # fmt: skip
    apart = run("rich", "altruistic").survived - run("rich", "selfish").survived
    yield mean_above("starts", "rich: rounds, altruistic over selfish, nothing on", 0.0, _spread(apart))
    apart = run("rich", "selfish").survived - run("scarce", "selfish").survived
    yield mean_above("starts", "selfish: rounds, rich over scarce, nothing on", 0.0, _spread(apart))


def _spread(values: npt.NDArray[Any]) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("norms", GROUPS, _rows, of="groups", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
