"""Pictures of term fields: where every term of a rule moves the strategies."""

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, ListedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError, choice
from nashscape.figures.given import by_rule
from nashscape.figures.grids import planes
from nashscape.figures.panels import first_probabilities, frame, legend_below
from nashscape.figures.paper import Paper, on_paper
from nashscape.figures.rows import bar_text, round_numbers, rows_of_panels
from nashscape.figures.style import FAINT, INK, SEQUENTIAL, SMALL, TEXT
from nashscape.selection.maps.term_fields import Rest, TermField

Floats = npt.NDArray[np.float64]
SPAN = 1e3
"""Speeds are told apart down to this part of the greatest one, on a logarithmic scale."""
ROOM = 0.06
"""Around the square, as a part of its width."""
NOTHING = 1e-9
"""Speeds below this part of the greatest one are rounding, and drawn as dots."""
SHORTEST, LONGEST = 0.45, 0.9
"""Lengths of arrows, in cells, at the ends of the scale: colour is not the only way to see a speed."""
MARKS: Mapping[str, dict[str, Any]] = {
    "strict": {"marker": "o", "markerfacecolor": INK, "markeredgecolor": "#FFFFFF", "markersize": 8},
    "not strict": {"marker": "o", "markerfacecolor": "#FFFFFF", "markeredgecolor": INK, "markersize": 7},
    "mixed": {"marker": "D", "markerfacecolor": "#FFFFFF", "markeredgecolor": INK, "markersize": 6},
}


