"""The pictures that README and the documentation show, drawn anew.

`python -m checks.documentation_images docs/images` draws all; further words choose some of: landscape, donation_phase,
iterated_phase, study, bids, grid_battle. Files are kept small by a palette of few colours.
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

COLOURS = 96
CORNERS = ("CC", "CD", "DC", "DD")
"""As targets of all panels, so that each has one colour."""
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


def grid_battle() -> Any:
    """What four ways of growing leave to gain on a grid, as docs/populations.md shows it."""
    arena = ns.populations.grid_battle_arena(ns.environments.grid_battle())
    ways = ["self-play", "fictitious-self-play", "psro", "fictitious-cross-play"]
    found = {way: ns.populations.grow(arena, way, generations=6, seed=1, until=None) for way in ways}
    return figures.grown_members_figure(found, title="A battle on a grid: what is left to gain", size=(7.2, 5.2))


IMAGES: Mapping[str, Callable[[], Any]] = {
    "landscape": landscape, "donation_phase": donation_phase, "iterated_phase": iterated_phase, "study": study,
    "bids": bids, "grid_battle": grid_battle,
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
