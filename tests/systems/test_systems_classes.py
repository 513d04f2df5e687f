"""Gains over the 2×2 games: which have two equilibria, which of them dominates, and who gains by the peer term."""

from itertools import product

import pytest

from nashscape.games import topology
from nashscape.systems.basin_entry.classes import gain, with_two_equilibria


def test_games_with_two_equilibria_are_those_found_by_enumeration():
    def strict(game):
        row, column = game.to_dense().payoffs
        return [
            (i, j)
            for i, j in product((0, 1), repeat=2)
            if row[i, j] > row[1 - i, j] and column[i, j] > column[i, 1 - j]
        ]

    wanted = [game.number for game in topology.all_games() if len(strict(game)) == 2]
    assert [game.number for game in with_two_equilibria()] == wanted


@pytest.mark.parametrize(("name", "payoff", "risk"), [("Sh", "CC", ""), ("HrCh", "", "DC"), ("Co", "CC", "CC")])
def test_dominance_and_gain(name, payoff, risk):
    found = gain(topology.ordinal_game(name), grid=11)
    assert (found.payoff_dominant, found.risk_dominant) == (payoff, risk)
    assert sum(found.before) <= 1 + 1e-12
    # in the Stag Hunt the peer term raises cooperation; in Coordination it costs the better equilibrium some starts
    if name == "Sh":
        assert found.gained("CC") > 0.05
    if name == "HrCh":
        assert found.gained("DC") < 0 < found.gained("CD")
