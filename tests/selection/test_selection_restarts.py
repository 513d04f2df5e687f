"""Restarts: the same runs as one by one, waiting times against closed forms, going on where it stopped."""

from dataclasses import replace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Status, record, target_code, wilson
from nashscape.dynamics import Target, make_setup, run_starts, starts
from nashscape.selection import Restarts

HUNT = ns.games.stag_hunt()
IPD = ns.games.iterated_prisoners_dilemma()
ROOM = 4096  # starts of a run: run r has the indices from 4096 r on


def made(first, tried=None, *, budget=5, status=Status.COMPLETE, level=0.95):
    """A result written by hand."""
    first = np.asarray(first, np.int32)
    tried = np.where(first >= 0, first + 1, budget) if tried is None else tried
    return Restarts("game", "rule", "CC", first, np.asarray(tried, np.int32), budget, level, status, record("test", {}))


class TestStatistics:
    """Numbers of a result that was written by hand, against formulas worked out here."""

    first = (0, 2, -1, 0, 4, 1, -1, 0)
    found = made(first)
    starts_made = 1 + 3 + 5 + 1 + 5 + 2 + 5 + 1

    def test_shares(self):
        assert self.found.censored == 2
        success = self.found.success()
        assert (success.successes, success.trials, success.value) == (6, 8, 0.75)
        # Wilson: the shares at which 6 of 8 is 1.96 standard deviations away
        z = 1.959963984540054
        for end in (success.low, success.high):
            assert abs(0.75 - end) == pytest.approx(z * np.sqrt(end * (1 - end) / 8), abs=1e-12)

    def test_the_chance_of_a_start_has_the_greatest_likelihood(self):
        p = self.found.per_start()
        assert (p.successes, p.trials) == (6, self.starts_made)
        grid = np.linspace(0.001, 0.999, 99_801)
        likelihood = np.zeros_like(grid)
        for k in self.first:
            likelihood += 5 * np.log(1 - grid) if k < 0 else k * np.log(1 - grid) + np.log(grid)
        assert p.value == pytest.approx(grid[likelihood.argmax()], abs=1e-5)

    def test_published_mean_counts_failures_as_the_last_restart(self):
        mean = self.found.restarts_within_budget()
        assert mean.value == pytest.approx((0 + 2 + 4 + 0 + 4 + 1 + 4 + 0) / 8)
        assert "failures count as budget − 1" in mean.method
        assert mean.low < mean.value < mean.high

    def test_mean_to_success_is_that_of_the_geometric_distribution(self):
        p, mean = self.found.per_start(), self.found.restarts_to_success()
        by_sum = sum(k * (1 - p.value) ** k * p.value for k in range(2000))
        assert mean.value == pytest.approx(by_sum)
        assert mean.low == pytest.approx((1 - p.high) / p.high)
        assert mean.high == pytest.approx((1 - p.low) / p.low)
        assert mean.value > self.found.restarts_within_budget().value

    def test_survival(self):
        # without success after 1, 2, … starts
        shares = [5 / 8, 4 / 8, 3 / 8, 3 / 8, 2 / 8]
        assert [estimate.value for estimate in self.found.survival()] == shares
        assert {estimate.trials for estimate in self.found.survival()} == {8}

    def test_hazards(self):
        found = self.found.hazards()
        assert [(e.successes, e.trials) for e in found] == [(3, 8), (1, 5), (1, 4), (0, 3), (1, 3)]
        survival = np.cumprod([1 - e.value for e in found])
        np.testing.assert_allclose(survival, [e.value for e in self.found.survival()])

    def test_bounds_on_the_tail(self):
        np.testing.assert_allclose(self.found.geometric_bound(0.3), 0.7 ** np.arange(1, 6))
        low = self.found.per_start().low
        np.testing.assert_allclose(self.found.geometric_bound(), (1 - low) ** np.arange(1, 6))
        assert all(e.low <= b for e, b in zip(self.found.survival(), self.found.geometric_bound(), strict=True))
        with pytest.raises(InputError, match="at_least"):
            self.found.geometric_bound(1.5)

    def test_level(self):
        assert replace(self.found, level=0.5).success().level == 0.5
        assert replace(self.found, level=0.5).per_start().low > self.found.per_start().low

    def test_repr(self):
        assert (
            repr(self.found) == "<Restarts rule on game to CC: 6 of 8 runs within 5 starts, 0.2609 a start; complete>"
        )


