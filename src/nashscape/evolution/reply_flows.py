"""Best-response dynamics in straight pieces: towards what is best, until something else is.

Where several types are equally good the dynamic is a set (Gilboa and Matsui 1991), of which one way is taken: a
symmetric equilibrium stays, and other shares move towards a symmetric equilibrium m of the game between the best
types: the only aims at which what members move to stays best (Hofbauer 1995). Of several an evolutionarily stable one
is taken, and of these the first.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from nashscape.evolution.population_games import PopulationGame
from nashscape.evolution.stability import resident
from nashscape.evolution.symmetric_equilibria import symmetric_equilibria

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Aims = Callable[[Floats, Flags], Floats]
"""From shares `[N, types]`, and which types are best there, to where they move."""

MOST_PIECES = 3000

TIES = 64 * np.finfo(np.float64).eps
"""Gains smaller than this, of the largest payoff, are none."""


def reply_field(game: PopulationGame) -> Callable[[Floats], Floats]:
    """How fast shares `[…, types]` change: to where `replied` takes them, in a unit of time."""
    aims = _aims(game)

    def field(shares: Floats) -> Floats:
        x = shares.reshape(-1, shares.shape[-1])
        made: Floats = (aims(x, _tied(game, x)) - x).reshape(shares.shape)
        return made

    return field


def replied(game: PopulationGame, starts: Floats, time: float) -> Floats:
    """Where starts `[N, types]` are after a time.

    On the way `x(t) = m + (x − m) e^(−t)` to an aim m fitness is linear in `e^(−t)`, so that the end of the piece is
    exact.
    """
    aims = _aims(game)
    x, left = starts.copy(), np.full(len(starts), float(time))
    tied = _tied(game, x)
    for _ in range(MOST_PIECES):
        going = np.flatnonzero(left > 0)
        if not len(going):
            break
        aim = aims(x[going], tied[going])
        part, others = piece(game, x[going], aim)
        wait = -np.log(np.maximum(part, 1e-300))
        ends = wait >= left[going]
        part = np.where(ends, np.exp(-left[going]), part)
        x[going] = aim + part[:, None] * (x[going] - aim)
        left[going] = np.where(ends, 0.0, left[going] - wait)
        tied[going] = _tied(game, x[going]) | others
    return x


def piece(game: PopulationGame, x: Floats, aim: Floats) -> tuple[Floats, Flags]:
    """What is left of the way when another type is as good as those aimed at, 0 where none comes to be; and which."""
    here, there = game.fitness(x), game.fitness(aim)
    played = aim > 0
    first = played.argmax(-1)[:, None]
    short_of = here - np.take_along_axis(here, first, 1)
    gains = there - np.take_along_axis(there, first, 1)
    comes = (gains > TIES * np.abs(game.payoffs).max()) & ~played
    parts = np.where(comes, gains / np.where(comes, gains - np.minimum(short_of, 0.0), 1.0), 0.0)
    last = parts.max(-1)
    return last, (comes & (parts == last[:, None])) | played


def _tied(game: PopulationGame, x: Floats) -> Flags:
    fitness = game.fitness(x)
    slack = 64 * TIES * max(float(np.abs(game.payoffs).max()), 1e-300)
    made: Flags = fitness >= fitness.max(-1, keepdims=True) - slack
    return made


def _aims(game: PopulationGame) -> Aims:

    @cache
    def between(best: tuple[int, ...]) -> Floats:
        matrix = [[game.exact[i][j] for j in best] for i in best]
        found = [resident(matrix, face.middle, face.extremes) for face in symmetric_equilibria(matrix)]
        chosen = next((one for one in found if one.status == "ESS"), found[0])
        made = np.zeros(len(game.types))
        made[list(best)] = [float(share) for share in chosen.strategy]
        return made

    def aims(x: Floats, best: Flags) -> Floats:
        stays = (best | (x == 0)).all(-1, keepdims=True)
        made: Floats = np.where(stays, x, [between(tuple(np.flatnonzero(own).tolist())) for own in best])
        return made

    return aims
