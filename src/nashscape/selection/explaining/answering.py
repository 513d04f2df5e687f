"""Explaining a run: terms along its path, its distance from the border of the basin, what would change its outcome."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bracket, citations
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.options.rows import PROTOCOL
from nashscape.dynamics import Run, Target, make_setup, simulate
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.starts import is_starts
from nashscape.dynamics.targets import THRESHOLD, has_actions
from nashscape.games import names_actions
from nashscape.learning import Box, Rule, Schedule, check_rule
from nashscape.learning.dial import Dial
from nashscape.selection.edges.bisection import goals_for
from nashscape.selection.edges.crossings import along
from nashscape.selection.edges.projections import projected_along
from nashscape.selection.explaining.explanation_results import Change, Explanation
from nashscape.selection.explaining.outcome_changes import Asked, dials_to_change
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]
NEAR = 1e-3
"""Lines end so far from pure profiles, where parameters are infinite."""


@verb(
    estimator="only noise-free runs are explained; leave it out, or see entry_probability",
    optimiser="terms push before an optimiser, which mixes them; leave it out, or see simulate",
)
def explain(
    game: "Playable",
    rule: Rule,
    start: Any,
    target: Any = None,
    *,
    towards: Sequence[Any] | None = None,
    changes: Any = None,
    highest: float = 10.0,
    threshold: float = THRESHOLD,
    steps: int = 400,
    step_size: float | Schedule | None = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
) -> Explanation:
    """Why the noise-free run from one start ends where it ends.

    * What every term pushed along the path: `h_t ⟨c_t, d_t⟩/|d_t|` with `d = ∇_θ Σ_i log σ_i[a*_i]`, until the run was
      first where it ended.
    * The margin: how far along a straight line of strategies the first start lies that was seen to end otherwise; to
      the target if it is missed, and away from it, to another target or to the middle, if it is reached.
    * What would change the outcome: the nearest value, of one number at a time, that was seen to do so.

    Args:
        game: a finite game, or such a game with a semantics.
        rule: how the players learn.
        start: one strategy per player (for two actions the probability of the first).
        target: the profile in question; by default the first of `choose_targets`.
        towards: the other end of the line for the margin, one strategy per player.
        changes: a number to change, or several: names that `steer` knows, paths of numbers, or `Dial`s, each within its
            own range; by default the peer coefficient, those that the rule has, and coupling where players of a
            one-shot game share their actions.
        highest: the largest coefficient of a rule that is tried; by default 10.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        steps: updates of every run; by default 400.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.

    Raises:
        InputError: for input that does not fit, and games with continuous actions.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> found = explain(games.stag_hunt(), meta_mapg(), [0.5, 0.5], "CC", changes=["peer"])
        >>> found
        <Explanation meta_mapg on stag_hunt: DD, mostly base, margin 0.0339...; complete>
        >>> print(found.text.splitlines()[-1])
        Peer 1.9... in place of 1.5 would make it reach CC.
    """
    options = given(locals(), PROTOCOL)
    learners, rule = parametric(game), check_rule(rule)
    goals = goals_for(learners, target, threshold)
    goal = goals[0]
    if not has_actions(goal) or not names_actions(learners.game):
        raise InputError(f"the direction to a target needs actions; {learners.name} is played with continuous ones")
    if is_starts(start):
        raise InputError("an explanation is of one start; give one strategy per player, such as [0.4, 0.7]")
    dials = dials_to_change(learners, rule, changes)
    with all_or_nothing():
        run = simulate(learners, rule, start, targets=list(goals), steps=steps, **options)
        reached = run.outcome == goal.name
        decided = _decided(run, goals)
        pushes, sizes = _pushed(learners, rule, run, goal, decided, options.get("step_size"))
        first = tuple(own[0] for own in run.strategies)
        end = _far_end(learners, goals, reached) if towards is None else towards
        line = along(learners, rule, first, end, [goal], threshold=threshold, steps=steps, **options)
        ask = Asked(learners, rule, first, goal, threshold, reached, highest, {**options, "steps": steps})
        changed = tuple(ask.change(one) for one in dials)
    return Explanation(
        game=learners.name,
        rule=rule.name,
        target=goal.name,
        start=first,
        outcome=run.outcome,
        reached=reached,
        first_hit=run.first_hit,
        decided=decided,
        pushes=pushes,
        sizes=sizes,
        towards=line.end,
        scanned=len(line.scanned),
        margin=_margin(line),
        changes=changed,
        status=run.status,
        provenance=replace(
            run.provenance.together(line.provenance).asking("explanation", towards=line.end, **_tried(dials, changed)),
            notes=run.notes,
            sources=(citations.OPEN_SOURCE, citations.BASIN_ENTRY, *rule.sources),
        ),
    )


def _tried(dials: Sequence[Dial], changed: Sequence[Change]) -> dict[str, Any]:
    """What was changed, for the question: dials say what they do at a value, not where they are turned, nor whence."""
    return {
        "changes": dials,
        "searched": [one.searched for one in changed],
        "present": [one.present for one in changed],
    }


def _decided(run: Run, goals: Sequence[Any]) -> int:
    """Updates made when the run first was in the target in which it ended; all of them if it ended in none."""
    final = next((goal for goal in goals if goal.name == run.outcome), None)
    steps = len(run.theta) - 1
    if final is None:
        return steps
    shapes = [own.shape[1:] for own in run.strategies]
    inside = final.region(shapes).contains_each(run.strategies)
    return max(1, int(inside.argmax()))


def _pushed(
    learners: ParametricGame, rule: Rule, run: Run, goal: Target, decided: int, step_size: Any
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """What terms pushed towards the target at every step until it was decided, and how far they moved at all."""
    setup = make_setup(learners, rule, step_size=step_size)
    with jax.enable_x64(True):
        ready = rounded_setup(setup, "float64").setup
        step = jnp.arange(decided, dtype=jnp.int32)
        heights = np.asarray(jax.vmap(lambda k: jnp.asarray(ready.step_size(k), "float64"))(step))
        made = projected_along(ready, jnp.asarray(run.theta[:decided]), goal.places)
    pushes = {name: heights * np.asarray(own, np.float64) for name, own in made.items()}
    return pushes, {name: heights * np.asarray(own, np.float64)[:decided] for name, own in run.terms.items()}


def _far_end(learners: ParametricGame, goals: Sequence[Any], reached: bool) -> list[Floats]:
    """The target if it is missed; else the other target in which most players act differently, or the middle."""
    shapes = learners.game.strategy_shapes
    middle = [np.full(shape, 1.0 / shape[-1]) for shape in shapes]
    goal = goals[0]
    if reached:
        goal = max(goals[1:], key=lambda other: _apart(other.profile, goals[0].profile), default=None)
    if goal is None:
        return middle
    return [(1.0 - NEAR) * own + NEAR * mean for own, mean in zip(goal.pure(shapes), middle, strict=True)]


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    """How many players act differently."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _margin(line: Any) -> Estimate | None:
    """The first switch along the line, in units of the probability that changes most."""
    if not line.crossings:
        return None
    first = line.crossings[0]
    most = max(float(np.abs(b - a).max()) for a, b in zip(line.start, line.end, strict=True))
    return bracket(most * first.low, most * first.value, most * first.high, "bisection along a line")
