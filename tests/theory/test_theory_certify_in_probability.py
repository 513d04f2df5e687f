"""Certificates in probability: against simulated runs, the exact certificate, and bad input."""

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status
from nashscape.learning import (
    episodes,
    exact,
    meta_mapg,
    pg,
    sampled,
    schedules,
    sos,
    unbounded,
)
from nashscape.proofs.certification.certifying import certify
from nashscape.proofs.certification.probable_cells import Lattice
from nashscape.proofs.certification.probable_certifying import certify_in_probability
from nashscape.proofs.certification.probable_tubes import NoisyMap
from nashscape.selection.maps.probable_coverages import simulated_bound

STAG = games.stag_hunt()


@pytest.fixture(scope="module")
def proved():
    return {batch: certify_in_probability(STAG, pg(), ["CC", "DD"], estimator=sampled(batch), resolution=1 / 16)
            for batch in (384, 1024)}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("target", ["CC", "DD"])
def test_simulated_runs_do_not_contradict_what_is_certified(proved, target):
    found = proved[384]
    assert found.verdict == "certified"
    ran = simulated_bound(found, target, n=400, seed=3)
    assert ran.promised == 0.95
    assert not ran.contradicts
    assert ran.lower > 0.95


@pytest.mark.long
def test_more_plays_and_less_confidence_certify_more_and_never_against_the_exact_certificate(proved):
    few, many = proved.values()
    exactly = certify(STAG, pg(), ["CC", "DD"], resolution=1 / 64)
    limit = certify_in_probability(STAG, pg(), ["CC", "DD"], estimator=2**50, resolution=1 / 16)
    same = certify(STAG, pg(), ["CC", "DD"], resolution=1 / 16)
    for name in ("CC", "DD"):
        assert 0 < few.fraction(name) < many.fraction(name) < limit.fraction(name)
        assert same.fraction(name) - 0.02 < limit.fraction(name) <= exactly.fraction(name)
    for found in (few, many, limit):
        middle = ((found.low + found.high) / 2)[found.label >= 0]
        assert (exactly.labels_at(middle) == found.label[found.label >= 0]).all()
        assert found.shares.sum() == pytest.approx(1)
        assert (found.steps[found.trap >= 0] <= found.horizon).all()
    strict = certify_in_probability(
        STAG, pg(), ["CC", "DD"], estimator=sampled(384), confidence=0.9999, resolution=1 / 16
    )
    assert strict.undecided > few.undecided
    assert certify_in_probability(STAG, pg(), estimator=384, resolution=1 / 16).undecided == few.undecided


