"""How many fresh starts it takes until a target has been reached with a wanted probability."""

import math
from typing import Any

import numpy as np

from nashscape.core import Estimate, InputError, Status, positive_integer
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.options import default
from nashscape.dynamics import Starts
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_distribution
from nashscape.learning import Rule, meta_mapg
from nashscape.selection.edges.bisection import goals_for
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.steering.measuring import unsettled_in
from nashscape.selection.steering.steering_results import Steering
from nashscape.semantics import Playable, parametric

MOST = 64


def steer_restarts(
    game: "Playable",
    rule: Rule | None,
    target: Any,
    at_least: float,
    low: float | None,
    high: float | None,
    *,
    starts: Starts | None,
    n: int | None,
    threshold: float,
    error: float,
    **options: Any,
) -> Steering:
    """The smallest budget k of independent starts with `1 − (1 − p)^k ≥ at_least`, from the interval of p.

    One number, the probability p that a start succeeds, is measured once; its Clopper–Pearson interval at level
    `1 − error` is carried over to every budget, so that all answers are right together with that probability. The price
    of a budget is the mean number of starts that it makes, `(1 − (1 − p)^k)/p`.

    Raises:
        InputError: for starts that are no distribution, and budgets that are not whole.
    """
    learners = parametric(game)
    if at_least == 1.0:
        raise InputError("no number of restarts is sure to succeed; ask for less than 1, such as 0.99")
    first = positive_integer(1 if low is None else low, "low")
    last = positive_integer(MOST if high is None else high, "high", at_least=first + 1)
    goals = goals_for(learners, target, threshold)
    chosen: Any = meta_mapg() if rule is None else rule
    # hosted players are started by their factory
    source = usual_starts("restarts", None if is_hosted(chosen) else learners) if starts is None else starts
    check_distribution(source, "restarts need")
    given = {"starts": starts} if is_hosted(chosen) else {"starts": source}
    options = {"steps": default("steps", "restarts"), **options}
    with all_or_nothing():
        entry: Entry = entry_probability(
            learners, chosen, **given, n=n, targets=list(goals), threshold=threshold, level=1.0 - error, **options
        )
    p = entry.exact_interval(goals[0].name)
    budgets = np.arange(first, last + 1)
    shares = tuple(_within(p, int(k), error) for k in budgets)
    verdicts = tuple(True if one.low >= at_least else False if one.high < at_least else None for one in shares)
    clear = None not in verdicts
    asked: dict[str, Any] = {
        "parameter": "restarts",
        "searched": (first, last),
        "at_least": at_least,
        "error": error,
    }
    whole = entry.provenance
    return Steering(
        game=learners.name,
        rule=entry.rule,
        parameter="restarts",
        target=goals[0].name,
        at_least=at_least,
        about="distribution",
        searched=(float(first), float(last)),
        scanned=len(budgets),
        values=budgets.astype(np.float64),
        shares=shares,
        verdicts=verdicts,
        trials=np.full(len(budgets), len(entry.labels)),
        unsettled=np.full(len(budgets), unsettled_in(entry.labels)),
        # a start fails that has not succeeded when it is given up
        movable=np.zeros(len(budgets), bool),
        payoffs=np.full((len(budgets), len(learners.sizes)), np.nan),
        prices=np.array([_mean_starts(p.value, int(k)) for k in budgets]),
        priced_in="starts made, on average",
        too_few=False,
        error=error,
        promise=(
            f"with probability at least {1 - error:g} all answers are right, for starts drawn independently of each "
            "other and failures that can be seen; a larger budget never does worse"
        ),
        status=Status.COMPLETE if clear else Status.UNDECIDED,
        provenance=whole.asking("steering", **asked),
    )


def _within(p: Estimate, k: int, error: float) -> Estimate:
    """The probability of success within k starts."""
    value, low, high = (-math.expm1(k * math.log1p(-x)) if x < 1.0 else 1.0 for x in (p.value, p.low, p.high))
    return Estimate(
        value, low, high, 1.0 - error, f"{k} independent starts, Clopper–Pearson for one", p.successes, p.trials
    )


def _mean_starts(p: float, k: int) -> float:
    return float(k) if p == 0.0 else -math.expm1(k * math.log1p(-p)) / p if p < 1.0 else 1.0
