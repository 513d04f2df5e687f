"""Pictures of duels: a match frame by frame, and what there is to exploit in policies."""

from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.environments.duels.match_results import DuelExploitability, DuelMatch
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, inches, key, on_paper
from nashscape.figures.payoff_tables import bars_and_payoffs
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, Look, bare, contrast, handle, words

PHASES: Mapping[str, Look] = MappingProxyType({
    "step": Look("#F2F2F2"), "start-up": Look(TARGETS[1], "////"), "active": Look(TARGETS[5]),
    "recovery": Look(TARGETS[4], "\\\\\\\\"), "stun": Look("#444444", "xxxx", "#FFFFFF"),
    "guard": Look(TARGETS[2], "||||"),
})  # fmt: skip
"""What fighters are in."""
EVENTS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "hit": ("X", INK), "guarded": ("s", "#FFFFFF"), "thrown": ("v", INK), "broke free": ("d", "#FFFFFF"),
})  # fmt: skip
"""Marker and fill of what happens to a fighter."""
THICK = 0.52
FOR_LETTER = 0.13
"""Inches of a frame from which active ones have a letter."""


@on_paper
def duel_match_figure(found: DuelMatch, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A match over its frames: what each fighter is in as bands, what blows do as marks, and the distance as a line.

    A mark stands beside the band of the fighter to whom it happens. Active frames have an A, of an attack, or a T.

    Args:
        found: what `duel_match` gave.
        title: of the figure; by default who fought, and how it ended.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel(health=1)
        >>> them = environments.duel_characters(duel)
        >>> figure = duel_match_figure(environments.duel_match(duel, them["rusher"], them["turtle"]))
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['', 'distance']
    """
    only(found, DuelMatch, "duel_match")
    figure, grid = canvas(2, 1, 7.6, 4.0, sharex=True, height_ratios=[1.5, 1.0])
    bands, line = grid[:, 0]
    for k in range(2):
        _band(bands, found, k, inches(figure)[0] / (len(found.phases) + 2))
        _marks(bands, found, k)
    ends = zip(found.fighters, found.health[0].tolist(), found.health[-1].tolist(), strict=True)
    bands.set_yticks([1, 0], [f"{name.replace('$', '')}\nhealth {first} → {last}" for name, first, last in ends])
    bands.set_ylim(-0.5, 1.5)
    bands.spines[:].set_visible(False)
    bands.tick_params(left=False, bottom=False, labelsize=SMALL)
    _distances(line, found)
    seen = {one for pair in found.phases for one in pair}
    happened = {one for pair in found.events for one in pair}
    handles: list[Any] = [handle(style, phase) for phase, style in PHASES.items() if phase in seen]
    handles += [_sign(event) for event in EVENTS if event in happened]
    key(figure, [*handles, *line.get_legend_handles_labels()[0]], columns=4)
    said = f"{found.fighters[0]} against {found.fighters[1]}: {found.ending}"
    head(figure, said if title is None else title)
    return figure


def _band(axes: Any, found: DuelMatch, k: int, frame: float) -> None:
    """Runs of frames in one phase; a letter in active ones, where a frame has so many inches."""
    start = 0
    doing = [one[k] for one in found.doings]
    for phase, run in groupby(one[k] for one in found.phases):
        size, style = len(list(run)), PHASES[phase]
        axes.broken_barh([(start + 0.5, size)], (0.5 + (0.5 - k) - THICK / 2, THICK), facecolor=style.colour,
                         hatch=style.hatch, edgecolor=style.ink, linewidth=0.5)  # fmt: skip
        if phase == "active" and frame >= FOR_LETTER:
            axes.text(start + 0.5 + size / 2, 1 - k, doing[start][0].upper(), ha="center", va="center",
                      fontsize=SMALL, color=contrast(style.colour))  # fmt: skip
        start += size


def _marks(axes: Any, found: DuelMatch, k: int) -> None:
    """What happens to a fighter, on the side of its band where the other's is."""
    place = 0.5 + (0.5 - k) * (1 - THICK - 0.22)
    for event in EVENTS:
        frames = [t + 1 for t, pair in enumerate(found.events) if pair[k] == event]
        axes.plot(frames, [place] * len(frames), linestyle="none", zorder=4, **_mark(event))


def _mark(event: str) -> dict[str, Any]:
    marker, fill = EVENTS[event]
    return {
        "marker": marker,
        "markersize": 6.5,
        "markerfacecolor": fill,
        "markeredgecolor": INK,
        "markeredgewidth": 0.9,
    }


def _sign(event: str) -> Line2D:
    return Line2D([], [], linestyle="none", label=event, **_mark(event))


def _distances(axes: Any, found: DuelMatch) -> None:
    bare(axes)
    edges = np.arange(len(found.distances) + 1) + 0.5
    axes.stairs(found.distances, edges, baseline=None, color=TARGETS[0], linewidth=1.8, zorder=3)
    for reach, what, style in zip(found.reach, ("attack", "throw"), ("--", ":"), strict=True):
        axes.axhline(reach, color=FAINT, linewidth=1.2, linestyle=style, label=f"reach of the {what}", zorder=2)
    axes.set_ylim(-0.3, max(int(found.distances.max()), *found.reach) + 0.3)
    axes.set_yticks(range(max(int(found.distances.max()), *found.reach) + 1))
    axes.set_xlim(0.5, len(found.distances) + 0.5)
    words(axes, xlabel="frame", ylabel="distance")


@on_paper
def duel_exploitability_figure(
    found: DuelExploitability, *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """What the best response to each policy gets, the least first, and what policies get of each other.

    Args:
        found: what `duel_exploitability` gave.
        title: of the figure; by default how many policies there are.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel(health=1)
        >>> figure = duel_exploitability_figure(
        ...     environments.duel_exploitability(duel, environments.duel_characters(duel)))
        >>> figure.axes[0].get_xlabel(), len(figure.axes[0].patches)
        ('exploitability', 12)
    """
    only(found, DuelExploitability, "duel_exploitability")
    order, count = found.order, len(found.names)
    figure = bars_and_payoffs(
        found.exploitability[order], found.payoffs[np.ix_(order, order)], [found.names[k] for k in order],
        xlabel="exploitability", what="policy",
    )  # fmt: skip
    head(figure, f"What there is to exploit in {count} policies of a duel" if title is None else title)
    return figure
