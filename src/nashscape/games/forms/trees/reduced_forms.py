"""The reduced normal form of a tree.

A pure strategy of the reduced form says what a player does where it can get with what it does elsewhere; strategies
that differ only where they never come are one (Kuhn 1953). The payoffs of a profile s are sums over all nodes v with an
outcome, inner ones too, u(s) = Σ_v p(v) [s leads to v] u(v), with p(v) the product of the chances on the way.
"""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.exact_numbers import Objects
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.labels import action_names, different
from nashscape.games.forms.trees.nodes import Choices, Node, Own, Tree
from nashscape.games.forms.trees.outcomes import written_tree
from nashscape.games.forms.trees.tree_game import TreeGame

Ways = dict[int, set[Own]]
"""By information set of one player, the own choices that lead there."""

Actions = npt.NDArray[np.int16]

Paths = list[tuple[Node, Fraction, Choices]]
"""All nodes with the chances and choices on the way, as `Tree.paths` gives them."""

STRATEGIES = 20_000
"""Most strategies of one player."""

LARGEST = 1_000_000
"""Payoffs of the largest game that is written out from a tree."""


def of_tree(game: TreeGame) -> DenseGame:
    """The reduced normal form of a game in extensive form; see `normal_form`."""
    payoffs, actions = reduced(written_tree(game), game.name)
    return dense(payoffs, actions=actions, players=game.players, name=game.name)


def reduced(tree: Tree, where: str) -> tuple[Objects, list[tuple[str, ...]]]:
    """Payoffs `[player, s_1, …, s_n]` of the reduced normal form, and the names of strategies.

    A strategy is called by what it does, information set by information set in the order of the tree, with a star
    where it never comes.

    Raises:
        InputError: for a tree whose reduced normal form has more than `STRATEGIES` of one player, or more than
            `LARGEST` payoffs.
    """
    paths = list(tree.paths())
    plans = plans_of(tree, where, paths)
    return _payoffs(paths, plans), [_names(own, plan) for own, plan in zip(tree.sets, plans, strict=True)]


def plans_of(tree: Tree, where: str = "", paths: Paths | None = None) -> list[Actions]:
    """The strategies of every player, `[strategy, information set]`: an action for each, or -1 where it never comes."""
    walked = list(tree.paths()) if paths is None else paths
    plans: list[Actions] = []
    for player in range(len(tree.players)):
        most = min(STRATEGIES, LARGEST // math.prod([len(tree.players), *(len(own) for own in plans)]))
        found = _plans([len(own) for own in tree.sets[player]], _ways(walked, player), most)
        if found is None:
            raise InputError(
                f"{where or tree.name}: the reduced normal form of {tree.name} has more than {STRATEGIES:,} strategies "
                f"of {tree.players[player]}, or more than {LARGEST:,} payoffs, and is not written out; give a smaller "
                "tree"
            )
        plans.append(found)
    return plans


def _ways(paths: Paths, player: int) -> Ways:
    """For every information set of a player, in the order of the tree, the own choices that lead there."""
    ways: Ways = {}
    for node, _, before in paths:
        own = before[player]
        if node.mover == player and own is not None:
            ways.setdefault(node.place, set()).add(own)
    return ways


def _plans(sizes: list[int], ways: Ways, most: int) -> Actions | None:
    """The strategies of a player, `[strategy, information set]`: an action for each, or -1 where it never comes.

    None where there are more than so many.
    """
    plans = np.full((1, len(sizes)), -1, np.int16)
    grown = True
    while grown:  # once, unless a player forgets what it did: then a later set can lead to an earlier one
        grown = False
        for k, leading in ways.items():
            comes = (plans[:, k] < 0) & np.any([_following(plans, way) for way in leading], axis=0)
            if not comes.any():
                continue
            grown, copies = True, np.where(comes, sizes[k], 1)
            if copies.sum() > most:
                return None
            plans, comes = np.repeat(plans, copies, axis=0), np.repeat(comes, copies)
            plans[comes, k] = np.tile(np.arange(sizes[k]), comes.sum() // sizes[k])
    return plans


def _payoffs(paths: Paths, plans: list[Actions]) -> Objects:
    """Expected payoffs of all profiles, exactly: in whole numbers over one denominator."""
    shape = tuple(len(own) for own in plans)
    gains = [
        (tuple(own for own in before if own is not None), [chance * x for x in node.payoffs])
        for node, chance, before in paths
        if node.payoffs and chance and None not in before
    ]
    over = math.lcm(*(x.denominator for _, own in gains for x in own))
    large = sum(max(abs(x.numerator) * (over // x.denominator) for x in own) for _, own in gains)
    kind: Any = np.int64 if large < 2**62 else object
    total = np.zeros((len(plans), *shape), kind)
    for before, own in gains:
        follow = np.ix_(*(_following(plan, choices) for plan, choices in zip(plans, before, strict=True)))
        for player, x in enumerate(own):
            total[player][follow] += x.numerator * (over // x.denominator)
    made = np.empty(total.size, dtype=object)
    made[:] = [Fraction(int(x), over) for x in total.flat]
    return made.reshape(total.shape)


def _following(plan: Actions, choices: Own) -> npt.NDArray[np.bool_]:
    """Which strategies do all this."""
    does: npt.NDArray[np.bool_] = np.ones(len(plan), np.bool_)
    for place, action in choices:
        does &= plan[:, place] == action
    return does


def _names(sets: list[tuple[str, ...]], plan: Actions) -> tuple[str, ...]:
    """What strategies are called."""
    labels = [action_names(own) for own in sets]
    said = [" ".join("*" if a < 0 else own[a] for own, a in zip(labels, one, strict=True)) for one in plan]
    return different([name or "*" for name in said])
