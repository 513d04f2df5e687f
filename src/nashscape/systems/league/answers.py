"""What ways of learning to fight answer, and what there is to exploit in that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nashscape.environments.duels.duel_game import Duel
from nashscape.environments.duels.meetings import Meeting
from nashscape.populations.arena_generations import ArenaGrowing
from nashscape.populations.arenas import Opponents
from nashscape.populations.duel_arenas import DuelArena, stepped
from nashscape.populations.ways import plan_by_name

Floats = npt.NDArray[np.float64]

STEPS, RATE, DRAWN = 30, 2.0, 4
"""Steps of a fresh exploiter, their rate, and opponents that each looks at."""
EXPLOITERS = 2
"""Of which the best counts."""
SELDOM = 1e-9
"""Visits that every policy of a mixture is taken to have, so that they mix where none of them comes."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Policies, one of which is drawn for every duel.

    Attributes:
        policies: `[S, m]` each.
        weights: how likely each is.
    """

    policies: Sequence[Floats]
    weights: Floats

    @property
    def likely(self) -> list[tuple[Floats, float]]:
        """The policies that are ever drawn, with their weights."""
        return [(self.policies[k], float(self.weights[k])) for k in np.flatnonzero(self.weights > 1e-6).tolist()]

    @property
    def opponents(self) -> Opponents:
        """Those, as whom a fighter meets."""
        weights = np.array([weight for _, weight in self.likely])
        return Opponents(tuple((None, policy) for policy, _ in self.likely), weights / weights.sum())

    def payoff_of(self, duel: Duel, policy: Floats) -> float:
        """What a policy gets against it, exactly."""
        met = self.opponents
        each = [Meeting(duel.tables, policy, other).values[0, 0] for _, other in met.profiles]
        return float(met.weights @ np.array(each))


def alone(policy: Floats) -> Answer:
    """One policy as an answer."""
    return Answer([policy], np.ones(1))


def learned_apart(
    arena: DuelArena, random: np.random.Generator, *, updates: int, rates: tuple[float, float]
) -> tuple[list[Floats], list[Floats]]:
    """All policies of two fighters who learn at once from each other, each by itself, at rates of their own.

    Independent learning where the rates are the same; two timescales where they differ.
    """
    policies, one = [arena.start(0, random) for _ in range(2)], np.ones(1)
    paths: tuple[list[Floats], list[Floats]] = ([], [])
    for _ in range(updates):
        policies = [
            stepped(arena.duel, policies[k], [policies[1 - k]], one, rate=rates[k], rounds=arena.rounds)
            for k in range(2)
        ]
        paths[0].append(policies[0])
        paths[1].append(policies[1])
    return paths


def grown(arena: DuelArena, way: str, generations: int, seed: int) -> Answer:
    """The answer of a way of `grow`; what it leaves to gain is measured at the end alone, as of every other answer."""
    growing = ArenaGrowing(arena, plan_by_name(way), seed, plays=1, tries=1, level=0.95)
    population, learnt = growing.at_first()
    for done in range(generations):
        learnt = growing.generation(population, learnt, done)
    return Answer(population.members[0], growing.answer(population, learnt)[0])


def fresh_exploiter(arena: DuelArena, answer: Answer, random: np.random.Generator) -> float:
    """What the best of some fighters gets against an answer, exactly, who learn against it from the beginning.

    As an answer gets 0 against itself it is what they gain, and there may be more to gain.
    """
    learner = replace(arena, updates=STEPS, rate=RATE, drawn=DRAWN)
    gains = []
    for _ in range(EXPLOITERS):
        policy = learner.respond(0, answer.opponents, learner.start(0, random), random)
        gains.append(answer.payoff_of(arena.duel, policy))
    return max(gains)


def in_one(duel: Duel, answer: Answer) -> Floats:
    """One policy that does in each state what the mixture does there on average in duels with itself.

    `σ(a|s) = Σ_i w_i d_i(s) σ_i(a|s) / Σ_i w_i d_i(s)`, d_i the visits of policy i against the mixture. It is another
    answer, which forgets which policy it is playing; what is to be gained against it is known exactly.
    """
    likely = answer.likely
    total, seen = np.zeros(likely[0][0].shape), np.zeros(duel.n_states)
    for policy, weight in likely:
        each = [w * Meeting(duel.tables, policy, other).visits for other, w in likely]
        visits = np.sum(each, axis=0) + SELDOM
        total += weight * visits[:, None] * policy
        seen += weight * visits
    made: Floats = total / seen[:, None]
    return made
