"""The pictures that README and the documentation show, drawn anew.

`python -m checks.documentation_images docs/images` draws all; further words choose some of: landscape, donation_phase,
iterated_phase, study, bids, crossing, tree, grid_battle. Files are kept small by a palette of few colours.
"""

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

import nashscape as ns
from nashscape import figures
from nashscape.figures import style
from nashscape.systems.risk_averse_populations import measuring as drivers
from nashscape.systems.risk_averse_populations.ratios import fieller

COLOURS = 96
CORNERS = ("CC", "CD", "DC", "DD")
"""As targets of all panels, so that each has one colour."""
GAMMAS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)
DILEMMA = ns.games.iterated_prisoners_dilemma()


def landscape() -> Any:
    """Policy gradient and peer-learning in the Stag Hunt, and what coupling does in the donation game, side by side."""
    figure = Figure(figsize=(11.0, 4.4), dpi=150, layout="constrained")
    [[left, right]] = figure.subfigures(1, 2, squeeze=False, width_ratios=(6.1, 4.7))
    maps = ns.basin_map(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg(peer=1.5, own=0.35)], grid=101, targets=CORNERS)
    shares = [f"{100 * one.fraction('CC').value:.0f} %" for one in maps.values()]
    title = f"Stag Hunt: {shares[0]} of the starts reach CC, {shares[1]} with peer-learning"
    named = {"policy gradient": maps["pg"], "with peer-learning": maps["meta_mapg"]}
    figures.basin_atlas(named, ax=left, title=title)
    scattered = replace(donation(), diagonal=None)
    scattered.plot(ax=right, title="Donation game: players who read each other enough cooperate")
    return figure


@cache
def donation() -> Any:
    """Outcomes of the donation game over the coupling."""
    return ns.phase_diagram(
        lambda kappa: ns.open_source(ns.games.donation(), kappa), np.linspace(0.0, 1.2, 25),
        n=256, steps=5000, step_size=0.3,
    )  # fmt: skip


def donation_phase() -> Any:
    """How players of the donation game end, by how strongly they read each other."""
    return donation().plot()


def iterated_phase() -> Any:
    """The same of the iterated dilemma, as docs/open-source-games.md computes it."""
    couplings = np.linspace(0, 1.2, 25)
    found = ns.phase_diagram(lambda kappa: ns.open_source(DILEMMA, kappa), couplings, n=256, steps=1000)
    theory = [ns.coupling_threshold(DILEMMA, high=1.2), ns.theory.transverse_threshold(DILEMMA, high=1.2, samples=25)]
    return found.plot(beside=theory, steps=(couplings, [gained(float(kappa)) for kappa in couplings]))


def gained(kappa: float, size: float = 0.1) -> float:
    """What one update adds to the logarithms of both first probabilities, per unit of time."""
    even = ns.starts.parameters(np.zeros((1, 10)))
    run = ns.simulate(ns.open_source(DILEMMA, kappa), ns.pg(), even, steps=1, step_size=size, precision="float64")
    return float(sum(np.log(own[1][0, 0] / own[0][0, 0]) for own in run.strategies) / size)


def study() -> Any:
    """The study with which docs/study-library.md begins."""
    vary = [{"rule": ["pg", "meta_mapg:peer=2"]}, {"game.T": np.linspace(2.2, 3.8, 9).round(6).tolist()}]
    asked = ns.Study("temptation", fixed={"game": "stag_hunt", "grid": 21}, vary=vary)
    return asked.run().plot()


def bids() -> Any:
    """What policy gradient learns to bid from a random start, as docs/bayesian.md shows it."""
    values, offers = [k / 8 for k in range(9)], [k / 16 for k in range(10)]
    game = ns.games.auction(values=values, bids=offers)
    start = ns.starts.normal(std=1.35)
    run = ns.simulate(game, ns.pg(), start, steps=20_000, step_size=50.0, targets=[], precision="float32")
    found = ns.theory.interim_gains(game, [own[-1] for own in run.strategies])
    return found.plot(title=f"Bids learned by policy gradient: no type gains more than {found.largest:.2g}")


