"""Basin maps by flow: where the differential equation of a rule leads, cell by cell."""

import math
from collections.abc import Sequence
from typing import Any, Unpack, overload

from nashscape.core import InputError, finite_number
from nashscape.core.calls import verb
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.replication import Replicator
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.velocities import flow_steps
from nashscape.learning import Box, Rule, box, check_rule, default_projection
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.projection import is_box
from nashscape.selection.maps.basin_maps import BasinMap, basin_map
from nashscape.selection.option_types import FlowMapOptions
from nashscape.semantics import ParametricGame, Playable, parametric

LOGITS = 30.0
"""The replicator flow is kept where every share is above 1e-13; what is at rest there then shows as such."""

PER_RANGE = 0.2
"""The default step times the range of payoffs."""

TAKEN = dict.fromkeys(
    ("steps", "step_size", "estimator", "rollouts", "optimiser", "audit", "seed"), "a flow has none; give time and step"
)


@overload
def flow_map(game: "Playable", rules: Rule | None = None, **options: Unpack[FlowMapOptions]) -> BasinMap: ...
@overload
def flow_map(game: "Playable", rules: Sequence[Rule], **options: Unpack[FlowMapOptions]) -> ByRule[BasinMap]: ...
@verb(**TAKEN)
def flow_map(
    game: "Playable",
    rules: Rule | Sequence[Rule] | None = None,
    *,
    grid: int = 101,
    kind: str = "cells",
    low: float = 0.05,
    high: float = 0.95,
    time: float = 100.0,
    step: float | None = None,
    targets: Any = None,
    threshold: float = THRESHOLD,
    reducers: Any = (),
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    precision: str = "float64",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """Map where a flow leads, over a grid of starting probabilities of players with two actions.

    The flow is followed by Runge–Kutta steps of order five and constant size in one compiled program. Two maps with
    a step and half of it say how good the step is; `dynamics.flow` and `dynamics.replicator` follow single starts to a
    tolerance. What the default step costs in accuracy stands at the top of `dynamics.velocities`. In single precision
    labels can differ in cells which a separatrix nearly hits.

    Args:
        game: a game in which every player has two actions, or such a game with a semantics.
        rules: a rule, or a list of rules, without memory; by default the replicator flow.
        grid: cells per player; by default 101.
        kind: "cells" (default) for the centres of equal cells, "endpoints" for the grid of published maps.
        low: least starting probability of the first action; by default 0.05.
        high: largest starting probability; by default 0.95.
        time: how long every start is followed; by default 100.
        step: length of a step; by default 0.2 over the range of payoffs. It is shortened to fit into `time` evenly.
        targets: profiles to look for; by default those of `dynamics.choose_targets`.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        reducers: what to compute along the runs without storing them; by default none.
        projection: where parameters may be; by default `box(8.0)`, or what is usual for the semantics, and `box(30)`
            for the replicator flow.
        settling: when a run counts as settled; by default `Settling()`.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Returns:
        A `BasinMap` for one rule; for a list `ByRule`, a mapping from the names of the rules. Its `first_hit` counts
        steps: times the length of a step, `time / question["steps"]`, it is the time of entry, late by less than one
        step.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> found = flow_map(games.stag_hunt(), grid=21, low=0.0, high=1.0)
        >>> found.outcomes()
        {'CC': 119, 'DD': 322}

    Source: Tsitouras (2011) for the steps, Taylor (1979) for the replicator flow of several populations.
    """
    learners = parametric(game)
    time = finite_number(time, "time", low=0.0, low_open=True)
    usual = PER_RANGE / max(learners.game.payoff_range, 1e-300)
    step = min(usual if step is None else finite_number(step, "step", low=0.0, low_open=True), time)
    steps = math.ceil(time / step - 1e-9)

    def run(learned: Rule | None) -> BasinMap:
        rule = Replicator() if learned is None else check_rule(learned)
        where = _projection(learners, rule) if projection is None else projection
        return basin_map(
            learners, flow_steps(learners, rule, projection=where), grid=grid, kind=kind, low=low, high=high,
            steps=steps, step_size=time / steps, targets=targets, threshold=threshold, reducers=reducers,
            projection=where, settling=settling, precision=precision, chunk=chunk, progress=progress,
        )  # fmt: skip

    return usual_or_many(rules, run)


def _projection(learners: ParametricGame, rule: Rule) -> Box:
    """Where the parameters of a flow are kept unless something else is asked for."""
    # class: logits of the replicator flow are logarithms of shares, which go further than any box of logits
    if isinstance(rule, Replicator):
        return box(LOGITS)
    usual = default_projection(learners.semantics)
    if not is_box(usual):
        raise InputError(f"the parameters of {learners.name} are kept in {usual!r}; a flow needs a box")
    return usual
