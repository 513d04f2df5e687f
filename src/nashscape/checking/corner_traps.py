"""Corner traps proved again: `K = {θ in the box: W y ≥ m}`, in which all of the field points to one corner.

The claims are that `way_j F_j ≥ margin > 0` and `|F_j| ≤ largest` for every parameter j, everywhere in K and for all
coefficients that the schedules ever take. Moves towards the corner only raise `W y` where `(W E)_rj way_j ≥ 0`, E being
the map from θ to y; so K is never left, every parameter rises or falls to its end, and arrives as the sum of the step
sizes has no end.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import inf
from typing import Any

from flint import arb

from nashscape.checking.covers import FAILS, HOLDS, Ends, Finding, fault
from nashscape.checking.documents import CornerTrap
from nashscape.checking.expressions import ball
from nashscape.checking.half_spaces import contracted, rounded, spans
from nashscape.checking.models import Atoms, Model, Range
from nashscape.checking.orders import parameter_slopes, with_corner_last
from nashscape.checking.problems import Problem
from nashscape.checking.steps import bounded


def corner_fault(trap: CornerTrap, model: Model) -> str | None:
    """What of the claims about a corner trap is false or was not proved; None where all hold."""
    problem = model.problem
    if any(end not in (problem.low, problem.high) for end in trap.corner):
        return "its corner is no corner of the box"
    if trap.margin <= 0:
        return "its margin is not positive"
    way = [1 if end == problem.high else -1 for end in trap.corner]
    if not _upheld(trap, problem, way):
        return "moves towards its corner may leave it"
    far = overshoot(trap.largest, model)
    moved, trap = with_corner_last(problem, trap)
    model = model if moved is problem else Model(moved)
    way = [1 if end == problem.high else -1 for end in trap.corner]
    searches = (_Search(trap, model, way, own) for own in extreme_coefficients(model))
    return far or next(filter(None, (search.fault() for search in searches)), None)


def overshoot(largest: Fraction, model: Model) -> str | None:
    """Whether a proposal from a trap might count as diverged."""
    problem = model.problem
    if problem.step_size is None:
        return None
    edge = ball(max(abs(problem.low), abs(problem.high)))
    reach = (edge + problem.step_size.ever() * ball(largest)) * ball(1 + Fraction(1, 10**9))
    return None if reach < ball(problem.escape) else "proposals from it may count as diverged"


def extreme_coefficients(model: Model) -> list[Atoms]:
    """The ends of the ranges of all coefficients in all combinations, as arguments of the model's programs.

    The field is affine in each coefficient, so that what is bounded at all of these is bounded between them.
    """
    ranges = [own.ends() for own in model.problem.coefficients.values()]
    return [model.coefficients(values) for values in product(*ranges)]


def _upheld(trap: CornerTrap, problem: Problem, way: Sequence[int]) -> bool:
    slopes = [parameter_slopes(row, problem) for row in trap.rows]
    return all(slope * own >= 0 for row in slopes for slope, own in zip(row, way, strict=True))


class _Search:
    def __init__(self, trap: CornerTrap, model: Model, way: Sequence[int], coefficients: Atoms) -> None:
        self.trap, self.model, self.way = trap, model, way
        self.margin, self.largest = ball(trap.margin), ball(trap.largest)
        self.coefficients = coefficients
        rows = [*zip([[int(w) for w in row] for row in trap.rows], trap.least, strict=True), *spans(model.problem)]
        # what one coordinate has to be is known of the first box, and so of all its parts
        self.single = [(row, least) for row, least in rows if sum(map(bool, row)) == 1]
        self.rows = [(row, least) for row, least in rows if sum(map(bool, row)) != 1]
        self.zero, self.half = arb(0), arb(0.5)
        self.soft = all(model.problem.softmax)

    def fault(self) -> str | None:
        """What of margin and largest was not proved."""
        problem = self.model.problem
        span = problem.high - problem.low
        soft = [problem.last[k] is not None for k in problem.followed]
        low = tuple(rounded(-span if own else problem.low, -inf) for own in soft)
        high = tuple(rounded(span if own else problem.high, inf) for own in soft)
        whole = contracted(self.single, low, high)
        found = None if whole is None else fault(*whole, self.look)
        return None if found is None else f"its margin {float(self.trap.margin):g} or its largest is {found}"

    def look(self, low: Ends, high: Ends) -> Finding:
        """What is known of a box."""
        cut = contracted(self.rows, low, high)
        if cut is None:
            return HOLDS
        bottom, top = [arb(x) for x in cut[0]], [arb(x) for x in cut[1]]
        over = self.model.over(bottom, top)
        bounds = self._natural(over)
        open_ = self._open(bounds)
        if not open_:
            return HOLDS
        widths = [y - x for x, y in zip(*cut, strict=True)]
        if not self.soft and any(not self._holds(k, (bounds[k][0] + bounds[k][1]) * self.half) for k in open_):
            side = widths.index(max(widths))
            return FAILS if self._contradicted(open_, cut) else Finding(side=side, box=cut)
        rows = self._narrowed(over, bounds, widths)
        open_ = self._open(bounds)
        if not open_:
            return HOLDS
        if self._contradicted(open_, cut):
            return FAILS
        weights = [max(own) for own in zip(*(rows[k] for k in open_), strict=True)]
        side = weights.index(max(weights)) if 0 < max(weights) < inf else widths.index(max(widths))
        return Finding(side=side, box=cut)

    def _natural(self, over: Range) -> list[tuple[arb, arb]]:
        """Bounds of all components, as their formulas give them."""
        arguments = (*over.atoms, *self.coefficients)
        if not self.soft:
            values = [program(*arguments)[0] for program in self.model.every_component]
            return [(value.lower(), value.upper()) for value in values]
        parts = [part and (part[0](*arguments)[0], part[1](*arguments)[0]) for part in self.model.parts]
        return [_times(own[0], own[1].lower(), own[1].upper()) if own else (self.zero, self.zero) for own in parts]

    def _narrowed(self, over: Range, bounds: list[tuple[arb, arb]], widths: list[float]) -> dict[int, list[float]]:
        """Closer bounds of those whose claims are open, and what each side of the box has to do with them."""
        rows: dict[int, list[float]] = {}
        middle = [(x + y) * self.half for x, y in zip(over.low, over.high, strict=True)]
        arguments = (*over.atoms, *self.coefficients)
        forms = over.linear_forms() if self.soft else ()
        for k in self._involved(self._open(bounds)):
            made = self.model.parts[k] if forms else None
            slopes = self.model.every_slope[k](*arguments)
            rows[k] = [float(slope.abs_upper()) * width for slope, width in zip(slopes, widths, strict=True)]
            found = bounded(self.model.every_component[k], slopes, over, middle, self.coefficients, self.zero)
            bounds[k] = _met(bounds[k], found)
            if made is not None:
                form: Any = made[1](*forms, *self.coefficients)[0]
                bounds[k] = _met(bounds[k], _times(made[0](*arguments)[0], *form.ends()))
                low, high = form.ends()
                if not (low > self.zero if self.way[k] > 0 else high < self.zero):
                    # where the sign is known, it is what is common that spreads
                    rows[k] = over.shares_of(form)
        for k in self._lasts if self.soft else ():
            own = [rows[m] for m in self._involved([k]) if m in rows]
            rows[k] = [sum(each) for each in zip(*own, strict=True)] or [0.0] * len(widths)
        return rows

    @property
    def _lasts(self) -> list[int]:
        return [k for k, last in enumerate(self.model.problem.last) if k == last]

    def _involved(self, open_: Sequence[int]) -> list[int]:
        """These, and in the place of the last of a softmax the others, of which it is less the sum."""
        found: set[int] = set()
        for k in open_:
            [block] = [own for own in self.model.problem.blocks if k in own]
            found.update(block[:-1] if self.soft and k in self._lasts else [k])
        return sorted(found)

    def _open(self, bounds: list[tuple[arb, arb]]) -> list[int]:
        """Parameters whose claims are not known to hold; the last of a softmax is less the sum of the others."""
        for block, soft in zip(self.model.problem.blocks, self.model.problem.softmax, strict=True):
            if soft and self.soft:
                least, most = (-sum((bounds[k][end] for k in block[:-1]), start=self.zero) for end in (1, 0))
                bounds[block[-1]] = least.lower(), most.upper()
        return [k for k, own in enumerate(bounds) if not self._holds(k, *own)]

    def _holds(self, k: int, *bounds: arb) -> bool:
        """Whether the claim about a component is true of all given values, so of those between them."""
        return all(
            towards >= self.margin and towards <= self.largest
            for towards in (value if self.way[k] > 0 else -value for value in bounds)
        )

    def _contradicted(self, open_: Sequence[int], box: tuple[Ends, Ends]) -> bool:
        """Whether the claim is false at the middle, if that is in K."""
        point = [(x + y) / 2 for x, y in zip(*box, strict=True)]
        rows = (*self.rows, *self.single)
        if any(sum(w * Fraction(y) for w, y in zip(row, point, strict=True)) < least for row, least in rows):
            return False
        atoms = self.model.at([arb(y) for y in point])
        for k in open_:
            value = self.model.every_component[k](*atoms, *self.coefficients)[0]
            towards = value if self.way[k] > 0 else -value
            if towards < self.margin or towards > self.largest:
                return True
        return False


def _times(common: arb, low: arb, high: arb) -> tuple[arb, arb]:
    """Bounds of the product with a number that is not negative, by ends: a product of wide balls loses its sign."""
    least, most = common.lower().max(arb(0)), common.upper()
    return (least * low).min(most * low).lower(), (least * high).max(most * high).upper()


def _met(one: tuple[arb, arb], other: tuple[arb, arb]) -> tuple[arb, arb]:
    """What lies between both pairs of bounds; one that is no number says nothing."""
    return (
        one[0].max(other[0]) if other[0].is_finite() else one[0],
        one[1].min(other[1]) if other[1].is_finite() else one[1],
    )
