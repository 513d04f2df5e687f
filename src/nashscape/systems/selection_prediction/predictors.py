"""Predictors with a formula, a sign and a cut that are fixed before any run: nothing here is fitted.

Each takes strategies, or parameters, of one moment: those of the start, or of the end of a run that was made of the
first updates alone. What comes later is no argument of anything here.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.learning import Rule
from nashscape.selection import terms_at
from nashscape.semantics import ParametricGame

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Strategies = tuple[Floats, ...]
"""Of N moments, `[N, …]` for each player."""

LEAST = 1e-6
"""Probabilities are cut off at it and at 1 less it, so that log-odds are finite."""


def odds(p: npt.ArrayLike) -> Floats:
    """Log-odds `log p/(1 − p)`.

    >>> odds([0.5, 0.75]).round(4).tolist()
    [0.0, 1.0986]
    """
    inside = np.clip(np.asarray(p, np.float64), LEAST, 1 - LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside))


def margin(p: npt.ArrayLike, indifferent: npt.ArrayLike) -> Floats:
    """How far the players lean to the target beyond indifference: `Σ_i odds(p_i) − odds(q_i)`, `[N]`; the cut is 0.

    Args:
        p: probabilities of every player's action in the target, `[N, n]`.
        indifferent: `q`, `[n]`: the mixed equilibrium, or one half where there is no such.

    >>> margin([[0.9, 0.5], [0.6, 0.6]], [2 / 3, 2 / 3]).round(3).tolist()
    [0.811, -0.575]
    """
    return np.asarray((odds(p) - odds(indifferent)).sum(axis=1))


def indifferent(payoffs: npt.ArrayLike) -> Floats:
    """The mixed equilibrium of a game of two players with two actions: `q_i` makes the other indifferent, `[2]`.

    >>> from nashscape import games
    >>> indifferent(games.stag_hunt().payoffs).round(4).tolist()
    [0.6667, 0.6667]
    """
    first, second = np.asarray(payoffs, np.float64)
    gains = first[0] - first[1], second[:, 0] - second[:, 1]
    of_second, of_first = (own[1] / (own[1] - own[0]) for own in gains)
    return np.array([of_first, of_second])


def strategies_of(learners: ParametricGame, theta: Floats) -> Strategies:
    """The strategies at parameters `[N, d]`."""
    found = jax.vmap(learners.strategies)(jnp.asarray(theta, jnp.float32))
    return tuple(np.asarray(own, np.float64) for own in found)


def likelier(learners: ParametricGame, theta: Floats, chosen: Sequence[Any]) -> Floats:
    """`d = ∇_θ Σ log σ(θ)` over the chosen actions, `[N, d]`.

    Args:
        learners: the game with its semantics.
        theta: parameters, `[N, d]`.
        chosen: 1 for every chosen action, of the shapes of strategies.
    """

    def likelihood(theta: jax.Array) -> jax.Array:
        parts = zip(chosen, learners.strategies(theta), strict=True)
        return sum((jnp.sum(own * jnp.log(jnp.maximum(s, 1e-30))) for own, s in parts), start=jnp.float32(0))

    return np.asarray(jax.vmap(jax.grad(likelihood))(jnp.asarray(theta, jnp.float32)), np.float64)


def projections(learners: ParametricGame, rule: Rule, theta: Floats, chosen: Sequence[Any]) -> dict[str, Floats]:
    """How far every term of a rule, and their sum "total", goes towards the chosen actions: `⟨c, d⟩`, `[N]`; cut 0."""
    towards = likelier(learners, theta, chosen)
    return {term: np.asarray((own * towards).sum(axis=1)) for term, own in terms_at(learners, rule, theta).items()}


def first_actions(shapes: Sequence[tuple[int, ...]]) -> list[Floats]:
    """The first action of every player, in its first row, as chosen actions."""
    made = [np.zeros(shape) for shape in shapes]
    for own in made:
        own.flat[0] = 1.0
    return made


def best_answer(payoffs: Floats, first: npt.NDArray[np.int64]) -> tuple[float, Floats]:
    """What the second player's best answer to pure actions `[C]` makes, and its values `[c2, a1, a2]`."""
    cards = len(payoffs)
    values = np.zeros(payoffs.shape[1:])
    for card, action in enumerate(first):
        values[:, action] += payoffs[card, :, action] / (cards * payoffs.shape[1])
    return float(values.max(axis=2).sum()), values


def convention_gap(payoffs: Floats, first: Floats, best: float) -> Floats:
    """What the best answer to each first player's likeliest actions is worth, less the optimum, `[N]`; the cut is 0.

    Args:
        payoffs: of a game of the Tiny Hanabi suite.
        first: strategies of the first player, `[N, C, A]`.
        best: the optimum.
    """
    return np.array([best_answer(payoffs, own.argmax(axis=1))[0] - best for own in first]) + 1e-9


def optimal_actions(payoffs: Floats) -> tuple[Floats, Floats]:
    """The first player's actions that get the optimum, and the best answers where they are seen, as chosen actions.

    In every game of the Tiny Hanabi suite there is one convention of the first player that gets it, and one best answer
    in each of the rows that it leads to.
    """
    cards, actions = payoffs.shape[1:3]
    every = map(np.array, product(range(actions), repeat=cards))
    own = max(every, key=lambda one: best_answer(payoffs, one)[0])
    values = best_answer(payoffs, own)[1]
    first, second = np.eye(actions)[own], np.zeros((cards, actions, actions))
    for card, seen in product(range(cards), own):
        second[card, seen, values[card, seen].argmax()] = 1.0
    return first, second.reshape(-1, actions)
