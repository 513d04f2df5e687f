"""Generations of agents: each starts anew, is taught by the one before, and learns on in tasks that are accepted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.games import goal_universe
from nashscape.ranking.task_score_results import percentiles_of
from nashscape.systems.open_ended.arena import Seen, apart, seen
from nashscape.systems.open_ended.learners import chances, distilled, scores, trained, won

Floats = npt.NDArray[np.float64]

TRAINING, HELD_OUT = 2000, 400
"""Tasks."""
LEVELS = (10, 20, 30, 40, 50)
"""Percentiles by which agents are compared."""
RATES = (2.0, 4.0, 8.0, 16.0)
"""Step sizes of the members of a generation, of which the best goes on."""
TAUGHT, UPDATES = 100, 200
"""Updates of a generation towards its teacher, and then by itself."""


@dataclass(frozen=True)
class World:
    """Tasks of one seed, to train on and held out, as both players see them.

    Attributes:
        own: tasks to train on, as the agent sees them.
        other: the same as the partner sees them.
        tested: held-out tasks that can be done, as the agent sees them.
        partner: the same as the partner sees them.
        values: how likely each end succeeds in held-out tasks, beside partners nobody was trained with, `[tasks,
            cells]`.
    """

    own: Seen
    other: Seen
    tested: Seen
    partner: Seen
    values: Floats

    @property
    def best(self) -> Floats:
        """What can be got at most in each held-out task, `[tasks]`."""
        made: Floats = np.where(self.tested.reach, self.values, 0.0).max(1)
        return made


def world(seed: int) -> World:
    """Tasks of the usual universe; partners in held-out tasks walk anywhere, or to the best ends for their goals."""
    universe = goal_universe()
    training, held_out = apart(universe, TRAINING, 2 * HELD_OUT, seed)
    tested, partner = (seen(universe, held_out, player) for player in (0, 1))
    values = (won(tested, partner.even) + won(tested, _keen(partner, tested))) / 2
    can = np.flatnonzero(np.where(tested.reach, values, 0.0).max(1) > 0)[:HELD_OUT]
    own, other = (seen(universe, training, player) for player in (0, 1))
    return World(own, other, tested.chosen(can), partner.chosen(can), values[can])


def _keen(own: Seen, other: Seen) -> Floats:
    """Ends that are best for one's goal where the other walks anywhere, all of these alike."""
    value = np.where(own.reach, won(own, other.even), -1.0)
    best = value >= value.max(1, keepdims=True) - 1e-12
    made: Floats = best / best.sum(1, keepdims=True)
    return made


def begun(learners: int, own: Seen, draws: np.random.Generator) -> Floats:
    """Weights of learners who know nothing, near zero."""
    return draws.normal(scale=0.05, size=(learners, own.goals.shape[1], own.cells.shape[2]))


def generations(made: World, count: int, seed: int) -> Floats:
    """The agents of successive generations, `[generations, 2 predicates, attributes]`.

    A generation has a member for each step size. It starts anew, is taught by the agent before, and then learns on in
    accepted tasks, beside partners who walk anywhere or, half of the time, are the agent before. The member of the best
    percentiles in the tasks of its training is the agent.
    """
    draws, rates = np.random.default_rng((seed, 1)), np.array(RATES)
    agents: list[Floats] = []
    values = won(made.own, made.other.even)
    for _ in range(count):
        weights = begun(len(rates), made.own, draws)
        if agents:
            weights = distilled(weights, agents[-1][None], made.own, TAUGHT, np.full(len(rates), 8.0), draws)
        each = np.broadcast_to(values, (len(rates), *values.shape))
        weights = trained(weights, made.own, each, UPDATES, rates, accepting=True, draws=draws)
        reached = percentiles_of(scores(weights, made.own, values), LEVELS).mean(1)
        agents.append(weights[int(reached.argmax())])
        partner = chances(agents[-1][None], made.other)[0]
        values = won(made.own, (made.other.even + partner) / 2)
    return np.stack(agents)