def crossing() -> Any:
    """Crashes and payoffs of populations of drivers by their aversion, beside those that solve for Nash."""
    figure = Figure(figsize=(8.6, 3.6), dpi=150, layout="constrained")
    left, right = figure.subplots(1, 2)
    for k, world in enumerate(("alike cars", "one pool")):
        kinds = drivers.Kinds(ns.environments.crossing(**drivers.WORLDS[world]), 20, 0)
        said = ("a pool for each car", "one pool for both")[k]
        every = [kinds.averse(gamma) for gamma in GAMMAS]
        theirs, ours = drivers.crash_rates(kinds.nash), [drivers.crash_rates(own) for own in every]
        ends = [fieller(own, theirs) for own in ours]
        _intervals(left, k, [float(own.mean() / theirs.mean()) for own in ours], ends, said)
        paid = [drivers.spread_of(drivers.payoffs(own) - drivers.payoffs(kinds.nash)) for own in every]
        _intervals(right, k, [own.mean for own in paid], [own.middle(10**9) for own in paid], said)
    left.set(yscale="log", ylim=(0.11, 8), ylabel="crashes, as a multiple of those by Nash")
    left.set_yticks([1 / 7, 0.5, 1, 2, 5], ["1/7", "½", "1", "2", "5"])
    left.minorticks_off()
    left.axhline(1 / 7, color=style.INK, linestyle=":", linewidth=1)
    left.annotate("as claimed, elsewhere", (0, 1 / 7), xytext=(0, 4), textcoords="offset points", fontsize=style.SMALL)
    right.set(ylabel="payoff more than by Nash, in rounds")
    for axes, level in ((left, 1.0), (right, 0.0)):
        style.bare(axes)
        axes.axhline(level, color=style.INK, linewidth=0.8)
        axes.set_xticks(range(len(GAMMAS)), [f"{gamma:g}" for gamma in GAMMAS])
        axes.set_xlabel("aversion γ, with a least chance of .05")
    right.legend(frameon=False, fontsize=style.SMALL, loc="lower left")
    return figure


def _intervals(axes: Any, k: int, values: Sequence[float], ends: Sequence[tuple[float, float]], said: str) -> None:
    """Values with their intervals, a series beside the other."""
    middle, (low, high) = np.array(values), np.array(ends).T
    axes.errorbar(np.arange(len(values)) + 0.16 * k - 0.08, middle, [middle - low, high - middle], label=said,
                  fmt="os"[k], color=style.TARGETS[(0, 5)[k]], markersize=4.5, linewidth=1.4)  # fmt: skip


def tree() -> Any:
    """Beer or quiche, with the strategies of the equilibrium in which both kinds drink beer."""
    from nashscape.games import chance, decision, ending, extensive_game

    def breakfast(kind: str) -> Any:
        liked = {"weak": "quiche", "strong": "beer"}[kind]

        def seen(meal: str) -> Any:
            own = int(meal == liked)
            duel = {"fight": ending(own, int(kind == "weak")), "let be": ending(own + 2, int(kind == "strong"))}
            return decision(1, duel, knows=meal)

        return decision(0, {meal: seen(meal) for meal in ("beer", "quiche")}, knows=kind)

    shares = {"weak": ("1/10", breakfast("weak")), "strong": ("9/10", breakfast("strong"))}
    game = extensive_game(chance(shares), name="beer or quiche")
    return figures.tree_figure(game, [[[1, 0], [1, 0]], [[0, 1], [1, 0]]], size=7.0)


def grid_battle() -> Any:
    """What four ways of growing leave to gain on a grid, as docs/populations.md shows it."""
    arena = ns.populations.grid_battle_arena(ns.environments.grid_battle())
    ways = ["self-play", "fictitious-self-play", "psro", "fictitious-cross-play"]
    found = {way: ns.populations.grow(arena, way, generations=6, seed=1, until=None) for way in ways}
    return figures.grown_members_figure(found, title="A battle on a grid: what is left to gain", size=(7.2, 5.2))


IMAGES: Mapping[str, Callable[[], Any]] = {
    "landscape": landscape, "donation_phase": donation_phase, "iterated_phase": iterated_phase, "study": study,
    "bids": bids, "crossing": crossing, "tree": tree, "grid_battle": grid_battle,
}  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Draw what was asked for, and return how the command leaves."""
    if not words or not set(words[1:]) <= set(IMAGES):
        print(__doc__)
        return 2
    for name in words[1:] or IMAGES:
        pixels = Image.open(io.BytesIO(figures.to_png_bytes(IMAGES[name]())))
        path = Path(words[0]) / f"{name}.png"
        pixels.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
