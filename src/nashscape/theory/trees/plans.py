"""From mixtures of plans of the reduced normal form to behaviour at information sets."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.games import TreeGame
from nashscape.games.forms.trees.outcomes import written_tree
from nashscape.games.forms.trees.reduced_forms import plans_of
from nashscape.theory.trees.followed import followed

Floats = npt.NDArray[np.float64]


def behaviour_of(
    game: TreeGame, mixed: Sequence[Any], perfect: Sequence[tuple[Floats, ...]] = ()
) -> tuple[Floats, ...]:
    """The behaviour strategies that lead to every play as often as mixtures of plans do (Kuhn 1953).

    `σ_i(a | r) = Σ_s x_i(s) [s comes to r and does a] / Σ_s x_i(s) [s comes to r]`. Where a player's own plans never
    come it does what it does in one of the subgame-perfect profiles, where one agrees with all the rest; else what is
    best there, given what the others do and what it does later itself, with even beliefs where the others never come
    there either.
    """
    made, absent = [], []
    for player, (own, plans) in enumerate(zip(mixed, plans_of(written_tree(game)), strict=True)):
        weights = np.zeros(game.legal[player].shape)
        for row, place in enumerate(game.places[player]):
            for action, column in enumerate(game.columns[player][row]):
                weights[row, column] = sum(float(p) for p in np.asarray(own)[plans[:, place] == action])
        total = weights.sum(axis=1, keepdims=True)
        even = game.legal[player] / game.legal[player].sum(axis=1, keepdims=True)
        made.append(np.where(total > 0, weights / np.where(total > 0, total, 1.0), even))
        absent.append(np.flatnonzero(total[:, 0] == 0) if game.places[player] else np.zeros(0, int))
    for one in perfect:
        if all(
            np.allclose(np.delete(a, gone, 0), np.delete(b, gone, 0))
            for a, b, gone in zip(made, one, absent, strict=True)
        ):
            return one
    return _completed(game, made, absent)


def _completed(game: TreeGame, strategies: list[Floats], absent: Sequence[npt.NDArray[np.int64]]) -> tuple[Floats, ...]:
    """Best actions in the rows where a player's own moves never lead, from the last ones in the tree on."""
    first: dict[tuple[int, int], int] = {}
    for number, node in enumerate(written_tree(game).nodes):
        if node.mover is not None and node.mover >= 0:
            first.setdefault((node.mover, node.place), number)
    rows = sorted(
        (
            (first[player, game.places[player][row]], player, int(row))
            for player, own in enumerate(absent)
            for row in own
        ),
        reverse=True,
    )
    for _, player, row in rows:
        with jax.enable_x64(True):
            values = np.asarray(game.counterfactual_values(strategies)[player])[row]
            comes = float(game.others_reach(strategies)[player][row]) > 0
        columns = list(game.columns[player][row])
        if not comes:
            seen = followed(game, strategies)
            members = seen.members[player, game.places[player][row]]
            after = [[seen.values[below, player] for below in seen.layout.below[node]] for node in members]
            values = np.zeros(len(values))
            values[columns] = np.mean(after, axis=0)
        best = max(columns, key=lambda column: values[column])
        strategies[player][row] = np.eye(strategies[player].shape[1])[best]
    return tuple(strategies)
