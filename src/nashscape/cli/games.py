"""`nashscape games`: what can be played."""

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options

if TYPE_CHECKING:
    from nashscape.games import DenseGame


def games(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[GAME]", show_default=False, help="Name of a game, or a JSON file with payoffs."),
    ] = None,
    set_: options.Parameters = options.NOTHING,
    as_json: options.Json = False,
) -> None:
    """List the games that have names, or show one: payoffs, pure equilibria, and what it is.

    Payoffs are listed per cell, one for each player in order. A pure equilibrium is strict when every deviation
    costs something; the margin is the smallest such cost, in payoff units.

    \b
    Examples
      nashscape games
      nashscape games stag-hunt
      nashscape games stag-hunt --set T=2.5 --set R=4
      nashscape games my_game.json
    """
    from nashscape.cli import machine, output, parsing
    from nashscape.core import InputError

    machine.use_every_core()
    if name is None:
        if set_:
            raise InputError("parameters (--set) need a game, as in: nashscape games stag-hunt --set T=2.5")
        _list(as_json)
        return
    game = parsing.game(name, set_)
    if as_json:
        output.print_json(_data(game))
    else:
        _show(game)


def _list(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.games import catalogue

    entries = catalogue()
    if as_json:
        output.print_json([entry._asdict() for entry in entries])
        return
    rows = [
        (
            entry.name,
            _what(entry.title),
            str(len(entry.players)),
            "; ".join(" ".join(own) for own in dict.fromkeys(entry.actions)),
            _parameters(entry.parameters),
        )
        for entry in entries
    ]
    columns = ("game", "what it is", "players", "actions", "parameters")
    output.show(output.console(), "Games with names", columns, rows, left=columns, wrap=("game", "what it is"))


def _parameters(parameters: Mapping[str, float]) -> str:
    parts = [f"{key}={value:g}" for key, value in parameters.items()]
    short = len(" ".join(parts)) < 19
    return (" " if short else "\n").join(parts) or "none"


def _what(title: str) -> str:
    """The description without the name before its colon, which stands beside it, and without marks of code."""
    text = (title.partition(": ")[2] or title).replace("`", "")
    return text[:1].upper() + text[1:]


def _show(game: "DenseGame") -> None:
    from nashscape.cli import output
    from nashscape.theory import pure_equilibria

    out = output.console()
    size = " × ".join(str(actions) for actions in game.shape)
    out.print(f"{game.name}: {game.n_players} players, {size} actions\n")
    if about := _about(game.name):
        out.print(about + "\n")
    out.print(f"Payoffs ({', '.join(game.players)})\n{game.table()}\n")
    rows = [
        (
            one.name,
            ", ".join(f"{payoff:g}" for payoff in one.payoffs),
            ", ".join(f"{regret:g}" for regret in one.regret),
            "yes" if one.strict else "no",
            f"{one.margin:g}",
        )
        for one in pure_equilibria(game)
    ]
    if rows:
        output.show(out, "Pure equilibria", ("profile", "payoffs", "regrets", "strict", "margin"), rows)
    else:
        out.print("There is no pure equilibrium.")


def _about(name: str) -> str:
    """What the library says about a named game: its description, a line per paragraph."""
    from nashscape.games import NAMED

    text = inspect.getdoc(NAMED[name]) if name in NAMED else None
    prose = "" if not text else text.partition("\n\n>>>")[0].partition("\n\nRaises")[0]
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in prose.split("\n\n"))


def _data(game: "DenseGame") -> dict[str, Any]:
    from nashscape.theory import pure_equilibria

    return {"game": game, "about": _about(game.name), "pure_equilibria": pure_equilibria(game)}
