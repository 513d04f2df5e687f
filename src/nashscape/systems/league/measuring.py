"""The study of the card: fighters against scripted ones, what ways of learning leave to exploit, and the small core."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Source
from nashscape.environments.duels.characters import duel_characters
from nashscape.environments.duels.duel_game import Duel, duel
from nashscape.populations.arenas import Opponents
from nashscape.populations.duel_arenas import duel_arena
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.league.answers import Answer, alone, fresh_exploiter, grown, in_one, learned_apart
from nashscape.systems.league.match_making import played
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, mean_above, near
from nashscape.theory.zero_sum.duel_minimax import duel_minimax

Floats = npt.NDArray[np.float64]

SOURCE = Source(
    "fightladder", "Li, Ding, Karten, Jin: FightLadder: A Benchmark for Competitive Multi-Agent Reinforcement "
    "Learning. ICML 2024.", "https://arxiv.org/abs/2406.02081",
)  # fmt: skip

RUNS = {"quick": 4, "full": 16, "thorough": 60}
"""Times that everybody learns from other starts."""
FIGURES = 29
GENERATIONS, UPDATES, RATE = 8, 20, 0.5
"""Of populations; updates of each response."""
APART = {"same rates": (0.2, 0.2), "two timescales": (0.02, 0.2)}
"""Rates of two who learn apart, who make as many updates in all as a league does."""
LEARNERS, LESSONS = 3, 60
"""Fighters who learn against the twelve, and their updates."""
DISCOUNT = 0.9
"""γ of the core."""
SLOW, FAST = 0.02, (0.02, 0.2, 2.0, 20.0)
"""Rates of two timescales in the core."""
ROUNDS, LATE = 1500, 500
"""Updates there, and the last of them that are looked at."""


def _rows(runs: int, seed: int) -> Iterator[Row]:
    yield from _twelve(seed)
    yield from _reward()
    yield from _core(core(DISCOUNT), DISCOUNT, seed)
    yield from _pools(runs, seed)


def core(discount: float) -> Duel:
    """A duel of one exchange: fighters in reach attack, guard or throw, and the first hit decides."""
    return duel(health=1, start=0, widest=0, actions=["attack", "guard", "throw"], discount=discount)


def _twelve(seed: int) -> Iterator[Row]:
    """One policy against all twelve characters, who it learns against, and what there is to exploit in it."""
    made, wins = duel(health=2), duel(health=2, reward="wins")
    them = duel_characters(made)
    arena = duel_arena(made, updates=LESSONS, rate=2.0, drawn=6)
    met = Opponents(tuple((None, own) for own in them.values()), np.full(len(them), 1 / len(them)))
    chances, left = [], []
    for k in range(LEARNERS):
        random = np.random.default_rng((seed, 0, k))
        policy = arena.respond(0, met, arena.start(0, random), random)
        chances.append([wins.payoffs(policy, other)[0] for other in them.values()])
        left.append(made.best_response(policy)[0])
    for name, own in zip(them, np.array(chances).T, strict=True):
        yield above("twelve", f"least chance of winning against {name}, of {LEARNERS}", 0.5, exactly(float(own.min())))
    yield above("scripted-only", "what the best response to those gains, at least", 0.5, exactly(min(left)))


def _reward() -> Iterator[Row]:
    """Sums of what both get, for all pairs of characters."""
    for factor, zero in ((3.0, False), (1.0, True)):
        made = duel(reward="shaped", factor=factor)
        them = list(duel_characters(made).values())
        sums = np.array([made.payoffs(one, other).sum() for k, one in enumerate(them) for other in them[k:]])
        if zero:
            yield near("not-zero-sum", "largest sum with factor 1, where only draws pay both", 0.0,
                       float(np.abs(sums).max()), 0.002 + 1e-9)  # fmt: skip
        else:
            yield above("not-zero-sum", "mean of sums of pay, 78 pairs of characters, factor 3", 0.1,
                        exactly(float(sums.mean())))  # fmt: skip
            yield holds("not-zero-sum", "both get something together, factor 3", (sums > 0).tolist(), "of all pairs")


def _core(made: Duel, discount: float, seed: int) -> Iterator[Row]:
    weights = np.array([discount, discount, discount**4])
    equilibrium, said = weights / weights.sum(), f"γ = {discount:g}"
    away = float(np.abs(duel_minimax(made)[0] - equilibrium).max())
    yield near("core", f"{said}: minimax policy against the closed form", 0.0, away, 1e-9)
    learn = partial(learned_apart, duel_arena(made), updates=ROUNDS)
    left = []
    for fast in FAST:
        path = learn(np.random.default_rng((seed, 1)), rates=(SLOW, fast))[0][-LATE:]
        left.append(float(np.mean([made.best_response(policy)[0] for policy in path[::10]])))
        average = np.mean(path, axis=0)
    yield holds("two-timescales", f"{said}: less is left of the slow one with every tenfold rate of the other",
                (np.diff(left[1:]) < 0).tolist(), f"{', '.join(f'{own:.3f}' for own in left)}")  # fmt: skip
    yield below("two-timescales", f"{said}: with a thousandfold rate, of what even rates leave", 0.5,
                exactly(left[-1] / left[0]))  # fmt: skip
    yield near("core", f"{said}: average of the slow one against the closed form", 0.0,
               float(np.abs(average[0] - equilibrium).max()), 0.01)  # fmt: skip


def answers(made: Duel, seed: int, run: int) -> dict[str, Answer]:
    """What each way of learning answers in one run, all from starts of that run."""
    arena = duel_arena(made, updates=UPDATES, rate=RATE)
    random = partial(_random, seed, run)
    found = {}
    for k, (said, rates) in enumerate(APART.items()):
        paths = learned_apart(arena, random(k), updates=3 * GENERATIONS * UPDATES, rates=rates)
        found[said] = alone(paths[0][-1])
    for k, (said, way) in enumerate({"fictitious self-play": "fictitious-self-play", "PSRO": "psro"}.items()):
        found[said] = grown(arena, way, GENERATIONS, int(random(2 + k).integers(2**31)))
    league = played(arena, GENERATIONS, random(4))
    return {**found, "newest of the league": alone(league.mains[-1]), "league": league.mixture()}


def _random(seed: int, run: int, what: int) -> np.random.Generator:
    return np.random.default_rng((seed, 2, run, what))


def exploited(made: Duel, found: dict[str, Answer], seed: int, run: int) -> dict[str, tuple[float, float]]:
    """Of each answer what fresh exploiters gain, and what the best response to it in one policy gains."""
    arena = duel_arena(made)
    return {
        said: (
            fresh_exploiter(arena, answer, _random(seed, run, 5)),
            made.best_response(in_one(made, answer))[0],
        )
        for said, answer in found.items()
    }


def _pools(runs: int, seed: int) -> Iterator[Row]:
    made = duel(health=1, start=1)
    every: list[dict[str, tuple[float, float]]] = []
    for run in range(runs):
        every.append(exploited(made, answers(made, seed, run), seed, run))
    left = {said: np.array([one[said] for one in every]).T for said in every[0]}
    same, slow = left["same rates"], left["two timescales"]
    for said in ("fictitious self-play", "league"):
        yield mean_above("pools", f"fresh exploiters gain less than of independent learning: {said}", 0.0,
                         _spread(same[0] - left[said][0]))  # fmt: skip
        yield mean_above("pools-in-one", f"the best response gains less: {said}, in one policy", 0.0,
                         _spread(same[1] - left[said][1]))  # fmt: skip
    yield mean_above("two-timescales", "in the duel: the best response gains less than of even rates", 0.0,
                     _spread(same[1] - slow[1]))  # fmt: skip
    for said in ("PSRO", "newest of the league"):
        yield mean_above("not-all-pools", f"what fresh exploiters gain of {said}", 0.3, _spread(left[said][0]))
    yield mean_above("hard", "least that the best response gains of any answer in one policy", 0.1,
                     _spread(np.min([own[1] for own in left.values()], axis=0)))  # fmt: skip
    value = made.best_response(duel_minimax(made))[0]
    yield below("hard", "what the best response gains of the minimax policy", 1e-6, exactly(value))


def _spread(values: Any) -> Spread:
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)), len(values))


measure = measuring("league", RUNS, _rows, of="runs", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
