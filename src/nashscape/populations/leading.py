"""`leads_to`: which answers a way of growing comes to from many starts, how often, and what they leave to gain."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, finite_number, positive_integer, record, wilson
from nashscape.core.calls import public
from nashscape.core.interrupts import beside, stoppable, until_stopped
from nashscape.games import GameLike
from nashscape.populations.beginnings import beginnings
from nashscape.populations.generations import Growing
from nashscape.populations.generations import generations as next_pools
from nashscape.populations.going_on import checked_until, name_of
from nashscape.populations.growing import NOTHING, Growth
from nashscape.populations.leading_results import MIXED, LeadsTo
from nashscape.populations.sides import Sides, sides_of
from nashscape.populations.ways import plan_by_name

Floats = npt.NDArray[np.float64]

BLOCK = 32
"""Runs that go on together, at most; of a block that is stopped none is kept, as runs that end early are no sample."""
BLOCK_PAYOFFS = 1 << 22
"""Payoffs of one side, times runs of a block: 32 MiB."""


@stoppable
@public()
def leads_to(
    game: "GameLike",
    by: Any = "self-play",
    *,
    n: int = 100,
    generations: int = 20,
    teams: Any = None,
    symmetric: bool = False,
    start: str = "drawn",
    sure: float = 0.9,
    level: float = 0.95,
    seed: int = 0,
    until: float | None = NOTHING,
    progress: Callable[[int, int], None] | None = None,
) -> LeadsTo:
    """Which answers a way of growing comes to from random starts, and how often each: its basins, by their shares.

    Args:
        game: one with payoffs for all profiles.
        by: the way of growing, see `grow`.
        n: runs; run k has the same start whatever n is.
        generations: of each, at most.
        teams: lists of players who are one side.
        symmetric: whether all sides take their strategies from one pool.
        start: from where runs begin, "drawn", "logits:std=2" or "pure".
        sure: an answer is a profile of actions where every player plays its action at least so often, above ½.
        level: of the intervals.
        seed: of the starts.
        until: a run ends where no side gains more, as a share of the range of payoffs.
        progress: called with (runs done, runs in all) after every generation of a block of runs.

    Raises:
        InputError: as `grow`, and for starts that are not random.

    Example:
        >>> from nashscape import games
        >>> found = leads_to(games.stag_hunt(), "self-play", n=40, generations=2)
        >>> found.outcomes, bool((found.gains < 0.01).all())
        (('D,D', 'C,C'), True)

    Source: Wilson (1927) for the intervals.
    """
    sides, plan = sides_of(game, teams, symmetric=symmetric), plan_by_name(by)
    n, generations = positive_integer(n, "n"), positive_integer(generations, "generations")
    seed, until = positive_integer(seed, "seed", at_least=0), checked_until(until)
    sure = finite_number(sure, "sure", low=0.5, high=1.0, low_open=True)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    if not isinstance(start, str) or start.partition(":")[0] not in ("drawn", "logits", "pure"):
        raise InputError(
            f"runs begin from random starts, drawn, logits or pure; from one alone, ask grow; got {start!r}"
        )
    ended: list[Growth] = []
    block = max(1, min(BLOCK, BLOCK_PAYOFFS // sides.table[0].size))

    def told(over: int) -> None:
        if progress is not None:
            progress(len(ended) + over, n)

    with until_stopped(lambda: not ended) as stop:
        for first in range(0, n, block):
            keys = [(seed, k) for k in range(n)[first : first + block]]
            growing = [Growing(sides, plan, beginnings(sides, start, key), key) for key in keys]
            ended += _all_grown(growing, generations, until, told)
            told(0)
    labels = [_label(sides, growth.answer, sure) for growth in ended]
    counted = Counter(labels)
    outcomes = tuple(sorted(counted, key=lambda name: (-counted[name], name)))
    asked = {"game": sides.game, "by": plan, "teams": sides.teams, "symmetric": bool(symmetric), "start": start,
             "until": until, "generations": generations, "n": n, "sure": sure, "level": level}  # fmt: skip
    return LeadsTo(
        game=sides.game.name,
        by=name_of(by),
        sides=sides.names,
        players=sides.game.players,
        actions=sides.game.actions,
        outcomes=outcomes,
        shares=tuple(wilson(counted[name], len(ended), level) for name in outcomes),
        labels=np.array([outcomes.index(name) for name in labels], np.int64),
        gains=np.array([one.gains[-1] for one in ended]),
        alone=np.array([one.alone[-1] for one in ended]),
        generations=np.array([len(one.gains) - 1 for one in ended], np.int64),
        status=Status.INTERRUPTED if stop.early else Status.COMPLETE,
        provenance=record("population outcomes", asked, seed=seed, sources=list(plan.sources)),
    )


def _all_grown(
    growing: Sequence[Growing], generations: int, until: float | None, told: Callable[[int], None]
) -> list[Growth]:
    """Runs of a block as they end, generation by generation; after each it is told how many are over."""
    growths = [Growth.of(None, one).next(one) for one in growing]
    for done in range(generations):
        going = [k for k, one in enumerate(growths) if not one.over(growing[k], generations, until)]
        told(len(growths) - len(going))
        if not going:
            break
        many = [growing[k] for k in going]
        pools = beside(partial(next_pools, many, [growths[k].pools for k in going], done))
        for k, own in zip(going, pools, strict=True):
            growths[k] = growths[k].with_pools(growing[k], own)
    return growths


def _label(sides: Sides, answer: Sequence[Floats], sure: float) -> str:
    """The profile of actions that an answer is, by names, in the order of the players."""
    played: dict[int, str] = {}
    for side, own in enumerate(answer):
        shaped = own.reshape(sides.shapes[side])
        for place, player in enumerate(sides.teams[side]):
            mixture = shaped.sum(axis=tuple(j for j in range(shaped.ndim) if j != place))
            if mixture.max() < sure:
                return MIXED
            played[player] = sides.game.actions[player][int(mixture.argmax())]
    return ",".join(played[player] for player in sorted(played))
