"""Meta-solvers: how much each strategy of a pool counts for those who learn against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.exact_numbers import fractions_of
from nashscape.core.registries import Registry
from nashscape.core.reprs import shown
from nashscape.populations.plans import one_text
from nashscape.ranking import alpha_rank, best_mixture
from nashscape.theory.concepts.team_bounds import matrix_value
from nashscape.theory.nash.lemke_howson import lemke_howson
from nashscape.theory.nash.logit_paths import contracted

Floats = npt.NDArray[np.float64]
Mixtures = Sequence[Floats]

CONSTANT = 1e-9
"""Of the largest payoff of the game: what payoffs may differ by that are taken for the same."""


@dataclass(frozen=True, eq=False)
class MetaGame:
    """The game of choosing a strategy of one's pool.

    Attributes:
        sizes: how many strategies each side has there.
        computed: what gives the payoffs.
        shared: whether all sides take their strategies from one pool.
        largest: the largest payoff, in size, of the game whose strategies these are; 0 for that of their own.
    """

    sizes: tuple[int, ...]
    computed: Callable[[], Floats]
    shared: bool = False
    largest: float = 0.0

    @cached_property
    def payoffs(self) -> Floats:
        """What each side gets, `[k, m_1, …, m_k]`; computed when somebody looks."""
        return self.computed()

    @property
    def room(self) -> float:
        """What payoffs may differ by that are the same but for rounding; those of few strategies may be that alone."""
        return CONSTANT * max(self.largest, float(np.abs(self.payoffs).max()), 1e-300)


def uniform(meta: MetaGame) -> Mixtures:
    """All strategies alike, as in fictitious play."""
    return [np.full(m, 1.0 / m) for m in meta.sizes]


def last(meta: MetaGame) -> Mixtures:
    """The newest strategy alone."""
    return [np.eye(m)[-1] for m in meta.sizes]


def nash(meta: MetaGame) -> Mixtures:
    """A Nash equilibrium of two sides.

    Where the sides get the opposite of each other and change places freely, the best mixture of largest entropy; where
    payoffs sum to a constant, one by a linear program; else that at the end of the first path of Lemke and Howson.
    """
    if len(meta.sizes) != 2:
        raise InputError(f"the meta-solver nash is for two sides; there are {len(meta.sizes)}: take "
                         "replicator, as in psro:meta=replicator")  # fmt: skip
    one, other = meta.payoffs
    sums = one + other
    if np.ptp(sums) > meta.room:
        return [np.array(own, float) for own in next(iter(lemke_howson(fractions_of(meta.payoffs))))]
    table = one - sums.flat[0] / 2
    if table.shape[0] == table.shape[1] and np.abs(table + table.T).max() <= meta.room:
        both = best_mixture(_margins(table, meta.room))
        return [both, both]
    return matrix_value(one)[1:]


def replicator(meta: MetaGame, *, rate: float = 0.1, steps: int = 2000, least: float = 1e-4) -> Mixtures:
    """Projected replicator dynamics from all alike, on average: no strategy falls below a probability of `least/m`.

    `x ← P(x + rate · x (v − x·v))`, payoffs in units of their range; P to the nearest mixture with that floor. The
    average over all steps is given, which comes to rest where x itself may circle.

    Args:
        meta: the game.
        rate: of a step, above 0.
        steps: how many.
        least: the share that is kept for all alike, from 0 to 1.
    """
    rate = finite_number(rate, "rate", low=0.0, low_open=True)
    steps, least = positive_integer(steps, "steps"), finite_number(least, "least", low=0.0, high=1.0)
    mixtures, scale = list(uniform(meta)), float(np.ptp(meta.payoffs)) or 1.0
    sums = [np.zeros(m) for m in meta.sizes]
    for _ in range(steps):
        values = [contracted(own, mixtures, [k]) / scale for k, own in enumerate(meta.payoffs)]
        mixtures = [_floored(x + rate * x * (v - x @ v), least / len(x)) for x, v in zip(mixtures, values, strict=True)]
        sums = [total + x for total, x in zip(sums, mixtures, strict=True)]
    return [total / steps for total in sums]


def regret_matching(meta: MetaGame, *, steps: int = 2000) -> Mixtures:
    """The average of regret matching from all alike, each side by itself.

    Args:
        meta: the game.
        steps: rounds.
    """
    mixtures = list(uniform(meta))
    sums, regrets = [np.zeros(m) for m in meta.sizes], [np.zeros(m) for m in meta.sizes]
    for _ in range(positive_integer(steps, "steps")):
        sums = [total + x for total, x in zip(sums, mixtures, strict=True)]
        values = [contracted(own, mixtures, [k]) for k, own in enumerate(meta.payoffs)]
        regrets = [r + v - x @ v for r, v, x in zip(regrets, values, mixtures, strict=True)]
        positive = [np.maximum(r, 0.0) for r in regrets]
        mixtures = [p / p.sum() if p.sum() > 0 else np.full(len(p), 1 / len(p)) for p in positive]
    return [total / total.sum() for total in sums]


def logit(meta: MetaGame, *, noise: float = 0.1, steps: int = 2000) -> Mixtures:
    """The logit response of each to the others, `x ∝ exp(v/noise)`, by damped steps from all alike.

    Args:
        meta: the game.
        noise: in units of the range of payoffs, above 0.
        steps: at most.
    """
    noise = finite_number(noise, "noise", low=0.0, low_open=True)
    mixtures, scale = list(uniform(meta)), float(np.ptp(meta.payoffs)) or 1.0
    for step in range(positive_integer(steps, "steps")):
        values = [contracted(own, mixtures, [k]) / (scale * noise) for k, own in enumerate(meta.payoffs)]
        wanted = [np.exp(v - v.max()) for v in values]
        moved = [x + (w / w.sum() - x) / (1 + step / 2) ** 0.5 for x, w in zip(mixtures, wanted, strict=True)]
        far = max(np.abs(x - y).max() for x, y in zip(mixtures, moved, strict=True))
        mixtures = moved
        if far < 1e-12:
            break
    return mixtures


def by_alpha_rank(meta: MetaGame, *, population: int = 50) -> Mixtures:
    """How much of the time each strategy is there where mutants are rare: α-rank in the limit, by side.

    Args:
        meta: the game.
        population: m of α-rank.
    """
    if min(meta.sizes) == max(meta.sizes) == 1:
        return uniform(meta)
    # the limit does not change with the unit; of digits that are rounding none are left
    largest = np.abs(meta.payoffs).max() or 1.0
    masses = alpha_rank((meta.payoffs / largest).round(9), population=population).masses.reshape(meta.sizes)
    axes = range(len(meta.sizes))
    return [masses.sum(axis=tuple(j for j in axes if j != k)) for k in axes]


def maximal_lottery(meta: MetaGame) -> Mixtures:
    """The mixture that nobody beats more often than not: of two sides with one pool, by the signs of payoffs alone.

    Payoffs nearer to nothing than 10⁻⁹ of the largest, or than 10⁻⁹ where all are below 1, beat nobody: their signs are
    rounding.
    """
    one, room = meta.payoffs[0], max(meta.room, CONSTANT)
    if one.ndim != 2 or one.shape[0] != one.shape[1] or np.abs(one + one.T).max() > room:
        raise InputError("maximal lotteries are of two sides that share one pool and get the opposite of each other")
    both = best_mixture(np.sign(_margins(one, room)))
    return [both, both]


def hedge(meta: MetaGame, *, rate: float = 0.0, steps: int = 1000) -> Mixtures:
    """Multiplicative weights from all alike, `x ∝ x exp(rate · v/range)`, on average, as in online double oracle.

    Args:
        meta: the game.
        rate: above 0; 0 for `√(8 ln m / steps)`, with which nobody regrets more than `√(ln m / (2 steps))` ranges.
        steps: how many; each generation starts from the beginning.
    """
    rate, steps = finite_number(rate, "rate", low=0.0), positive_integer(steps, "steps")
    scale = float(np.ptp(meta.payoffs)) or 1.0
    rates = [(rate or np.sqrt(8 * np.log(max(m, 2)) / steps)) / scale for m in meta.sizes]
    mixtures, sums = list(uniform(meta)), [np.zeros(m) for m in meta.sizes]
    for _ in range(steps):
        sums = [total + x for total, x in zip(sums, mixtures, strict=True)]
        values = [contracted(own, mixtures, [k]) for k, own in enumerate(meta.payoffs)]
        weights = [x * np.exp(r * (v - v.max())) for x, r, v in zip(mixtures, rates, values, strict=True)]
        mixtures = [own / own.sum() for own in weights]
    return [total / steps for total in sums]


def pfsp(meta: MetaGame, *, power: float = 2.0) -> Mixtures:
    """Opponents by how hard they are for the newest strategies of the other sides, as in leagues: `(1 − p)^power`.

    p is how well the newest do against one, from 0, the least of all payoffs, to 1; where p is 1 for all, all alike.

    Args:
        meta: the game.
        power: 0 for all alike, more for the hardest.
    """
    power = finite_number(power, "power", low=0.0)
    made = []
    for side, m in enumerate(meta.sizes):
        others = [own for j, own in enumerate(meta.payoffs) if j != side]
        newest = tuple(slice(None) if j == side else -1 for j in range(len(meta.sizes)))
        shares = np.mean([(own[newest] - own.min()) / (np.ptp(own) or 1.0) for own in others], axis=0)
        weights = (1.0 - shares) ** power
        made.append(weights / weights.sum() if weights.sum() > 0 else np.full(m, 1.0 / m))
    return made


OURS: Mapping[str, Callable[..., Mixtures] | str] = MappingProxyType({
    "nash": nash,
    "uniform": uniform,
    "last": last,
    "replicator": replicator,
    "regret_matching": regret_matching,
    "logit": logit,
    "alpha_rank": by_alpha_rank,
    "maximal_lottery": maximal_lottery,
    "hedge": hedge,
    "pfsp": pfsp,
    "ce": "populations.joint_solvers:ce",
    "cce": "populations.joint_solvers:cce",
    "rectified": "populations.joint_solvers:rectified",
    "risk_averse": "populations.risk_averse_meta:risk_averse",
})  # fmt: skip
"""Ours, by name: from a `MetaGame` and options to a mixture for each side."""

META_SOLVERS = Registry("meta-solver", "nashscape.meta_solvers", OURS)
"""Those, the meta-solvers of installed packages, and functions in files of one's own."""


