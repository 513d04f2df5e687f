"""Two players who answer each other's actions as far as they trust each other: many configurations at once.

    φ_ij = ρ0 D_ij^η tanh(κ s_ij),   a_i' = a_i + .15 T_ij λ (1 + .6 D_ij) φ_ij − .01 (a_i − .3),   in [0, 1]

with `s_ij = a_j − .3`, while trust and damaged reputations change as in `environments.coopetitions.trust`, with the
ceiling `min(.9, 1 − .6 R)`. In float64 and NumPy, since counts at sharp limits are compared to the last one. Arrays are
`[2, m]`: of the player, towards the other one, in every configuration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STRENGTHS = SHARPNESSES = WEIGHTS = (0.5, 0.875, 1.25, 1.625, 2.0)
"""ρ0, κ and λ of the published configurations."""
ELASTICITIES = (0.8, 1.1, 1.4, 1.7, 2.0)
MEMORIES = (1, 5, 10, 15, 20)
TRUSTS = (0.3, 0.45, 0.6, 0.75, 0.9)
DEPENDENCE = np.array([[0.8], [0.4]])
"""Of the first player on the second, and of the second on the first."""
BASELINE, BEGUN, RATE, AMPLIFICATION, FORGETTING = 0.3, 0.5, 0.15, 0.6, 0.01


@dataclass(frozen=True)
class Configurations:
    """The numbers of many configurations, each `[m]`; see the formulas of this file.

    Attributes:
        strength: `ρ0`.
        sharpness: `κ`.
        weight: `λ`.
        elasticity: `η`.
        trust: of both players at the start.
    """

    strength: Floats
    sharpness: Floats
    weight: Floats
    elasticity: Floats
    trust: Floats

    def bounds(self) -> Floats:
        """The most that reciprocity can be, `ρ0 D_ij^η`, `[2, m]`."""
        return np.asarray(self.strength * DEPENDENCE**self.elasticity)

    def gains(self) -> Floats:
        """How strongly an action follows reciprocity where trust is full, `.15 λ (1 + .6 D_ij) ρ0 D_ij^η`, `[2, m]`."""
        return np.asarray(RATE * self.weight * (1 + AMPLIFICATION * DEPENDENCE) * self.bounds())


def published() -> Configurations:
    """The 3,125 published configurations, the last number fastest; the memory is none of them."""
    every = np.array(list(product(STRENGTHS, SHARPNESSES, WEIGHTS, ELASTICITIES, TRUSTS)))
    return Configurations(*every.T)


Signal = Callable[[Floats, Configurations], tuple[Floats, Floats]]


def plain(away: Floats, _: Configurations) -> tuple[Floats, Floats]:
    """What an action tells trust, and what it tells reputation: how far it is from the baseline, `[2, m]` each."""
    return away, away


def bounded(away: Floats, cases: Configurations) -> tuple[Floats, Floats]:
    """As the released environments tell it: `tanh(κ (a − b))`."""
    told = np.tanh(cases.sharpness * away)
    return told, told


def relative(away: Floats, cases: Configurations) -> tuple[Floats, Floats]:
    """As the page of the documentation tells it: `tanh(κ (a − b) / b)`, and of reputation only the sign."""
    return np.tanh(cases.sharpness * away / BASELINE), np.sign(away)


SIGNALS: dict[str, Signal] = {"plain": plain, "bounded": bounded, "relative": relative}
ORDERS = ("together", "trust first", "actions first")


@dataclass(frozen=True)
class Paths:
    """Actions, trust and damaged reputations over time, each `[steps + 1, 2, m]`."""

    actions: Floats
    trust: Floats
    damage: Floats


def paths(
    cases: Configurations,
    steps: int,
    *,
    defects: int | None = None,
    signal: str = "plain",
    order: str = "together",
    memory: int | None = None,
) -> Paths:
    """What happens in every configuration.

    Args:
        cases: the configurations.
        steps: how many.
        defects: at this step the action of the second player is set to .1.
        signal: what trust is told, one of `SIGNALS`.
        order: what is new when something else changes, one of `ORDERS`.
        memory: compares an action with the mean of so many before it, as the equations of the publication have it; by
            default with the baseline.
    """
    actions = np.full((2, len(cases.trust)), BEGUN)
    trust, damage = np.stack([cases.trust, cases.trust]), np.zeros_like(actions)
    made, seen = [(actions, trust, damage)], [actions]
    for step in range(steps):
        expected = np.mean(seen[:-1][-memory:] or [actions], axis=0) if memory else np.full_like(actions, BASELINE)
        answered = trust
        if order == "trust first":
            trust, damage = next_trust(trust, damage, actions, cases, signal)
            answered = trust
        following = next_actions(actions, expected, answered, cases)
        if order == "together":
            trust, damage = next_trust(trust, damage, actions, cases, signal)
        if order == "actions first":
            trust, damage = next_trust(trust, damage, following, cases, signal)
        if step + 1 == defects:
            following[1] = 0.1
        actions = following
        seen.append(actions)
        made.append((actions, trust, damage))
    return Paths(*(np.array(one) for one in zip(*made, strict=True)))


def next_actions(actions: Floats, expected: Floats, trust: Floats, cases: Configurations) -> Floats:
    """Actions after each has answered the other's, `[2, m]`."""
    told = np.tanh(cases.sharpness * (actions - expected)[::-1])
    moved = actions + trust * cases.gains() * told - FORGETTING * (actions - BASELINE)
    return np.asarray(np.clip(moved, 0, 1))


def next_trust(
    trust: Floats, damage: Floats, actions: Floats, cases: Configurations, signal: str
) -> tuple[Floats, Floats]:
    """Trust and damage after actions, `[2, m]` each."""
    told, hurt = SIGNALS[signal](actions[::-1] - BASELINE, cases)
    most = np.minimum(0.9, 1 - 0.6 * damage)
    grown = 0.1 * told * np.maximum(0, most - trust)
    moved = trust + np.where(told > 0, grown, 0.3 * told * trust * (1 + 0.5 * DEPENDENCE))
    hurt = np.where(hurt < 0, damage - 0.6 * hurt * (1 - damage), 0.97 * damage)
    return np.clip(moved, 0, most), np.clip(hurt, 0, 1)


def needed_trust(cases: Configurations) -> Floats:
    """The trust above which cooperation grows near the baseline, if it stays as it is, `[m]`.

    There `x_i' = .99 x_i + T G_i κ x_j` with the gains `G`, so that it grows where `T κ √(G_0 G_1) > .01`.
    """
    return np.asarray(FORGETTING / (cases.sharpness * np.sqrt(cases.gains().prod(axis=0))))
