"""Dominated actions, once and round after round."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from nashscape.core import InputError, Status, choice, citations
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.theory.domination.actions import BY, KINDS, Dominated, margins, own_table, verdict
from nashscape.theory.domination.results import IteratedDominance
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.written_out import MOST_EXACT, written_out

Left = list[list[int]]
"""The actions that are left of every player."""


@public()
def dominated_actions(game: "GameLike", *, kind: str = "strict", by: str = "mixed") -> tuple[Dominated, ...]:
    """The dominated actions of all players, each with the strategy that dominates it, which is the check.

    A strategy σ_i strictly dominates an action a if `u_i(σ_i, s) > u_i(a, s)` for all joint actions s of the others,
    and weakly if `u_i(σ_i, s) ≥ u_i(a, s)`, with `>` at some s. Payoffs are the numbers that were given, in fractions,
    so that no tolerance decides.

    Args:
        game: one with payoffs for all profiles, of any number of players.
        kind: "strict", or "weak", which counts what is strictly dominated too.
        by: "mixed" for all strategies, "pure" for actions alone.

    Raises:
        InputError: for another kind, and a game that cannot be written out, or has more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> game = games.bimatrix([[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [0, 0]])
        >>> print(*dominated_actions(game))
        C of player 1 is strictly dominated by 1/2 A + 1/2 B
        >>> dominated_actions(game, by="pure")
        ()

    Source: Gale, Kuhn, Tucker (1950); Pearce (1984).
    """
    choice(kind, "kind", KINDS)
    choice(by, "kind of dominating strategy", BY)
    form = written_out(game, "find dominated actions", most=MOST_EXACT)
    return _round(form, form.fractions, [list(range(k)) for k in form.shape], kind, by)[0]


@public()
def iterated_dominance(game: "GameLike", *, kind: str = "strict", by: str = "mixed") -> IteratedDominance:
    """What is left once dominated actions are removed, again and again, with what dominates each of those removed.

    In every round *all* actions of all players that are dominated in what is left are removed at once. For strict
    domination the order changes nothing in the end; for weak domination it can, and this is one order of several.

    With `kind="strict"` and `by="mixed"`, what is left are the actions that are rationalisable with beliefs in which
    the others may act together, and every one has such a belief to show for itself. For two players these are the
    rationalisable actions of Bernheim and Pearce; for more, theirs hold the others to act independently, and may be
    fewer.

    Args:
        game: one with payoffs for all profiles, of any number of players.
        kind: "strict" or "weak".
        by: "mixed" for all strategies, "pure" for actions alone.

    Raises:
        InputError: as in `dominated_actions`.

    Example:
        >>> from nashscape import games
        >>> game = games.bimatrix([[3, 0, 1], [0, 3, 1], [1, 1, 0]], [[0, 1, -1], [1, 0, -1], [0, 0, 2]])
        >>> found = iterated_dominance(game)
        >>> found
        <IteratedDominance of game: 2×2 left of 3×3 after 2 rounds of strict domination>
        >>> print(*(one for once in found.rounds for one in once), sep="\\n")
        C of player 1 is strictly dominated by 1/2 A + 1/2 B
        C of player 2 is strictly dominated by A
        >>> print(found.reduced.table())
              A     B
        A  3, 0  0, 1
        B  0, 1  3, 0

    Source: Gale (1953) for the elimination; Bernheim (1984), Pearce (1984); Brandenburger, Dekel (1987) for beliefs of
    more players.
    """
    choice(kind, "kind", KINDS)
    choice(by, "kind of dominating strategy", BY)
    form = written_out(game, "remove dominated actions", most=MOST_EXACT)
    payoffs, left = form.fractions, [list(range(k)) for k in form.shape]
    rounds: list[tuple[Dominated, ...]] = []
    while True:
        removed, beliefs = _round(form, payoffs, left, kind, by)
        if not removed:
            break
        rounds.append(removed)
        gone = {(one.player, one.action) for one in removed}
        left = [[a for a in own if (form.players[i], form.actions[i][a]) not in gone] for i, own in enumerate(left)]
    reduced = DenseGame(
        _part(form.payoffs if form.exact_payoffs is None else payoffs, left),
        form.name,
        form.players,
        tuple(tuple(form.actions[i][a] for a in own) for i, own in enumerate(left)),
    )
    return IteratedDominance(
        game=form.name,
        kind=kind,
        by=by,
        players=form.players,
        actions=form.actions,
        rounds=tuple(rounds),
        reduced=reduced,
        beliefs=beliefs,
        status=Status.COMPLETE,
        provenance=record(
            "iterated dominance",
            {"game": form, "domination": kind, "by": by},
            sources=[citations.RATIONALISABILITY, citations.CORRELATED_RATIONALISABILITY],
        ),
    )


def _part(payoffs: Objects, left: Left) -> Objects:
    made: Objects = payoffs[np.ix_(range(len(payoffs)), *left)]
    return made


def _round(
    form: DenseGame, payoffs: Objects, left: Left, kind: str, by: str
) -> tuple[tuple[Dominated, ...], tuple[tuple[Strategy | None, ...], ...]]:
    """What is dominated among what is left; and beliefs for what is not, by player and action."""
    here = _part(payoffs, left)
    removed: list[Dominated] = []
    beliefs: list[tuple[Strategy | None, ...]] = []
    for i, own in enumerate(left):
        table = own_table(here, i)
        found = [verdict(table, k, kind, by) for k in range(len(own))]
        names = [form.actions[i][a] for a in own]
        for k, one in enumerate(found):
            if one.by is not None:
                removed.append(_dominated(form.players[i], names, k, table, one.by))
        beliefs.append(tuple(one.belief for one in found))
    return tuple(removed), tuple(beliefs)


def _dominated(player: str, names: Sequence[str], action: int, table: Objects, by: Strategy) -> Dominated:
    least, most = margins(table, action, by)
    if least < 0 or most <= 0:
        raise InputError(f"{names[action]} of {player} was said to be dominated, and is not: please report this game")
    kind = "strict" if least > 0 else "weak"
    played = {name: Fraction(p) for name, p in zip(names, by, strict=True) if p}
    return Dominated(player, names[action], kind, played, least, most)
