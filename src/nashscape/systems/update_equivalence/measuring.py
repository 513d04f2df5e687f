"""The study of the card: last strategies of magnetic mirror descent, and searches that are its steps."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
import numpy as np

from nashscape import games
from nashscape.learning import magnetic_mirror_descent, mirror_descent, schedules
from nashscape.learning.row_rules.mirror_descent import MAGNETIC
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, near
from nashscape.systems.update_equivalence import learners
from nashscape.theory import tree_logit_equilibrium, tree_play, update_search
from nashscape.theory.trees.search import UPDATE_EQUIVALENCE

ROUNDS = {"quick": 1_000, "full": 10_000, "thorough": 100_000}
"""Of the last strategies in trees."""
FIGURES = 58
STARTS = 50

PUBLISHED = {
    0.5: (0.29813319, 0.41382045, 0.28804635), 0.2: (0.22364492, 0.47798817, 0.29836691),
    0.1: (0.17347803, 0.48630324, 0.34021873), 0.05: (0.1517447, 0.46794775, 0.38030755),
}  # fmt: skip
STEPS = {0.5: 4_000, 0.2: 4_000, 0.1: 4_000, 0.05: 40_000}

SEQUENCE = (
    {"J": 0.24635768, "Q": 0.29690191, "K": 0.52453201},
    {
        "Q p": 0.36584056, "Q b": 0.58845172, "K p": 0.71561514, "K b": 0.9379815, "J p": 0.34994566, "J b": 0.20277233,
    },
)  # fmt: skip
"""How likely a bet is in the equilibrium of the sequence form of Kuhn's poker at λ = 10, as published."""

SCHEDULES: Mapping[str, tuple[Callable[[], games.TreeGame], float, float]] = {
    "Kuhn poker": (games.kuhn_poker, 1.0, 1.0),
    "abrupt dark hex 2×2": (lambda: games.dark_hex(rule="abrupt"), 1.0, 1.0),
    "liar's dice, 4 sides": (games.liars_dice, 1.0, 2.0),
    "Leduc poker": (games.leduc_poker, 5.0, 1.0),
}
"""For each game the temperature and the rate, both over √t, as published."""

OPTIMA = {"A": 2.25, "B": 1.0, "C": 2.5, "D": 2.5, "E": 10.0, "F": 7 / 3}

SEARCHES: Mapping[str, tuple[Callable[[], games.TreeGame], float, float]] = {
    "Kuhn poker": (games.kuhn_poker, 0.5, 0.05),
    "Leduc poker": (games.leduc_poker, 0.05, 0.05),
}
"""For each game the rate and the temperature of the search."""


def _rows(rounds: int, seed: int) -> Iterator[Row]:
    yield from _matrix_game()
    yield from _equilibria()
    yield from _schedules(rounds)
    yield from _magnets(rounds)
    yield from _hanabi(seed)
    yield from _identity(seed)
    yield from _common_payoffs(seed)
    yield from _exploitability()


def _matrix_game() -> Iterator[Row]:
    game = games.dense(learners.rescaled())
    for warm, wanted in PUBLISHED.items():
        start = [np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])]
        found = learners.ends(game, magnetic_mirror_descent(warm / 2, warm), [start], STEPS[warm])
        for name, own in zip(("first", "second"), found, strict=True):
            worst = float(np.abs(own[0] - np.array(wanted)).max())
            yield below("rps", f"α = {warm:g}, {name} player: error", 1e-8, exactly(worst))
        path, rest = learners.magnetic_path(warm, warm / 2, 400), np.stack([own[0] for own in found])
        apart = (rest * np.log(rest / path)).sum(axis=(1, 2))
        kept = apart[apart > 1e-12]
        slowest = float((kept[1:] / kept[:-1]).max())
        yield below("geometric", f"α = {warm:g}: largest ratio of divergences, one step to the next",
                    1 / (1 + warm**2 / 2) + 1e-9, exactly(slowest))  # fmt: skip


def _equilibria() -> Iterator[Row]:
    game = games.kuhn_poker()
    found = tree_logit_equilibrium(game, precision=10.0, form="sequence")
    for wanted, rows, own in zip(SEQUENCE, found.rows, found.strategies, strict=True):
        for name, value in wanted.items():
            yield near("kuhn-sequence", f"bet at {name}", value, float(own[rows.index(name), 1]), 1.5e-7)
    agents = tree_logit_equilibrium(game, precision=10.0)
    last = tree_play(game, magnetic_mirror_descent(0.1, 0.1), steps=6_000).last
    apart = max(float(np.abs(a - b).max()) for a, b in zip(agents.strategies, last, strict=True))
    yield below("kuhn-agents", "largest difference to the last strategies at α = .1", 1e-8, exactly(apart))
    yield below("kuhn-agents", "by how much its equations are missed", 1e-9, exactly(agents.residual))


