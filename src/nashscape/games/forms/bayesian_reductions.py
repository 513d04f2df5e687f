"""Bayesian games in normal form: of players whose actions are plans, and of agents, one for every type."""

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects
from nashscape.games.forms.bayesian_game import BayesianGame
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.offers import needs

MOST = 100_000
"""Payoffs of the largest normal forms that are written out in fractions."""

Plan = tuple[int, ...]


def plans(game: BayesianGame) -> tuple[tuple[Plan, ...], ...]:
    """The pure strategies of every player, an action for each type; types of probability zero play their first one."""
    made = []
    for own, k in zip(game.marginals, game.shape, strict=True):
        made.append(tuple(product(*(range(k) if p > 0 else range(1) for p in own))))
    return tuple(made)


def plan_counts(game: BayesianGame) -> tuple[int, ...]:
    """How many pure strategies every player has, without listing them."""
    return tuple(k ** int((own > 0).sum()) for own, k in zip(game.marginals, game.shape, strict=True))


def whole_payoffs(game: BayesianGame) -> tuple[npt.NDArray[Any], int]:
    """What plans pay as whole numbers over one denominator, `[n, S_1, …, S_n]`, and the denominator."""
    paid, prior = game.fractions()
    n = len(paid)
    scaled = [own * prior.reshape(*prior.shape, *(1,) * n) for own in paid]
    below = math.lcm(*(entry.denominator for own in scaled for entry in own.ravel()))
    whole = [np.array([int(entry * below) for entry in own.ravel()], dtype=object).reshape(own.shape) for own in scaled]
    most = sum(max(abs(entry) for entry in own.ravel()) * own.size for own in whole)
    kind: Any = np.int64 if most < 2**62 else object
    chosen = [_chosen(own, k, kind) for own, k in zip(plans(game), game.shape, strict=True)]
    made = []
    for own in whole:
        left = own.astype(kind)
        for j in reversed(range(n)):
            # the types and actions of player j give way to its plans, behind those of the players after it
            left = np.tensordot(left, chosen[j], ((j, j + 1 + j), (1, 2)))
        made.append(left.transpose(*reversed(range(n))))
    return np.stack(made), below


def _chosen(own: tuple[Plan, ...], k: int, kind: Any) -> npt.NDArray[Any]:
    """Which action every plan chooses for every type, `[S, T, a]` of zeros and ones."""
    return np.eye(k, dtype=np.int64)[np.array(own)].astype(kind)


def _as_fractions(whole: npt.NDArray[Any], below: int) -> Objects:
    return np.array([Fraction(int(entry), below) for entry in whole.ravel()], dtype=object).reshape(whole.shape)


def of_types(game: BayesianGame) -> DenseGame:
    """The normal form of a Bayesian game; see `normal_form`."""
    counts = plan_counts(game)
    size = len(counts) * math.prod(counts)
    if size > MOST:
        raise InputError(f"the normal form of {game.name} has {size:,} payoffs; at most {MOST:,} are written out")
    names = [
        [" ".join(acts[a] for a in plan) for plan in own] for own, acts in zip(plans(game), game.actions, strict=True)
    ]
    return dense(_as_fractions(*whole_payoffs(game)), actions=names, players=game.players, name=game.name)


@public()
def agent_form(game: BayesianGame) -> DenseGame:
    """The game of agents of a Bayesian game: one for every type of every player that has a probability above zero.

    An agent is paid what its player is, ex ante. Its Nash equilibria are the Bayes–Nash equilibria, and each is there
    once: other than plans, agents have one mixture for every behaviour.

    Args:
        game: a Bayesian game.

    Raises:
        InputError: for another game, one with a single agent, and where there would be more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> agent_form(games.auction("second price", values=[1, 2], bids=[1, 2])).players
        ('bidder 1 of type 1', 'bidder 1 of type 2', 'bidder 2 of type 1', 'bidder 2 of type 2')

    Source: Harsanyi (1967), who calls it the Selten model; Myerson (1991), section 2.6.
    """
    needs(game, "types", to="write a normal form of agents")
    agents = agents_of(game)
    shape = [game.shape[i] for i, _ in agents]
    size = len(agents) * math.prod(shape)
    if size > MOST:
        raise InputError(f"the agent form of {game.name} has {size:,} payoffs; at most {MOST:,} are written out")
    exact = _as_fractions(*whole_payoffs(game))
    # plans of a player are the joint actions of its agents, in the same order
    payoffs = np.stack([exact[i].reshape(shape) for i, _ in agents])
    names = [f"{game.players[i]} of type {game.types[i][t]}" for i, t in agents]
    return dense(payoffs, actions=[game.actions[i] for i, _ in agents], players=names, name=game.name)


def agents_of(game: BayesianGame) -> list[tuple[int, int]]:
    """Player and type of every agent, in order."""
    return [(i, t) for i, own in enumerate(game.marginals) for t, p in enumerate(own) if p > 0]
