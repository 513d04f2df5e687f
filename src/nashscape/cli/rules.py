"""`nashscape rules`: how agents may learn, and what a rule does in a game."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import COUPLING, READING, SET, TOLD, Typed

if TYPE_CHECKING:
    from nashscape.learning.rule_texts import RuleEntry


NAME = Typed("name", "str", None, "", "Learning rule, with coefficients as meta_mapg:peer=2.", shape="RULE",
             argument=True)  # fmt: skip
ON = Typed("game", "Game", None, "",
           "Show what the rule does in this game of two players with two actions: a name, or a JSON file.",
           shape="GAME")  # fmt: skip
NEED_GAME = ("out", "set", "coupling", "reading", "starts", "save")


@command("The learning rules; what one does in a game.", "portrait", NAME, ON, SET, COUPLING, READING, *TOLD)
def rules(asked: Asked) -> Answer | None:
    """List the learning rules, describe one, or show what one does in a game.

    With --game the rule is run without noise: the table gives the share of starts
    that end in each outcome, with its bracket. With --out, writes a card (where
    the rule moves the strategies over its basins, with a few runs, of which the
    first is followed in detail; what drives it; how runs end) and the field of
    every term.

    \b
    Examples
      nashscape rules
      nashscape rules meta_mapg
      nashscape rules meta_mapg:peer=5 --game stag-hunt --out cards/
      nashscape rules lola --game matching-pennies --start 0.6,0.6 --steps 300
      nashscape rules pg --game prisoners-dilemma --coupling 0.5
    """
    if "name" not in asked:
        _only_with(asked, "game", *NEED_GAME)
        _list(asked["json"])
        return None
    if "game" not in asked:
        _only_with(asked, *NEED_GAME)
        _describe(asked["name"], asked["json"])
        return None
    from nashscape.cli import parsing
    from nashscape.cli.progress import progress_bar
    from nashscape.selection.maps.portraits import portrait

    rule = parsing.rule(asked["name"])
    with progress_bar(1):
        found = portrait(asked.game, rule, **asked.how)
    return Answer(found, {"card": found.plot, "terms": found.field.plot})


def _only_with(asked: Asked, *names: str) -> None:
    """Refuse options that need a rule or a game, where there is none."""
    from nashscape.core import InputError

    for name in names:
        if name in asked:
            example = "nashscape rules meta_mapg --game stag-hunt --out cards/"
            needs = "a game (--game)" if "name" in asked else "a rule"
            raise InputError(f"{asked.rows[name].flag} needs {needs}, as in: {example}")


def _list(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.learning.rule_table import FOR_POLICIES
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
    notes = (
        "Sampled: runs on gradients estimated from plays too (--estimator); the others need exact payoffs.",
        "v is base, the gradients of all players, and Dv its Jacobian.",
        f"Of games that are only played, by networks: {', '.join(FOR_POLICIES)}.",
    )
    wrapped = ("what it is", "source")
    output.show(Table("Learning rules", columns, tuple(rows), left=columns, wrap=wrapped, notes=notes))


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

    rule, entry = parsing.rule(name), rule_entry(name)
    if as_json:
        output.print_json({**_data(entry), "numbers": numbers_of(rule)})
        return
    typer.echo(f"{entry.name}: {entry.summary or repr(rule)}.\n")
    typer.echo(f"Direction     {entry.formula}")
    numbers = [f"{key} = {float(value):g}" for key, value in numbers_of(rule).items()]
    typer.echo(f"Coefficients  {', '.join(numbers) or 'none'}")
    typer.echo(f"Sampled       {_yes(entry.sampled)}")
    for k, line in enumerate(cite(entry.sources).splitlines()):
        typer.echo(f"{'Sources' if k == 0 else '':13} {line}")
