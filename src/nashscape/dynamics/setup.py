"""Everything that one update needs, and the update itself."""

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.dynamics.leaves import in_type
from nashscape.dynamics.pushes import Memory, first_memory, pushed, takes_no_optimiser
from nashscape.dynamics.reduction import Reducer, Seen, begun, check_reducers, taken_in
from nashscape.dynamics.targets import PointTarget, Region, Target, region
from nashscape.games import names_actions
from nashscape.games.offers import has_plays
from nashscape.games.pytrees import check_pytree
from nashscape.games.rounding import PRECISIONS
from nashscape.learning import (
    Box,
    Estimator,
    Oracle,
    Rule,
    StepKey,
    as_schedule,
    check_estimator,
    check_rule,
    default_projection,
    step_key,
)
from nashscape.learning.asking import EXACTLY, OF_PLAYERS, cannot_be_asked
from nashscape.learning.optimisers import Optimiser, as_optimiser
from nashscape.learning.schedules import usual_step_size
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.tracing.code_changes import is_of_strangers, notice

Tree = TypeVar("Tree")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Setup:
    """All that a run consists of, from the game to the reducers: a pytree whose numbers are arguments."""

    game: ParametricGame
    rule: Rule
    estimator: Estimator
    step_size: Any
    projection: Box
    target: Region
    reducers: tuple[Reducer, ...] = ()
    optimiser: Optimiser | None = None


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class State:
    """What the next update needs: parameters, the states of rule, optimiser and estimator, the first hit so far (−1:
    none), what the reducers carry; under updates with noise the last direction, not a number before the first, and the
    largest difference of an entry between one direction and the next, as far as an optimiser carries it."""

    theta: Any
    rule: Any
    first_hit: Any
    reduced: tuple[Any, ...] = ()
    last: Any = None
    largest: Any = None
    optimiser: Any = ()
    estimator: Any = ()


@public()
def make_setup(
    game: "Playable",
    rule: Rule,
    *,
    estimator: Estimator | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    target: Target | PointTarget | None = None,
    reducers: Any = (),
    optimiser: Any = None,
) -> Setup:
    """A checked setup; defaults are exact terms, the step size `0.9/(t+10)^0.24`, or 1 under an optimiser, and the
    projection that fits the semantics: the box [−8, 8] for logits."""
    notice(estimator, step_size, projection, target, reducers, optimiser)
    learners = parametric(game)
    optimiser = as_optimiser(optimiser, step_size=step_size)
    usual = usual_step_size() if optimiser is None else 1.0
    step_size = as_schedule(usual if step_size is None else step_size, "step_size")
    finite_number(float(jnp.asarray(step_size(0))), "step_size at step 0", low=0.0, low_open=True)
    if projection is not None and not hasattr(projection, "project"):
        raise InputError(f"expected a projection such as box(8.0) or unbounded(); got {projection!r}")
    check_pytree(check_rule(rule), "rule")
    check_pytree(check_estimator(estimator), "estimator")
    ready, estimator = check_rule(rule).for_game(learners), check_estimator(estimator).for_game(learners)
    _check_needs(ready, estimator, learners)
    if optimiser is not None and takes_no_optimiser(ready):
        raise InputError(f"{takes_no_optimiser(ready)}: no optimiser can stand between; leave it out")
    made = Setup(
        game=learners,
        rule=ready,
        estimator=estimator,
        step_size=step_size,
        projection=default_projection(learners.semantics) if projection is None else projection,
        target=Region((), ()) if has_plays(learners.game) else region(learners.game.strategy_shapes, target),
        reducers=check_reducers(reducers, learners),
        optimiser=optimiser,
    )
    _try_out(made)
    return made


def _try_out(setup: Setup) -> None:
    """Trace one update where somebody else's code has a part in it, so that what goes wrong is said in words.

    Raises:
        InputError: for what cannot be traced, and memories that do not keep their form.
    """
    parts = {
        "game": setup.game.game, "semantics": setup.game.semantics, "rule": setup.rule, "estimator": setup.estimator,
        "step_size": setup.step_size,
    }  # fmt: skip
    names = [name for name, part in parts.items() if is_of_strangers(part)]
    if not names or has_plays(setup.game.game):
        return
    theta = jax.ShapeDtypeStruct((setup.game.dimension,), "float64")
    ready = in_precision(setup, "float64")
    try:
        with jax.enable_x64(True):
            before = jax.eval_shape(lambda own: initial_state(ready, own), theta)
            after = jax.eval_shape(lambda own: advance(ready, initial_state(ready, own), step_key(0)), theta)
    except InputError:
        raise
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "")
        raise InputError(
            f"one update cannot be compiled, {type(error).__name__}: {said} There is code of yours in "
            f"{', '.join(names)}: nashscape.testing has a check for each, which says where; what is computed is "
            "traced by JAX, with jnp.where in place of if"
        ) from error
    kinds = [[(leaf.shape, leaf.dtype) for leaf in jax.tree.leaves(own)] for own in (before, after)]
    forms: list[Any] = [jax.tree.structure(own) for own in (before, after)]
    if forms[0] != forms[1] or kinds[0] != kinds[1]:
        raise InputError(
            f"what is remembered from one update to the next does not keep its shapes and types: {kinds[0]} before, "
            f"{kinds[1]} after; make what init gives like what update gives, in {', '.join(names)}"
        )


