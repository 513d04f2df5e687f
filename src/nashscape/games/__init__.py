"""What is played: finite games, their mixed profiles, and the games that have names."""

from nashscape.games.construct import bimatrix, dense
from nashscape.games.dense_game import DenseGame
from nashscape.games.families import donation, random_game, symmetric_2x2
from nashscape.games.named import (
    NAMED,
    Entry,
    battle_of_the_sexes,
    by_name,
    catalogue,
    matching_pennies,
    perturbed_rock_paper_scissors,
    pure_coordination,
    rock_paper_scissors,
    shapley,
)
from nashscape.games.profiles import mixed_profile
from nashscape.games.protocol import FiniteGame, Game, NormalForm, NormalFormGame, Strategies, player_index
from nashscape.games.social_dilemmas import chicken, deadlock, harmony, prisoners_dilemma, stag_hunt

__all__ = [
    "NAMED",
    "DenseGame",
    "Entry",
    "FiniteGame",
    "Game",
    "NormalForm",
    "NormalFormGame",
    "Strategies",
    "battle_of_the_sexes",
    "bimatrix",
    "by_name",
    "catalogue",
    "chicken",
    "deadlock",
    "dense",
    "donation",
    "harmony",
    "matching_pennies",
    "mixed_profile",
    "perturbed_rock_paper_scissors",
    "player_index",
    "prisoners_dilemma",
    "pure_coordination",
    "random_game",
    "rock_paper_scissors",
    "shapley",
    "stag_hunt",
    "symmetric_2x2",
]
