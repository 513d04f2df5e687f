"""Rounds of many episodes side by side under policies, and what other weights make of rounds that were played."""

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, positive_integer
from nashscape.environments.spaces import Space, is_discrete
from nashscape.games.offers import has_plays, needs
from nashscape.learning.plays.records import Plays
from nashscape.semantics import ParametricGame
from nashscape.semantics.acting import Acting, acts

Arrays = tuple[jax.Array, ...]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Playing:
    """B episodes in the middle of being played: all that the next round needs.

    Attributes:
        state: of the environment, `[B, …]`.
        observations: what every player sees now, `[B, …]` each.
        begins: whether an episode begins with this observation, `[B]`.
        memory: what every player remembers, `[B, …]`; fresh where an episode begins.
    """

    state: Any
    observations: Arrays
    begins: jax.Array
    memory: tuple[Any, ...]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Evaluated:
    """What weights make of rounds that were played, maybe under others. A tuple has an entry for every player.

    Attributes:
        log_probs: of what was drawn, `[T, B]`.
        entropies: of what could have been, in nats, `[T, B]`.
        numbers: of the heads, `[T, B, size]`.
    """

    log_probs: Arrays
    entropies: Arrays
    numbers: Arrays


def begin(learners: ParametricGame, key: jax.Array, batch: int) -> Playing:
    """B episodes before their first round. Episode b is the same whatever others there are.

    Args:
        learners: an environment and policies.
        key: which random numbers.
        batch: B.

    Raises:
        InputError: for what is not played round by round, and fewer episodes than one.
    """
    environment, policies = _parts(learners)
    batch = positive_integer(batch, "batch")
    state, observations = jax.vmap(environment.reset)(jax.random.split(key, batch))
    memory = jax.tree.map(lambda own: jnp.broadcast_to(own, (batch, *jnp.shape(own))), policies.memory())
    return Playing(state, observations, jnp.ones(batch, bool), memory)


def play(
    learners: ParametricGame, theta: jax.Array, key: jax.Array, playing: Playing, rounds: int, greedy: bool = False
) -> tuple[Plays, Playing]:
    """The next T rounds of B episodes. Where one ends, another begins at once, and what was remembered is forgotten.

    Args:
        learners: an environment and policies.
        theta: the flat profile of weights, `[d]`.
        key: which random numbers: round t of episode b has its own, whatever else is played.
        playing: where the episodes are.
        rounds: T.
        greedy: whether players take the likeliest action in place of drawing one.

    Returns:
        What is remembered of the rounds, and where the episodes are after them.
    """
    environment, policies = _parts(learners)
    spaces: tuple[Space, ...] = environment.action_spaces
    start = replace(playing, memory=in_precision(playing.memory, theta))
    batch = start.begins.shape[0]

    def advance(now: Playing, t: jax.Array) -> tuple[Playing, tuple[Any, ...]]:
        keys = jax.random.split(jax.random.fold_in(key, t), (batch, len(spaces) + 2))
        legal = jax.vmap(environment.legal)(now.state)
        numbers, memory = _outputs(policies, theta, now.observations, now.memory)
        drawn, logs = _acted(policies, keys[:, 2:], numbers, legal, greedy)
        played = tuple(map(_played, policies.heads, drawn, spaces))
        step = jax.vmap(environment.step)(keys[:, 0], now.state, played)
        ended = step.terminated | step.truncated
        state, seen = jax.vmap(environment.reset)(keys[:, 1])
        after = Playing(
            state=_where(ended, state, step.state), observations=_where(ended, seen, step.observations),
            begins=ended, memory=_forgotten(policies, ended, memory),
        )  # fmt: skip
        later = jax.vmap(environment.legal)(step.state)
        return after, (now.observations, drawn, logs, legal, later, now.begins, step)

    end, (seen, drawn, logs, legal, later, begins, step) = lax.scan(advance, start, jnp.arange(rounds))
    plays = Plays(
        observations=seen, actions=drawn, log_probs=logs, legal=legal, begins=begins, rewards=step.rewards,
        terminated=step.terminated, truncated=step.truncated, after=step.observations, memory=start.memory,
        measures=step.measures, legal_after=later,
    )  # fmt: skip
    return plays, end


def evaluate(learners: ParametricGame, theta: jax.Array, plays: Plays) -> Evaluated:
    """What these weights make of rounds that were played: of the same actions, after the same observations.

    Memory is what it was before the first of the rounds, goes on under the new weights, and is fresh where an episode
    begins, with `plays.begins`: never where one has just ended. Under the weights that played log-probabilities are
    those that were stored, so that their ratio is one.

    Args:
        learners: an environment and policies.
        theta: the flat profile of weights, `[d]`.
        plays: the rounds.
    """
    return evaluate_policies(_parts(learners)[1], theta, plays)


