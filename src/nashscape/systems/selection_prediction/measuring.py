"""The study of the card: accuracies of fixed predictors on held-out seeds, beside baselines."""

from collections.abc import Callable, Iterator

import numpy as np

from nashscape.core import Estimate, Source, choice, wilson
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.selection_prediction.predictors import Truths
from nashscape.systems.selection_prediction.slices import Slice, kind, slices
from nashscape.systems.selection_prediction.study import GAMES, protocol
from nashscape.systems.statements import above

SOURCES = (
    Source(
        "selection_prediction",
        "Shcherbinin, Redina, Kalpin, Kochetov: Equilibrium Selection in Multi-Agent Policy Gradients via "
        "Opponent-Aware Basin Entry. 2026.",
        "https://arxiv.org/abs/2605.18078",
    ),
    Source(
        "tiny_hanabi",
        "Sokota, Lockhart, Timbers, Davoodi, D'Orazio, Burch, Schmid, Bowling, Lanctot: Solving Common-Payoff Games "
        "with Approximate Policy Iteration. AAAI 2021.",
        "https://github.com/ssokota/tiny-hanabi",
    ),
)
GROUPS = {
    "stag hunt": "stag-hunt",
    "unequal abilities": "abilities",
    "heterogeneous rewards": "rewards",
    "repeated dilemma": "repeated-dilemma",
    "networks": "networks",
}
FIGURES = {"quick": 83, "full": 98, "thorough": 98}


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card; raises `InputError` for an unknown effort."""
    effort = choice(effort, "effort", FIGURES)
    asked = {"system": "selection-prediction", "effort": effort, "protocol": protocol()}
    return measured(_rows(effort, seed), FIGURES[effort], asked, SOURCES, seed=seed, progress=progress)


def _rows(effort: str, seed: int) -> Iterator[Row]:
    told = protocol()
    peers = told["networks"]["quick" if effort == "quick" else "full"]
    for name in names(effort):
        for one in slices(name, told["runs"][effort][kind(name)], seed, peers):
            same = [one.game, one.learner] in told["asked"]["one_outcome"]
            yield from _one_outcome(one) if same else of_slice(one)


def names(effort: str) -> Iterator[str]:
    """The games of an effort.

    >>> "hanabi E" in names("quick"), "hanabi E" in names("full")
    (False, True)
    """
    letters = protocol()["hanabi"]["quick"]
    left_out = {name for name in GAMES if name.startswith("hanabi") and name[-1] not in letters}
    yield from (name for name in (*GAMES, "networks") if effort != "quick" or name not in left_out)


def _one_outcome(one: Slice) -> Iterator[Row]:
    label = f"{one.game}, {one.learner}: the majority class"
    yield above("one-outcome", label, _bar(), _right(one.majority(), one))


def of_slice(one: Slice) -> Iterator[Row]:
    """Accuracies of all predictors of a learner in a game, with those of baselines in words."""
    group = "hanabi" if one.hanabi else GROUPS[one.game]
    for name, said in one.at_start().items():
        yield _accuracy("peer-sign" if name == "peer" else f"{group}-{name}", one, name, said, "start")
    said = one.early()
    yield _accuracy(f"{group}-early", one, "early margin", said, "early")
    yield above("more-than-majority", f"{one.game}, {one.learner}: early margin, where the two differ", 0.5,
                _against(said, one.majority(), one))  # fmt: skip


def _accuracy(claim: str, one: Slice, name: str, said: Truths, moment: str) -> Row:
    ours = _right(said, one)
    beside = f"majority {_right(one.majority(), one).value:.3f}, logistic {_right(one.logistic(moment), one).value:.3f}"
    label = f"{one.game}, {one.learner}: {name}: {verdict(ours, _bar())} ({beside})"
    return above(claim, label, _bar(), ours)


def verdict(ours: Estimate, bar: float) -> str:
    """Whether an accuracy is above a bar, by its interval.

    >>> [verdict(wilson(k, 100), 0.8) for k in (70, 80, 95)]
    ['no', 'undecided', 'yes']
    """
    return "yes" if ours.low > bar else "no" if ours.high < bar else "undecided"


def _bar() -> float:
    return float(protocol()["asked"]["above"])


def _right(said: Truths, one: Slice) -> Estimate:
    """The share of held-out seeds of which the outcome is as was said."""
    return wilson(int((said == one.held_out.reached).sum()), len(said))


def _against(said: Truths, other: Truths, one: Slice) -> Estimate:
    """Of the seeds on which two differ, the share on which the first is right; a coin where they never do."""
    differ = said != other
    right = int((np.asarray(said == one.held_out.reached) & differ).sum())
    return wilson(right, int(differ.sum())) if differ.any() else wilson(1, 2)
