"""The equilibria of random and named games against Nashpy's vertex enumeration."""

import itertools

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.theory.nash.finding import equilibria
from oracles.compared import Comparison, Deviations, library
from oracles.problems import FULL, Amount

Floats = npt.NDArray[np.float64]

SHAPES = ((2, 2), (2, 3), (3, 2), (3, 3), (2, 5), (4, 3), (4, 4), (4, 5))
NAMED = (
    "stag_hunt",
    "chicken",
    "battle_of_the_sexes",
    "matching_pennies",
    "pure_coordination",
    "rock_paper_scissors",
    "shapley",
)
TOLERANCE = 1e-6
"""Largest difference of two probabilities of one equilibrium, as polytopes are computed."""

REGRET = 1e-8


def compare(amount: Amount = FULL) -> list[Comparison]:
    """Every equilibrium of either has a counterpart in the other.

    Nashpy's support enumeration compares payoffs without a tolerance and loses an equilibrium of every seventh of these
    games; its vertex enumeration, by Qhull, loses none. It is a little generous with ties: a profile that it lists
    although somebody gains by deviating, as in one of these games, is left out.
    """
    nashpy, version = library("nashpy", "nashpy")
    random = [games.random_game(SHAPES[seed % len(SHAPES)], seed) for seed in range(amount.random)]
    sets = {
        f"{amount.random:,} random games from 2×2 to 4×5": random,
        "named games": [games.by_name(name) for name in NAMED],
    }
    made = []
    for what, played in sets.items():
        found = Deviations()
        for game in played:
            ours = [np.concatenate(one.strategies) for one in equilibria(game, logit=None)]
            pairs = list(nashpy.Game(*game.payoffs).vertex_enumeration())
            theirs = [np.concatenate(pair) for pair in pairs if _gain(game.payoffs, *pair) < REGRET]
            for own, other in itertools.permutations([ours, theirs], 2):
                found.add(own, [_nearest(profile, other) for profile in own])
        made.append(found.comparison("nashpy", version, f"equilibria of {what}", TOLERANCE))
    return made


def _gain(payoffs: Floats, x: Floats, y: Floats) -> float:
    """What the player who gains most by a deviation gains, in payoff units."""
    first, second = payoffs[0] @ y, x @ payoffs[1]
    return float(max(first.max() - x @ first, second.max() - y @ second))


def _nearest(profile: Floats, others: list[Floats]) -> Floats:
    """The one of the others that differs least; nothing comes close where there is none."""
    distances = [float(np.abs(profile - other).max()) for other in others]
    return others[int(np.argmin(distances))] if others else np.full_like(profile, np.inf)
