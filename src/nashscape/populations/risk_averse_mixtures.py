"""Risk-averse equilibria of meta-games: mixtures for what one gets on average less what others make it vary."""

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.theory.continuous.complementarity import complementarity
from nashscape.theory.nash.logit_paths import contracted

Floats = npt.NDArray[np.float64]
Mixtures = Sequence[Floats]

SETTLED = 1e-9
"""Of the largest slope: what nobody gains more than where an equilibrium was found."""

STEPS, TRIES = 12, 200
"""Programs of one way to an equilibrium, and ways that are tried."""

SPREAD = 2.0
"""Standard deviation of the logarithms by which the conditions are weighed anew for every other way."""


def trembling(own: Floats, floor: float) -> Floats:
    """What who means to play a mixture s does play: `ε + (1 − m ε) s`, each of m strategies with ε at least.

    >>> trembling(np.array([1.0, 0.0]), 0.05).round(9).tolist()
    [0.95, 0.05]
    """
    made: Floats = floor + (1.0 - floor * len(own)) * own
    return made


def slopes(payoffs: Floats, mixtures: Mixtures, gamma: float, floors: Sequence[float]) -> list[Floats]:
    """The derivatives of `E u_i − γ Var u_i` by the own mixture, `[m_i]` each, for every side i.

    With c how likely each joint strategy b of the others is, and `m_b` what the own mixture gets there,
    `g_a = Σ_b c_b u_ab (1 − 2γ (m_b − Σ c m))`: risk aversion weighs what is bad more.

    Args:
        payoffs: `[k, m_1, …, m_k]`.
        mixtures: what each side means to play.
        gamma: γ.
        floors: ε of each side.
    """
    return [own @ (chances * weights) for own, chances, weights, _ in _seen(payoffs, mixtures, gamma, floors)]


def averse_equilibrium(
    payoffs: Floats, begin: Mixtures, gamma: float, floors: Sequence[float], *, alike: bool = False
) -> list[Floats]:
    """Mixtures of which nobody gains by another, in payoffs on average less γ times what the others make them vary.

    The conditions are a complementarity problem that bends; one after the other its straight versions are solved, as
    by Josephy and Newton. Where that settles nowhere another way begins elsewhere, with conditions weighed otherwise,
    so that the path of Lemke comes by other solutions. What is found is an equilibrium: payoffs are concave in the own
    mixture, so nobody gains more than the slope towards the best strategy, which is nothing.

    Args:
        payoffs: `[k, m_1, …, m_k]`.
        begin: where to begin.
        gamma: γ.
        floors: ε of each side.
        alike: whether all sides, of a game in which they change places freely, mean the same; then `begin` is one
            mixture, and so is what is given.

    Raises:
        InputError: where none was found.
    """
    game, many = Averse(payoffs, gamma, floors, alike), " × ".join(map(str, payoffs.shape[1:]))
    random, sizes = np.random.default_rng(0), [len(own) for own in begin]
    mixtures, weights = [np.asarray(own, float) for own in begin], np.ones(sum(sizes) + len(sizes))
    for _ in range(TRIES):
        found = _settled(game, mixtures, weights)
        if found is not None:
            return found
        mixtures = [random.dirichlet(np.ones(m)) for m in sizes]
        weights = np.exp(SPREAD * random.normal(size=len(weights)))
    raise InputError(f"no risk-averse equilibrium of {many} strategies was found at gamma={gamma:g} in {TRIES} tries; "
                     "take a smaller gamma")  # fmt: skip


class Averse(NamedTuple):
    """What an equilibrium is looked for in: a game, γ, ε of each side, and whether all sides mean the same."""

    payoffs: Floats
    gamma: float
    floors: Sequence[float]
    alike: bool

    def whole(self, mixtures: Mixtures) -> Mixtures:
        """A mixture for each side."""
        return [mixtures[0]] * len(self.floors) if self.alike else mixtures

    def slopes(self, mixtures: Mixtures) -> list[Floats]:
        """Of every mixture that is looked for, see `slopes`."""
        return slopes(self.payoffs, self.whole(mixtures), self.gamma, self.floors)[: len(mixtures)]

    def bends(self, mixtures: Mixtures) -> list[list[Floats]]:
        """The derivatives of these slopes by every mixture that is looked for."""
        rows = list(_bends(self.payoffs, self.whole(mixtures), self.gamma, self.floors))
        return [[np.sum(rows[0], axis=0)]] if self.alike else rows


