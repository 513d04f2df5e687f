"""What is played: finite games, their mixed profiles, and the games that have names."""

from nashscape.games import topology
from nashscape.games.anonymous_game import AnonymousGame
from nashscape.games.construct import bimatrix, dense
from nashscape.games.dense_game import DenseGame
from nashscape.games.differentiable_checks import differentiable, point_profile
from nashscape.games.differentiable_families import bilinear, cournot, cournot_equilibrium, quadratic, tandem
from nashscape.games.differentiable_game import DifferentiableGame
from nashscape.games.families import donation, random_game, symmetric_2x2
from nashscape.games.graph_games import graph_donation, polymatrix
from nashscape.games.many_players import anonymous, public_goods, threshold_stag_hunt, volunteers_dilemma
from nashscape.games.markov_construction import markov
from nashscape.games.markov_game import MarkovGame
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
from nashscape.games.naming import player_index
from nashscape.games.offers import (
    check_offers,
    has_points,
    has_rows,
    has_table,
    in_normal_form,
    is_chain,
    names_actions,
    needs,
)
from nashscape.games.polymatrix_game import PolymatrixGame
from nashscape.games.profiles import mixed_profile
from nashscape.games.protocol import FiniteGame, Game, NormalForm, NormalFormGame, Strategies
from nashscape.games.repeated_games import iterated_prisoners_dilemma, repeated
from nashscape.games.social_dilemmas import chicken, deadlock, harmony, prisoners_dilemma, stag_hunt

__all__ = [
    "NAMED",
    "AnonymousGame",
    "DenseGame",
    "DifferentiableGame",
    "Entry",
    "FiniteGame",
    "Game",
    "MarkovGame",
    "NormalForm",
    "NormalFormGame",
    "PolymatrixGame",
    "Strategies",
    "anonymous",
    "battle_of_the_sexes",
    "bilinear",
    "bimatrix",
    "by_name",
    "catalogue",
    "check_offers",
    "chicken",
    "cournot",
    "cournot_equilibrium",
    "deadlock",
    "dense",
    "differentiable",
    "donation",
    "graph_donation",
    "harmony",
    "has_points",
    "has_rows",
    "has_table",
    "in_normal_form",
    "is_chain",
    "iterated_prisoners_dilemma",
    "markov",
    "matching_pennies",
    "mixed_profile",
    "names_actions",
    "needs",
    "perturbed_rock_paper_scissors",
    "player_index",
    "point_profile",
    "polymatrix",
    "prisoners_dilemma",
    "public_goods",
    "pure_coordination",
    "quadratic",
    "random_game",
    "repeated",
    "rock_paper_scissors",
    "shapley",
    "stag_hunt",
    "symmetric_2x2",
    "tandem",
    "threshold_stag_hunt",
    "topology",
    "volunteers_dilemma",
]
