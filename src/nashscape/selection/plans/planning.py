"""Plans: how long to correct, and how often to start anew, so that a target is missed rarely enough."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.core import Estimate, InputError, Status, clopper_pearson, finite_number, positive_integer, target_code
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.options.rows import NO_AUDIT, QUIET
from nashscape.dynamics import Starts
from nashscape.dynamics.case import case_of
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.start_texts import usual_starts
from nashscape.dynamics.starts import check_distribution
from nashscape.dynamics.targets import THRESHOLD
from nashscape.learning import Box, Estimator, Rule, Schedule, check_rule, pg
from nashscape.selection.edges.bisection import goals_for
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.maps.certified_basins import certified_basin
from nashscape.selection.plans import plan_checks as checks
from nashscape.selection.plans.plan_results import Plan
from nashscape.selection.plans.two_phases import two_phases
from nashscape.selection.waiting.restarting import MOST_BUDGET, restarts
from nashscape.semantics import Playable, parametric

FEWEST = 20
"""Starts from which a share can be measured at all."""

MEASURING = 0.1
"""The part of the probability of failure that is spent on lower bounds which may be wrong."""

ENTERED = 0.95
"""The first phase is as long as so large a share of the runs that reach the target took to enter it."""


@verb(**NO_AUDIT)
def plan(
    game: "Playable",
    rule: Rule,
    target: Any = None,
    failure: float = 0.05,
    *,
    warm_up: int | None = None,
    then: str = "handoff",
    exponents: tuple[float, float] = (0.6, 0.7),
    starts: Starts | None = None,
    n: int = 1000,
    runs: int = 200,
    threshold: float = THRESHOLD,
    steps: int = 260,
    progress: Callable[[int, int], None] | None = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
) -> Plan:
    """A schedule in two phases and a budget of restarts by which a target is missed with probability at most `failure`.

        k = ⌈log(failure − ε) / log(1 − p_low)⌉,   Pr(p < p_low) ≤ ε

    A pilot says how long it takes to enter the target set; new starts then measure how many are in it after the first
    phase and at the end; new ones again follow the plan. The budget rests on the measured share at the end alone. The
    published bound `P(T > k) ≤ (1 − p_ρ (1 − δ))^k` and its assumptions stand beside it.

    Args:
        game: a game, or a game with a semantics.
        rule: the rule of the first phase.
        target: the profile to reach; by default the first of `choose_targets`.
        failure: the probability of failing that is allowed, between 0 and 1; by default 0.05.
        warm_up: steps of the first phase; by default as many as 95 % of runs that reach the target take to enter it.
        then: "handoff" (default) to policy gradient, or "anneal", with `α_n = α n^−p` and `λ_n = λ n^−q`.
        exponents: `(p, q)` for "anneal"; by default (0.6, 0.7).
        starts: a distribution of starts; by default `starts.uniform(low=-3, high=3)`.
        n: starts of the pilot, and of the measurement; at least 20. By default 1000.
        runs: runs that follow the plan; by default 200.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        steps: updates after every start; by default 260.
        progress: called with (parts done, parts in all).
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: starts that advance together; results do not depend on it.

    Raises:
        InputError: for input that does not fit, and a pilot of which no run reaches the target.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> made = plan(games.stag_hunt(), meta_mapg(), "CC", failure=0.01, n=400, runs=50)
        >>> 7 <= made.budget <= 15, [check.name for check in made.failed]
        (True, ['step sizes ½ < p ≤ 1'])

    Source: arXiv 2605.18078 for the theorem; the measured budget is derived here.
    """
    options = given(locals(), QUIET)
    learners = parametric(game)
    rule = check_rule(rule)
    exponents = tuple(finite_number(own, "exponents", low=0.0) for own in exponents)  # type: ignore[assignment]
    failure = finite_number(failure, "failure", low=0.0, high=1.0, low_open=True, high_open=True)
    source = usual_starts("plan", learners) if starts is None else starts
    check_distribution(source, "a plan of restarts needs")
    how = case_of(learners, rule, options, steps=steps, starts=source)
    goals = goals_for(learners, target, threshold)
    n, runs = positive_integer(n, "n"), positive_integer(runs, "runs")
    if n < FEWEST:
        raise InputError(
            f"a plan measures how often starts succeed, which takes n of at least {FEWEST}, better 1000; got {n}"
        )
    common = {**options, "starts": source, "n": n, "targets": list(goals), "threshold": threshold}
    done = progress or (lambda part, parts: None)
    with all_or_nothing():
        if warm_up is None:
            pilot: Entry = entry_probability(learners, rule, steps=steps, **{**common, "seed": how.seed})
            warm_up = _entering(pilot)
        if not 0 < positive_integer(warm_up, "warm_up") < steps:
            raise InputError(f"the first phase must end before the last of {steps} steps; got warm_up = {warm_up}")
        done(1, 3)
        made, sizes = two_phases(rule, warm_up, then=then, exponents=exponents, step_size=how.step_size)
        common = {**common, "step_size": sizes, "seed": how.seed + 1}
        half, whole = (entry_probability(learners, made, steps=count, **common) for count in (warm_up, steps))
        done(2, 3)
        entered, ended = (one.labels == target_code(0) for one in (half, whole))
        error = MEASURING * failure
        entry, settled = (_at_least(own, error / 2) for own in (entered, ended[entered]))
        success = _at_least(ended, error)
        budget = _budget(success.low, failure - error)
        measured = None
        if budget is not None:
            measured = restarts(
                learners, made, budget=budget, runs=runs, starts=source, target=[goals[0]], threshold=threshold,
                steps=steps, **{**options, "step_size": sizes, "seed": how.seed + 2},
            )  # fmt: skip
    done(3, 3)
    asked: dict[str, Any] = {
        "failure": failure, "warm_up": warm_up, "then": then, "exponents": exponents, "steps": steps, "follow": runs,
    }  # fmt: skip
    spent = half.provenance.together(whole.provenance)
    return Plan(
        game=learners.name,
        rule=rule.name,
        target=goals[0].name,
        failure=failure,
        warm_up=warm_up,
        then=then,
        exponents=exponents,
        steps=steps,
        entry=entry,
        settled=settled,
        success=success,
        budget=budget,
        published_budget=_budget(entry.low * settled.low, failure - error),
        checks=(
            checks.independent_restarts(source),
            checks.detectable_failure(goals[0], steps),
            checks.strict_target(learners, goals[0]),
            certified_basin(
                learners,
                [pg()] if then == "handoff" else [pg(), rule],
                goals[0],
                settled,
                estimator=how.estimator,
                step_size=how.step_size,
                projection=how.projection,
            ),
            checks.positive_entry(entry, settled),
            checks.bounded_parameters(how.projection, learners),
            checks.unbiased_updates(how.estimator),
            checks.falling_steps(sizes),
            checks.falling_correction(sizes, then, exponents[1]),
        ),
        measured=measured,
        status=Status.UNDECIDED if budget is None else measured.status if measured is not None else Status.COMPLETE,
        provenance=spent.asking("plan", **asked),
    )


def _entering(pilot: Entry) -> int:
    """How long runs that reach the target took to enter it, for most of them."""
    hits = pilot.first_hit[pilot.labels == target_code(0)]
    if not len(hits):
        raise InputError(
            f"none of {len(pilot.labels)} starts reaches {pilot.targets[0]} under {pilot.rule}: see steer for a "
            "stronger correction, or give more steps"
        )
    return max(1, math.ceil(float(np.quantile(hits, ENTERED, method="higher"))))


def _at_least(inside: Any, error: float) -> Estimate:
    """A share with a lower bound that is wrong with probability at most `error`."""
    if not len(inside):
        return Estimate(0.0, 0.0, 1.0, 1.0 - error, "no trials", 0, 0)
    two_sided = clopper_pearson(int(inside.sum()), len(inside), 1.0 - 2.0 * error)
    return replace(two_sided, high=1.0, level=1.0 - error, method="Clopper–Pearson, lower bound")


def _budget(p: float, failure: float) -> int | None:
    """The least k with `(1 − p)^k ≤ failure`."""
    if p <= 0.0:
        return None
    k = 1 if p >= 1.0 else max(1, math.ceil(math.log(failure) / math.log1p(-p) - 1e-12))
    return k if k <= MOST_BUDGET else None
