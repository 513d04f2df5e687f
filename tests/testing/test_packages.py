"""The kit for what packages announce: it names what is wrong, and with whom."""

import pytest

from nashscape.core import InputError
from nashscape.testing import check_package

OAK = """import numpy as np

def market(size=2):
    return [size * np.eye(2), size * np.eye(2)]

def seven():
    return 7
"""


@pytest.mark.long
def test_what_is_right_is_listed(packages):
    packages("oak", {"oak": OAK}, group="nashscape.games", **{"oak-market": "oak:market"})
    assert check_package("oak") == ["nashscape.games: oak-market"]


GAMES, RULES = "nashscape.games", "nashscape.rules"
WRONG = {
    "a name of ours": (GAMES, {"stag-hunt": "oak:market"}, AssertionError, "is a game of nashscape"),
    "no game": (GAMES, {"seven": "oak:seven"}, InputError, "seven, of the package oak 2.1: expected a game, got int"),
    "no module": (RULES, {"slow": "elm:slow"}, InputError, "'slow' is announced by the package oak 2.1 as 'elm:slow'"),
    "no rule": (RULES, {"slow": "oak:seven"}, InputError, "slow, of the package oak 2.1: expected a rule, got 7"),
    "a kind of ours": (
        "nashscape.results",
        {"entry": "oak:market"},
        AssertionError,
        "is a kind of result of nash",
    ),
    "no class": (
        "nashscape.games.converters",
        {"Board": "oak:market"},
        AssertionError,
        "is no name of a class",
    ),
    "nothing": ("oak.others", {"x": "oak:market"}, AssertionError, "announces nothing to nashscape; groups"),
}


@pytest.mark.parametrize(("group", "points", "error", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(group, points, error, said, packages):
    packages("oak", {"oak": OAK}, group=group, **points)
    with pytest.raises(error, match=said):
        check_package("oak")


def test_a_name_that_two_packages_announce_is_nobodys(packages):
    packages("oak", {"oak": OAK}, group="nashscape.games", market="oak:market")
    packages("elm", group="nashscape.games", market="oak:market")
    with pytest.raises(
        AssertionError, match=r"'market' of nashscape.games is announced by .*(oak|elm) 2.1 and the pack"
    ):
        check_package("oak")


def test_a_package_that_is_not_there():
    with pytest.raises(InputError, match="no package 'birch' is installed"):
        check_package("birch")
