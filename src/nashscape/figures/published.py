"""Pictures for reports: published numbers beside ours, and curves over a parameter."""

from collections.abc import Sequence
from typing import Any, Protocol, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import Estimate, InputError, finite_array
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, TEXT, bare, words

AGREES, DIFFERS = TARGETS[0], TARGETS[5]
ROW = 0.24


class PublishedRow(Protocol):
    """A published number and ours: `agrees` says whether the published one lies where it should."""

    @property
    def table(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def published(self) -> float: ...  # noqa: D102
    @property
    def ours(self) -> float: ...  # noqa: D102
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102
    @property
    def agrees(self) -> bool: ...  # noqa: D102


@on_paper
def published_figure(
    rows: Sequence[PublishedRow], *, xlabel: str = "value", title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """Published numbers (diamonds) and ours (dots with intervals), a panel per table, marked where they differ.

    Args:
        rows: objects with `table`, `label`, `published`, `ours`, `low`, `high` and `agrees`; where they have a
            `published_interval` it is drawn as a thin line.
        xlabel: what the numbers are, with their unit.
        title: of the figure; by default none, since every panel has one.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: when there are no rows.
    """
    if not rows:
        raise InputError("there are no rows to draw")
    tables: dict[str, list[PublishedRow]] = {}
    for row in rows:
        tables.setdefault(row.table, []).append(row)
    heights = [len(group) + 1.6 for group in tables.values()]
    figure, grid = canvas(len(tables), 1, 7.2, 0.75 + ROW * sum(heights), height_ratios=heights)
    for axes, (table, group) in zip(grid[:, 0], tables.items(), strict=True):
        _table(axes, group)
        differing = sum(not row.agrees for row in group)
        axes.set_title(f"{table}: {len(group) - differing} of {len(group)} agree", fontsize=TEXT + 1, loc="left")
    words_below = grid[-1, 0]
    words_below.set_xlabel(xlabel, fontsize=TEXT)
    key(figure, _key(any(not row.agrees for row in rows)), columns=3)
    if title is not None:
        head(figure, title)
    return figure


def _table(axes: Axes, rows: Sequence[PublishedRow]) -> None:
    bare(axes)
    for place, row in enumerate(rows):
        colour = AGREES if row.agrees else DIFFERS
        axes.plot([row.low, row.high], [place, place], "-", color=colour, linewidth=2.2, solid_capstyle="butt")
        axes.plot([row.ours], [place], "o" if row.agrees else "X", color=colour, markersize=6)
        interval = getattr(row, "published_interval", None)
        if interval is not None:
            axes.plot(interval, [place - 0.25] * 2, "-", color=INK, linewidth=0.8)
        axes.plot([row.published], [place], "D", markerfacecolor="none", markeredgecolor=INK, markersize=6)
        if not row.agrees:
            axes.annotate(
                "differs", (max(row.high, row.published, row.ours), place), xytext=(8, 0),
                textcoords="offset points", va="center", fontsize=SMALL, color=DIFFERS,
            )  # fmt: skip
    axes.set_yticks(range(len(rows)), [row.label for row in rows], fontsize=SMALL)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="x", labelsize=SMALL)
    axes.margins(x=0.08)


def _key(differs: bool) -> list[Line2D]:
    key = [
        Line2D([], [], marker="D", linestyle="none", markerfacecolor="none", markeredgecolor=INK, label="published"),
        Line2D([], [], marker="o", color=AGREES, linewidth=2.2, label="ours, with interval"),
    ]
    if differs:
        key.append(Line2D([], [], marker="X", color=DIFFERS, linewidth=2.2, label="ours, differs"))
    return key


@on_paper
def sweep_figure(
    values: npt.ArrayLike,
    estimates: Sequence[Estimate],
    xlabel: str,
    *,
    ylabel: str = "probability",
    exact: npt.ArrayLike | None = None,
    published: Sequence[tuple[float, float]] = (),
    title: str = "",
    log: bool = False,
    interval: str = "interval",
    **paper: Unpack[Paper],
) -> Figure:
    """A quantity over a parameter: our estimates with a band of their intervals, the exact curve, published points.

    Args:
        values: values of the parameter, `[n]`.
        estimates: an estimate for each.
        xlabel: the parameter, with its unit.
        ylabel: the quantity, with its unit.
        exact: the exact quantity at every value, `[n]`, where it is known.
        published: points `(value, quantity)` as published.
        title: of the figure.
        interval: what the band is called.
        log: whether the parameter runs on a logarithmic axis.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for numbers of values, estimates and exact quantities that differ.
    """
    x = finite_array(values, "values", ndim=1)
    if len(estimates) != len(x):
        raise InputError(f"there are {len(x)} values but {len(estimates)} estimates; give one each")
    order = np.argsort(x)
    figure, grid = canvas(1, 1, 6.0, 3.8)
    axes = grid[0, 0]
    bare(axes)
    low, mean, high = (np.array([getattr(e, end) for e in estimates])[order] for end in ("low", "value", "high"))
    axes.fill_between(x[order], low, high, color=TARGETS[0], alpha=0.22, linewidth=0, label=interval)
    axes.plot(x[order], mean, "o-", color=TARGETS[0], markersize=4.5, label=_origin(estimates))
    if exact is not None:
        curve = finite_array(exact, "exact", shape=(len(x),))
        axes.plot(x[order], curve[order], "--", color=TARGETS[1], linewidth=1.8, label="exact")
    if len(published):
        points = finite_array(published, "published points", shape=(None, 2))
        axes.plot(*points.T, "D", markerfacecolor="none", markeredgecolor=INK, markersize=7, label="published")
    if log:
        axes.set_xscale("log")
    words(axes, title=title, xlabel=xlabel, ylabel=ylabel)
    key(figure, columns=4)
    return figure


def _origin(estimates: Sequence[Any]) -> str:
    return "estimate" if any(estimate.level is not None for estimate in estimates) else "value"


@on_paper
def reproduction_figure(found: Any, **options: Any) -> Figure:
    """The rows of a reproduction, published beside ours; the options are those of `published_figure`.

    Raises:
        InputError: for what has no such rows.
    """
    if not hasattr(found, "rows"):
        raise InputError(f"expected what reproduce gives, with rows of figures; got {type(found).__name__}")
    return published_figure(found.rows, **options)
