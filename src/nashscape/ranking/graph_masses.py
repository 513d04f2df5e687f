"""What a response graph that is known in part says of α-rank: bounds of masses, in the limit and before."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.evolution.stationary_laws import log_stationary
from nashscape.ranking.looks import Edges
from nashscape.ranking.pairs import closure, components

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ROUNDING = 1e-11
"""What rounding may do to a sum of rates times differences, as a part of the sum of sizes; it does much less."""
ROUNDS = 100


class Known(NamedTuple):
    """Where mutants of a graph go.

    Attributes:
        surely: from the row to the column, who is better, `[profiles, profiles]`.
        maybe: the same with those of which it is not known, in both directions.
        open: between which it is not known.
    """

    surely: Bools
    maybe: Bools
    open: Bools


def known_of(edges: Edges, to_second: Bools, to_first: Bools, profiles: int) -> Known:
    """Of edges of which it is known that one end is better, or of which neither is."""
    surely, unknown = np.zeros((2, profiles, profiles), bool)
    surely[edges.first[to_second], edges.second[to_second]] = True
    surely[edges.second[to_first], edges.first[to_first]] = True
    left = ~(to_second | to_first)
    unknown[edges.first[left], edges.second[left]] = True
    unknown |= unknown.T
    return Known(surely, surely | unknown, unknown)


def in_sinks(known: Known) -> Bools:
    """Which profiles can be in a group that nothing leaves, in a graph that the open edges allow; others are in none.

    Whoever surely comes to a profile from which it cannot come back is in none. Mass in the limit of infinite
    intensity is in such groups alone.
    """
    away = closure(known.surely) & ~closure(known.maybe).T
    return np.asarray(~away.any(1))


def limit_bounds(known: Known) -> tuple[Floats, Floats]:
    """Bounds of the masses as the intensity goes to infinity, in every graph that open edges allow.

    Where all edges of the profiles that may be in sinks are known, and these form one group, masses are those of a walk
    along its edges, each with the same rate. Otherwise a graph does not say how they are shared, see `alpha_rank`.
    """
    inside = in_sinks(known)
    low, high = np.zeros(len(inside)), inside.astype(float)
    if known.open[inside].any():
        return low, high
    walk = known.surely[np.ix_(inside, inside)]
    if len(components(walk)) == 1:
        masses = np.exp(log_stationary(np.where(walk, 0.0, -np.inf)))
        low[inside], high[inside] = masses, masses
    return low, high


def log_rates(gains: Floats, intensity: float, population: int) -> Floats:
    """`ρ = 1/Σ_{l<m} exp(−α l Δ)`: how likely one of m mutants takes over who gains Δ; in logarithms."""
    steps = np.arange(population)
    return np.asarray(-np.logaddexp.reduce(-intensity * np.asarray(gains)[..., None] * steps, axis=-1))


def mass_bounds(log_low: Floats, log_high: Floats) -> tuple[Floats, Floats]:
    """Between which bounds the masses of a chain are whose rates are anywhere between bounds, each by itself.

    The largest mass of a profile is the value of a decision process: rates are chosen so that it is come back to
    soonest. Its choices are improved one after the other (Howard 1960). What is then returned is a bound whether or not
    that has come to its end: for any numbers h, `max_s (1[s = i] + max_q Σ_j q_sj (h_j − h_s))` is none too small.

    Args:
        log_low: logarithms of the rates from row to column, −∞ where there is no edge; the diagonal counts nothing.
        log_high: the same.

    Example:
        >>> low, high = np.log([[1, 0.1], [0.2, 1]]), np.log([[1, 0.4], [0.6, 1]])
        >>> [own.round(6).tolist() for own in mass_bounds(low, high)]
        [[0.333333, 0.142857], [0.857143, 0.666667]]

    Source: Rowland et al. (2019), section 5, for the decision process; the bound from any h is Puterman (1994).
    """
    least, most = np.exp(log_low), np.exp(log_high)
    np.fill_diagonal(least, 0.0)
    np.fill_diagonal(most, 0.0)
    made = [
        (_extreme(least, most, i, most_mass=False), _extreme(least, most, i, most_mass=True)) for i in range(len(least))
    ]
    low, high = np.array(made).T
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _extreme(least: Floats, most: Floats, profile: int, *, most_mass: bool) -> float:
    """A bound of the mass of one profile: none above its least, or none below its largest."""
    worst, sign = (1.0, 1.0) if most_mass else (0.0, -1.0)
    towards = np.zeros_like(least)
    towards[:, profile] = sign
    bound = worst
    for _ in range(ROUNDS):
        chosen = np.where(towards > 0, most, least)
        try:
            h = _heights(chosen, profile)
        except np.linalg.LinAlgError:
            return bound
        differences = h[None, :] - h[:, None]
        if not np.isfinite(differences).all():
            return bound
        bound = sign * min(sign * bound, sign * _certified(least, most, profile, differences, sign))
        better = sign * differences
        if ((better > 0) == (towards > 0)).all():
            return bound
        towards = better
    return bound


def _heights(rates_chosen: Floats, profile: int) -> Floats:
    """`h = −g T`: T the mean times until a profile is come to, g its mass."""
    others = np.delete(np.arange(len(rates_chosen)), profile)
    table = np.diag(rates_chosen.sum(1)) - rates_chosen
    times = np.zeros(len(rates_chosen))
    times[others] = np.linalg.solve(table[np.ix_(others, others)], np.ones(len(others)))
    mass = 1.0 / (1.0 + rates_chosen[profile] @ times)
    return np.asarray(-mass * times)


def _certified(least: Floats, most: Floats, profile: int, differences: Floats, sign: float) -> float:
    """The bound that any h gives, rounding included."""
    chosen = np.where(sign * differences > 0, most, least)
    terms = chosen * differences
    value = terms.sum(1) + (np.arange(len(least)) == profile)
    slack = ROUNDING * (1.0 + np.abs(terms).sum(1))
    return float((value + slack).max() if sign > 0 else (value - slack).min())
