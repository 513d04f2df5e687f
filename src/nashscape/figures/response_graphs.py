"""Pictures of response graphs: where mutants lead, what is not known, and what was played."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, words
from nashscape.ranking.response_graphs import EQUAL, UNKNOWN, ResponseGraph

MOST_DISCS = 16
"""Profiles that are drawn: those that were played most."""
LONGEST_NAME = 12
LINES: dict[int, tuple[Any, str]] = {EQUAL: ("dotted", "equal"), UNKNOWN: ("dashed", "open")}


@or_several
@on_paper
def response_graph_figure(found: ResponseGraph, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """How often each profile was played, and where mutants lead from it: an arrow to the profile a player prefers.

    A disc is filled where the profile may have mass in the limit of infinite intensity. Dashed lines are edges that are
    open, dotted ones join payoffs that are equal within the tolerance.

    Args:
        found: what `response_graph` gave.
        title: of the figure; by default how many edges are settled.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.ranking import response_graph
        >>> figure = response_graph_figure(response_graph([[[0.9, 0.2], [0.5, 0.4]], [[0.8, 0.1], [0.3, 0.6]]]))
        >>> [axes.get_xlabel() for axes in figure.axes]
        ['plays', '']
    """
    only(found, ResponseGraph, "response_graph")
    shown = np.sort(np.argsort(-found.plays, kind="stable")[:MOST_DISCS])
    figure, [[bars, graph]] = canvas(1, 2, 8.6, 4.4)
    bare(bars)
    rows = np.arange(len(shown))
    bars.barh(rows, found.plays[shown], color=TARGETS[0], height=0.6)
    bars.set_yticks(rows, [_name(found.profiles[k]) for k in shown])
    bars.set_ylim(max(len(shown), 3) - 0.5, -0.5)
    bars.locator_params(axis="x", nbins=4)
    words(bars, xlabel="plays")
    _draw_graph(graph, found, shown)
    settled = int((found.preferred != UNKNOWN).sum())
    part = "" if len(shown) == len(found.profiles) else f", {len(shown)} of {len(found.profiles)} profiles"
    usual = f"{settled} of {len(found.edges)} edges settled by {int(found.plays.sum()):,} plays{part}"
    head(figure, usual if title is None else title)
    return figure


def _name(text: str) -> str:
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$")


def _draw_graph(axes: Any, found: ResponseGraph, shown: Any) -> None:
    """Profiles on a circle, and their edges, straight: those of one disc are then apart, however many there are."""
    turns = np.pi / 2 - 2 * np.pi * np.arange(len(shown)) / len(shown)
    places = {int(k): (np.cos(t), np.sin(t)) for k, t in zip(shown, turns, strict=True)}
    for (a, b), best in zip(found.edges.tolist(), found.preferred.tolist(), strict=True):
        if a not in places or b not in places:
            continue
        start = a if best == b else b
        end = b if best == b else a
        arrow = {"arrowstyle": "-|>", "linestyle": "solid"} if best >= 0 else {
            "arrowstyle": "-", "linestyle": LINES[best][0]}  # fmt: skip
        axes.annotate("", places[end], places[start], arrowprops={
            **arrow, "color": INK, "linewidth": 1.2, "shrinkA": 9, "shrinkB": 9})  # fmt: skip
    for k, (x, y) in places.items():
        axes.plot(x, y, "o", color=TARGETS[0], markerfacecolor=TARGETS[0] if found.most[k] > 0 else "white",
                  markersize=11, zorder=3)  # fmt: skip
        axes.text(1.25 * x, 1.2 * y, _name(found.profiles[k]), fontsize=SMALL, color=INK, ha="center", va="center")
    axes.set_xlim(-1.6, 1.6)
    axes.set_ylim(-1.45, 1.45)
    axes.set_aspect("equal")
    axes.axis("off")
    handles = [Line2D([], [], color=INK, linestyle=style, label=said) for code, (style, said) in LINES.items()
               if (found.preferred == code).any()]  # fmt: skip
    disc: dict[str, Any] = {"marker": "o", "linestyle": "none", "color": TARGETS[0]}
    handles += [Line2D([], [], **disc, label="may have mass in the limit"),
                Line2D([], [], **disc, markerfacecolor="white", label="has none")]  # fmt: skip
    key(axes.figure, handles, columns=len(handles))
