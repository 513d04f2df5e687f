"""Pictures of proved alignment: where in a region a term is proved to push towards a joint action, or away."""

from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from nashscape.figures.certificates import fill_cells
from nashscape.figures.given import only
from nashscape.figures.panels import parameters_of
from nashscape.figures.paper import Paper, canvas, head, inches, key, on_paper
from nashscape.figures.stacks import segment
from nashscape.figures.style import INK, TARGETS, UNDECIDED, Look, bare, handle, percent, words, wrapped
from nashscape.theory.alignment_proofs import AlignmentProof

Floats = npt.NDArray[np.float64]

LOOKS = {1: Look(TARGETS[0]), 0: UNDECIDED, -1: Look(TARGETS[5], "\\\\\\\\", "#5A2600")}
"""By sign, in the order in which signs are shown."""

SIGNS = {1: "positive: towards {}", -1: "negative: away from {}", 0: "sign not proved"}
LARGEST = 1e100
"""Of larger bounds no axis can be made; areas run out of the panel there."""


@on_paper
def alignment_proof_figure(found: AlignmentProof, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The boxes of a region by the sign that is proved of a term's product with the direction to a joint action.

    Boxes are drawn in two parameters, and what they leave open is hatched. In other numbers of them a bar has the
    shares of the region by sign, and below it are the bounds of all boxes, as wide as their shares and sorted by sign
    and size.

    Args:
        found: what `proved_alignment` gave.
        title: of the figure; by default what was asked and the verdict.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, peer_only
        >>> from nashscape.theory import proved_alignment
        >>> figure = alignment_proof_figure(proved_alignment(games.stag_hunt(), peer_only(), "CC"))
        >>> figure.axes[0].get_xlabel(), figure.legends[0].get_texts()[0].get_text()
        ('logit of C, player 1', 'positive: towards CC: 100.0 %')
    """
    only(found, AlignmentProof, "proved_alignment")
    title = _verdict(found) if title is None else title
    return _map(found, title) if found.low.shape[1] == 2 else _shares(found, title)


def _map(found: AlignmentProof, title: str) -> Figure:
    figure, [[axes]] = canvas(1, 1, 4.2, 4.9)
    low, high = found.low.min(axis=0), found.high.max(axis=0)
    if (found.sign == 0).any():
        # one area behind all others: hatching in many small boxes would run into grey
        axes.add_patch(
            Rectangle(
                (low[0], low[1]), *(high - low), facecolor=UNDECIDED.colour, hatch=UNDECIDED.hatch,
                edgecolor=UNDECIDED.ink, linewidth=0.0,
            )
        )  # fmt: skip
    for sign in (1, -1):
        mine = found.sign == sign
        fill_cells(axes, found.low[mine], found.high[mine], LOOKS[sign])
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_box_aspect(1)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    across, up = parameters_of(found.question, 2)
    words(axes, xlabel=across, ylabel=up)
    head(figure, title)
    key(figure, _entries(found))
    return figure


def _shares(found: AlignmentProof, title: str) -> Figure:
    figure, [[bar], [bounds]] = canvas(2, 1, 6.4, 4.6, sharex=True, height_ratios=(0.22, 1.0))
    left = 0.0
    bare(bounds)
    for sign, style in LOOKS.items():
        mine = np.flatnonzero(found.sign == sign)
        share = float(found.shares[mine].sum())
        if share:
            _bounds(bounds, found, mine, left, style)
        left = segment(bar, 0, left, share, style, height=0.8)
    _frame(bar, bounds, found)
    head(figure, title)
    key(figure, _entries(found), columns=3)
    return figure


def _bounds(axes: Axes, found: AlignmentProof, mine: npt.NDArray[np.int64], left: float, style: Look) -> None:
    """The bounds of boxes of one sign, the greatest first, each as wide as its share."""
    low, high = np.clip(found.bounds[mine], -LARGEST, LARGEST).T
    order = np.argsort(-(low + high), kind="stable")
    ends = left + np.concatenate([[0.0], np.cumsum(found.shares[mine][order])])
    axes.fill_between(
        ends, np.append(low[order], low[order[-1]]), np.append(high[order], high[order[-1]]), step="post",
        facecolor=style.colour, hatch=style.hatch or None, edgecolor=style.ink if style.hatch else style.colour,
        linewidth=0.3,
    )  # fmt: skip


def _frame(bar: Axes, bounds: Axes, found: AlignmentProof) -> None:
    bar.spines[["top", "right", "left", "bottom"]].set_visible(False)
    bar.set_yticks([])
    bar.tick_params(bottom=False, labelbottom=False)
    bounds.axhline(0.0, color=INK, linewidth=1.0)
    known = found.bounds[np.abs(found.bounds) < LARGEST]
    low, high = min(0.0, known.min(initial=0.0)), max(0.0, known.max(initial=0.0))
    room = 0.05 * (high - low) or 1.0
    bounds.set_ylim(low - room, high + room)
    bounds.set_xlim(0.0, 1.0)
    words(
        bounds,
        xlabel=wrapped(
            f"share of the region, in {len(found.low)} boxes sorted by sign and size", inches(bounds.figure)[0] - 1
        ),
        ylabel="bounds of ⟨c, d⟩, in payoff units\nper unit of step size and parameter²",
    )


def _entries(found: AlignmentProof) -> list[Any]:
    shares = {sign: float(found.shares[found.sign == sign].sum()) for sign in LOOKS}
    return [
        handle(style, f"{SIGNS[sign].format(found.target)}: {percent(shares[sign])}") for sign, style in LOOKS.items()
    ]


def _verdict(found: AlignmentProof) -> str:
    parts = {"positive": found.positive, "negative": found.negative}
    said = ", ".join(f"{sign} on {percent(share)}" for sign, share in parts.items() if share)
    if found.verdict in parts:
        said = f"{found.verdict} everywhere"
    elif found.verdict == "undecided" or (found.sign == 0).any():
        said = f"{said}, else open" if said else "undecided"
    term = f"all of {found.rule}" if found.term == "total" else f"{found.term} of {found.rule}"
    return f"{term} on {found.game} towards {found.target}:\n{said}"
