"""Families of games: symmetric 2×2 games, donation games, games with random payoffs."""

from collections.abc import Sequence

import numpy as np

from nashscape.core import choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import bimatrix, dense
from nashscape.games.forms.dense_game import DenseGame


@public()
def symmetric_2x2(
    R: float = 1.0, S: float = 0.0, T: float = 0.0, P: float = 0.0, *, name: str = "symmetric_2x2"
) -> DenseGame:
    """The symmetric game of two players with actions C and D.

    The row player gets R at (C, C), S at (C, D), T at (D, C) and P at (D, D); the column player the mirror
    image. Up to positive factors and constants, which change no learner's direction but by the factor, all of them with
    R > P have R = 1 and P = 0.

    >>> print(symmetric_2x2(R=3, S=0, T=5, P=1).table())
          C     D
    C  3, 3  0, 5
    D  5, 0  1, 1

    Raises `InputError` for a payoff that is not a finite number.
    """
    r, s, t, p = (finite_number(x, letter) for x, letter in ((R, "R"), (S, "S"), (T, "T"), (P, "P")))
    return bimatrix([[r, s], [t, p]], actions=("C", "D"), name=name)


@public()
def donation(benefit: float = 3.0, cost: float = 1.0) -> DenseGame:
    """The donation game: cooperating costs the own `cost` and gives the other the `benefit`.

    R = b − c, S = −c, T = b, P = 0 with b > c > 0: a Prisoner's Dilemma in which the gain from defecting does
    not depend on what the other does. The only equilibrium is (D, D).

    >>> print(donation(benefit=3, cost=1).table())
           C      D
    C   2, 2  -1, 3
    D  3, -1   0, 0

    Raises `InputError` unless benefit > cost > 0.
    """
    cost = finite_number(cost, "cost", low=0.0, low_open=True)
    benefit = finite_number(benefit, "benefit", low=cost, low_open=True)
    return symmetric_2x2(benefit - cost, -cost, benefit, 0.0, name="donation")


@public()
def random_game(shape: Sequence[int] = (2, 2), seed: int = 0, distribution: str = "normal") -> DenseGame:
    """A game with independent random payoffs, which depend on shape, seed and distribution only.

    `shape` is the number of actions of each player; `distribution` is "normal" (mean 0, variance 1) or
    "uniform" on [0, 1).

    >>> random_game((2, 3), seed=1)
    <DenseGame random_game: 2 players, 2×3 actions (A B; A B C)>

    Raises `InputError` for fewer than two players, players without actions, or more than ten million payoffs.
    """
    sizes = action_counts(shape)
    n = len(sizes)
    random = np.random.default_rng(positive_integer(seed, "seed", at_least=0))
    kind = choice(distribution, "distribution", ("normal", "uniform"))
    payoffs = random.standard_normal((n, *sizes)) if kind == "normal" else random.random((n, *sizes))
    return dense(payoffs, name="random_game")
