"""Best replies, round after round: at once, in turn, or in any order with delays and disturbances."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games import GameLike
from nashscape.games.constraint_sets import ProductSet
from nashscape.theory.continuous.replies import quadratic_reply
from nashscape.theory.continuous.slopes import (
    joint,
    looked_at,
    nearest,
    points_game,
    quadratic_players,
    sets_of,
    split,
)

Floats = npt.NDArray[np.float64]

ORDERS = ("simultaneous", "sequential", "asynchronous")


@dataclass(frozen=True, eq=False)
class ReplyPath:
    """Points round after round. Made by `reply_path`.

    Attributes:
        points: `[rounds + 1, D]`, the start first.
        moves: how far the players moved in each round, in the largest coordinate, `[rounds]`.
        order: of replies.
    """

    points: Floats
    moves: Floats
    order: str

    def settled(self, tolerance: float = 1e-9) -> int | None:
        """The number of rounds after which nobody moved by more than a tolerance any more; None where none is.

        In any order a round in which nobody moves may be one in which nobody was asked: the last tenth has to be still.
        """
        still = np.flatnonzero(self.moves > tolerance)
        last = int(still[-1]) + 1 if len(still) else 0
        return last if last <= 0.9 * len(self.moves) else None


@public()
def reply_path(
    game: "GameLike",
    start: Any,
    *,
    order: str = "simultaneous",
    rounds: int = 200,
    asked: float = 0.5,
    delay: int = 0,
    disturbance: float = 0.0,
    seed: int = 0,
) -> ReplyPath:
    """Players who choose points reply to what the others did, round after round.

    Args:
        game: over points, with best responses that it knows, or with payoffs that are quadratic and concave in the own
            point: then replies are those of `quadratic_program`.
        start: a point for each player.
        order: "simultaneous"; "sequential", each replies to what those before it have just done; or "asynchronous",
            each replies with a probability, to what each of the others did some rounds before.
        rounds: how many.
        asked: that probability, for "asynchronous".
        delay: the most rounds before, for "asynchronous".
        disturbance: the largest error of a reply, in each coordinate; the result is brought back into the set.
        seed: of who is asked, of delays and of errors.

    Raises:
        InputError: for other games, where a reply does not exist, and for an unknown order.

    Example:
        >>> from nashscape import games
        >>> path = reply_path(games.power_control([[[1, 2], [0.3, 0.2]], [[0.1, 0.2], [1, 1]]]), [[1, 0], [0, 1]])
        >>> path.settled() < 30
        True

    Source: Bertsekas, Tsitsiklis, Parallel and distributed computation (1989), for the three orders.
    """
    played = points_game(game, to="follow best replies")
    if played.best_responses is None and len(quadratic_players(played)) < len(played.sizes):
        raise InputError(
            f"{played.name} does not say what best responses are, and its payoffs are not shown to be quadratic in the "
            "own point; give games.differentiable best_responses="
        )
    order = choice(order, "order", ORDERS)
    steps, late = positive_integer(rounds, "rounds"), positive_integer(delay, "delay", at_least=0)
    share = finite_number(asked, "asked", low=0.0, high=1.0, low_open=True)
    noise = finite_number(disturbance, "disturbance", low=0.0)
    random, n, first = np.random.default_rng(seed), len(played.sizes), joint(played, start)
    turns = random.random((steps, n)) < share if order == "asynchronous" else np.ones((steps, n), bool)
    behind = random.integers(0, late + 1, (steps, n, n)) if order == "asynchronous" else np.zeros((steps, n, n), int)
    errors = random.uniform(-noise, noise, (steps, len(first)))
    if played.best_responses is None:
        points = _of_programs(played, first, turns, behind, errors, sequential=order == "sequential", late=late)
        whole = np.concatenate([first[None], points])
        return ReplyPath(whole, np.abs(np.diff(whole, axis=0)).max(axis=1), order)
    with jax.enable_x64(True):
        follow = partial(_followed, sequential=order == "sequential", late=late)
        points = np.asarray(
            follow(played, sets_of(played), jnp.asarray(first), *map(jnp.asarray, (turns, behind, errors)))
        )
    whole = np.concatenate([first[None], points])
    return ReplyPath(whole, np.abs(np.diff(whole, axis=0)).max(axis=1), order)


@partial(jax.jit, static_argnames=("sequential", "late"))
def _followed(
    game: Any, sets: ProductSet, first: jax.Array, turns: jax.Array, behind: jax.Array, errors: jax.Array,
    *, sequential: bool, late: int,
) -> jax.Array:  # fmt: skip
    n = len(game.sizes)
    parts = sets.slices

    def reply(player: int, seen: jax.Array, error: jax.Array) -> jax.Array:
        best = game.best_responses(split(game.sizes, seen), game.coefficients)[player]
        return sets.parts[player].project(jnp.asarray(best) + error[parts[player]])

    def round_(memory: jax.Array, given: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        who, ago, error = given
        now = memory[0]
        made = now
        for player in range(n):
            # what is seen of each: as it was so many rounds before, or, in turn, as it has just become
            old = jnp.concatenate([memory[ago[player, other], parts[other]] for other in range(n)])
            best = reply(player, made if sequential else old, error)
            made = made.at[parts[player]].set(jnp.where(who[player], best, now[parts[player]]))
        return jnp.concatenate([made[None], memory[:-1]]), made

    memory = jnp.repeat(first[None], late + 1, axis=0)
    return lax.scan(round_, memory, (turns, behind, errors))[1]


def _of_programs(
    game: Any, first: Floats, turns: Any, behind: Any, errors: Floats, *, sequential: bool, late: int
) -> Floats:
    """The same as `_followed`, of replies by quadratic programs, which are no arithmetic that JAX could compile."""
    sets, memory, made = sets_of(game), [first] * (late + 1), []
    for who, ago, error in zip(turns, behind, errors, strict=True):
        now = memory[0].copy()
        for player in np.flatnonzero(who).tolist():
            old = [memory[ago[player, other]][own] for other, own in enumerate(sets.slices)]
            own = sets.slices[player]
            now[own] = _reply(game, sets, player, now if sequential else np.concatenate(old), error[own])
        memory = [now, *memory[:-1]]
        made.append(now)
    return np.array(made)


def _reply(game: Any, sets: ProductSet, player: int, seen: Floats, error: Floats) -> Floats:
    own, part = sets.slices[player], sets.parts[player]
    _, slopes, bends = looked_at(game, seen)
    best = quadratic_reply(part, seen[own], slopes[own], bends[own, own])
    if best is None or best.point is None:
        why = "its payoff bends up" if best is None else "its payoff grows without end"
        raise InputError(
            f"{game.players[player]} has no best reply at {seen.tolist()}: {why}; give bounds, or dampen it"
        )
    reply = np.asarray(best.point, np.float64)
    return nearest(part, reply + error) if error.any() else reply
