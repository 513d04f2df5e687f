"""The study of the card: accuracies of fixed predictors on held-out seeds, beside baselines."""

from collections.abc import Callable, Iterator

import numpy as np

from nashscape.core import Estimate, Source, choice, wilson
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.selection_prediction.baselines import logistic, majority
from nashscape.systems.selection_prediction.predictors import Truths
from nashscape.systems.selection_prediction.slices import Runs, Slice, kind, slices
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
            group = "hanabi" if one.hanabi else GROUPS[one.game]
            yield from _one_outcome(one) if same else _of_slice(group, one)


def names(effort: str) -> Iterator[str]:
    """The games of an effort.

    >>> "hanabi E" in names("quick"), "hanabi E" in names("full")
    (False, True)
    """
    letters = protocol()["hanabi"]["quick"]
    left_out = {name for name in GAMES if name.startswith("hanabi") and name[-1] not in letters}
    yield from (name for name in (*GAMES, "networks") if effort != "quick" or name not in left_out)


def _one_outcome(one: Runs) -> Iterator[Row]:
    """Where nearly all runs end alike: how often the majority class is right."""
    label = f"{one.game}, {one.learner}: the majority class"
    yield above("one-outcome", label, _bar(), _right(_majority(one), one))


def _of_slice(group: str, one: Slice) -> Iterator[Row]:
    """Accuracies of all predictors of a learner in a game, with those of baselines in words."""
    for name, said in one.at_start().items():
        yield _accuracy("peer-sign" if name == "peer" else f"{group}-{name}", one, name, said, "start")
    yield from said_early(group, one, "early margin", one.early())


def said_early(group: str, one: Runs, name: str, said: Truths) -> Iterator[Row]:
    """The accuracy of what is said when a twentieth of the updates is made, and whether it is more than the majority.

    Args:
        group: how claims on it begin.
        one: runs of a learner in a game.
        name: of the predictor.
        said: of held-out runs.
    """
    yield _accuracy(f"{group}-early", one, name, said, "early")
    yield above("more-than-majority", f"{one.game}, {one.learner}: {name}, where the two differ", 0.5,
                _against(said, _majority(one), one))  # fmt: skip


def _accuracy(claim: str, one: Runs, name: str, said: Truths, moment: str) -> Row:
    ours, fitted = _right(said, one), _logistic(one, moment)
    beside = f"majority {_right(_majority(one), one).value:.3f}, logistic {_right(fitted, one).value:.3f}"
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


def _majority(one: Runs) -> Truths:
    """What the majority class of training seeds says of held-out ones."""
    return np.full(len(one.held_out.reached), majority(one.training.reached))


def _logistic(one: Runs, moment: str) -> Truths:
    """What logistic regression says of them, by what is known at the "start" or "early"."""
    return logistic(getattr(one.training, moment), one.training.reached, getattr(one.held_out, moment))


def _right(said: Truths, one: Runs) -> Estimate:
    """The share of held-out seeds of which the outcome is as was said."""
    return wilson(int((said == one.held_out.reached).sum()), len(said))


def _against(said: Truths, other: Truths, one: Runs) -> Estimate:
    """Of the seeds on which two differ, the share on which the first is right; a coin where they never do."""
    differ = said != other
    right = int((np.asarray(said == one.held_out.reached) & differ).sum())
    return wilson(right, int(differ.sum())) if differ.any() else wilson(1, 2)
