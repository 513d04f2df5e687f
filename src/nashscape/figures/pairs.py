"""Pictures of comparisons: a map of what is gained and lost, or bars where there is no map."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.gains import gain_loss
from nashscape.figures.given import by_rule
from nashscape.figures.paper import canvas, head, inches, key, on_paper
from nashscape.figures.style import INK, SMALL, TARGETS, bare, percent, wrapped
from nashscape.selection import Comparison


@on_paper
def comparison_figure(
    comparisons: Comparison | Mapping[str, Comparison], *, title: str | None = None, **options: Any
) -> Figure:
    """What a rule gains and loses against a baseline: maps for comparisons of maps, bars for those of entries.

    Args:
        comparisons: a comparison, or comparisons by rule, all of maps or all of entries.
        **options: of `gain_loss`, for maps.
        title: of the figure; by default the shares gained and lost.

    Raises:
        InputError: for a mixture of the two.

    Example:
        >>> from nashscape import compare, entry_probability, games, meta_mapg, pg
        >>> entries = entry_probability(games.stag_hunt(), [pg(), meta_mapg()], n=50, steps=50)
        >>> comparison_figure(compare(entries["meta_mapg"], entries["pg"])).axes[0].get_xlabel()
        'share of runs that reach CC under one rule only'
    """
    named = by_rule(comparisons, Comparison)
    flat = {one.gained.ndim == 1 for one in named.values()}
    if flat == {False}:
        return gain_loss(comparisons, title=title, **options)
    if flat != {True}:
        raise InputError("comparisons side by side must be all of maps or all of entries")
    first = next(iter(named.values()))
    figure, grid = canvas(1, 1, 6.4, 1.7 + 0.5 * len(named))
    axes = grid[0, 0]
    bare(axes)
    for row, one in enumerate(named.values()):
        axes.barh(row, one.gained_share, color=TARGETS[0], height=0.5, label="gained" if row == 0 else None)
        axes.barh(row, -one.lost_share, color=TARGETS[1], hatch="//", height=0.5, label="lost" if row == 0 else None)
        axes.plot([one.difference.low, one.difference.high], [row, row], "-", color=INK, linewidth=1.6)
        axes.plot([one.difference.value], [row], "o", color=INK, markersize=5, label="difference" if row == 0 else None)
        text = f"+{percent(one.gained_share)}, −{percent(one.lost_share)}{'' if one.apart else ': no difference seen'}"
        axes.annotate(text, (0.0, row - 0.42), ha="left", fontsize=SMALL, color=INK)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(named)), [f"{one.rule} against {one.baseline}" for one in named.values()], fontsize=SMALL)
    axes.set_ylim(len(named) - 0.4, -0.7)
    below = f"share of runs that reach {first.outcome} under one rule only"
    axes.set_xlabel(wrapped(below, inches(figure)[0] - 1.2), fontsize=SMALL)
    key(figure, columns=3)
    head(figure, _finding(list(named.values())) if title is None else title)
    return figure


def _finding(found: Sequence[Comparison]) -> str:
    """What every rule gains and loses, where that tells the rules apart."""
    begin = f"{found[0].game}, {found[0].outcome}"
    if not any(one.apart for one in found):
        rules, bases = (" or ".join(dict.fromkeys(getattr(one, of) for one in found)) for of in ("rule", "baseline"))
        return f"{begin}: no difference seen between {rules} and {bases}"
    said = [
        f"{one.rule} {percent(one.gained_share)} / {percent(one.lost_share)}"
        if one.apart
        else f"{one.rule} no difference seen"
        for one in found
    ]
    return f"{begin}: runs gained / lost: {', '.join(said)}"
