"""The six published targets of behaviour: of how many of the 15,625 configurations each holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from nashscape.systems.coopetition_4.reciprocity import (
    BASELINE,
    BEGUN,
    MEMORIES,
    TRUSTS,
    Configurations,
    Floats,
    Paths,
    paths,
    published,
)

SHORT, LONG, DEFECTION = 30, 100, 10


def counts(*, signal: str = "plain", order: str = "together", memory: int | None = None) -> Mapping[str, int]:
    """How many configurations have each behaviour, in one reading of the publication; see `reciprocity.paths`."""
    every = reached(published(), MEMORIES, signal=signal, order=order, memory=memory)
    return {name: int(own.sum()) for name, own in every.items()}


def reached(
    cases: Configurations,
    memories: Sequence[int],
    *,
    signal: str = "plain",
    order: str = "together",
    memory: int | None = None,
) -> Mapping[str, Floats]:
    """Where there is each behaviour, `[len(memories), m]`: only forgiveness is asked at a time that depends on them."""
    run = partial(paths, signal=signal, order=order, memory=memory)
    kept, broken = run(cases, SHORT), run(cases, LONG, defects=DEFECTION)
    little, much = (run(replace(cases, trust=np.full_like(cases.trust, own)), 20) for own in (TRUSTS[0], TRUSTS[-1]))
    every = {
        "emergence": emerges(kept.actions[SHORT]),
        "punishment": punishes(kept, broken),
        "forgiveness": np.array([forgives(kept, broken, own) for own in memories]),
        "asymmetry": asymmetry(cases) > 1.5,
        "trust": much.actions[3:].mean(axis=(0, 1)) > little.actions[3:].mean(axis=(0, 1)) + 0.005,
        "bounded": stays_bounded(cases, broken),
    }
    return {name: np.broadcast_to(own, (len(memories), len(cases.trust))) for name, own in every.items()}


def emerges(actions: Floats) -> Floats:
    """Where actions `[2, m]` are above .53 on average, `[m]`."""
    return np.asarray(actions.mean(axis=0) > 0.53)


def punishes(kept: Paths, broken: Paths) -> Floats:
    """Where a defection costs the defector actions of the other, or its trust, `[m]`."""
    times = np.arange(DEFECTION + 1, 60)
    less = np.maximum(0, kept.actions[np.minimum(times, SHORT), 0] - broken.actions[times, 0]).sum(axis=0)
    return np.asarray((less > 0.005) | (broken.trust[15, 0] < kept.trust[15, 0] - 0.01))


def forgives(kept: Paths, broken: Paths, memory: int) -> Floats:
    """Where the other has come back, or comes back, at a time that depends on the memory, `[m]`."""
    at = min(20 + 2 * memory, 90)
    first = broken.actions[:, 0]
    half = first[at] > 0.5 * kept.actions[min(at, SHORT), 0]
    rising = (first[at] - first[max(at - 10, 15)] > 0.001) & (first[at] > 0.35)
    return np.asarray(half | rising | (first[at] > first[DEFECTION + 1 : min(40, at)].min(axis=0) + 0.02))


def stays_bounded(cases: Configurations, run: Paths) -> Floats:
    """Where reciprocity is never more than `ρ0 .8^η`, `[m]`."""
    most = cases.strength * 0.8**cases.elasticity
    return np.asarray((np.abs([_reciprocity(cases, own) for own in run.actions]) <= most).all(axis=(0, 1)))


def asymmetry(cases: Configurations) -> Floats:
    """How many times as strongly the more dependent player answers the same action, `(.8 / .4)^η`, `[m]`."""
    return np.asarray(np.divide(*_reciprocity(cases, np.full((2, 1), BEGUN))))


def by_trust(where: Floats) -> dict[float, float]:
    """The share of the published configurations where something holds, by the trust at the start."""
    shares = where.reshape(-1, len(TRUSTS)).mean(axis=0)
    return {own: float(share) for own, share in zip(TRUSTS, shares, strict=True)}


def _reciprocity(cases: Configurations, actions: Floats) -> Floats:
    return np.asarray(cases.bounds() * np.tanh(cases.sharpness * (actions[::-1] - BASELINE)))
