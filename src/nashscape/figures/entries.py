"""Pictures of entry probabilities: intervals per rule, and how all runs ended."""

from collections.abc import Mapping, Sequence
from typing import Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import Estimate, InputError
from nashscape.figures.given import by_rule
from nashscape.figures.panels import finding
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.stacks import segment
from nashscape.figures.style import INK, SMALL, TARGETS, TEXT, bare, handle, looks, words
from nashscape.selection import Entry

GOES, STANDS = "goes there", "stands there after the last update"
FACES = {GOES: (TARGETS[0], TARGETS[0]), STANDS: ("white", INK)}
"""Face and edge of the marker of each share."""

SHIFT = {GOES: -0.15, STANDS: 0.15}
"""Where in its row each is drawn, where there are two."""


@on_paper
def entry_figure(
    entries: Entry | Mapping[str, Entry],
    *,
    outcome: str | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """The probability of an outcome per rule with its Wilson interval, and beside it how all runs ended.

    Of a target also the share of runs that are in its region after their last update, wherever they go from there;
    that alone where runs were not followed.

    Args:
        entries: an entry, or entries by rule, of one game and its targets.
        outcome: what is entered; by default the first target.
        title: of the figure; by default how often it is entered.
        **paper: `size` and `ax`, see `Paper`.

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
    figure, grid = canvas(1, 2, 8.0, 1.9 + 0.42 * len(named), sharey=True, width_ratios=(1.0, 1.15))
    intervals, outcomes = grid[0]
    claims = [_claims(one, entered) for one in named.values()]
    for row, (one, own) in enumerate(zip(named.values(), claims, strict=True)):
        _intervals(intervals, row, own)
        _stack(outcomes, row, one)
    shown = [name for name in looks(first.targets) if any(name in one.outcomes() for one in named.values())]
    varied = getattr(entries, "varied", "")
    rows = " and ".join([*(["rule"] if len({one.rule for one in named.values()}) > 1 or not varied else []), varied])
    _frame(intervals, outcomes, list(named), entered, first, rows.removesuffix(" and "))
    signs = _signs({name for own in claims for name in own})
    key(figure, [*signs, *(handle(looks(first.targets)[name], name) for name in shown)], columns=len(shown) + 2)
    head(figure, _finding(named, claims, entered) if title is None else title)
    return figure


def _as_entries(entries: Entry | Mapping[str, Entry]) -> dict[str, Entry]:
    named = by_rule(entries, Entry)
    first = next(iter(named.values()))
    for name, one in named.items():
        if (one.game, one.targets) != (first.game, first.targets):
            raise InputError(f"entries side by side need one game and its targets; {name} differs from {first.rule}")
    return named


def _claims(entry: Entry, outcome: str) -> dict[str, Estimate]:
    """What is drawn of one rule, by what it is a share of: runs that go there, runs that stand there."""
    standing = {STANDS: entry.at_step(outcome)} if outcome in entry.targets else {}
    followed = entry.question.get("settling", {}).get("follow", True) or outcome not in entry.targets
    return {GOES: entry.probability(outcome), **standing} if followed else standing


def _intervals(axes: Axes, row: int, claims: Mapping[str, Estimate]) -> None:
    for name, estimate in claims.items():
        shift, (face, edge) = SHIFT[name] if len(claims) > 1 else 0.0, FACES[name]
        height, left = row + shift, estimate.high > 0.85
        axes.plot([estimate.low, estimate.high], [height, height], "-", color=edge, linewidth=2.2, zorder=2)
        axes.plot([estimate.value], [height], "o", markerfacecolor=face, markeredgecolor=edge, markersize=6, zorder=3)
        axes.annotate(
            f"{estimate.value:.3f}", (estimate.low if left else estimate.high, height), xytext=(-7 if left else 7, 0),
            textcoords="offset points", ha="right" if left else "left", va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip


def _signs(names: set[str]) -> list[Line2D]:
    """Legend entries of what is drawn of every rule, where that is more than one thing."""
    if names == {GOES}:
        return []
    return [
        Line2D([], [], marker="o", linestyle="", markerfacecolor=face, markeredgecolor=edge, label=name)
        for name, (face, edge) in FACES.items()
        if name in names
    ]


def _finding(named: Mapping[str, Entry], claims: Sequence[Mapping[str, Estimate]], outcome: str) -> str:
    """How often the outcome is entered, by rule."""
    shares = {name: next(iter(own.values())).value for name, own in zip(named, claims, strict=True)}
    return finding(next(iter(named.values())).game, shares, f"of runs enter {outcome}", f"runs that enter {outcome}")


def _stack(axes: Axes, row: int, entry: Entry) -> None:
    counts = entry.outcomes()
    left = 0.0
    for name, look in looks(entry.targets).items():
        left = segment(axes, row, left, counts.get(name, 0) / len(entry.labels), look)


def _frame(intervals: Axes, outcomes: Axes, names: list[str], entered: str, first: Entry, rows: str) -> None:
    for axes in (intervals, outcomes):
        bare(axes)
        axes.set_xlim(-0.02, 1.02)
        axes.set_yticks(range(len(names)), names, fontsize=TEXT)
        axes.set_ylim(len(names) - 0.4, -0.7)
    outcomes.grid(False)
    outcomes.set_xlim(0.0, 1.0)
    level = f"{100 * first.level:g} % Wilson intervals, n = {len(first.labels)}"
    words(intervals, title=level, xlabel=f"probability of entering {entered}", ylabel=rows)
    words(outcomes, title=f"how runs on {first.game} ended", xlabel="share of runs")
