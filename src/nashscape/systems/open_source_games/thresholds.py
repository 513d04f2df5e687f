"""The coupling at which selfish ascent turns: the formula, where it says what happens, and where it does not."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nashscape import games
from nashscape.core import Estimate
from nashscape.games import DenseGame
from nashscape.semantics import coupled, imperfect, open_source, parametric
from nashscape.studies import Findings, one_estimate, one_number
from nashscape.systems.agreement import Row
from nashscape.systems.open_source_games import study
from nashscape.systems.open_source_games.study import ABOVE, BELOW, BETWEEN, DONATION, STEP_SIZES
from nashscape.systems.statements import above, below, holds, near
from nashscape.theory import coupling_threshold, threshold

START = 2 * (DONATION["benefit"] - DONATION["cost"]) / 2
"""What two players earn together who cooperate half of the time."""


def closed_form(game: DenseGame, p: float) -> float:
    """`κ*(p) = −A(p)/B(p)`, of payoffs R S T P as they stand in the game's table."""
    (R, S), (T, P) = np.asarray(game.payoffs[0]).tolist()
    c = R - S - T + P
    return -((S - P) + c * p) / ((T - P) + c * p)


def exact_threshold() -> Iterator[Row]:
    """The formula against the sign of what one small update adds, bracketed; and against runs of two who are alike."""
    found = study.EXACT_THRESHOLDS.run().values(quantity="threshold")
    played = {one.name: one for one in study.CANONICAL}
    wanted = [
        closed_form(played[game], float(at.partition(" ")[0]))
        for game, at in zip(found["game"].tolist(), found["at"].tolist(), strict=True)
    ]
    off = np.abs(found["value"] - wanted)
    claim = "exact-threshold"
    yield near(claim, f"largest distance from the formula, {len(off)} profiles", 0.0, float(off.max()), 1e-8)
    alike = study.ALIKE.but({"step_size": 0.5}).run()
    for coupling, goes in ((0.32, "down"), (0.35, "up")):
        up = one_number(alike, quantity="welfare", coupling=coupling) > START
        yield holds(claim, f"donation, two alike, coupling {coupling}", up == (goes == "up"), f"goes {goes}")


def generic_starts(runs: int, seed: int) -> Iterator[Row]:
    """The same from starts in which players differ, as all drawn at random do."""
    found = study.GENERIC_STARTS.but({"n": runs}, seed=seed).run()
    any_start, switches = "threshold-from-any-start", "selfish-ascent-switches"
    label = "donation, coupling {}, share of CC".format
    yield below(switches, label(BELOW), 0.5, _share(found, coupling=BELOW))
    yield above(any_start, label(BETWEEN), 0.5, _share(found, coupling=BETWEEN))
    yield above(switches, label(ABOVE), 0.5, _share(found, coupling=ABOVE))


def strong_coupling(runs: int, seed: int) -> Iterator[Row]:
    """Shares of cooperation at a strong coupling in games with names, without bounds on parameters."""
    found = study.STRONG_COUPLING.but({"n": runs}, seed=seed).run()
    rows = found.values(quantity="standing", of="CC")
    for game, coupling in zip(rows["game"].tolist(), rows["coupling"].tolist(), strict=True):
        label = f"{game}, coupling {coupling:g}, share of CC"
        yield above("strong-coupling", label, 0.9, _share(found, game=game))


def learning_rate() -> Iterator[Row]:
    """Where two who are alike go does not depend on the step size; the product λη of peer-learning has a threshold."""
    alike = study.ALIKE.run()
    for coupling in (BELOW, 0.5):
        ups = alike.values(quantity="welfare", coupling=coupling)["value"] > START
        label = f"coupling {coupling}: the side changes between steps {STEP_SIZES[0]:g} and {STEP_SIZES[-1]:g}"
        yield holds("learning-rate-threshold", label, len(set(ups.tolist())) > 1, "changes")
    hunt, p = games.stag_hunt(), 0.6
    c, s = 3.0, p * (1 - p)
    turns = study.BRIDGE.run().values(quantity="threshold")
    for inner, peer in zip((0.275, 1.1), turns["value"].tolist(), strict=True):
        wanted = closed_form(hunt, p) / (c * s**2)
        yield near("bridge", f"λη of peer-learning, η = {inner:g}", wanted, peer * inner, 1e-6)


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


def _share(found: Findings, **where: Any) -> Estimate:
    return one_estimate(found, quantity="standing", of="CC", **where)
