from types import SimpleNamespace

import pytest

from nashscape import InputError, Settling, entry_probability, figures, games, pg, simulate, starts
from nashscape.core import wilson
from nashscape.figures import draw, entry_figure, published_figure, run_figure, sweep_figure
from nashscape.figures.style import percent
from nashscape.learning.by_rule import ByRule
from nashscape.learning.dial_table import axis_label


def row(label="pg", table="Table 1", published=0.3, ours=0.31, low=0.28, high=0.33, agrees=True):
    return SimpleNamespace(label=label, table=table, published=published, ours=ours, low=low, high=high, agrees=agrees)


def test_a_run_shows_what_is_played_paid_and_what_drives_it(run):
    figure = run_figure(run)
    assert [axes.get_ylabel() for axes in figure.axes] == ["probability", "payoff", "size of term"]
    assert figure.axes[2].get_xlabel() == "updates made"
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["player 1: C", "player 2: C"]
    assert figure.axes[2].get_yscale() == "log"
    assert "target first held" in figure.get_suptitle()
    assert len({line.get_linestyle() for line in figure.axes[2].lines[:3]}) == 3


@pytest.mark.long
def test_players_with_three_actions_have_a_line_each():
    run = simulate(games.shapley(), pg(), start=[[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]], steps=20)
    labels = [text.get_text() for text in run_figure(run).axes[0].get_legend().get_texts()]
    assert labels == [f"player {i}: {action}" for i in (1, 2) for action in "ABC"]


def test_entries_show_intervals_and_all_outcomes(entries):
    figure = entry_figure(entries)
    intervals, outcomes = figure.axes
    assert intervals.get_xlabel() == "probability of entering CC"
    assert [tick.get_text() for tick in intervals.get_yticklabels()] == ["pg", "meta_mapg"]
    estimate = entries["pg"].probability()
    assert intervals.lines[0].get_xdata().tolist() == [estimate.low, estimate.high]
    assert sum(bar.get_width() for bar in outcomes.patches) == pytest.approx(2.0)
    for height, one in enumerate(entries.values()):
        bars = sorted(
            round(b.get_width(), 9) for b in outcomes.patches if abs(b.get_y() + b.get_height() / 2 - height) < 0.1
        )
        assert bars == pytest.approx(sorted(n / len(one.labels) for n in one.outcomes().values()))
    shown = {text.get_text() for text in outcomes.figure.legends[0].get_texts()}
    signs = {"goes there", "stands there after the last update"}
    assert shown - signs == {name for one in entries.values() for name in one.outcomes()}


def test_of_many_rows_the_title_tells_the_smallest_share_and_the_largest(entries):
    def said(*rules):
        named = {f"{rule}, peer = {k}": entries[rule] for k, rule in enumerate(rules)}
        return " ".join(entry_figure(named).get_suptitle().split())

    low, high = sorted(percent(one.probability().value) for one in entries.values())
    assert low != high
    assert said("pg", "meta_mapg", "pg", "pg") == f"stag_hunt: runs that enter CC: from {low} to {high}"
    assert said(*["pg"] * 4) == f"stag_hunt: runs that enter CC: {percent(entries['pg'].probability().value)} each"
    assert "pg, peer = 2" in said("pg", "meta_mapg", "pg")


def test_entries_show_who_stands_there_beside_who_goes_there(entries):
    figure = entry_figure(entries)
    intervals, one = figure.axes[0], entries["pg"]
    assert intervals.lines[2].get_xdata().tolist() == [one.at_step().low, one.at_step().high]
    assert [text.get_text() for text in figure.legends[0].get_texts()][:2] == [
        "goes there",
        "stands there after the last update",
    ]
    # where runs pass a target, as many stand there as go elsewhere
    passing = entry_probability(
        games.prisoners_dilemma(), pg(), targets=["CC"], starts=starts.uniform(3, 4), n=50, steps=5
    )
    going = entry_figure(passing).axes[0].lines[0].get_xdata().tolist()
    assert going == [passing.probability().low, passing.probability().high]
    assert passing.probability().high < passing.at_step().low
    standing = entry_probability(games.stag_hunt(), pg(), n=50, steps=50, settling=Settling(follow=False))
    assert standing.probability().value == 0.0 < standing.at_step().value
    [line, marker] = entry_figure(standing).axes[0].lines
    assert line.get_xdata().tolist() == [standing.at_step().low, standing.at_step().high]
    assert marker.get_xdata().tolist() == [standing.at_step().value]


def test_published_rows_are_grouped_by_table_and_say_where_they_differ():
    rows = [row(), row("meta_pg", agrees=False), row(table="Table 2")]
    figure = published_figure(rows, xlabel="share")
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Table 1: 1 of 2 agree", "Table 2: 1 of 1 agree"]
    assert "differs" in [text.get_text() for text in figure.axes[0].texts]
    assert not figure.axes[1].texts
    key = [text.get_text() for text in figure.legends[0].get_texts()]
    assert key == ["published", "ours, with interval", "ours, differs"]
    figures.to_png_bytes(figure)


def test_a_sweep_has_a_band_and_what_is_known_beside_it():
    estimates = [wilson(k, 20) for k in (12, 4, 8)]
    figure = sweep_figure(
        [5, 1, 3], estimates, "coefficient λ", exact=[0.6, 0.2, 0.4], published=[(1, 0.25)], title="a sweep"
    )
    (axes,) = figure.axes
    assert axes.lines[0].get_xydata().tolist() == [[1, 0.2], [3, 0.4], [5, 0.6]]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["interval", "estimate", "exact", "published"]
    figures.to_svg(figure)


def test_what_does_not_fit_is_refused(run, entries):
    with pytest.raises(InputError, match="3 values but 1"):
        sweep_figure([1, 2, 3], [wilson(1, 2)], "x")
    with pytest.raises(InputError, match="no rows"):
        published_figure([])
    with pytest.raises(InputError, match="expected a Run"):
        run_figure(entries)
    with pytest.raises(InputError, match="expected an Entry"):
        entry_figure({"pg": run})


def test_draw_chooses_the_figure_by_type(run, entries, maps):
    assert len(draw(run).axes) == 3
    assert len(draw(entries["pg"]).axes) == 2
    assert len(draw(entries).axes) == 2
    assert len(maps["pg"].plot().axes) == 1
    assert len(run.plot().axes) == 3
    for unknown in (3, {}, None, wilson(1, 2)):
        with pytest.raises(InputError, match=r"there (is no picture of|are no results to draw)"):
            draw(unknown)


def test_what_varies_beside_the_rule_is_named_on_the_axis_with_its_unit(entries):
    for rules, named in ((["pg", "meta_mapg"], "rule and warm up (updates)"), (["pg", "pg"], "warm up (updates)")):
        swept = ByRule((f"{rule}, warm_up = {k}", entries[rule]) for k, rule in enumerate(rules))
        swept.varied = axis_label("warm_up")
        assert entry_figure(swept).axes[0].get_ylabel() == named
    assert entry_figure(entries).axes[0].get_ylabel() == "rule"
