"""Explanations: pushes against finite differences, margins and changes against runs and closed forms."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError
from nashscape.dynamics.case import case_of
from nashscape.learning import Dial, dial_of
from nashscape.selection.explaining.answering import explain
from nashscape.selection.explaining.outcome_changes import Asked
from nashscape.theory import symmetric_thresholds

HUNT = ns.games.stag_hunt()


def likelihood(theta):
    """Σ log σ_i of the first actions of players with two actions."""
    return -np.log1p(np.exp(-np.asarray(theta))).sum()


@pytest.fixture(scope="module")
def missed():
    return explain(HUNT, ns.meta_mapg(), [0.45, 0.55], "CC")


@pytest.fixture(scope="module")
def hit():
    return explain(HUNT, ns.meta_mapg(), [0.4, 0.8], "CC")


@pytest.mark.long
def test_pushes_add_up_to_the_way_that_was_made(missed):
    run = ns.simulate(HUNT, ns.meta_mapg(), [0.45, 0.55], targets=["CC", "DD"], steps=400)
    assert missed.outcome == run.outcome == "DD"
    for name in ("base", "own", "peer", "total"):
        assert missed.pushes[name].shape == (missed.decided,)
    parts = sum(missed.pushes[name] for name in ("base", "own", "peer"))
    np.testing.assert_allclose(parts, missed.pushes["total"], atol=1e-12)
    for k in (0, 3, missed.decided - 1):
        step, h = np.asarray(run.theta[k + 1] - run.theta[k]), 1e-6
        length = np.linalg.norm([(likelihood(run.theta[k] + h * e) - likelihood(run.theta[k] - h * e)) / (2 * h)
                                 for e in np.eye(2)])  # fmt: skip
        rise = (likelihood(run.theta[k] + h * step) - likelihood(run.theta[k] - h * step)) / (2 * h)
        assert missed.pushes["total"][k] == pytest.approx(rise / length, abs=1e-7)
    assert missed.totals["peer"] == pytest.approx(missed.pushes["peer"].sum())


@pytest.mark.long
def test_it_is_decided_when_the_run_first_was_where_it_ended(missed, hit):
    run = ns.simulate(HUNT, ns.meta_mapg(), [0.4, 0.8], targets=["CC"], steps=400)
    assert hit.reached
    assert hit.decided == hit.first_hit == run.first_hit
    lost = ns.simulate(HUNT, ns.meta_mapg(), [0.45, 0.55], targets=["DD"], steps=400)
    assert missed.decided == lost.first_hit
    assert missed.first_hit is None


@pytest.mark.long
@pytest.mark.parametrize("name", ["missed", "hit"])
def test_starts_on_both_sides_of_the_margin_end_differently(name, request):
    found = request.getfixturevalue(name)
    first, last = ([own[0] for own in side] for side in (found.start, found.towards))
    most = max(abs(b - a) for a, b in zip(first, last, strict=True))
    ends = []
    for width in (found.margin.value - 1e-4, found.margin.value + 1e-4):
        start = [a + width / most * (b - a) for a, b in zip(first, last, strict=True)]
        ends.append(ns.simulate(HUNT, ns.meta_mapg(), start, targets=["CC", "DD"], steps=400).outcome == "CC")
    assert ends == [found.reached, not found.reached]


@pytest.mark.long
@pytest.mark.parametrize("name", ["missed", "hit"])
def test_changing_a_number_as_said_changes_the_outcome(name, request):
    found = request.getfixturevalue(name)
    start = [own[0] for own in found.start]
    assert [one.parameter for one in found.changes] == ["peer", "own", "coupling"]
    peer, own, _ = found.changes
    assert (peer.present, own.present, own.needed) == (1.5, 0.35, None)
    ends = []
    for value in (peer.switch.low, peer.switch.high):
        run = ns.simulate(HUNT, ns.meta_mapg(peer=value), start, targets=["CC", "DD"], steps=400)
        ends.append(run.outcome == "CC")
    assert ends == [False, True]
    assert peer.needed == (peer.switch.low if found.reached else peer.switch.high)


@pytest.mark.long
def test_on_the_diagonal_what_would_change_it_has_closed_forms():
    p = 0.6
    found = explain(HUNT, ns.pg(), [p, p], "CC", steps=2000)
    closed, s = symmetric_thresholds(HUNT), p * (1 - p)
    peer, coupling = found.changes
    exact = -closed.own_gain(p) / (0.55 * closed.c * s**2 * closed.others_gain(p))
    assert (peer.parameter, peer.present, peer.gains) == ("peer", 0.0, True)
    assert peer.switch.middle == pytest.approx(exact, abs=1e-4)
    assert coupling.switch.middle == pytest.approx(closed.at(p), abs=1e-4)
    assert found.margin.value == pytest.approx(2 / 3 - p, abs=1e-4)
    assert found.decisive == "base"
    assert f"Peer {peer.needed:.4g} in place of 0 would make it reach CC." in found.text


@pytest.mark.long
def test_three_actions_three_players_and_a_stated_direction():
    game = ns.games.dense(np.random.default_rng(4).normal(size=(3, 2, 3, 2)))
    start = [[0.5, 0.5], [0.3, 0.3, 0.4], [0.6, 0.4]]
    end = [[0.1, 0.9], [0.2, 0.7, 0.1], [0.5, 0.5]]
    profile = ["ABA"]
    found = explain(game, ns.lola(), start, profile, towards=end, changes=[], steps=100)
    assert [own.shape for own in found.start] == [(2,), (3,), (2,)]
    np.testing.assert_allclose(found.towards[1], end[1])
    assert set(found.pushes) == {"base", "peer", "lookahead", "total"}
    assert "[0.2, 0.7, 0.1]" in found.text


@pytest.mark.long
def test_of_a_target_that_is_reached_the_line_leads_to_its_opposite():
    # above the coupling at which places of rest on the edges of the box disappear
    learners = ns.open_source(ns.games.donation(), 0.95)
    found = explain(learners, ns.pg(), [0.6, 0.5], ["CC"], changes=[], steps=200)
    assert found.reached
    assert all(own[0] < 0.01 for own in found.towards)


@pytest.mark.long
def test_what_was_not_seen_is_said_with_what_was_looked_at():
    found = explain(HUNT, ns.pg(), [0.9, 0.9], "CC", towards=[0.95, 0.95], changes="peer", steps=60, highest=2.0)
    assert found.margin is None
    [peer] = found.changes
    assert (found.scanned, peer.tried, peer.needed) == (129, 33, None)
    said = found.text.splitlines()
    assert said[-2] == (
        "None of the 129 equally spaced starts that were tried on the straight line to (0.95, 0.95) ends otherwise; a "
        "stretch between two of them may."
    )
    assert said[-1] == "None of 33 values of peer tried from 0 to 2 in place of 0 would make it miss CC."


def test_sizes_are_those_of_the_run(hit):
    run = ns.simulate(HUNT, ns.meta_mapg(), [0.4, 0.8], targets=["CC"], steps=400)
    sizes = 0.9 / (np.arange(hit.decided) + 10) ** 0.24
    for name in ("base", "own", "peer"):
        np.testing.assert_allclose(hit.sizes[name], sizes * run.terms[name][: hit.decided])
        assert (np.abs(hit.pushes[name]) <= hit.sizes[name] + 1e-12).all()
    assert math.isclose(hit.totals["total"], hit.pushes["total"].sum())
    assert hit.to_dict()["decided"] == hit.decided


@pytest.mark.long
def test_one_name_is_enough():
    found = explain(HUNT, ns.pg(), [0.6, 0.6], "CC", changes="peer", steps=100)
    assert [one.parameter for one in found.changes] == ["peer"]
    assert not found.on_the_border


@pytest.mark.long
def test_any_dial_within_its_range_is_a_number_to_change():
    """A harvest of its own: what both defecting pays, by a dial of one's own, by function of it the same switch."""
    start, steps = [0.55, 0.7], 60
    punished = Dial("P", lambda case, v: case.but(game=ns.parametric(ns.games.stag_hunt(P=v))), low=0.5, high=2.9)
    scale = replace(dial_of("step_size.scale"), low=0.1, high=2.0)
    found = explain(HUNT, ns.pg(), start, "CC", changes=[punished, scale, "coupling"], steps=steps)
    assert not found.reached
    assert [(one.parameter, one.searched, one.present) for one in found.changes] == [
        ("P", (0.5, 2.9), None), ("step_size.scale", (0.1, 2.0), 0.9), ("coupling", (0.0, 0.95), 0.0),
    ]  # fmt: skip
    for value, reached in ((found.changes[0].switch.low, True), (found.changes[0].switch.high, False)):
        run = ns.simulate(ns.games.stag_hunt(P=value), ns.pg(), start, targets=["CC", "DD"], steps=steps)
        assert (run.outcome == "CC") == reached
    other = explain(HUNT, ns.pg(), start, "CC", changes=replace(punished, name="Q"), steps=steps)
    assert other.changes[0].switch == found.changes[0].switch
    assert found.question.key != other.question.key


