"""The games of this library that have names: the table of all of them, and those that are no symmetric 2×2 games."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from nashscape.core import finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.games.families.bargaining import nash_demand
from nashscape.games.families.blotto import colonel_blotto
from nashscape.games.families.congestion_games import random_congestion
from nashscape.games.families.contests import tullock
from nashscape.games.families.dark_hex import dark_hex
from nashscape.games.families.differentiable_families import cournot
from nashscape.games.families.graph_games import graph_donation
from nashscape.games.families.grid_contests import grid_contest
from nashscape.games.families.joint_ventures import joint_venture
from nashscape.games.families.liars_dice import liars_dice
from nashscape.games.families.many_players import public_goods, threshold_stag_hunt, volunteers_dilemma
from nashscape.games.families.moves_in_turn import alternating_offers, centipede, trust, ultimatum
from nashscape.games.families.parametric import donation, random_game, symmetric_2x2
from nashscape.games.families.poker import kuhn_poker, leduc_poker
from nashscape.games.families.price_competition import bertrand, price_competition
from nashscape.games.families.random_families import (
    covariant,
    random_common_interest,
    random_potential,
    random_zero_sum,
)
from nashscape.games.families.repeated_games import iterated_prisoners_dilemma
from nashscape.games.families.routing_examples import braess, pigou
from nashscape.games.families.sequential_goods import sequential_public_goods
from nashscape.games.families.signalling import beer_quiche, cheap_talk, spence
from nashscape.games.families.social_dilemmas import chicken, deadlock, harmony, prisoners_dilemma, stag_hunt
from nashscape.games.families.threshold_goods import discrete_public_good, provision_point
from nashscape.games.families.tiny_hanabi import tiny_hanabi
from nashscape.games.families.uncertain_goods import uncertain_threshold
from nashscape.games.families.uniform_auctions import all_pay_auction, first_price_auction, second_price_auction
from nashscape.games.families.ventures import hold_up, partnership
from nashscape.games.forms.bayesian_game import BayesianGame
from nashscape.games.forms.compact import ENTRIES_AT_MOST
from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.differentiable_game import DifferentiableGame
from nashscape.games.forms.markov_game import MarkovGame
from nashscape.games.forms.trees.tree_game import TreeGame
from nashscape.games.protocol import NormalFormGame


@public()
def battle_of_the_sexes(preferred: float = 2, other: float = 1, apart: float = 0) -> DenseGame:
    """Bach or Stravinsky: both want to meet, and each at another concert.

    At (B, B) the players get (preferred, other), at (S, S) (other, preferred), else (apart, apart), with
    preferred > other > apart. Pure equilibria: (B, B) and (S, S). Luce and Raiffa (1957); payoffs of Osborne
    and Rubinstein (1994), figure 16.1.

    >>> battle_of_the_sexes()
    <DenseGame battle_of_the_sexes: 2 players, 2×2 actions (B S)>

    Raises `InputError` unless preferred > other > apart.
    """
    apart = finite_number(apart, "apart")
    other = finite_number(other, "other", low=apart, low_open=True)
    preferred = finite_number(preferred, "preferred", low=other, low_open=True)
    row, column = [[preferred, apart], [apart, other]], [[other, apart], [apart, preferred]]
    return bimatrix(row, column, actions=("B", "S"), name="battle_of_the_sexes")


@public()
def matching_pennies() -> DenseGame:
    """Matching Pennies: the first player wins if the coins match, the second if they do not.

    The winner gets 1, the loser −1. Pure equilibria: none. von Neumann and Morgenstern (1944).

    >>> matching_pennies()
    <DenseGame matching_pennies: 2 players, 2×2 actions (H T)>
    """
    match = np.array([[1.0, -1.0], [-1.0, 1.0]])
    return bimatrix(match, -match, actions=("H", "T"), name="matching_pennies")


@public()
def pure_coordination(size: int = 2) -> DenseGame:
    """Pure coordination: both get 1 if they choose the same of `size` actions, else 0.

    Pure equilibria: the `size` profiles in which both choose the same. Lewis (1969).

    >>> pure_coordination(3)
    <DenseGame pure_coordination: 2 players, 3×3 actions (A B C)>

    Raises `InputError` for fewer than two actions.
    """
    size = positive_integer(size, "size", at_least=2)
    check_size(
        "payoffs", 2 * size**2, 32.0, lambda most: f"size = {math.isqrt(most // 2):,} fits", most=ENTRIES_AT_MOST
    )
    return bimatrix(np.eye(size), name="pure_coordination")


@public()
def rock_paper_scissors(win: float = 1, lose: float = -1, draw: float = 0) -> DenseGame:
    """Rock, Paper, Scissors: each action beats one and loses to another.

    Payoffs `win` > `draw` > `lose`; zero-sum by default. Pure equilibria: none.

    >>> print(rock_paper_scissors().table())
           R      P      S
    R   0, 0  -1, 1  1, -1
    P  1, -1   0, 0  -1, 1
    S  -1, 1  1, -1   0, 0

    Raises `InputError` unless win > draw > lose.
    """
    lose = finite_number(lose, "lose")
    draw = finite_number(draw, "draw", low=lose, low_open=True)
    win = finite_number(win, "win", low=draw, low_open=True)
    matrix = [[draw, lose, win], [win, draw, lose], [lose, win, draw]]
    return bimatrix(matrix, actions=("R", "P", "S"), name="rock_paper_scissors")


@public()
def perturbed_rock_paper_scissors(epsilon_row: float = 0.5, epsilon_column: float = -0.5) -> DenseGame:
    """Rock, Paper, Scissors in which draws pay the players ε_row and ε_column, each between −1 and 1.

    A win pays 1, a loss −1. Pure equilibria: none. With ε_row = −ε_column it is zero-sum and learning can be
    chaotic. Sato, Akiyama and Farmer (2002), Chaos in learning a simple two-person game.

    >>> perturbed_rock_paper_scissors(epsilon_row=0.5).payoffs[:, 0, 0].tolist()
    [0.5, -0.5]

    Raises `InputError` unless both lie strictly between −1 and 1.
    """
    cycle = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
    row, column = (
        finite_number(epsilon, name, low=-1.0, high=1.0, low_open=True, high_open=True) * np.eye(3) + cycle
        for epsilon, name in ((epsilon_row, "epsilon_row"), (epsilon_column, "epsilon_column"))
    )
    return bimatrix(row, column.T, actions=("R", "P", "S"), name="perturbed_rock_paper_scissors")


@public()
def shapley() -> DenseGame:
    """Shapley's game, in which fictitious play does not converge.

    Both choose one of three actions: the row player gets 1 if they are the same, the column player 1 if its
    action is the next one round the cycle, else 0. Pure equilibria: none; the only one is uniform. Shapley
    (1964), Some topics in two-person games, up to relabelling.

    >>> print(shapley().table())
          A     B     C
    A  1, 0  0, 1  0, 0
    B  0, 0  1, 0  0, 1
    C  0, 1  0, 0  1, 0
    """
    return bimatrix(np.eye(3), np.roll(np.eye(3), 1, axis=1), name="shapley")


NAMED: Mapping[str, Callable[..., NormalFormGame | MarkovGame | BayesianGame]] = MappingProxyType(
    {
        "prisoners_dilemma": prisoners_dilemma,
        "donation": donation,
        "stag_hunt": stag_hunt,
        "chicken": chicken,
        "harmony": harmony,
        "deadlock": deadlock,
        "battle_of_the_sexes": battle_of_the_sexes,
        "matching_pennies": matching_pennies,
        "pure_coordination": pure_coordination,
        "rock_paper_scissors": rock_paper_scissors,
        "perturbed_rock_paper_scissors": perturbed_rock_paper_scissors,
        "shapley": shapley,
        "iterated_prisoners_dilemma": iterated_prisoners_dilemma,
        "public_goods": public_goods,
        "volunteers_dilemma": volunteers_dilemma,
        "threshold_stag_hunt": threshold_stag_hunt,
        "graph_donation": graph_donation,
        "discrete_public_good": discrete_public_good,
        "provision_point": provision_point,
        "nash_demand": nash_demand,
        "grid_contest": grid_contest,
        "price_competition": price_competition,
        "first_price_auction": first_price_auction,
        "second_price_auction": second_price_auction,
        "all_pay_auction": all_pay_auction,
    }
)
"""The makers of all games that have a name, by that name."""


AnyGame: TypeAlias = NormalFormGame | MarkovGame | BayesianGame | DifferentiableGame | TreeGame
"""What has a name, or gets one with its parameters."""

MADE: Mapping[str, Callable[..., AnyGame]] = MappingProxyType(
    {
        **NAMED,
        "symmetric_2x2": symmetric_2x2,
        "random_game": random_game,
        "random_zero_sum": random_zero_sum,
        "random_common_interest": random_common_interest,
        "random_potential": random_potential,
        "covariant": covariant,
        "random_congestion": random_congestion,
        "colonel_blotto": colonel_blotto,
        "pigou": pigou,
        "braess": braess,
        "cournot": cournot,
        "bertrand": bertrand,
        "tullock": tullock,
        "uncertain_threshold": uncertain_threshold,
        "partnership": partnership,
        "hold_up": hold_up,
        "joint_venture": joint_venture,
        "kuhn_poker": kuhn_poker,
        "leduc_poker": leduc_poker,
        "liars_dice": liars_dice,
        "dark_hex": dark_hex,
        "tiny_hanabi": tiny_hanabi,
        "beer_quiche": beer_quiche,
        "spence": spence,
        "cheap_talk": cheap_talk,
        "trust": trust,
        "centipede": centipede,
        "ultimatum": ultimatum,
        "alternating_offers": alternating_offers,
        "sequential_public_goods": sequential_public_goods,
    }
)
"""Those and families of games, which are games once their parameters are given, games over points, and trees."""
