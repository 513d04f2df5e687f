"""The costs of efforts, found by binary search for the payments at which an agent goes over to another effort."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.theory.mechanisms.deviations import earned
from nashscape.theory.mechanisms.inviting import Offer

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Searched:
    """Costs above the cheapest effort, `[a]`, and how many offers were tried with the agent told each effort, `[a]`."""

    costs: Floats
    offers: npt.NDArray[np.int_]


def searched_costs(true: Floats, believed: Floats, offer: Offer, costs: Floats, i: int, *, halvings: int) -> Searched:
    """What the efforts of agent i cost, where its payments for each order a are scaled down until it leaves it.

    At a scale λ at which it goes over from d to e, `λ (W(a, d) − W(a, e)) = μ(a) (c(d) − c(e))`, where `W(a, d)` is
    what it is paid with the best reports: the scale is seen, W is computed from what is believed. Without payments it
    does what costs least, so that each cost is a sum of such steps.

    Args:
        true: chances of signals and states, by which the agent answers, `[b, s, θ]`.
        believed: the same as the principal knows them.
        offer: which is followed at λ = 1; of a change of λ only agent i knows.
        costs: by which the agent answers, `[a]`.
        i: the agent.
        halvings: of each search.
    """
    told = np.moveaxis(offer.chances, i, 0).reshape(len(costs), -1).sum(axis=1)
    pays = earned(true, offer.paid[i], i).max(axis=-1).sum(axis=-1) / told[:, None]
    known = earned(believed, offer.paid[i], i).max(axis=-1).sum(axis=-1) / told[:, None]
    found, offers = np.zeros(len(costs)), np.zeros(len(costs), dtype=int)
    for a in range(len(costs)):
        total, high = 0.0, 1.0
        now, last = _chosen(pays[a], costs, high), _chosen(pays[a], costs, 0.0)
        offers[a] += 2
        while now != last:
            low, after = 0.0, last
            for _ in range(halvings):
                middle = (low + high) / 2
                seen = _chosen(pays[a], costs, middle)
                offers[a] += 1
                if seen == now:
                    high = middle
                else:
                    low, after = middle, seen
            total += high * (known[a, now] - known[a, after])
            now, high = after, low
        found[a] = total
    return Searched(found - found.min(), offers)


def _chosen(pays: Floats, costs: Floats, scale: float) -> int:
    return int((scale * pays - costs).argmax())
