"""A population from one generation to the next: who learns from whom, and what the answer leaves to gain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.populations.cultural_copying import copied
from nashscape.populations.lessons import Lesson, responded_all
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.plans import Copying, GrowingPlan, Role, Share
from nashscape.populations.playing import Play
from nashscape.populations.shares import parts_of
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

    def with_new(self, sides: Sides, made: Sequence[Floats], role: int, who: Sequence[bool] | None = None) -> "Pools":
        """With a new strategy in every pool; where it is said which sides have one, in theirs, if it is not there."""
        kept = [True] * len(made)
        if who is not None:
            kept = [who[side] and not (own == new).all(axis=1).any()
                    for side, own, new in zip(sides.first, self.strategies, made, strict=True)]  # fmt: skip
        new = Pools.of(
            sides,
            [own[None][:take] for own, take in zip(made, map(int, kept), strict=True)],
            [np.array([role])[:take] for take in map(int, kept)],
        )
        both = (zip(getattr(self, name), getattr(new, name), strict=True) for name in ("strategies", "roles", "joints"))
        return Pools(*(tuple(np.concatenate(pair) for pair in pairs) for pairs in both))

    def newest(self, role: int, count: int) -> "Pools":
        """With so many of a role's strategies alone, the newest; 0 for all."""
        if not count:
            return self
        kept = []
        for own in self.roles:
            mine = np.flatnonzero(own == role)
            kept.append(np.isin(np.arange(len(own)), mine[:-count], invert=True))
        parts = (getattr(self, name) for name in ("strategies", "roles", "joints"))
        return Pools(*(tuple(own[take] for own, take in zip(part, kept, strict=True)) for part in parts))


LEAST_TOLD = 1e-9
"""How likely a strategy is told, at least, to which one responds."""
FIRST, LATER, DRAWS = 0, 1, 2
"""Purposes of random numbers of members who copy each other: who is there at first, who comes, and what they draw."""


