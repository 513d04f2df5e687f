"""Runs of a case from many starts: where each is going. Whatever measures learning begins here."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, citations, label_names, record
from nashscape.core.provenance import cost_of
from nashscape.dynamics.batches import Cost, Staged
from nashscape.dynamics.case import Case
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.bounded_gains import bounded, renamed
from nashscape.dynamics.endings.resting_places import RestingPlace, resting_places
from nashscape.dynamics.endings.settling import Endings, status_of
from nashscape.dynamics.hosting import Hosted, is_hosted
from nashscape.dynamics.label_audits import LabelAudit, audit_of
from nashscape.dynamics.labelled_runs import label_in_stages
from nashscape.dynamics.playing.running import played_in_stages
from nashscape.dynamics.setup import sources_of

Labels = npt.NDArray[np.int8]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Runs(Result):
    """Where N runs are going, start by start. Arrays are `[N]`, or have the shape of the layout of the starts.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        targets: names of the targets.
        labels: outcome codes: where each run is going.
        held: number of the target in whose region each run was after its last update, −1 for none.
        first_hit: updates made when the first target first held, −1 where it never did.
        exact: whether the updates had no noise.
        at_random: whether the starts were drawn.
        level: confidence level of intervals.
        status: how complete the result is.
        provenance: what was asked, versions, cost.
        reduced: what every reducer came to, by its name, with the runs along the first axes.
        audit: what became of runs of every label that were continued; None where none was.
        rests: the places at which runs come to rest that do not end at a target.
    """

    computed: ClassVar[tuple[str, ...]] = ("outcomes",)

    game: str
    rule: str
    targets: tuple[str, ...]
    labels: Labels
    held: Labels
    first_hit: npt.NDArray[np.int32]
    exact: bool
    at_random: bool
    level: float
    status: Status
    provenance: Provenance
    reduced: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    audit: LabelAudit | None = None
    rests: tuple[RestingPlace, ...] = ()

    @property
    def is_sample(self) -> bool:
        """Whether chance had a part: random starts or updates with noise."""
        return self.at_random or not self.exact

    def reached(self, outcome: str) -> npt.NDArray[np.bool_]:
        """Which runs ended in an outcome or target."""
        return np.asarray(self.labels == code_of(outcome, self.targets))

    def stands(self, target: str) -> npt.NDArray[np.bool_]:
        """Which runs are in the region of a target after their last update, wherever they go from there."""
        if target not in self.targets:
            raise InputError(f"{target!r} is no target here; they are {', '.join(self.targets)}")
        return np.asarray(self.held == self.targets.index(target))

    def hits(self, target: str | None = None) -> npt.NDArray[np.int32]:
        """Updates made when a target, by default the first, first held, −1 where it never did.

        Raises:
            InputError: for a target of which it was not asked, with what to ask for.
        """
        name = self.targets[0] if target is None and self.targets else target
        if name not in self.targets:
            raise InputError(f"{name!r} is no target here; they are {', '.join(self.targets) or 'none'}")
        if name == self.targets[0]:
            return self.first_hit
        if f"first_hit_{name}" not in self.reduced:
            raise InputError(f"when {name} first held was not asked; say reducers=[reducers.first_hit({name!r})]")
        return np.asarray(self.reduced[f"first_hit_{name}"])

    def outcomes(self) -> dict[str, int]:
        """How many runs ended in every way."""
        return count_outcomes(self.labels, self.targets)

    @property
    def shares_in_words(self) -> str:
        """The shares of all outcomes, such as "CC 0.2562, DD 0.7438"."""
        return ", ".join(f"{name} {count / self.labels.size:.4f}" for name, count in self.outcomes().items())

    @classmethod
    def of_case(
        cls,
        case: Case,
        indices: Whole,
        keys: Whole | None = None,
        *,
        asked: Mapping[str, Any],
        level: float,
        shape: tuple[int, ...] | None = None,
        in_part: bool = False,
        **more: Any,
    ) -> Staged:
        """Run a case from the starts with these indices; gives one of this class, its arrays in a shape.

        Args:
            case: what is run, with its starts.
            indices: which of the starts, `[N]`.
            keys: index of every run for its random numbers; by default that of its start.
            asked: parts of the question beside the case.
            level: confidence level of intervals.
            shape: of labels, `[N]` by default.
            in_part: whether the first runs alone are given where somebody asks to stop; there is no shape then.
            **more: what the class holds beside.
        """
        found, endings, provenance = yield from labels_of(case, indices, keys, audit=case.audit, in_part=in_part)
        provenance = provenance.asking(cls.question_kind, audit=case.audit, **asked)
        if not (case.only_plays or is_hosted(case.rule)):
            codes, notes = bounded(found.codes, found.places, case.game.game, case.settling.regret)
            found = replace(found, codes=codes, audit=renamed(found.audit, codes))
            provenance = replace(provenance, notes=(*provenance.notes, *notes))
        names, shape = tuple(goal.name for goal in case.goals), shape or (len(found.codes),)
        return cls(
            game=case.game.name,
            rule=case.rule.name,
            targets=names,
            labels=found.codes.reshape(shape),
            held=found.held.reshape(shape),
            first_hit=endings.first_hit.reshape(shape),
            exact=case.exact,
            at_random=case.starts is None or case.starts.size is None,
            level=level,
            status=status_of(found.codes) if len(found.codes) == len(indices) else Status.INTERRUPTED,
            provenance=provenance,
            reduced={name: own.reshape(*shape, *own.shape[1:]) for name, own in endings.reduced.items()},
            audit=audit_of(found.audit, case.game.name, case.rule.name, names, level, provenance),
            rests=() if case.only_plays else resting_places(found.codes, found.places, names, _shapes(case)),
            **more,
        )


def labels_of(
    case: Case,
    indices: Whole,
    keys: Whole | None = None,
    *,
    begin: int = 0,
    audit: int | bool | None = False,
    in_part: bool = False,
) -> Staged:
    """Run a case from the starts with these indices; gives `Labelled`, `Endings` and provenance.

    Runs begin with step `begin`, to go on with others.

    Labels are audited, as `audit` says, only where the caller keeps what the audit found. With `in_part` there are the
    first runs alone where somebody asked to stop; the question says so.
    """
    if case.audit and audit is False:
        raise InputError("labels are audited of entries and maps; leave audit out here, or see audit_labels")
    if is_hosted(case.rule):
        # nothing is compiled, nothing waits for a device: all is done when the last stage is asked for
        for _ in range(3):
            yield
        return _hosted(case, case.rule, indices if keys is None else keys, in_part)
    assert case.starts is not None, "a case that is run has starts"
    goals: Any = case.goals
    if case.only_plays:
        made, endings, cost = yield from played_in_stages(
            case.setup, case.starts, indices, goals, steps=case.steps, how=case.settling, seed=case.seed,
            keys=keys, precision=case.precision, progress=case.progress, in_part=in_part,
        )  # fmt: skip
        return made, endings, _recorded(case, cost, len(made.codes), len(indices))
    made, endings, cost = yield from label_in_stages(
        case.setup, case.starts, indices, goals, steps=case.steps, settling=case.settling, seed=case.seed,
        keys=keys, precision=case.precision, chunk=case.chunk, progress=case.progress, begin=begin,
        audit=audit, in_part=in_part,
    )  # fmt: skip
    return made, endings, _recorded(case, cost, len(made.codes), len(indices))


def _recorded(case: Case, cost: Cost, done: int, asked: int) -> Provenance:
    return record(
        "runs",
        {**case.parts, **_counted(done, asked)},
        seed=case.seed,
        precision=cost.precision,
        devices=cost.devices,
        sources=[*sources_of(case), *([] if case.exact else [citations.THREEFRY])],
        **cost_of([cost]),
        notes=(*cost.notes, *_unnamed(case), *_cut_short(done, asked)),
        form=cost.form,
    )


def _hosted(case: Case, players: Hosted, keys: Whole, in_part: bool) -> tuple[Labelled, Endings, Provenance]:
    """The same of hosted players: what their labels say is in `hosted`."""
    began = time.perf_counter()
    made, endings = players.host(
        case.game.game, case.goals, keys, rounds=case.steps, seed=case.seed, progress=case.progress, in_part=in_part
    )
    done = len(made.codes)
    provenance = record(
        "runs", {**case.parts, **_counted(done, len(keys))}, seed=case.seed, sources=players.sources,
        run_seconds=time.perf_counter() - began, trajectory_steps=done * case.steps,
        notes=(*_unnamed(case), *_cut_short(done, len(keys))),
    )  # fmt: skip
    return made, endings, provenance


def _shapes(case: Case) -> tuple[tuple[int, ...], ...]:
    return case.game.game.strategy_shapes


def _counted(done: int, asked: int) -> dict[str, int]:
    """How many runs there are, as a part of the question: of those that were cut short there is no other answer."""
    return {"runs": done} if done == asked else {"runs": done, "of_runs": asked}


def _cut_short(done: int, asked: int) -> tuple[str, ...]:
    return () if done == asked else (f"interrupted: the first {done:,} of {asked:,} runs are done",)


def _unnamed(case: Case) -> tuple[str, ...]:
    """What an outcome says of a game that is only played where nobody said what to look for."""
    if not case.only_plays or case.goals:
        return ()
    return ("no targets were named, so that every run is out of budget: say targets=[behaviour(…)]",)


def count_outcomes(codes: Labels, targets: tuple[str, ...]) -> dict[str, int]:
    """How many runs ended in every way, by name; ways in which none ended are absent."""
    names = label_names(targets)
    values, counts = np.unique(codes, return_counts=True)
    return {names[int(value)]: int(count) for value, count in zip(values, counts, strict=True)}


def code_of(outcome: str, targets: tuple[str, ...]) -> int:
    """The label code of an outcome or target by name."""
    codes = {name: code for code, name in label_names(targets).items()}
    if outcome not in codes:
        raise InputError(f"{outcome!r} is not an outcome here; they are {', '.join(codes)}")
    return codes[outcome]
