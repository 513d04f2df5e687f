"""Restarts under policies: the same as run after run by hand, going on where it stopped, and no law claimed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

import nashscape as ns
from nashscape.core import InputError, Status, bounded_mean, record
from nashscape.dynamics import make_setup, run_starts, starts
from nashscape.selection import Restarts, anew, from_checkpoint, perturbed

GAME = ns.games.dense(
    [[[4.0, 0.0, 1.0], [3.0, 2.5, 0.5]], [[3.0, 2.0, 0.0], [0.5, 2.0, 1.0]]], actions=[["A", "B"], ["A", "B", "C"]]
)
ROOM = 4096  # starts of a run: run r has the indices from 4096 r on
HOW = {"runs": 60, "budget": 4, "steps": 30, "target": "AA", "seed": 5, "estimator": ns.sampled(3)}
STEP = 2
SETUP = make_setup(GAME, ns.pg(), estimator=HOW["estimator"])


@pytest.fixture(scope="module")
def found():
    policies = {"anew": anew(), "perturbed": perturbed(3.5), "checkpoint": from_checkpoint(STEP)}
    return {name: ns.restarts(GAME, ns.pg(), policy=one, at_step=True, **HOW) for name, one in policies.items()}


def run(source, keys, *, steps=HOW["steps"], begin=0, drawn=False):
    numbers = keys if drawn else np.arange(len(keys))
    how = {"steps": steps, "begin": begin, "seed": HOW["seed"], "keys": keys, "chunk": 128}
    endings, _ = run_starts(SETUP, source, numbers, **how)
    row, column = (own.astype(np.float64) for own in endings.strategies)
    return endings.theta.astype(np.float64), (row[:, 0] >= 0.82) & (column[:, 0] >= 0.82)


def by_hand(onward):
    """Every run start after start; `onward(places, keys)` gives parameters to go on from, and the first step."""
    keys = np.arange(HOW["runs"]) * ROOM
    theta, reached = run(starts.uniform(-3, 3), keys, drawn=True)
    first, places = np.where(reached, 0, -1), theta
    for k in range(1, HOW["budget"]):
        left = np.flatnonzero(first < 0)
        parameters, begin = onward(places[left], keys[left] + k)
        theta, reached = run(starts.parameters(parameters), keys[left] + k, begin=begin)
        first[left[reached]] = k
        places[left] = theta
    return first


@pytest.mark.long
def test_perturbed_runs_go_on_beside_where_they_ended(found):
    def onward(places, keys):
        noise = norm.ppf(starts.uniforms(keys, 4, HOW["seed"]))
        return np.clip(places + 3.5 * noise, -8.0, 8.0), 0

    first = by_hand(onward)
    np.testing.assert_array_equal(found["perturbed"].first_success, first)
    np.testing.assert_array_equal(found["perturbed"].tried, np.where(first >= 0, first + 1, 4))
    assert len(np.unique(first)) > 2


@pytest.mark.long
def test_runs_go_back_to_their_checkpoints(found):
    keys = np.arange(HOW["runs"]) * ROOM
    places = run(starts.uniform(-3, 3), keys, steps=STEP, drawn=True)[0]

    def onward(_, keys):
        return places[keys // ROOM], STEP

    first = by_hand(onward)
    np.testing.assert_array_equal(found["checkpoint"].first_success, first)
    np.testing.assert_array_equal(found["checkpoint"].places, places)
    assert (first > 0).any()


@pytest.mark.long
def test_the_first_starts_are_those_of_starting_anew(found):
    for name in ("perturbed", "checkpoint"):
        np.testing.assert_array_equal(found[name].first_success == 0, found["anew"].first_success == 0)
        assert (found[name].first_success != found["anew"].first_success).any()


def test_starting_anew_is_the_question_of_before(found):
    usual = ns.restarts(GAME, ns.pg(), at_step=True, **HOW)
    assert usual.question.key == found["anew"].question.key is not None
    np.testing.assert_array_equal(usual.first_success, found["anew"].first_success)
    assert (usual.policy, usual.alike, usual.places) == ("anew", True, None)
    assert "policy" not in usual.question.parts
    assert len({one.question.key for one in found.values()}) == 3
    assert found["anew"].question.differs(found["perturbed"].question) == ("policy",)


def test_no_law_of_waiting_times_is_claimed(found):
    one = found["perturbed"]
    for law in (one.per_start, one.restarts_to_success, one.geometric_bound, lambda: one.geometric_bound(0.3)):
        with pytest.raises(InputError, match=r"alike and independent; under perturbed\(std=3.5\)"):
            law()
    assert "perturbed(std=3.5)" in repr(one)
    assert one.success().successes == (one.first_success >= 0).sum()
    assert [e.value for e in one.survival()][-1] == one.censored / 60
    assert sum(e.successes for e in one.hazards()) == one.success().successes
    counted = np.where(one.first_success < 0, 3, one.first_success)
    assert one.restarts_within_budget() == bounded_mean(counted, 0, 3)
    first = np.array([0, -1], np.int32)
    tried, how = np.array([1, 2], np.int32), {"policy": "perturbed(std=1)", "alike": False}
    part = Restarts("g", "r", "t", first, tried, 4, 0.95, Status.INTERRUPTED, record("restarts", {}), **how)
    with pytest.raises(InputError, match="resume them"):
        part.restarts_within_budget()
    alone = replace(part, budget=1, tried=np.array([1, 1], np.int32))
    assert (alone.restarts_within_budget().low, alone.restarts_within_budget().high) == (0.0, 0.0)


@pytest.mark.parametrize("name", ["perturbed", "checkpoint"])
def test_an_interrupted_result_goes_on_to_the_same_end(found, name):
    policy = {"perturbed": perturbed(3.5), "checkpoint": from_checkpoint(STEP)}[name]
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    how = {"policy": policy, "at_step": True, **HOW}
    part = ns.restarts(GAME, ns.pg(), progress=stop, **how)
    assert part.status is Status.INTERRUPTED
    assert part.tried.max() == 2
    on = ns.restarts(GAME, ns.pg(), resume=part, **how)
    assert on.status is Status.COMPLETE
    for field in ("first_success", "tried", "places"):
        np.testing.assert_array_equal(getattr(on, field), getattr(found[name], field))
    longer = ns.restarts(GAME, ns.pg(), resume=found[name], **{**how, "budget": 5})
    done = found[name].first_success >= 0
    np.testing.assert_array_equal(longer.first_success[done], found[name].first_success[done])
    assert set(longer.first_success[~done]) <= {-1, 4}


@pytest.mark.parametrize("policy", [perturbed(0.5), anew()])
def test_another_policy_is_another_question(found, policy):
    with pytest.raises(InputError, match="differs in policy"):
        ns.restarts(GAME, ns.pg(), policy=policy, at_step=True, resume=found["perturbed"], **HOW)


def test_exact_runs_are_perturbed_too():
    hunt = ns.games.stag_hunt()
    how = {"runs": 40, "steps": 60, "starts": starts.uniform(-2.0, -1.0), "threshold": 0.9}
    far, near = (ns.restarts(hunt, ns.pg(), budget=3, policy=perturbed(std), **how) for std in (6.0, 1e-6))
    assert near.censored == 40
    assert far.success().successes > 5


@pytest.mark.long
@pytest.mark.parametrize("policy", [perturbed(1.0), from_checkpoint(4)])
def test_runs_that_diverge_have_nowhere_to_go(policy):
    lost = ns.restarts(
        ns.games.stag_hunt(), ns.pg(), runs=5, budget=3, steps=8, policy=policy, at_step=True, seed=1,
        starts=starts.normal(mean=-1e30), step_size=1e38, projection=ns.unbounded(), estimator=ns.sampled(8),
    )  # fmt: skip
    assert lost.status is Status.COMPLETE
    assert np.isnan(lost.places).any()
    assert (lost.tried[np.isnan(lost.places).any(axis=1)] == 3).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: perturbed(0.0), "std"),
        (lambda: from_checkpoint(-1), "step"),
        (lambda: ns.restarts(GAME, ns.pg(), policy="perturbed", **HOW), "expected a policy"),
        (lambda: ns.restarts(GAME, ns.pg(), policy=from_checkpoint(30), **HOW), "none is left"),
        (lambda: ns.restarts(GAME, ns.pg(), policy=from_checkpoint(3)), "go the same way again"),
    ],
)
def test_policies_without_sense_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_a_picture_claims_no_law(found):
    tails, hazards = ns.figures.draw({"one": found["perturbed"]}).axes
    assert [text.get_text() for text in tails.figure.legends[0].get_texts()][:1] == ["one, perturbed(std=3.5)"]
    assert len(tails.get_lines()) == 1
    both = ns.figures.draw({"anew": found["anew"], "back": found["checkpoint"]}).axes[0]
    labels = [text.get_text() for text in both.figure.legends[0].get_texts()]
    assert labels[:3] == ["anew", "back, from_checkpoint(step=2)", "(1 − p)ᵏ, starts all alike"]
    assert len(hazards.get_lines()) == 2 * len(found["perturbed"].hazards())
