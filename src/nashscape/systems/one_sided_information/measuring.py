"""The study of the card: when an informed player reveals what it knows, and how many actions that takes."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from nashscape.core import Source
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.one_sided_information.counterfactual import Solver, costs
from nashscape.systems.one_sided_information.prototypes import best_with, most_replies, solved
from nashscape.systems.statements import above, below, exactly, holds, near
from nashscape.theory import belief_tree, finite_one_sided_value, hexner_game, one_sided_value
from nashscape.theory.one_sided.linear_quadratic import HEXNER
from nashscape.theory.one_sided.saddle_steps import least_cost, saddle_steps
from nashscape.theory.one_sided.state_games import AUMANN_MASCHLER

SOURCE = Source(
    "cams", "Ghimire, Zhang, Xu, Ren: Solving Football by Exploiting Equilibrium Structure of 2p0s Differential Games "
    "with One-Sided Information. ICLR 2026.", "https://arxiv.org/abs/2502.00560",
)  # fmt: skip

GAMES = {"quick": 5, "full": 20, "thorough": 60}
"""Random games of each size."""
FIGURES = 42
REVEALED = 1 - 0.15 ** (1 / 3)
"""When Hexner's informed player reveals the goal in continuous time: the least of `J(t)`."""
HELD = {4: -0.328857, 10: -0.330606, 20: -0.332571}
"""The value with controls held over so many steps, from one-dimensional sums: see `revealed_at`."""
KINKS = (((4, 0, 2), (4, 0, -2)), ((0, 4, -2), (0, 4, 2)))
SIZES = ((2, 3, 4), (2, 5, 3), (3, 2, 4))
"""States, rows and columns of random repeated games."""


def revealed_at(t: float) -> float:
    """What Hexner's informed player pays where the goal is told at time t, in continuous time.

    `J(t) = 3 r₁/(3 r₁ + τ³) − 3 r₂/(3 r₂ + τ³)`, τ = 1 − t, r₁ = .025, r₂ = .1.

    >>> round(revealed_at(REVEALED), 12), round(revealed_at(0.0), 4)
    (-0.333333333333, -0.161)
    """
    cube = (1 - t) ** 3
    return 0.075 / (0.075 + cube) - 0.3 / (0.3 + cube)


def _rows(games: int, seed: int) -> Iterator[Row]:
    yield from _hexner()
    yield from _eleven()
    yield from _baseline(full=games > GAMES["quick"])
    yield from _prototypes(games, seed)
    yield from _repeated(games, seed)


def _hexner() -> Iterator[Row]:
    yield near("critical-time", "what is paid where the goal is told then", -1 / 3, revealed_at(REVEALED), 1e-12)
    grid = np.linspace(0, 1, 100_001)
    least = float(grid[np.array([revealed_at(t) for t in grid]).argmin()])
    yield near("critical-time", "time at which telling costs least, of 100,001", REVEALED, least, 1e-5)
    for steps in (4, 10):
        tree = belief_tree(hexner_game(), steps=steps)
        yield near("held-controls", f"{steps} steps: tree of beliefs", HELD[steps], tree.high, 1e-6)
        yield near("bounds", f"{steps} steps: tree less the bound for any number of signals", 0.0,
                   tree.high - tree.low, 1e-9)  # fmt: skip
        yield below("critical-time", f"{steps} steps: distance of the time of telling, in steps", 1.0,
                    exactly(abs(tree.concealed_until - REVEALED) * steps))  # fmt: skip
    values = {
        steps: least_cost(saddle_steps(hexner_game(), steps), np.array([0.5, 0.5])) for steps in (20, 40, 80, 160)
    }
    yield near("held-controls", "20 steps: bound", HELD[20], values[20], 1e-6)
    for steps, value in values.items():
        yield below("held-controls", f"{steps} steps: error in squares of a step", 1.0,
                    exactly(abs(value + 1 / 3) * steps**2))  # fmt: skip


def _eleven() -> Iterator[Row]:
    tree = belief_tree(hexner_game(11), steps=10)
    yield near("eleven", "11 against 11, 10 steps: time of telling", 0.5, tree.concealed_until, 1e-12)
    yield near("eleven", "tree less the bound", 0.0, tree.high - tree.low, 1e-8)
    yield near("eleven", "paid, in pairs of players", HELD[10], tree.high / 11, 1e-6)
    early = tree.positions[tree.step == 4].reshape(-1, 11, 2, 4)
    yield near("eleven", "largest distance from the middle before it is told", 0.0,
               float(np.abs(early[:, :, :, 1]).max()), 1e-9)  # fmt: skip


