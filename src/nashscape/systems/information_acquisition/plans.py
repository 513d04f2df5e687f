"""What plans of agents bring them, order by order and signal by signal; and two inspectors, of whom all is known."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.theory import AcquisitionProblem, acquisition_problem

COST, STAKE, RIGHT = Fraction(1, 4), 16, Fraction(5, 8)
REST, WORK = 0, 1


class Plan(NamedTuple):
    """The effort and the report of each signal of an agent, by what it was told: `efforts[a]`, `reports[a][s]`."""

    efforts: Sequence[int]
    reports: Sequence[Sequence[int]]


def honest(efforts: int, signals: int) -> Plan:
    """To do as one is told, and to tell what one sees.

    >>> honest(2, 3)
    Plan(efforts=[0, 1], reports=[[0, 1, 2], [0, 1, 2]])
    """
    return Plan(list(range(efforts)), [list(range(signals))] * efforts)


def other_plans(efforts: int, signals: int) -> Iterator[Plan]:
    """All plans that differ from that in what is done, or reported, after one order.

    >>> len(list(other_plans(2, 2)))
    16
    """
    for told, done in product(range(efforts), range(efforts)):
        for reports in product(range(signals), repeat=signals):
            plan = honest(efforts, signals)
            yield Plan(
                [done if a == told else a for a in plan.efforts],
                [list(reports) if a == told else plan.reports[a] for a in plan.efforts],
            )


def kept(problem: AcquisitionProblem, chances: Any, payments: Any, plans: Sequence[Plan], i: int) -> Any:
    """What agent i is paid less what it spends, on average, where agents follow plans: a sum over all that can happen.

    Args:
        problem: what can be found out.
        chances: of recommendations, `[b]`.
        payments: to agent i, `[b, s, θ]`.
        plans: of all agents.
        i: the agent.
    """
    exact = chances.dtype == object
    information, total = (problem.exact if exact else problem.information), 0 * chances.ravel()[0]
    for told in np.ndindex(*chances.shape):
        done = tuple(plan.efforts[a] for plan, a in zip(plans, told, strict=True))
        reported = np.ix_(*(plan.reports[a] for plan, a in zip(plans, told, strict=True)))
        cost = problem.costs[i][done[i]]
        paid = (information[done] * payments[told][reported]).sum()
        total += chances[told] * (paid - (cost if exact else float(cost)))
    return total


def largest_gain(problem: AcquisitionProblem, chances: Any, payments: Sequence[Any]) -> Any:
    """The most that any agent gains by any other effort and any map from signals to reports, after one order.

    Every one of them is tried. What is gained after several orders is the sum of what is gained after each.
    """
    n, shape = len(problem.agents), problem.exact.shape
    obeying, gains = [honest(shape[i], shape[n + i]) for i in range(n)], []
    for i in range(n):
        usual = kept(problem, chances, payments[i], obeying, i)
        for plan in other_plans(shape[i], shape[n + i]):
            gains.append(kept(problem, chances, payments[i], [*obeying[:i], plan, *obeying[i + 1 :]], i) - usual)
    return max(gains)


def inspectors(*, most_paid: int = 1, costs: Sequence[Any] = (COST, COST)) -> AcquisitionProblem:
    """Two who look at the same thing: who works sees a sign that is right with 5/8, both the same one; who rests none.

    The state is even, and to decide rightly is worth 16: one who works is worth 2, and another one nothing more.
    """
    signals = np.full((2,) * 5, Fraction(0), dtype=object)  # efforts, state, signals
    for state, sign in product(range(2), range(2)):
        chance = RIGHT if sign == state else 1 - RIGHT
        signals[WORK, WORK, state, sign, sign] = chance
        signals[WORK, REST, state, sign, 0] = chance
        signals[REST, WORK, state, 0, sign] = chance
    signals[REST, REST, :, 0, 0] = Fraction(1)
    return acquisition_problem(
        signals, [[0, own] for own in costs], [[STAKE, 0], [0, STAKE]], prior=["1/2", "1/2"], most_paid=most_paid,
        efforts=[["rest", "work"]] * 2, name="two inspectors",
    )  # fmt: skip


def by_hand() -> tuple[Objects, list[Objects]]:
    """Chances and payments of a mechanism for the inspectors, in fractions, found by hand.

    A third each: one works, or the other, or both, and then each is paid 1 if reports agree. Who is told to work does
    not know which, and who does not work agrees half as often: `1/3 − 2/3 · 1/4 = 1/3 · 1/2`.
    """
    third = Fraction(1, 3)
    chances = np.array([[Fraction(0), third], [third, third]], dtype=object)
    paid = np.full((2,) * 5, Fraction(0), dtype=object)
    for sign, state in product(range(2), range(2)):
        paid[WORK, WORK, sign, sign, state] = Fraction(1)
    return chances, [paid, paid]