@dataclass(frozen=True, eq=False)
class Growing:
    """What does not change as a population grows.

    Attributes:
        sides: of the game.
        plan: who learns, and from whom.
        begins: where learning begins, a strategy for every pool, by generation and number of the role; random starts
            are drawn anew every time.
        seed: of what members draw who copy each other.
    """

    sides: Sides
    plan: GrowingPlan
    begins: Callable[..., tuple[Floats, ...]]
    seed: tuple[int, ...] = (0,)

    @cached_property
    def largest(self) -> float:
        """The largest payoff of the game, in size."""
        return float(np.abs(self.sides.table).max())

    @property
    def begin(self) -> tuple[Floats, ...]:
        """Where the first generation begins."""
        return self.begins(0, 0)

    def numbers(self, names: Sequence[str]) -> list[int]:
        """The numbers of roles."""
        return [k for k, role in enumerate(self.plan.roles) if role.name in names]

    def at_first(self) -> Pools:
        """The pools before anybody learns."""
        begun: list[tuple[int, Sequence[Floats]]] = []
        for k, role in enumerate(self.plan.roles):
            if role.copies is not None:
                begun += [(k, self.begins(0, k, FIRST, member)) for member in range(role.copies.size)]
            elif role.at_first:
                begun.append((k, self.begin))
        roles = np.array([k for k, _ in begun], np.int64)
        strategies = [np.array([own[seat] for _, own in begun]).reshape(len(begun), len(width))
                      for seat, width in enumerate(self.begin)]  # fmt: skip
        return Pools.of(self.sides, strategies, [roles] * len(strategies))

    def joints(self, pools: Pools, side: int, names: Sequence[str]) -> Floats:
        """The distributions over joint actions of a side's strategies of some roles, `[m, J]`."""
        seat = self.sides.seats[side]
        found: Floats = pools.joints[seat][np.isin(pools.roles[seat], self.numbers(names))]
        return found

    def weighed(self, pools: Pools, mixture: str, sets: Sequence[Sequence[str]]) -> Play:
        """What sides play whose strategies of some roles a meta-solver weighs."""
        joints = tuple(self.joints(pools, side, names) for side, names in enumerate(sets))
        meta = MetaGame(tuple(map(len, joints)), partial(self.sides.payoffs, joints), len(self.sides.first) == 1,
                        self.largest)  # fmt: skip
        found = solved(meta, mixture)
        if len(found) == 1:
            return Play(self.sides, joints, found[0])
        return Play.apart(self.sides, [weights @ own for weights, own in zip(found, joints, strict=True)])

    def lessons(self, pools: Pools, role: Role) -> list[tuple[Lesson, tuple[bool, ...]]]:
        """What a role learns from now, and which sides do so; where there is no opponent yet, it is alone with itself.

        Who responds to each strategy that it is told has as many lessons as the side that is told most.
        """
        sides, k = self.sides, len(self.sides.teams)
        every = (True,) * k
        both = [(self.joints(pools, side, role.meets), self.joints(pools, side, role.against)) for side in range(k)]
        there = bool(role.meets) and all(len(met) and len(own) for met, own in both)
        if not there or role.oneself == 1.0:
            return [(Lesson(sides, tuple(map(np.zeros, sides.sizes)), 1.0), every)]
        if not role.each:
            parts, oneself = parts_of(role, partial(self.least, pools, role))
            fixed = [np.zeros(size) for size in sides.sizes]
            for side, (part, meets, mixture) in product(range(k), parts):
                sets = [role.against if j == side else meets for j in range(k)]
                fixed[side] += part * self.weighed(pools, mixture, sets).values(side).sum(axis=0)
            return [(Lesson(sides, tuple(fixed), oneself), every)]
        play = self.weighed(pools, role.mixture, [role.meets] * k)
        worth = [play.values(side)[play.told(side) > LEAST_TOLD] for side in range(k)]
        return [
            (
                Lesson(sides, tuple(own[min(n, len(own) - 1)] for own in worth), 0.0),
                tuple(n < len(own) for own in worth),
            )
            for n in range(max(map(len, worth)))
        ]

    def least(self, pools: Pools, role: Role, share: Share) -> float:
        """The least that the newest of a role gets against those of a share, as a part of the range of payoffs."""
        k, found = len(self.sides.teams), [np.inf]
        for side in range(k):
            sets = [
                self.joints(pools, j, (role.name,))[-1:] if j == side
                else pools.joints[seat][self.former(pools.roles[seat], role, share)]
                for j, seat in enumerate(self.sides.seats)
            ]  # fmt: skip
            if all(map(len, sets)):
                table = self.sides.table[side]
                found.append((self.sides.payoffs(sets)[side].min() - table.min()) / (np.ptp(table) or 1.0))
        return float(min(found))

    def former(self, roles: Ints, role: Role, share: Share) -> npt.NDArray[np.bool_]:
        """Which strategies of a pool are of a share, but for the newest of the role that learns."""
        found = np.isin(roles, self.numbers(share.meets))
        found[np.flatnonzero(roles == self.numbers([role.name])[0])[-1:]] = False
        return found

    def generation(self, pools: Pools, done: int) -> Pools:
        """The pools after every role has learnt once more, of which so many generations are done."""
        return generations([self], [pools], done)[0]

    def beginning(self, pools: Pools, number: int, done: int) -> list[Floats]:
        """What the learners of a role begin with, for every pool."""
        role = self.plan.roles[number]
        begin = list(self.begins(done, number) if role.anew else self.begin)
        if not role.anew:
            goes_on = self.numbers([role.begins or role.name])[0]
            for seat, own in enumerate(pools.roles):
                mine = np.flatnonzero(own == goes_on)
                begin[seat] = pools.strategies[seat][mine[-1]] if len(mine) else begin[seat]
        return begin

    def after_copying(self, pools: Pools, role: int, copying: Copying, done: int) -> Pools:
        """The pools after the members of a role have copied each other; who is of another role stays."""
        members = [np.flatnonzero(own == role) for own in pools.roles]
        pairs = zip(pools.strategies, members, strict=True)
        kinds = [np.unique(own[mine], axis=0, return_inverse=True) for own, mine in pairs]
        held = [list(different) for different, _ in kinds]

        def table() -> Floats:
            joints = [np.array([self.sides.joint(side, own) for own in held[seat]])
                      for seat, side in enumerate(self.sides.first)]  # fmt: skip
            return self.sides.payoffs([joints[seat] for seat in self.sides.seats])

        def fresh(seat: int, step: int) -> int:
            held[seat].append(self.begins(done, role, LATER, step)[seat])
            return len(held[seat]) - 1

        who = copied([which.ravel().tolist() for _, which in kinds], self.sides.seats, copying, table, fresh,
                     np.random.default_rng((*self.seed, done, role, DRAWS)))  # fmt: skip
        strategies = [own.copy() for own in pools.strategies]
        for seat, mine in enumerate(members):
            strategies[seat][mine] = np.array([held[seat][k] for k in who[seat]])
        return Pools.of(self.sides, strategies, pools.roles)

    def answer(self, pools: Pools) -> Play:
        """What sides are told to play: before their roles have any strategy, the start."""
        k = len(self.sides.teams)
        if not all(len(self.joints(pools, side, self.plan.answers)) for side in range(k)):
            return Play.apart(
                self.sides, [self.sides.joint(j, self.begin[seat]) for j, seat in enumerate(self.sides.seats)]
            )
        return self.weighed(pools, self.plan.mixture, [self.plan.answers] * k)


def generations(many: Sequence[Growing], pools: Sequence[Pools], done: int) -> list[Pools]:
    """The pools of many populations that grow by one plan in one game, after a generation more of each."""
    found = list(pools)
    for number, role in enumerate(many[0].plan.roles):
        if role.copies is not None:
            pairs = zip(many, found, strict=True)
            found = [one.after_copying(own, number, role.copies, done) for one, own in pairs]
            continue
        begins = [one.beginning(own, number, done) for one, own in zip(many, found, strict=True)]
        asked = [(k, *each) for k, one in enumerate(many) for each in one.lessons(found[k], role)]
        made = responded_all([lesson for _, lesson, _ in asked], [begins[k] for k, *_ in asked],
                             role.response or many[0].plan.response)  # fmt: skip
        for (k, _, who), new in zip(asked, made, strict=True):
            found[k] = found[k].with_new(many[k].sides, new, number, who if role.each else None)
        found = [own.newest(number, role.keeps) for own in found]
    return found
