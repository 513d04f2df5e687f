"""A sheet of square panels with room for a legend under each and a colour bar beside all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.core.question import Question
from nashscape.figures.grids import Plane
from nashscape.figures.style import DPI, INK, SMALL, TEXT, words

# all in inches; placed by hand, since layout engines leave holes around square panels
PANEL = 2.35
LEFT, RIGHT, GAP = 0.62, 0.2, 0.62
TITLE, AXIS, LINE = 0.42, 0.62, 0.185
BAR, BAR_ROOM = 0.14, 0.95
ABREAST = 4


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


def sheet(count: int, columns: int | None, lines: int, bar: bool = False) -> Sheet:
    """A sheet of `count` panels, `columns` abreast (by default up to four), with `lines` of legend under each."""
    abreast = max(1, min(count, ABREAST if columns is None else columns))
    rows = -(-count // abreast)
    width = LEFT + abreast * PANEL + (abreast - 1) * GAP + (BAR_ROOM if bar else RIGHT)
    tall = TITLE + PANEL + AXIS + lines * LINE
    height = rows * tall
    figure = Figure(figsize=(width, height), dpi=DPI)

    def place(left: float, bottom: float, across: float, up: float) -> Axes:
        return figure.add_axes((left / width, bottom / height, across / width, up / height))

    axes = []
    for k in range(count):
        row, column = divmod(k, abreast)
        bottom = height - row * tall - TITLE - PANEL
        axes.append(place(LEFT + column * (PANEL + GAP), bottom, PANEL, PANEL))
    beside = place(width - BAR_ROOM + 0.18, height - TITLE - PANEL, BAR, PANEL) if bar else None
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
        axes.legend(
            handles=entries, loc="upper left", bbox_to_anchor=(-0.02, -AXIS / PANEL + 0.03), fontsize=SMALL,
            frameon=False, handlelength=1.7, handleheight=1.1, borderpad=0.0, borderaxespad=0.0, labelcolor=INK,
        )  # fmt: skip


def parameters_of(question: Question, dimension: int) -> list[str]:
    """What the parameters of the learners that were asked about are; "parameter 1" and so on where it is not known."""
    names = question.get("game", {}).get("parameters")
    return list(names) if names else [f"parameter {k + 1}" for k in range(dimension)]


def first_probabilities(question: Question) -> list[str]:
    """The probability that each of the first two players plays its first action, by the names of players and actions.

    >>> from nashscape import basin_map, games, pg
    >>> first_probabilities(basin_map(games.stag_hunt(), pg(), grid=5).question)
    ['P(C) of player 1', 'P(C) of player 2']
    """
    actions = question.get("actions") or [["first action"]] * 2
    players = question.get("game", {}).get("players") or ["player 1", "player 2"]
    return [f"P({own[0]}) of {player}" for own, player in zip(actions[:2], players[:2], strict=True)]
