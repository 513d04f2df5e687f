"""Pictures of independent comparisons: both shares with their intervals, and the difference with its own."""

from collections.abc import Mapping
from typing import Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nashscape.core import Estimate, InputError
from nashscape.figures.given import by_rule
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, words
from nashscape.selection.comparing.independent_comparisons import IndependentComparison

ASIDE = 0.13


@on_paper
def independent_comparison_figure(
    comparisons: IndependentComparison | Mapping[str, IndependentComparison],
    *,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """How often a rule and a baseline reach the outcome, and the difference, each with its interval.

    Args:
        comparisons: a comparison of independent runs, or such comparisons by rule, of one game and outcome.
        title: of the figure; by default whether the two differ.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import compare, entry_probability, games, meta_mapg, pg
        >>> hunt, how = games.stag_hunt(), {"n": 50, "steps": 50}
        >>> one, base = (entry_probability(hunt, rule(), seed=k, **how) for k, rule in enumerate((meta_mapg, pg)))
        >>> independent_comparison_figure(compare(one, base, independent=True)).axes[1].get_xlabel()
        'difference of the shares'
    """
    named = by_rule(comparisons, IndependentComparison)
    first = next(iter(named.values()))
    if len({(one.game, one.outcome) for one in named.values()}) > 1:
        raise InputError("independent comparisons side by side need one game and outcome")
    figure, grid = canvas(1, 2, 8.6, 1.9 + 0.55 * len(named), sharey=True)
    shares, differences = grid[0]
    for row, one in enumerate(named.values()):
        _interval(shares, row - ASIDE, one.share, TARGETS[0], "o", "rule" if row == 0 else None)
        _interval(shares, row + ASIDE, one.baseline_share, TARGETS[1], "s", "baseline" if row == 0 else None)
        _interval(differences, row, one.difference, INK, "D", None)
        text = f"Fisher p = {one.p_value:.2g}"
        differences.annotate(text, (1.0, row - 0.2), ha="right", fontsize=SMALL, color=INK)
    differences.axvline(0.0, color=INK, linewidth=0.8)
    labels = [f"{one.rule} (n = {one.share.trials})\nagainst {one.baseline} (n = {one.baseline_share.trials})"
              for one in named.values()]  # fmt: skip
    shares.set_yticks(range(len(named)), labels, fontsize=SMALL)
    shares.set_ylim(len(named) - 0.4, -0.6)
    shares.set_xlim(-0.02, 1.02)
    differences.set_xlim(-1.02, 1.02)
    for axes in (shares, differences):
        bare(axes)
    words(shares, title=f"{first.game}, independent runs", xlabel=f"share of runs that reach {first.outcome}")
    words(
        differences,
        title=f"exact {100 * (first.difference.level or 0):g} % intervals",
        xlabel="difference of the shares",
    )
    key(figure, columns=2)
    head(figure, _finding(named) if title is None else title)
    return figure


def _finding(named: Mapping[str, IndependentComparison]) -> str:
    """The differences that are shown, and those that are not."""
    first = next(iter(named.values()))
    said = []
    for one in named.values():
        apart = one.difference.low > 0 or one.difference.high < 0
        by = f"{one.difference.value:+.2f}".replace("-", "−")
        said.append(f"{one.rule} {by} against {one.baseline}{'' if apart else ' (may be chance)'}")
    return f"{first.game}, share that reaches {first.outcome}: {'; '.join(said)}"


def _interval(axes: Axes, y: float, one: Estimate, colour: str, marker: str, label: str | None) -> None:
    axes.plot([one.low, one.high], [y, y], "-", color=colour, linewidth=1.6)
    axes.plot([one.value], [y], marker, color=colour, markersize=5, label=label)
