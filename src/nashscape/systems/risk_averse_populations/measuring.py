"""The study of the card: how often populations of drivers crash that mind how much others make their payoff vary."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nashscape.environments import Crossing, crossing
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.risk_averse_mixtures import slopes
from nashscape.populations.ways import PSRO
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.risk_averse.measuring import SOURCE
from nashscape.systems.risk_averse_populations.drivers import Drivers, averse, grown, met, strangers
from nashscape.systems.risk_averse_populations.ratios import ratio_above
from nashscape.systems.statements import holds, mean_above, near

Floats = npt.NDArray[np.float64]

REPETITIONS = {"quick": 6, "full": 24, "thorough": 120}
"""Populations of each kind, each from policies drawn anew; kinds share their seeds."""
FIGURES = 25
WORLDS: Mapping[str, Crossing] = MappingProxyType({
    "alike cars": crossing(),
    "one faster": crossing(fastest=(2, 3)),
})  # fmt: skip
GAMMA, FLOOR = 0.1, 0.05
"""Chosen before any figure was seen: a chance of .05 that the other goes makes a crash of 20 rounds cost 1 round on
average, and γ times the variance that it causes, .1 · .05 · .95 · 20² = 1.9 rounds."""
SWEEP = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
CLAIMED = 7.0
LEFT, WORSE = 0.25, 0.25
"""Rounds: what is nearly an equilibrium, and how much less is no worse."""
HUNT = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]])
"""The stag hunt, payoffs of both."""
PENNIES = np.array([[[2.0, -1.0], [-1.0, 1.0]], [[-2.0, 1.0], [1.0, -1.0]]])


def _rows(repetitions: int, seed: int) -> Iterator[Row]:
    yield from _derived()
    for world, roads in WORLDS.items():
        yield from _compared(world, roads, repetitions, seed)
    yield from _swept(repetitions, seed)


def populations_of(roads: Crossing, way: str, repetitions: int, seed: int) -> list[Drivers]:
    """Populations of one kind."""
    return [grown(roads, way, 1000 * seed + k) for k in range(repetitions)]


def crash_rates(every: Sequence[Drivers]) -> Floats:
    """How likely drivers of one population crash, by population."""
    return np.array([met(own, own).crash for own in every])


def _compared(world: str, roads: Crossing, repetitions: int, seed: int) -> Iterator[Row]:
    nash, minding, trembling = (populations_of(roads, way, repetitions, seed)
                                for way in ("psro", averse(GAMMA, FLOOR), averse(0.0, FLOOR)))  # fmt: skip
    yield mean_above("equilibria", f"{world}, Nash: {LEFT:g} rounds less what a best response gains", 0.0,
                     _spread(np.array([LEFT - own.left for own in nash])))  # fmt: skip
    rates = [crash_rates(own) for own in (nash, minding, trembling)]
    yield ratio_above("fewer", f"{world}: crashes by Nash, over those by risk aversion", 1.0, rates[0], rates[1])
    yield ratio_above("seven", f"{world}: the same", CLAIMED, rates[0], rates[1])
    yield ratio_above("aversion", f"{world}: crashes by tremble alone, over those with aversion", 1.0, rates[2],
                      rates[1])  # fmt: skip
    yield ratio_above("strangers", f"{world}: drivers of two populations, Nash over risk aversion", 1.0,
                      strangers(nash), strangers(minding))  # fmt: skip
    ours, theirs = ([met(own, own) for own in every] for every in (minding, nash))
    pairs = list(zip(ours, theirs, strict=True))
    yield mean_above("slower", f"{world}: rounds taken, more by risk aversion", 0.0,
                     _spread(np.array([one.rounds(roads) - two.rounds(roads) for one, two in pairs])))  # fmt: skip
    yield mean_above("no-worse", f"{world}: payoff by risk aversion, less that by Nash", -WORSE,
                     _spread(np.array([one.payoff - two.payoff for one, two in pairs])))  # fmt: skip


def _swept(repetitions: int, seed: int) -> Iterator[Row]:
    roads = WORLDS["alike cars"]
    nash = crash_rates(populations_of(roads, "psro", repetitions, seed))
    found = [crash_rates(populations_of(roads, averse(gamma, FLOOR), repetitions, seed)) for gamma in SWEEP]
    for gamma, own in zip(SWEEP, found, strict=True):
        yield ratio_above("sweep", f"crashes by Nash, over those with γ = {gamma:g}", 1.0, nash, own)
    yield ratio_above("more-averse", "crashes with γ = .01, over those with γ = 1", 1.0, found[1], found[-1])


def _derived() -> Iterator[Row]:
    spread = 2 * (4 - 0) * (4 - 0 - 3 + 2)
    for said, floor in (("ε at least for each action", 0.05), ("ε mixed in evenly", 0.025)):
        closed = ((1 - floor) * 4 - (1 - floor) * 3 - floor * 2) / (spread * floor * (1 - floor))
        yield near("tremble-meaning", f"γ at which the stag goes, {said}", closed, stag_threshold(floor), 1e-6)
    meta = MetaGame((2, 2), lambda: PENNIES)
    calm = float(solved(meta, "risk_averse:gamma=0,floor=0")[0][0])
    yield near("nash-without-tremble", "pennies (2, −1; −1, 1): γ = 0, no tremble: the first action", 0.4, calm, 1e-9)
    meant = float(solved(meta, f"risk_averse:gamma=0,floor={FLOOR}")[0][0])
    yield near("nash-without-tremble", "γ = 0, ε = .05: it means (.4 − .05)/.9", 0.35 / 0.9, meant, 1e-9)
    yield holds("nash-without-tremble", "and that is no equilibrium of Nash", abs(meant - 0.4) > 1e-3, "it is not")


def stag_threshold(floor: float) -> float:
    """The aversion up to which both hunting the stag is an equilibrium, where each action has that chance at least."""
    stag, low, high = [np.array([1.0, 0.0])] * 2, 0.0, 10.0
    while high - low > 1e-9:
        gamma = (low + high) / 2
        stays = all(own[0] >= own[1] for own in slopes(HUNT, stag, gamma, (floor, floor)))
        low, high = (gamma, high) if stays else (low, gamma)
    return (low + high) / 2


def _spread(values: Floats) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("risk-averse-populations", REPETITIONS, _rows, of="repetitions", figures=FIGURES,
                    sources=[SOURCE, PSRO])  # fmt: skip
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