def solved(meta: MetaGame, text: Any) -> Mixtures:
    """The mixtures of a meta-solver by name, one for each side, or one of all profiles, `[m_1, …, m_k]`; checked."""
    found = META_SOLVERS.find(one_text(text))
    given = found.call(meta)
    try:
        mixtures = [np.asarray(own, float) for own in given]
    except (TypeError, ValueError):
        mixtures = []
    shapes = [own.shape for own in mixtures]
    right = shapes in ([(m,) for m in meta.sizes], [meta.sizes]) and all(
        np.isfinite(own).all() and own.min() >= -1e-9 and abs(own.sum() - 1) < 1e-6 for own in mixtures
    )
    if not right:
        raise InputError(f"the meta-solver {found.called} must give a mixture for each side, of "
                         f"{' and '.join(map(str, meta.sizes))} strategies; got {shown(given)}")  # fmt: skip
    return [np.maximum(own, 0.0) / np.maximum(own, 0.0).sum() for own in mixtures]


def _margins(one: Floats, room: float) -> Floats:
    """What the one gets more than the other, 0 where that is rounding."""
    made: Floats = np.where(np.abs(one - one.T) > room, one - one.T, 0.0)
    return made


def _floored(moved: Floats, least: float) -> Floats:
    """The nearest mixture of which no part is less."""
    spare = 1.0 - least * len(moved)
    ordered = np.sort(moved - least)[::-1]
    excess = (np.cumsum(ordered) - spare) / np.arange(1, len(moved) + 1)
    made: Floats = np.maximum(moved - least - excess[np.flatnonzero(ordered > excess)[-1]], 0.0) + least
    return made