def test_all_succeed():
    found = made([0] * 20)
    assert found.success().value == found.per_start().value == 1.0
    assert found.restarts_within_budget().value == found.restarts_to_success().value == 0.0
    assert [e.value for e in found.survival()] == [0.0] * 5
    assert [(e.value, e.trials) for e in found.hazards()] == [(1.0, 20)]


def test_all_fail():
    found = made([-1] * 20)
    assert found.success().value == found.per_start().value == 0.0
    assert found.restarts_within_budget().value == 4.0
    assert found.restarts_to_success().value == found.restarts_to_success().high == np.inf
    assert found.restarts_to_success().low == pytest.approx((1 - found.per_start().high) / found.per_start().high)
    assert [e.value for e in found.survival()] == [1.0] * 5
    assert [(e.value, e.trials) for e in found.hazards()] == [(0.0, 20)] * 5


def test_an_interrupted_result_says_nothing_of_starts_not_made():
    found = made([0, 1, -1, -1], [1, 2, 2, 2], status=Status.INTERRUPTED)
    assert (found.per_start().successes, found.per_start().trials) == (2, 7)
    assert [e.value for e in found.survival()] == [3 / 4, 2 / 4]
    assert [(e.successes, e.trials) for e in found.hazards()] == [(1, 4), (1, 3)]


def test_estimates_are_right_in_the_mean():
    # budget 4, chance .3: the estimate of the chance, and the mean to success, over many drawn results
    random = np.random.default_rng(0)
    draws = random.geometric(0.3, size=(200, 60)) - 1
    found = [made(np.where(row < 4, row, -1), budget=4) for row in draws]
    shares = np.array([one.per_start().value for one in found])
    assert abs(shares.mean() - 0.3) < 4 * shares.std() / np.sqrt(200) + 0.002  # its bias is of the order of 1/trials
    covered = np.mean([one.per_start().contains(0.3) for one in found])
    assert 0.93 < covered < 0.985
    assert np.mean([one.restarts_to_success().contains(0.7 / 0.3) for one in found]) == covered
    within = np.mean([one.restarts_within_budget().value for one in found])
    wanted = sum(k * 0.3 * 0.7**k for k in range(4)) + 3 * 0.7**4
    assert within == pytest.approx(wanted, abs=0.02)
    tail = np.mean([[e.value for e in one.survival()] for one in found], axis=0)
    np.testing.assert_allclose(tail, 0.7 ** np.arange(1, 5), atol=0.01)


# --- runs ---------------------------------------------------------------------------------------------------


def by_one(game, rule, runs, budget, *, steps, estimator=None, seed=0, threshold=0.82, source=None):
    """The same by hand: run every start that there could be, then look for the first that ends in both cooperating."""
    setup = make_setup(game, rule, estimator=estimator)
    index = (np.arange(runs)[:, None] * ROOM + np.arange(budget)).ravel()
    source = starts.uniform(-3, 3) if source is None else source
    endings, _ = run_starts(setup, source, index, steps=steps, seed=seed, chunk=128)
    first_state = [own[:, 0, 0] if own.ndim == 3 else own[:, 0] for own in endings.strategies]
    reached = (np.stack(first_state) >= np.float32(threshold)).all(axis=0).reshape(runs, budget)
    first = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
    return first, np.where(first >= 0, first + 1, budget)


SAMPLED = {"estimator": ns.sampled(48), "steps": 40, "seed": 5}


@pytest.fixture(scope="module")
def sampled_hunt():
    return ns.restarts(HUNT, ns.pg(), runs=200, budget=6, **SAMPLED)


