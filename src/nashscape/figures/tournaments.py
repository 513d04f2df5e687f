"""Pictures of tournaments: who got how much of whom, how shares went on, and fingerprints."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.profile_cells import write_cells
from nashscape.figures.style import INK, SEQUENTIAL, SMALL, TARGETS, bare, words
from nashscape.tournaments.ecologies import Ecology
from nashscape.tournaments.fingerprints import Fingerprint
from nashscape.tournaments.tournament_results import Tournament

MOST = 40
"""Strategies that are drawn; of more the best."""
WIDE = 8.8
FOR_NAME = 0.115
"""Inches of a column from which it has its name."""
FOR_NUMBER = 0.5
"""Inches of paper for each column from which numbers are written into cells."""
MOST_NAMED = 6
"""Curves that have a name: those of the largest shares at the end."""
LONGEST_NAME = 24
LINES = ("-", "--", ":", "-.")


@or_several
@on_paper
def tournament_figure(found: Tournament, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What the strategy of the row got of that of the column, the best first, with ranks and mean scores.

    Args:
        found: what `tournament` gave.
        title: of the figure; by default how many strategies, how long they played, and whether copies count.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.tournaments import tournament
        >>> figure = tournament_figure(tournament(["TFT", "ALLC", "ALLD", "Grudger"], turns=8))
        >>> [own.get_text() for own in figure.axes[0].get_yticklabels()]
        ['TFT  1', 'Grudger  1', 'ALLC  3', 'ALLD  3']
    """
    only(found, Tournament, "tournament")
    order = found.order[:MOST]
    shown = len(order)
    figure, grid = canvas(1, 2, WIDE, 1.9 + 0.19 * max(shown, 9), width_ratios=[1, 2.2])
    bars, table = grid[0]
    names = [_name(found.names[k]) for k in order]
    bare(bars)
    bars.barh(range(shown), found.means[order], color=TARGETS[0], height=0.6)
    bars.set_yticks(range(shown), [f"{name}  {found.ranks[k]}" for name, k in zip(names, order, strict=True)])
    bars.set_ylim(shown - 0.5, -0.5)
    words(bars, xlabel="mean score")
    bars.annotate("strategy, rank", (0.0, 1.01), xycoords="axes fraction", ha="right", fontsize=SMALL, color=INK)
    scores = found.scores[np.ix_(order, order)]
    shades = table.imshow(scores, cmap=SEQUENTIAL, aspect="auto")
    if inches(figure)[0] / shown >= FOR_NUMBER:
        write_cells(table, scores, shades)
    # of a table below the bars there is a larger share of a smaller width
    width = inches(figure)[0] * (0.55 if inches(figure)[0] >= WIDE else 0.7)
    room = width / shown >= FOR_NAME
    table.set_xticks(range(shown), names if room else [""] * shown, rotation=90)
    table.set_yticks(range(shown), [""] * shown)
    if shown > 20:
        for axes in (bars, table):
            axes.tick_params(labelsize=SMALL - 1)
    words(table, xlabel="against" if room else "against, in the same order")
    bar = figure.colorbar(shades, ax=table, shrink=0.9, pad=0.03)
    bar.set_label("score", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    more = "" if shown == len(found.names) else f", the first {shown}"
    usual = f"{len(found.names)} strategies, {found.length}, {found.copies}{more}"
    head(figure, usual if title is None else title)
    return figure


def _name(text: str) -> str:
    """A name as it is, without being read as mathematics, and no longer than there is room for."""
    short = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$")


@or_several
@on_paper
def ecology_figure(found: Ecology, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The shares of strategies over generations; those with the largest shares at the end have names.

    Args:
        found: what `ecology` gave.
        title: of the figure; by default how many strategies and generations.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.tournaments import ecology, tournament
        >>> ecology_figure(ecology(tournament(["TFT", "ALLD"], turns=5))).axes[0].get_ylabel()
        'share'
    """
    only(found, Ecology, "ecology")
    figure, grid = canvas(1, 1, 6.6, 3.8)
    axes: Any = grid[0, 0]
    bare(axes)
    # the end counts first, and of those who are gone how far they came
    order = np.lexsort((-found.shares.max(0), -found.shares[-1].round(6)))
    for place, k in enumerate(order):
        named = place < MOST_NAMED
        look: dict[str, Any] = {"color": "#B8B8B8", "linewidth": 0.8, "zorder": 1}
        if named:
            look = {"color": TARGETS[place % len(TARGETS)], "linestyle": LINES[place % len(LINES)],
                    "label": _name(found.names[k]), "zorder": 2}  # fmt: skip
        axes.plot(found.shares[:, k], **look)
    if len(order) > MOST_NAMED:
        axes.plot([], [], color="#B8B8B8", linewidth=0.8, label=f"{len(order) - MOST_NAMED} others")
    axes.set_ylim(0.0, None)
    axes.set_xlim(0, len(found.shares) - 1)
    axes.legend(fontsize=SMALL, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    words(axes, xlabel="generation", ylabel="share")
    usual = f"{len(found.names)} strategies over {len(found.shares) - 1} generations"
    head(figure, usual if title is None else title)
    return figure


@or_several
@on_paper
def fingerprint_figure(found: Fingerprint, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The score against the probe by how likely that cooperates anyway, and how likely it defects anyway.

    Args:
        found: what `fingerprint` gave.
        title: of the figure; by default the strategy and the probe.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape.tournaments import fingerprint
        >>> fingerprint_figure(fingerprint("WSLS", points=5)).axes[0].get_xlabel()
        'x: cooperates anyway'
    """
    only(found, Fingerprint, "fingerprint")
    figure, grid = canvas(1, 1, 4.8, 4.0)
    axes: Any = grid[0, 0]
    half = 0.5 / (len(found.axis) - 1)
    shades = axes.imshow(found.scores.T, cmap=SEQUENTIAL, origin="lower", extent=(-half, 1 + half, -half, 1 + half))
    axes.plot([0, 1], [1, 0], color="white", linewidth=1.0, linestyle="--")
    words(axes, xlabel="x: cooperates anyway", ylabel="y: defects anyway")
    bar = figure.colorbar(shades, ax=axes, shrink=0.85)
    bar.set_label("score", fontsize=SMALL)
    bar.ax.tick_params(labelsize=SMALL)
    head(figure, f"{found.strategy} against {found.probe} that errs" if title is None else title)
    return figure
