"""The six published targets of behaviour: of how many of the 15,625 configurations each holds."""

from collections.abc import Mapping

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
    cases = published()
    kept = paths(cases, SHORT, signal=signal, order=order, memory=memory)
    broken = paths(cases, LONG, defects=DEFECTION, signal=signal, order=order, memory=memory)
    every = {
        "emergence": emerges(kept),
        "punishment": punishes(kept, broken),
        "asymmetry": np.divide(*_reciprocity(cases, np.full((2, 1), BEGUN))) > 1.5,
        "trust": np.repeat(_gains_by_trust(kept), len(TRUSTS)),
        "bounded": stays_bounded(cases, broken),
    }
    found = {name: len(MEMORIES) * int(own.sum()) for name, own in every.items()}
    return {**found, "forgiveness": sum(int(forgives(kept, broken, memory).sum()) for memory in MEMORIES)}


def emerges(kept: Paths) -> Floats:
    """Where actions end above .53 on average, `[m]`."""
    return np.asarray(kept.actions[SHORT].mean(axis=0) > 0.53)


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


def emerging_by_trust() -> dict[float, float]:
    """The share of configurations in which cooperation emerges, by the trust at the start."""
    shares = emerges(paths(published(), SHORT)).reshape(-1, len(TRUSTS)).mean(axis=0)
    return {own: float(share) for own, share in zip(TRUSTS, shares, strict=True)}


def _reciprocity(cases: Configurations, actions: Floats) -> Floats:
    return np.asarray(cases.bounds() * np.tanh(cases.sharpness * (actions[::-1] - BASELINE)))


def _gains_by_trust(kept: Paths) -> Floats:
    """Whether actions are higher from the most trust than from the least, `[m / 5]`."""
    early = kept.actions[3:21].mean(axis=(0, 1)).reshape(-1, len(TRUSTS))
    return np.asarray(early[:, -1] > early[:, 0] + 0.005)
