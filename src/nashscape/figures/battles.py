"""Pictures of team battles: one turn by turn, and who beats whom."""

from typing import Any, Unpack

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, inches, on_paper
from nashscape.figures.payoff_tables import bars_and_payoffs
from nashscape.figures.style import FAINT, SEQUENTIAL, SMALL, TARGETS, bare, contrast, words
from nashscape.games.families.battle_results import TeamBattle, TeamMeetings

FOR_CHOICE = 0.55
"""Inches of a turn from which cells have the choice in them."""
MOST = 24
"""Teams that are drawn; of more those that are brought most often."""


@on_paper
def team_battle_figure(found: TeamBattle, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """A battle turn by turn: the points of all members, who is in play and what it does, and what the battle is worth.

    A frame is around who is in play before the turn, and beneath its points stands its choice. The line is the chance
    of the first side to win less that to lose, with best play of both.

    Args:
        found: what `team_battle` gave.
        title: of the figure; by default the teams, and who is left.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games
        >>> battles = games.team_battles(games.random_roster(4))
        >>> figure = team_battle_figure(games.team_battle(battles, "c1+c2", "c3+c4"))
        >>> figure.axes[1].get_xlabel(), [tick.get_text() for tick in figure.axes[0].get_yticklabels()]
        ('turn', ['c1', 'c2', 'c3', 'c4'])
    """
    only(found, TeamBattle, "team_battle")
    members = len(found.members[0])
    figure, grid = canvas(2, 1, 7.6, 1.9 + 0.9 * members, sharex=True, height_ratios=[0.9 * members, 1.1])
    cells, line = grid[:, 0]
    _draw_points(cells, found, inches(figure)[0] / (len(found.points) + 1))
    turns = np.arange(len(found.values))
    bare(line)
    line.axhline(0.0, color=FAINT, linewidth=0.8)
    line.plot(turns, found.values, color=TARGETS[0], linewidth=1.6, marker="o", markersize=4)
    line.set_ylim(-1.15, 1.15)
    line.set_yticks([-1, 0, 1])
    line.set_xticks(turns, [*map(str, turns[1:]), "end"])
    words(line, xlabel="turn", ylabel="value")
    head(figure, f"{found.teams[0]} against {found.teams[1]}: {found.ending}" if title is None else title)
    return figure


def _draw_points(axes: Any, found: TeamBattle, wide: float) -> None:
    """A row of cells for each member, with a gap between the teams."""
    members, most = len(found.members[0]), int(found.points.max())
    shades = colormaps[SEQUENTIAL]
    for turn, side, member in np.ndindex(found.points.shape):
        points, row = int(found.points[turn, side, member]), member + side * (members + 0.4)
        fallen, shade = not points, to_hex(shades(0.05 + 0.75 * points / most))
        face = "#FFFFFF" if fallen else shade
        axes.add_patch(Rectangle((turn - 0.5, row - 0.5), 1, 1, facecolor=face, edgecolor="#FFFFFF", linewidth=0.8))
        name = found.members[side][member]
        acts = turn < len(found.choices) and found.active[turn][side] == name
        told = str(points)
        if acts:
            axes.add_patch(Rectangle((turn - 0.46, row - 0.44), 0.92, 0.88, fill=False, edgecolor=TARGETS[5],
                                     linewidth=2.0, zorder=3))  # fmt: skip
            told += f"\n{found.choices[turn][side]}" if wide >= FOR_CHOICE else ""
        colour = contrast(face)
        axes.text(turn, row, told, ha="center", va="center", fontsize=SMALL, color=colour, zorder=4)
    rows = [member + side * (members + 0.4) for side in range(2) for member in range(members)]
    axes.set_yticks(rows, [name.replace("$", "") for own in found.members for name in own], fontsize=SMALL)
    axes.set_ylim(rows[-1] + 0.55, -0.55)
    axes.set_xlim(-0.55, len(found.points) - 0.45)
    axes.spines[:].set_visible(False)
    axes.tick_params(left=False, bottom=False)
    axes.set_ylabel("points", fontsize=SMALL + 1)


@on_paper
def team_meetings_figure(found: TeamMeetings, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """How often teams are brought unseen, and what they get of each other.

    Args:
        found: what `team_meetings` gave.
        title: of the figure; by default how many teams there are.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games
        >>> figure = team_meetings_figure(games.team_meetings(games.team_battles(games.random_roster(4)), range(6)))
        >>> figure.axes[0].get_xlabel(), len(figure.axes[0].patches)
        ('chance to be brought', 6)
    """
    only(found, TeamMeetings, "team_meetings")
    order = found.order[:MOST]
    figure = bars_and_payoffs(
        found.chances[order], found.values[np.ix_(order, order)], [found.names[k] for k in order],
        xlabel="chance to be brought", what="team",
    )  # fmt: skip
    more = "" if len(order) == len(found.names) else f", {len(order)} of them"
    head(figure, f"Who beats whom of {len(found.names)} teams{more}" if title is None else title)
    return figure
