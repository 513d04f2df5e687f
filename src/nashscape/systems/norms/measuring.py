"""The study of the card: how long pools last, by start, with each mechanism on and off.

Constants and bounds were written before any figure, those of efficiency, similarity, `half-kept`, `taken-off` and
`punishment-sustains` before their own. Looks at 400 and at 1,600 groups had four statements about a scarce pool fail or
nearly so. They became the claim `too-late`, with bounds of those looks, and random numbers were changed, so that none
of the runs counted here had been seen when they were.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy.typing as npt

from nashscape.core import Source, wilson
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.norms.groups import (
    BEGUN,
    CAPACITY,
    GROWTH,
    MECHANISMS,
    OBEYS,
    ROUNDS,
    SHARE,
    GroupCourse,
    course,
)
from nashscape.systems.statements import above, mean_above

SOURCE = Source(
    "collective_norms", "Gupta, Zhong, Yakura, Eisenmann, Rahwan: The Role of Social Learning and Collective Norm "
    "Formation in Fostering Cooperation in LLM Multi-Agent Systems. 2025.", "https://arxiv.org/abs/2510.14401",
)  # fmt: skip

GROUPS = {"quick": 1_600, "full": 6_400, "thorough": 25_600}
"""Of each figure."""
FIGURES = 58
FRESH = 2_000
"""Added to seeds: random numbers that no look had."""
On = tuple[str, ...]
Runs = Callable[..., GroupCourse]
"""From pool, start and what is on, remembered: all of it is of the same first demands."""
CELLS = tuple(product(BEGUN, SHARE))
HARDEST = ("scarce", "selfish")
YIELD = ROUNDS * GROWTH * CAPACITY / 4
"""What the largest yield that lasts gives in all rounds."""


def _rows(groups: int, seed: int) -> Iterator[Row]:
    @cache
    def run(pool: str, start: str, *on: str, obeys: float = OBEYS) -> GroupCourse:
        return course(on, pool=pool, start=start, groups=groups, seed=FRESH + seed, obeys=obeys)

    yield from _voting(run)
    yield from _alone(run)
    yield from _punishment(run)
    yield from _likeness(run)
    yield from _starts(run)


def _outlasts(claim: str, run: Runs, cell: tuple[str, str], these: On, those: On) -> Row:
    apart = run(*cell, *these).survived - run(*cell, *those).survived
    label = f"{', '.join(cell)}: rounds, {_named(these)} over {_named(those)}"
    return mean_above(claim, label, 0.0, _spread(apart))


def _named(on: On) -> str:
    missing = [one for one in MECHANISMS if one not in on]
    return "all" if not missing else f"all but {missing[0]}" if len(missing) == 1 else " + ".join(on) or "nothing"


def _voting(run: Runs) -> Iterator[Row]:
    for pool in BEGUN:
        cell = (pool, "selfish")
        yield _outlasts("voting-outlasts-imitation", run, cell, ("voting",), ("imitation",))
        yield _outlasts("voting-alone", run, cell, ("voting",), ("voting", "imitation"))
        alone, copied = run(*cell, "voting"), run(*cell, "imitation")
        yield mean_above("efficiency", f"{pool}, selfish: share of the sustainable yield, voting over imitation", 0.0,
                         _spread((alone.total - copied.total) / YIELD))  # fmt: skip
        half = run(*cell, "voting", obeys=0.5).survived
        yield mean_above("half-kept", f"{pool}, selfish: rounds, voting with half who keep to it, over imitation", 0.0,
                         _spread(half - copied.survived))  # fmt: skip
    for cell in CELLS:
        without = {one: tuple(other for other in MECHANISMS if other != one) for one in MECHANISMS}
        yield _outlasts("taken-off", run, cell, MECHANISMS, without["voting"])
        yield _outlasts("taken-off", run, cell, without["imitation"], MECHANISMS)


def _alone(run: Runs) -> Iterator[Row]:
    for cell in CELLS:
        yield _outlasts("copying", run, cell, (), ("imitation",))
        for one in ("voting",) if cell == HARDEST else ("voting", "punishment", "monitoring"):
            yield _outlasts("mechanisms", run, cell, (one,), ())


def _punishment(run: Runs) -> Iterator[Row]:
    both = ("punishment", "imitation")
    for cell in CELLS:
        survived = run(*cell, *both).survived
        yield above("punishment-sustains", f"{', '.join(cell)}: share that lasts, punishment + imitation", 0.5,
                    wilson(int((survived == ROUNDS).sum()), len(survived)))  # fmt: skip
        if cell[0] == "rich":
            yield _outlasts("punishment", run, cell, both, ("imitation",))
    few: tuple[tuple[tuple[str, str], On, On, float], ...] = (
        (("scarce", "altruistic"), both, ("imitation",), 2.0), (HARDEST, both, ("imitation",), 0.1),
        (HARDEST, ("punishment",), (), 0.1), (HARDEST, ("monitoring",), (), 0.1),
    )  # fmt: skip
    for cell, these, those, most in few:
        lost = run(*cell, *those).survived - run(*cell, *these).survived
        label = f"{', '.join(cell)}: minus rounds gained, {_named(these)} over {_named(those)}"
        yield mean_above("too-late", label, -most, _spread(lost))


def _likeness(run: Runs) -> Iterator[Row]:
    for one, cell in product(("imitation", "conformism"), CELLS):
        own, said = run(*cell, one), f"{', '.join(cell)}:"
        yield mean_above("entropy", f"{said} fall of entropy, {one}", 0.0, _spread(own.first_entropy - own.entropy))
        yield mean_above("similarity", f"{said} similarity, {one} over nothing", 0.0,
                         _spread(own.similarity - run(*cell).similarity))  # fmt: skip


def _starts(run: Runs) -> Iterator[Row]:
    for said, one, other in (
        ("rich: rounds, altruistic over selfish", ("rich", "altruistic"), ("rich", "selfish")),
        ("selfish: rounds, rich over scarce", ("rich", "selfish"), ("scarce", "selfish")),
    ):
        apart = run(*one).survived - run(*other).survived
        yield mean_above("starts", f"{said}, nothing on", 0.0, _spread(apart))


def _spread(values: npt.NDArray[Any]) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("norms", GROUPS, _rows, of="groups", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
