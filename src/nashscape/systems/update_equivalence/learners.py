"""Many starts, many games and searches at once, exactly: what the study of the card is made of."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.setup import advance, in_precision, initial_state, make_setup
from nashscape.games import TreeGame, mixed_profile
from nashscape.learning import Rule, step_key
from nashscape.semantics import parametric, simplex

Floats = npt.NDArray[np.float64]

ROCK_PAPER_SCISSORS = np.array([[0, -3, 3], [3, 0, -1], [-3, 1, 0]], float)
"""Of the row player, who gets what the other loses; rescaled below so that the payoffs lie in [0, 1]."""


def rescaled() -> Floats:
    """The payoffs of both players, `[2, 3, 3]`: that of the second is what the first leaves of one.

    >>> rescaled()[0].round(3).tolist()
    [[0.5, 0.0, 1.0], [1.0, 0.5, 0.333], [0.0, 0.667, 0.5]]
    """
    first = (ROCK_PAPER_SCISSORS + 3) / 6
    made: Floats = np.stack([first, 1 - first])
    return made


def magnetic_path(temperature: float, rate: float, steps: int) -> Floats:
    """Strategies of both players in that game after every step of magnetic mirror descent, `[steps + 1, 2, 3]`.

    By hand, from the formula alone, as a check of the rule.
    """
    first, second = rescaled()
    logs = [np.log(np.array([0.2, 0.3, 0.5])), np.log(np.array([0.6, 0.3, 0.1]))]
    made = []
    for _ in range(steps + 1):
        played = [np.exp(own - own.max()) / np.exp(own - own.max()).sum() for own in logs]
        made.append(np.stack(played))
        worth = [first @ played[1], played[0] @ second]
        logs = [(own + rate * value) / (1 + rate * temperature) for own, value in zip(logs, worth, strict=True)]
    return np.array(made)


def ends(game: Any, rule: Rule, starts: Sequence[Sequence[Any]], steps: int) -> tuple[Floats, ...]:
    """Where a rule is from each start after so many steps, all starts in one program, `[N, …]` for each player."""
    own = simplex(game.shape, legal=game.legal) if "tree" in game.offers else simplex(game.shape)
    learners = parametric(game, own)
    setup = make_setup(learners, rule, step_size=1.0)
    with jax.enable_x64(True):
        ready = in_precision(setup, "float64")
        first = jnp.stack([own.parameters([jnp.asarray(one) for one in start]) for start in starts])
        return tuple(np.asarray(one) for one in _ends(ready, first, jnp.int32(steps)))


KEY = step_key(0)


@jax.jit
def _ends(setup: Any, theta: jax.Array, steps: jax.Array) -> Any:
    """Compiled once for all numbers of a rule and of a game."""

    def run(start: jax.Array) -> Any:
        state = initial_state(setup, start)
        state = jax.lax.fori_loop(0, steps, lambda t, now: advance(setup, now, replace(KEY, step=t)), state)
        return setup.game.strategies(state.theta)

    return jax.vmap(run)(theta)


@jax.jit
def regrets(game: Any, strategies: Any) -> jax.Array:
    """What each player could gain."""
    made: jax.Array = game.regrets(strategies)
    return made


@jax.jit
def others_reach(game: Any, strategies: Any) -> tuple[jax.Array, ...]:
    """How often chance and the others lead to each row."""
    made: tuple[jax.Array, ...] = game.others_reach(strategies)
    return made


@jax.jit
def paid(game: Any, strategies: Any) -> jax.Array:
    """What the first player gets from each of many strategies, `[N]`."""
    return jax.vmap(lambda *own: game.expected_payoffs(own)[0])(*strategies)


@jax.jit
def _best(game: Any, plans: Any) -> jax.Array:
    return jax.vmap(lambda *own: game.best_values(own)[1], in_axes=(0, None))(*plans)


def random_strategies(game: Any, seed: int) -> list[Floats]:
    """Uniform on the simplex of each row."""
    random = np.random.default_rng(seed)
    made = []
    for mask in game.legal:
        drawn = random.exponential(size=mask.shape) * mask
        made.append(drawn / drawn.sum(axis=1, keepdims=True))
    return made


def optimum(game: TreeGame) -> float:
    """The largest common payoff of all pure plans, tried one by one.

    >>> from nashscape import games
    >>> optimum(games.tiny_hanabi("A"))
    2.25
    """
    rows = [(i, r, np.flatnonzero(own)) for i, mask in enumerate(game.legal) for r, own in enumerate(mask)]
    # of one player all plans, and to each the best response of the other, which is exact in a game of common payoffs
    first = [one for one in rows if one[0] == 0]
    plans = []
    for actions in product(*(one[2] for one in first)):
        plan = np.zeros(game.legal[0].shape)
        for (_, row, _), action in zip(first, actions, strict=True):
            plan[row, action] = 1.0
        plans.append(plan)
    with jax.enable_x64(True):
        return float(_best(game, (jnp.asarray(np.stack(plans)), jnp.asarray(game.uniform()[1]))).max())


def tilted(game: TreeGame, which: str) -> tuple[Floats, ...]:
    """A named blueprint: "even"; "first", the first legal action with .9; "last", the last one with .9."""
    made = []
    for mask, even in zip(game.legal, game.uniform(), strict=True):
        own = even.copy()
        if which != "even":
            for row, legal in enumerate(mask):
                places = np.flatnonzero(legal)
                if len(places) > 1:
                    own[row, places] = 0.1 / (len(places) - 1)
                    own[row, places[0 if which == "first" else -1]] = 0.9
        made.append(own)
    return mixed_profile(game, made)


def search_gains(
    game: TreeGame, places: Sequence[Sequence[tuple[int, int]]], count: int, rate: float, seed: int
) -> Floats:
    """What mirror descent at some rows, from the strategies as they were, adds to a common payoff, `[places, count]`.

    Each of `places` is (player, row) of all rows that search. In so many games of this tree, with payoffs and
    blueprints drawn anew for each.
    """

    def one(key: jax.Array) -> jax.Array:
        paid, *keys = jax.random.split(key, 1 + len(game.legal))
        own = jax.random.normal(paid, (game.n_plays,))
        drawn = replace(game, payoffs=jnp.stack([own] * len(game.legal)))
        before = [
            jax.nn.softmax(1.5 * jax.random.normal(k, mask.shape), axis=1, where=jnp.asarray(mask))
            for k, mask in zip(keys, game.legal, strict=True)
        ]
        values, reach, found = drawn.counterfactual_values(before), drawn.others_reach(before), []
        for rows in places:
            after = list(before)
            for player, row in rows:
                logs = jnp.log(before[player][row]) + rate * values[player][row] / reach[player][row]
                now = jax.nn.softmax(logs, where=jnp.asarray(game.legal[player][row]))
                after[player] = after[player].at[row].set(now)
            found.append(drawn.expected_payoffs(after)[0] - drawn.expected_payoffs(before)[0])
        return jnp.stack(found)

    with jax.enable_x64(True):
        return np.asarray(jax.jit(jax.vmap(one))(jax.random.split(jax.random.key(seed), count))).T
