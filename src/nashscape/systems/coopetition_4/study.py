"""What else was published of these dynamics, and what is asked here: long runs, and trust by search."""

from collections.abc import Mapping

import numpy as np

from nashscape.systems.coopetition_4.behaviour import SHORT, asymmetry, reached
from nashscape.systems.coopetition_4.reciprocity import (
    BASELINE,
    BEGUN,
    MEMORIES,
    Configurations,
    Floats,
    next_actions,
    next_trust,
    paths,
    published,
)

REFERENCE = np.array([1.0, 1.0, 1.0, 5.0, 1.0, 0.6])
"""ρ0, η, κ, k, λ and trust, in the order in which the released suite draws them."""
VARIATION = 0.15


def sensitivities() -> Mapping[str, float]:
    """The correlation of every number of the configurations with the mean action after 30 steps."""
    cases = published()
    ends = paths(cases, SHORT).actions[SHORT].mean(axis=0)
    return {name: float(np.corrcoef(own, ends)[0, 1]) for name, own in vars(cases).items()}


def effect_size() -> float:
    """How many standard deviations the asymmetry is above 1.5 on average, over all 15,625 configurations."""
    every = np.tile(asymmetry(published()), len(MEMORIES))
    return float((every.mean() - 1.5) / every.std(ddof=1))


def robust(draws: int, seed: int) -> int:
    """In how many of so many variations by up to 15 % of the reference all six targets are reached."""
    # the released suite draws from this generator, whose numbers are fixed for ever
    noise = np.random.RandomState(seed).uniform(-VARIATION, VARIATION, (draws, len(REFERENCE)))
    strength, elasticity, sharpness, memory, weight, trust = (REFERENCE * (1 + noise)).T
    cases = Configurations(strength, sharpness, weight, elasticity, trust)
    memories = sorted({int(own) for own in memory})
    every = np.logical_and.reduce(list(reached(cases, memories).values()))
    return int(every[np.searchsorted(memories, memory.astype(int)), np.arange(draws)].sum())


def some(cases: Configurations, which: slice) -> Configurations:
    """Some of the configurations."""
    return Configurations(**{name: own[which] for name, own in vars(cases).items()})


def actions_after(cases: Configurations, steps: int) -> Floats:
    """Actions after many steps, `[2, m]`, without what lies between."""
    actions = np.full((2, len(cases.trust)), BEGUN)
    trust, damage = np.stack([cases.trust, cases.trust]), np.zeros_like(actions)
    expected = np.full_like(actions, BASELINE)
    for _ in range(steps):
        following = next_actions(actions, expected, trust, cases)
        trust, damage = next_trust(trust, damage, actions, cases, "plain")
        actions = following
    return actions


def found_trust(cases: Configurations, *, rounds: int = 30, steps: int = 1200) -> Floats:
    """The trust above which actions grow near the baseline, by bisection in simulations, `[m]`."""
    low, high = np.zeros_like(cases.trust), np.full_like(cases.trust, 3.0)
    for _ in range(rounds):
        middle = (low + high) / 2
        grows = _grows(cases, np.stack([middle, middle]), steps)
        low, high = np.where(grows, low, middle), np.where(grows, middle, high)
    return low


def _grows(cases: Configurations, trust: Floats, steps: int) -> Floats:
    """Whether actions move away from the baseline in the second half, if trust stays as it is."""
    expected = np.full_like(trust, BASELINE)
    actions, level = expected + 1e-6, []
    for _ in range(steps):
        actions = next_actions(actions, expected, trust, cases)
        level.append(np.log(np.prod(actions - BASELINE, axis=0).clip(1e-300)))
    # those that grow fast are no longer near the baseline by then
    return np.asarray((level[-1] > level[steps // 2]) | (level[-1] > np.log(1e-10)))
