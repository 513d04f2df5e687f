"""The assumptions of the two-phase theorem, each looked at by name."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.core import Estimate
from nashscape.core.descriptions import describe
from nashscape.dynamics import PointTarget, Target
from nashscape.games import has_table, pure_equilibria
from nashscape.learning import Estimator, default_projection
from nashscape.learning.projection import is_box
from nashscape.learning.schedules import Schedule
from nashscape.selection.plans.two_phases import falls_like
from nashscape.semantics import ParametricGame

OK, FAILED, UNCHECKED = "ok", "failed", "unchecked"


@dataclass(frozen=True)
class Check:
    """One assumption, whether it holds, and why.

    Attributes:
        name: the assumption.
        verdict: "ok", "failed", or "unchecked" where nothing was proved either way.
        why: what was looked at.
    """

    name: str
    verdict: str
    why: str


def independent_restarts(starts: Any) -> Check:
    """Starts are drawn anew from one distribution, each with random numbers of its own."""
    return Check(
        "independent restarts", OK, f"every start is drawn anew by its number from {describe(starts).data['kind']}"
    )


def detectable_failure(goal: Target | PointTarget, steps: int) -> Check:
    """Whether a run has failed is seen at its end."""
    return Check("detectable failure", OK, f"a run has failed unless it is in {goal.name} after {steps} updates")


def strict_target(game: ParametricGame, goal: Target | PointTarget) -> Check:
    """The target is a strict equilibrium: every deviation alone costs the player something."""
    name = "strict target"
    if not has_table(game.game):
        return Check(name, UNCHECKED, f"{game.name} has no table of payoffs, whose profiles could be looked at")
    found = {one.profile: one for one in pure_equilibria(game.game)}.get(goal.profile)  # type: ignore[arg-type]
    if found is None:
        return Check(name, FAILED, f"{goal.name} is no equilibrium of the game")
    verdict = OK if found.margin > 1e-9 * game.game.payoff_range else FAILED
    return Check(name, verdict, f"the least loss of any player from deviating is {found.margin:g} in payoff units")


def positive_entry(entry: Estimate, settled: Estimate) -> Check:
    """Starts enter and stay with positive probability."""
    verdict = OK if entry.low > 0 and settled.low > 0 else FAILED
    return Check("positive entry", verdict, f"entry at least {entry.low:.4f}, then staying at least {settled.low:.4f}")


def bounded_parameters(projection: Any, game: ParametricGame) -> Check:
    """Parameters stay in a compact set."""
    box = default_projection(game.semantics) if projection is None else projection
    if is_box(box) and not np.isfinite([box.low, box.high]).all():
        return Check("bounded parameters", FAILED, "there is no box; parameters may grow without end")
    return Check("bounded parameters", OK, "updates are projected onto a compact set")


def unbiased_updates(estimator: Estimator) -> Check:
    """The noise of updates has mean zero."""
    if estimator.exact:
        return Check("unbiased updates", OK, "updates are exact")
    if estimator.unbiased is None:
        return Check("unbiased updates", UNCHECKED, f"nothing is known of the bias of {type(estimator).__name__}")
    if estimator.unbiased:
        return Check("unbiased updates", OK, "products leave out what a play has with itself")
    return Check("unbiased updates", FAILED, "products of two means of one batch are biased by O(1/batch)")


def falling_steps(sizes: Schedule) -> Check:
    """Step sizes of the second phase fall like `n^−p` with `½ < p ≤ 1`."""
    name, p = "step sizes ½ < p ≤ 1", falls_like(sizes)
    if p is None:
        return Check(name, UNCHECKED, "the schedule is a function of which only values are known")
    return Check(name, OK if 0.5 < p <= 1.0 else FAILED, f"step sizes fall like n^-{p:g}")


def falling_correction(sizes: Schedule, then: str, q: float) -> Check:
    """Corrections of the second phase fall like `n^−q` with `q > 1 − p`."""
    name, p = "correction q > 1 − p", falls_like(sizes)
    if then == "handoff":
        return Check(name, OK, "after the handoff there is no correction")
    if p is None:
        return Check(name, UNCHECKED, "the exponent p of step sizes is not known")
    return Check(name, OK if q > 1.0 - p else FAILED, f"q = {q:g}, 1 − p = {1.0 - p:g}")
