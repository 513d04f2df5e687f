"""`nashscape rules`: how agents may learn, and what a rule does in a game."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.learning.rule_texts import RuleEntry
    from nashscape.selection.portraits import Portrait


def rules(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[RULE]", show_default=False, help="Learning rule, with coefficients as meta_mapg:peer=2."
        ),
    ] = None,
    game: Annotated[
        str | None,
        typer.Option(
            "--game",
            metavar="GAME",
            show_default=False,
            help="Show what the rule does in this game of two players with two actions: a name, or a JSON file.",
        ),
    ] = None,
    set_: options.Parameters = options.NOTHING,
    start: Annotated[
        list[str],
        typer.Option(
            "--start",
            metavar="P,Q",
            show_default=False,
            help="Start of a run on the card, as 0.4,0.7; the first is followed in detail. Repeatable.",
        ),
    ] = options.NOTHING,
    grid: Annotated[int, told("grid", "portrait", metavar="G")] = default("grid", "portrait"),
    steps: Annotated[int, told("steps", "portrait", metavar="T")] = default("steps", "portrait"),
    step_size: options.StepSize = options.STEP_SIZE,
    target: options.Targets = options.NOTHING,
    bound: options.Bound = None,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """List the learning rules, describe one, or show what one does in a game.

    With --game the rule is run without noise: the table gives the share of starts that end in each outcome, with its
    bracket. With --out, writes a card (where the rule moves the strategies over its basins, with a few runs; what
    drives one of them; how runs end) and the field of every term.

    \b
    Examples
      nashscape rules
      nashscape rules meta_mapg
      nashscape rules meta_mapg:peer=5 --game stag-hunt --out cards/
      nashscape rules lola --game matching-pennies --start 0.6,0.6 --steps 300 --out cards/
    """
    from nashscape.cli import machine, parsing
    from nashscape.core import keep_programs

    machine.use_every_core()
    if name is None:
        _only_with(name, game=game, out=out, set=set_, start=start)
        _list(as_json)
        return
    if game is None:
        _only_with(name, out=out, set=set_, start=start)
        _describe(name, as_json)
        return
    how = {
        "grid": grid,
        "steps": steps,
        "step_size": parsing.step_size(step_size),
        "targets": target or None,
        "projection": parsing.projection(bound),
        **({"starts": [parsing.start(one) for one in start]} if start else {}),
    }
    chosen = parsing.game(game, set_)
    keep_programs()
    _portray(name, chosen, how, out, as_json)


def _only_with(name: str | None, **given: Any) -> None:
    """Refuse options that need a rule or a game, where there is none."""
    from nashscape.core import InputError

    for option, value in given.items():
        if value:
            example = "nashscape rules meta_mapg --game stag-hunt --out cards/"
            needs = "a rule" if name is None else "a game (--game)"
            raise InputError(f"--{option} needs {needs}, as in: {example}")


def _list(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.learning.rule_texts import rule_catalogue

    entries = rule_catalogue()
    if as_json:
        output.print_json([_data(entry) for entry in entries])
        return
    rows = [
        (entry.name, entry.summary, _coefficients(entry.coefficients), _yes(entry.sampled), entry.source or "–")
        for entry in entries
    ]
    columns = ("rule", "what it is", "coefficients", "sampled", "source")
    screen = output.console()
    wrapped = ("what it is", "source")
    output.show(screen, "Learning rules", columns, rows, left=columns, wrap=wrapped)
    screen.print("Sampled: runs on gradients estimated from plays too (--batch); the others need exact payoffs.")
    screen.print("v is base, the gradients of all players, and Dv its Jacobian.")


def _coefficients(coefficients: Mapping[str, Any]) -> str:
    parts = [
        f"{key}={value:g}" if type(value) in (int, float) else f"{key}={value}" for key, value in coefficients.items()
    ]
    return "\n".join(parts) or "none"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _data(entry: "RuleEntry") -> dict[str, Any]:
    from nashscape.core import cite

    return {
        "name": entry.name,
        "summary": entry.summary,
        "formula": entry.formula,
        "coefficients": entry.coefficients,
        "sampled": entry.sampled,
        "source": entry.source,
        "citations": cite(entry.sources).splitlines(),
    }


def _describe(name: str, as_json: bool) -> None:
    from nashscape.cli import output, parsing
    from nashscape.core import cite
    from nashscape.learning.rule_texts import numbers_of, rule_entry

    rule, entry = parsing.rule(name), rule_entry(name.partition(":")[0].strip())
    if as_json:
        output.print_json({**_data(entry), "numbers": numbers_of(rule)})
        return
    screen = output.console()
    screen.print(f"{entry.name}: {entry.summary}.\n")
    screen.print(f"Direction     {entry.formula}")
    numbers = [f"{key} = {float(value):g}" for key, value in numbers_of(rule).items()]
    screen.print(f"Coefficients  {', '.join(numbers) or 'none'}")
    screen.print(f"Sampled       {_yes(entry.sampled)}")
    for k, line in enumerate(cite(entry.sources).splitlines()):
        screen.print(f"{'Sources' if k == 0 else '':13} {line}", soft_wrap=True)


def _portray(name: str, game: Any, how: dict[str, Any], out: Any, as_json: bool) -> None:
    from nashscape.cli import output, parsing, progress
    from nashscape.selection.portraits import portrait

    rule, folder = parsing.rule(name), output.folder(out)
    with progress.progress_bar(1):
        found = portrait(game, rule, **how)
    data = _portrait_data(game, found)
    if folder is not None:
        from nashscape.figures.fields import field_figure
        from nashscape.figures.rule_cards import card_figure

        output.write(folder, {"card": card_figure(found), "terms": field_figure(found.field)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(game, found)


def _portrait_data(game: Any, found: "Portrait") -> dict[str, Any]:
    from nashscape.cli import output
    from nashscape.learning.rule_texts import formula_of, numbers_of

    basin = found.basin
    return {
        "command": "rules",
        "game": game,
        "rule": {"name": found.rule.name, "formula": formula_of(found.rule), "numbers": numbers_of(found.rule)},
        "targets": basin.targets,
        "fractions": {outcome: basin.fraction(outcome) for outcome in output.outcome_names([basin])},
        "runs": [
            {"start": [own[0, 0] for own in run.strategies], "outcome": run.outcome, "first_hit": run.first_hit}
            for run in found.runs
        ],
        "greatest_speeds": {term: float(found.field.speed(term).max()) for term in found.field.terms},
        "equilibria": found.field.equilibria,
        "status": output.status_data(found.status),
        "provenance": found.provenance,
    }


def _print(game: Any, found: "Portrait") -> None:
    from nashscape.cli import output
    from nashscape.learning.rule_texts import formula_of

    basin, screen = found.basin, output.console()
    rows = [(outcome, output.interval(basin.fraction(outcome))) for outcome in output.outcome_names([basin])]
    grid = "×".join(str(size) for size in basin.labels.shape[1:])
    output.show(screen, f"{found.rule.name} on {game.name}: share of {grid} starts", ("outcome", "share"), rows)
    ends = [
        (", ".join(f"{own[0, 0]:.2f}" for own in run.strategies), run.outcome, _number(run.first_hit))
        for run in found.runs
    ]
    hit = f"first at {basin.targets[0]}" if basin.targets else "first hit"
    output.show(screen, "Runs", ("start", "outcome", hit), ends, left=("outcome",))
    screen.print(f"Direction: {formula_of(found.rule)}.")
    for line in output.advice({found.rule.name: basin}):
        screen.print(line)


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)
