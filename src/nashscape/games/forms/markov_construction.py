"""Markov games from their arrays, checked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, distribution, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.forms.construct import default_names
from nashscape.games.forms.markov_game import MarkovGame

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6
"""How far a row of transition probabilities may sum from one."""


@public()
def markov(
    payoffs: npt.ArrayLike,
    transitions: npt.ArrayLike,
    *,
    discount: float,
    horizon: int | None = None,
    initial: npt.ArrayLike | None = None,
    actions: Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    states: Sequence[str] | None = None,
    name: str = "markov_game",
) -> MarkovGame:
    """A Markov game from its payoffs `[n, S, a_1, …, a_n]` and transition probabilities `[S, a_1, …, a_n, S]`.

    Args:
        payoffs: of a round.
        transitions: probabilities of the next state; every row sums to one.
        discount: γ, from 0 to 1; below 1 without a horizon.
        horizon: the number of rounds; None for ever.
        initial: probabilities of the first state; by default state 0.
        actions: names, A, B, C, … by default.
        players: names, "player 1", … by default.
        states: names, "state 0", … by default.
        name: of the game.

    Raises:
        InputError: for shapes that do not fit, transitions that are no probabilities, a discount of 1 without a
            horizon.

    Example:
        >>> pay = np.array([[[[1.0, 0.0], [0.0, 1.0]]], [[[0.0, 1.0], [1.0, 0.0]]]])
        >>> markov(pay, np.ones((1, 2, 2, 1)), discount=0.9)
        <MarkovGame markov_game: 2 players, 2×2 actions, 1 states, for ever, discount 0.9>
    """
    paid = finite_array(payoffs, f"the payoffs of {name}")
    n = paid.ndim - 2
    if n < 1 or paid.shape[0] != n or min(paid.shape[1:]) < 1:
        raise InputError(f"payoffs must have shape [n, S, a_1, …, a_n]; got {list(paid.shape)}")
    moves = finite_array(transitions, f"the transitions of {name}")
    count = moves.shape[-1] if moves.ndim else 0
    if moves.shape != (count, *paid.shape[2:], count) or paid.shape[1] not in (1, count):
        raise InputError(
            f"transitions must have shape [S, {', '.join(map(str, paid.shape[2:]))}, S] for the S of the payoffs "
            f"{list(paid.shape)}; got {list(moves.shape)}"
        )
    check_stochastic(moves)
    moves = moves / moves.sum(axis=-1, keepdims=True)
    first = np.eye(count)[0] if initial is None else distribution(initial, "the initial distribution", count)
    discount, horizon = check_length(discount, horizon)
    names, people = default_names(paid.shape[2:], actions, players)
    if len(people) != n or len(set(people)) != n:
        raise InputError(f"the game needs {n} different player names; got {people}")
    if tuple(map(len, names)) != paid.shape[2:] or any(len(set(own)) != len(own) for own in names):
        raise InputError(f"the players need {list(paid.shape[2:])} different action names; got {names}")
    where = tuple(f"state {k}" for k in range(count)) if states is None else tuple(states)
    if len(where) != count or len(set(where)) != count:
        raise InputError(f"the game has {count} states and needs as many different names; got {where}")
    return MarkovGame(paid, moves, None, first, discount, horizon, name, people, names, where)


def check_stochastic(transitions: Floats) -> None:
    """Raise `InputError` unless every row is a probability distribution."""
    sums = transitions.sum(axis=-1)
    worst = np.unravel_index(np.argmax(np.abs(sums - 1.0)), sums.shape)
    if abs(sums[worst] - 1.0) > TOLERANCE:
        place = tuple(int(k) for k in worst)
        raise InputError(
            f"transition probabilities must sum to one; those of (state, actions) {place} sum to {sums[worst]:g}"
        )
    if transitions.min() < 0:
        place = tuple(int(k) for k in np.unravel_index(np.argmin(transitions), transitions.shape))
        raise InputError(f"transition probabilities cannot be negative; the entry at {place} is {transitions[place]:g}")


MOST_ROUNDS = 100_000
"""Regrets are found round by round."""


def check_length(discount: Any, horizon: Any) -> tuple[float, int | None]:
    """Discount and horizon of which the payoffs are finite, or an error that says why they are not."""
    discount = finite_number(discount, "discount", low=0.0, high=1.0)
    if horizon is not None:
        horizon = positive_integer(horizon, "horizon")
        if horizon > MOST_ROUNDS:
            raise InputError(
                f"horizon must be at most {MOST_ROUNDS} rounds; got {horizon}: leave it out and give a discount"
            )
        return discount, horizon
    if discount >= 1.0:
        raise InputError(
            "a game without end needs a discount below 1, or its payoffs are infinite; give discount=0.96, say, "
            "or a horizon"
        )
    return discount, None
