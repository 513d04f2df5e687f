"""Certificates over time, certificates beside each other, signs of the peer term, and checked certificates."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from nashscape import InputError, figures, games, pg
from nashscape.checking import Verification, verify_certificate
from nashscape.checking.verifying import MOST_REASONS
from nashscape.core import Status, record, target_code
from nashscape.figures import (
    certificate_curve_figure,
    certificate_figure,
    containment_figure,
    draw,
    peer_directions_figure,
    verification_figure,
)
from nashscape.figures.style import look, percent
from nashscape.proofs import Containment, ProbableCertificate, certify
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.files import checksum
from nashscape.theory import peer_direction
from nashscape.theory.peer_directions import PeerDirections


def legend(figure):
    # long entries are broken into lines
    return [text.get_text().replace("\n", " ") for text in figure.legends[0].get_texts()]


def ticks(labels):
    return [label.get_text() for label in labels]


def inside(figure):
    figures.to_png_bytes(figure)
    box, page = figure.get_tightbbox(), figure.get_size_inches()
    return box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < page[0] + 0.02 and box.y1 < page[1] + 0.02


def apart(figure):
    """Whether legend, title and panels of a drawn figure keep off each other."""
    figures.to_png_bytes(figure)
    key = figure.legends[0].get_window_extent()
    return not any(key.overlaps(axes.get_tightbbox()) for axes in figure.axes)


def grown(curve, d=3):
    """A certificate of which only its curve and three cells matter; certified last: A 0.5, B 0.25."""
    region = np.array([np.zeros(d), np.ones(d)])
    low, high = np.zeros((3, d)), np.ones((3, d))
    low[:, 0], high[:, 0] = [0.0, 0.5, 0.75], [0.5, 0.75, 1.0]
    number = np.array([0, 1, -1], np.int32)
    traps = tuple(SimpleNamespace(target=name, kind="corner") for name in ("A", "B"))
    return Certificate(
        "hunt", "pg", ("A", "B"), "parameters", region, low, high, number, number, traps, 0.1, {"actions": []},
        {}, np.array(curve, np.float64), None, None,
    )  # fmt: skip


LONG = [[0.01, 0.1, 0.0], [0.05, 0.2, 0.15], [0.4, 0.5, 0.25]]
SHORT = [[1.0, 0.1, 0.0], [2.0, 0.2, 0.15], [4.0, 0.5, 0.25]]


@pytest.mark.parametrize(("curve", "scale"), [(LONG, "log"), (SHORT, "linear")])
def test_the_areas_are_what_was_certified_by_every_time(curve, scale):
    found = grown(curve)
    figure = certificate_curve_figure(found)
    (axes,) = figure.axes
    assert axes.get_xscale() == scale
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("seconds since cells were first followed", "share of the region")
    assert legend(figure) == ["A: 50.0 %", "B: 25.0 %", "undecided: 25.0 %", "end of the search"]
    left, right = axes.get_xlim()
    assert left == (curve[0][0] if scale == "log" else 0.0)
    assert right > curve[-1][0]
    assert axes.lines[0].get_xdata() == [curve[-1][0]] * 2
    random = np.random.default_rng(0)
    for t, y in random.uniform([left, 0.0], [right, 1.0], size=(300, 2)):
        known = [row for row in curve if row[0] <= t] or [[0.0, 0.0, 0.0]]
        ends = np.cumsum(known[-1][1:])
        (mine,) = [k for k, area in enumerate(axes.collections) if area.get_paths()[0].contains_point((t, y))]
        assert mine == np.searchsorted(ends, y)
    for k in (0, 1):
        colour = tuple(axes.collections[k].get_facecolor()[0])
        assert look(target_code(k)).colour == "#" + "".join(f"{round(255 * c):02X}" for c in colour[:3])
    assert axes.collections[2].get_hatch() == "////"
    assert inside(figure)
    assert apart(figure)


def test_a_search_without_time_has_an_axis_and_one_without_a_curve_is_refused():
    for curve in ([[0.3, 0.0, 0.0]], [[0.0, 0.0, 0.0]]):
        (axes,) = certificate_curve_figure(grown(curve), title="short").axes
        assert axes.get_xlim()[1] > axes.get_xlim()[0] == 0.0
        assert axes.get_title() == "short"
    with pytest.raises(InputError, match="no curve"):
        certificate_curve_figure(grown(np.zeros((0, 3))))
    with pytest.raises(InputError, match="expected a Certificate"):
        certificate_curve_figure(3)


@pytest.mark.long
def test_certificates_of_other_than_two_dimensions_show_their_curve():
    segment = certify(games.stag_hunt(), pg(), "CC", ([0.2, 0.6], [0.9, 0.6]), resolution=1 / 32)
    for found in (segment, grown(LONG)):
        figure = found.plot()
        shares = [f"{name}: {percent(found.fraction(name))}" for name in found.targets]
        assert legend(figure)[:-1] == [*shares, f"undecided: {percent(found.undecided)}"]
        decided = percent(1 - found.undecided)
        assert figure.axes[0].get_title() == f"pg on {found.game}: {decided} of the region decided"
        assert inside(figure)
    square = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 8)
    assert square.plot().axes[0].get_xlabel() == "probability of C, player 1"
    assert len(certificate_curve_figure(square).axes[0].collections) == 3


def test_separatrices_edges_and_sampled_updates_need_two_dimensions():
    with pytest.raises(InputError, match="drawn in two dimensions"):
        certificate_figure(grown(LONG), edges=True)
    with pytest.raises(InputError, match="drawn in two dimensions"):
        certificate_figure(grown(LONG), object())
    probable = object.__new__(ProbableCertificate)
    for name in ("low", "region"):
        object.__setattr__(probable, name, getattr(grown(LONG), name))
    object.__setattr__(probable, "confidence", 0.95)
    with pytest.raises(InputError, match="for exact updates"):
        certificate_figure(probable)


AREAS = np.array([[0.25, 0.125, 0.0], [0.0625, 0.5, 0.0], [0.0, 0.03125, 0.03125]])


def contained(areas=AREAS, low=(), high=(), d=2):
    low, high = (np.array(ends, np.float64).reshape(-1, d) for ends in (low, high))
    return Containment("CC", ("pg", "lola"), np.array(areas), low, high, Status.COMPLETE, record("test", {}))


def test_the_table_of_two_certificates_has_every_share_where_it_belongs():
    figure = containment_figure(contained())
    (axes,) = figure.axes
    numbers = {text.get_position(): text.get_text() for text in axes.texts}
    assert numbers == {(column, row): percent(AREAS[row, column]) for row, column in np.ndindex(3, 3)}
    blank = {
        patch.get_xy() for patch in axes.patches if patch.get_facecolor()[:3] == (1, 1, 1) and not patch.get_hatch()
    }
    assert blank == {(column - 0.5, row - 0.5) for row, column in np.argwhere(AREAS == 0)}
    assert ticks(axes.get_yticklabels()) == ["certified\n37.5 %", "escaping\n56.2 %", "undecided\n6.2 %"]
    assert ticks(axes.get_xticklabels()) == ["certified\n31.2 %", "escaping\n65.6 %", "undecided\n3.1 %"]
    assert axes.get_ylabel() == "share of the region under pg"
    assert axes.get_xlabel() == "share of the region under lola"
    assert legend(figure) == [
        "certified under both: 25.0 %",
        "contradicted: certified under pg, escapes under lola: 12.5 %",
        "gained: escapes under pg, certified under lola: 6.2 %",
        "escapes under both: 50.0 %",
        "undecided under one rule at least: 6.2 %",
    ]
    assert inside(figure)
    assert apart(figure)


def test_cells_that_contradict_are_drawn_in_their_two_dimensions():
    low, high = [[0.0, 0.5, 0.2], [0.5, 0.5, 0.0]], [[0.5, 0.5, 0.4], [1.0, 0.5, 0.2]]
    figure = draw(contained(low=low, high=high, d=3))
    axes = figure.axes[1]
    drawn = [path.vertices[:4] for path in axes.collections[0].get_paths()]
    assert [own.min(axis=0).tolist() for own in drawn] == [[0.0, 0.2], [0.5, 0.0]]
    assert [own.max(axis=0).tolist() for own in drawn] == [[0.5, 0.4], [1.0, 0.2]]
    assert axes.get_title() == "contradicted: 2 cells"
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("coordinate 1 of the region", "coordinate 3 of the region")
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert left < 0
    assert right > 1
    assert bottom < 0
    assert top > 0.4
    assert inside(figure)
    assert apart(figure)
    assert len(containment_figure(contained(low=[[0, 0, 0]], high=[[1, 1, 1]], d=3)).axes) == 1


def test_the_title_says_whether_one_lies_in_the_other():
    def title(areas):
        return containment_figure(contained(areas)).get_suptitle()

    assert title(AREAS) == "what pg certifies for CC\ndoes not lie in that of lola"
    assert title([[0.3, 0, 0.1], [0, 0.6, 0], [0, 0, 0]]) == (
        "what pg certifies for CC\nlies in that of lola, 75.0 % of it proved"
    )
    assert title([[0, 0, 0], [0, 1, 0], [0, 0, 0]]) == "pg certifies nothing for CC"
    assert containment_figure(contained(), title="mine").get_suptitle() == "mine"
    with pytest.raises(InputError, match="expected a Containment"):
        containment_figure({})


def directions(verdicts, low, high, witnesses=None, share=0.0):
    n = len(verdicts)
    return PeerDirections(
        "made", tuple("abcde"[:n]), tuple(verdicts), np.array(low, np.float64), np.array(high, np.float64),
        witnesses or (None,) * n, False, np.full(n, share) * (np.array(verdicts) == "undecided"), Status.COMPLETE,
        record("test", {}),
    )  # fmt: skip


def test_every_player_has_a_range_and_a_verdict():
    profiles = np.array([[0.5, 0.25, 1e-5, 0.5, 0.9999], [0.5, 0.75, 0.5, 0.5, 0.125]])
    found = directions(
        ["raises", "lowers", "both", "zero", "undecided"], [1.5, -3, -2, 0, -1], [4, -0.25, 5, 0, 1],
        (None, None, profiles, None, None), 0.032,
    )  # fmt: skip
    figure = found.plot()
    ranges, table = figure.axes
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ranges.patches]
    assert bars == list(zip(found.low, found.high, strict=True))
    assert ticks(ranges.get_yticklabels()) == [
        "a raises\nmargin 1.5", "b lowers\nmargin 0.25", "c both", "d zero", "e undecided\nat 3.2 % of profiles",
    ]  # fmt: skip
    margins = [line.get_xydata().tolist() for line in ranges.lines[1:]]
    assert margins == [[[1.5, 0]], [[-0.25, 1]], [[0.0, 3]]]
    assert [text.split(":")[0] for text in legend(figure)] == ["raises", "lowers", "both", "zero", "undecided"]
    np.testing.assert_array_equal(table.images[0].get_array(), profiles)
    assert ticks(table.texts) == [percent(p) for p in profiles.ravel()]
    assert table.texts[2].get_text() == "<0.1 %"
    assert ticks(table.get_yticklabels()) == ["c raised", "c lowered"]
    assert inside(figure)
    assert apart(figure)


def test_measured_directions_are_drawn_with_room_on_both_sides():
    found = peer_direction(games.prisoners_dilemma())
    figure = peer_directions_figure(found, title="mine")
    (axes,) = figure.axes
    left, right = axes.get_xlim()
    assert left < -4.0 < 0.0 < right
    assert legend(figure) == ["lowers: the peer term lowers the logit of the first action at every interior profile"]
    assert figure.get_suptitle() == "mine"
    assert inside(figure)
    with pytest.raises(InputError, match="expected PeerDirections"):
        peer_directions_figure(3)
    with pytest.raises(InputError, match="too large to draw"):
        peer_directions_figure(directions(["raises"], [1.0], [np.inf]))


def checked(reasons=(), cells=100, undecided=25, traps=3, status=Status.COMPLETE, sample=None):
    holds = 0.0 if reasons else 1.0 if sample is None else 0.05 ** (1 / sample)
    return Verification(
        accepted=not reasons and sample is None, reasons=tuple(reasons), cells=cells, sample=sample, holds=holds,
        undecided=undecided, traps=traps, precision=96, status=status, provenance=record("test", {}),
    )  # fmt: skip


CELL = "cell {}: its start (0.5, 0.5) was not proved to enter trap 0"
MANY = [CELL.format(k) for k in range(MOST_REASONS)]


@pytest.mark.parametrize(
    ("found", "traps", "cells", "entries"),
    [
        (checked(), [3], [100, 25], ["proved: 3 traps, 100 cells", "without a claim: 25 cells"]),
        (
            checked(MANY[:5]), [3], [95, 5, 25],
            ["proved: 3 traps, 95 cells", "rejected: 5 cells", "without a claim: 25 cells"],
        ),
        (
            checked(MANY), [3], [20, 80, 25],
            ["proved: 3 traps", "rejected: 20 cells at least", "not settled: 80 cells", "without a claim: 25 cells"],
        ),
        (
            checked(["trap 1: its margin"], traps=2), [2, 1], [100, 25],
            ["proved: 2 traps", "rejected: 1 trap", "not settled: 100 cells", "without a claim: 25 cells"],
        ),
        (
            checked(["cell 3 does not lie inside the region"], traps=0), [], [100, 25],
            ["not settled: 100 cells", "without a claim: 25 cells"],
        ),
        (
            checked([MANY[0], "the check was interrupted"], traps=0, undecided=0, status=Status.INTERRUPTED), [], [100],
            ["not settled: 100 cells"],
        ),
        (
            checked(sample=40), [3], [100, 25],
            ["proved: 3 traps", "not settled: 100 cells", "without a claim: 25 cells"],
        ),
        (
            checked(["trap 1: its margin"], traps=2, sample=40), [2, 1], [100, 25],
            ["proved: 2 traps", "rejected: 1 trap", "not settled: 100 cells", "without a claim: 25 cells"],
        ),
        (
            checked(MANY[:2], sample=40), [3], [2, 98, 25],
            ["proved: 3 traps", "rejected: 2 cells at least", "not settled: 98 cells", "without a claim: 25 cells"],
        ),
    ],
)  # fmt: skip
def test_bars_hold_what_is_known_of_traps_and_cells(found, traps, cells, entries):
    figure = found.plot()
    (axes,) = figure.axes
    rows = {0: [], 1: []}
    for bar in axes.patches:
        rows[round(bar.get_y() + bar.get_height() / 2)].append((bar.get_x(), bar.get_width()))
    for row, counts in ((0, traps), (1, cells)):
        expected = np.array(counts) / max(sum(counts), 1)
        np.testing.assert_allclose([width for _, width in rows[row]], expected)
        np.testing.assert_allclose([left for left, _ in rows[row]], np.cumsum(expected) - expected)
    numbers = {text.get_text() for text in axes.texts}
    assert {str(count) for count in cells if count >= 10} <= numbers
    assert ("none is known to be proved" in numbers) == (not traps)
    assert legend(figure) == entries
    assert inside(figure)
    assert apart(figure)


@pytest.mark.long
def test_reasons_are_listed_and_cut():
    def said(found):
        figure = verification_figure(found)
        figures.to_png_bytes(figure)
        (text,) = figure.texts
        assert inside(figure)
        assert not text.get_window_extent().overlaps(figure.legends[0].get_window_extent())
        return text.get_text().splitlines() if text.get_text() else []

    assert said(checked()) == []
    assert said(checked(MANY[:6])) == MANY[:6]
    assert said(checked(MANY[:9])) == [*MANY[:6], "… and 3 more"]
    assert said(checked(MANY))[-1] == f"… and {MOST_REASONS - 6} more at least"
    long = said(checked(["trap 0: " + "its $margin " * 60], traps=2))
    assert len(long) == 2
    assert long[1].endswith("…")
    stopped = checked([MANY[0], "the check was interrupted"], traps=0, status=Status.INTERRUPTED)
    assert said(stopped) == [MANY[0]]
    assert verification_figure(stopped).axes[0].get_title() == "the check was interrupted"
    assert verification_figure(checked()).axes[0].get_title() == "certificate accepted, with balls of 96 bits"
    sampled = verification_figure(checked(sample=40)).axes[0].get_title().splitlines()
    assert sampled[0] == "certificate not rejected, with balls of 96 bits"
    assert sampled[1] == "a sample of 40 of 100 cells, at least 92.78% hold (95 % confidence)"
    sampled = verification_figure(checked(MANY[:2], sample=40)).axes[0].get_title().splitlines()
    assert sampled == ["certificate rejected, with balls of 96 bits", "a sample of 40 of 100 cells"]
    assert verification_figure(checked(), title="mine").axes[0].get_title() == "mine"
    with pytest.raises(InputError, match="expected a Verification"):
        verification_figure("accepted")


def test_what_the_checker_says_is_told_apart(tmp_path):
    pytest.importorskip("flint")
    path = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 8).save(tmp_path / "proof.json")
    data = json.loads(path.read_text())
    claimed = [k for k, trap in enumerate(data["trap"]) if trap >= 0]

    def drawn(**changes):
        changed = data | changes
        path.write_text(json.dumps(changed | {"checksum": checksum(changed)}))
        return legend(verify_certificate(path, processes=1).plot())

    traps = f"{len(data['traps'])} traps"
    assert drawn()[0] == f"proved: {traps}, {len(claimed)} cells"
    wrong = list(data["trap"])
    wrong[claimed[2]] = 1 - wrong[claimed[2]]
    assert drawn(trap=wrong)[:2] == [f"proved: {traps}, {len(claimed) - 1} cells", "rejected: 1 cell"]
    strong = [dict(data["traps"][0], margin=5.0), *data["traps"][1:]]
    assert drawn(traps=strong)[:3] == ["proved: 1 trap", "rejected: 1 trap", f"not settled: {len(claimed)} cells"]
    twice = (
        [*data["low"][:1], *data["low"][:1], *data["low"][2:]],
        [*data["high"][:1], *data["high"][:1], *data["high"][2:]],
    )
    assert drawn(low=twice[0], high=twice[1])[0] == f"not settled: {len(claimed)} cells"
