"""Pictures of phase diagrams: how learning ends over a coupling and a payoff, and what closed forms say of it."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.grids import fill_between
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.phase_lines import phase_lines
from nashscape.figures.phase_parts import ALONG, THRESHOLDS, Floats, across, drawn, edges, groups, heading, shares
from nashscape.figures.style import DIVERGING, SEQUENTIAL, SMALL, Look, handle, words
from nashscape.learning.dial_table import label_of
from nashscape.selection.phases.phase_results import PhaseDiagram
from nashscape.theory import Threshold

ABREAST = 3
VERDICTS = {
    "yes": Look("#0072B2"),
    "no": Look("#E69F00", "\\\\\\\\"),
    "undecided": Look("#F2F2F2", "....", "#8A8A8A"),
}
Draw = Callable[[Axes], None]


@on_paper
@or_several
def phase_figure(
    found: PhaseDiagram,
    *,
    beside: Sequence[Threshold] = (),
    steps: tuple[Any, Any] | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """Phase diagrams of one family of games: measured shares as areas, closed forms as lines over them.

    Over a coupling and a second number: in which outcome most runs end, the share that reaches each target, the same
    for runs along the diagonal, the transverse rate, and whether corners are program equilibria, as far as the diagram
    has them. Over a coupling alone, the shares of all outcomes as areas, and beside them what was computed over it.

    Args:
        found: a phase diagram.
        beside: for a diagram over a coupling alone, what `coupling_threshold` and `transverse_threshold` found of the
            same games: a panel each, with the changes of sign as vertical lines.
        steps: couplings and what was measured at them, drawn as dots over the first of these.
        title: of the figure; by default rule, games and bounds.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, and something beside a diagram over two numbers.

    Example:
        >>> import numpy as np
        >>> from nashscape import games, open_source
        >>> from nashscape.selection.phases.measuring import phase_diagram
        >>> def make(kappa, T):
        ...     return open_source(games.prisoners_dilemma(T=T), kappa)
        >>> found = phase_diagram(make, np.linspace(0, 1.5, 4), values=[4.0, 5.0], parameter="T", n=64, steps=100)
        >>> [axes.get_title() for axes in phase_figure(found).axes if axes.get_xlabel()][:2]
        ['where most runs end', 'share that reaches CC']
    """
    only(found, PhaseDiagram, "phase_diagram")
    if found.values is None:
        return phase_lines(found, title, [only(one, Threshold, "coupling_threshold") for one in beside], steps)
    if beside or steps:
        raise InputError(f"curves stand beside a diagram over a coupling alone; this one is over {found.parameter} too")
    drawn = _panels(found)
    columns = min(ABREAST, len(drawn))
    rows = math.ceil(len(drawn) / columns)
    figure, grid = canvas(rows, columns, 3.3 * columns, 3.0 * rows + 1.3)
    for axes, (name, draw) in zip(grid.ravel(), drawn, strict=False):
        draw(axes)
        words(axes, title=name, xlabel=across(found), ylabel=label_of(str(found.parameter)))
        axes.set_xlim(*edges(np.sort(found.couplings))[[0, -1]])
        axes.set_ylim(*edges(np.sort(found.values))[[0, -1]])
    for axes in grid.ravel()[len(drawn) :]:
        axes.remove()
    head(figure, heading(found) if title is None else title)
    key(figure, _keys(found), columns=2)
    return figure


def _panels(found: PhaseDiagram) -> list[tuple[str, Draw]]:
    shown = groups(found)
    lines = [name for name in THRESHOLDS if found.closed is not None]
    panels: list[tuple[str, Draw]] = [("where most runs end", lambda axes: _dominant(axes, found, False, lines))]
    for group, share in zip(shown, shares(found, shown), strict=True):
        if set(group.names) <= set(found.targets) and np.nanmax(share, initial=0.0) > 0:
            panels.append((f"share that reaches {group.label}", _shaded(found, share, lines)))
    if found.diagonal is not None:
        along = [name for name in ALONG if found.closed is not None]
        panels.append(("along the diagonal", lambda axes: _dominant(axes, found, True, along)))
    if found.closed is not None and found.closed.transverse_rate.any():
        panels.append(("transverse rate at p°, else at ½", lambda axes: _transverse(axes, found)))
    for corner in found.program_equilibrium:
        panels.append((f"is {corner} a program equilibrium?", _verdict(found, corner)))
    return panels


def _dominant(axes: Axes, found: PhaseDiagram, diagonal: bool, lines: Sequence[str]) -> None:
    shown = groups(found)
    share = shares(found, shown, diagonal=diagonal)
    done = ~np.isnan(share).any(axis=0)
    most = np.where(done, np.nan_to_num(share).argmax(axis=0), -1)
    for k, group in enumerate(shown):
        fill_between(axes, *_sorted(found, most == k), group.look)
    _thresholds(axes, found, lines)


def _shaded(found: PhaseDiagram, share: Floats, lines: Sequence[str]) -> Draw:
    def draw(axes: Axes) -> None:
        cells, across, up = _sorted(found, share)
        mesh = axes.pcolormesh(across, up, np.ma.masked_invalid(cells).T, cmap=SEQUENTIAL, vmin=0.0, vmax=1.0)
        mesh.set_rasterized(True)
        _bar(axes, mesh)
        _thresholds(axes, found, lines)

    return draw


def _transverse(axes: Axes, found: PhaseDiagram) -> None:
    assert found.closed is not None, "drawn where there are closed forms"
    cells, across, up = _sorted(found, found.closed.transverse_rate)
    size = float(np.abs(cells).max())
    mesh = axes.pcolormesh(across, up, cells.T, cmap=DIVERGING, norm=TwoSlopeNorm(0.0, -size, size))
    mesh.set_rasterized(True)
    _bar(axes, mesh)
    _thresholds(axes, found, ["leaving"])


def _verdict(found: PhaseDiagram, corner: str) -> Draw:
    def draw(axes: Axes) -> None:
        for verdict, style in VERDICTS.items():
            fill_between(axes, *_sorted(found, found.program_equilibrium[corner] == verdict), style)
        if found.closed is not None:
            _thresholds(axes, found, ["defection", "cooperation"])

    return draw


def _sorted(found: PhaseDiagram, cells: Any) -> tuple[Any, Floats, Floats]:
    """Cells `[C, V]` with both axes rising, and the edges of the cells along both."""
    assert found.values is not None, "drawn where there is a second number"
    across, up = np.argsort(found.couplings), np.argsort(found.values)
    return np.asarray(cells)[across][:, up], edges(found.couplings[across]), edges(found.values[up])


def _bar(axes: Axes, mesh: Any) -> None:
    bar = axes.figure.colorbar(mesh, ax=axes, fraction=0.06, pad=0.02)
    bar.ax.tick_params(labelsize=SMALL)


def _thresholds(axes: Axes, found: PhaseDiagram, names: Sequence[str]) -> None:
    assert found.values is not None, "drawn where there is a second number"
    order = np.argsort(found.values)
    for at, one in [] if found.closed is None else drawn(found.closed, names):
        axes.plot(at[order], found.values[order], **one.style)


def _keys(found: PhaseDiagram) -> list[Any]:
    """Legend entries of the areas that occur, of the thresholds that exist, and of verdicts."""
    shown = groups(found)
    seen = [shares(found, shown)] + ([shares(found, shown, diagonal=True)] if found.diagonal is not None else [])
    occurs = [any(np.nanmax(share[k], initial=0.0) > 0 for share in seen) for k in range(len(shown))]
    keys: list[Any] = [handle(group.look, group.label) for group, any_ in zip(shown, occurs, strict=True) if any_]
    if found.closed is not None:
        keys += [one.key for _, one in drawn(found.closed, list(THRESHOLDS))]
    if found.program_equilibrium:
        said = np.unique(np.concatenate([own.ravel() for own in found.program_equilibrium.values()]))
        keys += [handle(style, f"{name}: program equilibrium") for name, style in VERDICTS.items() if name in said]
    return keys
