"""A population from one generation to the next: who learns from whom, and what the answer leaves to gain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from nashscape.populations.lessons import Lesson, responded
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.plans import GrowingPlan, Role
from nashscape.populations.sides import Sides

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pools:
    """The strategies of a population, by pool.

    Attributes:
        strategies: `[m, width]` each.
        roles: of each the number of its role, `[m]`, by pool.
        joints: of each how likely its joint actions are, `[m, J]`, by pool.
    """

    strategies: tuple[Floats, ...]
    roles: tuple[Ints, ...]
    joints: tuple[Floats, ...]

    @classmethod
    def of(cls, sides: Sides, strategies: Sequence[Floats], roles: Sequence[Ints]) -> "Pools":
        """Pools of strategies."""
        joints = [np.array([sides.joint(side, own) for own in strategies[seat]]).reshape(-1, sides.sizes[side])
                  for seat, side in enumerate(sides.first)]  # fmt: skip
        return cls(tuple(strategies), tuple(roles), tuple(joints))

    def with_new(self, sides: Sides, made: Sequence[Floats], role: int) -> "Pools":
        """With a new strategy in every pool."""
        new = Pools.of(sides, [own[None] for own in made], [np.array([role])] * len(made))
        both = (zip(getattr(self, name), getattr(new, name), strict=True) for name in ("strategies", "roles", "joints"))
        return Pools(*(tuple(np.concatenate(pair) for pair in pairs) for pairs in both))


@dataclass(frozen=True, eq=False)
class Growing:
    """What does not change as a population grows.

    Attributes:
        sides: of the game.
        plan: who learns, and from whom.
        begins: where learning begins, a strategy for every pool, by generation and number of the role; random starts
            are drawn anew every time.
    """

    sides: Sides
    plan: GrowingPlan
    begins: Callable[[int, int], tuple[Floats, ...]]

    @property
    def begin(self) -> tuple[Floats, ...]:
        """Where the first generation begins."""
        return self.begins(0, 0)

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The numbers of roles."""
        return [k for k, role in enumerate(self.plan.roles) if role.name in names]

    def at_first(self) -> Pools:
        """The pools before anybody learns."""
        held = [k for k, role in enumerate(self.plan.roles) if role.at_first]
        strategies = [np.repeat(own[None], len(held), axis=0) for own in self.begin]
        return Pools.of(self.sides, strategies, [np.array(held, np.int64)] * len(strategies))

    def joints(self, pools: Pools, side: int, names: Sequence[str]) -> Floats:
        """The distributions over joint actions of a side's strategies of some roles, `[m, J]`."""
        seat = self.sides.seats[side]
        found: Floats = pools.joints[seat][np.isin(pools.roles[seat], self.numbers(names))]
        return found

    def mixed(self, pools: Pools, mixture: str, sets: Sequence[Sequence[str]]) -> list[Floats]:
        """What each side plays, `[J]`, whose strategies of some roles a meta-solver weighs."""
        joints = [self.joints(pools, side, names) for side, names in enumerate(sets)]
        meta = MetaGame(tuple(map(len, joints)), partial(self.sides.payoffs, joints))
        return [weights @ own for weights, own in zip(solved(meta, mixture), joints, strict=True)]

    def lesson(self, pools: Pools, role: Role) -> Lesson:
        """What a role learns from now; where there is no opponent yet, it is alone with itself."""
        sides, k = self.sides, len(self.sides.teams)
        both = [(self.joints(pools, side, role.meets), self.joints(pools, side, role.against)) for side in range(k)]
        there = bool(role.meets) and all(len(met) and len(own) for met, own in both)
        oneself = role.oneself if there else 1.0
        fixed = []
        for side in range(k):
            if not there or oneself == 1.0:
                fixed.append(np.zeros(sides.sizes[side]))
                continue
            sets = [role.against if j == side else role.meets for j in range(k)]
            fixed.append((1.0 - oneself) * sides.values(side, self.mixed(pools, role.mixture, sets)))
        return Lesson(sides, tuple(fixed), oneself)

    def generation(self, pools: Pools, done: int) -> Pools:
        """The pools after every role has learnt once more, of which so many generations are done."""
        for number, role in enumerate(self.plan.roles):
            begin = list(self.begins(done, number) if role.anew else self.begin)
            if not role.anew:
                for seat, own in enumerate(pools.roles):
                    mine = np.flatnonzero(own == number)
                    begin[seat] = pools.strategies[seat][mine[-1]] if len(mine) else begin[seat]
            made = responded(self.lesson(pools, role), begin, role.response or self.plan.response)
            pools = pools.with_new(self.sides, made, number)
        return pools

    def answer(self, pools: Pools) -> list[Floats]:
        """What each side is told to play, `[J]`: before its roles have any strategy, the start."""
        k = len(self.sides.teams)
        if not all(len(self.joints(pools, side, self.plan.answers)) for side in range(k)):
            return [self.sides.joint(j, self.begin[seat]) for j, seat in enumerate(self.sides.seats)]
        return self.mixed(pools, self.plan.mixture, [self.plan.answers] * k)

    def gains(self, answer: Sequence[Floats]) -> tuple[Floats, Floats]:
        """What each side gains at most by another joint action, and by one of a single member, `[k]` each."""
        together, alone = [], []
        for side, own in enumerate(answer):
            values = self.sides.values(side, answer)
            together.append(float(own @ (values.max() - values)))
            alone.append(max(0.0, *(gain for gain in self._alone(side, values, own))))
        return np.array(together), np.array(alone)

    def _alone(self, side: int, values: Floats, own: Floats) -> list[float]:
        shape = self.sides.shapes[side]
        worth, likely, had = values.reshape(shape), own.reshape(shape), float(own @ values)
        best = []
        for member in range(len(shape)):
            others = likely.sum(axis=member, keepdims=True)
            axes = tuple(j for j in range(len(shape)) if j != member)
            best.append(float((worth * others).sum(axis=axes).max()) - had)
        return best
