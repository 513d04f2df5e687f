"""Running noise-free rules from given strategies, and closing in on where the outcome switches, by bisection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Status, is_complete, target_code
from nashscape.core.interrupts import until_stopped
from nashscape.core.options import default
from nashscape.dynamics import PointTarget, Target, completed
from nashscape.dynamics.case import Case
from nashscape.dynamics.runs import Labels, labels_of
from nashscape.dynamics.starts import parameters
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games import has_table
from nashscape.semantics import ParametricGame
from nashscape.semantics.inverses import parameters_for

Floats = npt.NDArray[np.float64]
Ask = Callable[[Floats], Labels]
"""Outcome codes for shares of the way along E lines, `[E, m]`: zero at the beginning of a line, one at its end."""

STEPS: int = default("steps", "along")
"""Updates of a run unless said otherwise: starts beside a separatrix leave it slowly."""

NOISE = {"estimator": "only noise-free runs have a boundary between outcomes; see entry_probability"}
"""Why verbs that look for a boundary take no sampled updates."""

MOST_ROUNDS = 200

ROOM = 256
"""Runs of a round that cost as much as one. The same on every machine, so that brackets are too."""


def goals_for(learners: ParametricGame, target: Any, threshold: float) -> tuple[Target | PointTarget, ...]:
    """The target in question, by default the first, and to tell outcomes apart all other strict equilibria.

    Raises:
        InputError: where there is none.
    """
    goals = choose_targets(learners, target, threshold)[:1]
    if not goals:
        raise InputError(f"{learners.name} has no strict pure equilibrium to reach; name a profile as target")
    others = choose_targets(learners, None, threshold) if has_table(learners.game) else ()
    return (*goals, *(other for other in others if other.profile != goals[0].profile))


class Prober:
    """Runs a case from given strategies, batch after batch, and adds up what that cost."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._provenance: Provenance | None = None

    def labels(self, profiles: Floats) -> Labels:
        """Outcome codes `[N]` of runs from strategies side by side, `[N, Σ a_i]`."""
        theta = parameters_of(self._case.game, profiles)
        work = labels_of(self._case.but(starts=parameters(theta)), np.arange(len(theta), dtype=np.int64))
        found, _, made = completed([work])[0]
        self._provenance = made if self._provenance is None else self._provenance.together(made)
        return np.asarray(found.codes)

    def provenance(self, kind: str, question: dict[str, Any]) -> Provenance:
        """What all batches took together, and the question that they answer in place of their starts."""
        assert self._provenance is not None
        return self._provenance.asking(kind, without=("starts", "runs"), **question)


def parameters_of(game: ParametricGame, profiles: Floats) -> Floats:
    """Parameters `[N, d]` under which strategies side by side, `[N, Σ a_i]`, are played."""
    shapes = game.game.strategy_shapes
    blocks = np.split(profiles, np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1], axis=1)
    return parameters_for(game, [own.reshape(-1, *shape) for own, shape in zip(blocks, shapes, strict=True)])


@dataclass(frozen=True, eq=False)
class Brackets:
    """For E lines the share of the way at which the target is reached, the one at which it is not, and its label."""

    inner: Floats
    outer: Floats
    labels: Labels
    status: Status


def switches(shares: Floats, codes: Labels) -> tuple[Floats, Floats, Labels]:
    """Neighbours on one line that differ: shares within the target and outside it, and the labels of the latter."""
    reached = codes == target_code(0)
    where = np.flatnonzero(reached[1:] != reached[:-1])
    within = np.where(reached[where], where, where + 1)
    without = np.where(reached[where], where + 1, where)
    return shares[within], shares[without], codes[without]


def narrowed(ask: Ask, inner: Floats, outer: Floats, labels: Labels, tolerance: Any) -> Brackets:
    """Close brackets in on a switch, all at once, until each is below its tolerance or rounding ends it.

    Every round cuts every bracket into as many parts as there is room for, and keeps the first, seen from the inner
    end, at which the outcome switches. Interrupted, the brackets so far are given.
    """
    count = max(1, min(ROOM // max(1, len(inner)), ROOM // 2 - 1))
    parts = np.arange(1, count + 1) / (count + 1)
    with until_stopped() as stop:
        for _ in range(MOST_ROUNDS):
            if not (np.abs(outer - inner) > tolerance).any():
                break
            places = inner[:, None] + (outer - inner)[:, None] * parts
            codes = ask(places)
            # the ends are known; put beside what lies between, they are chosen by the same index
            places = np.concatenate([inner[:, None], places, outer[:, None]], axis=1)
            codes = np.concatenate([np.full((len(inner), 1), target_code(0)), codes, labels[:, None]], axis=1)
            rows, first = np.arange(len(inner)), (codes != target_code(0)).argmax(axis=1)
            after = places[rows, first - 1], places[rows, first]
            if (after[0] == inner).all() and (after[1] == outer).all():
                break
            inner, outer, labels = *after, codes[rows, first].astype(np.int8)
    status = Status.COMPLETE if is_complete(labels).all() else Status.UNRESOLVED
    status = Status.INTERRUPTED if stop.early else status
    return Brackets(inner, outer, labels, status)
