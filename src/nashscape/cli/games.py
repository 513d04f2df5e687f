"""`nashscape games`: what can be played."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import GAME, JSON, SET

if TYPE_CHECKING:
    from nashscape.games.pure import PureEquilibrium

MOST_LISTED = 6
"""Players whose names fit in a line."""


NAME = replace(GAME, help="Name of a game, or a file: .nfg, .efg, .gam, .csv or .json.", needed=False)


@command("The games that have names; payoffs and equilibria of one.", "", NAME, SET, JSON)
def games(asked: Asked) -> None:
    """List the games that have names, or show one: payoffs, pure equilibria, and what it is.

    Payoffs are listed per cell, one for each player in order. A pure equilibrium
    is strict when every deviation costs something; the margin is the smallest
    such cost, in payoff units. All equilibria: nashscape equilibria GAME.

    \b
    Examples
      nashscape games
      nashscape games stag-hunt
      nashscape games stag-hunt --set T=2.5 --set R=4
      nashscape games stag-hunt --json
    """
    from nashscape.cli import output
    from nashscape.core import InputError

    if "game" in asked:
        output.print_json(_data(asked.bare)) if asked["json"] else _show(asked.bare)
        return
    if "set" in asked:
        raise InputError("parameters (--set) need a game, as in: nashscape games stag-hunt --set T=2.5")
    _list(asked["json"])


def _list(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.games import NAMED, catalogue
    from nashscape.games.families.named import MADE

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
    others = ", ".join(name for name in MADE if name not in NAMED)
    notes = (f"Families, games over points, and trees, each shown by nashscape games NAME: {others}.",)
    output.show(Table("Games with names", columns, tuple(rows), left=columns, wrap=("game", "what it is"), notes=notes))


def _parameters(parameters: Mapping[str, Any]) -> str:
    # texts and switches, such as the graph that a game is played on, are not set from the command line
    parts = [
        f"{key}={value:g}" if type(value) in (int, float) else f"{key}={value}" for key, value in parameters.items()
    ]
    short = len(" ".join(parts)) < 19
    return (" " if short else "\n").join(parts) or "none"


def _what(title: str) -> str:
    """The description without the name before its colon, which stands beside it, and without marks of code."""
    text = (title.partition(": ")[2] or title).replace("`", "")
    return text[:1].upper() + text[1:]


def _show(game: Any) -> None:
    """What there is to say of a game; of one of somebody else, what it offers."""
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.games import has_table, has_types, is_chain, names_actions
    from nashscape.games.offers import has_plays

    typer.echo(_heading(game) + "\n" if names_actions(game) or has_plays(game) else f"{game!r}\n")
    if about := _about(game.name):
        typer.echo(about + "\n")
    many = len(game.players) > MOST_LISTED
    people = (*game.players[:2], "…", game.players[-1]) if many else game.players
    if hasattr(game, "table"):
        typer.echo(f"Payoffs ({', '.join(people)})\n{game.table()}\n")
    if has_plays(game):
        _show_played(game)
        return
    if is_chain(game):
        typer.echo(f"{game!r}\nStates: {', '.join(game.states)}")
        return
    if has_types(game):
        kinds = (f"{player}: {', '.join(own)}" for player, own in zip(game.players, game.types, strict=True))
        typer.echo(f"{game!r}\nTypes of {'; '.join(kinds)}\nEquilibria: nashscape equilibria {game.name}")
        return
    if not has_table(game):
        return
    found = _pure_equilibria(game)
    if found is None:
        typer.echo("The game has too many profiles to look for pure equilibria.")
        return
    rows = [
        (
            one.name,
            ", ".join(f"{payoff:g}" for payoff in one.payoffs),
            ", ".join(f"{regret:g}" for regret in one.regret),
            "yes" if one.strict else "no",
            f"{one.margin:g}",
        )
        for one in found
    ]
    if rows:
        columns = ("profile", "payoffs", "regrets", "strict", "margin")
        output.show(Table("Pure equilibria", columns, tuple(rows)))
    else:
        typer.echo("There is no pure equilibrium.")


def _show_played(game: Any) -> None:
    """What there is to say of a game that is only played: what players see and do, and how long."""
    from nashscape.cli import output
    from nashscape.core.tables import Table

    rows = [
        (player, str(list(seen.shape)), " ".join(getattr(done, "names", ())) or repr(done))
        for player, seen, done in zip(game.players, game.observation_spaces, game.action_spaces, strict=True)
    ]
    long = "any number" if game.horizon is None else f"at most {game.horizon}"
    notes = (f"Rounds of an episode: {long}, with discount {float(game.discount):g}; nothing is computed of it.",)
    output.show(Table("What players see and do", ("player", "sees", "actions"), tuple(rows), left=("player", "actions"),
                      notes=notes))  # fmt: skip


def _heading(game: Any) -> str:
    if not hasattr(game, "actions"):
        return f"{game.name}: {len(game.players)} players"
    sizes = [len(own) for own in game.actions]
    one_size = len(sizes) > MOST_LISTED and len(set(sizes)) == 1
    size = f"{sizes[0]}" if one_size else " × ".join(map(str, sizes))
    return f"{game.name}: {len(sizes)} players, {size} actions"


def _about(name: str) -> str:
    """What the library says about a named game: its description, a line per paragraph."""
    from nashscape.core.docstrings import prose
    from nashscape.games.families.known_games import GAMES

    return "\n\n".join(prose(GAMES.find(name).thing)) if name in GAMES.ours else ""


def _pure_equilibria(game: Any) -> "tuple[PureEquilibrium, ...] | None":
    """All pure equilibria, or None for a game that has more profiles than can be looked at."""
    from nashscape.games import pure_equilibria
    from nashscape.games.forms.compact import ENTRIES_AT_MOST

    if not hasattr(game, "payoffs") and len(game.actions) * math.prod(map(len, game.actions)) > ENTRIES_AT_MOST:
        return None
    return pure_equilibria(game)


def _data(game: Any) -> dict[str, Any]:
    from nashscape.games import has_table, is_chain

    found = {} if is_chain(game) or not has_table(game) else {"pure_equilibria": _pure_equilibria(game)}
    return {"game": game, "about": _about(game.name), **found}
