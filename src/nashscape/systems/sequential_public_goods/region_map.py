"""The region in which everyone contributes and the threshold is met, over the bonus and the penalty."""

from typing import Any

import numpy as np

from nashscape.systems.sequential_public_goods.borders import LEAST, least_penalty
from nashscape.systems.sequential_public_goods.enclosures import enclosed
from nashscape.systems.sequential_public_goods.induction import Terms

THRESHOLDS = (2.0, 2.55, 3.0)
LARGEST = 0.8
"""Of the penalties that are shown."""

COLOURS = {True: "#0072B2", None: "#F0E442", False: "#D9D9D9"}
"""Proved, not decided, and proved not to be."""

WORDS = {True: "all contribute, threshold met: proved", None: "not decided", False: "not so: proved"}


def verdicts(threshold: float, points: int = 31, cells: int = 200) -> tuple[Any, Any, list[list[bool | None]]]:
    """Values of γ and of P (ρ = 1.8), and for every P and γ whether everyone contributes and the threshold is met.

    Where that is not decided, cells are a third as large once.
    """
    bonuses, penalties = np.linspace(0.0, 3.0, points), np.linspace(0.0, LARGEST, points)

    def verdict(bonus: float, penalty: float) -> bool | None:
        terms = Terms(bonus, penalty=penalty, threshold=threshold)
        first = enclosed(terms, cells).holds(LEAST)
        return enclosed(terms, 3 * cells).holds(LEAST) if first is None else first

    return bonuses, penalties, [[verdict(float(g), float(p)) for g in bonuses] for p in penalties]


def region_map(points: int = 31) -> Any:
    """A panel for each threshold; at B = 3 brackets of the least penalty, and the closed form."""
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    order = list(COLOURS)
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    panels = figure.subplots(1, len(THRESHOLDS), sharey=True)
    for axes, threshold in zip(panels, THRESHOLDS, strict=True):
        bonuses, penalties, found = verdicts(threshold, points)
        numbers = [[order.index(one) for one in row] for row in found]
        axes.pcolormesh(bonuses, penalties, numbers, cmap=ListedColormap(list(COLOURS.values())), vmin=0, vmax=2)
        axes.set(xlabel="bonus γ", title=f"threshold B = {threshold:g}")
    for bonus in (1.0, 1.5, 2.0, 2.5, 3.0):
        low, high = least_penalty(Terms(bonus, threshold=3.0))
        panels[-1].plot([bonus, bonus], [low, high], color="black", linewidth=2)
    curve = np.linspace(1.2, 3.0, 50)
    panels[-1].plot(curve, 0.4 * (1 - (0.8 / curve) ** 2), color="black", linewidth=1, linestyle="--")
    panels[0].set_ylabel("penalty P")
    handles = [Patch(facecolor=COLOURS[one], label=WORDS[one]) for one in order]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return figure
