"""The study of the card: values by best answers in turn, in whole numbers, and a continuous version on cells."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core import Source, wilson
from nashscape.dynamics import Settling, starts
from nashscape.dynamics.reducers import welfare
from nashscape.games import hats
from nashscape.learning import best_replies, pg
from nashscape.selection import Entry, entry_probability
from nashscape.semantics import parametric, simplex
from nashscape.systems.agreement import Row
from nashscape.systems.levine_hats import ascent, continuous
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
CELLS, LEARNERS, ROUNDS = 64, 200, 30


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
    learned = entry_probability(
        hats(3), pg(), n=LEARNERS, seed=seed, starts=starts.normal(std=1.0), steps=6000, step_size=10.0,
        reducers=[welfare(over="end")],
    )  # fmt: skip
    reached = wilson(int((_chances(learned) > float(FINITE[2]) - 0.005).sum()), LEARNERS)
    yield above("local-optima", "gradient learners who end at 11/32", 0.3, reached)
    yield below("local-optima", "the same share", 0.7, reached)
    answered = _chances(answers_in_turn(3, LEARNERS, seed))
    in_turn = wilson(int((answered > float(FINITE[2]) - 0.005).sum()), LEARNERS)
    yield more("gradients-or-answers", "gradient learners, against best answers in turn", reached, in_turn)


def answers_in_turn(height: int, count: int, seed: int) -> Entry:
    """Players who name the best hat for every stack, in turn, from strategies drawn at random, a hat for every stack.

    Only where they end is looked at, so that nothing is followed further.
    """
    game = hats(height)
    stacks = len(game.stacks)
    first = np.random.default_rng(seed).integers(0, height, (count, 2 * stacks))
    return entry_probability(
        parametric(game, simplex((height, height), states=stacks)), best_replies(order="sequential", ties="first"),
        starts=starts.parameters(np.eye(height)[first].reshape(count, -1)), steps=ROUNDS,
        settling=Settling(follow=False), reducers=[welfare(over="end")],
    )  # fmt: skip


def _chances(found: Entry) -> npt.NDArray[np.float64]:
    """The chance to win with which every run ends; both players get it."""
    return np.asarray(found.reduced["end_welfare"], dtype=np.float64) / 2


measure = measuring("levine-hats", STARTS, _rows, of="starts", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
