"""The study of the card: particles of JaxMARL by the protocol, and whether other environments can decide anything."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nashscape.core import Estimate, choice, citations, wilson
from nashscape.core.extras import needs_package
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.basin_entry_jaxmarl.study import PROTOCOL, learners_in, paid, spread
from nashscape.systems.basin_entry_neural.measuring import EFFORTS, PEER, PLAIN, length, share
from nashscape.systems.basin_entry_neural.sampled_terms import difference
from nashscape.systems.basin_entry_neural.study import results
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.statements import above, exactly, mean_above, more, near

WITHOUT = "basin-entry-neural asks the same in games of this library"
FIGURES = {"quick": 13, "full": 22, "thorough": 22}


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card.

    Raises:
        InputError: for an unknown effort, and where JaxMARL is not installed.
    """
    effort = choice(effort, "effort", EFFORTS)
    needs_package("jaxmarl", "the study of basin-entry-jaxmarl", WITHOUT)
    asked = {"system": "basin-entry-jaxmarl", "effort": effort, "protocol": PROTOCOL}
    sources = [citations.BASIN_ENTRY, citations.PPO, citations.META_MAPG]
    return measured(_rows(effort, seed), FIGURES[effort], asked, sources, seed=seed, progress=progress)


def _rows(effort: str, seed: int) -> Iterator[Row]:
    part = PROTOCOL["common"]
    apart = difference(learners_in(part["environment"], part["limit"]), part["batch"], seed)
    label = f"{part['environment']}: largest difference of peer and look-ahead"
    yield near("coincide", label, 0.0, apart, 1e-4)
    part = PROTOCOL["silent"]
    for name, limit in part["limits"].items():
        some = paid(learners_in(name, limit), part["episodes"][effort], seed)
        label = f"{name}: episodes in which anybody is paid"
        yield above(name.replace("_", "-"), label, 0.01, wilson(int(some.sum()), len(some)))
    yield from _spread(effort, seed)


def _spread(effort: str, seed: int) -> Iterator[Row]:
    part = PROTOCOL["spread"]
    arms = {name: own for name, own in PROTOCOL["arms"].items() if effort != "quick" or name in part["quick"]}
    found = results(spread(arms, part["n"][effort], seed), arms)
    curve = returns(found[PLAIN])
    yield mean_above("spread-learns", "gain in return from the first eighth to the end, policy gradient", 0.0,
                     spread_of(curve[:, -1] - curve[:, 0]))  # fmt: skip
    for name in arms:
        if name != PLAIN:
            gain = spread_of(returns(found[name])[:, -1] - curve[:, -1])
            yield mean_above("spread-gains", f"return at the end, {name} over policy gradient", 0.0, gain)
            own, usual = (share(found[one], "spread out", passed=True) for one in (name, PLAIN))
            yield more("spread-entry", f"spread out in the end, {name}", own, usual)
    for bound in part["thresholds"]:
        own, usual = (at_least(found[one], bound) for one in (PEER, PLAIN))
        yield more("spread-thresholds", f"a return of {bound:g} counts, {PEER}", own, usual)
    yield above("length", "peer: correction over policy gradient, first quarter of the updates", 1e-3,
                exactly(length(found[PEER], "peer")))  # fmt: skip


def returns(entry: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """What agents are paid in an episode, mean over agents, of every run at every moment."""
    return np.asarray(entry.reduced["return"], np.float64).mean(axis=-1)


def at_least(entry: Any, bound: float) -> Estimate:
    """In how many runs agents are paid so much at the end."""
    last = returns(entry)[:, -1]
    return wilson(int((last >= bound).sum()), len(last))


def spread_of(values: Any) -> Spread:
    """Mean and deviation of independent measurements."""
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)), len(values))
