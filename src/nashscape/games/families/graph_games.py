"""Polymatrix games from the games on their edges, and the donation game on a graph."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.graphs import adjacency
from nashscape.games.forms.compact import Floats
from nashscape.games.forms.construct import default_names
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.polymatrix_game import PolymatrixGame

Edge = tuple[Floats, Floats]


@public()
def polymatrix(
    edges: Mapping[tuple[int | str, int | str], Any],
    *,
    own: Mapping[int | str, npt.ArrayLike] | None = None,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "polymatrix",
) -> PolymatrixGame:
    """A game on a graph from the two-player games on its edges.

    Args:
        edges: for a pair (i, j) of players, given by number from 0 or by name, one of: the pair (u_ij, u_ji), each
            with the own actions as rows, so of shapes [a_i, a_j] and [a_j, a_i]; one square matrix, which is both; or
            a `DenseGame` of two players, the first of which is i.
        own: b_i(a_i) for some players, each of shape [a_i]; zero by default.
        actions: one list of names for all players, or one list per player; A, B, C, … by default.
        players: names; "player 1", "player 2", … by default.
        name: of the game.

    Raises:
        InputError: for a pair given twice or of one player, matrices that are not finite or do not fit each other, a
            player in no edge whose actions are not known, and names that do not fit.

    Example:
        >>> pd, trust = [[3, 0], [5, 1]], ([[2, 0, 1], [1, 1, 0]], [[0, 1], [1, 0], [2, 2]])
        >>> game = polymatrix({(0, 1): pd, (1, 2): trust}, own={2: [0.5, 0, 0]})
        >>> game
        <PolymatrixGame polymatrix: 3 players, 2 edges, actions (A B; A B C)>
        >>> game.payoffs_at((0, 1, 0))
        array([0. , 6. , 1.5])
    """
    pairs = _pairs(edges, players)
    extra = {_number(player, players): finite_array(b, "own payoffs", ndim=1) for player, b in (own or {}).items()}
    sizes = _sizes(pairs, extra, actions, players)
    spans = np.cumsum([0, *sizes])
    interactions, own_payoffs = np.zeros((spans[-1], spans[-1])), np.zeros(spans[-1])
    for (i, j), (first, second) in pairs.items():
        if first.shape != (sizes[i], sizes[j]) or second.shape != (sizes[j], sizes[i]):
            raise InputError(
                f"the matrices of edge {(i, j)} must have shapes {(sizes[i], sizes[j])} and {(sizes[j], sizes[i])}, "
                f"own actions as rows; got {first.shape} and {second.shape}"
            )
        interactions[spans[i] : spans[i + 1], spans[j] : spans[j + 1]] = first
        interactions[spans[j] : spans[j + 1], spans[i] : spans[i + 1]] = second
    for i, payoffs in extra.items():
        own_payoffs[spans[i] : spans[i + 1]] = finite_array(payoffs, f"own payoffs of player {i}", shape=(sizes[i],))
    names, people = default_names(sizes, actions, players)
    return PolymatrixGame(interactions, own_payoffs, sizes, name, people, names)


def _pairs(edges: Mapping[Any, Any], players: Sequence[str] | None) -> dict[tuple[int, int], Edge]:
    if not isinstance(edges, Mapping):
        raise InputError(f"edges must be a dict from pairs of players to matrices, {{(0, 1): …}}; got {edges!r}")
    found: dict[tuple[int, int], Edge] = {}
    for key, value in edges.items():
        if not isinstance(key, tuple) or len(key) != 2:
            raise InputError(f"an edge is a pair of players such as (0, 1); got {key!r}")
        i, j = (_number(player, players) for player in key)
        if i == j:
            raise InputError(f"edge {key} joins a player to itself; use own payoffs for that")
        if (i, j) in found or (j, i) in found:
            raise InputError(f"the edge between players {i} and {j} is given twice; give it once, with both matrices")
        found[i, j] = _edge(key, value)
    return found


def _edge(key: Any, value: Any) -> Edge:
    if isinstance(value, DenseGame):
        if value.n_players != 2:
            raise InputError(f"the game on edge {key} must have two players; {value.name} has {value.n_players}")
        return value.payoffs[0], value.payoffs[1].T
    if isinstance(value, tuple) and len(value) == 2 and np.ndim(value[0]) == 2:
        first, second = (finite_array(matrix, f"payoffs of edge {key}", ndim=2) for matrix in value)
        return first, second
    both = finite_array(value, f"payoffs of edge {key}", ndim=2)
    if both.shape[0] != both.shape[1]:
        raise InputError(f"one matrix for both players of edge {key} must be square; got {both.shape}: give a pair")
    return both, both


def _number(player: Any, players: Sequence[str] | None) -> int:
    if isinstance(player, str) and players is not None and player in players:
        return list(players).index(player)
    if not isinstance(player, int | np.integer) or isinstance(player, bool) or player < 0:
        known = "" if players is None else f" or one of {', '.join(players)}"
        raise InputError(f"a player is a number from 0{known}; got {player!r}")
    return int(player)


def _sizes(
    pairs: Mapping[tuple[int, int], Edge],
    extra: Mapping[int, Floats],
    actions: Sequence[str] | Sequence[Sequence[str]] | None,
    players: Sequence[str] | None,
) -> tuple[int, ...]:
    """The number of actions of each player, from whatever says it."""
    per_player = actions is not None and not all(isinstance(entry, str) for entry in actions)
    known = {i: len(own) for i, own in extra.items()}
    known |= {k: size for (i, j), (first, _) in pairs.items() for k, size in zip((i, j), first.shape, strict=True)}
    count = max(known, default=-1) + 1
    count = max(count, len(players or ()), len(actions or ()) if per_player else 0)
    for i in range(count):
        if i not in known:
            if actions is None:
                raise InputError(f"player {i} is in no edge; give its actions, its own payoffs, or leave it out")
            known[i] = len(actions[i]) if per_player else len(actions)
    return tuple(known[i] for i in range(count))


@public()
def graph_donation(
    graph: Any = "ring:6", benefit: float = 3.0, cost: float = 1.0, split: bool = False
) -> PolymatrixGame:
    """The donation game on a graph: giving costs the giver and benefits every neighbour.

    Who cooperates (C) pays `cost` once; every neighbour gets the whole `benefit`, or with `split` an equal share of
    it. `graph` is as in `core.graphs.adjacency`: "ring:10", "path:4", "star:5", "complete:6", edges or an
    adjacency matrix. Defecting is dominant, so that the only equilibrium is that all defect. McAvoy, Allen and Nowak
    (2020), Social goods dilemmas in heterogeneous societies: goods "pf", and with `split` "ff".

    >>> graph_donation("star:4", benefit=3, cost=1).payoffs_at((0, 1, 1, 1))
    array([-1.,  3.,  3.,  3.])
    >>> graph_donation("star:4", benefit=3, cost=1, split=True).payoffs_at((0, 1, 1, 1))
    array([-1.,  1.,  1.,  1.])

    Raises `InputError` unless benefit > cost > 0, and for what is not a graph.
    """
    cost = finite_number(cost, "cost", low=0.0, low_open=True)
    benefit = finite_number(benefit, "benefit", low=cost, low_open=True)
    if split not in (True, False):
        raise InputError(f"split says whether neighbours share the benefit, True or False; got {split!r}")
    neighbours = adjacency(graph).astype(float)
    received = neighbours * benefit / neighbours.sum(axis=0) if split else neighbours * benefit
    n = len(neighbours)
    # u_ij(a_i, a_j): what i receives if j cooperates, whatever i does
    interactions = np.kron(received, [[1.0, 0.0], [1.0, 0.0]])
    names, people = default_names((2,) * n, "CD", None)
    return PolymatrixGame(interactions, np.tile([-cost, 0.0], n), (2,) * n, "graph_donation", people, names)
