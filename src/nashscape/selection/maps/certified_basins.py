"""Whether a target set is proved to hold the runs that enter it, as the two-phase theorem assumes.

The proof is that of certificates: a corner trap (`nashscape.proofs.certification.traps`) that contains the whole target
set, for every rule that the second phase may follow. Where an action has probability τ or more, its log-odds against
every other are at least `log(τ/(1 − τ))`, so that the target set lies in the set of all parameters with such
differences.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nashscape.core import Estimate, InputError
from nashscape.dynamics import PointTarget, Target
from nashscape.dynamics.targets import has_actions
from nashscape.learning import Estimator, Rule, default_projection
from nashscape.proofs import certify
from nashscape.selection.plans.plan_checks import OK, UNCHECKED, Check
from nashscape.semantics import ParametricGame

NAME = "certified basin"


def certified_basin(
    game: ParametricGame,
    rules: Sequence[Rule],
    goal: Target | PointTarget,
    settled: Estimate,
    *,
    estimator: Estimator,
    step_size: Any = None,
    projection: Any = None,
) -> Check:
    """Around the target lies a set that learners do not leave: proved of exact updates, measured of sampled ones.

    Args:
        game: with its semantics.
        rules: what the second phase follows: one rule, or two between which its corrections lie.
        goal: the target.
        settled: share of runs in the target set after the first phase that are in it at the end.
        estimator: of the updates.
        step_size: of the updates; what comes later is not larger.
        projection: onto which box parameters are projected.
    """
    seen = f"{settled.successes} of {settled.trials} runs that had entered the target set were in it at the end"
    if not has_actions(goal):
        return Check(NAME, UNCHECKED, f"{seen}; of targets that are no pure profiles nothing can be proved")
    box = default_projection(game.semantics) if projection is None else projection
    least = np.log(goal.threshold / (1.0 - goal.threshold)) if goal.threshold < 1.0 else np.inf
    margin = np.inf
    for rule in rules:
        try:
            # no cell is followed: the traps alone are wanted
            found = certify(game, rule, goal.name, step_size=step_size, projection=box, resolution=1.0, seconds=0.0)
        except InputError as error:
            return Check(NAME, UNCHECKED, f"{seen}; nothing could be proved: {error}")
        own = [trap for trap in found.traps if trap.kind == "corner" and trap.target == goal.name]
        around = [trap.margin for trap in own if (trap.least <= least * (1 - 1e-9)).all()]
        if not around:
            return Check(NAME, UNCHECKED, f"{seen}; no set that {rule.name} does not leave was proved to contain it")
        margin = min(margin, max(around))
    who = "exact updates never leave it;" if estimator.exact else "exact updates would never leave it; of sampled ones"
    why = f"around it every component of the exact field points to {goal.name}, by {margin:.3g} at least"
    return Check(NAME, OK, f"{why}: {who} {seen}")
