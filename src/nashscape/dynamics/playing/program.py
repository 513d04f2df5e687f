"""The compiled programs of runs that learn from plays: updates in blocks, and looks at behaviour between them.

A run advances by itself, `lax.map` over runs on every device: the episodes that it plays side by side fill the vectors,
and its bits do not depend on which other runs there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jax.sharding import AxisType, PartitionSpec

from nashscape.dynamics.playing.measures import measured
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.pushes import Memory, first_memory, pushed
from nashscape.dynamics.setup import Setup
from nashscape.learning import Oracle, StepKey
from nashscape.learning.plays.collecting import begin, play
from nashscape.learning.plays.randomness import EVALUATING, key_of

NO_NUMBERS: Mapping[str, Any] = {}


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Learning:
    """What the next update of a run needs: parameters, and what rule, optimiser and estimator remember."""

    theta: Any
    rule: Any
    optimiser: Any
    estimator: Any


def started(setup: Setup, theta: jax.Array) -> Learning:
    """A run before its first update."""
    memory = first_memory(setup.rule, setup.optimiser, theta)
    return Learning(theta, memory.rule, memory.optimiser, setup.estimator.init(setup.game, theta))


def advanced(setup: Setup, state: Learning, key: StepKey) -> Learning:
    """One update of one run: `θ ← Π(θ + h_t · push)`."""
    step = key.step.astype(jnp.int32)
    size = jnp.asarray(setup.step_size(step), state.theta.dtype)
    wanted = setup.rule.needs
    terms, remembered = setup.estimator.answer(setup.game, state.theta, key, wanted, state.estimator)
    # handed over, since compilers do not see that the same rounds are played twice
    own = terms.only(wanted)
    oracle = Oracle(setup.game, setup.estimator, state.theta, key, size, wanted, state.estimator, own)
    _, push, memory = pushed(setup.rule, setup.optimiser, oracle, Memory(state.rule, state.optimiser), step)
    theta = setup.projection.project(state.theta + size * push)
    return Learning(theta, memory.rule, memory.optimiser, remembered)


def told(state: Learning) -> Mapping[str, jax.Array]:
    """What a rule tells of its last update, by name."""
    found: Mapping[str, jax.Array] = getattr(state.rule, "told", NO_NUMBERS)
    return found


def block(
    setup: Setup, seed: tuple[Any, Any], first: Any, count: Any, state: Learning, run: Any
) -> tuple[Learning, dict[str, jax.Array]]:
    """So many updates of one run from one on, and the means over them of what the rule tells."""

    def turn(k: jax.Array, carry: tuple[Learning, dict[str, jax.Array]]) -> tuple[Learning, dict[str, jax.Array]]:
        before, sums = carry
        after = advanced(setup, before, StepKey(*seed, run, (first + k).astype(jnp.uint32)))
        return after, {name: own + told(after)[name] for name, own in sums.items()}

    nothing = {name: jnp.zeros_like(own) for name, own in told(state).items()}
    state, sums = lax.fori_loop(0, count, turn, (state, nothing))
    return state, {name: own / count for name, own in sums.items()}


def looked(
    setup: Setup, seed: tuple[Any, Any], step: Any, theta: jax.Array, run: Any, *, episodes: int, greedy: bool
) -> dict[str, tuple[jax.Array, jax.Array]]:
    """Means and their standard errors of all measures over fresh episodes of one run."""
    key = key_of(StepKey(*seed, run, step.astype(jnp.uint32), int(greedy)), EVALUATING)
    opening, playing = jax.random.split(key)
    game: Any = setup.game.game
    fresh = begin(setup.game, opening, episodes)
    plays, _ = play(setup.game, theta, playing, fresh, game.horizon, greedy=greedy)

    def summed_up(values: jax.Array) -> tuple[jax.Array, jax.Array]:
        spread = jnp.std(values, axis=0, ddof=1) if episodes > 1 else jnp.full(values.shape[1:], jnp.nan)
        return jnp.mean(values, axis=0), spread / jnp.sqrt(episodes)

    return {name: summed_up(own) for name, own in measured(game, plays).items()}


@dataclass(frozen=True)
class Programs:
    """The programs of one shape: runs along the first axis of every array."""

    begin: Callable[..., Learning]
    block: Callable[..., tuple[Learning, dict[str, jax.Array]]]
    look: Callable[..., dict[str, tuple[jax.Array, jax.Array]]]
    greedy: Callable[..., dict[str, tuple[jax.Array, jax.Array]]]


def programs(how: Observing) -> Programs:
    """The programs of runs that are looked at in this way; compiled when they are called first, once per shape."""
    return Programs(
        begin=_begun, block=_advanced,
        look=partial(_seen, episodes=how.episodes, greedy=False),
        greedy=partial(_seen, episodes=how.greedy, greedy=True),
    )  # fmt: skip


@jax.jit
def _begun(setup: Setup, theta: jax.Array) -> Learning:
    # laid out as blocks lay out what they give, which would be compiled twice for two layouts
    made: Learning = _on_devices(lambda shared, own: jax.vmap(partial(started, shared))(own), setup, theta)
    return made


@jax.jit
def _advanced(setup: Setup, seed: Any, first: Any, count: Any, state: Learning, runs: Any) -> Any:
    def each(shared: Any, own: Any) -> Any:
        ready, words, begin_at, turns = shared
        return block(ready, words, begin_at, turns, *own)

    return _over_runs(each, (setup, seed, first, count), (state, runs))


@partial(jax.jit, static_argnames=("episodes", "greedy"))
def _seen(setup: Setup, seed: Any, step: Any, theta: jax.Array, runs: Any, *, episodes: int, greedy: bool) -> Any:
    def each(shared: Any, own: Any) -> Any:
        ready, words, at = shared
        return looked(ready, words, at, *own, episodes=episodes, greedy=greedy)

    return _over_runs(each, (setup, seed, step), (theta, runs))


def _over_runs(each: Callable[[Any, Any], Any], shared: Any, own: Any) -> Any:
    """Runs shared out between devices, and one after the other on each."""

    def here(shared: Any, own: Any) -> Any:
        return lax.map(partial(each, shared), own)

    return _on_devices(here, shared, own)


def _on_devices(here: Callable[[Any, Any], Any], shared: Any, own: Any) -> Any:
    """What is to be done with the runs of one device, done on all of them."""
    mesh = jax.make_mesh((len(jax.devices()),), ("runs",), axis_types=(AxisType.Auto,))
    split, whole = PartitionSpec("runs"), PartitionSpec()
    return jax.shard_map(here, mesh=mesh, in_specs=(whole, split), out_specs=split, check_vma=False)(shared, own)
