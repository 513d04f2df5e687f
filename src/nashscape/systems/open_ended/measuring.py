"""The study of the card: what the units of tasks change, which tasks are accepted and what for, and generations."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from nashscape.core import wilson
from nashscape.games import goal_universe
from nashscape.populations import accepted_tasks
from nashscape.ranking import TaskScores, against_nash, task_scores
from nashscape.ranking.scores_over_tasks import OPEN_ENDED
from nashscape.ranking.task_score_results import percentiles_of
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.measured import measuring
from nashscape.systems.open_ended.arena import Seen
from nashscape.systems.open_ended.generations import LEVELS, World, begun, generations, world
from nashscape.systems.open_ended.learners import chances, scores, trained, won
from nashscape.systems.statements import above, between, exactly, holds, mean_above, near

Floats = npt.NDArray[np.float64]

SEEDS = {"quick": 10, "full": 30, "thorough": 90}
"""Each draws its own tasks, weights and episodes."""
FIGURES = 18
GENERATIONS = 5
LEARNERS, RATE, SHORT, LONG = 4, 4.0, 200, 800
"""Of each seed and way of choosing tasks; step size; updates."""
RESCALINGS = 200


def _rows(seeds: int, seed: int) -> Iterator[Row]:
    yield from _universe()
    yield from _planted()
    yield from _accepted()
    worlds = [world(1000 * seed + k) for k in range(seeds)]
    agents = [generations(own, GENERATIONS, 1000 * seed + k) for k, own in enumerate(worlds)]
    found = [compared(own, made) for own, made in zip(worlds, agents, strict=True)]
    yield from _rescaled(worlds[0], agents[0], found[0], seed)
    yield from _nash(worlds[0], agents[0])
    yield from _curriculum(worlds, seed)
    yield from _generations(found)
    yield from _held_out(worlds, agents, found)


def compared(own: World, agents: Floats) -> TaskScores:
    """Agents in held-out tasks, in units of what can be got there."""
    made = scores(agents, own.tested, own.values)
    return task_scores({f"generation {k + 1}": one for k, one in enumerate(made)}, reference=own.best)


def _universe() -> Iterator[Row]:
    small = goal_universe(["rg", "gb"], steps=1, literals=1)
    ways = 2 * len(small.predicates)
    yield near("universe", "goals of one literal, or of two", ways + ways * (ways - 1) / 2, small.formulas, 0)
    yield above("universe", "tasks of the usual universe", 1e10, exactly(float(goal_universe().tasks)))


def _planted() -> Iterator[Row]:
    """One agent is better in four tasks of five; what the fifth pays in decides whose mean is higher."""
    general, special = np.array([0.8, 0.8, 0.8, 0.8, 0.2]), np.array([0.2, 0.2, 0.2, 0.2, 1.0])
    verdicts, means = [], []
    for unit in (1e-3, 1.0, 1e3):
        units = np.array([1, 1, 1, 1, unit])
        own = task_scores({"general": general * units, "special": special * units})
        verdicts.append(bool(own.dominance().here[0, 1] and not own.dominance().here[1, 0]))
        means.append(bool((general * units).mean() > (special * units).mean()))
    yield holds("percentiles", "planted: by percentiles the general agent dominates, in any unit", verdicts, "of three")
    yield holds("percentiles", "planted: its mean is higher in small units and lower in large ones",
                means == [True, True, False], "as said")  # fmt: skip


def _rescaled(own: World, agents: Floats, found: TaskScores, seed: int) -> Iterator[Row]:
    draws = np.random.default_rng((seed, 2))
    raw, before = found.scores, found.percentiles()[0]
    away, same, turned = 0.0, [], 0
    for k in range(RESCALINGS):
        units = 10.0 ** draws.uniform(-3, 3, size=raw.shape[1])
        turned += int((raw * units).mean(1).argmax() != raw.mean(1).argmax())
        if k < 20:
            other = task_scores(dict(zip(found.agents, raw * units, strict=True)), reference=own.best * units)
            away = max(away, float(np.abs(other.percentiles()[0] - before).max()))
            same.append(bool((other.dominance().here == found.dominance().here).all()))
    yield near("percentiles", "learnt: largest change of a percentile in 20 rescalings of tasks", 0.0, away, 1e-9)
    yield holds("percentiles", "learnt: who dominates whom is the same", same, "in all rescalings")
    yield above("percentiles", "learnt: rescalings in which another agent has the highest mean", 0.1,
                wilson(turned, RESCALINGS))  # fmt: skip


def _nash(own: World, agents: Floats) -> Iterator[Row]:
    """All generations in both seats of held-out tasks: what the population is worth, whoever is copied or easy."""
    ends, theirs = chances(agents, own.tested), chances(agents, own.partner)
    paid = np.einsum("atc,tcd,ptd->tap", ends, own.tested.wins, theirs)
    plain = against_nash(paid).values
    copied = against_nash(np.concatenate([paid, paid[:, :1]], axis=1)).values
    easy = against_nash(np.concatenate([paid, paid.max(2, keepdims=True)], axis=2)).values
    away = float(max(np.abs(copied - plain).max(), np.abs(easy - plain).max()))
    yield near("nash", "change of references by a copy of an agent, or an easy partner", 0.0, away, 1e-7)


def _accepted() -> Iterator[Row]:
    agent, control = (own.ravel() / 20 for own in np.meshgrid(np.arange(21), np.arange(21)))
    found = accepted_tasks(agent, control)
    wanted = (agent >= 0.1) & (agent <= 0.9) & (control <= 0.3)
    yield holds("acceptance", "planted agents: the band between, where the control policy fails, and nothing else",
                [bool(own) for own in found == wanted], "of 441 tasks")  # fmt: skip


def _learnt(own: World, updates: int, accepting: bool, seed: int) -> Floats:
    """The mean over learners of their percentiles in held-out tasks, `[percentiles]`, and then of their scores."""
    draws = np.random.default_rng((seed, 3, int(accepting)))
    begin = begun(LEARNERS, own.own, np.random.default_rng((seed, 4)))
    values = won(own.own, own.other.even)
    each = np.broadcast_to(values, (LEARNERS, *values.shape))
    made = trained(begin, own.own, each, updates, np.full(LEARNERS, RATE), accepting=accepting, draws=draws)
    reached = scores(made, own.tested, own.values) / own.best
    return np.append(percentiles_of(reached, LEVELS).mean(0), reached.mean())


def _curriculum(worlds: list[World], seed: int) -> Iterator[Row]:
    accepting, plain, long = (
        np.stack([_learnt(own, updates, chosen, 1000 * seed + k) for k, own in enumerate(worlds)])
        for updates, chosen in ((SHORT, True), (SHORT, False), (LONG, False))
    )
    for k, what in ((0, "10th percentile"), (1, "20th percentile")):
        yield mean_above("curriculum", f"{what}, accepted tasks less tasks as they come", 0.0,
                         _spread((accepting - plain)[:, k]))  # fmt: skip
    yield mean_above("curriculum-mean", "mean score, accepted tasks less tasks as they come", 0.0,
                     _spread((accepting - plain)[:, -1]))  # fmt: skip
    yield mean_above("episodes", "20th percentile, four times as many tasks as they come less accepted ones", 0.0,
                     _spread((long - accepting)[:, 1]))  # fmt: skip


def _spread(values: Floats) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


def _generations(found: list[TaskScores]) -> Iterator[Row]:
    over = np.stack([own.dominance().here for own in found])
    steps = np.arange(GENERATIONS - 1)
    yield holds("never-dominated", "generations that their predecessor does not dominate",
                (~over[:, steps, steps + 1]).ravel().tolist(), "all")  # fmt: skip
    yield above("generations", "seeds in which the last generation dominates the first", 0.25,
                wilson(int(over[:, -1, 0].sum()), len(found)))  # fmt: skip
    gained = [own.percentiles()[0][-1].mean() - own.percentiles()[0][0].mean() for own in found]
    yield mean_above("generations", "mean of percentiles, the last less the first", 0.0, _spread(np.array(gained)))


def _held_out(worlds: list[World], agents: list[Floats], found: list[TaskScores]) -> Iterator[Row]:
    gaps, beyond = [], []
    for own, made, told in zip(worlds, agents, found, strict=True):
        parts = (_of_long_goals(made[-1:], *seats) for seats in ((own.own, own.other), (own.tested, own.partner)))
        gaps.append(next(parts) - next(parts))
        idle = (own.tested.even * own.values).sum(1) / own.best
        beyond.append(told.percentiles([10])[0][-1, 0] - np.percentile(idle, 10))
    yield between("held-out", "mean score with goals of the training less held-out ones, of four literals each", 0.0,
                  _spread(np.array(gaps)), 0.05)  # fmt: skip
    yield mean_above("held-out", "10th percentile in held-out tasks, less that of who walks anywhere", 0.2,
                     _spread(np.array(beyond)))  # fmt: skip


def _of_long_goals(agent: Floats, own: Seen, other: Seen) -> float:
    """The mean normalised score beside who walks anywhere, in tasks that can be done whose goals have four literals.

    Goals that are held out are longer on the whole than those of the training, which has most of the short ones.
    """
    values = won(own, other.even)
    best = np.where(own.reach, values, 0.0).max(1)
    tasks = np.flatnonzero((best > 0) & (own.literals == 4))
    made = scores(agent, own.chosen(tasks), values[tasks])[0] / best[tasks]
    return float(made.mean())


measure = measuring("open-ended", SEEDS, _rows, of="seeds", figures=FIGURES, sources=[OPEN_ENDED])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
