"""Restarts, handoffs and plans as tables: how many starts, or steps, it takes."""

from collections.abc import Callable, Mapping

from nashscape.core import Estimate, InputError
from nashscape.core.tables import Table, ends, interval, one_by_one, results_by_rule, shortened, standing
from nashscape.selection.plans.handoffs import CorrectedSteps
from nashscape.selection.plans.plan_results import Plan
from nashscape.selection.run_tables import first_round
from nashscape.selection.waiting.restart_results import Restarts

COLUMNS = ("rule", "runs that\nsucceed", "a start\nsucceeds", "restarts,\ncensored", "restarts\nto success", "status")


def restart_table(found: Restarts | Mapping[str, Restarts]) -> Table:
    """The share of runs that succeed, the probability of one start, and the mean number of restarts, rule by rule."""
    every = results_by_rule(found)
    first = next(iter(every.values()))
    rows = [
        (
            name,
            f"{one.success().successes} of {len(one.first_success)}\n{ends(one.success())}",
            _said(one.per_start),
            _said(one.restarts_within_budget),
            _said(one.restarts_to_success),
            one.status.value,
        )
        for name, one in every.items()
    ]
    counted = f"Censored: a run without success counts as {first.budget - 1} restarts."
    return Table(
        f"{first.game}: starts until {first.target} is reached, at most {first.budget} a run",
        COLUMNS,
        tuple(rows),
        notes=(
            f"Intervals of {100 * first.level:g} %. {counted}",
            *_policies(every),
            *first_round(first),
            *standing(every.values(), statuses=False),
        ),
    )


def _said(ask: Callable[[], Estimate]) -> str:
    """An estimate, or that there is none where starts are not alike."""
    try:
        return interval(ask())
    except InputError:
        return "–"


def _policies(every: Mapping[str, Restarts]) -> list[str]:
    """What runs do after a failure, where they do not start anew."""
    return [f"{name}: after a failure {one.policy}." for name, one in every.items() if one.policy != "anew"]


@one_by_one
def handoff_table(found: CorrectedSteps) -> Table:
    """The share of runs that end in the target, for every number of steps after which the rule hands over."""
    starts = f"{len(found.theta)} {'random ' if found.is_sample else ''}starts"
    shares = [interval(share) for share in found.curve()]
    changes = zip(found.at.tolist(), shares, ["", *shares], strict=False)
    rows = [(str(k), share) for k, share, before in changes if share != before]
    needed = []
    if found.exact:
        some = found.needed
        without = int((some == 0).sum())
        never = int((some < 0).sum())
        needed = [f"Of the starts {without} need no such steps, {never} reach it with none of the numbers tried."]
    return Table(
        f"{found.rule}, then {found.then}, on {found.game}: share of {starts} that reaches {found.target}",
        ("steps", "share"),
        shortened(rows),
        notes=("Between two lines of the table the share stays.", *needed, *standing([found])),
    )


@one_by_one
def plan_table(found: Plan) -> Table:
    """The measured probabilities of a plan, and the plan in words."""
    rows = [
        ("in the target after the first phase", interval(found.entry)),
        ("of those, in it at the end", interval(found.settled)),
        ("in it at the end", interval(found.success)),
    ]
    return Table(
        f"{found.rule} on {found.game}: a plan to reach {found.target}, failing with probability {found.failure:g}",
        ("starts", "probability"),
        tuple(rows),
        notes=(*found.text.splitlines(), *standing([found])),
    )
