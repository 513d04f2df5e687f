"""The coupling at which selfish ascent turns: the formula, where it says what happens, and where it does not."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.core import Estimate
from nashscape.dynamics import simulate, starts
from nashscape.games import DenseGame
from nashscape.learning import peer_only, pg, unbounded
from nashscape.selection import entry_probability
from nashscape.semantics import coupled, imperfect, open_source, parametric
from nashscape.systems.agreement import Row
from nashscape.systems.statements import above, below, holds, near
from nashscape.theory import coupling_threshold, threshold

DONATION = {"benefit": 3.0, "cost": 1.0}
PROBABILITIES = (0.25, 0.5, 0.75)
STEP_SIZES = (0.05, 0.5, 2.0, 10.0)
BELOW, BETWEEN, ABOVE = 0.2, 0.4, 0.6
"""Couplings in the donation game: below the threshold of the diagonal, 1/3; above it, and below √(1/3); above both."""


def canonical() -> tuple[DenseGame, ...]:
    """The games with names of which the statements are tried."""
    return (
        games.prisoners_dilemma(),
        games.donation(**DONATION),
        games.stag_hunt(),
        games.symmetric_2x2(R=5.0, S=-2.0, T=7.0, P=1.0, name="uneven dilemma"),
    )


def closed_form(game: DenseGame, p: float) -> float:
    """`κ*(p) = −A(p)/B(p)`, of payoffs R S T P as they stand in the game's table."""
    (R, S), (T, P) = np.asarray(game.payoffs[0]).tolist()
    c = R - S - T + P
    return -((S - P) + c * p) / ((T - P) + c * p)


def exact_threshold() -> Iterator[Row]:
    """The formula against the sign of what one small update adds, bracketed; and against runs of two who are alike."""
    off = []
    for game in canonical():
        for p in PROBABILITIES:
            wanted = closed_form(game, p)
            if 0 < wanted < 2:
                [found] = coupling_threshold(game, at=[p, p]).brackets
                off.append(abs(found.middle - wanted))
    claim = "exact-threshold"
    yield near(claim, f"largest distance from the formula, {len(off)} profiles", 0.0, max(off), 1e-8)
    game = games.donation(**DONATION)
    for coupling, goes in ((0.32, "down"), (0.35, "up")):
        end = _cooperation(game, coupling, [0.5, 0.5])
        yield holds(claim, f"donation, two alike, coupling {coupling}", (end > 0.5) == (goes == "up"), f"goes {goes}")


def generic_starts(runs: int, seed: int) -> Iterator[Row]:
    """The same from starts in which players differ, as all drawn at random do: the ends of 6,000 updates of 0.3."""
    game = games.donation(**DONATION)
    reached = {k: _share(game, k, runs, seed) for k in (BELOW, BETWEEN, ABOVE)}
    yield below("selfish-ascent-switches", f"donation, coupling {BELOW}, share of CC", 0.5, reached[BELOW])
    yield above("threshold-from-any-start", f"donation, coupling {BETWEEN}, share of CC", 0.5, reached[BETWEEN])
    yield above("selfish-ascent-switches", f"donation, coupling {ABOVE}, share of CC", 0.5, reached[ABOVE])


def strong_coupling(runs: int, seed: int) -> Iterator[Row]:
    """Shares of cooperation at a strong coupling in games with names, without bounds on parameters."""
    for game, coupling in (
        (games.prisoners_dilemma(), 0.95),
        (games.donation(**DONATION), 0.95),
        (games.chicken(), 0.95),
        (games.stag_hunt(), 2.5),
    ):
        found = _share(game, coupling, runs, seed)
        yield above("strong-coupling", f"{game.name}, coupling {coupling:g}, share of CC", 0.9, found)


def learning_rate() -> Iterator[Row]:
    """Where two who are alike go does not depend on the step size; the product λη of peer-learning has a threshold."""
    game = games.donation(**DONATION)
    for coupling in (BELOW, 0.5):
        ends = [_cooperation(game, coupling, [0.5, 0.5], step) > 0.5 for step in STEP_SIZES]
        label = f"coupling {coupling}: the side changes between steps {STEP_SIZES[0]:g} and {STEP_SIZES[-1]:g}"
        yield holds("learning-rate-threshold", label, len(set(ends)) > 1, "changes")
    hunt, p = games.stag_hunt(), 0.6
    c, s = 3.0, p * (1 - p)
    for inner in (0.275, 1.1):
        rule = peer_only(peer=1.0, inner_lr=inner)
        [found] = threshold(hunt, rule=rule, dial="peer", at=[p, p]).brackets
        wanted = closed_form(hunt, p) / (c * s**2)
        yield near("bridge", f"λη of peer-learning, η = {inner:g}", wanted, found.middle * inner, 1e-6)


def asymmetry() -> Iterator[Row]:
    """Costs, couplings and noise that differ between the players, at even strategies, against formulas of our own."""
    claim, (b, c) = "asymmetry", (DONATION["benefit"], DONATION["cost"])
    uneven = games.bimatrix([[b - c, -c], [b, 0.0]], [[b - 2, b], [-2.0, 0.0]], name="uneven costs")
    [found] = coupling_threshold(uneven).brackets
    yield near(claim, "costs 1 and 2: the mean cost over the benefit", (c + 2) / (2 * b), found.middle, 1e-8)
    game = games.donation(**DONATION)
    one_way = threshold(lambda k: open_source(game, [[0.0, k], [0.0, 0.0]]), 0, 1, parameter="coupling")
    # dY/dt = s/2 · (b κ² + (b − c) κ − 2c): the one who is read gains, the one who reads is moved
    root = (-(b - c) + np.sqrt((b - c) ** 2 + 8 * b * c)) / (2 * b)
    yield near(claim, "only one reads", float(root), one_way.brackets[0].middle, 1e-6)
    yield from _imperfectly(game)


def _imperfectly(game: DenseGame) -> Iterator[Row]:
    claim, switch = "asymmetry", DONATION["cost"] / DONATION["benefit"]
    yield near(claim, "noise of 1 on both sides leaves it", switch, _threshold(game, noise=1.0), 1e-6)
    apart = _threshold(game, noise=[0.0, 2.0])
    yield holds(claim, "noise on one side alone raises it", apart > switch + 1e-6, "raised")
    yield near(claim, "reading half of the time doubles it", 2 * switch, _threshold(game, reads=0.5), 1e-6)


def _threshold(game: DenseGame, **imperfection: Any) -> float:
    def family(coupling: float) -> Any:
        return parametric(game, imperfect(coupled((2, 2), coupling), **imperfection))

    return float(threshold(family, 0.1, 1.0, parameter="coupling").brackets[0].middle)


def _share(game: DenseGame, coupling: float, runs: int, seed: int) -> Estimate:
    found = entry_probability(
        open_source(game, coupling), pg(), n=runs, steps=6000, step_size=0.3, targets=["CC", "DD"], seed=seed,
        starts=starts.normal(std=1.0), projection=unbounded(),
    )  # fmt: skip
    return found.at_step("CC")


def _cooperation(game: DenseGame, coupling: float, start: npt.ArrayLike, step_size: float = 0.5) -> float:
    run = simulate(open_source(game, coupling), pg(), start, steps=300, step_size=step_size, targets=["CC", "DD"])
    return float(run.strategies[0][-1][0])
