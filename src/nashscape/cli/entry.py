"""`nashscape entry`: how often random starts reach a target."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule
from nashscape.cli.commands import command
from nashscape.cli.rows import BASELINE, PLAYED, RULES, TOLD, VARY

if TYPE_CHECKING:
    from nashscape.games import DenseGame
    from nashscape.selection import Comparison, Entry


@command(
    "How often random starts reach a target.",
    "entry_probability", *PLAYED, RULES, BASELINE, VARY, *TOLD,
)  # fmt: skip
def entry(asked: Asked) -> Answer:
    """Estimate how often runs from random starts end in the first target, for several learning rules.

    All rules run from the same starts and with the same random numbers, so they
    are compared in pairs. The table gives the probability with its Wilson and its
    Clopper-Pearson interval (which never covers less than its level), the
    difference to the baseline, and the p-value of the exact McNemar test that
    there is none.

    \b
    Examples
      nashscape entry stag-hunt
      nashscape entry stag-hunt --estimator sampled:batch=384 --n 2000
      nashscape entry chicken --rule pg --rule lola:peer=2 --starts uniform:-3,3
      nashscape entry prisoners-dilemma --vary coupling=0:1:5
      nashscape entry donation --reading imperfect:coupling=0.6,noise=1
    """
    from nashscape.selection import entry_probability

    _need_target(asked)
    entries, base = by_rule(asked, entry_probability)
    comparisons = entries.compare(base) if "vary" not in asked and len(entries) > 1 else {}
    return Answer(
        entries,
        {"entries": entries.plot},
        lambda: _data(asked.bare, base, entries, comparisons, asked["cells"]),
        lambda: _print(asked.bare, base, entries, comparisons),
    )


def _need_target(asked: Asked) -> None:
    from nashscape.core import InputError
    from nashscape.dynamics import choose_targets

    game = asked.game
    if not choose_targets(game, asked["targets"]):
        raise InputError(f"{game.name} has no strict pure equilibrium to enter; name a profile with --target")


def _data(
    game: "DenseGame",
    base: str,
    entries: "Mapping[str, Entry]",
    comparisons: "Mapping[str, Comparison]",
    cells: bool,
) -> dict[str, Any]:
    from nashscape.cli import output

    def of(one: "Entry") -> dict[str, Any]:
        names = output.outcome_names([one])
        every = {"labels": one.labels, "first_hit": one.first_hit} if cells else {}
        return {
            "probability": one.probability(),
            "exact_interval": one.exact_interval(),
            "probabilities": {name: one.probability(name) for name in names},
            "outcomes": one.outcomes(),
            "at_step": {target: one.at_step(target) for target in one.targets},
            "audit": output.audit_data(one.audit),
            "rests": one.rests,
            "status": output.status_data(one.status),
            "provenance": one.provenance,
            **every,
        }

    return {
        "command": "entry",
        "game": game,
        "targets": next(iter(entries.values())).targets,
        "baseline": base,
        "rules": {name: of(one) for name, one in entries.items()},
        "comparisons": {name: output.comparison_data(one) for name, one in comparisons.items()},
    }


def _print(
    game: "DenseGame", base: str, entries: "Mapping[str, Entry]", comparisons: "Mapping[str, Comparison]"
) -> None:
    from nashscape.cli import output

    rows = [
        (
            name,
            _probability(one),
            "\n".join(f"{outcome} {one.outcomes().get(outcome, 0)}" for outcome in output.outcome_names([one])),
            _difference(comparisons.get(name)),
            one.status.value,
            output.seconds(one),
        )
        for name, one in entries.items()
    ]
    first = entries[base]
    title = f"{game.name}: probability of entering {first.targets[0]} from {len(first.labels)} random starts"
    columns = ("rule", "P\nWilson\nClopper–Pearson", "runs", f"against {base}\nMcNemar", "status", "time")
    screen = output.console()
    output.show(screen, title, columns, rows)
    screen.print(f"Intervals of {100 * first.level:g} %; the differences exact for paired starts, at 95 %.")
    for line in [*output.first_round(game), *output.advice(entries)]:
        screen.print(line)


def _probability(entry: "Entry") -> str:
    from nashscape.cli import output

    wide = entry.exact_interval()
    return f"{output.interval(entry.probability())}\n[{wide.low:.4f}, {wide.high:.4f}]"


def _difference(change: "Comparison | None") -> str:
    from nashscape.cli import output

    if change is None or change.test is None:
        return "–"
    return f"{output.interval(change.difference)}\np = {change.test.p_value:.2g}"
