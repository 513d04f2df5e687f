"""Comparisons without a map are drawn as bars."""

from dataclasses import replace

import nashscape as ns
from nashscape import figures
from nashscape.core import mcnemar
from nashscape.figures.style import percent


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


def test_what_may_be_chance_is_not_told_as_a_finding():
    entries = ns.entry_probability(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()], n=80, steps=60)
    seen = ns.compare(entries["meta_mapg"], entries["pg"])
    unseen = replace(seen, rule="sos", difference=replace(seen.difference, low=-0.1))
    assert (seen.apart, unseen.apart) == (True, False)

    def said(found):
        return " ".join(figures.draw(found).get_suptitle().split())

    assert said(unseen) == "stag_hunt, CC: no difference seen between sos and pg"
    shares = f"meta_mapg {percent(seen.gained_share)} / {percent(seen.lost_share)}"
    assert said({"one": seen, "two": unseen}) == f"stag_hunt, CC: runs gained / lost: {shares}, sos no difference seen"
    beside = [text.get_text() for text in figures.draw({"one": seen, "two": unseen}).axes[0].texts]
    assert [text.endswith(": no difference seen") for text in beside] == [False, True]


def test_maps_are_still_drawn_as_maps():
    maps = ns.basin_map(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()], grid=5)
    found = ns.compare(maps["meta_mapg"], maps["pg"])
    assert "against" in found.plot().axes[0].get_title()
    # starts of a noise-free map are no sample: nothing is chance
    shares = f"{percent(found.gained_share)} of starts gained, {percent(found.lost_share)} lost"
    assert found.plot().get_suptitle() == shares
    chance = replace(found, rule="sos", test=mcnemar(1, 0), difference=replace(found.difference, low=-0.1, high=0.4))
    assert chance.plot().get_suptitle() == "no difference seen"
    both = figures.draw({"one": found, "two": chance}).get_suptitle()
    assert "sos no difference seen" in " ".join(both.split())