@pytest.mark.long
def test_exact_restarts_are_the_runs_one_by_one():
    found = ns.restarts(HUNT, ns.pg(), runs=150, budget=4, steps=120)
    first, tried = by_one(HUNT, ns.pg(), 150, 4, steps=120)
    np.testing.assert_array_equal(found.first_success, first)
    np.testing.assert_array_equal(found.tried, tried)
    assert found.status is Status.COMPLETE
    assert 0 < found.censored < 75
    # starts are independent: the chance of each is that of the basin
    entry = ns.entry_probability(HUNT, ns.pg(), starts=starts.uniform(-3, 3), n=4000, steps=120)
    assert found.per_start().overlaps(entry.probability("CC"))


def test_sampled_restarts_are_the_runs_one_by_one(sampled_hunt):
    first, tried = by_one(HUNT, ns.pg(), 200, 6, **SAMPLED)
    found = ns.restarts(HUNT, ns.pg(), runs=200, budget=6, at_step=True, **SAMPLED)
    np.testing.assert_array_equal(found.first_success, first)
    np.testing.assert_array_equal(found.tried, tried)
    assert found.censored > 0
    # of runs that noise may still carry away none counts
    assert sampled_hunt.tried.sum() > found.tried.sum()
    assert len(np.unique(first)) > 3


def test_the_first_run_makes_the_starts_of_an_entry_probability(sampled_hunt):
    entry = ns.entry_probability(HUNT, ns.pg(), starts=starts.uniform(-3, 3), n=6, targets=["CC"], **SAMPLED)
    reached = np.flatnonzero(entry.labels == target_code(0))
    assert sampled_hunt.first_success[0] == (reached[0] if reached.size else -1)


@pytest.mark.long
def test_more_runs_or_a_larger_budget_leave_the_rest_as_it_was(sampled_hunt):
    more = ns.restarts(HUNT, ns.pg(), runs=260, budget=6, **SAMPLED)
    np.testing.assert_array_equal(more.first_success[:200], sampled_hunt.first_success)
    longer = ns.restarts(HUNT, ns.pg(), runs=200, budget=11, **SAMPLED)
    done = sampled_hunt.first_success >= 0
    np.testing.assert_array_equal(longer.first_success[done], sampled_hunt.first_success[done])
    assert (longer.first_success[~done] >= 6).sum() + longer.censored == (~done).sum()
    on = ns.restarts(HUNT, ns.pg(), runs=200, budget=11, resume=sampled_hunt, **SAMPLED)
    np.testing.assert_array_equal(on.first_success, longer.first_success)
    np.testing.assert_array_equal(on.tried, longer.tried)
    assert on.budget == on.question["budget"] == 11


@pytest.mark.long
def test_all_rules_make_the_same_starts(sampled_hunt):
    found = ns.restarts(HUNT, [ns.meta_mapg(), ns.pg()], runs=200, budget=6, **SAMPLED)
    assert list(found) == ["meta_mapg", "pg"]
    np.testing.assert_array_equal(found["pg"].first_success, sampled_hunt.first_success)
    assert found["meta_mapg"].per_start().value > found["pg"].per_start().value
    other = ns.restarts(HUNT, ns.pg(), runs=200, budget=6, **SAMPLED | {"seed": 6})
    assert (other.first_success != sampled_hunt.first_success).any()


class Stop:
    """Presses Ctrl-C at the k-th report of progress."""

    def __init__(self, at):
        self.at, self.seen = at, []

    def __call__(self, done, total):
        self.seen.append((done, total))
        if len(self.seen) == self.at:
            raise KeyboardInterrupt


