"""Pictures of studies: lines, heat maps, dots or scattered points, by what varies and never by what came out."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from nashscape.core import InputError, label_names, unknown
from nashscape.figures.cell_values import write_values
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.study_parts import MOST_OF, Part, axis_of, parts_of, words_of
from nashscape.figures.style import DIVERGING, FAINT, INK, SEQUENTIAL, SMALL, TARGETS, TEXT, bare, wrapped

MOST_PANELS = 12
MOST_SERIES = 12
MARKS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", ":")
ABREAST = 3
WIDE, TALL, ROW = 3.3, 2.7, 0.22
INSIDE = 0.75
"""Of a panel, without its labels."""


@on_paper
def study_figure(
    found: Any,
    *,
    quantity: str | None = None,
    measure: str | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """One quantity that a study measured, drawn by what varies.

    Against one number that varies lines with bands, one for every text; two numbers span heat maps, or scattered points
    where they fill a box by a random or Sobol design; texts alone are rows of dots with intervals. What else varies,
    and what the quantity is of, makes panels. Of many outcomes those with the largest values are drawn.

    Args:
        found: the findings of a study.
        quantity: such as "share"; by default the first.
        measure: of which measure; by default the first that has it.
        title: of the figure; by default study and quantity.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, a quantity that was not measured, or one that has no number to draw.
    """
    parts = [own for own in parts_of(found) if measure in (None, own.measure)]
    if not parts:
        raise (
            unknown("measure", measure, [own.measure for own in parts_of(found)])
            if measure
            else InputError("the study has no numbers yet")
        )
    if quantity is not None:
        parts = [own for own in parts if own.quantity == quantity] or parts
        if parts[0].quantity != quantity:
            raise unknown("quantity", quantity, [own.quantity for own in parts])
    chosen = next((own for own in parts if own.drawn), None)
    if chosen is None:
        raise InputError(f"{parts[0].quantity} has no number at any point; see the table of values")
    return figure_of(chosen, found.name, title)


def figure_of(part: Part, study: str = "", title: str | None = None) -> Figure:
    """The picture of one quantity of a study, by default under its name; see `study_figure`."""
    draw: Callable[[Part], Figure]
    if part.of_text and len(part.numbers) < 2:
        draw = _verdicts
    elif len(part.numbers) >= 2:
        draw = _scattered if part.scattered and set(part.scattered) >= set(part.numbers[:2]) else _heat_maps
    else:
        draw = _lines if part.numbers else _dots
    figure = draw(part)
    usual = f"{study}: {words_of(part.quantity)}" if study else words_of(part.quantity)
    head(figure, usual if title is None else title)
    return figure


# --- one number: lines with bands -------------------------------------------------------------------------


def _lines(part: Part) -> Figure:
    [x] = part.numbers
    series, panels = _roles(part)
    figure, axes = _grid(len(panels))
    for one, where in zip(axes, panels, strict=True):
        for k, value in enumerate(_values(part, series)):
            rows = part.where(**where, **({series: value} if series else {})).by(x)
            if len(rows):
                colour, mark, line = _look(k, value)
                one.fill_between(rows[x], rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
                one.plot(rows[x], rows["value"], line, color=colour, marker=mark, markersize=3.5, linewidth=1.4)
        _panel(one, _said(where), axis_of(x), words_of(part.quantity))
        if _by_ratios(part.values(x)):
            one.set_xscale("log")
        else:
            # outcomes that came about at some points only have no line at the others
            one.set_xlim(*_ends(part.values(x)))
    _legend(figure, part, series)
    return figure


def _ends(values: Sequence[float]) -> tuple[float, float]:
    room = 0.04 * ((values[-1] - values[0]) or 1.0)
    return values[0] - room, values[-1] + room


def _by_ratios(values: Sequence[float]) -> bool:
    """Whether numbers rise in equal ratios, as a study says by `log = true`."""
    if len(values) < 4 or values[0] <= 0:
        return False
    steps = np.diff(np.log(values))
    return bool(np.ptp(steps) < 1e-6 * steps.mean())


# --- texts alone: dots with intervals ---------------------------------------------------------------------


def _dots(part: Part) -> Figure:
    """A row for every value of the last text, a panel for those of the others, a colour for what it is of."""
    rows = part.texts[-1:] or ("",)
    panels = list(_combined(part, part.texts[:-1]))[:MOST_PANELS]
    names = part.values(rows[0]) if rows[0] else [""]
    ofs = part.ofs[:MOST_OF]
    figure, axes = _grid(len(panels), tall=max(1.6, 0.9 + ROW * len(names) * max(1.0, 0.55 * len(ofs))), share_y=True)
    for one, where in zip(axes, panels, strict=True):
        for k, of in enumerate(ofs):
            found = part.where(**where, of=of)
            places = [names.index(own) if rows[0] else 0 for own in (found[rows[0]] if rows[0] else [""] * len(found))]
            y = np.array(places, float) + (k - (len(ofs) - 1) / 2) * 0.6 / max(len(ofs), 1)
            colour, mark, _ = _look(k, of)
            one.hlines(y, found["low"], found["high"], color=colour, linewidth=1.6)
            one.plot(found["value"], y, mark, color=colour, markersize=4.5, linestyle="none")
        _panel(one, _said(where), words_of(part.quantity), axis_of(rows[0]) if rows[0] and one is axes[0] else "")
        one.set_yticks(range(len(names)), [_short(own) for own in names], fontsize=SMALL)
        one.set_ylim(len(names) - 0.4, -0.6)
    _legend(figure, part, "of")
    return figure


# --- two numbers: heat maps -------------------------------------------------------------------------------


def _heat_maps(part: Part) -> Figure:
    """The first two numbers span the plane; all else makes panels, those of a third number among them.

    Where there are few cells, each has its value written into it.
    """
    x, y = part.numbers[:2]
    others = (*part.texts, *part.numbers[2:])
    panels = [{**where, "of": of} for of in part.ofs[: 2 if others else MOST_OF] for where in _combined(part, others)][
        :MOST_PANELS
    ]
    figure, axes = _grid(len(panels))
    scale, colours = _scale(part)
    xs, ys = part.values(x), part.values(y)
    for one, where in zip(axes, panels, strict=True):
        rows = part.where(**where)
        cells = np.full((len(ys), len(xs)), np.nan)
        cells[[ys.index(own) for own in rows[y]], [xs.index(own) for own in rows[x]]] = rows["value"]
        one.pcolormesh(_edges(xs), _edges(ys), cells, norm=scale, cmap=colours, rasterized=True)
        for axis, values, name in ((one.xaxis, xs, x), (one.yaxis, ys, y)):
            if _by_ratios(values):
                axis.axes.set(**{f"{axis.axis_name}scale": "log"})
            axis.set_label_text(axis_of(name), fontsize=TEXT)
        write_values(
            one, _edges(xs), _edges(ys), cells,
            among=part.columns["value"], scale=scale, colours=colours, width=INSIDE * WIDE,
        )  # fmt: skip
        one.set_title(wrapped(_said(where), WIDE), fontsize=SMALL + 1, color=INK)
        one.tick_params(labelsize=SMALL)
    _bar(figure, axes, scale, colours, part)
    return figure


def _edges(values: Sequence[float]) -> Any:
    """Between neighbouring values in the middle, in ratios where they rise so."""
    own = np.asarray(values, float)
    if len(own) == 1:
        return np.array([own[0] - 0.5, own[0] + 0.5])
    log = _by_ratios(values)
    own = np.log(own) if log else own
    inner = (own[1:] + own[:-1]) / 2
    edges = np.concatenate([[2 * own[0] - inner[0]], inner, [2 * own[-1] - inner[-1]]])
    return np.exp(edges) if log else edges


# --- numbers that fill a box: scattered points ------------------------------------------------------------


def _scattered(part: Part) -> Figure:
    x, y = part.scattered[:2]
    panels = [{**where, "of": of} for of in part.ofs[:MOST_OF] for where in _combined(part, part.texts)][:MOST_PANELS]
    figure, axes = _grid(len(panels))
    if part.of_text:
        _scattered_texts(part, x, y, axes, panels)
        _legend(figure, part, "text")
        return figure
    scale, colours = _scale(part)
    for one, where in zip(axes, panels, strict=True):
        rows = part.where(**where)
        size = max(5.0, min(36.0, 4000.0 / max(len(rows), 1)))
        one.scatter(
            rows[x], rows[y], c=rows["value"], norm=scale, cmap=colours, s=size, edgecolors=FAINT, linewidths=0.2
        )
        _panel(one, _said(where), axis_of(x), axis_of(y))
    _bar(figure, axes, scale, colours, part)
    return figure


def _scattered_texts(part: Part, x: str, y: str, axes: Sequence[Axes], panels: Sequence[Mapping[str, Any]]) -> None:
    for one, where in zip(axes, panels, strict=True):
        for k, text in enumerate(_values(part, "text")):
            rows = part.where(**where, text=text)
            colour, mark, _ = _look(k, text)
            one.plot(rows[x], rows[y], mark, color=colour, markersize=3.5, linestyle="none", alpha=0.8)
        _panel(one, _said(where), axis_of(x), axis_of(y))


def _verdicts(part: Part) -> Figure:
    """How often each text was the answer, for every thing that it is about."""
    texts, names = _values(part, "text"), [of or part.quantity for of in part.ofs]
    figure, [one] = _grid(1, tall=0.9 + 0.4 * len(names))
    left = np.zeros(len(names))
    for k, text in enumerate(texts):
        counts = np.array([len(part.where(of=of, text=text)) for of in part.ofs], float)
        one.barh(range(len(names)), counts, left=left, color=_look(k, text)[0], edgecolor="white", height=0.6)
        left += counts
    one.set_yticks(range(len(names)), [_short(own) for own in names], fontsize=SMALL)
    _panel(one, "", "points", "")
    _legend(figure, part, "text")
    return figure


# --- what they share --------------------------------------------------------------------------------------


def _roles(part: Part) -> tuple[str, list[dict[str, Any]]]:
    """What has a colour each: the last text, else what the quantity is of; and the panels of all else."""
    ofs = part.ofs[:MOST_OF]
    series = part.texts[-1] if part.texts else ("of" if len(ofs) > 1 else "")
    if series == "of":
        return series, [{}]
    panels = [{**where, "of": of} for where in _combined(part, part.texts[:-1]) for of in ofs]
    return series, panels[:MOST_PANELS]


def _combined(part: Part, names: Sequence[str]) -> list[dict[str, Any]]:
    return [dict(zip(names, own, strict=True)) for own in itertools.product(*(part.values(name) for name in names))]


def _values(part: Part, name: str) -> list[Any]:
    if not name:
        return [""]
    if name == "of":
        return list(part.ofs[:MOST_OF])
    return part.values(name)[:MOST_SERIES]


def _look(k: int, name: Any) -> tuple[str, str, str]:
    """Colour, mark and line: of outcomes that are no targets grey ones."""
    turn = LINES[k // len(TARGETS) % len(LINES)]
    if name in label_names(()).values():
        return FAINT, MARKS[k % len(MARKS)], ":"
    return TARGETS[k % len(TARGETS)], MARKS[k % len(MARKS)], turn


def _grid(count: int, tall: float = TALL, share_y: bool = False) -> tuple[Figure, list[Axes]]:
    columns = min(count, ABREAST if count != 4 else 2)
    rows = -(-count // columns)
    figure, axes = canvas(rows, columns, max(4.4, WIDE * columns), tall * rows + 0.7, sharey=share_y)
    flat = list(axes.ravel())
    for one in flat[count:]:
        one.set_visible(False)
    return figure, flat[:count]


def _panel(axes: Axes, title: str, xlabel: str, ylabel: str) -> None:
    bare(axes)
    axes.set_title(wrapped(title, WIDE), fontsize=SMALL + 1, color=INK)
    axes.set_xlabel(xlabel, fontsize=SMALL)
    axes.set_ylabel(ylabel, fontsize=SMALL)
    axes.tick_params(labelsize=SMALL)
    axes.xaxis.set_major_locator(MaxNLocator(6))


def _said(where: Mapping[str, Any]) -> str:
    """What a panel shows, in words."""
    return ", ".join(
        f"{axis_of(name)} = {own:g}" if isinstance(own, float) else _short(own) for name, own in where.items() if own
    )


def _short(text: Any) -> str:
    said = str(text)
    return said if len(said) <= 34 else f"{said[:32]}…"


def _legend(figure: Figure, part: Part, series: str) -> None:
    line_2d: Any = Line2D
    values = _values(part, series)
    if not series or len(values) < 2:
        return
    handles = [
        line_2d([], [], color=colour, marker=mark, linestyle=line, markersize=4, label=_short(value) or part.quantity)
        for k, value in enumerate(values)
        for colour, mark, line in [_look(k, value)]
    ]
    key(figure, handles, columns=len(handles))


def _scale(part: Part) -> tuple[Any, str]:
    """Signed numbers from one colour over white to another, with zero in the middle; others along one scale."""
    values = part.columns["value"]
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if low < 0 < high:
        most = max(-low, high)
        return TwoSlopeNorm(0.0, -most, most), DIVERGING
    return Normalize(low, high if high > low else low + 1.0), SEQUENTIAL


def _bar(figure: Figure, axes: Sequence[Axes], scale: Any, colours: str, part: Part) -> None:
    bar = figure.colorbar(ScalarMappable(scale, colours), ax=list(axes), shrink=0.9, pad=0.02)
    bar.set_label(words_of(part.quantity), fontsize=TEXT)
    bar.ax.tick_params(labelsize=SMALL)