@pytest.mark.long
def test_what_proves_nothing_says_so_with_the_batch_that_would(proved):
    found = certify_in_probability(STAG, pg(), estimator=sampled(2), resolution=1 / 16)
    assert found.verdict == "vacuous"
    assert "vacuous" in repr(found)
    assert str(found.enough_batch) in found.statement
    assert found.undecided == pytest.approx(1)
    assert certify_in_probability(STAG, pg(), estimator=found.enough_batch, resolution=1 / 16).verdict == "certified"
    less = certify_in_probability(STAG, pg(), estimator=found.enough_batch // 2, resolution=1 / 16)
    assert (less.verdict, less.enough_batch) == ("vacuous", found.enough_batch)
    [few, _] = proved.values()
    assert few.enough_batch is None
    assert "0.95" in few.statement


@pytest.mark.long
def test_the_published_protocol_of_meta_mapg():
    found = certify_in_probability(STAG, meta_mapg(), "CC", estimator=sampled(48), resolution=1 / 8)
    assert found.verdict == "vacuous"
    assert 48 < found.enough_batch <= 1024
    more = certify_in_probability(STAG, meta_mapg(), "CC", estimator=8192, resolution=1 / 8)
    assert more.fraction("CC") > 0.03


@pytest.mark.long
@pytest.mark.parametrize("rule", [pg(), meta_mapg()], ids=lambda rule: rule.name)
def test_many_simulated_runs_of_several_batches_do_not_contradict_what_is_certified(rule):
    for batch in (384, 1024, 4096):
        found = certify_in_probability(STAG, rule, ["CC", "DD"], estimator=sampled(batch))
        for target in ("CC", "DD"):
            if found.fraction(target) > 0:
                ran = simulated_bound(found, target, n=4000, seed=batch)
                assert not ran.contradicts
                assert ran.lower > 0.95


@pytest.mark.long
def test_time_and_interruption_leave_a_valid_part(monkeypatch):
    found = certify_in_probability(STAG, pg(), estimator=384, resolution=1 / 16, seconds=0.0)
    assert found.status is Status.INTERRUPTED
    assert found.undecided == pytest.approx(1)
    assert found.enough_batch is None

    seen = []
    whole = certify_in_probability(STAG, pg(), estimator=384, resolution=1 / 16, progress=lambda *own: seen.append(own))
    assert seen[-1] == (len(whole.low), len(whole.low))
    assert all(done <= total for done, total in seen)

    run, calls = NoisyMap.run, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(NoisyMap, "run", interrupted)
    part = certify_in_probability(STAG, pg(), estimator=384, resolution=1 / 16)
    assert part.status is Status.INTERRUPTED
    assert part.verdict == "certified"
    assert part.shares.sum() == pytest.approx(1)
    assert part.undecided > whole.undecided


def test_cells_of_all_levels_share_their_ends_and_fill_the_region():
    lattice = Lattice(np.array([0.05, 0.3, 0.1]), np.array([0.95, 0.3, 0.7]), lambda low, high: (low, high))
    cells = lattice.all_cells(3)
    assert len(cells) == 64
    low, high = lattice.ends(cells, 3)
    finer = lattice.ends(lattice.children(cells), 4)
    assert np.isin(low, finer[0]).all()
    assert np.isin(high, finer[1]).all()
    for ends in ((low, high), finer):
        sides = (ends[1] - ends[0])[:, [0, 2]]
        assert sides.prod(axis=1).sum() == pytest.approx(0.9 * 0.6)
        assert (ends[0][:, 1] == ends[1][:, 1]).all()


def markov():
    return games.repeated(games.prisoners_dilemma(), discount=0.9, memory=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": exact()}, "use certify"),
        ({"estimator": episodes(16)}, "one-shot"),
        ({"estimator": None}, "whole number"),
        ({"estimator": sampled(384, baseline="leave-one-out")}, "leave baseline out"),
        ({"estimator": 0}, "at least 1"),
        ({"estimator": 2**51}, "at most 2"),
        ({"confidence": 1.0}, "confidence must be"),
        ({"confidence": 0.0}, "confidence must be"),
        ({"horizon": 0}, "horizon must be at least 1"),
        ({"horizon": None}, "horizon must be a whole number"),
        ({"horizon": 10**6}, "at most 10000"),
        ({"resolution": 0.0}, "resolution must be"),
        ({"rule": sos()}, "sums of terms"),
        ({"rule": meta_mapg(peer=lambda step: 1.0)}, "not known"),
        ({"target": "CD"}, "does not attract"),
        ({"step_size": schedules.power(1.0, exponent=1.5)}, "finite length"),
        ({"region": (0.9, 0.1)}, "low end"),
        ({"game": markov()}, "played over states"),
        ({"game": games.dense(np.zeros((4, 2, 2, 2, 2)))}, "up to 3 players"),
        ({"game": games.dense(np.zeros((2, 3, 3)))}, "two actions"),
        ({"projection": unbounded()}, "finite box"),
        ({"optimiser": None}, "certify_in_probability takes no optimiser: proofs are of plain updates"),
        ({"seed": 1}, r"unknown option of certify_in_probability 'seed'.*horizon"),
    ],
)
def test_bad_input_is_refused_with_advice(options, message):
    asked = {"game": STAG, "rule": pg(), "target": None, "region": None, "estimator": sampled(384)} | options
    with pytest.raises(InputError, match=message):
        certify_in_probability(asked.pop("game"), asked.pop("rule"), asked.pop("target"), asked.pop("region"), **asked)
