"""Learning in games in extensive form: CFR in Leduc poker against OpenSpiel, and 10⁴ starts of Kuhn's poker at once.

`NASHSCAPE_OPEN_SPIEL` names a Python that has open_spiel; without it ratios are left out. Both sides update the players
one after the other and weigh all rounds alike, so that after as many rounds NashConv has to be the same.
"""

import json
import os
import subprocess
import time

from benchmarks.rows import Row, paired_ratio, times
from benchmarks.sizes import Size
from nashscape import entry_probability, games, learning, theory

SIZES = {Size.FULL: (1_000, 20, 3, 10_000), Size.QUICK: (300, 5, 2, 1_000), Size.TINY: (4, 2, 1, 16)}
"""Rounds of ours and of C++, of Python, repetitions, and starts."""
PYTHON = "NASHSCAPE_OPEN_SPIEL"
CLOSE = 1e-6
"""Regrets that tie are rounded otherwise there: after 1,000 rounds the two are 2e-7 apart."""

THEIRS = """
import json, sys, time
import pyspiel
from open_spiel.python.algorithms import cfr, exploitability
rounds, few, repetitions = map(int, sys.argv[1:])
game = pyspiel.load_game("leduc_poker")
made = {"cpp": [], "python": [], "version": getattr(pyspiel, "__version__", "")}
for _ in range(repetitions):
    for name, make, count in (("cpp", pyspiel.CFRSolver, rounds), ("python", cfr.CFRSolver, few)):
        solver = make(game)
        began = time.perf_counter()
        for _ in range(count):
            solver.evaluate_and_update_policy()
        made[name].append((time.perf_counter() - began) / count)
        if name == "cpp":
            made["nash_conv"] = pyspiel.nash_conv(game, solver.average_policy())
print(json.dumps(made))
"""


def run(size: Size) -> list[Row]:
    """See the module."""
    rounds, few, repetitions, starts = SIZES[size]
    game, rule = games.leduc_poker(), learning.cfr(order="sequential")
    found = theory.tree_play(game, rule, steps=rounds)
    ours = []
    for _ in range(repetitions):
        began = time.perf_counter()
        theory.tree_play(game, rule, steps=rounds)
        ours.append((time.perf_counter() - began) / rounds)
    rows = [Row("trees: seconds of a round of CFR in Leduc poker", min(ours), unit="s", details=times(ours))]
    rows += _ratios(rounds, few, repetitions, ours, found.nash_conv)
    return [*rows, _starts(starts)]


def _ratios(rounds: int, few: int, repetitions: int, ours: list[float], nash_conv: float) -> list[Row]:
    python = os.environ.get(PYTHON)
    if not python:
        return [Row("trees: OpenSpiel", None, details=f"left out: {PYTHON} names no Python")]
    asked = [python, "-c", THEIRS, str(rounds), str(few), str(repetitions)]
    told = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    if abs(told["nash_conv"] - nash_conv) > CLOSE:
        raise RuntimeError(f"NashConv after {rounds} rounds is {nash_conv} here and {told['nash_conv']} there")
    return [
        Row(f"trees: times faster than OpenSpiel's {name}", paired_ratio(told[key], ours), against=f"OpenSpiel, {name}",
            details=f"a round: nashscape {times(ours)}, theirs {times(told[key])}; NashConv {nash_conv:.6g} of both")
        for name, key in (("C++", "cpp"), ("Python", "python"))
    ]  # fmt: skip


def _starts(count: int) -> Row:
    """Policy gradient in Kuhn's poker from many starts, in one program, compiled before."""
    took = []
    for _ in range(2):
        began = time.perf_counter()
        found = entry_probability(games.kuhn_poker(), learning.pg(), n=count, steps=200, audit=False)
        took.append(time.perf_counter() - began)
    if len(found.labels) != count:
        raise RuntimeError("there are labels missing")
    return Row(f"trees: {count:,} starts of policy gradient in Kuhn's poker", took[-1], unit="s",
               details=f"200 updates each, {found.shares_in_words}; the first call {took[0]:.2f} s")  # fmt: skip