def test_a_coefficient_is_looked_for_within_the_range_that_it_is_given():
    case = case_of(HUNT, ns.meta_mapg(peer=2))
    asked = Asked(case.game, case.rule, (), None, 0.82, reached=False, highest=10.0, options={})
    peer = dial_of("peer")
    assert asked._range(peer, 2.0) == (0.0, 10.0)
    assert asked._range(replace(peer, low=1.0, high=3.0), 2.0) == (1.0, 3.0)
    assert asked._range(replace(peer, low=3.0, high=4.0), 2.0) == (2.0, 4.0), "what it is at present is within"


@pytest.mark.long
def test_players_who_read_each_other_are_asked_about_what_they_read_now():
    game = ns.games.donation(benefit=3, cost=1)
    found = explain(ns.open_source(game, 0.3), ns.pg(), [0.4, 0.6], "CC", changes="coupling")
    [change] = found.changes
    assert change.present == pytest.approx(0.3)
    assert change.needed is not None
    run = ns.simulate(ns.open_source(game, change.needed), ns.pg(), [0.4, 0.6], targets=["CC"], steps=400)
    assert run.outcome == "CC"


@pytest.mark.long
@pytest.mark.parametrize("start", [[2 / 3, 2 / 3], [2 / 3 + 1e-7, 2 / 3]])
def test_a_start_on_the_separatrix_is_not_explained_by_noise(start):
    found = explain(HUNT, ns.pg(), start, "CC", changes="peer")
    assert found.on_the_border
    assert found.margin.value < 1e-6
    assert f"within {found.margin.value:.2g} of the separatrix" in repr(found)
    assert "on the separatrix" in found.text
    assert "Peer" not in found.text
    assert "most of the way" not in found.text


