"""The study of the card: masses of α-rank, how often graphs are right, and how many plays that takes."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape.core import wilson
from nashscape.ranking import alpha_rank, rank, response_graph, sufficient_plays
from nashscape.ranking.graph_sampling import ROWLAND
from nashscape.ranking.looks import edges_of
from nashscape.ranking.spending import FIRST_BETTER, OPEN, SECOND_BETTER, TIE, Spent, bernoulli, spend
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.incomplete_information_ranking.kuhn_policies import chances
from nashscape.systems.incomplete_information_ranking.peeking import at_our_looks, every_round, settled
from nashscape.systems.incomplete_information_ranking.soccer_policies import meta_game
from nashscape.systems.measured import measuring
from nashscape.systems.statements import below, exactly, holds, mean_above, near

Floats = npt.NDArray[np.float64]

GAMES = {"quick": 100, "full": 400, "thorough": 2000}
"""Random games of two and three players in which graphs are learned."""
FIGURES = 43
MATCHES, DIGITS = 100, 6
"""Runs that learn graphs of soccer, and digits of payoffs in the limit, where ties count."""
LEVEL, GAP, MOST = 0.9, 0.05, 1_000_000
SHAPES = {"3 × 3": (3, 3), "2 × 3 × 2": (2, 3, 2)}
SCHEMES = ("uniform", "uniform-exhaustive", "valence-weighted", "count-weighted")
BOUNDS = ("hoeffding", "clopper-pearson")

MASSES = (0.40966787, 0.07959841, 0.20506998, 0.08505983, 0.2206039)


def _rows(games: int, seed: int) -> Iterator[Row]:
    yield from _masses()
    yield from _limits()
    yield from _circle()
    for said, actions in SHAPES.items():
        yield from _learned(said, actions, games, seed)
    yield from _intervals(games, seed)
    yield from _peeking()
    yield from _kuhn(games, seed)
    yield from _soccer(games, seed)


def commitments() -> Floats:
    """Five ways to play a prisoner's dilemma with commitments, `[5, 5]`, of the row against the column."""
    r, t, p, s, fine, cost = 1.0, 2.0, 0.0, -1.0, 4.0, 0.25
    return np.array([
        [r - cost / 2, r - cost, 0, s + fine - cost, r - cost],
        [r, r, s, s, s],
        [0, t, p, p, p],
        [t - fine, t, p, p, p],
        [r, t, p, p, p],
    ])  # fmt: skip


def _masses() -> Iterator[Row]:
    found = alpha_rank(commitments(), intensity=0.1, population=20)
    for k, mass in enumerate(MASSES):
        yield near("masses", f"mass of strategy {k + 1}", mass, float(found.masses[k]), 5e-9)
    other = alpha_rank(commitments(), intensity=0.1, population=20, selection="resident").masses
    apart = float(np.abs(other - MASSES).max())
    yield holds("whole-population", "who meets the other kind alone has other masses", apart > 0.05, f"by {apart:.3f}")


def _limits() -> Iterator[Row]:
    ends = [alpha_rank(np.stack([np.diag(own)] * 2)).masses for own in ([2.0, 1.0], [1.0, 2.0])]
    yield holds("limits", "diag(2, 1) ends at the first, diag(1, 2) at the second, by the same graph",
                [bool(ends[0][0] == 1), bool(ends[1][3] == 1)], "both")  # fmt: skip
    huge = alpha_rank(commitments(), intensity=1e4, population=100).masses
    limit = alpha_rank(commitments(), population=100).masses
    yield near("limits", "α = 10⁴ against the limit, largest difference", 0.0, float(np.abs(huge - limit).max()), 1e-6)


def _circle() -> Iterator[Row]:
    """Everybody beats one other in nine of ten: ratings are equal, and predict even chances."""
    pairs = [("a", "b"), ("b", "c"), ("c", "a")]
    played = [(i, j, 1) for i, j in pairs for _ in range(9)] + [(i, j, 0) for i, j in pairs]
    found = rank(played)
    spread = max(one.value for one in found.scores) - min(one.value for one in found.scores)
    chance = 1 / (1 + np.exp(-spread))
    yield near("circles", "chance that ratings give to who wins nine of ten", 0.5, float(chance), 1e-6)


def drawn(actions: tuple[int, ...], games: int, seed: int) -> Floats:
    """Bernoulli games in which no compared means are nearer than the gap, `[games, profiles, players]`."""
    random, edges = np.random.default_rng(seed), edges_of(actions)
    made: list[Floats] = []
    while len(made) < games:
        own = random.uniform(size=(int(np.prod(actions)), len(actions)))
        if np.abs(own[edges.first, edges.player] - own[edges.second, edges.player]).min() > GAP:
            made.append(own)
    return np.array(made)


def learned(
    means: Floats, actions: tuple[int, ...], scheme: str, bound: str, seed: int, *, tolerance: float = 0.0,
    most: int = MOST,
) -> Spent:  # fmt: skip
    """Graphs of all games, each learned by itself."""
    draw = bernoulli(means, np.random.default_rng((seed, 1)))
    return spend(draw, len(means), actions, scheme=scheme, bound=bound, level=LEVEL, tolerance=tolerance, most=most,
                 random=np.random.default_rng((seed, 2)))  # fmt: skip


def _gains(means: Floats, actions: tuple[int, ...]) -> Floats:
    edges = edges_of(actions)
    return means[:, edges.second, edges.player] - means[:, edges.first, edges.player]


