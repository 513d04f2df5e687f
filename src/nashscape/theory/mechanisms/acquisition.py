"""The best mechanism for agents who find things out at a cost."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core import Source, Status, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import around
from nashscape.core.provenance import record
from nashscape.theory.mechanisms.acquisition_problems import AcquisitionProblem
from nashscape.theory.mechanisms.acquisition_results import NONE, AcquisitionMechanism
from nashscape.theory.mechanisms.chance_programs import Solution, exact_bound
from nashscape.theory.mechanisms.deviations import gains_of
from nashscape.theory.mechanisms.incentive_programs import places, program_of
from nashscape.theory.mechanisms.independent_recommendations import best_independent

Floats = npt.NDArray[np.float64]

HIRING = Source(
    "information_acquisition",
    "Cacciamani, Castiglioni, Gatti: Online Information Acquisition: Hiring Multiple Agents. ICLR 2024.",
    "https://arxiv.org/abs/2307.06210",
)

RECOMMENDATIONS = ("correlated", "independent")
HELD = 1e-7
"""Of the largest payment: the largest gain of what counts as a mechanism that is obeyed."""

GAP, MOST_PROGRAMS = 1e-4, 2_000


@public()
def acquisition_mechanism(
    problem: AcquisitionProblem,
    *,
    recommendations: str = "correlated",
    gap: float = GAP,
    most_programs: int = MOST_PROGRAMS,
) -> AcquisitionMechanism:
    """The mechanism that leaves most to the principal while every agent does best by obeying and by being honest.

    `max Σ_b μ(b) (V(b) − Σ_i E[γ_i(b, s, θ) | b])` over chances μ of recommendations and payments
    `0 ≤ γ_i ≤ most_paid`, where no agent who is told its own effort gains by any other effort and any report of what it
    then sees. With `x_i = μ γ_i` that is one linear program. If recommendations are to be independent, `μ = Π_i μ_i`,
    it is not, and boxes of `μ_1, …, μ_{n-1}` are split until value and bound are near; there too payments may depend on
    all recommendations. Boxes in which no payments make anybody follow are left out, by the word of the solver.

    Args:
        problem: what `acquisition_problem` gave.
        recommendations: "correlated" by default, or "independent".
        gap: how near value and bound are to be where recommendations are independent, in the unit of payments.
        most_programs: programs that are solved for that, at most.

    Raises:
        InputError: for unknown recommendations, a gap that is not positive.

    Example:
        >>> from nashscape.theory import acquisition_problem
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> one = acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        >>> acquisition_mechanism(one)
        <AcquisitionMechanism of information acquisition: correlated, value 2.7 (at most 2.7); 1 1>

    Source: Cacciamani, Castiglioni, Gatti (2024) for the program; the branching is ours.
    """
    kind = choice(recommendations, "recommendations", RECOMMENDATIONS)
    near = finite_number(gap, "gap", low=0.0, low_open=True)
    most = positive_integer(most_programs, "most_programs")
    scaled, unit = problem.in_payments, problem.most_paid
    costs = [np.array(own, dtype=object) for own in scaled.costs]
    exact = (scaled.exact, scaled.values, costs, scaled.most_paid)
    doubles = (scaled.information, scaled.values.astype(float), [own.astype(float) for own in costs], 1.0)
    if kind == "correlated":
        best = program_of(*doubles).solved()
        assert best is not None, "to recommend what costs least and to pay nothing is a mechanism"
        bound = exact_bound(program_of(*exact), best)
        near = HELD * (1 + abs(best.value)) * float(unit)
    else:
        found = best_independent(*doubles, gap=near / float(unit), most=most)
        best = found.best
        bounds = [exact_bound(program_of(*exact, boxes=boxes), own) for boxes, own in found.leaves]
        together = program_of(*doubles).solved() if not bounds else None
        # where no box is left, what correlated recommendations get
        bound = max(bounds) if together is None else exact_bound(program_of(*exact), together)
    return _made(problem, kind, best, bound * unit, near)


def _made(problem: AcquisitionProblem, kind: str, best: Solution, bound: Fraction, gap: float) -> AcquisitionMechanism:
    n, information = len(problem.agents), problem.information
    chances, shares = mechanism_at(best.point, problem)
    value = float((chances * problem.values.astype(float)).sum() - sum((information * own).sum() for own in shares))
    gains = gains_of(problem, chances, shares)
    told = chances.reshape(*chances.shape, *[1] * (n + 1))
    sums = [chances.sum(axis=tuple(j for j in range(n) if j != i)) for i in range(n)]
    held = max(float(own.max()) for own in gains) <= HELD * float(problem.most_paid)
    most = around(bound)[1]
    asked = {"problem": problem, "recommendations": kind, "gap": gap}
    return AcquisitionMechanism(
        problem=problem.name,
        agents=problem.agents,
        efforts=problem.efforts,
        recommendations=kind,
        chances=chances,
        payments=tuple(np.where(told > NONE, own / np.maximum(told, NONE), 0.0) for own in shares),
        value=value,
        bound=most,
        paid=np.array([(information * own).sum() for own in shares]),
        costs=np.array([own @ np.array(cost, float) for own, cost in zip(sums, problem.costs, strict=True)]),
        gains=gains,
        status=Status.COMPLETE if held and most - value <= gap else Status.UNDECIDED,
        provenance=record("acquisition mechanism", asked, sources=[HIRING]),
    )


def mechanism_at(point: Floats, problem: AcquisitionProblem) -> tuple[Floats, tuple[Floats, ...]]:
    """The chances of recommendations, and payments times these, of a point in units of the largest payment."""
    n = len(problem.agents)
    at = places(problem.exact.shape, n)
    chances = np.where(point[at.chances] > NONE, point[at.chances], 0.0)
    often = chances.reshape(*chances.shape, *[1] * (n + 1)) > 0
    return chances / chances.sum(), tuple(
        np.where(often, point[own] * float(problem.most_paid), 0.0) for own in at.paid
    )
