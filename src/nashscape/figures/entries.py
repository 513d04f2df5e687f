"""Pictures of entry probabilities: intervals per rule, and how all runs ended."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.stacks import segment
from nashscape.figures.style import INK, SMALL, TARGETS, TEXT, bare, canvas, handle, looks, words
from nashscape.selection import Entry


def entry_figure(entries: Entry | Mapping[str, Entry], *, outcome: str | None = None) -> Figure:
    """The probability of an outcome per rule with its Wilson interval, and beside it how all runs ended.

    Args:
        entries: an entry, or entries by rule, of one game and its targets.
        outcome: what is entered; by default the first target.

    Raises:
        InputError: for anything else, or entries of different games or targets.

    Example:
        >>> from nashscape import entry_probability, games, pg
        >>> figure = entry_figure(entry_probability(games.stag_hunt(), pg(), n=50, steps=50))
        >>> figure.axes[0].get_xlabel()
        'probability of entering CC'
    """
    named = _as_entries(entries)
    first = next(iter(named.values()))
    entered = outcome or (first.targets[0] if first.targets else None)
    if entered is None:
        raise InputError(f"{first.game} has no target to enter; name an outcome: outcome='cycling', say")
    figure, grid = canvas(1, 2, 8.6, 1.5 + 0.42 * len(named), sharey=True, width_ratios=(1.0, 1.15))
    intervals, outcomes = grid[0]
    for row, one in enumerate(named.values()):
        _interval(intervals, row, one, entered)
        _stack(outcomes, row, one)
    shown = [name for name in looks(first.targets) if any(name in one.outcomes() for one in named.values())]
    _frame(intervals, outcomes, list(named), entered, first)
    outcomes.legend(
        handles=[handle(looks(first.targets)[name], name) for name in shown],
        loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=SMALL, frameon=False, handleheight=1.1,
    )  # fmt: skip
    return figure


def _as_entries(entries: Entry | Mapping[str, Entry]) -> dict[str, Entry]:
    named = {entries.rule: entries} if isinstance(entries, Entry) else dict(entries)
    if not named or not all(isinstance(one, Entry) for one in named.values()):
        raise InputError(f"expected an Entry or a dict of them by rule; got {type(entries).__name__}")
    first = next(iter(named.values()))
    for name, one in named.items():
        if (one.game, one.targets) != (first.game, first.targets):
            raise InputError(f"entries side by side need one game and its targets; {name} differs from {first.rule}")
    return named


def _interval(axes: Axes, row: int, entry: Entry, outcome: str) -> None:
    estimate = entry.probability(outcome)
    axes.plot([estimate.low, estimate.high], [row, row], "-", color=TARGETS[0], linewidth=2.2, solid_capstyle="butt")
    axes.plot([estimate.value], [row], "o", color=TARGETS[0], markersize=6)
    axes.annotate(
        f"{estimate.value:.3f}", (estimate.value, row), xytext=(0, 7), textcoords="offset points",
        ha="center", fontsize=SMALL, color=INK,
    )  # fmt: skip


def _stack(axes: Axes, row: int, entry: Entry) -> None:
    counts = entry.outcomes()
    left = 0.0
    for name, look in looks(entry.targets).items():
        left = segment(axes, row, left, counts.get(name, 0) / len(entry.labels), look)


def _frame(intervals: Axes, outcomes: Axes, names: list[str], entered: str, first: Entry) -> None:
    for axes in (intervals, outcomes):
        bare(axes)
        axes.set_xlim(-0.02, 1.02)
        axes.set_yticks(range(len(names)), names, fontsize=TEXT)
        axes.set_ylim(len(names) - 0.4, -0.7)
    outcomes.grid(False)
    outcomes.set_xlim(0.0, 1.0)
    level = f"{100 * first.level:g} % Wilson intervals, n = {len(first.labels)}"
    words(intervals, title=level, xlabel=f"probability of entering {entered}", ylabel="rule")
    words(outcomes, title=f"how runs on {first.game} ended", xlabel="share of runs")
