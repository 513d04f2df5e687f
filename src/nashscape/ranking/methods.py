"""The methods of ranking that have names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core.calls import public
from nashscape.core.docstrings import arguments, prose
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.core.user_files import FILE
from nashscape.ranking.circle_ratings import melo
from nashscape.ranking.elo_ratings import elo
from nashscape.ranking.evolving_players import by_alpha_rank
from nashscape.ranking.lotteries import maximal_lottery, nash_averaging
from nashscape.ranking.order_strengths import plackett_luce
from nashscape.ranking.pairs import copeland
from nashscape.ranking.strengths import bradley_terry

OURS: Mapping[str, Callable[..., Any] | str] = MappingProxyType({
    "bradley_terry": bradley_terry,
    "plackett_luce": plackett_luce,
    "elo": elo,
    "melo": melo,
    "copeland": copeland,
    "maximal_lottery": maximal_lottery,
    "nash_averaging": nash_averaging,
    "alpha_rank": by_alpha_rank,
})  # fmt: skip
"""Ours, by name: a function of `Matches`, or of what it says it takes, the level and options that gives `Scored`."""

METHODS = Registry("ranking", "nashscape.rankings", OURS)
"""Those, the methods of installed packages, and functions in files of one's own."""


class Method(NamedTuple):
    """A method of ranking.

    Attributes:
        name: as it is typed.
        says: what it is, in one line.
        options: what can be told, with what is taken otherwise.
        explained: what each option is.
    """

    name: str
    says: str
    options: Mapping[str, Any]
    explained: Mapping[str, str]


def found_method(text: str) -> Found:
    """The method of a text, "bradley-terry" or "elo:k=16".

    >>> found_method("Elo:k=16").given
    {'k': 16}

    Raises:
        InputError: for an unknown name, with the nearest known ones.
    """
    if isinstance(text, str) and not FILE.fullmatch(text):
        name, sign, rest = text.partition(":")
        text = f"{'_'.join(name.replace('-', ' ').split())}{sign}{rest}"
    return METHODS.find(text)


@public()
def ranking_catalogue() -> list[Method]:
    """All methods that `rank` knows by name.

    Example:
        >>> [one.name for one in ranking_catalogue()][:2]
        ['bradley-terry', 'plackett-luce']
    """
    return [_described(name) for name in METHODS.names()]


def _described(text: str) -> Method:
    found = found_method(text)
    _, _, *names = found.defaults
    explained = {name: told for name, told in arguments(found.thing).items() if name in names}
    says = (prose(found.thing) or [""])[0]
    return Method(text.replace("_", "-"), says, {name: found.defaults[name] for name in names}, explained)
