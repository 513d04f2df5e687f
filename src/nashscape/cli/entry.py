"""`nashscape entry`: how often random starts reach a target."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.games import DenseGame
    from nashscape.selection import Comparison, Entry


def entry(
    game: options.GameName,
    set_: options.Parameters = options.NOTHING,
    rule: options.Rules = options.EVERY_RULE,
    baseline: options.Baseline = None,
    starts: Annotated[str, told("starts", "entry_probability", metavar="STARTS")] = default(
        "starts", "entry_probability"
    ),
    n: Annotated[int, told("n", "entry_probability", "--n", metavar="N")] = default("n", "entry_probability"),
    steps: Annotated[int, told("steps", "entry_probability", metavar="T")] = default("steps", "entry_probability"),
    step_size: options.StepSize = options.STEP_SIZE,
    batch: options.Batch = None,
    unbiased: options.Unbiased = False,
    leave_one_out: options.LeaveOneOut = False,
    target: options.Targets = options.NOTHING,
    threshold: options.Threshold = options.THRESHOLD,
    level: Annotated[float, told("level", "entry_probability", metavar="P")] = default("level", "entry_probability"),
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    audit: options.Audit = None,
    out: options.Out = None,
    as_json: options.Json = False,
    cells: options.Cells = False,
) -> None:
    """Estimate how often runs from random starts end in the first target, for several learning rules.

    All rules run from the same starts and with the same random numbers, so they are compared in pairs. The table
    gives the probability with its Wilson and its Clopper-Pearson interval (which never covers less than its level),
    the difference to the baseline, and the p-value of the exact McNemar test that there is none.

    \b
    Examples
      nashscape entry stag-hunt
      nashscape entry stag-hunt --batch 384 --n 2000
      nashscape entry chicken --rule pg --rule lola:peer=2 --starts uniform:-3,3
    """
    from nashscape.cli import machine, output, parsing, progress
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.selection import compare, entry_probability

    chosen = parsing.game(game, set_)
    keep_programs()
    made = parsing.rules(rule or options.DEFAULT_RULES)
    base = parsing.baseline(baseline, made)
    how = {
        "starts": parsing.starts(starts),
        "n": n,
        "steps": steps,
        "step_size": parsing.step_size(step_size),
        "estimator": parsing.estimator(batch, unbiased, leave_one_out),
        "targets": target or None,
        "threshold": threshold,
        "level": level,
        "projection": parsing.projection(bound),
        "seed": seed,
        "precision": precision,
        "audit": audit,
    }
    _need_target(chosen, target)
    folder = output.folder(out)
    with progress.progress_bar(len(made)) as bar:
        entries: dict[str, Entry] = entry_probability(chosen, made, progress=bar, **how)
    base, others = output.beside_baseline(entries, base)
    comparisons = {name: compare(entries[name], entries[base]) for name in others}
    data = _data(chosen, base, entries, comparisons, cells)
    if folder is not None:
        from nashscape.figures import entry_figure

        output.write(folder, {"entries": entry_figure(entries)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(chosen, base, entries, comparisons)


def _need_target(game: "DenseGame", targets: list[str]) -> None:
    from nashscape.core import InputError
    from nashscape.dynamics import choose_targets

    if not choose_targets(game, targets or None):
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
