"""Comparisons without a map are drawn as bars."""

import nashscape as ns
from nashscape import figures


def test_bars_show_what_is_gained_and_lost():
    entries = ns.entry_probability(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()], n=80, steps=60)
    change = ns.compare(entries["meta_mapg"], entries["pg"])
    axes = change.plot().axes[0]
    widths = sorted(patch.get_width() for patch in axes.patches)
    assert widths == sorted([change.gained_share, -change.lost_share])
    assert {text.get_text() for text in axes.figure.legends[0].get_texts()} == {"gained", "lost", "difference"}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["meta_mapg against pg"]
    both = figures.draw({"one": change, "two": change}).axes[0]
    assert len(both.patches) == 4


def test_maps_are_still_drawn_as_maps():
    maps = ns.basin_map(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()], grid=5)
    assert "against" in ns.compare(maps["meta_mapg"], maps["pg"]).plot().axes[0].get_title()
