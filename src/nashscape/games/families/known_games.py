"""Games by name: ours, those of installed packages, and those in a file of one's own."""

import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core.calls import public
from nashscape.core.found_things import NEEDED
from nashscape.core.registries import Registry
from nashscape.games.exchange.converters import game
from nashscape.games.families.named import MADE, NAMED
from nashscape.games.offers import check_offers, has_semantics, is_game

ENVIRONMENTS: Mapping[str, str] = MappingProxyType(
    {"coin_game": "environments.coins:coin_game", "played": "environments.from_texts:played"}
)
"""Of games that are only played, which are a room above this one, where their makers are, by name."""

GAMES = Registry("game", "nashscape.games", MappingProxyType({**MADE, **ENVIRONMENTS}), "parameter")
"""Those of the table, these, the games of installed packages, and games in files of one's own."""


@public()
def by_name(name: str, **parameters: Any) -> Any:
    """The named game, with hyphens or underscores: `by_name("stag-hunt", T=2)`.

    Beside ours there are the names that installed packages announce as entry points of the group `nashscape.games`, and
    "mine.py:market", what a file of one's own has under a name: a function that makes a game, a game, or what stands
    for one, such as an array of payoffs.

    >>> by_name("stag-hunt", T=2).payoffs[0].tolist()
    [[4.0, 0.0], [2.0, 2.0]]

    Raises `InputError` for an unknown game or parameter, and for parameters the game refuses.
    """
    found = GAMES.find(name).having(parameters)
    made = found.made(lambda thing: is_game(thing) or has_semantics(thing))
    return found.blamed(lambda: _checked(made))


def _checked(made: Any) -> Any:
    made = game(made)
    check_offers(made.game if has_semantics(made) else made)
    return made


class Entry(NamedTuple):
    """A row of the catalogue: a named game with its default payoffs."""

    name: str
    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    parameters: Mapping[str, Any]


@public()
def catalogue() -> list[Entry]:
    """The named games in the order of the table, each with its one-line description and default parameters.

    Those that are only played follow, then those of installed packages; one that cannot be used says why in place of a
    description.

    >>> catalogue()[2].name, dict(catalogue()[2].parameters)
    ('stag_hunt', {'R': 4, 'S': 0, 'T': 3, 'P': 2})
    """
    return [*map(_entry, [*NAMED, *ENVIRONMENTS]), *GAMES.others(_entry, _excuse)]


def _excuse(name: str, why: str) -> Entry:
    return Entry(name, f"cannot be used: {why}", (), (), MappingProxyType({}))


def _entry(name: str) -> Entry:
    found = GAMES.find(name)
    title = (inspect.getdoc(found.thing) or "").split("\n")[0]
    made = None if NEEDED in found.defaults.values() else by_name(name)
    players, actions = getattr(made, "players", ()), getattr(made, "actions", ())
    return Entry(name, title, players, actions, MappingProxyType(dict(found.defaults)))
