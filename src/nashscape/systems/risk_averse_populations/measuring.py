"""The study of the card: how often populations of drivers crash that mind how much others make their payoff vary."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.environments import Crossing, crossing
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.risk_averse_mixtures import slopes
from nashscape.populations.ways import PSRO
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.risk_averse.measuring import SOURCE
from nashscape.systems.risk_averse_populations.drivers import Drivers, averse, by_nash, grown, met, one_pool, strangers
from nashscape.systems.risk_averse_populations.ratios import ratio_above
from nashscape.systems.statements import holds, mean_above, near

Floats = npt.NDArray[np.float64]

REPETITIONS = {"quick": 7, "full": 20, "thorough": 100}
"""Populations of each kind, each from policies drawn anew; kinds share their seeds."""
FIGURES = 40
WORLDS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "alike cars": {},
    "one faster": {"fastest": (2, 3)},
    "one pool": {"pool": "one"},
})  # fmt: skip
"""Options of `crossing`. In the first two worlds each car has a pool of its own. In the third nothing tells a driver
which car it has; it was added when figures of the first two had been seen, and none of its own."""
GAMMA, FLOOR = 0.1, 0.05
"""Chosen before any figure was seen: a chance of .05 that the other goes makes a crash of 20 rounds cost 1 round on
average, and γ times the variance that it causes, .1 · .05 · .95 · 20² = 1.9 rounds."""
SWEEP: Mapping[str, Sequence[float]] = MappingProxyType({
    "alike cars": (0.0, 0.1, 1.0),
    "one pool": (0.0, 0.01, 0.03, 0.1, 0.3, 1.0),
})  # fmt: skip
CLAIMED = 7.0
LEFT, WORSE, MOST = 0.25, 0.5, 2.0
"""Rounds: what is nearly an equilibrium, and how much less is no worse; how many times fewer it is not. WORSE was .25
before figures were seen, which quick runs are too few to show; MOST was set afterwards."""
HUNT = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]])
"""The stag hunt, payoffs of both."""
PENNIES = np.array([[[2.0, -1.0], [-1.0, 1.0]], [[-2.0, 1.0], [1.0, -1.0]]])


def _rows(repetitions: int, seed: int) -> Iterator[Row]:
    yield from _derived()
    for world, told in WORLDS.items():
        kinds = Kinds(crossing(**told), repetitions, seed)
        yield from _crashes(world, kinds)
        yield from _prices(world, kinds)
        yield from _swept(world, kinds)


@dataclass(frozen=True)
class Kinds:
    """Populations of one world, of kinds that share their seeds; what has grown once is kept.

    Attributes:
        roads: the world.
        repetitions: populations of each kind.
        seed: of all of them.
    """

    roads: Crossing
    repetitions: int
    seed: int
    _known: dict[str, list[Drivers]] = field(default_factory=dict)

    @property
    def nash(self) -> list[Drivers]:
        """Those that solve for Nash."""
        return self._grown(by_nash(self.roads))

    def averse(self, gamma: float = GAMMA) -> list[Drivers]:
        """Those that mind risk; with γ = 0 those that tremble alone."""
        return self._grown(averse(self.roads, gamma, FLOOR))

    def _grown(self, way: str) -> list[Drivers]:
        if way not in self._known:
            seeds = range(1000 * self.seed, 1000 * self.seed + self.repetitions)
            self._known[way] = [grown(self.roads, way, k) for k in seeds]
        return self._known[way]


def crash_rates(every: Sequence[Drivers]) -> Floats:
    """How likely drivers of one population crash, by population."""
    return np.array([met(own, own).crash for own in every])


def payoffs(every: Sequence[Drivers]) -> Floats:
    """What drivers of one population get, the mean of both cars, by population."""
    return np.array([met(own, own).payoff for own in every])


def _crashes(world: str, kinds: Kinds) -> Iterator[Row]:
    nash, minding, trembling = (crash_rates(own) for own in (kinds.nash, kinds.averse(), kinds.averse(0.0)))
    yield ratio_above("fewer", f"{world}: crashes by Nash, over those by risk aversion", 1.0, nash, minding)
    yield ratio_above("seven", f"{world}: the same", CLAIMED, nash, minding)
    yield ratio_above(
        "less-than-twice", f"{world}: crashes by risk aversion, over those by Nash", 1 / MOST, minding, nash
    )
    yield ratio_above("aversion", f"{world}: crashes by tremble alone, over those with aversion", 1.0, trembling,
                      minding)  # fmt: skip
    yield ratio_above("strangers", f"{world}: drivers of two populations, Nash over risk aversion", 1.0,
                      strangers(kinds.nash), strangers(kinds.averse()))  # fmt: skip


def _prices(world: str, kinds: Kinds) -> Iterator[Row]:
    claim = "equilibria-one-pool" if one_pool(kinds.roads) else "equilibria"
    yield mean_above(claim, f"{world}, Nash: {LEFT:g} rounds less what a best response gains", 0.0,
                     spread_of(np.array([LEFT - own.left for own in kinds.nash])))  # fmt: skip
    ours, theirs = ([met(own, own) for own in every] for every in (kinds.averse(), kinds.nash))
    longer = [one.rounds(kinds.roads) - two.rounds(kinds.roads) for one, two in zip(ours, theirs, strict=True)]
    paid = payoffs(kinds.averse()) - payoffs(kinds.nash)
    yield mean_above("slower", f"{world}: rounds taken, more by risk aversion", 0.0, spread_of(np.array(longer)))
    yield mean_above("no-worse", f"{world}: payoff by risk aversion, less that by Nash", -WORSE,
                     spread_of(paid))  # fmt: skip


def _swept(world: str, kinds: Kinds) -> Iterator[Row]:
    gammas = SWEEP.get(world, ())
    for gamma in gammas:
        yield ratio_above("sweep", f"{world}: crashes by Nash, over those with γ = {gamma:g}", 1.0,
                          crash_rates(kinds.nash), crash_rates(kinds.averse(gamma)))  # fmt: skip
    if gammas:
        first, last = (crash_rates(kinds.averse(gamma)) for gamma in (gammas[1], gammas[-1]))
        yield ratio_above("more-averse", f"{world}: crashes with γ = {gammas[1]:g}, over those with γ = 1", 1.0, first,
                          last)  # fmt: skip


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


def spread_of(values: Floats) -> Spread:
    """Mean, standard deviation and number of measurements."""
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("risk-averse-populations", REPETITIONS, _rows, of="repetitions", figures=FIGURES,
                    sources=[SOURCE, PSRO])  # fmt: skip
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
