"""Best replies followed from pure profiles until nobody moves any more."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from nashscape.games import BayesianGame
from nashscape.games.naming import row_profile
from nashscape.theory.bayesian.gains import MOST_EXACT, doubles_profile, exact_profile, pure, pure_behaviour
from nashscape.theory.bayesian.results import TypeProfile

ROUNDS = 200
"""How often every player replies, at most."""

TIE = 1e-12
"""Of the range of payoffs: what is better by less is no reason to move."""

Rows = tuple[tuple[int, ...], ...]


def resting_profiles(game: BayesianGame, starts: int, seed: int) -> list[TypeProfile]:
    """Equilibria at which best replies in turn come to rest, from random profiles and from the usual targets."""
    random = np.random.default_rng(seed)
    first = [row_profile(game, own) for own in getattr(game, "usual_targets", None) or []]
    drawn = [
        tuple(tuple(random.integers(k, size=count).tolist()) for count, k in game.strategy_shapes)
        for _ in range(starts)
    ]
    small = sum(int(np.size(own)) for own in game.payoffs) <= MOST_EXACT
    values = jax.jit(lambda game, strategies: game.action_values(strategies))
    ended: dict[Rows, None] = {}
    for start in [*first, *drawn]:
        rest = _followed(game, values, start)
        if rest is not None:
            ended.setdefault(rest)
    made = [
        exact_profile(game, pure_behaviour(game, rows)) if small else doubles_profile(game, pure(game, rows))
        for rows in ended
    ]
    # in fractions, what rounding took for a tie is none
    return [one for one in made if one.largest <= (0.0 if small else TIE * game.payoff_range)]


def _followed(game: BayesianGame, values: Any, start: Sequence[Sequence[int]]) -> Rows | None:
    """Where replies in turn lead, every type to its best action and to none that is only as good; None if nowhere."""
    rows = [np.array(own) for own in start]
    least = TIE * game.payoff_range
    for _ in range(ROUNDS):
        moved = False
        for i in range(len(rows)):
            with jax.enable_x64(True):
                own = np.asarray(values(game, pure(game, rows))[i])
            best, now = own.max(axis=1), own[np.arange(len(rows[i])), rows[i]]
            better = best > now + least
            rows[i] = np.where(better, own.argmax(axis=1), rows[i])
            moved |= bool(better.any())
        if not moved:
            return tuple(tuple(int(a) for a in own) for own in rows)
    return None
