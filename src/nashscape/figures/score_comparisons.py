"""Pictures of compared scores: the interquartile mean of every arm, and how much of it scores above each threshold."""

from typing import Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.core.checks import choice
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.selection.comparing.scores import ScoreComparison

LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "D", "^", "v", "P")
MOST_POINTS = 400
"""Scores of an arm up to which each is shown."""


@on_paper
@or_several
def score_comparison_figure(
    found: ScoreComparison, *, around: str = "band", title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """The interquartile mean of every arm with its interval, over its scores; and the arms' performance profiles.

    Args:
        found: what `compare_scores` makes.
        around: what is shaded around profiles: a "band" that holds the whole curve at once, or "intervals", each of
            which holds at its threshold alone.
        title: of the figure; by default what improves on the reference.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape.selection import compare_scores
        >>> found = compare_scores({"pg": [0.1, 0.2, 0.4], "lola": [0.3, 0.9, 0.8, 0.7]}, measure="share of CC")
        >>> score_comparison_figure(found).axes[1].get_xlabel()
        'share of CC'
    """
    found = only(found, ScoreComparison, "compare_scores")
    choice(around, "around", ("band", "intervals"))
    figure, grid = canvas(1, 2, 8.6, 2.1 + 0.5 * len(found.scores))
    middles, profiles = grid[0]
    for row, name in enumerate(found.scores):
        _arm(middles, found, name, row)
        _profile(profiles, found, name, row, around == "band")
    labels = [f"{name}\nn = {own.size}" for name, own in found.scores.items()]
    middles.set_yticks(range(len(labels)), labels)
    middles.set_ylim(len(labels) - 0.4, -0.6)
    profiles.set_ylim(-0.02, 1.02)
    for axes in (middles, profiles):
        bare(axes)
    level = f"{100 * found.level:g} %"
    words(middles, title=f"interquartile means, {level}", xlabel=found.measure)
    what = "bands of whole curves" if around == "band" else "intervals of single thresholds"
    words(profiles, title=f"profiles, {level} {what}", xlabel=found.measure, ylabel="share of scores above")
    key(figure, columns=4)
    head(figure, _finding(found) if title is None else title)
    return figure


def _arm(axes: Axes, found: ScoreComparison, name: str, row: int) -> None:
    """The scores of an arm, their middle with its interval, and whether they improve on the reference."""
    scores, middle, colour = found.scores[name], found.middles[name], TARGETS[row % len(TARGETS)]
    if scores.size <= MOST_POINTS:
        axes.plot(scores.ravel(), [row + 0.22] * scores.size, "|", color=FAINT, markersize=6, zorder=1)
    if len(scores) > 1:  # of one run the interval is the whole line
        axes.plot([middle.low, middle.high], [row, row], "-", color=colour, linewidth=2.2)
    axes.plot([middle.value], [row], MARKERS[row % len(MARKERS)], color=colour, markersize=6, markeredgecolor=INK)
    if name in found.improvements:
        better = found.improvements[name]
        text = f"improves on {found.reference}: {better.value:.2f} [{better.low:.2f}, {better.high:.2f}]"
        axes.annotate(
            text, (0.02, row - 0.24), xycoords=("axes fraction", "data"), fontsize=SMALL, color=INK, va="center"
        )


def _profile(axes: Axes, found: ScoreComparison, name: str, row: int, band: bool) -> None:
    own, colour = found.profiles[name], TARGETS[row % len(TARGETS)]
    low, high = (own.band_low, own.band_high) if band else (own.low, own.high)
    axes.fill_between(own.thresholds, low, high, color=colour, alpha=0.18, linewidth=0, step="post")
    style = LINES[row % len(LINES)]
    axes.plot(own.thresholds, own.share, color=colour, linestyle=style, drawstyle="steps-post", label=name)


def _finding(found: ScoreComparison) -> str:
    """Which arms improve on the reference, and which may not."""
    said = []
    for name, one in found.improvements.items():
        apart = one.low > 0.5 or one.high < 0.5
        said.append(f"{name} {one.value:.2f}{'' if apart else ' (may be chance)'}")
    if not said:
        return f"{found.measure} of runs of {found.reference}"
    return f"{found.measure}: probability of improving on {found.reference}: {', '.join(said)}"
