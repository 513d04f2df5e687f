"""Games made of OpenSpiel's: matrices and tensors as they are, everything else by walking through its states."""

import importlib
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.games.exchange.checked import made_from
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.labels import action_names
from nashscape.games.forms.trees.nodes import Node, Tree
from nashscape.games.forms.trees.reduced_forms import reduced

NODES = 100_000
"""Of the largest tree that is walked through."""


def of_open_spiel_matrix(value: Any) -> DenseGame:
    """A game from a `pyspiel.MatrixGame`, with the names of its actions."""
    rows = action_names([value.row_action_name(k) for k in range(value.num_rows())])
    columns = action_names([value.col_action_name(k) for k in range(value.num_cols())])
    payoffs = np.array([value.row_utilities(), value.col_utilities()], np.float64)
    return dense(payoffs.reshape(2, len(rows), len(columns)), actions=[rows, columns], name=short_name(value))


def of_open_spiel_tensor(value: Any) -> DenseGame:
    """A game from a `pyspiel.TensorGame`, with the names of its actions."""
    shape = tuple(value.shape())
    names = [action_names([value.action_name(i, k) for k in range(size)]) for i, size in enumerate(shape)]
    payoffs = np.stack([np.reshape(value.player_utilities(i), shape) for i in range(len(shape))])
    return dense(payoffs, actions=names, name=short_name(value))


def short_name(value: Any) -> str:
    """What OpenSpiel calls a game."""
    return str(value.get_type().short_name)


def of_open_spiel(value: Any) -> DenseGame:
    """The reduced normal form of any other `pyspiel.Game`, where that is small: doubles, as all payoffs there.

    Simultaneous moves are taken one after another by players who do not see them. Information sets are OpenSpiel's
    information states.

    Raises:
        InputError: for games without information states, mean-field games, and those that are too large.
    """
    tree = tree_of_open_spiel(value)
    payoffs, actions = reduced(tree, f"OpenSpiel's {tree.name}")
    return made_from(payoffs.astype(np.float64), tree.players, actions, tree.name, f"OpenSpiel's {tree.name}")


def tree_of_open_spiel(value: Any) -> Tree:
    """The tree of a `pyspiel.Game`, by walking through its states; errors as of `of_open_spiel`."""
    name, kind = short_name(value), value.get_type()
    where = f"OpenSpiel's {name}"
    if not kind.provides_information_state_string or kind.dynamics.name == "MEAN_FIELD":
        raise InputError(f"{where} has no information states of players, and no tree is made of it")
    if kind.dynamics.name == "SIMULTANEOUS":
        value = importlib.import_module("pyspiel").convert_to_turn_based(value)
    return _walked(value, name, where)


def _walked(value: Any, name: str, where: str) -> Tree:
    """The tree of a game, by its states."""
    n = value.num_players()
    known: list[dict[str, tuple[int, list[int]]]] = [{} for _ in range(n)]
    tree = Tree([f"player {k + 1}" for k in range(n)], [[] for _ in range(n)], name=name, names=[[] for _ in range(n)])
    waiting = [value.new_initial_state()]
    while waiting:
        if len(tree.nodes) + len(waiting) > NODES:
            raise InputError(f"{where} has more than {NODES:,} states, and is not written out; give a smaller one")
        state = waiting.pop()
        if state.is_terminal():
            tree.nodes.append(Node(None, payoffs=tuple(map(Fraction, state.returns()))))
            continue
        if state.is_chance_node():
            found = state.chance_outcomes()
            moves = [move for move, _ in found]
            tree.moves[len(tree.nodes)] = tuple(state.action_to_string(-1, move) for move in moves)
            tree.nodes.append(Node(-1, chances=tuple(Fraction(p) for _, p in found), branches=len(found)))
        else:
            mover, moves = state.current_player(), state.legal_actions()
            place, first = known[mover].setdefault(state.information_state_string(mover), (len(known[mover]), moves))
            if len(set(moves)) != len(moves):
                raise InputError(
                    f"{where} has actions that it does not tell apart, {moves}, as those without labels of a tree; "
                    "give them labels, or read the file with games.read_game"
                )
            if first != moves:
                raise InputError(
                    f"{where}: player {mover + 1} has the actions {first} and the actions {moves} in states that it "
                    "does not tell apart"
                )
            if place == len(tree.sets[mover]):
                tree.names[mover].append(state.information_state_string(mover))
                tree.sets[mover].append(tuple(state.action_to_string(mover, move) for move in moves))
            tree.nodes.append(Node(mover, place, branches=len(moves)))
        waiting += [state.child(move) for move in reversed(moves)]
    return tree