def _check_needs(rule: Rule, estimator: Estimator, game: ParametricGame) -> None:
    """Refuse a rule that needs what the players do not answer or the estimator does not give."""
    for name, reason in cannot_be_asked(rule.needs, game).items():
        raise InputError(f"rule {rule.name} needs {name}, which {game.name} does not have: {reason}")
    missing = rule.needs - estimator.gives - OF_PLAYERS
    if missing & EXACTLY:
        raise InputError(f"rule {rule.name} takes exact payoffs, not estimates; run it without sampling, exact()")
    if missing:
        raise InputError(
            f"rule {rule.name} needs {', '.join(sorted(missing))}, and {type(estimator).__name__} gives "
            f"{', '.join(sorted(estimator.gives))}: "
            + ("fresh=True gives them" if not getattr(estimator, "fresh", True) else "use another estimator")
            + ", or a rule that needs less, such as pg()"
        )


def in_precision(setup: Tree, precision: str) -> Tree:
    """A setup, or another pytree, with every number as an array: fractions of the wanted precision, see `leaves`."""
    dtype = np.dtype(choice(precision, "precision", PRECISIONS))
    made: Tree = jax.tree.map(lambda leaf: in_type(leaf, dtype), setup)
    return made


@public()
def configuration(setup: Setup) -> dict[str, Any]:
    """What is run, as the parts of a question; with the names of actions, which not every description of a game has."""
    game: Any = setup.game.game
    return {
        "game": game,
        **({"actions": game.actions} if names_actions(game) else {}),
        "semantics": setup.game.semantics,
        "rule": setup.rule,
        "estimator": setup.estimator,
        "step_size": setup.step_size,
        "projection": setup.projection,
        # only where there are some: a question without them stays the same question
        **({"reducers": setup.reducers} if setup.reducers else {}),
        **({"optimiser": setup.optimiser} if setup.optimiser is not None else {}),
    }


def sources_of(case: Any) -> tuple[Source, ...]:
    """The publications of the methods that a setup, or a case, is made of: of rule, semantics and estimator."""
    parts = (case.rule, case.game.semantics, case.estimator)
    return tuple(dict.fromkeys(source for part in parts for source in getattr(part, "sources", ())))


@public()
def check_steps(steps: Any) -> int:
    """The number of steps, at least one."""
    return positive_integer(steps, "steps")


def check_step_sizes(setup: Setup, steps: int) -> None:
    """Refuse step sizes that are negative or not finite; looks at 64 steps from the first to the last."""
    for step, size in zip(*(own.tolist() for own in some_step_sizes(setup, steps)), strict=True):
        finite_number(size, f"step_size at step {step}", low=0.0)


def some_step_sizes(setup: Setup, steps: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
    """64 steps from the first to the last, some of them several times, and their step sizes."""
    some = np.geomspace(1, steps, 64).astype(np.int32) - 1
    sizes = jax.vmap(lambda step: jnp.asarray(setup.step_size(step)), axis_size=len(some))(jnp.asarray(some))
    return some, np.asarray(sizes)


def initial_state(setup: Setup, theta: jax.Array) -> State:
    """The state before the first update."""
    reduced = begun(setup.reducers, Seen(setup.game, theta, jnp.int32(0)))
    memory = first_memory(setup.rule, setup.optimiser, theta)
    remembered = setup.estimator.init(setup.game, theta)
    state = State(
        theta, memory.rule, jnp.full((), -1, jnp.int32), reduced, optimiser=memory.optimiser, estimator=remembered
    )
    if setup.estimator.exact:
        return state
    return dataclasses.replace(state, last=jnp.full_like(theta, jnp.nan), largest=jnp.zeros((), theta.dtype))


def advance(setup: Setup, state: State, key: StepKey) -> State:
    """One update of one start: `θ ← Π(θ + h_t · push)`, noting the first step at which the target held.

    The push is the direction of the rule, or what an optimiser makes of it.

    Reducers take in the profile before the update; that after the last is left to whoever ends the run.
    """
    step = key.step.astype(jnp.int32)
    reduced = taken_in(setup.reducers, state.reduced, Seen(setup.game, state.theta, step))
    inside = setup.target.contains(setup.game.strategies(state.theta))
    first_hit = jnp.where(inside & (state.first_hit < 0), step, state.first_hit)
    size = jnp.asarray(setup.step_size(step), state.theta.dtype)
    oracle = Oracle(setup.game, setup.estimator, state.theta, key, size, setup.rule.needs, state.estimator)
    direction, push, memory = pushed(setup.rule, setup.optimiser, oracle, Memory(state.rule, state.optimiser), step)
    theta = setup.projection.project(state.theta + size * push)
    remembered = _moved_on(setup, state, key)
    after = State(theta, memory.rule, first_hit, reduced, optimiser=memory.optimiser, estimator=remembered)
    if state.largest is None:
        return after
    jump = jnp.max(jnp.abs(direction - state.last))
    if setup.optimiser is not None:
        jump = jump * setup.optimiser.gain
    return dataclasses.replace(after, last=direction, largest=jnp.where(jump > state.largest, jump, state.largest))


def _moved_on(setup: Setup, state: State, key: StepKey) -> Any:
    """What the estimator remembers after a step: that which the first question at the players' parameters leaves.

    The compiler sees that a rule has asked the same, and computes it once.
    """
    if not jax.tree.leaves(state.estimator):
        return state.estimator
    return setup.estimator.answer(setup.game, state.theta, key, setup.rule.needs, state.estimator)[1]
