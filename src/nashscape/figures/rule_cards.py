"""Cards of rules: what one rule does in one game, for somebody who meets it for the first time."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any, Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import Source
from nashscape.dynamics import Run
from nashscape.figures.fields import arrows, equilibrium_handles, mark_equilibria, speed_scale
from nashscape.figures.given import only
from nashscape.figures.grids import boundary, fill, name_area, planes
from nashscape.figures.panels import first_probabilities
from nashscape.figures.paper import Paper, inches, on_paper, page, width_asked
from nashscape.figures.style import INK, SMALL, TARGETS, TEXT, Look, bare, looks, percent, words
from nashscape.learning import Rule
from nashscape.learning.rule_table import RULES
from nashscape.learning.rule_texts import formula_of, numbers_of, summary_of
from nashscape.selection.maps.basin_maps import BasinMap
from nashscape.selection.maps.portraits import Portrait, portrait
from nashscape.semantics import Playable

DASHES = ("-", "--", "-.", ":")
SYMBOLS: Mapping[str, str] = {"inner_lr": "η", "own": "μ", "peer": "λ", "lookahead": "ν"}
WIDTH, HEIGHT, ABOVE = 8.8, 6.2, 1.15
"""Of the page, and of the words over its panels, in inches."""
BESIDE = 6.8
"""On narrower paper the panels stand below each other."""
MOST_LINES = 3
MARGIN = 0.06
"""How far the square of the left panel reaches beyond probabilities 0 and 1, for marks on its frame."""
PALE = 0.5
"""Share of white in the colours of basins, on which arrows and runs have to be seen."""
END: dict[str, Any] = {"marker": "s", "color": "#FFFFFF", "markeredgecolor": INK, "markersize": 5}
LOG_SPAN = 30.0
NEGLIGIBLE = 1e-9
"""Sizes below this part of the greatest one are rounding."""


@on_paper
def rule_card(game: "Playable", rule: Rule, **options: Any) -> Figure:
    """What a rule does in a game of two players with two actions, on one page.

    Left, where it moves the strategies (arrows; length for speed, on a logarithmic scale), over the basins of the
    outcomes, with a few runs; right, what drives the run that is drawn bold, term by term, and how much of the square
    of starts ends in every outcome, with brackets.

    Args:
        game: a game of two players with two actions each, or such a game with a semantics.
        rule: a rule.
        **options: of `selection.portrait`.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> figure = rule_card(games.stag_hunt(), meta_mapg(), grid=11)
        >>> [text.get_text() for text in figure.texts[:3]]
        ['meta_mapg', 'base + η·(μ·own + λ·peer)', 'η = 0.55, μ = 0.35, λ = 1.5']
    """
    return card_figure(portrait(game, rule, **options))


@on_paper
def card_figure(found: Portrait, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The card of a portrait; see `rule_card`.

    Args:
        found: what `portrait` made.
        title: of the figure; by default name of the rule.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything that is not a portrait.
    """
    only(found, Portrait, "portrait(game, rule)")
    figure, (square, driven, ended) = _page()
    _head(figure, found, title)
    _square(square, found)
    _terms(driven, found.runs[0])
    _shares(ended, found.basin)
    return figure


def _page() -> tuple[Any, list[Axes]]:
    """The empty page and its panels: the square beside the others or, on narrow paper, above them."""
    wide = width_asked(WIDTH)
    below = wide < BESIDE
    figure = page(wide, ABOVE + wide + 5.6 if below else HEIGHT * wide / WIDTH, layout=None)
    width, height = inches(figure)
    across = width - 0.9 if below else min(0.45 * width, height - ABOVE - 1.15)
    top = height - ABOVE - across
    places = [(0.66, top, across, across)]
    if below:
        places += [(0.9, top - 3.35, width - 1.1, 1.45), (0.9, 0.85, width - 1.1, 1.1)]
    else:
        left = 0.66 + across + 1.23
        places += [
            (left, top + 0.525 * across, width - left - 0.18, 0.4 * across),
            (left, top, width - left - 0.18, 0.31 * across),
        ]
    return figure, [figure.add_axes((x / width, y / height, w / width, h / height)) for x, y, w, h in places]


def _head(figure: Any, found: Portrait, title: str | None) -> None:
    """Name, formula, its numbers and what the rule is; at the foot the game and the sources."""
    rule, (width, height) = found.rule, inches(figure)
    known = RULES.get(rule.name)
    numbers = ", ".join(f"{SYMBOLS.get(name, name)} = {float(value):g}" for name, value in numbers_of(rule).items())
    lines = [formula_of(rule), numbers, "" if known is None else summary_of(known)]
    left, letters = min(0.66, 0.075 * width) / width, int(14.5 * width)
    name = rule.name if title is None else title
    figure.text(left, 1 - 0.2 / height, name, fontsize=TEXT + 5, fontweight="bold", color=INK, va="center")
    shown = [part for line in dict.fromkeys(filter(None, lines)) for part in textwrap.wrap(line, letters)][:MOST_LINES]
    for k, line in enumerate(shown):
        size, up = TEXT + 1 if k == 0 else SMALL, 1 - (0.48 + 0.217 * k) / height
        figure.text(left, up, line, fontsize=size, color=INK, va="center")
    sources = "; ".join(map(_short, rule.sources))
    text = f"On {found.game}, without noise." + (f" Source: {sources}." if sources else "")
    said = "\n".join(textwrap.wrap(text, letters, max_lines=2))
    figure.text(left, 0.155 / height, said, fontsize=SMALL, color=INK, va="center")


