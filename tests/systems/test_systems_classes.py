"""Gains over the 2×2 games: which have two equilibria, which of them dominates, and who gains by the peer term."""

from itertools import product

import numpy as np
import pytest

from nashscape.games import topology
from nashscape.systems.basin_entry.classes import gains
from nashscape.systems.basin_entry.study import CLASSES


def test_games_with_two_equilibria_are_those_found_by_enumeration():
    def strict(game):
        row, column = game.to_dense().payoffs
        return [
            (i, j)
            for i, j in product((0, 1), repeat=2)
            if row[i, j] > row[1 - i, j] and column[i, j] > column[i, 1 - j]
        ]

    wanted = [f"ordinal:{game.abbreviation}" for game in topology.all_games() if len(strict(game)) == 2]
    assert len(wanted) == 18
    assert list(CLASSES.points.values("game")) == wanted


@pytest.fixture(scope="module")
def found():
    few = [f"ordinal:{name}" for name in DOMINANT]
    return {own.game.removeprefix("ordinal:"): own for own in gains(CLASSES.but({"grid": 11}, {"game": few}))}


DOMINANT = {"Sh": ("CC", ""), "HrCh": ("", "DC"), "Co": ("CC", "CC")}


@pytest.mark.parametrize("name", DOMINANT)
def test_dominance_is_that_of_the_payoffs(found, name):
    """Against sums and products of the payoffs themselves."""
    one, (row, column) = found[name], topology.ordinal_game(name).to_dense().payoffs
    places = [tuple("CD".index(letter) for letter in target) for target in one.targets]
    pays = [np.array([row[own], column[own]]) for own in places]
    losses = [(row[i, j] - row[1 - i, j]) * (column[i, j] - column[i, 1 - j]) for i, j in places]
    best = [k for k in (0, 1) if (pays[k] > pays[1 - k]).all()]
    safe = [k for k in (0, 1) if losses[k] > losses[1 - k]]
    assert one.payoff_dominant == ("".join(one.targets[k] for k in best)) == DOMINANT[name][0]
    assert one.risk_dominant == ("".join(one.targets[k] for k in safe)) == DOMINANT[name][1]


def test_who_gains(found):
    """In the Stag Hunt the peer term raises cooperation; where none is payoff-dominant the safer one loses."""
    assert all(sum(one.before) <= 1 + 1e-12 for one in found.values())
    assert found["Sh"].gained("CC") > 0.05
    assert found["Sh"].pushes == ("raises", "raises")
    assert found["HrCh"].gained("DC") < 0 < found["HrCh"].gained("CD")
