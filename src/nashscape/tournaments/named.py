"""Strategies by their names."""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core import InputError, unknown
from nashscape.core.calls import public
from nashscape.tournaments.known_strategies import GENEROUS, KNOWN, SOURCES, Known
from nashscape.tournaments.stages import AXELROD, Stage, stage_of
from nashscape.tournaments.strategies import Strategy, automaton, memory_one


class CatalogueRow(NamedTuple):
    """A strategy that has a name.

    Attributes:
        name: as it is used.
        others: other names for it.
        definition: "first: CC CD DC DD", or the states of an automaton, see `automaton`.
        source: the publication.
    """

    name: str
    others: tuple[str, ...]
    definition: str
    source: str


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


BY_NAME: Mapping[str, Known] = MappingProxyType({_plain(name): row for row in KNOWN for name in row.names})


@public()
def strategy(given: Strategy | str, stage: Any = AXELROD) -> Strategy:
    """A strategy by its name, or by its definition; a strategy is itself.

    Args:
        given: a name of `strategy_catalogue`, in any case, with or without hyphens; or "first: CC CD DC DD", or the
            states of an automaton as for `automaton`; or a strategy.
        stage: payoffs of a round, from which GTFT takes how generous it is: `min(1 − (T−R)/(R−S), (R−P)/(T−P))`, the
            most that leaves nothing to gain from it.

    Raises:
        InputError: for an unknown name, with the nearest known ones.

    Example:
        >>> strategy("tit-for-tat"), strategy("gtft")
        (<Strategy TFT: 1: 1 0 1 0>, <Strategy GTFT: 1: 1 1/3 1 1/3>)
        >>> strategy("C 0 1 / D 1 1").moves.tolist()
        [[[0, 1], [0, 1]], [[1, 1], [1, 1]]]

    Source: see the catalogue.
    """
    if not isinstance(given, str):
        if hasattr(given, "cooperates"):
            return given
        told = "a strategy is a name such as TFT, or what memory_one(…) and automaton(…) give"
        raise InputError(f"{told}; got {type(given).__name__}")
    first, sign, rest = given.partition(":")
    if sign:
        return memory_one(rest.split(), first=first.strip(), name=given)
    if re.search(r"\s/|/\s|\s\d+\s\d", given):
        return automaton(given)
    if _plain(given) not in BY_NAME:
        raise unknown("strategy", given, [own for row in KNOWN for own in row.names])
    return _made(BY_NAME[_plain(given)], stage_of(stage))


@public()
def classics(stage: Any = AXELROD) -> list[Strategy]:
    """All strategies that have a name here.

    Args:
        stage: payoffs of a round, of which GTFT depends.

    Example:
        >>> len(classics()), sum(one.deterministic for one in classics())
        (39, 27)
    """
    played = stage_of(stage)
    return [_made(row, played) for row in KNOWN]


@public()
def strategy_catalogue() -> list[CatalogueRow]:
    """All strategies that have a name here, each with its definition and where it is from.

    Example:
        >>> row = strategy_catalogue()[6]
        >>> row.name, row.others, row.definition
        ('Grudger', ('Grim', 'Friedman'), '1: 1 0 0 0')
    """
    told = {GENEROUS: "1: 1 g 1 g, g = min(1 − (T−R)/(R−S), (R−P)/(T−P))"}
    return [
        CatalogueRow(row.names[0], row.names[1:], told.get(row.definition, row.definition), str(SOURCES[row.source]))
        for row in KNOWN
    ]


def _made(row: Known, stage: Stage) -> Strategy:
    if row.definition == GENEROUS:
        most = generosity(stage)
        return memory_one([1, most, 1, most], name=row.names[0])
    first, sign, rest = row.definition.partition(":")
    return memory_one(rest.split(), first=first, name=row.names[0]) if sign else automaton(first, name=row.names[0])


def generosity(stage: Stage) -> Fraction:
    """How often GTFT forgives a defection in a dilemma."""
    R, S, T, P = stage.own
    if not (T > R > P > S):
        raise InputError("GTFT is as generous as a dilemma with T > R > P > S allows; give the strategy by its numbers")
    return max(Fraction(0), min(1 - (T - R) / (R - S), (R - P) / (T - P)))