def evaluate_policies(policies: Acting, theta: jax.Array, plays: Plays) -> Evaluated:
    """`evaluate`, for whoever has the policies alone, as a rule has them from its oracle."""
    before = in_precision(plays.memory, theta)
    if jax.tree.leaves(before):
        numbers = _recalled(policies, theta, plays, before)
    else:
        numbers = _in_rounds(lambda seen: _outputs(policies, theta, seen, before)[0])(plays.observations)
    logs, entropies = [], []
    for head, own, action, legal in zip(policies.heads, numbers, plays.actions, plays.legal, strict=True):
        logs.append(jax.vmap(jax.vmap(head.log_prob))(own, action, legal))
        entropies.append(jax.vmap(jax.vmap(head.entropy))(own, legal))
    return Evaluated(tuple(logs), tuple(entropies), numbers)


def _parts(learners: ParametricGame) -> tuple[Any, Acting]:
    """The environment and the policies."""
    environment, policies = learners.game, learners.semantics
    if not has_plays(environment):
        needs(environment, "plays", to="play round by round")
    if not acts(policies):
        raise InputError(f"{environment.name} is played by policies that act on what they see; got {policies!r}")
    return environment, policies


def _outputs(policies: Acting, theta: jax.Array, seen: Arrays, memory: Any) -> tuple[Arrays, Any]:
    """Numbers of every head, `[B, size]`, and memory, of B episodes at once."""
    return jax.vmap(policies.outputs, in_axes=(None, 0, 0))(theta, seen, memory)


def _acted(policies: Acting, keys: jax.Array, numbers: Arrays, legal: Any, greedy: bool) -> tuple[Arrays, Arrays]:
    """Every player's actions, `[B, …]`, and their log-probabilities, `[B]`."""
    drawn, logs = [], []
    for i, (head, own, mask) in enumerate(zip(policies.heads, numbers, legal, strict=True)):
        action = jax.vmap(head.mode)(own, mask) if greedy else jax.vmap(head.sample)(keys[:, i], own, mask)
        drawn.append(action)
        logs.append(jax.vmap(head.log_prob)(own, action, mask))
    return tuple(drawn), tuple(logs)


def _played(head: Any, action: jax.Array, space: Space) -> jax.Array:
    """What goes into the environment: of points within their bounds, of the shape of the space."""
    made = jax.vmap(head.played)(action)
    return made if is_discrete(space) else made.reshape(-1, *space.shape)


def _recalled(policies: Acting, theta: jax.Array, plays: Plays, before: Any) -> Arrays:
    """Numbers of every head, `[T, B, size]`, of players who remember."""

    def advance(memory: Any, now: tuple[Arrays, jax.Array]) -> tuple[Any, Arrays]:
        seen, begins = now
        numbers, memory = _outputs(policies, theta, seen, _forgotten(policies, begins, memory))
        return memory, numbers

    return lax.scan(advance, before, (plays.observations, plays.begins))[1]


def _in_rounds(function: Any) -> Any:
    """A function of `[B, …]` for `[T, B, …]`, in one go: all rounds as so many episodes more."""

    def made(seen: Arrays) -> Arrays:
        rounds = seen[0].shape[:2]
        flat = function(tuple(own.reshape(-1, *own.shape[2:]) for own in seen))
        return tuple(own.reshape(*rounds, *own.shape[1:]) for own in flat)

    return made


def _forgotten(policies: Acting, begins: jax.Array, memory: Any) -> Any:
    """Memory `[B, …]`, fresh where an episode begins."""
    return jax.tree.map(
        lambda fresh, own: _chosen(begins, jnp.asarray(fresh, own.dtype), own), policies.memory(), memory
    )


def _where(condition: jax.Array, yes: Any, no: Any) -> Any:
    return jax.tree.map(lambda one, other: _chosen(condition, one, other), yes, no)


def _chosen(condition: jax.Array, yes: jax.Array, no: jax.Array) -> jax.Array:
    return jnp.where(condition.reshape(-1, *[1] * (no.ndim - 1)), yes, no)


def in_precision(memory: Any, theta: jax.Array) -> Any:
    """What is remembered in the precision of the weights, so that it stays of one type."""
    return jax.tree.map(lambda own: own.astype(theta.dtype) if jnp.issubdtype(own.dtype, jnp.floating) else own, memory)
