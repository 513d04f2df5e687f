"""Pictures of duels: bands that are the phases, marks that are the events, and bars that are what is exploited."""

import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.figures import duel_exploitability_figure, duel_match_figure
from nashscape.figures.duels import EVENTS, PHASES


@pytest.fixture(scope="module")
def fought():
    duel = environments.duel(health=3)
    them = environments.duel_characters(duel)
    return environments.duel_match(duel, them["mixer"], them["pressurer"], names=["mixer", "pressurer"], seed=2)


def test_every_frame_lies_in_a_band_of_its_phase(fought):
    bands = duel_match_figure(fought).axes[0]
    from matplotlib.colors import to_hex

    for k in range(2):
        drawn = {}
        for run in bands.collections:
            corners = run.get_paths()[0].vertices
            if round(float(corners[:, 1].mean())) == 1 - k:
                first, last = corners[:, 0].min() + 0.5, corners[:, 0].max() - 0.5
                drawn.update(dict.fromkeys(range(round(first), round(last) + 1), to_hex(run.get_facecolor()[0])))
        wanted = {t + 1: PHASES[pair[k]].colour.lower() for t, pair in enumerate(fought.phases)}
        assert drawn == wanted
    letters = [text.get_text() for text in bands.texts]
    assert set(letters) <= {"A", "T"}
    assert letters.count("A") == sum(
        pair[k] == "active" and fought.doings[t][k].startswith("attack")
        for t, pair in enumerate(fought.phases) for k in range(2)
    )  # fmt: skip


def test_every_event_has_its_mark_beside_who_suffers_it(fought):
    bands = duel_match_figure(fought).axes[0]
    drawn = sorted(
        (int(x), bool(y < 0.5), line.get_marker()) for line in bands.lines for x, y in line.get_xydata().tolist()
    )
    wanted = sorted(
        (t + 1, bool(k), EVENTS[event][0]) for t, pair in enumerate(fought.events) for k, event in enumerate(pair)
        if event
    )  # fmt: skip
    assert drawn == wanted
    assert len(wanted) >= 3


def test_the_line_is_the_distance_and_words_do_not_run_over(fought):
    figure = duel_match_figure(fought)
    stairs = figure.axes[1].patches[0]
    assert np.array_equal(stairs.get_data().values, fought.distances)
    assert np.array_equal(stairs.get_data().edges, np.arange(len(fought.distances) + 1) + 0.5)


def test_bars_are_what_best_responses_get_the_least_first():
    duel = environments.duel(health=1)
    found = environments.duel_exploitability(duel, environments.duel_characters(duel))
    bars, table = duel_exploitability_figure(found).axes[:2]
    widths = [bar.get_width() for bar in bars.patches]
    assert widths == pytest.approx(sorted(found.exploitability))
    names = [tick.get_text() for tick in bars.get_yticklabels()]
    shown = table.images[0].get_array()
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            wanted = found.payoffs[found.names.index(one), found.names.index(other)]
            assert shown[i, j] == pytest.approx(wanted)
    with pytest.raises(InputError, match="duel_match"):
        duel_match_figure(found)