def _schedules(rounds: int) -> Iterator[Row]:
    # half of the games where it is to be quick
    chosen = list(SCHEDULES.items())[: 2 if rounds < ROUNDS["full"] else None]
    for name, (make, temperature, rate) in chosen:
        rule = magnetic_mirror_descent(schedules.power(rate, exponent=0.5), schedules.power(temperature, exponent=0.5))
        yield from _last("schedules", name, make(), rule, rounds)


def _magnets(rounds: int) -> Iterator[Row]:
    rule = magnetic_mirror_descent(0.1, 1.0, magnet_rate=0.05)
    for name in ("Kuhn poker", "abrupt dark hex 2×2"):
        yield from _last("magnets", name, SCHEDULES[name][0](), rule, rounds)


def _last(claim: str, name: str, game: Any, rule: Any, rounds: int) -> Iterator[Row]:
    found = tree_play(game, rule, steps=rounds)
    every = found.last_regrets.mean(axis=1)
    before = float(every[np.searchsorted(found.times, rounds // 10)])
    with jax.enable_x64(True):
        even = float(np.mean(learners.regrets(game, game.uniform())))
    yield below(claim, f"{name}: last exploitability, of that of even play", 0.1, exactly(float(every[-1]) / even))
    yield below(claim, f"{name}: last exploitability, of that after a tenth of the rounds", 1.0,
                exactly(float(every[-1]) / before))  # fmt: skip


def _hanabi(seed: int) -> Iterator[Row]:
    shares = []
    for letter, wanted in OPTIMA.items():
        game = games.tiny_hanabi(letter)
        yield near("hanabi-optima", f"{letter}: best of all plans", wanted, learners.optimum(game), 1e-9)
        starts = [learners.random_strategies(game, seed + k) for k in range(STARTS)]
        last = learners.ends(game, mirror_descent(0.3), starts, 1_000)
        with jax.enable_x64(True):
            paid = np.asarray(learners.paid(game, last))
        shares.append(float((paid > wanted - 0.01).mean()))
        yield above("hanabi-starts", f"{letter}: share of {STARTS} starts that reach it", 0.0, exactly(shares[-1]))
    yield below("hanabi-traps", "smallest share in the six games", 1.0, exactly(min(shares)))


def _identity(seed: int) -> Iterator[Row]:
    for name, game in (("Kuhn poker", games.kuhn_poker()), ("abrupt dark hex 2×2", games.dark_hex(rule="abrupt"))):
        blueprint = learners.random_strategies(game, seed)
        after = learners.ends(game, magnetic_mirror_descent(0.5, 0.2), [blueprint], 1)
        worst, looked = 0.0, 0
        with jax.enable_x64(True):
            reach = [np.asarray(own) for own in learners.others_reach(game, blueprint)]
        for player, mask in enumerate(game.legal):
            for row in np.flatnonzero(reach[player] > 0):
                found = update_search(game, blueprint, player, int(row), rate=0.5, temperature=0.2)
                worst = max(worst, float(np.abs(found.after - after[player][0, row][mask[row]]).max()))
                looked += 1
        yield below("identity", f"{name}, {looked} information sets: largest difference", 1e-12, exactly(worst))


def _common_payoffs(seed: int) -> Iterator[Row]:
    tree = games.tiny_hanabi("A")
    alone, both = learners.search_gains(tree, [[(0, 0)], [(0, 0), (1, 0)]], 10_000, 10.0, seed)
    yield above("never-lower", "10,000 games, one information set: least gain", -1e-12, exactly(float(alone.min())))
    lower = int((both < -1e-9).sum())
    yield holds("two-at-once", "at two information sets at once some games are lowered", lower > 0, f"{lower}")


def _exploitability() -> Iterator[Row]:
    for name, (make, rate, warm) in SEARCHES.items():
        game = make()
        for which in ("even", "first", "last"):
            blueprint = learners.tilted(game, which)
            after = [own[0] for own in learners.ends(game, magnetic_mirror_descent(rate, warm), [blueprint], 1)]
            with jax.enable_x64(True):
                before, now = (float(learners.regrets(game, list(own)).sum()) for own in (blueprint, after))
            yield below("magnetic-search", f"{name}, blueprint {which}: NashConv of the search, of the blueprint's",
                        1.0, exactly(now / before))  # fmt: skip


measure = measuring(
    "update-equivalence", ROUNDS, _rows, of="rounds", figures=FIGURES, sources=[UPDATE_EQUIVALENCE, MAGNETIC]
)
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