def _short(source: Source) -> str:
    """First author and year of a source."""
    authors, _, rest = source.text.partition(":")
    names = [name.split()[-1] for name in authors.split(",")]
    years = re.findall(r"\b(?:18|19|20)\d\d\b", rest)
    return f"{names[0]} et al. {years[-1]}" if len(names) > 2 else f"{' and '.join(names)} {years[-1]}"


def _square(axes: Axes, found: Portrait) -> None:
    basin = found.basin
    plane = planes("", basin.axis, basin.limits, basin.layout.kind, 2)[0]
    for name, look in looks(basin.targets).items():
        mask, pale = basin.reached(name)[0], _paler(look)
        fill(axes, mask, plane, pale)
        if mask.any() and not look.hatch:
            name_area(axes, mask, plane, name, pale.colour)
    if basin.targets:
        boundary(axes, basin.reached(basin.targets[0])[0].astype(float), plane)
    arrows(axes, found.field, "total", speed_scale([found.field.speed()]), "#5A5A5A")
    for k, run in enumerate(found.runs):
        _draw_run(axes, run, bold=k == 0)
    mark_equilibria(axes, found.field.equilibria)
    axes.set_xlim(-MARGIN, 1 + MARGIN)
    axes.set_ylim(-MARGIN, 1 + MARGIN)
    axes.set_aspect("equal")
    across, up = first_probabilities(basin.question)
    words(axes, xlabel=across, ylabel=up)
    updates = len(found.runs[0].theta) - 1
    handles = [
        Line2D([], [], marker="o", color=INK, linewidth=1.1, markeredgecolor="#FFFFFF", label="run from its start"),
        Line2D([], [], linestyle="none", **END, label=f"after {updates} updates"),
    ]
    axes.legend(
        handles=[*handles, *equilibrium_handles(found.field.equilibria)], loc="upper center", ncols=2, frameon=False,
        bbox_to_anchor=(0.5, -0.4 / inches(axes)[1]), fontsize=SMALL, handletextpad=0.5,
        columnspacing=2.0, labelspacing=0.3,
    )  # fmt: skip


def _paler(look: Look) -> Look:
    def mixed(colour: str) -> str:
        red, green, blue = (PALE + (1 - PALE) * part for part in to_rgb(colour))
        return to_hex((red, green, blue))

    return Look(mixed(look.colour), look.hatch, mixed(look.ink))


def _draw_run(axes: Axes, run: Run, *, bold: bool) -> None:
    x, y = (own[:, 0] for own in run.strategies)
    width = 2.0 if bold else 1.1
    axes.plot(x, y, color="#FFFFFF", linewidth=width + 1.6, alpha=0.85, zorder=4)
    axes.plot(x, y, color=INK, linewidth=width, zorder=5)
    axes.plot(
        x[:1], y[:1], "*" if bold else "o", color=INK, markeredgecolor="#FFFFFF", markersize=14 if bold else 6, zorder=8
    )
    axes.plot(x[-1:], y[-1:], **END, zorder=10)


def _terms(axes: Axes, run: Run) -> None:
    bare(axes)
    colours = {"base": TARGETS[0], "own": TARGETS[1], "peer": TARGETS[2], "lookahead": TARGETS[3]}
    most = max((float(size[np.isfinite(size)].max(initial=0.0)) for size in run.terms.values()), default=0.0)
    known = []
    for k, (name, size) in enumerate(run.terms.items()):
        shown = np.where(np.isfinite(size) & (size > NEGLIGIBLE * most), size, np.nan)
        known.append(shown[np.isfinite(shown)])
        empty = "" if known[-1].size else " (zero)"
        axes.plot(shown, DASHES[k % len(DASHES)], color=colours.get(name, INK), linewidth=1.6, label=name + empty)
    sizes = np.concatenate(known)
    if sizes.size and sizes.max() > LOG_SPAN * sizes.min():
        axes.set_yscale("log")
    start = ", ".join(f"{float(own[0, 0]):.2f}" for own in run.strategies)
    words(axes, xlabel="updates made", ylabel="size of term,\npayoff per parameter")
    axes.set_title(f"what drives the run from ★ ({start}),\nwhich ends: {run.outcome}", fontsize=TEXT, color=INK)
    axes.margins(x=0.02)
    axes.legend(fontsize=SMALL, frameon=False, handlelength=2.6, ncols=2, loc="best")


def _shares(axes: Axes, basin: BasinMap) -> None:
    bare(axes)
    axes.grid(False, axis="y")
    shown = [name for name in looks(basin.targets) if basin.reached(name).any()]
    for row, name in enumerate(shown):
        look, share = looks(basin.targets)[name], basin.fraction(name)
        axes.barh(row, share.value, height=0.6, color=look.colour, hatch=look.hatch, edgecolor=look.ink, linewidth=0.4)
        axes.plot([share.low, share.high], [row, row], "-", color=INK, linewidth=1.4)
        axes.annotate(
            percent(share.value), (max(share.high, share.value), row), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip
    axes.set_yticks(range(len(shown)), [name.replace(" ", "\n", 1) for name in shown], fontsize=SMALL)
    axes.set_ylim(len(shown) - 0.45, -0.55)
    axes.set_xlim(0.0, 1.25)
    axes.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0])
    low, high = basin.limits
    words(axes, xlabel="share of starts, with bracket")
    axes.set_title(f"how runs end from starts in [{low:g}, {high:g}]²", fontsize=TEXT, color=INK)
