"""The coupling at which selfish ascent turns: the formula, where it says what happens, and where it does not."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nashscape import games
from nashscape.core import Estimate
from nashscape.dynamics.targets import THRESHOLD
from nashscape.games import DenseGame
from nashscape.semantics import coupled, imperfect, open_source, parametric
from nashscape.studies import Findings, one_estimate, one_number
from nashscape.systems.agreement import Row
from nashscape.systems.open_source_games import study
from nashscape.systems.open_source_games.enumeration import Floats, ascended
from nashscape.systems.open_source_games.study import ABOVE, BELOW, BETWEEN, DONATION
from nashscape.systems.statements import above, below, holds, near
from nashscape.theory import coupling_threshold, threshold

START = 2 * (DONATION["benefit"] - DONATION["cost"]) / 2
"""What two players earn together who cooperate half of the time."""


STEPS, STEP = 250, 3.0
"""With which NumPy ends where the runs of the studies do, in a tenth of their updates."""


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
    alike = study.ALIKE.run()
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


def random_dilemmas(
    dilemmas: Sequence[Floats] = study.DILEMMAS, couplings: tuple[float, float] = (0.0, 1.0)
) -> Iterator[Row]:
    """Without reading everybody defects and with the coupling 1 all cooperate, says the library and says NumPy.

    At the coupling 1 both play the same p, and what either gets grows in it: `S + T ≥ 2P` and `2R ≥ S + T`.

    Args:
        dilemmas: payoff tables of the games of the study.
        couplings: the weak and the strong one of the study.
    """
    found = study.RANDOM_DILEMMAS.but(vary={"coupling": list(couplings)}).run()
    starts = np.random.default_rng(1).normal(size=(2, 40))
    for coupling, ending, goes in zip(couplings, ("DD", "CC"), (0.0, 1.0), strict=True):
        shares = found.values(quantity="standing", of=ending, coupling=coupling)["value"]
        table = coupling * (1 - np.eye(2))
        ends = [ascended(own, table, starts, STEPS, STEP) for own in dilemmas]
        there = [bool((np.abs(own - goes) <= 1 - THRESHOLD).all()) for own in ends]
        label = f"random dilemmas, uneven payoffs, coupling {coupling:g}: all runs end in {ending}"
        same = [share == 1 and seen for share, seen in zip(shares.tolist(), there, strict=True)]
        yield holds("selfish-ascent-switches", label, same, "both ways of computing")


def strong_coupling(runs: int, seed: int) -> Iterator[Row]:
    """Shares of cooperation at a strong coupling in games with names, without bounds on parameters."""
    found = study.STRONG_COUPLING.but({"n": runs}, seed=seed).run()
    rows = found.values(quantity="standing", of="CC")
    for game, coupling in zip(rows["game"].tolist(), rows["coupling"].tolist(), strict=True):
        label = f"{game}, coupling {coupling:g}, share of CC"
        yield above("strong-coupling", label, 0.9, _share(found, game=game))


def steps_that_turn(found: Findings, size: str = "step_size") -> Iterator[Row]:
    """At every coupling at which the smallest steps do not cooperate, the largest share that larger ones bring there.

    Args:
        found: shares that stand in cooperation, by coupling and step size.
        size: the name of what stands for the step size.
    """
    rows = found.values(quantity="standing", of="CC")
    sizes = sorted(set(rows[size].tolist()))
    for coupling in sorted(set(rows["coupling"].tolist())):
        shares = [_share(found, coupling=coupling, **{size: own}) for own in sizes]
        label = f"coupling {coupling:g}: steps of {sizes[0]:g} do not cooperate"
        yield below("learning-rate-threshold", label, 0.5, shares[0])
        label = f"coupling {coupling:g}: largest share of CC, steps {sizes[1]:g} to {sizes[-1]:g}"
        largest = max(shares[1:], key=lambda own: own.value)
        yield above("learning-rate-threshold", label, 0.5, largest, looked=len(shares) - 1)


def bridge() -> Iterator[Row]:
    """The product λη of peer-learning has a threshold where the coupling has one."""
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
