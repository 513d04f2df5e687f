"""Members of an arena from one generation to the next: who learns from whom, and what the answer leaves to gain."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.populations.arena_gains import Gains, Parts, gains_of, others_of
from nashscape.populations.arenas import Opponents, begun, responded
from nashscape.populations.cultural_copying import copied
from nashscape.populations.members import Population
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.plans import Copying, GrowingPlan, Role, Share
from nashscape.populations.shares import parts_of

Floats = npt.NDArray[np.float64]
Learnt = tuple[tuple[int, int], ...]
"""Of one pool, in the order in which they learnt, the numbers of role and member."""
FIRST, LATER, DRAWS = 0, 1, 5
"""Of members who copy each other: who is there at first, who comes later, and the purpose of what they draw."""


@dataclass(frozen=True, eq=False)
class ArenaGrowing:
    """What does not change as a population of members grows.

    Attributes:
        arena: where members meet.
        plan: who learns, and from whom.
        seed: of everything drawn.
        plays: of each profile, where payoffs are not exact.
        tries: plays by which gains are measured.
        level: of the intervals of gains, all at once.
    """

    arena: Any
    plan: GrowingPlan
    seed: int
    plays: int
    tries: int
    level: float

    @property
    def sides(self) -> int:
        """How many sides there are."""
        return len(self.arena.sides)

    @property
    def first(self) -> list[int]:
        """Of every pool a side that takes its members there."""
        seats = list(self.arena.seats)
        return [seats.index(seat) for seat in range(max(seats) + 1)]

    def random(self, *what: int) -> np.random.Generator:
        """Random numbers of one purpose."""
        return np.random.default_rng((self.seed, *what))

    def begins(self, done: int, role: int, *which: int) -> list[Any]:
        """A member that has learnt nothing, for each pool."""
        return [begun(self.arena, seat, self.random(0, done, role, seat, *which)) for seat in range(len(self.first))]

    def numbers(self, learnt: Sequence[Learnt], side: int, names: Sequence[str]) -> list[int]:
        """The numbers of the members of some roles that a side may take, in the order in which they learnt."""
        roles = [k for k, role in enumerate(self.plan.roles) if role.name in names]
        return [number for role, number in learnt[self.arena.seats[side]] if role in roles]

    def at_first(self) -> tuple[Population, tuple[Learnt, ...]]:
        """The pools before anybody learns."""
        population = Population(self.arena, seed=self.seed)
        held = [k for k, role in enumerate(self.plan.roles) if role.at_first or role.copies is not None]
        learnt: list[Learnt] = [() for _ in self.first]
        for role in held:
            copying = self.plan.roles[role].copies
            starts = ([self.begins(0, 0)] if copying is None else
                      [self.begins(0, role, FIRST, member) for member in range(copying.size)])  # fmt: skip
            for made in starts:
                learnt = self.with_new(population, learnt, made, role)
        return population, tuple(learnt)

    def with_new(
        self, population: Population, learnt: Sequence[Learnt], made: Sequence[Any], role: int
    ) -> list[Learnt]:
        """With a new member in every pool."""
        found = []
        for seat, own in enumerate(learnt):
            count = 1 + sum(one == role for one, _ in own)
            name = f"{self.plan.roles[role].name} {count}"
            found.append((*own, (role, population.add(seat, made[seat], name))))
        return found

    def mixed(self, population: Population, mixture: str, sets: Sequence[Sequence[int]]) -> list[Floats]:
        """How likely each of some members of every side is, whom a meta-solver weighs."""

        def payoffs() -> Floats:
            population.fill(each=self.plays)
            return population.means[np.ix_(range(self.sides), *sets)]

        largest = float(np.abs(self.arena.bounds).max())
        meta = MetaGame(tuple(map(len, sets)), payoffs, len(self.first) == 1, largest)
        found = solved(meta, mixture)
        if len(found) == 1:
            raise InputError(f"{mixture} draws profiles for all sides together, which is for games with payoffs for "
                             "all profiles; in an arena take a meta-solver that mixes by side")  # fmt: skip
        return [np.asarray(own) for own in found]

    @staticmethod
    def spread(population: Population, sets: Sequence[Sequence[int]], mixtures: Sequence[Floats]) -> list[Floats]:
        """Mixtures over some members as mixtures over their whole pools, `[m]`."""
        each = zip(sets, mixtures, population.sizes, strict=True)
        return [np.asarray(np.bincount(numbers, own, m), float) for numbers, own, m in each]

    def parts(self, population: Population, mixtures: Sequence[Floats]) -> Parts:
        """The pool of every side, with how likely each of its members is."""
        return [(population.members[seat], own) for seat, own in zip(self.arena.seats, mixtures, strict=True)]

    def generation(self, population: Population, learnt: tuple[Learnt, ...], done: int) -> tuple[Learnt, ...]:
        """Who has learnt after every role has once more, of which so many generations are done; fills the pools."""
        for number, role in enumerate(self.plan.roles):
            if role.copies is not None:
                learnt = self.after_copying(population, learnt, number, role.copies, done)
                continue
            begin = self.begins(done, number) if role.anew else self.begins(0, 0)
            if not role.anew:
                goes_on = next(k for k, one in enumerate(self.plan.roles) if one.name == (role.begins or role.name))
                for seat, own in enumerate(learnt):
                    mine = [member for one, member in own if one == goes_on]
                    begin[seat] = population.members[seat][mine[-1]] if mine else begin[seat]
            made = []
            for seat, side in enumerate(self.first):
                met = self.opponents(population, learnt, role, side, begin)
                made.append(responded(self.arena, side, met, begin[seat], self.random(1, done, number, seat)))
            learnt = tuple(_newest(own, number, role.keeps) for own in self.with_new(population, learnt, made, number))
        return learnt

    def after_copying(
        self, population: Population, learnt: tuple[Learnt, ...], role: int, copying: Copying, done: int
    ) -> tuple[Learnt, ...]:
        """Who is there after the members of a role have copied each other; puts new ones into the population."""
        name = self.plan.roles[role].name

        def table() -> Floats:
            population.fill(each=self.plays)
            return population.means

        def fresh(seat: int, step: int) -> int:
            member = self.begins(done, role, LATER, step)[seat]
            return population.add(seat, member, f"{name} {len(population.members[seat]) + 1}")

        who = copied([[member for one, member in own if one == role] for own in learnt], self.arena.seats, copying,
                     table, fresh, self.random(DRAWS, done, role))  # fmt: skip
        left = [[entry for entry in own if entry[0] != role] for own in learnt]
        return tuple((*own, *((role, member) for member in new)) for own, new in zip(left, who, strict=True))

    def opponents(
        self, population: Population, learnt: Sequence[Learnt], role: Role, side: int, begin: Sequence[Any]
    ) -> Opponents:
        """Whom a role learns against as a side; where there is nobody yet, it is alone with itself."""
        there = bool(role.meets) and all(self.sets(learnt, role, side, role.meets))
        profiles: list[tuple[Any, ...]] = []
        weights: list[float] = []
        parts, oneself = parts_of(role, partial(self.least, population, learnt, role)) if there else ([], 1.0)
        for part, meets, mixture in parts if oneself < 1.0 else ():
            sets = self.sets(learnt, role, side, meets)
            mixtures = self.mixed(population, mixture, sets)
            found = others_of(self.parts(population, self.spread(population, sets, mixtures)), side)
            profiles, weights = [*profiles, *found.profiles], [*weights, *(part * found.weights)]
        if oneself and len(self.first) > 1:
            profiles.append(tuple(None if j == side else begin[seat] for j, seat in enumerate(self.arena.seats)))
            weights.append(oneself)
            oneself = 0.0
        total = sum(weights)
        return Opponents(tuple(profiles), np.array(weights) / (total or 1.0), oneself)

    def sets(self, learnt: Sequence[Learnt], role: Role, side: int, meets: Sequence[str]) -> list[list[int]]:
        """The numbers of members by side: a role's own kind at its side, those whom it meets at the others."""
        return [self.numbers(learnt, j, role.against if j == side else meets) for j in range(self.sides)]

    def least(self, population: Population, learnt: Sequence[Learnt], role: Role, share: Share) -> float:
        """The least that the newest of a role gets against those of a share, as a part of the range of payoffs."""
        (low, high), found = self.arena.bounds, [np.inf]
        own = self.plan.roles.index(role)
        kinds = [k for k, one in enumerate(self.plan.roles) if one.name in share.meets]
        newest, former = [], []
        for seat in self.arena.seats:
            last = max((n for n, (one, _) in enumerate(learnt[seat]) if one == own), default=-1)
            newest.append([member for n, (_, member) in enumerate(learnt[seat]) if n == last])
            former.append([member for n, (one, member) in enumerate(learnt[seat]) if n != last and one in kinds])
        for side in range(self.sides):
            sets = [newest[j] if j == side else former[j] for j in range(self.sides)]
            if all(sets):
                population.fill(each=self.plays)
                found.append((population.means[side][np.ix_(*sets)].min() - low) / (high - low))
        return float(min(found))

    def answer(self, population: Population, learnt: Sequence[Learnt]) -> list[Floats]:
        """How likely each member of its pool is in what a side is told to play, `[m]`; none where there is none yet."""
        sets = [self.numbers(learnt, j, self.plan.answers) for j in range(self.sides)]
        if not all(sets):
            return [np.zeros(m) for m in population.sizes]
        mixtures = self.mixed(population, self.plan.mixture, sets)
        return self.spread(population, sets, mixtures)

    def gains(self, population: Population, answer: Sequence[Floats], done: int) -> Gains:
        """What each side gains at least, by a member that learnt afresh against the answer, and at most."""
        seats, starts = self.arena.seats, self.begins(0, 0)
        parts = self.parts(population, answer)
        if not all(own.any() for own in answer):
            parts = [([starts[seat]], np.ones(1)) for seat in seats]
        begin = [begun(self.arena, seat, self.random(2, done, seat)) for seat in seats]
        error = (1.0 - self.level) / ((done + 1) * (done + 2) * self.sides)
        return gains_of(self.arena, parts, begin, self.tries, error, lambda *what: self.random(3, done, *what))


def _newest(learnt: Learnt, role: int, count: int) -> Learnt:
    """With so many of a role alone, the newest; 0 for all."""
    mine = [k for k, (one, _) in enumerate(learnt) if one == role]
    gone = mine[:-count] if count else []
    return tuple(one for k, one in enumerate(learnt) if k not in gone)
