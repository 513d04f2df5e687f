"""Responses by which every member of a side learns by itself, round by round, from what its own actions are worth."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number, positive_integer
from nashscape.populations.lessons import Lesson, Strategies

Floats = npt.NDArray[np.float64]
Update = Callable[[int, Floats, Floats, Any], tuple[Floats, Any]]
"""From the round, a mixture, what its actions are worth and what was remembered, to the next mixture and memory."""

ROUNDS = 1000


def replicator(lesson: Lesson, learning: Strategies, *, rounds: int = ROUNDS, rate: float = 0.1) -> Strategies:
    """`σ ← σ (1 + rate · r/max|r|)`, r = v − σ·v; with a floor of 10⁻⁴ under every action.

    Args:
        lesson: what there is to respond to.
        learning: where members begin.
        rounds: how many.
        rate: from 0 to 1.
    """
    rate = finite_number(rate, "rate", low=0.0, high=1.0, low_open=True)

    def update(_: int, own: Floats, worth: Floats, memory: Any) -> tuple[Floats, Any]:
        regret = worth - own @ worth
        return _raised(own * (1.0 + rate * regret / (np.abs(regret).max() or 1.0))), memory

    return _learnt(lesson, learning, rounds, update)


def hedge(lesson: Lesson, learning: Strategies, *, rounds: int = ROUNDS, rate: float = 0.1) -> Strategies:
    """Multiplicative weights: `σ ∝ σ exp(rate · v/range)`; with a floor of 10⁻⁴ under every action.

    Args:
        lesson: what there is to respond to.
        learning: where members begin.
        rounds: how many.
        rate: above 0.
    """
    rate = finite_number(rate, "rate", low=0.0, low_open=True) / (lesson.sides.scale or 1.0)

    def update(_: int, own: Floats, worth: Floats, memory: Any) -> tuple[Floats, Any]:
        weights = own * np.exp(rate * (worth - worth.max()))
        return _raised(weights / weights.sum()), memory

    return _learnt(lesson, learning, rounds, update)


def ftrl(lesson: Lesson, learning: Strategies, *, rounds: int = ROUNDS, rate: float = 1.0) -> Strategies:
    """Follow the regularised leader, by entropy: `σ ∝ σ_0 exp(rate · Σ_t v_t / (√t · range))`.

    Args:
        lesson: what there is to respond to.
        learning: where members begin, σ_0.
        rounds: how many.
        rate: above 0.
    """
    rate = finite_number(rate, "rate", low=0.0, low_open=True) / (lesson.sides.scale or 1.0)

    def update(round_: int, own: Floats, worth: Floats, memory: Any) -> tuple[Floats, Any]:
        with np.errstate(divide="ignore"):
            first, total = (np.log(own), 0.0) if memory is None else memory
        total = total + worth / np.sqrt(round_ + 1)
        powers = first + rate * total
        weights = np.exp(powers - powers.max())
        return weights / weights.sum(), (first, total)

    return _learnt(lesson, learning, rounds, update)


def matched_regrets(lesson: Lesson, learning: Strategies, *, rounds: int = ROUNDS) -> Strategies:
    """Regret matching of every member by itself, and its average strategy: what is left of CFR where nothing is hidden.

    Args:
        lesson: what there is to respond to.
        learning: where members begin.
        rounds: how many.
    """

    def update(_: int, own: Floats, worth: Floats, memory: Any) -> tuple[Floats, Any]:
        regret = (0.0 if memory is None else memory) + worth - own @ worth
        positive = np.maximum(regret, 0.0)
        total = positive.sum()
        return positive / total if total > 0 else np.full(len(own), 1.0 / len(own)), regret

    return _learnt(lesson, learning, rounds, update, average=True)


LEAST = 1e-4


def _raised(own: Floats) -> Floats:
    return (own + LEAST) / (own + LEAST).sum()


def _learnt(lesson: Lesson, learning: Strategies, rounds: int, update: Update, *, average: bool = False) -> Strategies:
    """The strategies after so many rounds in which all members learn at once; or their average, from the first on."""
    sides = lesson.sides
    memories: list[list[Any]] = [[None] * len(sides.shapes[side]) for side in sides.first]
    sums = [np.zeros(len(own)) for own in learning]
    rounds = positive_integer(rounds, "rounds")
    for k in range(rounds):
        sums = [total + own for total, own in zip(sums, learning, strict=True)]
        values = [lesson.values(side, learning) for side in sides.first]
        made = []
        for seat, side in enumerate(sides.first):
            worth = sides.member_values(side, values[seat], learning[seat])
            steps = map(partial(update, k), sides.mixtures(side, learning[seat]), worth, memories[seat])
            new, memories[seat] = map(list, zip(*steps, strict=True))
            made.append(np.concatenate(new))
        learning = made
    return [total / rounds for total in sums] if average else learning
