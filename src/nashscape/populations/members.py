"""`Population`: members of any kind, and how they did against each other."""

import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.descriptions import describe, digest
from nashscape.games import DenseGame, dense
from nashscape.populations.arenas import checked_arena, checked_member, is_exact, mean_payoffs, played
from nashscape.populations.counts import Counts, Profile
from nashscape.populations.payoff_intervals import Intervals, half_widths

Floats = npt.NDArray[np.float64]
FIRST, LARGER = 8, 0.25
"""Plays of a profile at first, and how many follow, as a part of those it had."""
PLAYED = 4
"""The purpose of random numbers of plays; those of who begins, learns, and is measured are 0 to 3."""


class Population:
    """Members of any kind with the counts and sums of what they got against each other, which only grow.

    A member is known by its content: added twice it is one. Where sides share a pool, what a profile paid is known of
    all profiles that change the places of its members.

    Args:
        arena: where members meet, see `Arena`.
        seed: of the plays; those of a profile are the same whatever is played before.

    Raises:
        InputError: for an arena that lacks something.

    Example:
        >>> class Coins:
        ...     name, sides, seats, bounds = "coins", ("even", "odd"), (0, 1), (0, 1)
        ...     def start(self, seat, random):
        ...         return 0.5
        ...     def respond(self, side, opponents, begin, random):
        ...         heads = sum(w * (p[1 - side]) for p, w in zip(opponents.profiles, opponents.weights))
        ...         return float((heads > 0.5) == (side == 0))
        ...     def play(self, members, count, random):
        ...         alike = (random.random(count) < members[0]) == (random.random(count) < members[1])
        ...         return [[float(one), float(not one)] for one in alike]
        >>> pool = Population(Coins())
        >>> for seat, chance in ((0, 0.0), (0, 1.0), (1, 0.2), (1, 0.9)):
        ...     number = pool.add(seat, chance)
        >>> pool.fill(2000)
        2000
        >>> bounds = pool.bounds(0.95)
        >>> bool((bounds.low[0] < [[0.8, 0.1], [0.2, 0.9]]).all()), bounds.pure_equilibria()
        (True, ((), ()))
        >>> bounds.gains([[0.5, 0.5], [1.0, 0.0]])[0].round(1).tolist()
        [0.2, 0.0]
    """

    def __init__(self, arena: Any, *, seed: int = 0) -> None:
        """See the class."""
        self.arena = checked_arena(arena)
        self.seed = positive_integer(seed, "seed", at_least=0)
        pools = max(self.arena.seats) + 1
        self.members: list[list[Any]] = [[] for _ in range(pools)]
        self.names: list[list[str]] = [[] for _ in range(pools)]
        self._numbers: list[dict[str, int]] = [{} for _ in range(pools)]
        self.counts = Counts(self.arena.seats)

    @property
    def exact(self) -> bool:
        """Whether the arena gives mean payoffs."""
        return is_exact(self.arena)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many members each side can take."""
        return tuple(len(self.members[seat]) for seat in self.arena.seats)

    def add(self, seat: int, member: Any, name: str = "") -> int:
        """Put a member into a pool, and give its number there; one of the same content is not put there again.

        Args:
            seat: the number of the pool.
            member: arrays, numbers, texts, or tuples of such.
            name: of the member, by default its number from 1.

        Raises:
            InputError: for a pool that there is not, and members whose content cannot be told.
        """
        if seat not in range(len(self.members)):
            raise InputError(f"pools of {self.arena.name} are numbered from 0 to {len(self.members) - 1}; got {seat!r}")
        content = describe(checked_member(self.arena, member, "add got"))
        known = self._numbers[seat]
        number = known.setdefault(digest(content.data), len(known))
        if number == len(self.members[seat]):
            self.members[seat].append(member)
            self.names[seat].append(name or str(number + 1))
            self.counts.make_room(self.sizes)
        return number

    def copy(self) -> "Population":
        """One that goes its own way from here."""
        made = copy.copy(self)
        made.members, made.names = [[*own] for own in self.members], [[*own] for own in self.names]
        made._numbers, made.counts = [dict(own) for own in self._numbers], copy.deepcopy(self.counts)
        return made

    def fill(
        self, plays: int | None = None, *, each: int | None = None, where: str = "even", level: float = 0.95
    ) -> int:
        """Let members meet, and give how many plays were made. Where payoffs are exact, each profile is met once.

        Args:
            plays: how many, at most; by default eight for every profile that was not played yet.
            each: instead, how many every profile has in the end, at least.
            where: "even", the profiles that were played least; "open", of these only such that differ in one member
                from another profile, where bounds do not tell yet which of the two pays this member's side more.
            level: of these bounds.

        Raises:
            InputError: where a pool is empty.
        """
        where = choice(where, "where", ("even", "open"))
        if not all(self.sizes):
            raise InputError(f"a pool of {self.arena.name} is empty; add a member to each of {len(self.members)}")
        new = [profile for profile in self.counts.profiles() if not self.counts.plays[profile]]
        self.counts.give_errors(new)
        if self.exact:
            for profile in new:
                self.counts.write(profile, mean_payoffs(self.arena, self.meeting(profile)), 1)
            return len(new)
        if each is not None:
            each = positive_integer(each, "each")
            return sum(self._play(one, each - int(self.counts.plays[one])) for one in self.counts.profiles())
        left = FIRST * len(new) if plays is None else positive_integer(plays, "plays")
        made = 0
        while made < left and (wanted := self._wanted(where, level)):
            least = min(self.counts.plays[profile] for profile in wanted)
            for profile in [one for one in wanted if self.counts.plays[one] == least]:
                made += self._play(profile, min(max(FIRST, int(LARGER * least)), left - made))
        return made

    def _play(self, profile: Profile, count: int) -> int:
        if count <= 0:
            return 0
        had = int(self.counts.plays[profile])
        random = np.random.default_rng((self.seed, PLAYED, had, *profile))
        self.counts.write(profile, played(self.arena, self.meeting(profile), count, random).sum(axis=0), count)
        return count

    def meeting(self, profile: Profile) -> tuple[Any, ...]:
        """The members of a profile of numbers, by side."""
        return tuple(self.members[seat][number] for seat, number in zip(self.arena.seats, profile, strict=True))

    @property
    def plays(self) -> Floats:
        """How often each profile was played, `[m_1, …, m_k]`."""
        return self.counts.there(self.counts.plays)

    @property
    def means(self) -> Floats:
        """What each side got in the mean, `[k, m_1, …, m_k]`; NaN where nothing was played."""
        with np.errstate(invalid="ignore"):
            made: Floats = self.counts.there(self.counts.sums) / self.plays
        return made

    def bounds(self, level: float = 0.95) -> Intervals:
        """Between which bounds the mean payoffs of all profiles lie, all at once, whenever one looks.

        `mean ± (high − low) √(log(2 n (n + 1)/ε)/(2n))` after n plays (Hoeffding, over all n at once), cut to the
        payoffs that are possible; ε, the error of one mean, is the part of 1 − level that its profile was given when
        it was played first: `1/((b + 1)(b + 2))` for all profiles of the b-th time, alike among their means.

        Args:
            level: confidence level of everything together.
        """
        low, high = self.arena.bounds
        with np.errstate(invalid="ignore"):
            half = half_widths(self.plays, self.counts.there(self.counts.errors), level) * (high - low)
        means = self.means
        if self.exact:
            half = np.zeros_like(half)
        ends = (np.maximum(means - half, low), np.minimum(means + half, high))
        return Intervals(np.where(self.plays > 0, ends[0], low), np.where(self.plays > 0, ends[1], high), level)

    def game(self) -> DenseGame:
        """The game of choosing members, at their mean payoffs, which every verb takes that takes games.

        Raises:
            InputError: where profiles were not played yet.
        """
        if not (self.plays > 0).all() or not all(self.sizes):
            left = int((self.plays == 0).sum())
            raise InputError(f"{left} profiles of {self.arena.name} were not played yet: fill() plays them")
        actions = [self.names[seat] for seat in self.arena.seats]
        return dense(
            self.means, actions=actions, players=tuple(self.arena.sides), name=f"population of {self.arena.name}"
        )

    def __repr__(self) -> str:
        """Members and plays, as one line."""
        pools = " and ".join(str(len(own)) for own in self.members)
        return f"<Population of {pools} members of {self.arena.name}: {int(self.plays.sum()):,} plays>"

    def _wanted(self, where: str, level: float) -> list[Profile]:
        every = self.counts.profiles()
        if where == "even":
            return list(every)
        touched = self.bounds(level).touched()
        return [one for one in every if touched[one]]
