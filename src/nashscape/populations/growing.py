"""`grow`: strategies that learn against those before them, generation after generation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.interrupts import stoppable
from nashscape.core.results_by_name import ResultsByName
from nashscape.games import GameLike
from nashscape.populations.arena_growing import grow_members
from nashscape.populations.arenas import Arena, is_arena
from nashscape.populations.beginnings import beginnings
from nashscape.populations.generations import Growing, Pools
from nashscape.populations.going_on import checked_until, name_of, through
from nashscape.populations.grown import Grown
from nashscape.populations.grown_members import GrownMembers
from nashscape.populations.plans import GrowingPlan
from nashscape.populations.sides import sides_of
from nashscape.populations.ways import names_response, plan_by_name

Floats = npt.NDArray[np.float64]

NOTHING = 1e-9
"""Of the range of payoffs: a gain that is none."""


class GrowOptions(TypedDict, total=False):
    """What `grow` takes by name."""

    generations: int
    teams: Any
    symmetric: bool
    start: Any
    seed: int
    until: float | None
    plays: int
    tries: int
    level: float
    keep: str | Path | None
    progress: Callable[[int, int], None] | None


@overload
def grow(game: "GameLike", by: "str | GrowingPlan" = ..., **options: Unpack[GrowOptions]) -> Grown: ...
@overload
def grow(game: Arena, by: "str | GrowingPlan" = ..., **options: Unpack[GrowOptions]) -> GrownMembers: ...
@overload
def grow(game: "GameLike", by: list[Any] | tuple[Any, ...], **options: Unpack[GrowOptions]) -> ResultsByName[Grown]: ...
@stoppable
@public()
def grow(
    game: Any,
    by: Any = "double-oracle",
    *,
    generations: int = 20,
    teams: Any = None,
    symmetric: bool = False,
    start: Any = "uniform",
    seed: int = 0,
    until: float | None = NOTHING,
    plays: int = 100,
    tries: int = 1000,
    level: float = 0.95,
    keep: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Any:
    """A population of strategies that grows: every generation learns against those before it, as the way says.

    Ways differ in whom a generation meets, how those are weighed (the meta-solver), and how it responds to them. After
    each one it is told what the answer leaves to gain: for every side what its best joint action gains, and for every
    side what the best of one member alone gains. Where the first is 0 the answer is a Nash equilibrium of the sides;
    that of members is no more than that, and 0 in equilibria that a team together would leave.

    Where strategies cannot be listed, as those of networks or programs, an `Arena` says how members begin, learn and
    meet. Then it is told what one gains that learns afresh against the answer, with its interval.

    Args:
        game: one with payoffs for all profiles; or an `Arena`, whose members respond in its own way.
        by: the way, with options as "psro:meta=uniform"; `growing_catalogue` lists them; or a `GrowingPlan`. Several
            ways give a mapping. In an arena no response is named; that of a plan is not looked at.
        generations: at most.
        teams: lists of players who have one payoff and are one side, by name or number; by default each player is one.
        symmetric: whether all sides, which must see the same game, take their strategies from one pool.
        start: where learning begins: "uniform"; "first", the first actions; "drawn", mixtures drawn evenly; "logits",
            softmax of normal numbers, "logits:std=2"; "pure", actions drawn evenly; or a list of mixtures, one for each
            player. What starts anew is drawn anew.
        seed: of what is drawn.
        until: it ends where no side gains more, as a share of the range of payoffs; None never ends early. In an arena
            it is the upper end of what one gains that learnt afresh.
        plays: of each profile of members of an arena that is weighed, where payoffs are not exact.
        tries: plays by which it is measured there what is gained.
        level: of all intervals of that together.
        keep: a file in which the population is kept after every generation; where one of the same question is there
            already, it grows on from it, to the same bits. Fewer generations than it holds are grown anew, and the file
            stays as it is. An arena must be a dataclass for that, or have `to_dict`.
        progress: called with (generations done, generations in all).

    Raises:
        InputError: for a game without payoffs for all profiles, teams that do not partition the players or whose
            members' payoffs differ, sides that cannot share a pool, unknown names, strategies that are none, and a
            file of another question.

    Example:
        >>> from nashscape import games
        >>> found = grow(games.bimatrix([[4, -1, 1], [-2, 3, 0], [1, 1, -3]], [[-4, 1, -1], [2, -3, 0], [-1, -1, 3]]),
        ...              start="first")
        >>> found, found.gains.sum(1).round(9).tolist()
        (<Grown: 3 generations by double-oracle, exploitability 0>, [5.0, 4.0, 0.5, 0.0])

    Source: Lanctot et al. (2017) for the form; each way names its own, see `Grown.citation`.
    """
    generations = positive_integer(generations, "generations")
    if isinstance(by, (list, tuple)):
        if keep is not None or not by or len({str(way) for way in by}) < len(by):
            raise InputError("several ways of growing are different ones, and kept in no file; name one at a time")
        asked_of_each = {"generations": generations, "teams": teams, "symmetric": symmetric, "start": start,
                         "seed": seed, "until": until, "plays": plays, "tries": tries, "level": level,
                         "progress": progress}  # fmt: skip
        return ResultsByName((str(way), grow(game, way, **asked_of_each)) for way in by)
    plan, until = plan_by_name(by), checked_until(until)
    seed = positive_integer(seed, "seed", at_least=0)
    if is_arena(game):
        if teams is not None or symmetric or start != "uniform":
            raise InputError("an arena says itself what its sides and pools are, and how members begin: leave out "
                             "teams, symmetric and start")  # fmt: skip
        if names_response(by, plan):
            raise InputError("members of an arena respond in its own way, by its respond: leave out response, and give "
                             "the arena what it should learn by")  # fmt: skip
        return grow_members(game, plan, name_of(by), generations=generations, seed=seed, until=until, plays=plays,
                            tries=tries, level=level, keep=keep, progress=progress)  # fmt: skip
    sides = sides_of(game, teams, symmetric=symmetric)
    growing = Growing(sides, plan, beginnings(sides, start, (seed,)), (seed,))
    asked = {"game": sides.game, "by": plan, "teams": sides.teams, "symmetric": bool(symmetric), "start": start,
             "until": until}  # fmt: skip
    told = record("grown population", {**asked, "generations": generations}, seed=seed, sources=list(plan.sources))
    return through(Growth.of, growing, way=name_of(by), told=told, generations=generations, until=until, keep=keep,
                   progress=progress)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Growth:
    """The pools after some generations, and what was seen of the answer after each.

    Attributes:
        pools: as they are.
        gains: what each side gains at most, before anybody learnt and after each generation.
        alone: what one member gains at most.
        answer: as it is, by side.
        weights: how likely profiles are in it where it is drawn for all together.
    """

    pools: Pools
    gains: tuple[Floats, ...] = ()
    alone: tuple[Floats, ...] = ()
    answer: tuple[Floats, ...] = ()
    weights: Floats = field(default_factory=lambda: np.ones(()))

    @classmethod
    def of(cls, kept: Grown | None, growing: Growing) -> "Growth":
        """From what was kept, or from the start."""
        if kept is None:
            return cls(growing.at_first())
        numbers = {role.name: k for k, role in enumerate(growing.plan.roles)}
        roles = tuple(np.array([numbers[name] for name in own], np.int64) for own in kept.roles)
        pools = Pools.of(growing.sides, kept.strategies, roles)
        return cls(pools, tuple(kept.gains), tuple(kept.alone), tuple(kept.answer), kept.weights)

    def over(self, growing: Growing, generations: int, until: float | None) -> bool:
        """Whether there were so many generations, or nobody gains more than that share of the range of payoffs."""
        least = -1.0 if until is None else until * (growing.sides.scale or 1.0)
        return bool(self.gains) and (len(self.gains) > generations or self.gains[-1].max() <= least)

    def next(self, growing: Growing) -> "Growth":
        """After one generation more; at first none, but what there is to gain before anybody learns."""
        return self.with_pools(
            growing, growing.generation(self.pools, len(self.gains) - 1) if self.gains else self.pools
        )

    def with_pools(self, growing: Growing, pools: Pools) -> "Growth":
        """After a generation that has made these pools."""
        answer = growing.answer(pools)
        gains, alone = answer.gains(each=growing.plan.leaves == "told")
        return Growth(pools, (*self.gains, gains), (*self.alone, alone), answer.mixed, answer.weights)

    def grown(self, growing: Growing, way: str, status: Status, provenance: Provenance) -> Grown:
        """As a result."""
        sides, pools = growing.sides, self.pools
        return Grown(
            game=sides.game.name,
            by=way,
            sides=sides.names,
            players=sides.game.players,
            actions=sides.game.actions,
            teams=sides.teams,
            seats=sides.seats,
            gains=np.array(self.gains),
            alone=np.array(self.alone),
            answer=self.answer,
            weights=self.weights,
            strategies=pools.strategies,
            roles=tuple(tuple(growing.plan.roles[k].name for k in own) for own in pools.roles),
            payoffs=sides.payoffs([pools.joints[seat] for seat in sides.seats]),
            status=status,
            provenance=provenance,
        )
