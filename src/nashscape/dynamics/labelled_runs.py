"""Runs from many starts and where they are going."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from typing import Any, cast

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import is_complete, positive_integer
from nashscape.core.calls import public
from nashscape.core.interrupts import beside, finishing
from nashscape.core.provenance import cost_of
from nashscape.dynamics.batches import Cost, Staged, completed, run_in_stages, run_starts, widest
from nashscape.dynamics.endings.accounts import Ended, Labelled, asked_once, labelled, moment_of
from nashscape.dynamics.endings.audits import LONGER, Audited, audited, chosen_runs, planned
from nashscape.dynamics.endings.recurrences import Recurrence
from nashscape.dynamics.endings.settling import Endings, Settling
from nashscape.dynamics.noise_probes import noise_of
from nashscape.dynamics.scales import schedule_note
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.starts import Starts, parameters
from nashscape.dynamics.targets import PointTarget, Target

EACH = 32
"""Runs of every label that an audit continues."""


@public()
def label_in_stages(
    setup: Setup,
    starts: Starts,
    indices: npt.NDArray[np.int64],
    targets: Sequence[Target | PointTarget],
    *,
    steps: int,
    settling: Settling,
    keys: npt.NDArray[np.int64] | None = None,
    audit: int | bool | None = None,
    in_part: bool = False,
    **options: Any,
) -> Staged:
    """Run the starts with these indices and give `(Labelled, Endings, Cost)`.

    Runs that are open at their end are run again, watched, to see whether they come back.

    Args:
        setup: what is run.
        starts: where from.
        indices: which of the starts, `[N]`.
        targets: what runs may reach.
        steps: updates of each run.
        settling: when a run counts as settled.
        keys: index of every run for its random numbers; by default the index of its start.
        audit: how many runs of every label are continued to see what becomes of them; True for `EACH`, False for none;
            by default `EACH` where that takes at most half as many evaluations as the runs did.
        in_part: whether the first runs alone are given where somebody asks to stop after some blocks.
        **options: the others of `run_in_stages`.
    """
    every, keys, quiet = len(indices), indices if keys is None else keys, {**options, "progress": None}
    costs: list[Cost] = []

    def again(runs: npt.NDArray[np.int64]) -> Recurrence:
        # filled up with the last, so that there is one program for them, or none but that of all runs
        some = np.pad(runs, (0, _room(len(runs), every, setup) - len(runs)), mode="edge")
        how = {"steps": steps, "keys": keys[some], "close": settling.close, **quiet}
        watched, cost = completed([run_in_stages(setup, starts, indices[some], **how)])[0]
        costs.append(cost)
        return watched.recurrence[: len(runs)]

    how = {name: quiet[name] for name in ("seed", "precision", "chunk") if name in quiet}

    @cache
    def noise() -> float:
        return noise_of(setup, steps, like=every, **how) if settling.follow else 0.0

    def labels(endings: Endings) -> Labelled:
        return label_endings(setup, endings, targets, settling, steps, again, noise())

    def audited_labels() -> Labelled:
        made = labels(endings)
        each = 0 if len(endings.theta) < every else _audit_size(setup, made, audit, settling, steps)
        if not each:
            return made
        return replace(made, audit=_audit(setup, endings, made, targets, keys, each, steps, quiet))

    compiled: list[float] = []

    def ready(first: Endings) -> None:
        compiled.append(labels(first).compile_seconds)

    work = run_in_stages(setup, starts, indices, steps=steps, keys=keys, in_part=ready if in_part else None, **options)
    endings, cost = yield from work
    spent = sum(compiled)
    costs[:] = [replace(cost, compile_seconds=cost.compile_seconds + spent, run_seconds=cost.run_seconds - spent)]
    # of runs that were cut short the labels are what is left to do, by programs that are there
    with finishing() if len(endings.theta) < every else nullcontext():
        made = beside(audited_labels)
    cost = replace(costs[0], **cost_of(costs))
    cost = replace(cost, compile_seconds=cost.compile_seconds + made.compile_seconds)
    note = schedule_note(setup.step_size, steps) if not is_complete(made.codes).all() else ""
    return made, endings, replace(cost, notes=(*cost.notes, note)) if note else cost


def _room(some: int, count: int, setup: Setup) -> int:
    """How many runs are made for so many of all to be watched."""
    few = widest(count, None, setup.estimator, setup.game.dimension) * len(jax.devices())
    return min(few, count) if some <= few else count


def _audit_size(setup: Setup, made: Labelled, audit: int | bool | None, settling: Settling, steps: int) -> int:
    if audit is not None and not isinstance(audit, bool):
        return positive_integer(audit, "audit", at_least=0)
    if audit is not None:
        return EACH if audit else 0
    spent = len(made.codes) * steps
    return EACH if settling.follow and 2 * planned(setup, made.codes, EACH, steps) <= spent else 0


def _audit(
    setup: Setup,
    endings: Endings,
    made: Labelled,
    targets: Sequence[Target | PointTarget],
    keys: npt.NDArray[np.int64],
    each: int,
    steps: int,
    options: dict[str, Any],
) -> Audited:
    def much_later(runs: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
        where = parameters(endings.theta[runs].astype(np.float64))
        longer = {"steps": LONGER * steps, "begin": steps, "keys": keys[runs], **options}
        later, _ = run_starts(setup, where, np.arange(len(runs)), **longer)
        return label_endings(setup, later, targets, Settling(follow=False), LONGER * steps).held

    runs = chosen_runs(made.codes, each, int(options.get("seed", 0)))
    return audited(_ended(setup, endings, steps), made, targets, runs, much_later)


@public()
def label_starts(
    setup: Setup, starts: Starts, indices: npt.NDArray[np.int64], targets: Sequence[Any], **options: Any
) -> tuple[Labelled, Endings, Cost]:
    """Run the starts with these indices and say where they are going; see `label_in_stages` for the arguments."""
    [result] = completed([label_in_stages(setup, starts, indices, targets, **options)])
    return cast(tuple[Labelled, Endings, Cost], result)


@public()
def label_endings(
    setup: Setup,
    endings: Endings,
    targets: Sequence[Target | PointTarget],
    settling: Settling,
    steps: int,
    recurrences: Any = None,
    noise: float = 0.0,
) -> Labelled:
    """Labels of runs of one setup after so many updates; without watching again, of those that were watched.

    `noise` is what `noise_of` gives.
    """

    def watched(runs: npt.NDArray[np.int64]) -> Recurrence:
        assert endings.recurrence is not None, "the second halves of these runs were not watched"
        return endings.recurrence[runs]

    return labelled(_ended(setup, endings, steps, noise), targets, settling, recurrences or watched)


def _ended(setup: Setup, endings: Endings, steps: int, noise: float = 0.0) -> Ended:
    return Ended(
        setup=setup,
        asked=asked_once(setup, moment_of(setup, steps)),
        which=np.zeros(len(endings.theta), np.int64),
        theta=endings.theta,
        strategies=endings.strategies,
        largest=endings.largest,
        coasted=endings.coasted,
        noise=(noise,),
    )