@pytest.mark.parametrize("at", [1, 2])
def test_an_interrupted_result_goes_on_to_the_same_end(sampled_hunt, at):
    stop = Stop(at)
    part = ns.restarts(HUNT, ns.pg(), runs=200, budget=6, progress=stop, **SAMPLED)
    assert part.status is Status.INTERRUPTED
    assert len(stop.seen) == at
    done = part.first_success >= 0
    np.testing.assert_array_equal(part.first_success[done], sampled_hunt.first_success[done])
    # what is not done is still open, and had no success so far
    open_runs = ~done
    assert (part.tried[open_runs] < 6).all()
    later = sampled_hunt.first_success[open_runs]
    assert ((later < 0) | (later >= part.tried[open_runs])).all()
    shares = [e.value for e in part.survival()]
    assert shares == [e.value for e in sampled_hunt.survival()][: len(shares)]
    assert len(shares) == part.tried[open_runs].min()
    on = ns.restarts(HUNT, ns.pg(), runs=200, budget=6, resume=part, **SAMPLED)
    assert on.status is Status.COMPLETE
    np.testing.assert_array_equal(on.first_success, sampled_hunt.first_success)
    np.testing.assert_array_equal(on.tried, sampled_hunt.tried)
    assert on.provenance.trajectory_steps >= part.provenance.trajectory_steps


@pytest.mark.long
def test_an_interruption_stops_all_rules_and_all_go_on():
    stop = Stop(2)
    rules = [ns.pg(), ns.meta_mapg()]
    part = ns.restarts(HUNT, rules, runs=200, budget=6, progress=stop, **SAMPLED)
    assert list(part) == ["pg"]
    assert part["pg"].status is Status.INTERRUPTED
    whole = ns.restarts(HUNT, rules, runs=200, budget=6, **SAMPLED)
    on = ns.restarts(HUNT, rules, runs=200, budget=6, resume=part, **SAMPLED)
    for name in whole:
        np.testing.assert_array_equal(on[name].first_success, whole[name].first_success)


def test_progress_counts_up_to_all_starts(sampled_hunt):
    never = Stop(-1)
    ns.restarts(HUNT, ns.pg(), runs=200, budget=6, progress=never, **SAMPLED)
    done = [k for k, _ in never.seen]
    assert done == sorted(done)
    assert never.seen[-1] == (1200, 1200)


def test_a_complete_result_is_taken_as_it_is(sampled_hunt):
    again = ns.restarts(HUNT, ns.pg(), runs=200, budget=6, resume=sampled_hunt, progress=Stop(1), **SAMPLED)
    assert again.status is Status.COMPLETE
    np.testing.assert_array_equal(again.first_success, sampled_hunt.first_success)
    assert again.provenance.trajectory_steps == sampled_hunt.provenance.trajectory_steps


def test_nobody_and_everybody_succeeds():
    # in harmony both cooperate from everywhere; one short step leads nowhere
    everybody = ns.restarts(ns.games.harmony(), ns.pg(), runs=40, budget=3, steps=400)
    assert everybody.success().value == 1.0
    assert (everybody.first_success == 0).all()
    nobody = ns.restarts(
        HUNT, ns.pg(), runs=40, budget=3, steps=1, starts=starts.uniform(-2.0, -1.0), target="CC", threshold=0.9
    )
    assert nobody.censored == 40
    assert (nobody.tried == 3).all()
    assert nobody.status is Status.COMPLETE


def test_the_goal_is_the_named_one():
    options = {"runs": 60, "budget": 2, "steps": 120}
    both = ns.restarts(HUNT, ns.pg(), **options)
    assert both.target == "CC"
    defect = ns.restarts(HUNT, ns.pg(), target="DD", **options)
    assert defect.target == "DD"
    assert defect.per_start().value > both.per_start().value
    named = ns.restarts(HUNT, ns.pg(), target=Target("hunt", (0, 0), 0.95), **options)
    assert named.target == "hunt"
    assert named.success().successes <= both.success().successes


