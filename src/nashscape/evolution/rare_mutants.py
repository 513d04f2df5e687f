"""How likely one mutant takes over a population: by what it gains at every number of mutants."""

from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.evolution.stationary_laws import Terms

Floats = npt.NDArray[np.float64]

WHOLE_NUMBERS = 2.0**53
"""Up to here floating-point numbers are whole numbers without rounding."""


class Contests(NamedTuple):
    """What mutants gain over residents at every number of mutants: `advantages / scale`.

    Attributes:
        residents: the profile of each contest.
        mutants: that to which it goes where the mutant takes over.
        advantages: the sums of what the first l mutants gain, l = 0 to m − 1, `[contests, m]`; whole numbers, without
            rounding, where `exact`.
        scale: by which they are multiplied.
        exact: whether payoffs have so few digits that this can be.
        rounding: the most by which advantages may be wrong; 0 where they are exact.
        states: how many profiles there are.
        neighbours: how many contests begin at each.
    """

    residents: npt.NDArray[np.int64]
    mutants: npt.NDArray[np.int64]
    advantages: Floats
    scale: float
    exact: bool
    rounding: float
    states: int
    neighbours: int

    def log_fixation(self, intensity: float) -> Floats:
        """Logarithms of `ρ = 1/Σ_l exp(−α S_l)`: of the probability that one mutant takes over."""
        made: Floats = -np.logaddexp.reduce(-intensity / self.scale * self.advantages, axis=1)
        return made

    @property
    def hurdles(self) -> Floats:
        """What mutants must overcome on their way, times the scale: ρ is about `exp(−α hurdle)`; rounding is none."""
        highest = (-self.advantages).max(1)
        made: Floats = np.where(highest <= self.rounding, 0.0, highest)
        return made

    def limit(self) -> Terms:
        """The leading terms of ρ in `ε = exp(−α/scale)`, as the intensity α goes to infinity."""
        highest = self.hurdles
        if not self.exact or highest.max() * self.states >= WHOLE_NUMBERS:
            raise InputError(
                "payoffs have too many digits for the limit of infinite intensity, which hangs on whether two are "
                "equal: round them, as np.round(payoffs, 6), or take a finite intensity"
            )
        return Terms(highest, 1.0 / (-self.advantages == highest[:, None]).sum(1))

    def square(self, values: Floats, nothing: float) -> Floats:
        """A number for each contest as a table, residents by mutants."""
        table = np.full((self.states, self.states), nothing)
        table[self.residents, self.mutants] = values
        return table


def of_one_population(payoffs: Floats, m: int, *, whole: bool) -> Contests:
    """Contests of every two strategies of one population, `payoffs[i, j]` of i against j.

    Each player meets all others of the population (`whole`): among l mutants τ and m − l residents σ a mutant gets
    `((l − 1) M_ττ + (m − l) M_τσ)/(m − 1)` and a resident `(l M_στ + (m − l − 1) M_σσ)/(m − 1)`; or mutants meet
    residents alone, and get `M_τσ` against `M_στ`.
    """
    table, scale, exact = whole_numbers(payoffs, 4 * m**2)
    n = len(payoffs)
    residents, mutants = np.nonzero(~np.eye(n, dtype=bool))
    to_own, to_other = table[mutants, mutants][:, None], table[mutants, residents][:, None]
    of_other, of_own = table[residents, mutants][:, None], table[residents, residents][:, None]
    count = np.arange(1.0, m)[None]
    if whole:
        gains = (count - 1) * to_own + (m - count) * to_other - count * of_other - (m - count - 1) * of_own
        scale *= m - 1
    else:
        gains = np.repeat(to_other - of_other, m - 1, axis=1)
    return Contests(residents, mutants, _sums(gains), scale, exact, 0.0 if exact else _rounding(table, m), n, n - 1)


def of_populations(payoffs: Floats, m: int) -> Contests:
    """Contests of one deviation from every profile of a game, each player of which is drawn from its own population.

    A mutant of player k gains `M_k(σ, s_−k) − M_k(s)`, however many there are.
    """
    table, scale, exact = whole_numbers(payoffs, 2 * m)
    actions = payoffs.shape[1:]
    numbers = np.arange(int(np.prod(actions))).reshape(actions)
    residents, mutants, gains = [], [], []
    for k, count in enumerate(actions):
        own, place = np.moveaxis(table[k], k, 0), np.moveaxis(numbers, k, 0)
        for i, j in zip(*np.nonzero(~np.eye(count, dtype=bool)), strict=True):
            residents.append(place[i].ravel())
            mutants.append(place[j].ravel())
            gains.append((own[j] - own[i]).ravel())
    each = np.concatenate(gains)[:, None]
    sums = _sums(np.repeat(each, m - 1, axis=1))
    ends = np.concatenate(residents), np.concatenate(mutants)
    rounding = 0.0 if exact else _rounding(table, m)
    return Contests(*ends, sums, scale, exact, rounding, numbers.size, sum(count - 1 for count in actions))


def whole_numbers(payoffs: Floats, times: int) -> tuple[Floats, float, bool]:
    """Payoffs as they are written, 0.1 as 1/10, times what makes them whole; that; and whether it is so.

    Where so many times the largest would be no whole number without rounding they are left as they are.
    """
    written = [Fraction(repr(float(x))) for x in payoffs.ravel()]
    scale = lcm(*(x.denominator for x in written))
    if scale >= WHOLE_NUMBERS or scale * max(map(abs, written)) * times >= WHOLE_NUMBERS:
        return payoffs, 1.0, False
    return np.array([float(x * scale) for x in written]).reshape(payoffs.shape), float(scale), True


def _rounding(payoffs: Floats, m: int) -> float:
    """The most by which sums of m gains, each of four terms of m payoffs at most, are wrong by rounding.

    Sums are 2 m² payoffs at most, and each of the m steps to them rounds once.
    """
    return 4.0 * m**3 * float(np.finfo(float).eps * np.abs(payoffs).max())


def _sums(gains: Floats) -> Floats:
    """The sums of the first none, one, two … gains."""
    return np.concatenate([np.zeros((len(gains), 1)), np.cumsum(gains, axis=1)], axis=1)
