"""Requests that are too large are refused before anything is allocated, with what would fit."""

import re
import subprocess
import sys
import tracemalloc

import pytest

import nashscape as ns
from nashscape.core import InputError, machine
from nashscape.core.sizes import check_size
from nashscape.dynamics.case import case_of
from nashscape.dynamics.room import bytes_of_run

GIB = 2**30
HUNT = ns.games.stag_hunt()
COMMONS = ns.games.public_goods()
HUGE = 10**9
DRAWN = ns.starts.normal(std=1.0)

TOO_LARGE = {
    "a map": lambda: ns.basin_map(HUNT, ns.pg(), grid=10**5),
    "the usual map of four players": lambda: ns.basin_map(COMMONS, ns.pg()),
    "the usual map of six": lambda: ns.basin_map(ns.games.by_name("graph-donation"), ns.pg()),
    "a map of rollouts": lambda: ns.basin_map(HUNT, ns.pg(), rollouts=HUGE, estimator=ns.sampled(8)),
    "an axis": lambda: ns.basin_map(HUNT, ns.pg(), grid=10**12),
    "an entry": lambda: ns.entry_probability(HUNT, ns.pg(), n=10**10),
    "what reducers keep": lambda: ns.entry_probability(
        HUNT, ns.pg(), n=10**7, steps=2000, reducers=[ns.reducers.path_at(list(range(2000)))]
    ),
    "a flow map": lambda: ns.flow_map(HUNT, grid=10**5),
    "a sweep of maps": lambda: ns.sweep(HUNT, "peer", [0.0, 1.0], grid=10**5),
    "a sweep of many values": lambda: ns.sweep(HUNT, "peer", [0.001 * k for k in range(40)], n=10**8),
    "restarts": lambda: ns.restarts(HUNT, ns.pg(), runs=2**20, budget=4096),
    "a phase diagram": lambda: ns.phase_diagram(ns.games.donation(), [0.1, 0.2], n=HUGE),
    "cells of a phase diagram": lambda: ns.phase_diagram(
        ns.games.donation(), [1e-4 * k for k in range(3000)], dial=("coupling", "peer"),
        values=[1e-4 * k for k in range(3000)],
    ),
    "a field": lambda: ns.selection.term_field(HUNT, ns.pg(), grid=10**5),
    "an alignment": lambda: ns.alignment(HUNT, ns.pg(), "CC", grid=10**5),
    "an alignment of drawn starts": lambda: ns.alignment(HUNT, ns.pg(), "CC", at=DRAWN, n=10**10),
    "a separatrix": lambda: ns.separatrix(HUNT, ns.pg(), grid=10**5),
    "a line": lambda: ns.selection.along(HUNT, ns.pg(), [0.1, 0.1], [0.9, 0.9], scan=10**10),
    "corrected steps": lambda: ns.corrected_steps_needed(HUNT, ns.meta_mapg(), DRAWN, n=10**9),
    "steering on a grid": lambda: ns.steer(HUNT, "peer", "CC", grid=10**5),
    "a path": lambda: ns.simulate(HUNT, ns.pg(), [0.4, 0.6], steps=10**9),
    "a path of a flow": lambda: ns.flow(HUNT, ns.pg(), [0.4, 0.6], samples=10**10),
    "payoffs of many players": lambda: ns.games.public_goods(players=40).to_dense(),
    "many players": lambda: ns.games.public_goods(players=10**8),
    "random payoffs": lambda: ns.games.random_game((2,) * 40),
    "many actions": lambda: ns.games.pure_coordination(10**6),
    "a graph": lambda: ns.games.by_name("graph-donation", graph="ring:1000000"),
}  # fmt: skip


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 8 * GIB)


@pytest.mark.long
@pytest.mark.parametrize("ask", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_is_too_large_is_refused_before_it_is_allocated(small, ask):
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"[\d,]+ .* need about [\d,.]+ GiB of memory.* has is 4.0 GiB") as told:
            ask()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < GIB / 8
    assert re.search(r"fits?\b|use fewer", str(told.value))


def test_what_it_says_fits_does(small):
    with pytest.raises(InputError, match="a grid of 45 fits"):
        ns.basin_map(COMMONS, ns.pg())
    assert 45**4 <= 2**22 < 46**4


def test_several_rules_at_once_take_more(monkeypatch):
    each = bytes_of_run(case_of(ns.parametric(HUNT), ns.pg()))
    monkeypatch.setattr(machine, "memory", lambda: 2 * 3 * 32 * each)
    with pytest.raises(InputError, match=r"64 runs need .* n = 48 fits"):
        ns.entry_probability(HUNT, [ns.pg(), ns.pg().renamed("again")], n=64, steps=10)
    assert len(ns.entry_probability(HUNT, ns.pg(), n=64, steps=10).labels) == 64


def test_numbers_and_limits(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 2 * GIB)
    check_size("things", 2**30, 1.0, str)
    with pytest.raises(InputError, match=r"^1,073,741,825 things need about 1.0 GiB .* has is 1.0 GiB: 1073741824$"):
        check_size("things", 2**30 + 1, 1.0, str)
    with pytest.raises(InputError, match=r"^9 things need .*, and there may be 8 at most: 8$"):
        check_size("things", 9, 1.0, str, most=8)


@pytest.mark.long
@pytest.mark.parametrize("line", ["basin public-goods", "basin graph-donation", "entry stag-hunt --n 100000000000"])
def test_commands_refuse_within_little_memory(line):
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (4 * 2**30, 4 * 2**30))\n"
        "from nashscape.cli import main\n"
        f"sys.argv = ['nashscape', *{line.split()!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert re.match(r"error: [\d,]+ runs need about [\d,.]+ GiB", done.stderr)
    assert done.stderr.count("\n") == 1
