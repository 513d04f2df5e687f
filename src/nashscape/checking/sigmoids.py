"""The sigmoid and its first three derivatives over a range of logits, from their values at its ends.

    s = 1/(1 + e^−z),   s′ = s (1 − s),   s″ = s′ (1 − 2s),   s‴ = s′ (1 − 6 s′).

s only rises. The others rise and fall in turn and turn where the next one is zero: s′ at 0, s″ where s′ = 1/6, at
z = ±log(2 + √3), and s‴ at 0 and where s′ = 1/12, at z = ±log(5 + 2√6). Between such points their extremes lie at the
ends of the range, so the hull of the ends and of the turns that may lie between them is the range itself.
"""

from typing import Any

from flint import arb

Atoms = tuple[arb, ...]


class Sigmoids:
    """Values at one logit and over ranges, at the precision at which this was made."""

    def __init__(self, order: int) -> None:
        """For derivatives up to this order."""
        self.order = order
        one, two, three = arb(1), arb(2), arb(3)
        self.one, self.six = one, arb(6)
        sixth = 1 / arb(6)
        bend = (two + three.sqrt()).log()
        steep = (arb(5) + two * self.six.sqrt()).log()
        # where derivatives turn, and their values there
        turn = sixth * (1 / three).sqrt()
        self.turns: list[tuple[int, arb, arb]] = [
            (1, arb(0), arb(0.25)),
            (2, -bend, turn), (2, bend, -turn),
            (3, arb(0), arb(-0.125)), (3, -steep, 1 / arb(24)), (3, steep, 1 / arb(24)),
        ]  # fmt: skip

    def at(self, z: arb) -> Atoms:
        """`(s, s′, …)` at a logit, or at all of a thin ball."""
        e = (-z).exp()
        s = self.one / (self.one + e)
        if self.order == 0:
            return (s,)
        other = e * s
        first = s * other
        found: Any = (s, first, first * (other - s), first * (self.one - self.six * first))
        return tuple(found[: self.order + 1])

    def over(self, low: arb, high: arb, at_low: Atoms, at_high: Atoms) -> Atoms:
        """The same over the range from `low` to `high`, from the values at its ends."""
        found = [x.union(y) for x, y in zip(at_low, at_high, strict=True)]
        for order, where, value in self.turns:
            if order <= self.order and not (low > where or high < where):
                found[order] = found[order].union(value)
        return tuple(found)
