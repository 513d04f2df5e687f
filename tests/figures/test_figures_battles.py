"""Pictures of battles: cells that hold the points, frames around who is in play, bars that are chances."""

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.figures import team_battle_figure, team_meetings_figure


@pytest.fixture(scope="module")
def battles():
    return games.team_battles(games.random_roster(5, seed=3))


def test_cells_hold_the_points_and_frames_are_around_who_is_in_play(battles):
    found = games.team_battle(battles, "c2+c1", "c3+c5", seed=2)
    cells, line = team_battle_figure(found).axes
    rows = dict(zip(cells.get_yticks().tolist(), np.ndindex(2, 2), strict=True))
    written = {(int(x), *rows[y]): text.get_text() for text in cells.texts for x, y in [text.get_position()]}
    framed = {
        (round(patch.get_x() + 0.46), *rows[round(patch.get_y() + 0.44, 6)])
        for patch in cells.patches if not patch.get_fill()
    }  # fmt: skip
    assert len(written) == found.points.size
    for (turn, side, member), points in np.ndenumerate(found.points):
        acts = turn < len(found.active) and found.active[turn][side] == found.members[side][member]
        assert ((turn, side, member) in framed) == acts
        told = f"{points}\n{found.choices[turn][side]}" if acts else str(points)
        assert written[turn, side, member] == told
    drawn = next(own for own in line.lines if len(own.get_xdata()) == len(found.values))
    assert drawn.get_ydata().tolist() == found.values.tolist()


def test_narrow_paper_leaves_choices_out(battles):
    found = games.team_battle(battles, "c2+c1", "c3+c5", seed=2)
    texts = team_battle_figure(found, size=2.6).axes[0].texts
    assert all(text.get_text().isdigit() for text in texts)


def test_bars_are_chances_and_the_table_is_in_their_order(battles):
    found = games.team_meetings(battles)
    bars, table = team_meetings_figure(found).axes[:2]
    assert [bar.get_width() for bar in bars.patches] == found.chances[found.order].tolist()
    assert [tick.get_text() for tick in bars.get_yticklabels()] == [found.names[k] for k in found.order]
    shown = np.asarray(table.images[0].get_array())
    np.testing.assert_array_equal(shown, found.values[np.ix_(found.order, found.order)])
    with pytest.raises(InputError, match="team_battle"):
        team_battle_figure(found)
