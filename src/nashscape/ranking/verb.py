"""`rank`: players from the best to the worst, by one method or several."""

from collections.abc import Callable, Sequence
from typing import Any, overload

import numpy as np

from nashscape.core import InputError, Status, choice, finite_number, record
from nashscape.core.calls import public
from nashscape.core.results_by_name import ResultsByName
from nashscape.ranking.given_results import results_of
from nashscape.ranking.matches import Matches
from nashscape.ranking.methods import found_method
from nashscape.ranking.player_orders import Orders
from nashscape.ranking.ranking_results import Ranking, Scored, competition_ranks


@overload
def rank(results: Any, by: str | None = ..., *, level: float = ..., columns: Sequence[str] | None = ...) -> Ranking: ...
@overload
def rank(
    results: Any, by: Sequence[str], *, level: float = ..., columns: Sequence[str] | None = ...
) -> ResultsByName[Ranking]: ...
@public()
def rank(results: Any, by: Any = None, *, level: float = 0.95, columns: Sequence[str] | None = None) -> Any:
    """Players from the best to the worst, from the results of their matches or races, and how sure each rank is.

    Methods say different things of the same results. bradley-terry: strengths that explain them, whatever the order,
    and a note where they do not; plackett-luce: the same of orders of several players, as of races. elo: ratings in the
    order of the matches, and what that order does. copeland: whom each beats. maximal-lottery and nash-averaging: the
    mixture of players that nobody beats, which answers circles; alpha-rank: where evolution spends its time. Each gives
    with the rank of a player the best and the worst one that the results leave to it; `Ranking.sureness` says by which
    argument.

    Args:
        results: the path of a CSV file, a data frame, rows (player, player, result), or `Matches`, see `matches`; or
            `Orders`, or a file or data frame whose columns say that it holds orders, see `orders`.
        by: the method, with options as "elo:k=16"; or several, which give a mapping. `ranking_catalogue` lists them.
            By default bradley-terry, of orders plackett-luce.
        level: confidence level of all ranks together.
        columns: names of the columns of the players and the result, where a table has others; of the race, the player
            and the place where the third is called so.

    Raises:
        InputError: for results that cannot be read, an unknown method, and one that does not take such results.

    Example:
        >>> found = rank([("ann", "bob", "win")] * 9 + [("bob", "cy", "win")] * 8 + [("cy", "ann", "loss")] * 9
        ...              + [("cy", "bob", "win"), ("bob", "ann", "win")])
        >>> found
        <Ranking of 3 players by bradley-terry: 1. ann (2.273), 2. bob (-0.03881), 3. cy (-2.234)>
        >>> found.best.tolist(), found.worst.tolist()
        ([1, 2, 3], [1, 2, 3])

    Source: see the method, and `Ranking.citation`.
    """
    found = results_of(results, columns)
    by = found.usual if by is None else by
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if not hasattr(by, "__len__"):
        raise InputError(f"by is a method of ranking, such as bradley-terry, or several; got {by!r}")
    if isinstance(by, str):
        return _ranked(found, by, level)
    if not by:
        raise InputError("no method of ranking is given; name one, such as bradley-terry, or several")
    if len(set(by)) < len(by):
        raise InputError(f"methods of ranking are different ones; got {', '.join(by)}")
    return ResultsByName((str(text), _ranked(found, text, level)) for text in by)


def _ranked(given: Matches | Orders, text: str, level: float) -> Ranking:
    method = found_method(text)
    found = _as_taken(given, getattr(method.thing, "takes", "matches"), method.called.replace("_", "-"))
    scored: Scored = method.call(found, level)
    n = len(found.players)
    if {len(getattr(scored, name, ())) for name in ("scores", "best", "worst")} != {n}:
        raise InputError(
            f"{method.called} must give Scored with a score and ranks for each of {n} players; got {scored!r}"
        )
    ranks = competition_ranks([one.value for one in scored.scores]) if scored.placed is None else scored.placed
    order = sorted(range(n), key=lambda k: (ranks[k], scored.best[k], scored.worst[k], k))
    asked = {found.what: found, "method": method.thing, "options": dict(method.given or {}), "level": level}
    return Ranking(
        method=text,
        players=tuple(found.players[k] for k in order),
        ranks=np.array(ranks, np.int64)[order],
        scores=tuple(scored.scores[k] for k in order),
        best=np.asarray(scored.best)[order],
        worst=np.asarray(scored.worst)[order],
        unit=scored.unit,
        sureness=scored.ranks,
        matches=found.played.sum(1)[order],
        points=found.points[np.ix_(order, order)],
        level=level,
        status=Status.COMPLETE,
        provenance=record("ranking", asked, sources=scored.sources, notes=scored.notes),
    )


def _as_taken(given: Matches | Orders, kind: str, by: str) -> Matches | Orders:
    """Results as a method takes them, or the reason why it cannot."""
    kinds: dict[str, Callable[[str], Any]] = {
        "matches": given.as_matches,
        "orders": given.as_orders,
        "pairs": given.as_pairs,
    }
    found: Matches | Orders = kinds[choice(kind, f"what {by} takes", kinds)](by)
    return found
