"""The study of the card: what self-play on preferences leaves to exploit, where rewards fail, and last mixtures."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.games import preferences
from nashscape.ranking import counted_matches, rank
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.minimax_winner import self_play
from nashscape.systems.statements import above, below, exactly, holds, mean_above, near
from nashscape.theory import minimax_winner

Floats = npt.NDArray[np.float64]

SOURCE = Source(
    "self_play_preferences", "Swamy, Dann, Kidambi, Wu, Agarwal: A Minimaximalist Approach to Reinforcement Learning "
    "from Human Feedback. ICML 2024.", "https://arxiv.org/abs/2401.04056",
)  # fmt: skip

MATRICES = {"quick": 20, "full": 100, "thorough": 400}
"""Random preferences."""
ROUNDS = (100, 1_000, 10_000, 100_000)
FIGURES = 27
SIZE = 6
CYCLE = ((0.5, 0.9, 0.4), (0.1, 0.5, 0.6), (0.6, 0.4, 0.5))
"""A is preferred to B with .9, B to C and C to A with .6."""


def _rows(matrices: int, seed: int) -> Iterator[Row]:
    tables = self_play.margins(matrices, SIZE, seed)
    yield from _averages(tables)
    yield from _circles()
    yield from _orders(matrices, seed)
    yield from _noise(tables, seed)
    yield from _last(tables)
    yield from _whole_trajectories()


def _averages(tables: Floats) -> Iterator[Row]:
    for rounds in ROUNDS:
        bound = self_play.promised(SIZE, rounds)
        for said, own in (("frozen", self_play.FROZEN[None]), (f"{len(tables)} random", tables)):
            left = self_play.exploited(own, self_play.played(own, rounds)[0])
            yield below("self-play", f"{said}, {rounds:,} rounds: largest left to exploit", bound, exactly(left.max()))


def _circles() -> Iterator[Row]:
    table = 2 * np.array(CYCLE) - 1
    average = self_play.played(table[None], ROUNDS[-1])[0][0]
    winner = np.array([float(p) for p in minimax_winner(preferences(CYCLE)).winner])
    for name, ours, exact, true in zip("ABC", average, winner, (1 / 6, 1 / 6, 2 / 3), strict=True):
        yield near("winner", f"{name} in the average of self-play", true, float(ours), 0.02)
        yield near("winner", f"{name} in the exact winner", true, float(exact), 1e-12)
    for said, counts in (
        ("unequal margins", [[0, 9, 4], [1, 0, 6], [6, 4, 0]]),
        ("unequal numbers", [[0, 30, 5], [10, 0, 6], [15, 2, 0]]),
    ):
        points = np.array(counts, float)
        favourite = rank(counted_matches(counts)).players[0]
        chances = points / np.maximum(points + points.T, 1)
        beaten = float(chances[:, "ABC".index(favourite)].max())
        yield above("reward-models", f"{said}: chance against what has most reward", 0.55, exactly(beaten))


def _orders(matrices: int, seed: int) -> Iterator[Row]:
    """Strengths apart by ½ at least: the first is preferred to every other."""
    random = np.random.default_rng((seed, 1))
    strengths = np.cumsum(0.5 + random.exponential(0.5, size=(matrices, SIZE)), axis=1)
    tables = np.tanh((strengths[:, :, None] - strengths[:, None, :]) / 2)
    average, last = self_play.played(tables, 1_000)
    yield holds(
        "transitive", "most of the average is on who beats all", (average.argmax(axis=1) == SIZE - 1).tolist(), "of all"
    )
    yield holds("transitive", "the last mixture plays it with .99", (last[:, -1] > 0.99).tolist(), "of all")


def _noise(tables: Floats, seed: int) -> Iterator[Row]:
    left = self_play.exploited(tables, self_play.drawn(tables, 5_000, 8, seed))
    spread = Spread(float(-left.mean()), float(left.std(ddof=1)), len(left))
    yield mean_above("noise", "5,000 batches of 8 noisy comparisons: minus what is left", -0.05, spread)


def _last(tables: Floats) -> Iterator[Row]:
    frozen = self_play.FROZEN[None]
    spiral = self_play.exploited(frozen, self_play.played(frozen, 10_000, rate=0.1)[1])[0]
    yield above("last-spirals", "the last mixture of plain weights, frozen", 0.2, exactly(float(spiral)))
    for pull in (0.1, 0.01):
        left = self_play.exploited(frozen, self_play.drawn_to(frozen, 20_000, pull=pull, rate=0.05))[0]
        yield below("magnets", f"the last one, drawn to even chances with {pull:g}", pull, exactly(float(left)))
    for said, own, most in (("frozen", frozen, 1e-6), (f"{len(tables)} random", tables, 0.02)):
        left = self_play.exploited(own, self_play.drawn_to(own, 100_000, pull=0.1, rate=0.05, moved=1_000))
        yield below("magnets", f"{said}: drawn to where it was 1,000 rounds before", most, exactly(float(left.max())))


def trajectories() -> tuple[npt.NDArray[np.int64], Floats]:
    """Four steps that pay 0, 1 or 2, and margins of preferences for much in three steps and nothing in the last."""
    steps = np.array(list(product(range(3), repeat=4)))
    score = np.where(steps[:, 3] == 0, 1 + steps[:, :3].sum(axis=1), 0)
    return steps, 0.8 * np.sign(score[:, None] - score[None, :]).astype(np.float64)


def best_by_reward(steps: npt.NDArray[np.int64], margins: Floats) -> int:
    """The trajectory of most reward, where a reward of each action, summed up, explains preferences best."""
    from scipy.optimize import minimize

    counts = np.stack([(steps == action).sum(axis=1) for action in range(3)], axis=1).astype(float)
    chances, apart = (1 + margins) / 2, counts[:, None] - counts[None]

    def loss(reward: Floats) -> float:
        return float((chances * np.logaddexp(0, -(apart @ reward))).mean() + 1e-6 * reward @ reward)

    return int((counts @ minimize(loss, np.zeros(3)).x).argmax())


def _whole_trajectories() -> Iterator[Row]:
    steps, table = trajectories()
    average = self_play.played(table[None], 10_000)[0][0]
    best = [int(action) for action in steps[average.argmax()]]
    yield holds("non-markovian", "self-play finds much in three steps and nothing in the last", best == [2, 2, 2, 0],
                f"{best}")  # fmt: skip
    yield below("non-markovian", "what its average leaves to exploit", self_play.promised(len(steps), 10_000),
                exactly(float(self_play.exploited(table[None], average[None])[0])))  # fmt: skip
    chosen = np.eye(len(steps))[best_by_reward(steps, table)]
    yield above("non-markovian", "what the reward of actions leaves", 0.5,
                exactly(float(self_play.exploited(table[None], chosen[None])[0])))  # fmt: skip


measure = measuring("minimax-winner", MATRICES, _rows, of="matrices", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
