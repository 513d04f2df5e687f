"""Growing members in an arena: from what was asked to the result, generation by generation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Status, finite_number, positive_integer, record
from nashscape.populations.arena_gains import Gains
from nashscape.populations.arena_generations import ArenaGrowing, Learnt
from nashscape.populations.arenas import checked_arena
from nashscape.populations.going_on import through
from nashscape.populations.grown_members import GrownMembers
from nashscape.populations.members import Population
from nashscape.populations.plans import GrowingPlan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ArenaGrowth:
    """The pools after some generations, and what was seen of the answer after each.

    Attributes:
        population: members, and what they got.
        learnt: of each pool who learnt, in their order.
        gains: what each side gains, before anybody learnt and after each generation.
        answer: how likely each member is, by side.
    """

    population: Population
    learnt: tuple[Learnt, ...]
    gains: tuple[Gains, ...] = ()
    answer: tuple[Floats, ...] = ()

    @classmethod
    def of(cls, kept: GrownMembers | None, growing: ArenaGrowing) -> "ArenaGrowth":
        """From what was kept, or from the start."""
        if kept is None:
            return cls(*growing.at_first())
        names = [role.name for role in growing.plan.roles]
        population, numbered = Population(growing.arena, seed=growing.seed), []
        for seat, pool in enumerate(kept.members):
            for member, name in zip(pool, kept.names[seat], strict=True):
                population.add(seat, member, name)
            each = zip(kept.roles[seat], kept.learnt[seat].tolist(), strict=True)
            numbered.append(tuple((names.index(role), number) for role, number in each))
        population.counts.set(kept.sums, kept.plays, kept.errors, kept.batches)
        gains = tuple(Gains(*each) for each in zip(kept.gains, kept.low, kept.high, kept.limit, strict=True))
        return cls(population, tuple(numbered), gains, tuple(kept.answer))

    def over(self, growing: ArenaGrowing, generations: int, until: float | None) -> bool:
        """Whether there were so many generations, or surely nobody who learns afresh gains more than that."""
        low, high = growing.arena.bounds
        least = -1.0 if until is None else until * (high - low)
        return bool(self.gains) and (len(self.gains) > generations or bool(self.gains[-1].high.max() <= least))

    def next(self, growing: ArenaGrowing) -> "ArenaGrowth":
        """After one generation more; at first none, but what there is to gain before anybody learns."""
        population, learnt, done = self.population.copy(), self.learnt, len(self.gains)
        if self.gains:
            learnt = growing.generation(population, learnt, done - 1)
        answer = growing.answer(population, learnt)
        gains = growing.gains(population, answer, done)
        return ArenaGrowth(population, learnt, (*self.gains, gains), tuple(answer))

    def grown(self, growing: ArenaGrowing, way: str, status: Status, provenance: Provenance) -> GrownMembers:
        """As a result."""
        arena, counts = growing.arena, self.population.counts
        return GrownMembers(
            arena=arena.name,
            by=way,
            sides=tuple(arena.sides),
            seats=tuple(int(seat) for seat in arena.seats),
            gains=np.array([one.found for one in self.gains]),
            low=np.array([one.low for one in self.gains]),
            high=np.array([one.high for one in self.gains]),
            limit=np.array([one.limit for one in self.gains]),
            level=growing.level,
            answer=self.answer,
            members=tuple(tuple(pool) for pool in self.population.members),
            names=tuple(tuple(pool) for pool in self.population.names),
            roles=tuple(tuple(growing.plan.roles[role].name for role, _ in own) for own in self.learnt),
            learnt=tuple(np.array([number for _, number in own], np.int64) for own in self.learnt),
            sums=counts.there(counts.sums),
            plays=counts.there(counts.plays),
            errors=counts.there(counts.errors),
            batches=counts.batches,
            bounds=(float(arena.bounds[0]), float(arena.bounds[1])),
            exact=self.population.exact,
            status=status,
            provenance=provenance,
        )


def grow_members(
    arena: Any,
    plan: GrowingPlan,
    way: str,
    *,
    generations: int,
    seed: int,
    until: float | None,
    plays: int,
    tries: int,
    level: float,
    keep: str | Path | None,
    progress: Callable[[int, int], None] | None,
) -> GrownMembers:
    """What grows in an arena; see `grow`."""
    arena = checked_arena(arena)
    plays, tries = positive_integer(plays, "plays"), positive_integer(tries, "tries")
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    growing = ArenaGrowing(arena, plan, seed, plays, tries, level)
    asked = {"arena": arena, "by": plan, "until": until, "plays": plays, "tries": tries, "level": level,
             "generations": generations}  # fmt: skip
    told = record("grown members", asked, seed=seed, sources=list(plan.sources))
    found: GrownMembers = through(ArenaGrowth.of, growing, way=way, told=told, generations=generations, until=until,
                                  keep=keep, progress=progress)  # fmt: skip
    return found
