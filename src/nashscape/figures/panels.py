"""Sheets of square panels, with room for a legend under each and a colour bar beside all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.core.question import Question
from nashscape.figures.grids import Plane
from nashscape.figures.paper import inches, page, width_asked
from nashscape.figures.style import INK, SMALL, TEXT, percent, words, wrapped

# all in inches; placed by hand, since layout engines leave holes around square panels
PANEL = 2.35
LEFT, RIGHT, GAP = 0.62, 0.2, 0.62
TITLE, AXIS, LINE = 0.42, 0.62, 0.185
BAR, BAR_ROOM = 0.14, 0.95
ABREAST = 4
NAMED = 3
"""Rules at most whose shares a title tells one by one."""
LEAST, SMALLEST, HEAD = 2.0, 0.8, 0.175
"""Panels narrower than the first stand below each other; none is smaller than the second; a line of the title."""


@dataclass(frozen=True)
class Sheet:
    """A figure, its panels in order, and the axes of the colour bar where there is one."""

    figure: Figure
    panels: list[Axes]
    bar: Axes | None

    def colour_bar(self, scale: Normalize, colours: str, label: str, extend: str = "neither") -> None:
        """Draw the colour bar."""
        assert self.bar is not None, "the sheet was made with room for a colour bar"
        bar = self.figure.colorbar(ScalarMappable(scale, colours), cax=self.bar, extend=extend)
        bar.locator = MaxNLocator(5)
        bar.set_label(label, fontsize=TEXT)
        bar.ax.tick_params(labelsize=SMALL)


def abreast_on_paper(most: int, bar: bool) -> int:
    """How many panels stand abreast: at most so many, fewer on paper that was asked for and is too narrow."""
    side = BAR_ROOM if bar else RIGHT
    usual = LEFT + most * PANEL + (most - 1) * GAP + side
    wide = width_asked(usual)
    if wide >= usual:
        return most
    return max(1, min(most, int((wide - LEFT - side + GAP) / (LEAST + GAP) + 1e-6)))


def sheet(count: int, columns: int | None, lines: int, bar: bool = False, title: str = "") -> Sheet:
    """A sheet of panels with `lines` of legend under each, and a title over all.

    Args:
        count: of panels.
        columns: panels abreast, where so many fit; by default up to four.
        lines: of the longest legend.
        bar: whether there is room for a colour bar.
        title: over all panels; none if empty.
    """
    most = max(1, min(count, ABREAST if columns is None else columns))
    abreast = abreast_on_paper(most, bar)
    rows, side = -(-count // abreast), BAR_ROOM if bar else RIGHT
    wide = width_asked(LEFT + abreast * PANEL + (abreast - 1) * GAP + side)
    panel = max(SMALLEST, (wide - LEFT - side - (abreast - 1) * GAP) / abreast)
    said = wrapped(title, wide)
    above = HEAD * (1 + said.count("\n")) if title else 0.0
    around = TITLE + AXIS + lines * LINE
    figure = page(wide, above + rows * (around + panel), layout=None)
    width, height = inches(figure)
    panel = max(SMALLEST, min(panel, (height - above) / rows - around))
    left = LEFT + max(0.0, width - LEFT - side - abreast * panel - (abreast - 1) * GAP) / 2
    if title:
        figure.suptitle(said, fontsize=TEXT + 1, color=INK, y=1 - 0.06 / height, va="top")

    def place(from_left: float, bottom: float, across: float) -> Axes:
        axes: Axes = figure.add_axes((from_left / width, bottom / height, across / width, panel / height))
        return axes

    axes = []
    for k in range(count):
        row, column = divmod(k, abreast)
        bottom = height - above - (row + 1) * (around + panel) + AXIS + lines * LINE
        axes.append(place(left + column * (panel + GAP), bottom, panel))
    last = left + abreast * panel + (abreast - 1) * GAP
    beside = place(last + 0.18, height - above - TITLE - panel, BAR) if bar else None
    return Sheet(figure, axes, beside)


def frame(axes: Axes, plane: Plane, probabilities: Sequence[str]) -> None:
    """Limits, labels and title of a panel; `probabilities` are the names that `first_probabilities` gives."""
    axes.set_xlim(plane.edges)
    axes.set_ylim(plane.edges)
    words(
        axes,
        title=plane.title,
        xlabel=f"{probabilities[0]} at the start",
        ylabel=f"{probabilities[1]} at the start",
    )


def legend_below(axes: Axes, entries: list[Any]) -> None:
    """A legend of one entry per line under a panel."""
    if entries:
        _, height = inches(axes)
        axes.legend(
            handles=entries, loc="upper left", bbox_to_anchor=(-0.02, (0.07 - AXIS) / height), fontsize=SMALL,
            frameon=False, handlelength=1.7, handleheight=1.1, borderpad=0.0, borderaxespad=0.0, labelcolor=INK,
        )  # fmt: skip


def parameters_of(question: Question, dimension: int) -> list[str]:
    """What the parameters of the learners that were asked about are; "parameter 1" and so on where it is not known."""
    names = question.get("game", {}).get("parameters")
    return list(names) if names else [f"parameter {k + 1}" for k in range(dimension)]


def chooses_numbers(question: Question) -> bool:
    """Whether the players that were asked about choose points."""
    return question.get("semantics", {}).get("kind") == "PointParameters"


def first_probabilities(question: Question) -> list[str]:
    """The probability that each of the first two players plays its first action, by the names of players and actions.

    Of those who choose numbers, where these lie between their bounds, as 0 to 1.

    >>> from nashscape import basin_map, games, pg
    >>> first_probabilities(basin_map(games.stag_hunt(), pg(), grid=5).question)
    ['P(C) of player 1', 'P(C) of player 2']
    """
    players = question.get("game", {}).get("players") or ["player 1", "player 2"]
    if chooses_numbers(question):
        return [f"{player} in its range" for player in players[:2]]
    actions = question.get("actions") or [["first action"]] * 2
    return [f"P({own[0]}) of {player}" for own, player in zip(actions[:2], players[:2], strict=True)]


def finding(game: str, shares: Mapping[str, float], one: str, several: str) -> str:
    """What a sheet found, as its title: of one rule and game a sentence, of a few rules their shares in a row, of many
    the smallest share and the largest.

    >>> finding("stag_hunt", {"pg": 0.25}, "of the starts reach CC", "starts that reach CC")
    'pg on stag_hunt: 25.0 % of the starts reach CC'
    >>> finding("stag_hunt", {"pg": 0.25, "lola": 0.5}, "of the starts reach CC", "starts that reach CC")
    'stag_hunt: starts that reach CC: pg 25.0 %, lola 50.0 %'
    >>> finding("stag_hunt", dict(a=0.0, b=0.5, c=0.5, d=1.0), "of the starts reach CC", "starts that reach CC")
    'stag_hunt: starts that reach CC: from 0.0 % to 100.0 %'
    """
    if len(shares) == 1:
        [(name, share)] = shares.items()
        return f"{name} on {game}: {percent(share)} {one}"
    if len(shares) > NAMED:
        ends = list(dict.fromkeys([percent(min(shares.values())), percent(max(shares.values()))]))
        return f"{game}: {several}: {f'{ends[0]} each' if len(ends) == 1 else f'from {ends[0]} to {ends[1]}'}"
    return f"{game}: {several}: {', '.join(f'{name} {percent(share)}' for name, share in shares.items())}"
