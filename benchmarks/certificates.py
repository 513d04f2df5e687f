"""Certified attraction regions: area a second, and the plain simulation of the same cells, which proves nothing."""

import time
from statistics import median
from typing import Any

import numpy as np

from benchmarks.rows import Row, paired_ratio
from benchmarks.sizes import Size

WANTED = 10.0
"""Seconds in which all of the square but the separatrix is to be decided, on two cores."""

TWO_MINUTES, MOST_OF_FOUR = 120.0, 0.85
"""What is to be decided of four parameters, in which time."""

SIZES: dict[Size, tuple[int, float, dict[str, Any]]] = {
    Size.FULL: (3, 95.0, {}),
    Size.QUICK: (1, 25.0, {}),
    Size.TINY: (1, 60.0, {"resolution": 1 / 8}),
}
"""Repetitions, the seconds in which four parameters are decided, and how certificates are asked for."""

CORNER = (1.5, 3.0)
"""Log-odds of four parameters between which much is decided at once, for the tiny size."""


def run(size: Size) -> list[Row]:
    """See the module."""
    import nashscape as ns

    rules = [ns.pg(), ns.meta_mapg(peer=1.5, own=0.35)][: 1 if size is Size.TINY else 2]
    return [*(row for rule in rules for row in _of_rule(rule, size)), *_of_four_parameters(size)]


def _of_four_parameters(size: Size) -> list[Row]:
    """Coordination on one of three actions, log-odds between −3 and 3: how much is decided after how long."""
    import nashscape as ns

    payoffs = np.diag([4.0, 3.0, 2.0])
    _, seconds, how = SIZES[size]
    region = CORNER if size is Size.TINY else None
    began = time.perf_counter()
    found = ns.certify(ns.games.bimatrix(payoffs, payoffs), ns.pg(), region=region, seconds=seconds, **how)
    whole = time.perf_counter() - began
    decided = found.curve[:, 1:].sum(axis=1)
    marks = [mark for mark in (5, 10, 20, 40, 60, 80) if mark < found.curve[-1, 0]]
    curve = ", ".join(f"{share:.3f} at {mark} s" for mark, share in zip(
        marks, np.interp(marks, found.curve[:, 0], decided), strict=True))  # fmt: skip
    return [
        Row("certificate, four parameters: whole call", whole, unit="s", most=TWO_MINUTES, details="with compilation"),
        Row(
            "certificate, four parameters: decided", float(decided[-1]), unit="",
            least=MOST_OF_FOUR if size is Size.FULL else None, details=f"{len(found.low)} cells; {curve}",
        ),
    ]  # fmt: skip


def _of_rule(rule: Any, size: Size) -> list[Row]:
    import nashscape as ns

    game = ns.games.stag_hunt()
    repetitions, _, how = SIZES[size]
    began = time.perf_counter()
    found = ns.certify(game, rule, "CC", **how)
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
    for _ in range(repetitions):
        began = time.perf_counter()
        found = ns.certify(game, rule, "CC", **how)
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
            against="simulation",
            details=f"{len(centres)} centres of its cells, {steps} updates of each in {median(simulating):.3g} s",
        ),
    ]


def _check(runs: Any, label: Any, targets: list[str]) -> None:
    """No centre of a certified cell may end in another corner."""
    for number, name in enumerate(targets):
        assert not (runs.reached(name) & (label != number)).any(), f"a cell is certified, but its centre goes to {name}"
    assert np.mean([runs.reached(name) for name in targets], axis=1).sum() > 0.5, "hardly any centre has arrived"