def _learned(said: str, actions: tuple[int, ...], games: int, seed: int) -> Iterator[Row]:
    means = drawn(actions, games, seed)
    truth = np.where(_gains(means, actions) > 0, SECOND_BETTER, FIRST_BETTER)
    plays = {}
    for bound in BOUNDS:
        for scheme in SCHEMES:
            spent = learned(means, actions, scheme, bound, seed)
            wrong = int((spent.known != truth).any(axis=1).sum())
            plays[scheme, bound] = spent.plays.sum(axis=1)
            yield below("recovered", f"{said}, {scheme}, {bound}: graphs not wholly right", 1 - LEVEL,
                        wilson(wrong, games))  # fmt: skip
    fixed = learned(means, actions, "every", "hoeffding", seed).plays.sum(axis=1)
    yield mean_above("fewer-plays", f"{said}: log₂ of plays of all profiles alike over count-weighted", 0.5,
                     _spread(np.log2(fixed / plays["count-weighted", "hoeffding"])))  # fmt: skip
    for scheme in ("valence-weighted", "count-weighted"):
        yield mean_above("weights", f"{said}: log₂ of plays, uniform over {scheme}", 0.1,
                         _spread(np.log2(plays["uniform", "hoeffding"] / plays[scheme, "hoeffding"])))  # fmt: skip
    shape = (len(actions), *actions)
    enough = np.array([sufficient_plays(own.T.reshape(shape), level=LEVEL) for own in means[:50]])
    yield holds("enough", f"{said}: no more plays than our bound", plays["count-weighted", "hoeffding"][:50] <= enough,
                "in all games")  # fmt: skip


def _spread(values: Floats) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


def _intervals(games: int, seed: int) -> Iterator[Row]:
    """Bounds of the masses of α-rank after few plays, in games of two and three actions."""
    random, missed = np.random.default_rng((seed, 3)), 0
    for k in range(games):
        means = random.uniform(size=(2, 2, 3))
        found = response_graph(means, level=LEVEL, most=600, seed=k)
        truth = alpha_rank(means, intensity=2.0, population=5).masses
        bounds = found.masses(2.0, population=5)
        missed += not all(b.low - 1e-9 <= m <= b.high + 1e-9 for m, b in zip(truth, bounds, strict=True))
    yield below("intervals", "2 × 3 games in which a mass is outside its bounds", 1 - LEVEL, wilson(missed, games))


def _peeking() -> Iterator[Row]:
    """An edge of .51 against .50, with one interval at every look and with ours."""
    error, rounds = 0.3, 2000
    peeked = settled(0.51, 0.5, every_round(error, rounds))
    once = settled(0.51, 0.5, np.append(np.zeros(rounds - 1), error))
    ours, alike = (settled(larger, 0.5, at_our_looks(1 - error, rounds)) for larger in (0.51, 0.5))
    yield near("peeking", ".51 against .50, a look after every round: wrong", 0.295, peeked.wrong, 0.005)
    yield below("peeking", "one look at the end: wrong", 0.02, exactly(once.wrong + once.lost))
    yield below("looks", ".51 against .50, our looks at a level of .7: wrong", error, exactly(ours.wrong + ours.lost))
    yield below("looks", ".50 against .50: settled at all", error, exactly(1 - alike.open))


def _kuhn(games: int, seed: int) -> Iterator[Row]:
    _, wrong = known(chances(), "count-weighted", games, seed)
    yield below("kuhn", "runs whose graph of seven policies is not wholly right", 1 - LEVEL, wilson(wrong, games))


def _soccer(games: int, seed: int) -> Iterator[Row]:
    """Graphs of policies of soccer, and how α-rank ranks these."""
    meta, games = meta_game(), min(games, MATCHES)
    plays, wrong = known(meta.chances, "count-weighted", games, seed)
    fixed, _ = known(meta.chances, "every", games, seed)
    yield below("soccer", "runs whose graph of six policies is not wholly right", 1 - LEVEL, wilson(wrong, games))
    yield mean_above("soccer", "log₂ of plays of all profiles alike over count-weighted", 0.5,
                     _spread(np.log2(fixed / plays)))  # fmt: skip
    masses = alpha_rank(meta.chances.round(DIGITS)).masses.reshape(meta.payoffs.shape)
    best = meta.names.index("minimax")
    yield near("soccer-minimax", "least that the minimax policy gets, of all policies there are", 0.0, meta.least, 1e-9)
    yield near("soccer-minimax", "its mass in the limit, on both sides", 1.0, float(masses[best, best]), 1e-12)


def known(table: Floats, scheme: str, games: int, seed: int, tolerance: float = 0.02) -> tuple[Floats, int]:
    """Plays of every run that learns a graph of policies, and how many graphs are not wholly right.

    Right is an order that is true, and a tie of two that are no further apart than the tolerance.
    """
    shape = table.shape[1:]
    means = np.broadcast_to(table.reshape(2, -1).T, (games, table[0].size, 2))
    spent, gains = (
        learned(means, shape, scheme, "clopper-pearson", seed, tolerance=tolerance, most=100 * MOST),
        _gains(means, shape),
    )
    right = np.where(
        spent.known == TIE, np.abs(gains) <= tolerance, spent.known == np.where(gains > 0, SECOND_BETTER, FIRST_BETTER)
    )
    return spent.plays.sum(axis=1), int((~right | (spent.known == OPEN)).any(axis=1).sum())


measure = measuring("incomplete-information-ranking", GAMES, _rows, of="games", figures=FIGURES, sources=[ROWLAND])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