@pytest.mark.long
def test_restarts_of_a_repeated_game():
    options = {"steps": 20, "estimator": ns.episodes(16), "seed": 2}
    found = ns.restarts(IPD, ns.meta_mapg(), runs=40, budget=4, at_step=True, **options)
    first, tried = by_one(IPD, ns.meta_mapg(), 40, 4, **options)
    np.testing.assert_array_equal(found.first_success, first)
    np.testing.assert_array_equal(found.tried, tried)
    assert (found.game, found.target) == ("iterated_prisoners_dilemma", "CC")
    assert 0 < found.censored < 40


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"starts": starts.parameters(np.zeros((3, 10)))}, "distribution of starts"),
        ({"starts": starts.strategies([[0.5, 0.5]])}, "distribution of starts"),
        ({"starts": "uniform"}, "distribution of starts"),
        ({"budget": 0}, "budget must be at least 1"),
        ({"budget": 4097}, "at most 4096"),
        ({"budget": 2.0}, "whole number"),
        ({"runs": 0}, "runs must be at least 1"),
        ({"runs": 2**20 + 1}, "runs must be at most 1048576"),
        ({"target": "CX"}, "not a profile"),
        ({"target": (0, 2)}, "not a profile"),
        ({"threshold": 0.5}, "threshold"),
        ({"level": 1.0}, "level"),
        ({"steps": 0}, "steps"),
        ({"epochs": 3}, "unknown option of restarts 'epochs'"),
        ({"estimator": "sampled"}, "estimator"),
        ({"resume": "yesterday"}, "resume needs an earlier result"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        ns.restarts(IPD, ns.pg(), **arguments)


def test_a_game_without_a_goal_is_refused():
    with pytest.raises(InputError, match="name a profile as target"):
        ns.restarts(ns.games.matching_pennies(), ns.pg())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"runs": 201}, "200 runs of pg and budget 6"),
        ({"budget": 5}, "budget 6"),
        ({"rules": ns.meta_mapg()}, "of meta_mapg and"),
        ({"game": ns.games.harmony()}, "differs in game"),
        ({"game": ns.games.stag_hunt(R=5)}, "differs in game"),
        ({"rules": ns.meta_mapg(peer=0.1).renamed("pg")}, "differs in rule"),
        ({"target": "DD"}, "differs in targets"),
        ({"threshold": 0.9}, "differs in targets"),
        ({"starts": ns.starts.normal(std=1.0)}, "differs in starts"),
        ({"estimator": ns.sampled(batch=8)}, "differs in estimator"),
        ({"step_size": 0.1}, "differs in step_size"),
        ({"projection": ns.box(4.0)}, "differs in projection"),
        ({"seed": 6}, "differs in seed"),
        ({"steps": 41}, "differs in steps"),
        ({"precision": "float64"}, "differs in precision"),
    ],
)
def test_another_question_cannot_be_gone_on_with(sampled_hunt, change, says):
    asked = {"game": HUNT, "rules": ns.pg(), "runs": 200, "budget": 6, **SAMPLED, "resume": sampled_hunt} | change
    with pytest.raises(InputError, match=says):
        ns.restarts(asked.pop("game"), asked.pop("rules"), **asked)


def test_the_interval_of_runs_is_that_of_wilson(sampled_hunt):
    assert sampled_hunt.success() == wilson(int((sampled_hunt.first_success >= 0).sum()), 200)


def test_every_call_makes_as_many_starts_as_fit(monkeypatch):
    """Of 100 runs 2.56 starts each fill a call of 256 on two devices: none is empty, and none is made twice."""
    import jax

    from nashscape.selection.waiting import restarting

    asked, whole = [], restarting.labels_of

    def seen(case, index, **how):
        asked.append(index)
        return whole(case, index, **how)

    monkeypatch.setattr(restarting, "labels_of", seen)
    room, runs = 128 * len(jax.devices()), 50 * len(jax.devices())
    ns.restarts(HUNT, ns.pg(), runs=runs, steps=2, budget=5, estimator=ns.sampled(4), at_step=True)
    assert len(asked[0]) == len(np.unique(asked[0])) == room
    made = np.bincount(asked[0] // ROOM, minlength=runs)
    assert set(made.tolist()) == {2, 3}
