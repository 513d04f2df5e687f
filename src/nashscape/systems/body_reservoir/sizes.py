"""Bodies of several sizes: reductions of variance, payoffs, spectral radii, and the sentinel's advantage."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nashscape.core import wilson
from nashscape.systems.agreement import Row
from nashscape.systems.body_reservoir.bodies import Floats, radii
from nashscape.systems.body_reservoir.experiments import (
    LENGTHS,
    PUBLISHED,
    Grown,
    Noisy,
    advantages,
    grown,
    more_than,
    noisy,
    ratio_of_means,
    spread,
)
from nashscape.systems.statements import above, exactly, holds, mean_above, near

USUAL, SMALL = 30, 5
"""Units of most experiments, and the fewest."""
SIZES = (USUAL, SMALL, 10, 20, 50, 75, 100, 15)
"""In the order in which they are measured, where not all are asked for."""
BODIES = {USUAL: 60, SMALL: 120}
"""Of these sizes, of the others as many as were published; of the smallest few decide a mean."""
DIAGRAM = 75
"""The most units of the diagram."""
REDUCTIONS = {SMALL: 23, USUAL: 205, 75: 1600}
"""Published: variance of tit for tat over that of bodies."""


class Sized(NamedTuple):
    """What was measured of bodies of one size.

    Attributes:
        scaled: variances and payoffs with a ridge in proportion to the size, `[3, n]`.
        fixed: with a fixed one.
        payoffs: per round, `[3, n]`, of the first.
        advantages: of the sentinel, `[5, n]`.
        raw: spectral radii as drawn.
        habituated: and after habituation.
    """

    scaled: Floats
    fixed: Floats
    payoffs: Floats
    advantages: Floats
    raw: Floats
    habituated: Floats


def rows_of_sizes(sizes: Sequence[int], bodies: Grown, usual: Noisy, seed: int) -> Iterator[Row]:
    """All rows that compare sizes; of the usual one bodies and their variances are there."""
    every = {}
    for units in sizes:
        random = np.random.default_rng((seed, units, 1))
        made = bodies if units == USUAL else grown(BODIES.get(units, PUBLISHED), units, random)
        found = usual if units == USUAL else noisy(made.scaled, random)
        every[units] = _measured(made, found, units, random)
        yield from _of_size(units, every[units], random)
    yield from _compared(every)
    yield from _diagram(every)


def _measured(bodies: Grown, found: Noisy, units: int, random: np.random.Generator) -> Sized:
    fixed = found if units == USUAL else noisy(bodies.fixed, random)
    ahead = advantages(bodies.scaled, random) if units <= DIAGRAM else np.zeros((len(LENGTHS), 0))
    return Sized(
        found.variances,
        fixed.variances,
        found.payoffs,
        ahead,
        radii(bodies.raw.recurrent),
        radii(bodies.scaled.recurrent),
    )


def _of_size(units: int, found: Sized, random: np.random.Generator) -> Iterator[Row]:
    if units in REDUCTIONS:
        tit_for_tat, _, body = found.scaled
        yield ratio_of_means("reductions", f"{units} units", REDUCTIONS[units], tit_for_tat, body, random)


def _compared(every: dict[int, Sized]) -> Iterator[Row]:
    most = max(every)
    for claim, part in (("richness", "scaled"), ("fixed-ridge", "fixed")):
        both = [getattr(every[units], part) for units in (most, SMALL)]
        large, small = (np.log(own[0] / own[2]) for own in both)
        yield mean_above(claim, f"reduction of {most} units over that of {SMALL}, logarithm", 0.0,
                         more_than(large, small))  # fmt: skip
    for run, name in ((1, ".7"), (2, "1")):
        ahead = np.concatenate([own.payoffs[0] > own.payoffs[run] for units, own in every.items() if units >= 10])
        yield above("payoff-alone", f"bodies in which tit for tat is paid more than trust {name}", 0.5,
                    wilson(int(ahead.sum()), ahead.size))  # fmt: skip
    away = max(float(np.abs(found.raw - 0.9).max()) for found in every.values())
    yield above("radius", "largest difference of the radius to .9", 0.1, exactly(away))
    usual = every[USUAL].habituated
    yield near("habituation", "mean radius after habituation", 0.82, float(usual.mean()), 0.05)
    bound = np.concatenate([np.abs(found.habituated - 0.99) < 1e-3 for found in every.values()])
    yield above("bound", "bodies whose radius ends at the bound .99", 0.9, wilson(int(bound.sum()), bound.size))


def _diagram(every: dict[int, Sized]) -> Iterator[Row]:
    drawn = {units: found.advantages for units, found in sorted(every.items()) if units <= DIAGRAM}
    for units, ahead in drawn.items():
        yield mean_above("longer", f"{units} units: advantage after 10 rounds over that after 500", 0.0,
                         spread(ahead[0] - ahead[-1]))  # fmt: skip
    positive = [bool(mean > 0) for ahead in drawn.values() for mean in ahead.mean(axis=1)]
    yield holds("everywhere", "pairs of size and length with more for the sentinel, on average", positive, "all")
    most, fewer = max(drawn), min(units for units in drawn if units >= 10 or len(drawn) == 2)
    yield mean_above("diagram", f"advantage of {most} units over {fewer}", 0.0,
                     more_than(drawn[most].mean(axis=0), drawn[fewer].mean(axis=0)))  # fmt: skip
    yield mean_above("diagram", f"{USUAL} units: after 500 rounds of defection over 10", 0.0,
                     spread(drawn[USUAL][-1] - drawn[USUAL][0]))  # fmt: skip