def test_bad_numbers_and_options_are_refused_before_anything_is_run(monkeypatch):
    def run(*_, **__):
        raise AssertionError("nothing may run")

    monkeypatch.setattr("nashscape.selection.explaining.answering.simulate", run)
    for options in (
        {"changes": ["pear"]}, {"changes": "warm_up"}, {"changes": lambda v: ns.games.stag_hunt(P=v)},
        {"estimator": ns.sampled(10)}, {"chunk": 3},
        {"rule": ns.sos(), "changes": "peer"},
    ):  # fmt: skip
        with pytest.raises(InputError) as caught:
            explain(**{"game": HUNT, "rule": ns.pg(), "start": [0.4, 0.6], **options})
        if options.get("changes") == ["pear"]:
            assert "did you mean 'peer'" in str(caught.value)


BAD = {
    "options": ({"step": 3}, "unknown option of explain 'step'; did you mean 'steps'"),
    "starts": ({"start": ns.starts.normal()}, "of one start"),
    "boundary": ({"start": [1.0, 0.5]}, "interior"),
    "target": ({"target": "XY"}, "not a profile"),
    "sampled": ({"estimator": ns.sampled(8)}, "noise-free"),
    "change": ({"changes": ["pear"]}, "did you mean 'peer'"),
    "rule": ({"rule": "pg"}, "rule"),
}


@pytest.mark.parametrize(("options", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused(options, part):
    with pytest.raises(InputError, match=part):
        explain(**{"game": HUNT, "rule": ns.pg(), "start": [0.4, 0.6], "target": "CC", "steps": 40, **options})


def test_a_change_of_what_falls_during_the_run_is_said_to_be_held_constant():
    rule = ns.meta_mapg(own=0.0, peer=ns.schedules.power(3.0, offset=1, exponent=0.6))
    found = explain(HUNT, rule, [0.55, 0.5], changes="peer", steps=140)
    (line,) = [own for own in found.text.splitlines() if "would make it" in own]
    value = float(re.fullmatch(r"Peer ([\d.]+), held constant, would make it reach CC\.", line)[1])

    def ends(peer):
        return ns.simulate(HUNT, ns.meta_mapg(own=0.0, peer=peer), [0.55, 0.5], steps=140).outcome

    assert (ends(value), ends(0.95 * value)) == ("CC", "DD")
    assert ends(ns.schedules.power(value, offset=1, exponent=0.6)) == "DD"
