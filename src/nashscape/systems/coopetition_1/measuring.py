"""The study of the card: equilibria proved to be the only ones, baselines, rises, and what learners do."""

from collections.abc import Iterator

import numpy as np

from nashscape.core import Source, wilson
from nashscape.systems.agreement import Row
from nashscape.systems.coopetition_1 import study
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, holds, near
from nashscape.theory import diagonal_concavity, equilibria

SOURCE = Source(
    "coopetition_1",
    "Pant, Yu: Computational Foundations for Strategic Coopetition: Formalizing Interdependence and Complementarity. "
    "2025.",
    "https://arxiv.org/abs/2510.18802",
)
RUNS = {"quick": 40, "full": 100, "thorough": 1000}
FIGURES = 24
BASELINES = {"logarithmic": 19.0, "power": 0.75**4}
"""Alone an actor invests θ − 1, or β^{1/(1−β)}."""
RISES = {"logarithmic": (0.41, 0.4219), "power": (1.66, 1.7017)}
"""Of the mean investment over the baseline: as the abstract says, and as the released results have it."""


def _rows(runs: int, seed: int) -> Iterator[Row]:
    for form in study.EQUILIBRIA:
        yield from _equilibrium(form)
    yield from _weights()
    yield from _learners(runs, seed)


def mean_investment(form: str, **changes: bool) -> float:
    """What the actors invest on average in the equilibrium of a case."""
    [only] = equilibria(study.case(form, **changes))
    return float(np.mean(np.concatenate(only.point)))


def _equilibrium(form: str) -> Iterator[Row]:
    found = equilibria(study.case(form))
    for actor, published in enumerate(study.EQUILIBRIA[form]):
        ours = float(found[0].point[actor][0])
        yield near("equilibria", f"{form}: actor {actor + 1}", published, ours, 1e-4)
    yield holds("unique", f"{form}: the only equilibrium", found.unique is True, "proved")
    alone = mean_investment(form, depends=False, together=False)
    yield near("baselines", f"{form}: alone", BASELINES[form], alone, 1e-6)
    rise = mean_investment(form) / alone - 1
    abstract, released = RISES[form]
    yield near("rises", f"{form}: rise over the baseline", released, rise, 5e-5)
    yield near("rises-of-the-abstract", f"{form}: rise over the baseline", abstract, rise, 0.005)
    synergy = mean_investment(form, depends=False) / alone
    for what, published, ours in (
        ("by synergy alone", SPLIT[form][0], synergy - 1),
        ("by interdependence on top", SPLIT[form][1], (1 + rise) / synergy - 1),
    ):
        yield near("split", f"{form}: {what}", published, ours, 5e-5)


SPLIT = {"logarithmic": (0.2042, 0.1808), "power": (0.7045, 0.5851)}
"""Computed here first, and frozen."""


def _weights() -> Iterator[Row]:
    """The weights of the proof are those of a weighted potential, `1/k` with `k_i = γ (α_i + Σ_j D_ij α_j)`."""
    shares = np.array(study.SHARES)
    k = shares + np.array(study.DEPENDENCE) @ shares
    for form in study.EQUILIBRIA:
        proof = diagonal_concavity(study.case(form), weights=1 / k)
        yield holds("potential", f"{form}: proved with weights 1/k", proof is not None, "proved")


def _learners(runs: int, seed: int) -> Iterator[Row]:
    found = study.LEARNERS.but({"n": runs}, seed=seed).run()
    rows = found.values(quantity="standing", of="equilibrium")
    for form, rule, share in zip(rows["game"], rows["rule"], rows["value"], strict=True):
        reached = wilson(round(float(share) * runs), runs)
        yield above("learners", f"{form}, {rule}: runs that reach it", 0.8, reached)


measure = measuring("coopetition-1", RUNS, _rows, of="runs", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
