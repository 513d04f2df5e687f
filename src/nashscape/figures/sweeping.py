"""Pictures of sweeps: the share of an outcome against one number of a rule."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.published import sweep_figure
from nashscape.figures.style import SMALL
from nashscape.learning.dial_table import label_of
from nashscape.selection.sweeps import Sweep


@or_several
def swept_figure(
    found: Sweep, *, published: Sequence[tuple[float, float]] = (), log: bool = False, title: str | None = None
) -> Figure:
    """The share of starts that reach an outcome against a number of a rule, with the intervals of all shares.

    Args:
        found: a sweep.
        published: points `(value, share)` to draw beside it.
        log: whether the number runs on a logarithmic axis.
        title: of the figure; by default rule and game.

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
    xlabel = label_of(found.parameter)
    figure = sweep_figure(found.values, found.estimates, xlabel, ylabel=ylabel, **options)
    axes = figure.axes[0]
    axes.set_title(f"{found.rule} on {found.game}" if title is None else title, fontsize=10)
    axes.set_ylim(-0.02, 1.02)
    labels = {"interval": _interval(found)}
    texts = [text.get_text() for text in axes.get_legend().get_texts()]  # type: ignore[union-attr]
    axes.legend(labels=[labels.get(text, text) for text in texts], fontsize=SMALL, frameon=False)
    return figure


def _interval(found: Sweep) -> str:
    one = found.estimates[0]
    return f"bracket: {one.method}" if one.level is None else f"{100 * one.level:g} % interval ({one.method})"
