"""Pictures of sweeps: the share of an outcome against one number of a rule."""

from collections.abc import Sequence
from typing import Any, Unpack

from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, head, on_paper
from nashscape.figures.published import sweep_figure
from nashscape.figures.style import percent
from nashscape.learning.dial_table import axis_label
from nashscape.selection.sweeps import Sweep


@on_paper
@or_several
def swept_figure(
    found: Sweep,
    *,
    published: Sequence[tuple[float, float]] = (),
    log: bool = False,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """The share of starts that reach an outcome against a number of a rule, with the intervals of all shares.

    Args:
        found: a sweep.
        published: points `(value, share)` to draw beside it.
        log: whether the number runs on a logarithmic axis.
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, or a logarithmic axis with values that are not positive.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> from nashscape.selection.sweeps import sweep
        >>> found = sweep(games.stag_hunt(), lambda v: meta_mapg(peer=v), [0, 2, 4], parameter="peer", grid=11)
        >>> swept_figure(found).axes[0].get_ylabel()
        'fraction of starts that reach CC'
    """
    only(found, Sweep, "sweep")
    if log and (found.values <= 0).any():
        raise InputError(f"a logarithmic axis needs positive values of {found.parameter}")
    ylabel = f"fraction of starts that reach {found.outcome}" if found.on_grid else f"probability of {found.outcome}"
    options: dict[str, Any] = {"published": published, "log": log}
    xlabel = axis_label(found.parameter)
    figure = sweep_figure(found.values, found.estimates, xlabel, ylabel=ylabel, interval=_interval(found), **options)
    axes = figure.axes[0]
    head(axes, _finding(found) if title is None else title)
    axes.set_ylim(-0.02, 1.02)
    return figure


def _finding(found: Sweep) -> str:
    """The share at both ends of the values."""
    ends = [
        f"{percent(found.estimates[k].value)} at {found.values[k]:g}"
        for k in (int(found.values.argmin()), int(found.values.argmax()))
    ]
    return f"{found.rule} on {found.game}: {found.outcome} from {' to '.join(ends)}"


def _interval(found: Sweep) -> str:
    one = found.estimates[0]
    return f"bracket: {one.method}" if one.level is None else f"{100 * one.level:g} % interval ({one.method})"
