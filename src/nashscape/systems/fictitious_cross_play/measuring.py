"""The study of the card: what the answers of ways of growing leave to gain in three games of teams."""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.games import DenseGame
from nashscape.populations import Grown, grow, leads_to
from nashscape.populations.ways import CROSS_PLAY
from nashscape.systems.agreement import Row
from nashscape.systems.fictitious_cross_play.battling import battle_rows
from nashscape.systems.fictitious_cross_play.team_games import crossing, of_teams, rock_paper_scissors, seeking
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, near

STARTS = {"quick": 60, "full": 400, "thorough": 2000}
"""Random starts of self-play, for each way in which they are drawn; of cross-play a quarter as many."""
FIGURES = 62
FEWEST = 5
"""Runs of battles on a grid, of which there is one for 50 starts."""
ONES, ZEROS = ",".join("1" * 6), ",".join("0" * 6)
SIDES: Mapping[str, Any] = MappingProxyType({"teams": (range(3), range(3, 6)), "symmetric": True})
ACTIONS = (*"012345", "attack", "defend")

DRAWN = MappingProxyType({
    "mixtures drawn evenly": "drawn",
    "normal logits, deviation 1": "logits:std=1",
    "normal logits, deviation 2": "logits:std=2",
})  # fmt: skip

SELF_PLAY: Mapping[str, tuple[str, int]] = MappingProxyType({
    "self-play": ("self-play", 3),
    "fictitious self-play": ("fictitious-self-play:oneself=0.99", 300),
    "follow the regularised leader": ("self-play:response=ftrl:rate=20", 1),
    "replicator dynamics": ("self-play:response=replicator:rate=0.8", 1),
    "multiplicative weights": ("self-play:response=hedge:rate=10", 1),
    "regret matching of each member": ("self-play:response=regret_matching", 1),
})  # fmt: skip
"""Ways that meet themselves alone, with generations."""

TOGETHER: Mapping[str, tuple[str, int]] = MappingProxyType({
    "double oracle": ("double-oracle", 40),
    "online double oracle": ("online-double-oracle", 12),
    "PSRO, Nash": ("psro:response=steps", 12),
    "PSRO, uniform": ("psro:meta=uniform", 200),
    "cross-play, Nash mixture": ("fictitious-cross-play:answer=nash", 10),
})  # fmt: skip
"""Ways whose pools hold what beats the answer, with generations."""


def team(game: DenseGame, by: str, generations: int, **more: Any) -> Grown:
    """A population of two alike teams, through all generations if nothing else is said."""
    half = game.n_players // 2
    teams = [range(half), range(half, 2 * half)]
    asked = {"generations": generations, "teams": teams, "symmetric": True, "until": None, **more}
    found: Grown = grow(game, by, **asked)
    return found


def _rows(starts: int, seed: int) -> Iterator[Row]:
    example = of_teams(crossing, 3, "01", "crossing")
    classes = of_teams(rock_paper_scissors, 2, "RS", "team rock, paper, scissors")
    raid = of_teams(partial(seeking, force=2, cost=0.0), 3, ACTIONS, "seek, attack, defend")
    yield from _counter_example(example, starts, seed)
    yield from _main_strategies(example)
    for said, game in (("example", example), ("rock, paper, scissors", classes), ("seek, attack, defend", raid)):
        yield from _every_way(said, game)
    yield from _thirds(classes)
    yield from _alone(classes, raid)
    yield from battle_rows(max(FEWEST, starts // 50), seed)


def _counter_example(game: DenseGame, starts: int, seed: int) -> Iterator[Row]:
    found = team(game, "self-play", 5)
    ones = [float(found.mixture(i)[1]) for i in range(6)]
    yield near("counter-example", "self-play from uniform: least probability of 1", 1.0, min(ones), 1e-6)
    yield near("counter-example", "exploitability there", 1.5, found.exploitability, 1e-6)
    yield below("counter-example", "what one member alone gains there", 1e-6, exactly(float(found.alone[-1].max())))
    for said, start in DRAWN.items():
        ends = leads_to(game, "self-play", n=starts, generations=2, start=start, seed=seed, **SIDES)
        yield above("high-probability", f"self-play ends in all ones: {said}", 0.5, ends.share(ONES))
    for said, start in DRAWN.items():
        ends = leads_to(game, "fictitious-cross-play", n=starts // 4, generations=10, start=start, seed=seed, **SIDES)
        yield above("random-starts", f"cross-play ends in all zeros: {said}", 0.5, ends.share(ZEROS))


def _main_strategies(game: DenseGame) -> Iterator[Row]:
    found = team(game, "fictitious-cross-play", 10)
    gains = found.gains.mean(axis=1)
    yield near("cross-play", "example, exploitability of the first main strategy", 1.5, gains[1], 5e-3)
    yield near("cross-play", "of main strategies from the second on, the largest", 0.0, gains[2:].max(), 1e-3)
    yield near("cross-play", "least probability of 0 in the end", 1.0, min(found.mixture(i)[0] for i in range(6)), 1e-3)


def _every_way(said: str, game: DenseGame) -> Iterator[Row]:
    for way, (by, generations) in SELF_PLAY.items():
        found = team(game, by, generations)
        yield above("self-play-fails", f"{said}: exploitability by {way}", 0.5, exactly(found.exploitability))
    for way, (by, generations) in TOGETHER.items():
        claim = "matrix-games" if "cross" in way else "psro-extends"
        # who responds exactly has nothing to add once nothing is left to gain
        found = team(game, by, generations, until=1e-9 if by == "double-oracle" else None)
        yield below(claim, f"{said}: exploitability by {way}", 0.15, exactly(found.exploitability))


def _thirds(game: DenseGame) -> Iterator[Row]:
    found = team(game, "fictitious-cross-play:answer=nash", 10)
    rock, paper, other, scissors = found.answer[0]
    classes = np.array([rock, paper + other, scissors])
    yield near("thirds", "largest distance of a class from a third", 0.0, float(np.abs(classes - 1 / 3).max()), 1e-3)


def _alone(classes: DenseGame, raid: DenseGame) -> Iterator[Row]:
    for said, game in (("rock, paper, scissors", classes), ("seek, attack, defend", raid)):
        left = team(game, "fictitious-cross-play", 10).exploitability
        yield above("main-alone", f"{said}: of the newest main strategy", 0.5, exactly(left))
    usual = of_teams(seeking, 3, ACTIONS, "seek, attack, defend, usual costs")
    for way, generations in (("self-play", 3), ("fictitious-cross-play", 5)):
        left = team(usual, way, generations).exploitability
        yield near("usual-costs", f"exploitability by {way}", 0.0, left, 1e-6)


measure = measuring("fictitious-cross-play", STARTS, _rows, of="starts", figures=FIGURES, sources=[CROSS_PLAY])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
