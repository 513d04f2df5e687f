"""`response_graph`: plays spent on the profiles of a game until its response graph is known."""

from typing import Any

import numpy as np

from nashscape.core import InputError, Source, Status, choice, finite_number, record
from nashscape.core.calls import public
from nashscape.core.checks import positive_integer
from nashscape.ranking.alpha_ranks import profile_names
from nashscape.ranking.graph_masses import known_of, limit_bounds
from nashscape.ranking.looks import BOUNDS, FIRST
from nashscape.ranking.plays_asked import counts_named, drawn_by, payoff_bounds, payoff_table, tolerated
from nashscape.ranking.response_graphs import EQUAL, UNKNOWN, ResponseGraph, edges_in_words
from nashscape.ranking.spending import FIRST_BETTER, OPEN, SCHEMES, SECOND_BETTER, TIE, Spent, bernoulli, spend

ROWLAND = Source(
    "rowland", "Rowland, Omidshafiei, Tuyls, Pérolat, Valko, Piliouras, Munos: Multiagent Evaluation under Incomplete "
    "Information. Advances in Neural Information Processing Systems 32, 2019.",
    "https://arxiv.org/abs/1909.09849",
)  # fmt: skip

MOST_NAMED = 8
"""Open edges that are named in a note."""


@public()
def response_graph(
    game: Any,
    *,
    names: Any = None,
    level: float = 0.95,
    scheme: str = "count-weighted",
    bound: str = "hoeffding",
    tolerance: float = 0.0,
    bounds: Any = (0.0, 1.0),
    most: int = 1_000_000,
    seed: int = 0,
) -> ResponseGraph:
    """Play the profiles of a game whose payoffs are noisy until it is known which profile each mutant prefers.

    A profile is looked at after 8, 10, 13, 17 … plays. Look j misses one of its means with probability
    `δ/(|S| K (j+1)(j+2))` at most, δ = 1 − level, for |S| profiles and K players; these sum to δ over all looks,
    profiles and players. So all intervals hold at once with the probability `level`, whatever is played when and
    whenever it ends. An edge is settled where the intervals of its two ends are apart, or where they leave a difference
    of `tolerance` at most; without a tolerance payoffs that are equal are played until the plays are over.

    Args:
        game: payoffs `[players, *actions]` or a game that has such: a play then pays one of the two `bounds`, with
            chances that have these means. Or a function `play(profile, count, random)` of strategies by number, that
            plays so many times and gives payoffs `[count, players]`, with `names`.
        names: of the strategies, a list for each player.
        level: confidence level of all edges together.
        scheme: what is played next: "uniform", an end of an open edge at random; "uniform-exhaustive", one edge after
            the other; "valence-weighted", profiles by the square of how many open edges they have; "count-weighted",
            the profile with open edges that was played least; "every", all alike, with or without open edges.
        bound: "hoeffding"; or "clopper-pearson", of less plays, where every payoff is one of the two bounds.
        tolerance: a difference of payoffs up to which two may be called equal.
        bounds: the least and the largest payoff that are possible.
        most: plays, no more of which are made.
        seed: of everything random.

    Raises:
        InputError: for payoffs out of their bounds, an unknown scheme or bound, fewer plays than 8 of each profile, and
            more than 500 profiles.

    Example:
        >>> found = response_graph([[[0.9, 0.2], [0.5, 0.4]], [[0.8, 0.1], [0.3, 0.6]]], bound="clopper-pearson")
        >>> found.status.value, found.preferred.tolist()
        ('complete', [0, 3, 0, 3])
        >>> response_graph([[[0.9, 0.2], [0.5, 0.2]], [[0.8, 0.1], [0.3, 0.6]]], most=5000).open
        ('0,1 or 1,1 (player 1)',)

    Source: Rowland et al. (2019), sections 3 and 4. When profiles are looked at and how δ is shared out is ours; so is
    that of an edge in "uniform-exhaustive" the end that was played less is played.
    """
    low, high = payoff_bounds(bounds)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    scheme, bound = choice(scheme, "scheme", SCHEMES), choice(bound, "bound", BOUNDS)
    part = tolerated(tolerance, low, high)
    most, seed = positive_integer(most, "most"), positive_integer(seed, "seed", at_least=0)
    random = np.random.default_rng(seed)
    if callable(game):
        actions = counts_named(names)
        draw = drawn_by(game, actions, (low, high), bound == "clopper-pearson", random)
    else:
        table = payoff_table(game, low, high)
        actions = table.shape[1:]
        draw = bernoulli((table.reshape(len(table), -1).T - low) / (high - low), random)
        names = getattr(game, "actions", None) if names is None else names
    profiles = profile_names(names, actions)
    if most < FIRST * len(profiles):
        raise InputError(
            f"most must be at least {FIRST * len(profiles):,}, {FIRST} plays of each profile; got {most:,}"
        )
    spent = spend(draw, 1, actions, scheme=scheme, bound=bound, level=level, tolerance=part,
                  most=most, random=random)  # fmt: skip
    asked = {"game": game if callable(game) else table, "names": profiles, "level": level, "scheme": scheme,
             "bound": bound, "tolerance": tolerance, "bounds": [low, high], "most": most}  # fmt: skip
    return _result(spent, profiles, (low, high), asked, seed)


def _result(
    spent: Spent, profiles: tuple[str, ...], bounds: tuple[float, float], asked: Any, seed: int
) -> ResponseGraph:
    first, second, players = spent.edges
    known = spent.known[0]
    edges, span = np.stack([first, second], axis=1), bounds[1] - bounds[0]
    left = edges_in_words(profiles, edges[known == OPEN], players[known == OPEN])
    graph = known_of(spent.edges, known == SECOND_BETTER, known == FIRST_BETTER, len(profiles))
    least, largest = limit_bounds(graph)
    notes = []
    if left:
        told = "; ".join([*left[:MOST_NAMED], *["…"] * (len(left) > MOST_NAMED)])
        notes.append(f"{len(left)} edges are open: {told}; raise most, or give a tolerance")
    if (least < largest).any():
        notes.append("the graph leaves open how masses are shared in the limit: bounds are given")
    plays = np.maximum(spent.plays[0], 1)[:, None]
    status = Status.INTERRUPTED if spent.early else Status.UNDECIDED if left else Status.COMPLETE
    return ResponseGraph(
        profiles=profiles,
        edges=edges,
        players=players,
        preferred=np.select(
            [known == FIRST_BETTER, known == SECOND_BETTER, known == TIE], [first, second, EQUAL], UNKNOWN
        ),
        plays=spent.plays[0],
        estimates=bounds[0] + span * spent.sums[0] / plays,
        low=bounds[0] + span * spent.low[0],
        high=bounds[0] + span * spent.high[0],
        least=least,
        most=largest,
        level=asked["level"],
        scheme=asked["scheme"],
        bound=asked["bound"],
        tolerance=asked["tolerance"],
        status=status,
        provenance=record("response graph", asked, seed=seed, sources=[ROWLAND], notes=notes),
    )
