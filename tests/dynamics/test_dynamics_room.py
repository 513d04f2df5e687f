"""What does not fit into memory is told before anything is allocated, with what would fit."""

import re

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, machine
from nashscape.dynamics import room
from nashscape.dynamics.case import case_of
from nashscape.dynamics.starts import normal

GIB = 2**30


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 2 * GIB)


def test_a_grid_that_does_not_fit_names_one_that_does(small):
    game = ns.games.by_name("graph-donation")
    with pytest.raises(InputError, match="memory") as told:
        ns.basin_map(game, ns.pg())
    [runs, fits] = re.search(r"^([\d,]+) runs .* a grid of (\d+) fits", str(told.value)).groups()
    players = len(game.players)
    assert int(runs.replace(",", "")) == 51**players
    case = case_of(ns.parametric(game), ns.pg())
    each = room.bytes_of_run(case)
    assert int(fits) ** players * each <= GIB < (int(fits) + 1) ** players * each


def test_random_starts_that_do_not_fit_name_how_many_do(small):
    with pytest.raises(InputError, match=r"1,000,000,000,000 runs need about [\d,.]+ GiB .* n = [\d,]+ fits"):
        ns.entry_probability(ns.games.stag_hunt(), [ns.pg(), ns.lola()], n=10**12)


def test_what_reducers_keep_of_a_run_counts():
    game = ns.parametric(ns.games.stag_hunt())
    bare = case_of(game, ns.pg(), starts=normal(std=1.0), steps=10)
    along = bare.but(reducers=[ns.reducers.path_at(list(range(10)))])
    double = bare.but(precision="float64")
    most = room.bytes_of_run(along) - room.bytes_of_run(bare)
    assert most >= 10 * game.dimension * 4
    assert room.bytes_of_run(double) > room.bytes_of_run(bare)


def test_what_fits_is_numbered_from_zero():
    case = case_of(ns.parametric(ns.games.stag_hunt()), ns.pg(), starts=normal(std=1.0))
    np.testing.assert_array_equal(room.numbered(case, 5, str), np.arange(5))


def test_a_machine_that_does_not_say_has_eight_gibibytes(monkeypatch):
    def no_answer(name):
        raise ValueError(name)

    monkeypatch.setattr(machine.os, "sysconf", no_answer)
    assert machine.memory() == 8 * GIB
