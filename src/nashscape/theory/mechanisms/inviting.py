"""A mechanism that agents strictly prefer to follow, whatever they are told: what a principal explores with."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.theory.mechanisms.acquisition_problems import AcquisitionProblem
from nashscape.theory.mechanisms.incentive_programs import places, program_of

Floats = npt.NDArray[np.float64]

HALVINGS = 12


@dataclass(frozen=True)
class Offer:
    """Chances of recommendations `[b]`, and payments times these, `[b, s, θ]`, of each agent."""

    chances: Floats
    paid: tuple[Floats, ...]


@dataclass(frozen=True)
class Inviting:
    """An offer that recommends all joint efforts equally often, and what agents lose at least by leaving it."""

    offer: Offer
    margin: float


def offer_at(point: Floats, shape: tuple[int, ...]) -> Offer:
    """The offer at a point of the program of information of a shape."""
    at = places(shape, (len(shape) - 1) // 2)
    return Offer(point[at.chances], tuple(point[own] for own in at.paid))


def inviting(problem: AcquisitionProblem) -> Inviting:
    """The offer of that kind with the largest margin, to a 4,000th of the largest payment.

    Raises:
        InputError: where there is none: payments are too small, or signals tell too little.
    """
    information, values = problem.information, problem.values.astype(float)
    costs: list[Any] = [np.array(own, dtype=float) for own in problem.costs]
    paid = float(problem.most_paid)
    even = [((1 / len(own), 1 / len(own)),) * len(own) for own in costs]
    low, high, best = 0.0, paid, None
    for _ in range(HALVINGS):
        margin = (low + high) / 2
        found = program_of(information, values, costs, paid, even, margin=margin).solved()
        if found is None:
            high = margin
        else:
            low, best = margin, found
    if best is None:
        raise InputError(
            f"no payments up to most_paid make agents of {problem.name} follow every recommendation for sure, so that "
            "a principal could explore: raise most_paid, or let signals tell more of the state or of each other"
        )
    return Inviting(offer_at(best.point, information.shape), low)
