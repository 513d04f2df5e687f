"""Pictures of how a certificate grew: what was proved of its region by when, whatever the number of dimensions."""

from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from nashscape.core import InputError, target_code
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.rows import bar_text, round_numbers
from nashscape.figures.style import INK, UNDECIDED, Look, bare, handle, look, percent, words
from nashscape.proofs.certification.certificates import Certificate

Floats = npt.NDArray[np.float64]

DECADE = 10.0
"""Times that span more than this factor are on a logarithmic axis."""

AFTER = 0.12
"""Of the axis that comes after the end of the search, so that the last shares can be seen."""


@on_paper
def certificate_curve_figure(found: Certificate, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share of the region that was certified for every target, against the time for which cells were followed.

    The areas are stacked and climb in steps, since a share is known at the times that were noted alone; what is left
    of the region is undecided. The legend has the shares of the certificate itself.

    Args:
        found: a certificate of exact updates, in any number of dimensions.
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, and a certificate that came from a file without a curve.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.proofs.certification.certifying import certify
        >>> found = certify(games.stag_hunt(), pg(), region=(0.7, 0.9), resolution=1 / 8)
        >>> figure = certificate_curve_figure(found)
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['CC: 100.0 %', 'DD: 0.0 %', 'undecided: 0.0 %', 'end of the search']
    """
    only(found, Certificate, "certify")
    if not len(found.curve):
        raise InputError("this certificate has no curve of shares over time; ask certify for it again")
    times, shares, log = _steps(found.curve)
    figure, [[axes]] = canvas(1, 1, 6.0, 3.8)
    tops = np.concatenate([np.zeros((len(times), 1)), np.cumsum(shares, axis=1)], axis=1).clip(0.0, 1.0)
    styles = [look(target_code(k)) for k in range(len(found.targets))]
    handles = []
    for k, (name, style) in enumerate(zip(found.targets, styles, strict=True)):
        _area(axes, times, tops[:, k], tops[:, k + 1], style)
        handles.append(handle(style, f"{name}: {percent(found.fraction(name))}"))
    _area(axes, times, tops[:, -1], np.ones_like(times), UNDECIDED)
    handles.append(handle(UNDECIDED, f"undecided: {percent(found.undecided)}"))
    handles.append(axes.axvline(times[-2], color=INK, linewidth=1.0, linestyle=":", label="end of the search"))
    _frame(axes, times, log)
    head(axes, finding(found) if title is None else title)
    key(figure, handles, columns=3)
    return figure


def finding(found: Any) -> str:
    """How much of the region is decided."""
    return f"{found.rule} on {found.game}: {percent(1 - found.undecided)} of the region decided"


def _steps(curve: Floats) -> tuple[Floats, Floats, bool]:
    """Times, with the end of the search and of the axis as the last two, shares from each on, and if times are log."""
    times, shares = curve[:, 0], curve[:, 1:]
    first, end = float(times[0]), float(times[-1])
    log = first > 0 and end > DECADE * first
    if not log:
        # nothing is known at time zero
        times, shares = np.append(0.0, times), np.concatenate([np.zeros((1, shares.shape[1])), shares])
    after = end * (end / first) ** AFTER if log else (1 + AFTER) * end
    # a search that took no time at all still needs an axis
    after = max(after, np.finfo(float).tiny) if end > 0 else 1.0
    return np.append(times, after), np.concatenate([shares, shares[-1:]]), log


def _area(axes: Axes, times: Floats, low: Floats, high: Floats, style: Look) -> None:
    axes.fill_between(
        times, low, high, step="post", facecolor=style.colour, hatch=style.hatch or None,
        edgecolor=style.ink if style.hatch else style.colour, linewidth=0.0,
    )  # fmt: skip


def _frame(axes: Axes, times: Floats, log: bool) -> None:
    bare(axes)
    # the areas fill the panel, so that lines behind them would be seen nowhere
    axes.grid(False)
    if log:
        axes.set_xscale("log")
        ticks = round_numbers(float(times[0]), float(times[-1]))
        axes.set_xticks(ticks, [bar_text(tick) for tick in ticks])
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(times[0], times[-1])
    axes.set_ylim(0.0, 1.0)
    words(axes, xlabel="seconds since cells were first followed", ylabel="share of the region")
