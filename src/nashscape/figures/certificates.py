"""Pictures of certificates: cells that provably reach a corner, what is undecided, and the separatrix between them."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from nashscape.core import InputError, target_code
from nashscape.figures.certificate_curves import certificate_curve_figure, finding
from nashscape.figures.panels import legend_below, sheet
from nashscape.figures.paper import Paper, head, on_paper
from nashscape.figures.style import INK, UNDECIDED, Look, handle, look, percent
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.probable_certificates import ProbableCertificate
from nashscape.selection.edges.separatrices import Separatrix


@on_paper
def certificate_figure(
    found: Certificate | ProbableCertificate,
    separatrix: Separatrix | None = None,
    *,
    edges: bool = False,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """Starts by the corner that they provably reach; white and hatched is what was not proved.

    Cells are drawn in two dimensions. In other numbers of them the shares are, against time, as by
    `certificate_curve_figure`.

    Args:
        found: a certificate of exact updates, or one of sampled updates with two followed numbers.
        separatrix: the boundary of a basin as found by running, to draw on top.
        edges: whether to draw the outlines of the cells.
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else; for sampled updates, a separatrix or edges in other than two dimensions; and a
            separatrix of a region in parameters.

    Example:
        >>> from nashscape import games, pg
        >>> from nashscape.proofs.certification.certifying import certify
        >>> figure = certificate_figure(certify(games.stag_hunt(), pg(), resolution=1 / 32))
        >>> figure.axes[0].get_xlabel()
        'probability of C, player 1'
    """
    if not hasattr(found, "labels_at"):
        raise InputError(f"expected a Certificate such as certify makes; got {type(found).__name__}")
    given: Any = found
    probable = hasattr(given, "confidence")
    if found.low.shape[1] != 2 or not (found.region[1] > found.region[0]).all():
        if not probable and separatrix is None and not edges:
            return certificate_curve_figure(given, title=title)
        raise InputError(
            "cells are drawn in two dimensions; this region has another number of them, of which shares over time are "
            "drawn, without separatrix and edges, and for exact updates"
        )
    if separatrix is not None and found.coordinates != "strategies":
        raise InputError("a separatrix is drawn in strategies; this certificate is in parameters")
    entries = [found.fraction(name) for name in found.targets]
    page = sheet(1, 1, len(entries) + 1)
    axes = page.panels[0]
    handles = []
    how = f"{100 * given.confidence:g} % likely" if probable else "provably"
    for k, name in enumerate(found.targets):
        _fill(axes, found, found.label == k, look(target_code(k)), edges)
        handles.append(handle(look(target_code(k)), f"{how} {name}: {percent(entries[k])}"))
    _fill(axes, found, found.label < 0, UNDECIDED, edges)
    handles.append(handle(UNDECIDED, f"undecided: {percent(found.undecided)}"))
    if separatrix is not None:
        for line in separatrix.lines:
            axes.plot(*np.asarray(line).T, color=INK, linewidth=1.2, zorder=5)
    _frame(axes, found)
    head(axes, finding(found) if title is None else title)
    legend_below(axes, handles)
    return page.figure


def _fill(axes: Axes, found: Any, which: Any, style: Look, edges: bool) -> None:
    fill_cells(axes, found.low[which], found.high[which], style, edges)


def fill_cells(axes: Axes, low: Any, high: Any, style: Look, edges: bool = False) -> None:
    """Draw rectangles from their low to their high ends, `[K, 2]` both."""
    if not len(low):
        return
    corners: Sequence[Any] = [low, np.stack([high[:, 0], low[:, 1]], 1), high, np.stack([low[:, 0], high[:, 1]], 1)]
    cells = PolyCollection(
        np.stack(corners, axis=1).tolist(),
        facecolors=style.colour,
        # a thin line of the same colour, so that no seams show between cells
        edgecolors=INK if edges else style.ink if style.hatch else style.colour,
        linewidths=0.3 if edges else 0.2,
        hatch=style.hatch or None,
    )
    axes.add_collection(cells)


def _frame(axes: Axes, found: Any) -> None:
    (left, bottom), (right, top) = found.region
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal" if found.coordinates == "strategies" else "auto")
    if hasattr(found, "problem"):
        actions, sizes = found.problem["actions"], list(found.problem["sizes"])
    else:
        actions, sizes = found.asked.learners.game.actions, list(found.asked.learners.sizes)
    names = [
        f"{f'probability of {own[0]}' if found.coordinates == 'strategies' else 'parameter θ'}, player {i + 1}"
        for i, own in enumerate(actions)
    ]
    if sizes != [1, 1]:
        names = ["first followed number", "second followed number"]
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
