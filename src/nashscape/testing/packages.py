"""What a package must do that announces games, rules and the like."""

from collections.abc import Mapping
from importlib import metadata
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.core.announced import announced, package_of
from nashscape.core.announced import load as loaded
from nashscape.core.files.kinds import GROUP as RESULTS
from nashscape.core.files.kinds import OURS, result_of
from nashscape.core.found_things import NEEDED
from nashscape.core.registries import Registry
from nashscape.games.exchange.converters import GROUP as CONVERTERS
from nashscape.games.families.known_games import GAMES, by_name
from nashscape.learning import rule_by_name
from nashscape.learning.from_texts import ESTIMATORS, estimator_from_text
from nashscape.learning.rule_table import NAMED_RULES
from nashscape.semantics.from_texts import SEMANTICS, semantics_from_text
from nashscape.testing.claims import claim
from nashscape.testing.games import check_game
from nashscape.theory.concepts.table import NAMED_CONCEPTS, found_concept

REGISTRIES: Mapping[str, tuple[Registry, Any]] = MappingProxyType(
    {
        GAMES.group: (GAMES, lambda name: check_game(by_name(name))),
        NAMED_RULES.group: (NAMED_RULES, rule_by_name),
        ESTIMATORS.group: (ESTIMATORS, estimator_from_text),
        SEMANTICS.group: (SEMANTICS, semantics_from_text),
        NAMED_CONCEPTS.group: (NAMED_CONCEPTS, found_concept),
    }
)
"""By group of entry points, where its names are looked up, and what is made of one that needs nothing."""


def check_package(package: str) -> list[str]:
    """Look at what an installed package announces: it loads, its names are its own, and it is what it is said to be.

    Games go through `check_game`. Rules, estimators and semantics are made; the kits for them need a game, so that the
    package calls these itself.

    Args:
        package: the name under which it is installed.

    Returns:
        What was looked at, as "nashscape.games: lewis".

    Raises:
        AssertionError: for a name that is one of nashscape, or of another package, and for a package that announces
            nothing.
        InputError: for what cannot be loaded, or is something else.
    """
    try:
        points = metadata.distribution(package).entry_points
    except metadata.PackageNotFoundError as error:
        raise InputError(f"no package {package!r} is installed; pip install -e . in its folder") from error
    own = [point for point in points if point.group in (*REGISTRIES, CONVERTERS, RESULTS)]
    known = ", ".join((*REGISTRIES, CONVERTERS, RESULTS))
    claim(bool(own), f"{package} announces nothing to nashscape; groups of entry points are {known}")
    for point in own:
        _check(point)
    return [f"{point.group}: {point.name}" for point in own]


def _check(point: metadata.EntryPoint) -> None:
    name = point.name.replace("-", "_")
    everybody = announced(point.group)[name]
    who = " and ".join(package_of(one) for one in everybody)
    claim(len(everybody) == 1, f"{point.name!r} of {point.group} is announced by {who}: choose another name")
    thing = loaded(point.name, everybody)
    if point.group in REGISTRIES:
        registry, make = REGISTRIES[point.group]
        taken = f"{point.name!r} is a {registry.what} of nashscape, which is what it stands for: choose another name"
        claim(name.lower() not in registry.ours, taken)
        if NEEDED not in registry.find(name).defaults.values() or registry is SEMANTICS:
            make(name)
    elif point.group == RESULTS:
        claim(point.name not in OURS, f"{point.name!r} is a kind of result of nashscape: choose another name")
        found = result_of(point.name)
        claim(
            found.question_kind == point.name,
            f"{point.name!r} is announced, and question_kind is {found.question_kind!r}",
        )
    else:
        said = f"{point.name!r} of {CONVERTERS} is no name of a class, as 'othello.boards.Board', with a function"
        claim("." in point.name and callable(thing), said)
