"""What maps and entry probabilities share: running every rule, counting outcomes, choosing the status."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, citations, label_names, record
from nashscape.dynamics import (
    PointTarget,
    Progress,
    Settling,
    Setup,
    Staged,
    Starts,
    Target,
    check_estimator,
    check_steps,
    completed,
    configuration,
    label_in_stages,
    make_setup,
)
from nashscape.learning import Box, Rule, check_rule
from nashscape.learning.rules import is_rule
from nashscape.semantics import ParametricGame

Labels = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Protocol:
    """How runs are made, whatever they start from: the keyword arguments that maps and entry probabilities share.

    Its defaults are those of the table of options, `nashscape.core.options`.

    Attributes:
        steps: updates of each run; by default 140, and for other starts than those of a grid what each verb says.
        estimator: `exact()` (default) or `sampled(batch)`.
        step_size: outer step size, a number or a schedule; by default `0.9/(t+10)^0.24`.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled.
        audit: how many runs of every label are continued to see what becomes of them; False for none, True for 32; by
            default 32 where that takes at most half as many evaluations as the runs.
        seed: of starts and of sampled updates; by default 0.
        precision: "float32" (default) or "float64"; raised to it where payoffs would not survive rounding, which the
            result's notes then say.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
    """

    steps: int = 140
    estimator: Any = None
    step_size: Any = None
    projection: Box | None = None
    settling: Settling | None = None
    audit: int | bool | None = None
    seed: int = 0
    precision: str = "float32"
    chunk: int | None = None
    progress: Progress | None = None
    optimiser: Any = None


def protocol(options: Mapping[str, Any]) -> Protocol:
    """The options as a protocol, or an error that names the one that does not exist."""
    known = [field.name for field in fields(Protocol)]
    for name in options:
        if name not in known:
            raise InputError(f"unknown option {name!r}; the options are {', '.join(known)}")
    how = Protocol(**options)
    return replace(how, estimator=check_estimator(how.estimator))


def run_and_label(
    game: ParametricGame,
    rule: Rule,
    starts: Starts,
    indices: npt.NDArray[np.int64],
    targets: Sequence[Target | PointTarget],
    how: Protocol,
    keys: npt.NDArray[np.int64] | None = None,
    reducers: Any = (),
    *,
    audited: bool = False,
) -> Staged:
    """Run one rule from the starts with these indices; gives `Labelled`, `Endings` and provenance.

    Labels are audited, as the protocol says, only where the caller keeps what the audit found.
    """
    if how.audit and not audited:
        raise InputError("labels are audited of entries and maps; leave audit out here, or see audit_labels")
    setup, settling, question = asked(game, rule, starts, targets, how, reducers)
    made, endings, cost = yield from label_in_stages(
        setup, starts, indices, targets, steps=question["steps"], settling=settling, seed=how.seed, keys=keys,
        precision=how.precision, chunk=how.chunk, progress=how.progress,
        audit=how.audit if audited else False,
    )  # fmt: skip
    provenance = record(
        "runs",
        {**question, "runs": len(indices)},
        seed=how.seed,
        precision=cost.precision,
        devices=cost.devices,
        sources=[citations.BASIN_ENTRY, *rule.sources, *([citations.THREEFRY] if not setup.estimator.exact else [])],
        compile_seconds=cost.compile_seconds,
        run_seconds=cost.run_seconds,
        trajectory_steps=cost.trajectory_steps,
        notes=cost.notes,
    )
    return made, endings, provenance


def asked(
    game: ParametricGame,
    rule: Rule,
    starts: Starts,
    targets: Sequence[Target | PointTarget],
    how: Protocol,
    reducers: Any = (),
) -> tuple[Setup, Settling, dict[str, Any]]:
    """What is run, checked; when a run counts as settled; and the question for a result's provenance."""
    steps = check_steps(how.steps)
    settling = (how.settling or Settling()).checked()
    setup = make_setup(
        game,
        rule,
        estimator=how.estimator,
        step_size=how.step_size,
        projection=how.projection,
        target=targets[0] if targets else None,
        reducers=reducers,
        optimiser=how.optimiser,
    )
    described = {"starts": starts, "targets": list(targets), "steps": steps, "settling": settling}
    return setup, settling, {**configuration(setup), **described}


def for_each_rule(rules: Any, run: Callable[[Rule], Staged]) -> Any:
    """One result for one rule; results by the rules' names for several, in order, worked on stage by stage."""
    chosen = checked_rules(rules)
    results = completed([run(rule) for rule in chosen])
    return results[0] if chosen[0] is rules else by_name(chosen, results)


def one_or_many(rules: Any, run: Callable[[Rule], Any]) -> Any:
    """One result for one rule; results by the rules' names for several, in order, one after the other."""
    chosen = checked_rules(rules)
    results = [run(rule) for rule in chosen]
    return results[0] if chosen[0] is rules else by_name(chosen, results)


def by_name(rules: Sequence[Rule], results: Sequence[Any]) -> dict[str, Any]:
    """Results by the names of their rules."""
    return {rule.name: result for rule, result in zip(rules, results, strict=True)}


def checked_rules(rules: Any) -> list[Rule]:
    """One rule, or several of different names, as a list.

    Raises:
        InputError: for an empty list, anything that is not a rule, or two rules of one name.
    """
    if is_rule(rules) or not isinstance(rules, Sequence):
        return [check_rule(rules)]
    if not rules:
        raise InputError("no rules given; pass one such as pg() or a list of them")
    names = [check_rule(rule).name for rule in rules]
    if len(set(names)) < len(names):
        raise InputError(f"two rules are called the same: {', '.join(names)}; rename one with rule.renamed('…')")
    return list(rules)


def count_outcomes(codes: Labels, targets: Sequence[str]) -> dict[str, int]:
    """How many runs ended in every way, by name; ways in which none ended are absent."""
    names = label_names(targets)
    values, counts = np.unique(codes, return_counts=True)
    return {names[int(value)]: int(count) for value, count in zip(values, counts, strict=True)}


def code_of(outcome: str, targets: Sequence[str]) -> int:
    """The label code of an outcome or target by name."""
    codes = {name: code for code, name in label_names(targets).items()}
    if outcome not in codes:
        raise InputError(f"{outcome!r} is not an outcome here; they are {', '.join(codes)}")
    return codes[outcome]