def _settled(game: Averse, mixtures: list[Floats], weights: Floats) -> list[Floats] | None:
    """Where the straight versions lead from there; None where that is not an equilibrium."""
    for _ in range(STEPS):
        slope = game.slopes(mixtures)
        gained = max(float(own.max() - own @ x) for own, x in zip(slope, mixtures, strict=True))
        if gained <= SETTLED * max(float(np.abs(own).max()) for own in slope):
            return mixtures
        found = _straight(game, mixtures, slope, weights)
        if found is None:
            return None
        mixtures = found
    return None


def _straight(game: Averse, mixtures: Mixtures, slope: Sequence[Floats], weights: Floats) -> list[Floats] | None:
    """An equilibrium of the game whose slopes are straight and touch those of this one at these mixtures."""
    k, places = len(mixtures), np.concatenate([[0], np.cumsum([len(own) for own in mixtures])])
    parts = [slice(a, b) for a, b in pairwise(places)]
    costs = np.zeros((places[-1] + k, places[-1] + k))
    for i, row in enumerate(game.bends(mixtures)):
        constant = slope[i] - sum(own @ x for own, x in zip(row, mixtures, strict=True))
        for j, bend in enumerate(row):
            # mixtures sum to one: what is added to all costs of a side changes no choice, and above 0 Lemke arrives
            cost = -bend - constant[:, None] / k
            costs[parts[i], parts[j]] = cost - cost.min() + max(float(np.ptp(cost)), 1e-3)
        costs[parts[i], places[-1] + i], costs[places[-1] + i, parts[i]] = -1.0, 1.0
    offset = np.concatenate([np.zeros(places[-1]), -np.ones(k)])
    point = complementarity(weights[:, None] * costs, weights * offset).point
    if point is None:
        return None
    meant = [np.asarray(point[part], float) for part in parts]
    return [own / own.sum() for own in meant] if min(own.sum() for own in meant) > 0 else None


def _seen(
    payoffs: Floats, mixtures: Mixtures, gamma: float, floors: Sequence[float]
) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """Of every side payoffs `[m, B]`, chances of what the others do, `[B]`, their weights, and what it gets there."""
    played = [trembling(own, floor) for own, floor in zip(mixtures, floors, strict=True)]
    for i, own in enumerate(mixtures):
        table = np.moveaxis(payoffs[i], i, 0).reshape(len(own), -1)
        chances = reduce(np.multiply.outer, [x for j, x in enumerate(played) if j != i]).ravel()
        got = own @ table
        yield table, chances, 1.0 - 2.0 * gamma * (got - chances @ got), got


def _bends(payoffs: Floats, mixtures: Mixtures, gamma: float, floors: Sequence[float]) -> Iterator[list[Floats]]:
    """The derivatives of the slopes of every side by the mixtures of all, `[m_i, m_j]` each."""
    sizes, played = payoffs.shape[1:], [trembling(own, floor) for own, floor in zip(mixtures, floors, strict=True)]
    for i, (table, chances, weights, got) in enumerate(_seen(payoffs, mixtures, gamma, floors)):
        mean = table @ chances
        apart = table - mean[:, None]
        joint = table * weights + 2.0 * gamma * np.outer(mean, got)
        whole = np.moveaxis(joint.reshape(sizes[i], *(m for j, m in enumerate(sizes) if j != i)), 0, i)
        row = [(1.0 - floors[j] * sizes[j]) * contracted(whole, played, [i, j]) if j != i
               else -2.0 * gamma * (apart * chances) @ apart.T for j in range(len(sizes))]  # fmt: skip
        yield row
