"""The study of the card: the threshold of the stag hunt, existence, and fictitious play of risk-averse players."""

from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import Source
from nashscape.games import DenseGame, bimatrix, random_game, risk_averse
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.risk_averse import fictitious
from nashscape.systems.statements import below, exactly, holds, near
from nashscape.theory import PointEquilibria, equilibria

SOURCE = Source(
    "risk_averse",
    "Slumbers, Mguni, Blumberg, McAleer, Yang, Wang: A Game-Theoretic Framework for Managing Risk in Multi-Agent "
    "Systems. 2022.",
    "https://arxiv.org/abs/2205.15434",
)
GAMES = {"quick": 4, "full": 40, "thorough": 200}
"""Random games in which an equilibrium is looked for."""
FIGURES = 12
HUNT = bimatrix([[4, 0], [3, 2]], actions=("stag", "hare"), name="hunt")
ODD = bimatrix([[2, 0], [0, 1]], [[0, 1], [1, 0]], name="odd")
THRESHOLD = 0.7456
ROUNDS, COUNT, AVERSION, TREMBLE = 4000, 100, 0.3, 0.05


def _rows(count: int, seed: int) -> Iterator[Row]:
    yield from _selection()
    yield from _existence(count, seed)
    yield from _nash(seed)
    yield from _play(seed)


def corners(found: PointEquilibria) -> list[tuple[int, ...]]:
    """The pure ones among the equilibria, by actions."""
    return [
        tuple(int(own.argmax()) for own in one.point) for one in found if min(own.max() for own in one.point) > 1 - 1e-6
    ]


def stag_stays(aversion: float) -> bool:
    """Whether both hunting the stag is an equilibrium: nobody gains by another strategy, by best replies in full."""
    with jax.enable_x64(True):
        stag = (jnp.array([1.0, 0.0]),) * 2
        return bool(risk_averse(HUNT, aversion).regrets(stag).max() <= 1e-12)


def _selection() -> Iterator[Row]:
    low, high = 0.0, 2.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if stag_stays(middle) else (low, middle)
    yield near("threshold", "aversion at which the stag goes", THRESHOLD, (low + high) / 2, 1e-4)
    spread = 2 * 0.05 * 0.95 * (4 - 0) * (4 - 0 - 3 + 2)
    yield near("threshold", "the closed form", (0.95 * 4 - 0.95 * 3 - 0.05 * 2) / spread, (low + high) / 2, 1e-4)
    left = [corners(equilibria(risk_averse(HUNT, aversion))) == [(1, 1)] for aversion in (0.8, 1.5, 3.0)]
    yield holds("risk-dominance", "above it the risk-dominant equilibrium alone is pure", left, "for .8, 1.5, 3")


def _existence(count: int, seed: int) -> Iterator[Row]:
    # each shape is a program of its own, which takes longer to make than to run
    shapes = [(2, 3), (2, 2, 2), (3, 3), (3, 2)][: max(2, count // 10)]
    games = [random_game(shapes[k % len(shapes)], seed=seed + k) for k in range(count)]
    found = [equilibria(risk_averse(game, 0.5 + 0.25 * (k % 4))) for k, game in enumerate(games)]
    there = [len(own) > 0 and all(how in ("bound", "exact") for how in own[0].known) for own in found]
    yield holds("existence", "random games with an equilibrium, gains bounded by concavity", there, "all")
    none = [not len(equilibria(risk_averse(ODD, g, tremble=0.0, variance="all"))) for g in (0.1, 0.3, 1.0)]
    yield holds("other-reading", "without one, where the own chance counts too", none, "for γ = .1, .3, 1")
    one = [len(equilibria(risk_averse(ODD, g, tremble=0.0))) > 0 for g in (0.1, 0.3, 1.0)]
    yield holds("other-reading", "with one, where the others' chance counts alone", one, "for γ = .1, .3, 1")


def _nash(seed: int) -> Iterator[Row]:
    same = []
    for k in range(6):
        game: DenseGame = random_game((2, 3), seed=seed + 100 + k)
        ours = equilibria(risk_averse(game, 0.0, tremble=0.0))
        theirs = [np.concatenate(one.strategies) for one in equilibria(game)]
        same.append(
            bool(len(ours))
            and all(min(np.abs(np.concatenate(one.point) - own).max() for own in theirs) < 1e-6 for one in ours)
        )
    yield holds("nash", "without aversion and tremble all are those of Nash", same, "all")


def _play(seed: int) -> Iterator[Row]:
    for name, games in (("zero-sum", fictitious.zero_sum(COUNT, seed)), ("potential", fictitious.common(COUNT, seed))):
        ends, gains = fictitious.played(games, AVERSION, TREMBLE, ROUNDS, seed)
        unit = np.ptp(games.reshape(COUNT, -1), axis=1)
        worst = float((gains.max(axis=1) / unit).max())
        yield below(
            "fictitious-play", f"{COUNT} {name} games: largest gain left, of the payoffs", 0.005, exactly(worst)
        )
        calm = fictitious.played(games, 0.0, TREMBLE, ROUNDS, seed)[0]
        averse, other = _spread(games, ends), _spread(games, calm)
        said = f"less in {np.mean(averse <= other + 1e-9):.0%} of games"
        yield holds("variance", f"{name}: less variance on average", bool(averse.mean() < other.mean()), said)


def _spread(games: fictitious.Floats, ends: fictitious.Floats) -> fictitious.Floats:
    """The variance of the payoff of the first player that the second causes, `[G]`."""
    _, covariance = fictitious.moments(games[:, 0], ends[:, 1], TREMBLE)
    return np.asarray(np.einsum("ga,gab,gb->g", ends[:, 0], covariance, ends[:, 0]))


measure = measuring("risk-averse", GAMES, _rows, of="games", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
