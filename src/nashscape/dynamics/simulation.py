"""Single trajectories, step by step, with what drove them."""

import functools
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status, is_complete, label_names, record
from nashscape.core.calls import verb
from nashscape.core.interrupts import all_or_nothing, beside
from nashscape.core.sizes import check_size
from nashscape.dynamics.case import case_of
from nashscape.dynamics.endings.bounded_gains import bounded
from nashscape.dynamics.endings.coasting import at_once, coasted
from nashscape.dynamics.endings.recurrences import recurrence_of_path
from nashscape.dynamics.endings.settling import Endings, Settling, status_of
from nashscape.dynamics.labelled_runs import label_endings
from nashscape.dynamics.noise_probes import noise_of
from nashscape.dynamics.played import words_of
from nashscape.dynamics.room import COPIES
from nashscape.dynamics.rounding import Ready, rounded_setup
from nashscape.dynamics.scales import scale_notes, schedule_note
from nashscape.dynamics.setup import (
    Setup,
    State,
    advance,
    check_step_sizes,
    initial_state,
    sources_of,
)
from nashscape.dynamics.starts import is_starts, strategies_to_parameters
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import watched_targets
from nashscape.learning import Box, Estimator, Oracle, Rule, StepKey, check_rule, seed_words
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run(Result):
    """One trajectory of T updates.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        theta: parameters before every update and after the last, `[T + 1, d]`.
        strategies: mixed strategies, one array `[T + 1, a_i]` per player; policies `[T + 1, S, a_i]` in a game over
            S states, points `[T + 1, d_i]` in a continuous game.
        players: their names.
        choices: the name of every number of a player's strategy, in row-major order.
        unit: what these numbers are, "probability" or "coordinate".
        payoffs: expected payoffs in payoff units, `[T + 1, n]`.
        terms: for every term of the rule, the length of what it adds to the direction, `[T]`.
        outcome: how the run ended: the name of a target, or of an `Outcome`.
        first_hit: updates made when the first target first held; None where it never did.
        status: how complete the result is.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "run"
    picture: ClassVar[str] = "nashscape.figures.trajectories:run_figure"
    as_table: ClassVar[str] = "nashscape.dynamics.path_tables:run_table"

    game: str
    rule: str
    theta: Floats
    strategies: tuple[Floats, ...]
    players: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    unit: str
    payoffs: Floats
    terms: Mapping[str, Floats]
    outcome: str
    first_hit: int | None
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Rule, game, length and outcome, as one line."""
        last = ", ".join(f"{own[-1].ravel()[0]:.3f}" for own in self.strategies)
        return (
            f"<Run {self.rule} on {self.game}: {len(self.theta) - 1} steps to {self.outcome}, first entries {last}"
            f"{self.provenance.remark}>"
        )


@verb()
def simulate(
    game: "Playable",
    rule: Rule,
    start: Any,
    *,
    steps: int = 140,
    targets: Any = None,
    threshold: float = THRESHOLD,
    estimator: Estimator | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    settling: Settling | None = None,
    seed: int = 0,
    precision: str = "float64",
    optimiser: Any = None,
) -> Run:
    """Follow one start step by step.

    Args:
        game: a game, or a game with a semantics.
        rule: how the players learn.
        start: one strategy per player (for two actions the probability of the first), or starts such as
            `starts.parameters([theta])` or `starts.normal(std=1.0)`, of which the first is taken.
        steps: number of updates; by default 140.
        targets: profiles to look for, such as `["CC", "DD"]`; by default those of `choose_targets`, as for maps, and
            `[]` for none.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        estimator: `exact()` (default) or `sampled(batch)`.
        step_size: outer step size, a number or a schedule; by default `0.9/(t+10)^0.24`.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when the run counts as settled.
        seed: of the sampled estimator; by default 0.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> run = simulate(games.stag_hunt(), meta_mapg(), start=[0.6, 0.55], targets=["CC", "DD"])
        >>> run.outcome, run.payoffs.shape
        ('CC', (141, 2))
    """
    learners = parametric(game)
    case = case_of(
        learners, check_rule(rule), targets=watched_targets(learners, targets, threshold), threshold=threshold,
        steps=steps, estimator=estimator, step_size=step_size, optimiser=optimiser, projection=projection,
        settling=settling,
    )  # fmt: skip
    setup, goals, steps, settling = case.setup, case.goals, case.steps, case.settling
    check_step_sizes(setup, steps)
    _check_room(learners, steps)
    theta = _start(learners, start, seed)
    ready = rounded_setup(setup, precision)
    precision = ready.precision
    began = time.perf_counter()

    def followed() -> tuple[dict[str, Any], Endings]:
        with jax.enable_x64(precision == "float64"):
            return _trajectory(ready.setup, jnp.asarray(theta, precision), steps, settling, seed)

    def labels(endings: Endings) -> Any:
        noise = noise_of(setup, steps, like=1, seed=seed, precision=precision) if settling.follow else 0.0
        made = label_endings(setup, endings, goals, settling, steps, noise=noise)
        return bounded(made.codes, made.places, learners.game, settling.regret)

    with all_or_nothing():
        path, endings = beside(followed)
        codes, notes = beside(lambda: labels(endings))
    path["payoffs"] = _with_constants(path["payoffs"], ready)
    return Run(
        game=learners.name,
        rule=rule.name,
        **words_of(learners.game),
        outcome=label_names([goal.name for goal in goals])[int(codes[0])],
        first_hit=None if endings.first_hit[0] < 0 else int(endings.first_hit[0]),
        status=status_of(codes),
        provenance=record(
            "run",
            {**case.parts, "start": theta},
            seed=seed,
            precision=precision,
            sources=sources_of(setup),
            run_seconds=time.perf_counter() - began,
            trajectory_steps=steps,
            form="arrays",
            notes=(*ready.notes, *scale_notes(setup, steps), *_open_note(setup, steps, codes), *notes),
        ),
        **path,
    )


