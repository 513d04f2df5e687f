"""Two-phase learning: a correction for some steps, then none of it, or less and less."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp

from nashscape.core import InputError, choice, finite_number, positive_integer
from nashscape.learning import Rule, check_rule, two_phase
from nashscape.learning.handing_over import handed_over
from nashscape.learning.rules import is_combination
from nashscape.learning.schedules import Schedule, as_schedule, is_constant, usual_step_size
from nashscape.learning.term_rules import COEFFICIENTS

WAYS = ("handoff", "anneal")
USUAL = usual_step_size()
"""Step sizes where nobody says otherwise, as everywhere in the library."""


@dataclass(frozen=True)
class AnnealedSteps:
    """Step sizes of another schedule at first, then `α_n = α n^−p`, n counted from 1, α that of the first such step.

    Attributes:
        before: the other schedule.
        at: the step from which they fall.
        exponent: `p`.
    """

    before: Schedule
    at: int
    exponent: float

    @property
    def falls_as(self) -> float:
        """The power of the step with which values fall in the end."""
        return self.exponent

    def __call__(self, step: Any) -> Any:
        """The step size at a step."""
        count = jnp.maximum(jnp.asarray(step, jnp.result_type(float)) - self.at + 1.0, 1.0)
        return jnp.where(jnp.asarray(step) < self.at, self.before(step), self.before(self.at) * count**-self.exponent)


def two_phases(
    rule: Rule,
    warm_up: int,
    *,
    then: str = "handoff",
    exponents: tuple[float, float] = (0.6, 0.7),
    step_size: Any = None,
) -> tuple[Rule, Schedule]:
    """A rule and step sizes: the correction for `warm_up` steps, then policy gradient, or a correction that dies out.

    With "anneal", n counted from 1 at step `warm_up`, step sizes are `α n^−p` and corrections `λ n^−q`.

    Args:
        rule: the corrected rule; to anneal it, a sum of terms with constant coefficients.
        warm_up: `N_0`.
        then: "handoff" or "anneal".
        exponents: `(p, q)` of "anneal".
        step_size: in the first phase, and with "handoff" in the second; by default `0.9/(t+10)^0.24`.

    Raises:
        InputError: for a rule whose coefficients cannot be annealed.

    Example:
        >>> from nashscape.learning import meta_mapg
        >>> made, sizes = two_phases(meta_mapg(peer=1.5), 20, then="anneal", step_size=0.3)
        >>> round(float(made.peer(19)), 4), round(float(made.peer(21)), 4), round(float(sizes(21)), 4)
        (1.5, 0.9234, 0.1979)

    Source: arXiv 2605.18078.
    """
    warm_up = positive_integer(warm_up, "warm_up", at_least=0)
    sizes = USUAL if step_size is None else as_schedule(step_size, "step_size")
    if choice(then, "then", WAYS) == "handoff":
        return handed_over(check_rule(rule), warm_up), sizes
    p, q = (finite_number(x, f"exponent {name}", low=0.0) for x, name in zip(exponents, "pq", strict=True))
    if not is_combination(rule):
        raise InputError(
            f"{check_rule(rule).name} is no sum of terms whose coefficients could be annealed; use handoff"
        )
    annealed: dict[str, Any] = {}
    for term in COEFFICIENTS:
        coefficient = getattr(rule, term)
        if coefficient is None:
            continue
        if not is_constant(coefficient):
            raise InputError(f"{term} of {rule.name} is a schedule already; give a number to anneal it")
        # a power of n counted from 1 is one over 1 + (steps since)/1
        annealed[term] = two_phase(float(coefficient.value), warm_up=warm_up, exponent=q, decay_steps=1.0)
    made = replace(rule, name=f"{rule.name} annealed", **annealed)
    return made, AnnealedSteps(sizes, warm_up, p)


def falls_like(schedule: Callable[[Any], Any]) -> float | None:
    """The exponent p with which step sizes fall in the end, where that is known."""
    # of a schedule from elsewhere the function itself may say so
    known: float | None = getattr(getattr(schedule, "function", schedule), "falls_as", None)
    return known
