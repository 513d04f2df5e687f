"""The equations `F(θ; λ) = 0` of a family of fields, in coordinates in which their solutions are curves."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.linalg import null_space

from nashscape.core import InputError
from nashscape.learning import pg
from nashscape.learning.fields import Field, field_of
from nashscape.learning.gauges import ROUNDING, check_rest, complement, gauges, limits, probes
from nashscape.theory.families import Family

Floats = npt.NDArray[np.float64]
RANGE = 4.0
"""How long the range of the parameter is beside one unit of θ, for lengths along curves."""
DIFFERENCE = 1e-5
"""Half the distance of the differences in λ, as a share of the range."""
KEPT = 64


@dataclass(frozen=True, eq=False)
class Equations:
    """`F(θ; λ) = 0` in the coordinates `u = (y, μ)`: `θ = B y`, `λ = low + μ (high − low)/RANGE`.

    Columns of B, `[d, r]`, are orthonormal and leave out what changes no strategy. `pull` is `∂F/∂μ`, by central
    differences, for families are made by NumPy: an error in it slows Newton's method down and moves no zero.
    """

    make: Callable[[float], Field]
    low: float
    high: float
    basis: Floats
    floor: Floats
    ceiling: Floats
    made: dict[float, Field] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        """λ per unit of μ."""
        return (self.high - self.low) / RANGE

    def value(self, u: Floats) -> float:
        """λ."""
        return float(np.clip(self.low + self.unit * u[-1], self.low, self.high))

    def theta(self, u: Floats) -> Floats:
        """θ, `[d]`."""
        return np.asarray(self.basis @ u[:-1])

    def point(self, theta: Floats, value: float) -> Floats:
        """u, `[r + 1]`."""
        return np.append(self.basis.T @ theta, (value - self.low) / self.unit)

    def field(self, value: float) -> Field:
        """The field at λ."""
        if value not in self.made:
            while len(self.made) >= KEPT:
                self.made.pop(next(iter(self.made)))
            self.made[value] = self.make(value)
        return self.made[value]

    def residual(self, u: Floats) -> Floats:
        """`Bᵀ F`, `[r]`."""
        return np.asarray(self.basis.T @ self.field(self.value(u))(self.theta(u)))

    def slope(self, u: Floats) -> Floats:
        """`Bᵀ ∂F/∂θ B`, `[r, r]`."""
        return np.asarray(self.basis.T @ self.field(self.value(u)).jacobian(self.theta(u)) @ self.basis)

    def pull(self, u: Floats) -> Floats:
        """`Bᵀ ∂F/∂μ`, `[r]`."""
        half, theta = DIFFERENCE * (self.high - self.low), self.theta(u)
        middle = float(np.clip(self.value(u), self.low + half, self.high - half))
        difference = self.field(middle + half)(theta) - self.field(middle - half)(theta)
        return np.asarray(self.basis.T @ difference / (2 * DIFFERENCE * RANGE))

    def within(self, u: Floats) -> bool:
        """Whether λ is in its range and θ in the box, up to rounding."""
        theta = self.theta(u)
        inside = (theta >= self.floor - ROUNDING) & (theta <= self.ceiling + ROUNDING)
        return self.in_range(u) and bool(inside.all())

    def in_range(self, u: Floats) -> bool:
        """Whether λ is in its range, up to rounding."""
        return bool(-ROUNDING <= u[-1] <= RANGE + ROUNDING)


def equations_of(make: Callable[[float], Field], low: float, high: float, bound: float) -> Equations:
    """The equations of a family, after a look at whether its zeros are isolated.

    Raises:
        InputError: for probabilities as parameters, players whose number changes with λ, and where the field is
            constant along the same direction at all values looked at.
    """
    inside = [low, low + 0.381966 * (high - low), low + 0.618034 * (high - low), high]
    fields = [make(value) for value in inside]
    first = fields[1]
    if first.game.semantics.domain == "simplex":
        raise InputError("where parameters are probabilities equilibria lie on edges; use logits, the bare game")
    if any(one.game.sizes != first.game.sizes for one in fields):
        raise InputError("all games of a family must have the same numbers of parameters")
    basis = complement(gauges(first.game))
    slopes = []
    for one in fields:
        check_rest(one, basis)
        slopes += [basis.T @ one.jacobian(theta) @ basis for theta in probes(first.game, 3)]
    flat = null_space(np.concatenate(slopes), rcond=ROUNDING)
    if flat.shape[1]:
        along = (basis @ flat[:, 0]).round(3).tolist()
        raise InputError(
            f"at no value does the field of {first.rule.name} on {first.game.name} change along the direction {along} "
            "of parameters, so that zeros are not isolated: as where two players always have the same logit (coupling "
            "1), or best responses are a line; take a family that is not singular"
        )
    return Equations(make, low, high, basis, *limits(first.game, bound))


def fields_over(family: Family) -> Callable[[float], Field]:
    """The field at every value of a family; policy gradient where it has no rule."""
    usual = pg()
    checked: list[bool] = []  # a rule that has a field in one game of a family has one in all

    def make(value: float) -> Field:
        made = family(value)
        if made.rule is family.base.rule:
            learned = usual if made.rule is None else made.rule
            if checked:
                return Field(made.game, learned.for_game(made.game))
            checked.append(True)
            return field_of(made.game, learned)
        return field_of(made.game, made.rule)

    return make
