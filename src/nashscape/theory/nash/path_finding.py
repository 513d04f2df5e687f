"""Equilibria at the ends of paths: from where nobody plays, and on from every one that is found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nashscape.core import InputError, Status, citations, finite_number
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.games.naming import action_index, player_index
from nashscape.theory.nash.budgets import Budget, Stopped
from nashscape.theory.nash.descriptions import support_name
from nashscape.theory.nash.lemke_howson import Bases, path
from nashscape.theory.nash.path_results import Edge, LemkeHowsonPath, LemkeHowsonPaths, Pivot
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.written_out import MOST_EXACT, written_out

SECONDS = 60.0
"""Time after which no further path is followed, unless another is given."""

Pair = tuple[Strategy, Strategy]


@public()
def lemke_howson_path(game: "GameLike", label: "int | Sequence[int | str]" = 0) -> LemkeHowsonPath:
    """The path of Lemke and Howson that drops one label, pivot by pivot, and the equilibrium at its end.

    An action is a *label* of its player's strategy if it is not played, and of the other's if it is a best response. A
    profile with all labels is an equilibrium. The path begins where nobody plays anything, gives up one label, and
    moves along edges of the two polytopes, always giving up the label that it has twice, until the missing one is back.
    It ends in an equilibrium for every game and label: pivots are in whole numbers, and ties are broken as if payoffs
    were moved by so little that nothing else changes.

    Args:
        game: one of two players with payoffs for all profiles.
        label: a number, the first player's actions first, or player and action, such as `(0, "C")`.

    Raises:
        InputError: for more players, a label that is none, and games that cannot be written out or have more than
            100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> found = lemke_howson_path(games.battle_of_the_sexes(), (0, "S"))
        >>> found
        <LemkeHowsonPath: without S of player 1, 2 pivots to SS>
        >>> [(one.player, one.dropped, one.taken) for one in found.pivots]
        [('player 1', 'S of player 1', 'S of player 2'), ('player 2', 'S of player 2', 'S of player 1')]

    Source: Lemke, Howson (1964); ties as in von Stengel (2002).
    """
    form = _two_players(game)
    names = _labels(form)
    number = _label(form, label)
    pivots, end = _followed(form, Bases.artificial(form.fractions), number, names, Budget(float("inf")))
    return _path(form, names[number], pivots, end)


@public()
def lemke_howson_paths(game: "GameLike", *, seconds: float = SECONDS) -> LemkeHowsonPaths:
    """Every equilibrium that paths of Lemke and Howson reach: from where nobody plays, and from one another.

    Every label gives a path from every node to another one, so that equilibria and the profile where nobody plays make
    a network. It is followed from the latter. Other parts of it, which hang together with no path from there, are not
    found: `equilibria` finds all.

    Args:
        game: one of two players with payoffs for all profiles.
        seconds: after which no further path is followed; by default 60.

    Raises:
        InputError: as in `lemke_howson_path`, and for a time that is not positive.

    Example:
        >>> from nashscape import games
        >>> lemke_howson_paths(games.stag_hunt())
        <LemkeHowsonPaths of stag_hunt: 8 paths, 3 equilibria: CC, DD, C+D/C+D>

    Source: Lemke, Howson (1964); Shapley (1974) for the network and its signs.
    """
    form = _two_players(game)
    budget = Budget(finite_number(seconds, "seconds", low=0.0, low_open=True))
    names = _labels(form)
    with budget.until_asked():
        made = _network(Bases.artificial(form.fractions), names, form, budget)
    profiles = [one.profile for one in made.nodes[1:]]
    unique = list(dict.fromkeys(profiles))
    return LemkeHowsonPaths(
        game=form.name,
        form=form,
        labels=names,
        paths=tuple(made.paths),
        equilibria=tuple(unique),
        names=tuple(_checked_name(form, one) for one in unique),
        nodes=(-1, *map(unique.index, profiles)),
        signs=tuple(made.signs),
        edges=tuple(made.edges),
        status=Status.COMPLETE if made.complete else Status.INTERRUPTED,
        provenance=record(
            "paths of Lemke and Howson",
            {"game": form},
            sources=[citations.LEMKE_HOWSON, citations.LEMKE_HOWSON_NETWORKS],
        ),
    )


@dataclass
class _Network:
    """Nodes with their signs, the paths between them, and those from the first node step by step."""

    nodes: list[Bases]
    signs: list[int] = field(default_factory=lambda: [-1])
    edges: list[Edge] = field(default_factory=list)
    paths: list[LemkeHowsonPath] = field(default_factory=list)
    complete: bool = False


def _network(start: Bases, names: tuple[str, ...], form: DenseGame, budget: Budget) -> _Network:
    """The part of the network that hangs together with a node, followed node by node, label by label."""
    made = _Network([start])
    numbers, used = {start.key: 0}, set()
    try:
        for node, here in enumerate(made.nodes):  # which grows as it is walked through
            for label in range(len(names)):
                if (node, label) in used:
                    continue
                pivots, end = _followed(form, here, label, names, budget)
                if end.key not in numbers:
                    numbers[end.key] = len(made.nodes)
                    made.nodes.append(end)
                    made.signs.append(-made.signs[node])
                other = numbers[end.key]
                used |= {(node, label), (other, label)}
                made.edges.append(Edge((node, other), names[label], len(pivots)))
                if node == 0:
                    made.paths.append(_path(form, names[label], pivots, end))
        made.complete = True
    except Stopped:
        pass
    return made


def _followed(
    form: DenseGame, start: Bases, label: int, names: tuple[str, ...], budget: Budget
) -> tuple[list[Pivot], Bases]:
    pivots, end = [], start
    for step in path(start, label):
        budget.check()
        end = step.after
        pivots.append(Pivot(form.players[step.side], names[step.dropped], names[step.taken], end.strategies))
    return pivots, end


def _path(form: DenseGame, label: str, pivots: list[Pivot], end: Bases) -> LemkeHowsonPath:
    return LemkeHowsonPath(label, tuple(pivots), _checked_name(form, end.profile), end.profile)


def _checked_name(form: DenseGame, profile: Pair) -> str:
    """The name of an equilibrium, once it is seen in fractions that nobody gains by deviating."""
    x, y = (np.array(own, dtype=object) for own in profile)
    for own, values in ((x, form.fractions[0] @ y), (y, x @ form.fractions[1])):
        assert max(values.tolist()) == own @ values, "a path ends in an equilibrium"
    return support_name(form, [[a for a, p in enumerate(own) if p] for own in profile])


def _two_players(game: "GameLike") -> DenseGame:
    form = written_out(game, "follow paths of Lemke and Howson", most=MOST_EXACT)
    if form.n_players != 2:
        raise InputError(f"paths of Lemke and Howson are those of two players; {form.name} has {form.n_players}")
    return form


def _labels(form: DenseGame) -> tuple[str, ...]:
    return tuple(
        f"{name} of {player}" for player, names in zip(form.players, form.actions, strict=True) for name in names
    )


def _label(form: DenseGame, label: "int | Sequence[int | str]") -> int:
    """The number of a label that was given by number, or by player and action."""
    m, k = form.shape
    if isinstance(label, int) and not isinstance(label, bool):
        if not 0 <= label < m + k:
            raise InputError(f"labels of {form.name} are numbered from 0 to {m + k - 1}; got {label}")
        return label
    if isinstance(label, bool | str) or not isinstance(label, Sequence) or len(label) != 2:
        raise InputError(f'a label is a number, or a player and an action, such as (0, "C"); got {label!r}')
    i = player_index(form, label[0])
    return i * m + action_index(form, i, label[1])
