"""Playouts of a tree in plain Python: upper confidence bounds at information sets, and random moves below them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from nashscape.games import TreeGame
from nashscape.games.forms.trees.outcomes import written_tree

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Playing:
    """A tree as playouts walk it. Every list has an entry for each node.

    Attributes:
        movers: the player who moves, -1 for chance, None at an end.
        rows: the row of its information set among the mover's; at an end the number of the play.
        below: the nodes that follow.
        shares: of a chance node the sums of the chances up to each branch.
        payoffs: of every play, `[Z][n]`.
        ranges: of every player's own payoffs.
        members: of every (player, row) its nodes.
    """

    movers: list[int | None]
    rows: list[int]
    below: list[tuple[int, ...]]
    shares: list[list[float]]
    payoffs: list[list[float]]
    ranges: list[float]
    members: dict[tuple[int, int], list[int]]


def playing(game: TreeGame) -> Playing:
    """The tree of a game, made ready."""
    tree = written_tree(game)
    rows = [{place: row for row, place in enumerate(own)} for own in game.places]
    numbers, ends, members = [], 0, {}  # type: ignore[var-annotated]
    for number, node in enumerate(tree.nodes):
        ends += node.mover is None
        if node.mover is not None and node.mover >= 0:
            numbers.append(rows[node.mover][node.place])
            members.setdefault((node.mover, numbers[-1]), []).append(number)
        else:
            numbers.append(ends - 1)
    return Playing(
        [node.mover for node in tree.nodes], numbers, tree.below(),
        [list(accumulate(map(float, node.chances))) for node in tree.nodes],
        np.asarray(game.payoffs).T.tolist(), game.own_ranges.tolist(), members,
    )  # fmt: skip


def beliefs(play: Playing, game: TreeGame, blueprint: Sequence[Floats], player: int, row: int) -> Floats:
    """How likely each node of an information set is, given that its player is there: chance, and others' blueprints."""
    weights = np.ones(len(play.below))
    tree = written_tree(game)
    for number, below in enumerate(play.below):
        mover = play.movers[number]
        for branch, one in enumerate(below):
            own = 1.0
            if mover == -1:
                own = float(tree.nodes[number].chances[branch])
            elif mover is not None and mover != player:
                own = float(blueprint[mover][play.rows[number], game.columns[mover][play.rows[number]][branch]])
            weights[one] = weights[number] * own
    found = weights[play.members[player, row]]
    total = found.sum()
    return found / total if total > 0 else np.full(len(found), 1.0 / len(found))


@dataclass
class Bandit:
    """What is known of the actions of one information set.

    Attributes:
        visits: of each branch.
        totals: what its mover got after each, in payoff units.
    """

    visits: list[int]
    totals: list[float]


@dataclass
class Playouts:
    """Searches that share no statistics: one for every time that somebody is to move.

    Attributes:
        play: the tree.
        exploration: c of the upper confidence bounds, in ranges of the mover's payoffs.
        random: what is drawn by.
        known: of every (player, row) what this search has seen.
    """

    play: Playing
    exploration: float
    random: np.random.Generator
    known: dict[tuple[int, int], Bandit] = field(default_factory=dict)

    def once(self, node: int) -> None:
        """One play from a node to an end, and what it tells."""
        play, way, tried = self.play, [], True
        while (mover := play.movers[node]) is not None:
            below = play.below[node]
            if mover < 0:
                branch = self._drawn(play.shares[node])
            elif tried:
                bandit = self.known.get((mover, play.rows[node]))
                # the first information set that is new ends the part of the tree that is remembered
                tried = bandit is not None
                if bandit is None:
                    bandit = self.known[mover, play.rows[node]] = Bandit([0] * len(below), [0.0] * len(below))
                branch = self._best(bandit, play.ranges[mover])
                way.append((mover, bandit, branch))
            else:
                branch = int(self.random.random() * len(below))
            node = below[branch]
        paid = play.payoffs[play.rows[node]]
        for mover, bandit, branch in way:
            bandit.visits[branch] += 1
            bandit.totals[branch] += paid[mover]

    def _drawn(self, shares: list[float]) -> int:
        number = self.random.random() * shares[-1]
        return next(k for k, share in enumerate(shares) if number < share)

    def _best(self, bandit: Bandit, scale: float) -> int:
        """The branch with the largest upper confidence bound, one that was never tried before all others."""
        new = [k for k, count in enumerate(bandit.visits) if count == 0]
        if new:
            return new[int(self.random.random() * len(new))]
        more = self.exploration * scale * sqrt(log(sum(bandit.visits)))
        bounds = [total / n + more / sqrt(n) for total, n in zip(bandit.totals, bandit.visits, strict=True)]
        return bounds.index(max(bounds))
