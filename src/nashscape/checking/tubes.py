"""Cells of starts followed into their traps, cut into pieces where the whole cell spreads too far.

The centre of a cell, or of a piece, that does not enter the trap contradicts the claim about the cell, or leaves it
unproved, and it is followed before anything is cut.
"""

from collections.abc import Sequence

from flint import arb

from nashscape.checking.documents import CornerTrap, Document, RestTrap, Row
from nashscape.checking.expressions import ball
from nashscape.checking.flow_steps import Spans
from nashscape.checking.models import Model
from nashscape.checking.steps import Updates, logits_inside

DEEPEST = 5
"""How often a cell is halved along each side that has a length, on average."""

MOST_PIECES = 20_000
"""Of one cell, so that a claim that is nearly false costs no more than some ten seconds."""

MOST_STEPS = 200_000
"""However many a certificate speaks of."""

WIDEST = 0.25
"""Of the clipped box: wider boxes are given up, which saves time and has no part in the proof."""


class Tubes:
    """The cells of a document."""

    def __init__(self, document: Document, model: Model) -> None:
        self.document, self.model = document, model
        self.steps = Spans(model) if document.problem.flow else Updates(model)
        self.entries = [_Entry(trap, model) for trap in document.traps]
        self.widest = (model.high - model.low) * WIDEST

    def fault(self, cell: int) -> str | None:
        """What of the claim about a cell was not proved; None where it holds."""
        document = self.document
        entry = self.entries[document.trap[cell]]
        hint = min(document.steps[cell], MOST_STEPS)
        limit = max(2 * hint, hint + 50)
        sides = sum(x < y for x, y in zip(document.low[cell], document.high[cell], strict=True))
        deepest = DEEPEST * max(2, sides)
        pieces, tried = [(document.low[cell], document.high[cell], 0)], 0
        while pieces:
            low, high, depth = pieces.pop()
            tried += 1
            if self._arrives(*self._ends(low, high), entry, limit):
                continue
            middle = tuple((x + y) / 2 for x, y in zip(low, high, strict=True))
            # as a thin box, whose bounds shrink where the map does
            if not self._arrives(*self._ends(middle, middle), entry, limit):
                where = ", ".join(f"{float(x):.6g}" for x in middle)
                return f"cell {cell}: its start ({where}) was not proved to enter trap {document.trap[cell]}"
            if depth == deepest or tried >= MOST_PIECES:
                return f"cell {cell} was not proved to enter trap {document.trap[cell]}, not even in pieces"
            pieces += [(bottom, top, depth + 1) for bottom, top in self._halves(low, high)]
        return None

    def _ends(self, low: Row, high: Row) -> tuple[list[arb], list[arb]]:
        """The box of coordinates y that holds a cell."""
        bottom, top = [ball(x) for x in low], [ball(x) for x in high]
        if self.document.strategies:
            bottom, top = ([(p / (1 - p)).log() for p in own] for own in (bottom, top))
        return [y.lower() for y in bottom], [y.upper() for y in top]

    def _halves(self, low: Row, high: Row) -> list[tuple[Row, Row]]:
        bottom, top = self._ends(low, high)
        widths = [float(y - x) for x, y in zip(bottom, top, strict=True)]
        side = widths.index(max(widths))
        middle = (low[side] + high[side]) / 2
        left, right = list(high), list(low)
        left[side] = right[side] = middle
        return [(tuple(low), tuple(left)), (tuple(right), tuple(high))]

    def _arrives(self, low: list[arb], high: list[arb], entry: "_Entry", limit: int) -> bool:
        """Whether the box is proved to lie in the trap after some number of steps."""
        if not logits_inside(self.model, low, high):
            return False
        for step in range(limit + 1):
            if entry.holds(low, high):
                return True
            if any(y - x > self.widest for x, y in zip(low, high, strict=True)):
                return False
            after = self.steps.box(low, high, step)
            if after is None:
                return False
            low, high = after
        return False


class _Entry:
    """When a box has arrived in a trap."""

    def __init__(self, trap: CornerTrap | RestTrap, model: Model) -> None:
        self.low, self.high, self.zero = model.low, model.high, arb(0)
        self.clipped = [last is None for k, last in enumerate(model.problem.last) if k in set(model.problem.followed)]
        if isinstance(trap, CornerTrap):
            self.rows = [
                ([j for j, w in enumerate(row) if w > 0], [j for j, w in enumerate(row) if w < 0], ball(least))
                for row, least in zip(trap.rows, trap.least, strict=True)
            ]
        else:
            places = range(len(trap.low))
            self.rows = [([j], [], ball(trap.low[j])) for j in places]
            self.rows += [([], [j], -ball(trap.high[j])) for j in places]

    def holds(self, low: Sequence[arb], high: Sequence[arb]) -> bool:
        """Whether a box lies inside, for certain; the ends may be thin balls."""
        for rises, falls, least in self.rows:
            total = -least
            for j in rises:
                total = total + low[j]
            for j in falls:
                total = total - high[j]
            if not total >= self.zero:
                return False
        return all(
            x >= self.low and y <= self.high for x, y, clipped in zip(low, high, self.clipped, strict=True) if clipped
        )
