"""The figures of the card: what was published, what other readings give, and how much trust cooperation needs."""

from collections.abc import Iterator, Mapping

import numpy as np

from nashscape.core import Source
from nashscape.systems.agreement import Row
from nashscape.systems.coopetition_4 import behaviour, study
from nashscape.systems.coopetition_4.reciprocity import (
    DEPENDENCE,
    MEMORIES,
    ORDERS,
    SIGNALS,
    needed_trust,
    next_trust,
    paths,
    published,
)
from nashscape.systems.measured import measuring
from nashscape.systems.statements import holds, near

SOURCE = Source(
    "coopetition_4",
    "Pant, Yu: Computational Foundations for Strategic Coopetition: Formalizing Sequential Interaction and "
    "Reciprocity. 2026.",
    "https://arxiv.org/abs/2604.01240",
)
ROUNDS = {"quick": 16, "full": 30, "thorough": 50}
"""Of the bisection for the trust that is needed."""
FIGURES = 50
COUNTS = {"emergence": 15235, "punishment": 15625, "forgiveness": 13728, "asymmetry": 15625, "trust": 15625,
          "bounded": 15625}  # fmt: skip
SHARES = {"emergence": 0.975, "punishment": 1.0, "forgiveness": 0.879, "asymmetry": 1.0, "trust": 1.0, "bounded": 1.0}
LISTED = {"emergence": 0.87, "punishment": 0.98, "forgiveness": 0.84, "asymmetry": 0.93, "trust": 0.91, "bounded": 1.0}
CORRELATIONS = {"strength": 0.4556107588621042, "elasticity": -0.22079025239883737, "sharpness": 0.3986527504103656,
                "weight": 0.4556107588621042, "trust": 0.18951971982727342}  # fmt: skip
EFFECT, ROBUST, DRAWS, SEED, LONG_RUN = 1.565823118527528, 1890, 2000, 42, 3000


def _rows(rounds: int, _: int) -> Iterator[Row]:
    yield from _published(behaviour.counts())
    yield from _other_readings()
    yield from _memory()
    yield from _trust()
    yield from _needed(rounds)


def _published(counts: Mapping[str, int]) -> Iterator[Row]:
    for name, own in counts.items():
        yield near("targets", f"{name}: share of configurations", SHARES[name], own / 15625, 5e-4)
        yield near("counts", f"{name}: configurations", COUNTS[name], own, 0)
        yield near("readme", f"{name}: share of configurations", LISTED[name], own / 15625, 5e-3)
    for name, found in study.sensitivities().items():
        yield near("sensitivities", f"{name}: correlation with the mean action", CORRELATIONS[name], found, 1e-9)
    yield near("effect-size", "of the asymmetry against 1.5", EFFECT, study.effect_size(), 1e-9)
    yield near("robustness", "of 2,000 variations", ROBUST, study.robust(DRAWS, SEED), 0)


def _other_readings() -> Iterator[Row]:
    """All but the one that the figures above are of; each gives another emergence or another forgiveness."""
    for signal in SIGNALS:
        for order in ORDERS:
            found = behaviour.counts(signal=signal, order=order)
            right = dict(found) == COUNTS
            expected = (signal, order) == ("plain", "together")
            yield holds("one-reading", f"{signal} signal, {order}: all six counts or not", right == expected, "as said")
            if order == "together" and signal != "plain":
                claim = {"bounded": "environments", "relative": "documentation"}[signal]
                for name in ("emergence", "forgiveness"):
                    yield near(claim, f"{name}: configurations", COUNTS[name], found[name], 0)


def _memory() -> Iterator[Row]:
    for memory in MEMORIES:
        found = behaviour.counts(memory=memory)["emergence"]
        yield near("memory", f"mean of {memory} actions: configurations with emergence", COUNTS["emergence"], found, 0)


def _trust() -> Iterator[Row]:
    cases = published()
    kept, broken = (paths(cases, 100, defects=own) for own in (None, 10))
    early, late = (list(behaviour.by_trust(behaviour.emerges(own)).values())
                   for own in (kept.actions[behaviour.SHORT], study.actions_after(cases, LONG_RUN)))  # fmt: skip
    yield holds(
        "trust-decides-when", "the share within 30 steps rises with trust", early == sorted(set(early)), "from each"
    )
    yield holds("trust-decides-when", "the share after 3,000 steps is the same", len(set(late)) == 1, "from each")
    after = behaviour.DEFECTION + 1
    lower = [bool(own) for own in np.all(broken.trust[after:, 0] < kept.trust[after:, 0], axis=0)]
    yield holds("not-forgotten", "trust is lower in the 90 steps after one defection", lower, "in every one")
    yield from _negativity()


def _negativity() -> Iterator[Row]:
    """Where trust is half of its ceiling there is as much to gain as to lose."""
    half, none = np.full((2, 1), 0.45), np.zeros((2, 1))
    up, down = (next_trust(half, none, none + own, published(), "plain")[0] for own in (0.4, 0.2))
    for k, depends in enumerate(DEPENDENCE[:, 0]):
        quotient = float(((half - down) / (up - half))[k, 0])
        yield near("negativity", f"dependence {depends:g}: loss over gain", 3 * (1 + 0.5 * depends), quotient, 1e-9)


def _needed(rounds: int) -> Iterator[Row]:
    cases = published()
    needed = needed_trust(cases)
    grown = behaviour.emerges(study.actions_after(cases, LONG_RUN))
    yield holds(
        "needed-trust", "cooperation after 3,000 steps or not", list(grown == (needed < 0.9)), "as the formula says"
    )
    step = study.some(cases, slice(None, None, 26))
    close = np.abs(study.found_trust(step, rounds=rounds) / needed_trust(step) - 1) < 5e-3
    yield holds("needed-trust", "found by bisection in simulations", list(close), "within .5 %")


measure = measuring("coopetition-4", ROUNDS, _rows, of="rounds", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort and progress; nothing is random. See `systems.measured.measuring`."""
