"""The study of the card: who gives in equilibrium, the region in which all do, welfare over terms, and learners."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nashscape.core import Source, wilson
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.sequential_public_goods import borders, learning
from nashscape.systems.sequential_public_goods.enclosures import enclosed
from nashscape.systems.sequential_public_goods.induction import Terms, outcome, seed
from nashscape.systems.statements import above, below, exactly, holds, more, near
from nashscape.theory import subgame_perfect

SOURCE = Source(
    "mac_spgg", "Liang et al.: Everyone Contributes! Incentivizing Strategic Cooperation in Multi-LLM Systems via "
    "Sequential Public Goods Games. 2025.", "https://arxiv.org/abs/2508.02076",
)  # fmt: skip

POINTS = {"quick": 7, "full": 15, "thorough": 25}
"""Of each of three parameters at which welfare is looked at."""
PENALTIES = (0.8, 1.5)
RUNS = 400
FIGURES = 40
LOSS = 0.05
"""In welfare: smaller changes may be those of the grid of contributions."""


def _rows(points: int, chance: int) -> Iterator[Row]:
    yield from _dilemma()
    yield from _region()
    yield from _borders()
    yield from _who()
    yield from _welfare(points)
    yield from _learners(chance)


def _dilemma() -> Iterator[Row]:
    multipliers = np.arange(1, 16) * 0.3
    right = [bool(outcome(Terms(multiplier=x)).sum() == 0) == (x / 3 <= 0.6 + 1e-12) for x in multipliers]
    yield holds("dilemma", "nothing is given if and only if ρ/n ≤ c'(0)", right, "of all ρ from .3 to 4.5")
    yield near("dilemma", "each gives at ρ = 2.4", 0.25, float(outcome(Terms(multiplier=2.4)).mean()), 1e-3)
    yield near("dilemma", "the least that one gives at ρ = 4.2", 1.0, float(outcome(Terms(multiplier=4.2)).min()), 1e-3)


def _region() -> Iterator[Row]:
    for threshold in (0.85, 2.55, 3.0):
        found = [
            enclosed(Terms(*own, threshold)) for own in product((1.5, 2.0, 2.5), (1.8, 2.4, 3.3, 4.2), (0.8, 1.5, 3.0))
        ]
        yield holds("bounds", f"B = {threshold}: all give and the threshold is met, in every equilibrium",
                    [bool(one.holds(borders.LEAST)) for one in found], "of γ ≥ 1.5, ρ ≥ 1.8, P ≥ .8")  # fmt: skip
    for threshold in (2.55, 3.0):
        one = enclosed(Terms(1.5, 1.8, 1.5, threshold), 800)
        yield below("unique", f"B = {threshold}: equilibria are so close to each other", 0.01,
                    exactly(float((one.high - one.low).max())))  # fmt: skip
    for penalty in (0.8, 1.5, 3.0):
        one = enclosed(Terms(1.5, 1.8, penalty, 1.9))
        yield below(
            "free-rider", f"B = 1.9, P = {penalty:g}: the first gives at most", 0.05, exactly(float(one.high[0]))
        )


def _borders() -> Iterator[Row]:
    for bonus, threshold, known in (
        (0.0, 2.55, 0.4 * 0.55**2),
        (0.0, 3.0, 0.4),
        *((g, 3.0, 0.4 * (1 - (0.8 / g) ** 2)) for g in (1.5, 2.0, 2.5)),
    ):
        low, high = borders.least_penalty(Terms(bonus, threshold=threshold))
        where = f"γ = {bonus:g}, B = {threshold:g}"
        yield holds("border", f"{where}: proved to be outside at {low:.3f} and inside at {high:.3f}",
                    low <= known <= high, f"{known:.4f} is between them")  # fmt: skip
        yield below("border", f"{where}: they are apart by", 0.1, exactly(high - low))


def _who() -> Iterator[Row]:
    for bonus, known in ((1.5, 0.8 / 1.5), (2.0, 0.4)):
        terms = Terms(bonus)
        yield near("seed", f"γ = {bonus:g}, P = 0: the first gives", known, float(outcome(terms)[0]), 1e-3)
        yield near("seed", f"γ = {bonus:g}: (c'(1) − ρ/n)/γ", known, seed(terms), 1e-9)
    second = outcome(Terms(2.0, 0.9))
    yield near("second", "γ = 2, ρ = .9: the first gives", 0.0, float(second[0]), 1e-3)
    yield near("second", "the second", 0.55, float(second[1]), 1e-3)
    yield near("full", "γ = 1.5, ρ = 1.8, P = 1.5, B = 2.55: the least that one gives", 1.0,
               float(outcome(Terms(1.5, 1.8, 1.5, 2.55)).min()), 0.01)  # fmt: skip
    every = [enclosed(Terms(g, 1.8, p, 3.0)) for g, p in product((1.5, 2.0, 2.5), (0.8, 1.5, 3.0))]
    yield holds("maximal", "B = n: all give all", [bool(one.low.min() >= 0.99) for one in every], "of γ ≥ 1.5, P ≥ .8")


def _welfare(points: int) -> Iterator[Row]:
    for threshold, known in ((2.0, 3.1), (2.55, 5.289), (3.0, 6.9)):
        terms = Terms(1.5, 1.8, 1.5, threshold)
        yield near("values", f"B = {threshold:g}: welfare", known, terms.welfare(outcome(terms)), 0.01)
    found, inside = borders.welfares(points, PENALTIES)
    rule = "of all steps within the region, γ ≥ 1.5, ρ ≥ 1.8, P ≥ .8"
    for axis, (claim, word) in enumerate((("welfare-bonus", "γ"), ("welfare-multiplier", "ρ"))):
        steps = borders.steps_along(axis, found, inside)
        yield holds(claim, f"welfare grows in {word}", (steps > 0).tolist(), rule)
    steps = borders.steps_along(2, found, inside)
    yield holds(
        "welfare-threshold", f"welfare falls, or changes by less than {LOSS}, in B", (steps <= LOSS).tolist(), rule
    )
    for name, less, larger in (("γ", Terms(0.2, 2.7), Terms(0.4, 2.7)), ("ρ", Terms(0.2, 3.2), Terms(0.2, 3.4))):
        fall = larger.welfare(outcome(larger, 1000)) - less.welfare(outcome(less, 1000))
        yield below("welfare-small", f"a larger {name} at a small γ, P = 0: welfare changes by", -0.3, exactly(fall))


def _learners(chance: int) -> Iterator[Row]:
    with_terms = {"bonus": "3/2", "penalty": "3/2", "threshold": "5/2"}
    bare, redesigned = learning.game(), learning.game(**with_terms)
    met = []
    for played in (bare, redesigned):
        given = learning.likeliest(played, RUNS, chance)
        met.append(wilson(int((given.sum(axis=1) >= 2.5).sum()), RUNS))
        if played is redesigned:
            perfect = np.array([float(x) for x in subgame_perfect(played).outcomes[0][0].split()])
            reached = wilson(int((given == perfect).all(axis=1).sum()), RUNS)
    yield more("learners", "5/2 come together: with the terms, against without", met[1], met[0])
    yield above("learners", "with the terms", 0.5, met[1])
    yield below("learners-perfect", "play is that of the subgame-perfect equilibrium", 0.75, reached)


measure = measuring("sequential-public-goods", POINTS, _rows, of="points", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