def _check_room(learners: ParametricGame, steps: int) -> None:
    each = 8 * COPIES * (learners.dimension + 2 * sum(map(math.prod, learners.game.strategy_shapes)) + 8)
    check_size("updates of a path", steps, each, lambda most: f"steps = {most:,} fit; entry_probability keeps no paths")


def _open_note(setup: Setup, steps: int, codes: Any) -> tuple[str, ...]:
    note = "" if is_complete(codes).all() else schedule_note(setup.step_size, steps)
    return (note,) if note else ()


def _with_constants(payoffs: Any, ready: Ready) -> Any:
    """Payoffs along a path with the constants that were removed before rounding."""
    return payoffs + ready.removed if ready.removed.any() else payoffs


def _start(learners: ParametricGame, start: Any, seed: int) -> Floats:
    if is_starts(start):
        return start.parameters(learners, np.zeros(1, dtype=np.int64), seed)[0]
    return strategies_to_parameters(learners, start)


def _trajectory(
    setup: Setup, theta: jax.Array, steps: int, settling: Settling, seed: int
) -> tuple[dict[str, Any], Endings]:
    result = _follow(setup, theta, seed_words(seed), steps)
    path, strategies, payoffs, sizes, clock, state, carried = jax.tree.map(np.asarray, result)
    last = [own[-1] for own in strategies]
    hit = bool(setup.target.contains([jnp.asarray(own) for own in last])) and state.first_hit < 0
    endings = Endings(
        theta=path[-1:],
        strategies=tuple(own[None] for own in last),
        regret=np.asarray(jnp.max(setup.game.game.regrets(last)))[None],
        first_hit=np.asarray(steps if hit else state.first_hit)[None],
        largest=np.asarray(0.0 if state.largest is None else state.largest)[None],
        recurrence=recurrence_of_path(strategies, clock, settling.close),
        coasted=None if carried is None else at_once(carried),
    )
    return {"theta": path, "strategies": tuple(strategies), "payoffs": payoffs, "terms": sizes}, endings


@functools.partial(jax.jit, static_argnames=("steps",))
def _follow(setup: Setup, theta: jax.Array, seed: tuple[Any, Any], steps: int) -> Any:
    """The whole path, compiled once for each structure of the setup and number of steps."""

    def turn(state: State, step: jax.Array) -> Any:
        key = StepKey(*seed, jnp.uint32(0), step.astype(jnp.uint32))
        oracle = Oracle(
            setup.game, setup.estimator, state.theta, key, setup.step_size(step), setup.rule.needs, state.estimator
        )
        parts = setup.rule.contributions(oracle, state.rule, step)
        after = advance(setup, state, key)
        lengths = {name: jnp.linalg.norm(part) for name, part in parts.items()}
        return after, (after.theta, lengths, jnp.asarray(setup.step_size(step), theta.dtype))

    state, (thetas, sizes, taken) = jax.lax.scan(turn, initial_state(setup, theta), jnp.arange(steps, dtype=jnp.int32))
    path, clock = (
        jnp.concatenate([theta[None], thetas]),
        jnp.concatenate([jnp.zeros(1, theta.dtype), jnp.cumsum(taken)]),
    )
    strategies, payoffs = jax.vmap(setup.game.strategies)(path), jax.vmap(setup.game.utilities)(path)
    carried = None if setup.optimiser is None else coasted(setup, jnp.int32(steps), state)
    return path, strategies, payoffs, sizes, clock, state, carried
