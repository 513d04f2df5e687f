"""What comes of turning numbers, as tables: sweeps, steering, combinations, and explanations."""

from nashscape.core import Status
from nashscape.core.brackets import Answer, told_apart
from nashscape.core.tables import MOST_ROWS, Table, interval, one_by_one, shortened, standing
from nashscape.selection.explaining.explanation_results import Explanation
from nashscape.selection.run_tables import outcome_names
from nashscape.selection.steering.combinations import Combination
from nashscape.selection.steering.steering_results import Steering
from nashscape.selection.sweeps import Sweep

ANSWERS: dict[Answer, str] = {True: "reached", False: "not reached", None: "open"}


@one_by_one
def sweep_table(found: Sweep) -> Table:
    """The share of every outcome with its interval, at every value of the number."""
    names = outcome_names(found.results)
    rows = [
        (f"{value:g}", *(interval(share) for share in shares), one.status.value)
        for value, one, *shares in zip(
            found.values.tolist(), found.results, *(found.shares(name) for name in names), strict=True
        )
    ]
    first, cost = found.results[0], found.provenance
    starts = f"{first.labels[0].size} starts of a grid" if found.on_grid else f"{first.labels.size} random starts"
    return Table(
        f"{found.rule} on {found.game}: share of {starts} per outcome",
        (found.parameter, *names, "status"),
        tuple(rows),
        notes=(
            f"{cost.compile_seconds:.1f} s to compile, {cost.run_seconds:.1f} s to run.",
            *standing(found.results),
            *(standing([found]) if found.status is Status.INTERRUPTED else ()),
        ),
    )


@one_by_one
def steering_table(found: Steering) -> Table:
    """The share, what it says and what it costs, at the values nearest to the answer, and the answer in words.

    Both ends of the range and the value with the largest share are among them.
    """
    goal, count = (found.bracket or found.searched)[1], len(found.values)
    kept = {0, count - 1, found.values.tolist().index(found.best[0])}
    near = sorted(set(range(count)) - kept, key=lambda k: abs(found.values[k] - goal))
    shown = sorted([*kept, *near[: MOST_ROWS - len(kept)]])
    hidden = count - len(shown)
    away = [f"{hidden} value{'s' if hidden > 1 else ''} further away {'are' if hidden > 1 else 'is'} not shown."]
    rows = [
        (
            value,
            interval(found.shares[k]),
            ANSWERS[found.verdicts[k]],
            str(found.trials[k]),
            f"{found.prices[k]:.4f}",
        )
        for value, k in zip(told_apart(*found.values[shown].tolist()), shown, strict=True)
    ]
    return Table(
        f"{found.rule} on {found.game}: share that reaches {found.target}, wanted {found.at_least:g}",
        (found.parameter, "share", "answer", "runs", "price"),
        tuple(rows),
        left=("answer",),
        notes=(*(away if hidden else []), *found.text.splitlines(), *standing([found], statuses=False)),
    )


@one_by_one
def combination_table(found: Combination) -> Table:
    """The share and the cost of every combination that was tried, cheapest first."""
    rows = [
        (*(f"{value:g}" for value in values), interval(share), ANSWERS[verdict], str(trials), f"{cost:g}")
        for values, share, verdict, trials, cost in zip(
            found.tried.tolist(), found.shares, found.verdicts, found.trials.tolist(), found.costs.tolist(), strict=True
        )
    ]
    best = ", ".join(f"{name} = {value:g}" for name, value in (found.cheapest or {}).items())
    answer = f"The cheapest costs {found.cost:g}: {best}." if best else "None of those tried reaches it."
    return Table(
        f"{found.rule} on {found.game}: share that reaches {found.target}, wanted {found.at_least:g}",
        (*found.parameters, "share", "answer", "runs", "cost"),
        shortened(rows),
        left=("answer",),
        notes=(answer, f"{len(found.costs)} of {found.combinations} combinations were tried.", *standing([found])),
    )


@one_by_one
def explanation_table(found: Explanation) -> Table:
    """What every term pushed towards the target over the whole way, and the explanation in words."""
    totals = found.totals
    rows = [(name, f"{totals[name]:+.4f}", f"{own[0]:+.4f}" if len(own) else "–") for name, own in found.pushes.items()]
    return Table(
        f"{found.rule} on {found.game} from {found.where}: pushes towards {found.target}, in parameters",
        ("term", "over the whole way", "in the first step"),
        tuple(rows),
        notes=(*found.text.splitlines(), *standing([found])),
    )
