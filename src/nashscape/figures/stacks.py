"""Bars of shares that lie end to end, with what each is written on it where there is room."""

from matplotlib.axes import Axes

from nashscape.figures.style import SMALL, Look, contrast, percent

ROOM_FOR_TEXT = 0.08
"""The least share that has its number on it."""


def segment(
    axes: Axes, row: float, left: float, share: float, look: Look, *, text: str | None = None, height: float = 0.62
) -> float:
    """Draw one share, and return where the next begins.

    Args:
        axes: of which x goes from 0 to 1.
        row: where the bar is.
        left: where the share begins.
        share: how long it is; nothing is drawn of none.
        look: its colour and hatch.
        text: what is written on it; by default the share in per cent.
        height: of the bar.
    """
    if not share:
        return left
    axes.barh(
        row, share, left=left, height=height, color=look.colour, hatch=look.hatch, edgecolor=look.ink, linewidth=0.4
    )
    if share >= ROOM_FOR_TEXT:
        box = {"facecolor": look.colour, "edgecolor": "none", "pad": 1.0} if look.hatch else None
        axes.text(
            left + share / 2, row, percent(share) if text is None else text,
            ha="center", va="center", fontsize=SMALL, color=contrast(look.colour), bbox=box,
        )  # fmt: skip
    return left + share
