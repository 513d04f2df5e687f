"""Expected payoffs of mixed actions and their derivatives along logits, with differences of payoffs taken first.

What one player's mixture, or a derivative of it along the own logits, makes of numbers `u_a`, one per action, is a sum
of factors times expectations of exact combinations of the u:

* the mixture itself: `E u`;
* a sigmoid's k-th derivative: `s⁽ᵏ⁾ (u_0 − u_1)`;
* a softmax's, with `g_b = E(u_b − u)`:
  `∂_b = σ_b g_b`, `∂_b∂_b = σ_b (1 − 2σ_b) g_b`, `∂_b∂_c = −σ_b σ_c (g_b + g_c)`,
  `∂_b∂_b∂_b = σ_b (1 − 6σ_b + 6σ_b²) g_b`, `∂_b∂_b∂_d = −σ_b σ_d ((1 − 4σ_b) g_b + (1 − 2σ_b) g_d)` and
  `∂_b∂_c∂_d = 2 σ_b σ_c σ_d (g_b + g_c + g_d)`.

The combinations are applied to the exact payoffs of all such players before anything is averaged, so that balls of
probabilities only meet the differences that matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from nashscape.checking.expressions import HALF, ONE, ZERO, Number

Exact = tuple[Fraction, ...]
TWO = Fraction(2)


@dataclass(frozen=True)
class Part:
    """`factor · E(M u)`, or `factor · (M u)_0` where nothing is averaged."""

    factor: Number
    matrix: tuple[Exact, ...]
    averaged: bool


def sigmoid_parts(atoms: Sequence[Number], order: int) -> list[Part]:
    """The derivative of this order of a mixture of two actions; atoms are `s, s′, s″, s‴`."""
    if order:
        return [Part(atoms[order], ((ONE, -ONE),), False)]
    return [Part(ONE, ((ONE, ZERO), (ZERO, ONE)), True)]


def softmax_parts(atoms: Sequence[Number], along: Sequence[int], bare: int | None = None) -> list[Part]:
    """The derivative along some of the logits; atoms are the probabilities σ.

    It is divided by the probability of one of these logits, `bare`, where one is given.
    """
    count = len(atoms)

    def gain(weights: dict[int, int]) -> tuple[Exact, ...]:
        """The rows `Σ_b w_b (u_b − u_a)` for every a."""
        return tuple(
            tuple(Fraction(weights.get(b, 0) - (sum(weights.values()) if a == b else 0)) for b in range(count))
            for a in range(count)
        )

    if not along:
        return [Part(ONE, tuple(tuple(Fraction(a == b) for b in range(count)) for a in range(count)), True)]
    different = sorted(set(along), key=lambda b: (-along.count(b), b))
    own = [atoms[b] for b in different]
    first, shares = own[0], prod((ONE if b == bare else atoms[b] for b in different), start=ONE)
    if len(different) == 1:
        bends: list[Number] = [ONE, ONE - TWO * first, ONE - Fraction(6) * first * (ONE - first)]
        return [Part(shares * bends[len(along) - 1], gain({different[0]: 1}), True)]
    if len(along) == 2:
        return [Part(-shares, gain(dict.fromkeys(different, 1)), True)]
    if len(different) == 3:
        return [Part(TWO * shares, gain(dict.fromkeys(different, 1)), True)]
    b, d = different
    return [
        Part(-shares * (ONE - Fraction(4) * first), gain({b: 1}), True),
        Part(-shares * (ONE - TWO * first), gain({d: 1}), True),
    ]


def expectation(payoffs: Exact, parts: Sequence[Sequence[Part]], weights: Sequence[Sequence[Number]]) -> Number:
    """The sum over all choices of one part per player; payoffs are in row-major order.

    Args:
        payoffs: one number per joint action.
        parts: for every player what becomes of the own axis.
        weights: for every player `[s]` of a sigmoid, or the probabilities of all actions.
    """
    total: Number = ZERO
    shape = [len(own[0].matrix[0]) for own in parts]
    for chosen in product(*parts):
        numbers, sizes = payoffs, list(shape)
        for axis, part in enumerate(chosen):
            numbers = _applied(part.matrix, numbers, sizes, axis)
            sizes[axis] = len(part.matrix)
        factor: Number = ONE
        for part in chosen:
            factor = factor * part.factor
        total = total + factor * _average(numbers, sizes, weights)
    return total


def _applied(matrix: Sequence[Exact], numbers: Exact, sizes: Sequence[int], axis: int) -> Exact:
    """The matrix applied along one axis."""
    before, inside, after = prod(sizes[:axis]), sizes[axis], prod(sizes[axis + 1 :])
    return tuple(
        sum((w * numbers[(x * inside + a) * after + y] for a, w in enumerate(row) if w), ZERO)
        for x in range(before)
        for row in matrix
        for y in range(after)
    )


def _average(numbers: Exact, sizes: Sequence[int], weights: Sequence[Sequence[Number]]) -> Number:
    """The expectation over all axes longer than one: what the middle of two actions, or the last of several, gives, and
    what the others add to it. Near a corner the last one is that which is played, and what is added is small."""
    if not any(numbers):
        return ZERO
    if not sizes:
        return numbers[0]
    count, own, rest = sizes[0], weights[0], len(numbers) // sizes[0]
    slices = [numbers[a * rest : (a + 1) * rest] for a in range(count)]
    if count == 1:
        return _average(slices[0], sizes[1:], weights[1:])
    if len(own) == 1:
        middle = tuple((x + y) / 2 for x, y in zip(*slices, strict=True))
        change = tuple(x - y for x, y in zip(*slices, strict=True))
        return _average(middle, sizes[1:], weights[1:]) + (own[0] - HALF) * _average(change, sizes[1:], weights[1:])
    total = _average(slices[-1], sizes[1:], weights[1:])
    for chance, values in zip(own[:-1], slices[:-1], strict=True):
        change = tuple(x - y for x, y in zip(values, slices[-1], strict=True))
        total = total + chance * _average(change, sizes[1:], weights[1:])
    return total