def _baseline(full: bool) -> Iterator[Row]:
    """Regret minimisation on grids of controls, of which the ends are ours: 6, half of the bound of the public code."""
    tree = belief_tree(hexner_game(), steps=4)
    yield below("baseline-error", "trees of beliefs, 4 steps: error of the value with held controls", 1e-6,
                exactly(abs(tree.high - HELD[4])))  # fmt: skip
    for levels, iterations in ((2, 200), (3, 20 if full else 3)):
        solver = Solver(costs(4, np.linspace(-6.0, 6.0, levels)), np.array([0.5, 0.5]))
        solver.improve(iterations)
        low, high = solver.bounds()
        said = f"CFR+, {levels**2} controls, {iterations} iterations"
        yield above("baseline-error", f"{said}: error of what the informed player makes sure of", 0.1,
                    exactly(abs(high - HELD[4])))  # fmt: skip
        yield holds("baseline-error", f"{said}: its bounds are {low:.4f} and {high:.4f}", low <= high, "in order")
        yield above("baseline-cost", f"{said}: numbers of strategies over nodes of the whole tree of beliefs", 50.0,
                    exactly(solver.entries / 30))  # fmt: skip


def _prototypes(games: int, seed: int) -> Iterator[Row]:
    """Two states in two rounds, and three states in one."""
    for rounds, states, rows, columns in ((2, 2, 3, 5), (1, 3, 5, 6)):
        random = np.random.default_rng((seed, rounds))
        enough, fewer, replies, same = [], [], [], []
        for _ in range(games):
            tables = random.normal(size=(rounds, states, rows, columns))
            prior = random.dirichlet(np.full(states, 4.0))
            value = solved(tables, prior).value
            enough.append(abs(best_with(tables, prior, states) - value) <= 1e-7)
            fewer.append(best_with(tables, prior, states - 1) < value - 1e-4)
            count, held_to = most_replies(tables, prior)
            replies.append(count <= states + 1)
            same.append(abs(held_to - value) <= 1e-7)
        said = f"{states} states, {rows} × {columns} actions, rounds: {rounds}"
        yield holds("informed", f"{said}: as many rows as states are enough", enough, "of all games")
        yield holds("informed", f"{said}: one row fewer is not enough in some game", any(fewer), f"of {games} games")
        yield holds("uninformed", f"{said}: one reply more than states is enough", replies, "of all games")
        yield holds("uninformed", f"{said}: and holds the other to the value", same, "of all games")


def _repeated(games: int, seed: int) -> Iterator[Row]:
    found = one_sided_value(KINKS, ["1/2", "1/2"])
    yield holds("concave-envelope", "a game with kinks: the value is 1, by signals to 1/4 and 3/4, and 0 concealed",
                [found.low, found.high, found.concealed] == [Fraction(1), Fraction(1), Fraction(0)]
                and sorted(own[0] for own in found.posteriors) == [0.25, 0.75], "in fractions")  # fmt: skip
    for states, rows, columns in SIZES:
        random = np.random.default_rng((seed, states, rows, columns))
        near_enough, few, within = [], [], []
        for _ in range(games // 2):
            tables, prior = random.normal(size=(states, rows, columns)), random.dirichlet(np.full(states, 2.0))
            limit = one_sided_value(tables, prior, tolerance=1e-3)
            near_enough.append(limit.gap <= 1e-3 * float(np.ptp(tables)))
            few.append(len(limit.weights) <= states)
            each = [finite_one_sided_value(tables, prior, rounds) for rounds in (1, 3)]
            within += [float(limit.low) - 1e-9 <= one.value <= float(limit.high) + one.excess for one in each]
        said = f"{states} states, {rows} × {columns}"
        yield holds("concave-envelope", f"{said}: proved bounds meet to a thousandth of the range", near_enough,
                    "of all games")  # fmt: skip
        yield holds("informed", f"{said}: a split needs no more signals than states", few, "of all games")
        yield holds("rounds", f"{said}: 1 and 3 rounds are worth cav u to cav u + C/√N", within, "of all games")


measure = measuring(
    "one-sided-information", GAMES, _rows, of="games", figures=FIGURES, sources=[SOURCE, HEXNER, AUMANN_MASCHLER]
)
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
