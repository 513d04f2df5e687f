"""Schelling diagrams: which dilemma it is where everybody chooses between two actions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, bounded_mean, finite_number, record
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.core.sizes import check_size
from nashscape.games.offers import has_table
from nashscape.theory.schelling_results import SchellingDiagram, Sign

ACTIONS = ("restrain", "take")
MOST = 2**20
"""Payoffs of a table that are averaged in fractions."""


@public()
def schelling_diagram(game: Any, *, actions: Sequence[str] | None = None) -> SchellingDiagram:
    """What each of two actions pays by how many of the others choose the first one, and which dilemma that is.

    Let R_k and T_k be what the first and the second action pay where k of the n − 1 others choose the first. If all
    are better off when all choose the first than when nobody does, `R_{n−1} > T_0`, it is a

    * "prisoner's dilemma" if `R_k < T_k` for every k, so that the second action is dominant;
    * "harmony" if `R_k > T_k` for every k;
    * "chicken" if `R_k > T_k` up to some k and `R_k < T_k` from there on;
    * "stag hunt" if it is the other way round: `R_k < T_k` up to some k and `R_k > T_k` from there on.

    It is a "deadlock" if `R_k < T_k` for every k and `R_{n−1} < T_0`, "indifferent" if `R_k = T_k` for every k, and
    "mixed" otherwise, ties and several crossings among it. Comparisons are of fractions.

    Args:
        game: payoffs `[2, n]`, as those of `games.anonymous`, whose fractions and texts are kept; or a game of n
            players who have two actions. Of a game whose players are not alike the diagram is of averages, over
            players and over which k of the others choose the first action, and it tells no equilibria.
        actions: two names; those of the game, or "restrain" and "take".

    Raises:
        InputError: for other payoffs, other games, and too many players.

    Example:
        >>> from nashscape import games
        >>> schelling_diagram(games.public_goods())
        <SchellingDiagram of 4 players: prisoner's dilemma>
        >>> found = schelling_diagram([["1/3", 2, 2], [0, 1, 3]])
        >>> found.dilemma, found.equilibria
        ('chicken', (2,))

    Source: T. Schelling, Journal of Conflict Resolution 17(3), 1973.
    """
    payoffs, names, alike = _payoffs(game)
    rounded = payoffs.astype(float)
    signs = [_sign(one - other) for one, other in payoffs.T]
    return SchellingDiagram(
        actions=_names(actions, names),
        payoffs=rounded,
        low=rounded,
        high=rounded,
        level=None,
        gains=tuple(signs),
        all_over_none=_sign(payoffs[0, -1] - payoffs[1, 0]),
        status=Status.COMPLETE,
        provenance=record("Schelling diagram", {"payoffs": payoffs.tolist(), **({} if alike else {"alike": False})}),
        alike=alike,
    )


@public()
def sampled_schelling_diagram(
    plays: Any, *, low: float, high: float, level: float = 0.95, actions: Sequence[str] = ACTIONS
) -> SchellingDiagram:
    """The Schelling diagram of sampled plays, whose dilemma is said only where every comparison is settled.

    Each of the 2 n mean payoffs has an interval by betting, `bounded_mean`, and all of them hold together at the level
    (Bonferroni). A comparison is settled where two intervals are apart. Sampled payoffs are never shown to be equal.
    The chance that a wrong dilemma is said is therefore 1 − level at most.

    Args:
        plays: `[2, n, B]`: by own action, and k of the others who chose the first, the payoffs in B independent plays;
            or lists of lists of as many plays as there were. Of one play take what one player got, or the mean over
            all players of that action.
        low: the least payoff that is possible, known beforehand.
        high: the largest.
        level: with which all intervals hold.
        actions: two names.

    Raises:
        InputError: for plays of another shape, none, payoffs outside the bounds, and a level that is none.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> means = np.array([[0.2, 0.5, 0.7], [0.4, 0.7, 0.9]])
        >>> plays = (rng.random((2000, 2, 3)) < means).transpose(1, 2, 0)
        >>> sampled_schelling_diagram(plays, low=0, high=1)
        <SchellingDiagram of 3 players: prisoner's dilemma>
        >>> sampled_schelling_diagram(plays[..., :20], low=0, high=1).dilemma
        'not settled'

    Source: T. Schelling (1973); intervals as in `bounded_mean`.
    """
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    rows = [list(own) if hasattr(own, "__len__") else [] for own in plays] if hasattr(plays, "__len__") else []
    if len(rows) != 2 or len(rows[0]) != len(rows[1]) or len(rows[0]) < 2:
        raise InputError(
            f"plays are [2, n, B], for each of two actions and each number of the n − 1 others; got lengths "
            f"{[len(own) for own in rows]}"
        )
    each = 1 - (1 - level) / (2 * len(rows[0]))
    means = [[bounded_mean(own, low, high, each) for own in row] for row in rows]
    value, least, most = (np.array([[getattr(own, what) for own in row] for row in means])
                          for what in ("value", "low", "high"))  # fmt: skip
    n = len(rows[0])
    return SchellingDiagram(
        actions=_names(actions, ACTIONS),
        payoffs=value,
        low=least,
        high=most,
        level=level,
        gains=tuple(_settled(least[0, k], most[0, k], least[1, k], most[1, k]) for k in range(n)),
        all_over_none=_settled(least[0, -1], most[0, -1], least[1, 0], most[1, 0]),
        status=Status.COMPLETE,
        provenance=record("Schelling diagram", {"means": value, "plays": [[len(own) for own in row] for row in rows],
                                                "low": low, "high": high, "level": level}),
    )  # fmt: skip


def _sign(difference: Any) -> int:
    return int(difference > 0) - int(difference < 0)


def _settled(low: float, high: float, other_low: float, other_high: float) -> Sign:
    return 1 if low > other_high else -1 if high < other_low else None


def _names(given: Sequence[str] | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    names = usual if given is None else tuple(given)
    if len(names) != 2 or not all(hasattr(own, "upper") for own in names) or len(set(names)) != 2:
        raise InputError(f"actions are two different names, such as {list(ACTIONS)}; got {given!r}")
    return names


def _payoffs(game: Any) -> tuple[Objects, tuple[str, ...], bool]:
    """Payoffs in fractions, `[2, n]`, what the actions are called, and whether players are alike."""
    if not hasattr(game, "players"):
        rounded, exact = exact_array(game, "payoffs", ndim=2)
        if len(rounded) != 2 or rounded.shape[1] < 2:
            raise InputError(
                "payoffs are [2, n], for each of two actions and each number of the n − 1 others, two players at "
                f"least; got shape {list(rounded.shape)}"
            )
        return (fractions_of(rounded) if exact is None else exact), ACTIONS, True
    if len(game.players) < 2 or set(getattr(game, "shape", ())) != {2} or len(game.shape) != len(game.players):
        raise InputError(f"a Schelling diagram is of two players or more with two actions each; got {game!r}")
    names = tuple(game.actions[0])
    if hasattr(game, "by_count"):
        every = fractions_of(game.by_count)
        return every.mean(axis=0), names, bool((every == every[:1]).all())
    if not has_table(game):
        raise InputError(f"a Schelling diagram is of a game with a table of payoffs, or an anonymous one; got {game!r}")
    n = len(game.players)
    check_size("payoffs", n * 2**n, 500.0, lambda most: "take fewer players, or an anonymous game", most=MOST)
    averages, alike = _averages(game.to_dense().fractions)
    return averages, names, alike


def _averages(table: Objects) -> tuple[Objects, bool]:
    """Means over players and over which of the others choose the first action, `[2, n]`, of a table `[n, 2, …, 2]`,
    and whether they are means of what is the same.
    """
    n = len(table)
    firsts: npt.NDArray[np.int64] = (np.indices((2,) * (n - 1)) == 0).sum(axis=0)
    made, alike = np.empty((2, n), object), True
    for action in range(2):
        seen = [table[i].take(action, axis=i) for i in range(n)]
        for k in range(n):
            every = np.concatenate([own[firsts == k] for own in seen])
            made[action, k] = every.sum() / len(every)
            alike = alike and bool((every == every[0]).all())
    return made, alike
