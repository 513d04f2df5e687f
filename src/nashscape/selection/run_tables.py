"""Basin maps and entries as tables: a row for each rule, with what it gains and loses against another."""

from collections.abc import Iterable, Mapping
from typing import Any

from nashscape.core import Status, explained, unknown
from nashscape.core.tables import Table, ends, interval, results_by_rule
from nashscape.selection.comparing.comparisons import Comparison, compare, run_alike
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap
from nashscape.selection.open_runs import Measured, is_remainder, open_counts, standing_of, told_of_open

MOST_PLACES = 4
"""Places of rest that a line names."""

BRACKETS = "In brackets: the share without, and with, the cells along the boundary of an outcome."
CHANCE = "In brackets: 95 % intervals of sampled updates."


def basin_table(found: BasinMap | Mapping[str, BasinMap], baseline: str | None = None) -> Table:
    """The share of the grid for each outcome with its interval, rule by rule.

    Args:
        found: a map, or several by rule.
        baseline: the rule with which the others are compared, by default the first. Gained and lost are the shares of
            the grid that reach the first target under one of the two only.
    """
    maps = results_by_rule(found)
    base, changes = _compared(maps, baseline)
    first = maps[base]
    outcomes = outcome_names(maps.values())
    rows = []
    for name, one in maps.items():
        shares = [interval(one.fraction(outcome)) for outcome in outcomes]
        gained = _gained(changes.get(name)) if changes else ()
        rows.append((name, *shares, *gained, standing_of(one), _seconds(one)))
    grid = "×".join(str(size) for size in first.labels.shape[1:])
    runs = "exact gradients" if first.exact else f"sampled gradients, {first.rollouts} runs per cell"
    against = [f"Gained and lost: starts that reach {first.targets[0]}, against {base}."] if changes else []
    return Table(
        f"{first.game}: share of {grid} starts per outcome, {runs}",
        ("rule", *outcomes, *(("gained", "lost") if changes else ()), "status", "time"),
        tuple(rows),
        notes=(*against, BRACKETS if first.exact else CHANCE, *first_round(first), *advice(maps)),
    )


def entry_table(found: Entry | Mapping[str, Entry], baseline: str | None = None) -> Table:
    """The probability of the first target with two intervals, and how many runs end in each outcome, rule by rule.

    Args:
        found: an entry, or several by rule.
        baseline: the rule with which the others are compared start by start, by default the first.
    """
    entries = results_by_rule(found)
    base, changes = _compared(entries, baseline)
    first = entries[base]
    rows = [
        (
            name,
            _probability(one),
            "\n".join(f"{outcome} {one.outcomes().get(outcome, 0)}" for outcome in outcome_names([one])),
            *((_difference(changes.get(name)),) if changes else ()),
            standing_of(one),
            _seconds(one),
        )
        for name, one in entries.items()
    ]
    against = (f"against {base}\nMcNemar",) if changes else ()
    exact = "; the differences exact for paired starts, at 95 %" if changes else ""
    drawn = first.question.get("starts")
    uniform = isinstance(drawn, dict) and drawn.get("kind") == "uniform_strategies"
    starts = f"{len(first.labels)} {'random ' if first.at_random else ''}starts"
    starts += ", uniform over the set of each player" if uniform else ""
    return Table(
        f"{first.game}: probability of entering {first.targets[0] if first.targets else 'a target'} from {starts}",
        ("rule", "P\nWilson\nClopper–Pearson", "runs", *against, "status", "time"),
        tuple(rows),
        notes=(f"Intervals of {100 * first.level:g} %{exact}.", *first_round(first), *advice(entries)),
    )


def outcome_names(results: Iterable[Measured]) -> list[str]:
    """The targets, then every other outcome in which some run of some result ended."""
    every = list(results)
    return list(dict.fromkeys([*every[0].targets, *(name for one in every for name in one.outcomes())]))


def advice(results: Mapping[str, Measured]) -> tuple[str, ...]:
    """Lines for places of rest and audits, for every result that is not complete, for labels that could matter, and for
    notes.
    """
    told, open_labels = [*_resting(results), *_audits(results)], dict[str, None]()
    for name, one in results.items():
        if one.status is Status.UNRESOLVED:
            told.append(told_of_open(name, one))
            open_labels |= {} if is_remainder(one) else dict.fromkeys(open_counts(one))
        elif one.status is not Status.COMPLETE:
            told.append(f"{name}: {one.status.value}. {one.advice}")
    told += [f"{label}: {explained(label)}" for label in open_labels]
    return (*told, *(f"{name}: {note}." for name, one in results.items() for note in one.notes))


def first_round(found: Any) -> tuple[str, ...]:
    """What targets say in a game of many rounds: they are about one state."""
    targets = found.question.get("targets") or ()
    one_state = any(isinstance(own, dict) and own.get("state") is not None for own in targets)
    return ("Targets are looked at in the first round alone.",) if one_state else ()


def _compared(found: Mapping[str, Any], baseline: str | None) -> tuple[str, dict[str, Comparison]]:
    """The name of the baseline, and every other result against it where there are targets and both were run alike."""
    base = next(iter(found)) if baseline is None else baseline
    if base not in found:
        raise unknown("baseline", base, found)
    others = {name: one for name, one in found.items() if name != base and one.targets}
    alike = {name: one for name, one in others.items() if run_alike(one, found[base])}
    return base, {name: compare(one, found[base]) for name, one in alike.items()}


def _gained(change: Comparison | None) -> tuple[str, str]:
    return ("–", "–") if change is None else (f"{change.gained_share:.4f}", f"{change.lost_share:.4f}")


def _probability(entry: Entry) -> str:
    if not entry.targets or not entry.labels.size:
        return "–"
    return f"{interval(entry.probability())}\n{ends(entry.exact_interval())}"


def _difference(change: Comparison | None) -> str:
    if change is None or change.test is None:
        return "–"
    return f"{interval(change.difference)}\np = {change.test.p_value:.2g}"


def _audits(results: Mapping[str, Measured]) -> list[str]:
    """A line for every audit of labels."""
    lines = []
    for name, one in results.items():
        if one.audit is not None:
            kept = zip(one.audit.names, one.audit.changed, one.audit.looked_at, strict=True)
            told = ", ".join(f"{label} {changed} of {count}" for label, changed, count in kept if count)
            lines.append(f"{name}: of the runs that were continued, changed: {told}.")
    return lines


def _resting(results: Mapping[str, Measured]) -> list[str]:
    """A line for every rule whose runs come to rest elsewhere than at a target, with the places of most runs."""
    lines = []
    for name, one in results.items():
        places = sorted(one.rests, key=lambda place: -place.runs)
        if places:
            more = f"; and {len(places) - MOST_PLACES} more places" if len(places) > MOST_PLACES else ""
            lines.append(f"{name}: {'; '.join(map(str, places[:MOST_PLACES]))}{more}.")
    return lines


def _seconds(result: Measured) -> str:
    """How long a result took, compiling included."""
    cost = result.provenance
    return f"{cost.compile_seconds + cost.run_seconds:.1f} s"
