"""The study of the card: values by best answers in turn, in whole numbers, and a continuous version on cells."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, Source, wilson
from nashscape.games import hats
from nashscape.studies import Study
from nashscape.systems.agreement import Row
from nashscape.systems.levine_hats import ascent, continuous, study
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, more, near

SOURCE = Source(
    "levine_hats",
    "Bouquet, Chikhi, Charles, Zhou, Wang: An analytical framework for the Levine hats problem: new strategies, bounds "
    "and generalizations. 2025.",
    "https://arxiv.org/abs/2508.01737",
)
STARTS = {"quick": 400, "full": 2000, "thorough": 20_000}
"""Random strategies from which best answers in turn begin."""
FIGURES = 22
FINITE = (
    Fraction(1, 4),
    Fraction(5, 16),
    Fraction(11, 32),
    Fraction(89, 256),
    Fraction(179, 512),
    Fraction(1433, 4096),
)
"""Lower bounds of the values of stacks of 1, 2, … hats."""
BLOCKS = {3: Fraction(7, 20), 4: Fraction(22, 63), 5: Fraction(7, 20), 6: Fraction(358, 1023), 7: Fraction(7, 20)}
CELLS, LEARNERS = 64, 200


def _rows(count: int, seed: int) -> Iterator[Row]:
    best = {}
    for length, published in BLOCKS.items():
        best[length] = _best(length, count, seed, constant=False)
        value = ascent.value_of_blocks(length, best[length])
        claim = "five" if length == 5 else "three" if length == 3 else "other-blocks"
        yield holds(claim, f"blocks of {length}: exactly {published}", value == published, f"{value}")
    yield below("rate", "per hat, with blocks of five", ascent.rate(3), exactly(ascent.rate(5)))
    odd = [ascent.value_of_blocks(length, best[length]) == Fraction(7, 20) for length in (3, 5, 7)]
    yield holds("near-optimal-rate", "blocks of 3, 5, 7 attain 7/20", odd, "all")
    yield near("near-optimal-rate", "rate per hat with blocks of seven", 4 ** -(6 / 7), ascent.rate(7), 1e-12)
    for height, published in enumerate(FINITE, start=1):
        found = _best(height, count, seed, constant=True)
        yield holds("finite", f"{height} hats: at least {published}", found >= published, f"{found}")
    yield from _continuous(seed)
    yield from _learners(seed)


def _best(height: int, count: int, seed: int, *, constant: bool) -> Fraction:
    stacks = np.asarray(hats(height, constant=constant).stacks).astype(np.int64)
    return ascent.share(stacks, max(ascent.optima(stacks, count, seed)))


def _continuous(seed: int) -> Iterator[Row]:
    first, second = continuous.turning(CELLS)
    yield near("one-half", "both name the half turn of what they see", 0.5, continuous.chance(first, second), 0.0)
    others = [continuous.drawn(CELLS, seed + k) for k in range(20)]
    # who is right is right half of the time, whatever the other does: nobody wins more often
    most = max(continuous.response(own)[1] for own in others)
    yield below("one-half", "the best answers to strategies at random", 0.5, exactly(most))
    answers = [continuous.response(own) for own in others]
    right = [
        abs(continuous.chance(own, made) - value) < 1e-12 for own, (made, value) in zip(others, answers, strict=True)
    ]
    yield holds("responses", "best answers win with the chance of the formula", right, "exactly")


def _learners(seed: int) -> Iterator[Row]:
    """Stacks of three hats, from random strategies: how often gradient learners, and best answers, end at 11/32."""
    reached = _best_reached(study.GRADIENTS.but({"n": LEARNERS}, seed=seed))
    yield above("local-optima", "gradient learners who end at 11/32", 0.3, reached)
    yield below("local-optima", "the same share", 0.7, reached)
    in_turn = _best_reached(study.answers_in_turn(study.HEIGHT, LEARNERS, seed))
    yield more("gradients-or-answers", "gradient learners, against best answers in turn", reached, in_turn)


def _best_reached(asked: Study) -> Estimate:
    return wilson(int((chances(asked) > float(FINITE[study.HEIGHT - 1]) - 0.005).sum()), LEARNERS)


def chances(asked: Study) -> npt.NDArray[np.float64]:
    """The chance to win with which every run of a study ends; both players get it."""
    found: list[npt.NDArray[np.float64]] = []
    asked.run(seen=lambda _, entry: found.append(np.asarray(entry.reduced["end_welfare"], np.float64) / 2))
    return np.concatenate(found)


measure = measuring("levine-hats", STARTS, _rows, of="starts", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
