"""Flows of traffic in a network: where every path used is a cheapest one, and where all together spend least."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.exact_numbers import Objects
from nashscape.theory.continuous.complementarity import complementarity

Floats = npt.NDArray[np.float64]

MOST_EXACT = 40
"""Paths and trips of the largest networks that are solved in fractions."""

STEPS, HALVINGS = 60, 40
SETTLED = 1e-14
"""A flow that moves by less, as a share of all traffic, has settled."""


@dataclass(frozen=True, eq=False)
class Traffic:
    """A network as arrays of fractions: which paths `[P]` use which edges `[E]`, coefficients of costs, trips.

    Attributes:
        uses: 1 where a path uses an edge, `[E, P]`.
        costs: coefficients of 1, x, x², …, `[E, K]`.
        trip: the number of the trip that every path belongs to, `[P]`.
        amounts: how much goes on every trip, `[T]`.
    """

    uses: Objects
    costs: Objects
    trip: npt.NDArray[np.int64]
    amounts: Objects

    @property
    def marginal(self) -> "Traffic":
        """The same with what one more adds to what all spend, `c + x c'`: its equilibrium is the best flow."""
        factors = np.array([Fraction(k + 1) for k in range(self.costs.shape[1])], dtype=object)
        return Traffic(self.uses, self.costs * factors, self.trip, self.amounts)

    @property
    def affine(self) -> bool:
        """Whether no cost has a power above the first."""
        return not (self.costs[:, 2:] != 0).any()


def equilibrium_flow(traffic: Traffic) -> Objects:
    """What goes on every path where no used path of a trip costs more than another, `[P]`.

    It minimises the convex potential `Σ_e ∫ c_e`. Where costs are affine it solves one linear complementarity problem,
    in fractions if that is small: path costs less the cheapest one, beside flows, and flows less the amounts, beside
    the cheapest costs. Otherwise such problems follow one another, each for costs made straight at the last flow, with
    steps by which the potential falls.
    """
    size = len(traffic.trip) + len(traffic.amounts)
    if traffic.affine and size <= MOST_EXACT:
        return _straight(traffic, traffic.costs[:, :1].ravel(), _column(traffic.costs, 1), exact=True)
    return _curved(traffic)


def _column(costs: Objects, k: int) -> Objects:
    return costs[:, k] if costs.shape[1] > k else costs[:, 0] * 0


def _straight(traffic: Traffic, base: Any, slope: Any, *, exact: bool) -> Objects:
    """The equilibrium for costs `base + slope x`."""
    uses = traffic.uses if exact else traffic.uses.astype(np.float64)
    paths, trips = len(traffic.trip), len(traffic.amounts)
    belongs = np.array([[Fraction(int(t == own)) for t in range(trips)] for own in traffic.trip], dtype=object)
    belongs = belongs if exact else belongs.astype(np.float64)
    amounts = traffic.amounts if exact else traffic.amounts.astype(np.float64)
    nothing = np.full((trips, trips), amounts[0] * 0)
    matrix = np.block([[uses.T @ (slope[:, None] * uses), -belongs], [belongs.T, nothing]])
    # one more for every path changes nothing, and leaves no path for nothing on which more than all could travel
    offset = np.concatenate([uses.T @ base + 1, -amounts])
    found = complementarity(matrix, offset, exact=exact)
    assert found.point is not None, "monotone and feasible, so that Lemke's path ends in a solution"
    return np.asarray(found.point[:paths])


def _curved(traffic: Traffic) -> Objects:
    uses, table = traffic.uses.astype(np.float64), traffic.costs.astype(np.float64)
    powers = np.arange(table.shape[1])
    total = float(traffic.amounts.sum())

    def potential(flow: Floats) -> float:
        return float((table * (uses @ flow)[:, None] ** (powers + 1) / (powers + 1)).sum())

    def straight(flow: Floats) -> Floats:
        loads = uses @ flow
        slope = (table[:, 1:] * powers[1:] * loads[:, None] ** (powers[1:] - 1)).sum(axis=1)
        cost = (table * loads[:, None] ** powers).sum(axis=1)
        return np.asarray(_straight(traffic, cost - slope * loads, slope, exact=False), dtype=np.float64)

    def gap(flow: Floats) -> float:
        each = uses.T @ (table * (uses @ flow)[:, None] ** powers).sum(axis=1)
        least = np.array([each[traffic.trip == t].min() for t in range(len(traffic.amounts))])
        return float((flow * (each - least[traffic.trip])).sum())

    shares = np.bincount(traffic.trip)[traffic.trip]
    flow = traffic.amounts.astype(np.float64)[traffic.trip] / shares
    for _ in range(STEPS):
        move = straight(flow) - flow
        if np.abs(move).max() <= SETTLED * total:
            break
        tried = [flow + 0.5**k * move for k in range(HALVINGS)]
        # near the end the potential is flat, and what is lost tells more
        better = gap(tried[0]) < gap(flow) / 2
        lower = tried[0] if better else next((own for own in tried if potential(own) < potential(flow)), None)
        if lower is None:
            break
        flow = lower
    return np.array([Fraction(float(own)) for own in flow], dtype=object)


def edge_costs(traffic: Traffic, flow: Objects) -> tuple[Objects, Objects]:
    """What every edge carries and what it costs each on it, `[E]` each."""
    loads = traffic.uses @ flow
    cost = loads * 0
    for k in reversed(range(traffic.costs.shape[1])):
        cost = cost * loads + traffic.costs[:, k]
    return loads, cost


def lost(traffic: Traffic, flow: Objects) -> Fraction:
    """What travellers lose in all by not taking the cheapest path, zero at an equilibrium."""
    each = traffic.uses.T @ edge_costs(traffic, flow)[1]
    cheapest = {int(t): min(each[traffic.trip == t]) for t in traffic.trip}
    return sum((f * (c - cheapest[int(t)]) for f, c, t in zip(flow, each, traffic.trip, strict=True)), Fraction(0))
