"""Agents who read a goal and choose an end; training on tasks as they come, or on those that are accepted."""

import numpy as np
import numpy.typing as npt

from nashscape.populations import accepted_tasks
from nashscape.systems.open_ended.arena import Seen

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BATCH = 32
"""Episodes of an update, one for each of so many tasks."""
CANDIDATES = 4
"""Tasks that are looked at for each that is trained on, where tasks are accepted."""
EPISODES = 10
"""Of the agent and of the control policy in each task that is looked at."""


def chances(weights: Floats, own: Seen, tasks: Ints | None = None) -> Floats:
    """How likely each end is, softmax of `goalᵀ W cell` over ends in reach.

    Args:
        weights: of learners, `[learners, 2 predicates, attributes]`.
        own: tasks.
        tasks: numbers of tasks, `[learners, batch]`; by default all, the same for every learner.

    Returns:
        `[learners, batch, cells]`.
    """
    chosen = np.arange(len(own.goals))[None] if tasks is None else tasks
    wished = own.goals[chosen] @ weights
    heights = np.einsum(
        "lba,lbca->lbc", wished, np.broadcast_to(own.cells[chosen], (*wished.shape[:2], *own.cells.shape[1:]))
    )
    heights = np.where(own.reach[chosen], heights, -np.inf)
    made: Floats = np.exp(heights - heights.max(-1, keepdims=True))
    return made / made.sum(-1, keepdims=True)


def won(own: Seen, partners: Floats) -> Floats:
    """How likely the goal holds at each end, beside partners whose ends have these chances, `[…, tasks, cells]`."""
    made: Floats = np.einsum("tcd,...td->...tc", own.wins, partners)
    return made


def scores(weights: Floats, own: Seen, values: Floats) -> Floats:
    """Probabilities of success of all learners in all tasks, `[learners, tasks]`; `values` are those of ends."""
    made: Floats = (chances(weights, own) * values).sum(-1)
    return made


def trained(
    weights: Floats,
    own: Seen,
    values: Floats,
    updates: int,
    rates: Floats,
    *,
    accepting: bool,
    draws: np.random.Generator,
) -> Floats:
    """Weights after so many updates by score products of single episodes, with the mean of a batch as baseline.

    Args:
        weights: `[learners, 2 predicates, attributes]`.
        own: tasks to train on.
        values: how likely each end succeeds, of each learner, `[learners, tasks, cells]`.
        updates: how many.
        rates: step size of each learner, `[learners]`.
        accepting: whether tasks are accepted, see `accepted_tasks`, or taken as they come.
        draws: random numbers.
    """
    every, control = np.arange(len(weights))[:, None], (own.even * values).sum(-1)
    for _ in range(updates):
        tasks = draws.integers(len(own.goals), size=(len(weights), BATCH * (CANDIDATES if accepting else 1)))
        if accepting:
            succeeds = (chances(weights, own, tasks) * values[every, tasks]).sum(-1)
            tasks = first_accepted(tasks, succeeds, control[every, tasks], draws)
        likely = chances(weights, own, tasks)
        ends = (likely.cumsum(-1) < draws.random((*tasks.shape, 1))).sum(-1)
        paid = draws.random(tasks.shape) < values[every, tasks, ends]
        beyond = (paid - paid.mean(1, keepdims=True))[..., None]
        weights = weights + _step(beyond * (np.eye(likely.shape[-1])[ends] - likely), own, tasks, rates)
    return weights


def first_accepted(tasks: Ints, agent: Floats, control: Floats, draws: np.random.Generator) -> Ints:
    """Tasks that are accepted by episodes of both, and where these are too few others after them."""
    shares = [draws.binomial(EPISODES, np.clip(own, 0.0, 1.0)).ravel() / EPISODES for own in (agent, control)]
    accepted = accepted_tasks(*shares).reshape(tasks.shape)
    first = np.argsort(~accepted, axis=1, kind="stable")[:, :BATCH]
    return np.take_along_axis(tasks, first, axis=1)


def distilled(
    weights: Floats, teachers: Floats, own: Seen, updates: int, rates: Floats, draws: np.random.Generator
) -> Floats:
    """Weights that go towards the chances of teachers in random tasks, `[learners, 2 predicates, attributes]`."""
    for _ in range(updates):
        tasks = draws.integers(len(own.goals), size=(len(weights), BATCH))
        away = chances(teachers, own, tasks) - chances(weights, own, tasks)
        weights = weights + _step(away, own, tasks, rates)
    return weights


def _step(slopes: Floats, own: Seen, tasks: Ints, rates: Floats) -> Floats:
    """The step in weights of slopes in heights, `[learners, batch, cells]`."""
    cells = np.einsum("lbc,lbca->lba", slopes, own.cells[tasks])
    made: Floats = rates[:, None, None] * np.swapaxes(own.goals[tasks], 1, 2) @ cells / tasks.shape[1]
    return made
