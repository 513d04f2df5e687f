"""Certified attraction regions: area a second, and the plain simulation of the same cells, which proves nothing."""

import time
from statistics import median
from typing import Any

import numpy as np

from benchmarks.rows import Row, paired_ratio

WANTED = 10.0
"""Seconds in which all of the square but the separatrix is to be decided, on two cores."""

TWO_MINUTES, MOST_OF_FOUR = 120.0, 0.85
"""What is to be decided of four parameters, in which time."""


def run(quick: bool) -> list[Row]:
    """See the module."""
    import nashscape as ns

    rules = ns.pg(), ns.meta_mapg(peer=1.5, own=0.35)
    return [*(row for rule in rules for row in _of_rule(rule, quick)), *_of_four_parameters(quick)]


def _of_four_parameters(quick: bool) -> list[Row]:
    """Coordination on one of three actions, log-odds between −3 and 3: how much is decided after how long."""
    import nashscape as ns

    payoffs = np.diag([4.0, 3.0, 2.0])
    began = time.perf_counter()
    found = ns.certify(ns.games.bimatrix(payoffs, payoffs), ns.pg(), seconds=25.0 if quick else 95.0)
    whole = time.perf_counter() - began
    decided = found.curve[:, 1:].sum(axis=1)
    marks = [mark for mark in (5, 10, 20, 40, 60, 80) if mark < found.curve[-1, 0]]
    curve = ", ".join(f"{share:.3f} at {mark} s" for mark, share in zip(
        marks, np.interp(marks, found.curve[:, 0], decided), strict=True))  # fmt: skip
    return [
        Row("certificate, four parameters: whole call", whole, unit="s", most=TWO_MINUTES, details="with compilation"),
        Row(
            "certificate, four parameters: decided", float(decided[-1]), unit="",
            least=None if quick else MOST_OF_FOUR, details=f"{len(found.low)} cells; {curve}",
        ),
    ]  # fmt: skip


def _of_rule(rule: Any, quick: bool) -> list[Row]:
    import nashscape as ns

    game = ns.games.stag_hunt()
    began = time.perf_counter()
    found = ns.certify(game, rule, "CC")
    first = time.perf_counter() - began
    decided = found.label >= 0
    centres = ((found.low + found.high) / 2)[decided]
    starts = ns.starts.parameters(np.log(centres) - np.log1p(-centres))
    # as many updates as the cell that takes longest needs to be in a trap
    steps = int(found.steps.max())
    targets = list(found.targets)

    def simulated() -> Any:
        return ns.entry_probability(game, rule, starts=starts, targets=targets, steps=steps)

    _check(simulated(), found.label[decided], targets)
    proving, simulating = [], []
    for _ in range(1 if quick else 3):
        began = time.perf_counter()
        found = ns.certify(game, rule, "CC")
        proving.append(time.perf_counter() - began)
        began = time.perf_counter()
        simulated()
        simulating.append(time.perf_counter() - began)
    area = 1.0 - found.undecided
    cells = f"{len(found.low)} cells"
    shares = f"{100 * found.fraction('CC'):.2f} % for CC, {100 * area:.2f} % decided"
    return [
        Row(f"certificate, {rule.name}: first call", first, unit="s", most=WANTED, details="with compilation"),
        Row(f"certificate, {rule.name}: again", median(proving), unit="s", most=WANTED, details=f"{cells}: {shares}"),
        Row(f"certificate, {rule.name}: certified area a second", area / median(proving), unit="/s"),
        Row(
            f"certificate, {rule.name}: speed against simulation",
            paired_ratio([1 / own for own in proving], [1 / own for own in simulating]),
            details=f"{len(centres)} centres of its cells, {steps} updates of each in {median(simulating):.3g} s",
        ),
    ]


def _check(runs: Any, label: Any, targets: list[str]) -> None:
    """No centre of a certified cell may end in another corner."""
    for number, name in enumerate(targets):
        assert not (runs.reached(name) & (label != number)).any(), f"a cell is certified, but its centre goes to {name}"
    assert np.mean([runs.reached(name) for name in targets], axis=1).sum() > 0.5, "hardly any centre has arrived"