@on_paper
def field_figure(
    fields: TermField | Mapping[str, TermField],
    *,
    terms: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """The velocity that every term of a rule gives the strategies, and that of the whole direction, a panel each.

    Arrows point where the probabilities of both players' first actions move. Their colour, and to a lesser degree their
    length, is the speed on one logarithmic scale for all panels, so that weak terms can be seen beside strong ones.
    Dots mark places where a term does nothing. Nash equilibria of the game are marked.

    Args:
        fields: a term field, or term fields by rule, of one game; every rule has a row of panels.
        terms: which terms, in order; by default all that a rule has. "total" is the whole direction.
        columns: panels abreast; by default up to four, or for several rules as many as one of them has terms.
        title: of the figure; by default what is shown.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, or a term that no rule has.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.selection.maps.term_fields import term_field
        >>> figure = field_figure(term_field(games.stag_hunt(), meta_mapg()))
        >>> [axes.get_title() for axes in figure.axes[:4]]
        ['meta_mapg: base', 'meta_mapg: own', 'meta_mapg: peer', 'meta_mapg: whole direction']
    """
    named = as_fields(fields)
    shown = {name: _chosen(one, terms, named) for name, one in named.items()}
    marks = equilibrium_handles(next(iter(named.values())).equilibria)
    usual = f"{next(iter(named.values())).game}: where each term of {', '.join(named)} moves the strategies"
    lengths = [len(own) for own in shown.values()]
    page, rows = rows_of_panels(lengths, columns, len(marks), usual if title is None else title)
    speeds = [named[name].speed(term) for name, own in shown.items() for term in own]
    scale = speed_scale(speeds)
    for (name, own), panels in zip(shown.items(), rows, strict=True):
        for term, axes in zip(own, panels, strict=True):
            _panel(axes, named[name], term, f"{name}: {_called(term)}", scale)
    legend_below(page.panels[0], marks)
    _bar(page.figure, page.bar, scale, speeds)
    return page.figure


def as_fields(fields: TermField | Mapping[str, TermField]) -> dict[str, TermField]:
    """Term fields by rule, from one or several.

    Raises:
        InputError: for anything else, and for fields of different games.
    """
    named = by_rule(fields, TermField)
    if len({one.game for one in named.values()}) > 1:
        raise InputError(f"term fields side by side need one game; got {', '.join(one.game for one in named.values())}")
    return named


def _chosen(field: TermField, terms: Sequence[str] | None, named: Mapping[str, TermField]) -> list[str]:
    known = dict.fromkeys(term for one in named.values() for term in one.terms)
    if terms is None:
        # a rule that is base alone has one field, not two that are the same
        return [term for term in field.terms if len(field.terms) > 2 or term != "base"]
    wanted = [choice(term, "term", known) for term in ([terms] if isinstance(terms, str) else terms)]
    return [term for term in wanted if term in field.terms]


def _called(term: str) -> str:
    return "whole direction" if term == "total" else term


def _panel(axes: Axes, field: TermField, term: str, title: str, scale: LogNorm) -> None:
    plane = planes(title, field.axis, field.limits, "cells", 2)[0]
    arrows(axes, field, term, scale, speed_colours())
    mark_equilibria(axes, field.equilibria)
    frame(axes, plane, first_probabilities(field.question))
    # room for marks of equilibria on the edges of the square
    low, high = plane.edges
    room = ROOM * (high - low)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(low - room, high + room)
    axes.set_xlabel(axes.get_xlabel().removesuffix(" at the start"))
    axes.set_ylabel(axes.get_ylabel().removesuffix(" at the start"))


def speed_colours() -> Colormap:
    """From light for slow to dark for fast, without the ends that are hard to see on white."""
    return ListedColormap(colormaps[f"{SEQUENTIAL}_r"](np.linspace(0.18, 1.0, 256)))


def speed_scale(speeds: Sequence[Floats]) -> LogNorm:
    """A logarithmic scale for all of these speeds, over at most three powers of ten."""
    known = np.concatenate([own[np.isfinite(own)] for own in speeds])
    most = float(known.max(initial=0.0)) or 1.0
    least = float(known[known > most / SPAN].min(initial=most))
    return LogNorm(min(least, most / 10), most)


def arrows(axes: Axes, field: TermField, term: str, scale: LogNorm, colours: Any) -> None:
    """The arrows of one term; `colours` is a colour map for their speeds, or one colour for all."""
    velocity, speed = field.velocities[term], field.speed(term)
    places = np.stack(np.meshgrid(field.axis, field.axis, indexing="ij"), axis=-1)
    greatest = max(float(scale.vmax or 0.0), np.finfo(np.float64).tiny)
    moving = np.isfinite(speed) & (speed > NOTHING * greatest)
    cell = (field.limits[1] - field.limits[0]) / len(field.axis)
    share = np.clip(np.ma.filled(scale(np.where(moving, speed, 1.0)), 0.0), 0.0, 1.0)
    length = cell * (SHORTEST + (LONGEST - SHORTEST) * share)
    way = velocity / np.where(moving, speed, 1.0)[..., None] * length[..., None]
    look: dict[str, Any] = {
        "angles": "xy", "scale_units": "xy", "scale": 1.0, "pivot": "middle", "units": "xy", "width": 0.075 * cell,
        "headwidth": 4.5, "headlength": 4.5, "headaxislength": 4.0, "minlength": 0.0,
    }  # fmt: skip
    ends = [*places[moving].T, *way[moving].T]
    if isinstance(colours, Colormap):
        axes.quiver(*ends, speed[moving], cmap=colours, norm=scale, **look)
    else:
        axes.quiver(*ends, color=colours, **look)
    axes.plot(*places[~moving].T, ".", color=FAINT, markersize=2.5)


def mark_equilibria(axes: Axes, equilibria: Sequence[Rest]) -> None:
    """Mark the equilibria of the game, those on the frame in full."""
    for one in equilibria:
        axes.plot(*[[x] for x in one.point], linestyle="none", zorder=9, clip_on=False, **MARKS[one.kind])


def equilibrium_handles(equilibria: Sequence[Rest]) -> list[Line2D]:
    """A legend entry for every kind of equilibrium that there is."""
    names = {"strict": "strict equilibrium", "not strict": "equilibrium, not strict", "mixed": "mixed equilibrium"}
    kinds = dict.fromkeys(one.kind for one in equilibria)
    return [Line2D([], [], linestyle="none", label=names[kind], **MARKS[kind]) for kind in MARKS if kind in kinds]


def _bar(figure: Figure, axes: Axes | None, scale: LogNorm, speeds: Sequence[Floats]) -> None:
    known = np.concatenate([own[np.isfinite(own)] for own in speeds])
    below = bool((known[known > NOTHING * float(scale.vmax or 1.0)] < float(scale.vmin or 0.0)).any())
    bar = figure.colorbar(ScalarMappable(scale, speed_colours()), cax=axes, extend="min" if below else "neither")
    ticks = round_numbers(float(scale.vmin or 0.0), float(scale.vmax or 1.0))
    bar.set_ticks(ticks, labels=[bar_text(tick) for tick in ticks])
    bar.minorticks_off()
    bar.set_label("speed, probability per unit of step size", fontsize=TEXT)
    bar.ax.tick_params(labelsize=SMALL)
