"""Rankings and response graphs as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns, estimates
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.core.usual_tables import NOTHING
from nashscape.ranking.alpha_ranks import AlphaRank
from nashscape.ranking.ranking_results import Ranking
from nashscape.ranking.response_graphs import EQUAL, UNKNOWN, ResponseGraph


def columns_of_ranking(found: Ranking) -> Columns:
    """A row for every player, the best first."""
    return {
        "player": np.array(found.players),
        "rank": np.array(found.ranks),
        "best_rank": found.best,
        "worst_rank": found.worst,
        **estimates("score", found.scores),
        "matches": found.matches,
        "points": found.points.sum(1),
    }


@one_by_one
def ranking_table(found: Ranking) -> Table:
    """Every player with its rank, the ranks that are left to it, its score and its points."""
    rows = [
        (f"{rank}", name, f"{best}" if best == worst else f"{best} to {worst}", interval(score), f"{got:g} of {m}")
        for rank, name, best, worst, score, got, m in zip(
            found.ranks, found.players, found.best, found.worst, found.scores, found.points.sum(1), found.matches,
            strict=True,
        )
    ]  # fmt: skip
    return Table(
        f"{len(found.players)} players by {found.method}",
        ("rank", "player", "ranks left", found.unit, "points"),
        shortened(rows),
        left=("player",),
        notes=(f"Ranks left at {100 * found.level:g} %: by {found.sureness}.", *standing([found])),
    )


def columns_of_alpha_rank(found: AlphaRank) -> Columns:
    """A row for every profile, in the order of the payoffs."""
    return {"profile": np.array(found.profiles), "rank": np.array(found.ranks), "mass": found.masses}


@one_by_one
def alpha_rank_table(found: AlphaRank) -> Table:
    """The profiles with their masses, the largest first, and whether they are in a group that nothing leaves."""
    within = {name: k + 1 for k, group in enumerate(found.sinks) for name in group}
    rows = [
        (f"{found.ranks[k]}", found.profiles[k], f"{found.masses[k]:.6f}", f"{within.get(found.profiles[k], NOTHING)}")
        for k in found.order
    ]
    return Table(
        f"α-rank of {len(found.profiles)} profiles, α = {found.intensity:g}, populations of {found.population}",
        ("rank", "profile", "mass", "sink"),
        shortened(rows),
        left=("profile",),
        notes=(f"Groups that nothing leaves where mutants must be no worse: {len(found.sinks)}.", *standing([found])),
    )


def columns_of_response_graph(found: ResponseGraph) -> Columns:
    """A row for every edge: its two profiles, who plays differently, what is known, and what the second gives more."""
    first, second = found.edges.T
    names = np.array(found.profiles)
    at = found.players
    return {
        "first": names[first],
        "second": names[second],
        "player": at + 1,
        "preferred": np.array([{EQUAL: "equal", UNKNOWN: ""}.get(int(k), found.profiles[k]) for k in found.preferred]),
        "gain": found.estimates[second, at] - found.estimates[first, at],
        "gain_low": found.low[second, at] - found.high[first, at],
        "gain_high": found.high[second, at] - found.low[first, at],
    }


@one_by_one
def response_graph_table(found: ResponseGraph) -> Table:
    """The profiles with their plays, how many edges lead away, are equal or open, and the mass that is left to each."""
    known, count = found.known(), len(found.profiles)
    first, second = found.edges.T
    equal, left = (
        np.bincount(np.concatenate([first[which], second[which]]), minlength=count)
        for which in (found.preferred == EQUAL, found.preferred == UNKNOWN)
    )
    order = np.lexsort((np.arange(count), -found.least, -found.most))
    rows = [
        (found.profiles[k], f"{found.plays[k]:,}", f"{known.surely[k].sum()}", f"{equal[k]}", f"{left[k]}",
         f"{found.least[k]:.4f}" if found.least[k] == found.most[k] else f"{found.least[k]:g} to {found.most[k]:g}")
        for k in order
    ]  # fmt: skip
    return Table(
        f"Response graph of {count} profiles by {int(found.plays.sum()):,} plays, {found.scheme}, {found.bound}",
        ("profile", "plays", "left for", "equal", "open", "mass in the limit"),
        shortened(rows),
        left=("profile",),
        notes=(f"All edges together at {100 * found.level:g} %.", *standing([found])),
    )
