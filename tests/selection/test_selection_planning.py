"""Plans: schedules, budgets against formulas and long measurements, the checks of the theorem's assumptions."""

import math

import numpy as np
import pytest
from scipy.stats import beta

import nashscape as ns
from nashscape import InputError, Status
from nashscape.selection.plans.planning import plan
from nashscape.selection.plans.two_phases import two_phases

HUNT = ns.games.stag_hunt()


@pytest.fixture(scope="module")
def made():
    return plan(HUNT, ns.meta_mapg(), "CC", 0.02, n=600, runs=100, seed=3)


def below(k, n, error):
    return 0.0 if k == 0 else float(beta.ppf(error, k, n - k + 1))


@pytest.mark.long
def test_bounds_and_budget_follow_the_counts(made):
    entry, settled, success = made.entry, made.settled, made.success
    assert entry.trials == success.trials == 600
    assert settled.trials == entry.successes
    assert settled.successes <= success.successes
    assert success.low == pytest.approx(below(success.successes, 600, 0.002))
    assert entry.low == pytest.approx(below(entry.successes, 600, 0.001))
    assert settled.low == pytest.approx(below(settled.successes, settled.trials, 0.001))
    # it is tried out with other random numbers than those by which it was made
    assert made.measured.provenance.seed not in (3, 4)
    k = made.budget
    assert (1 - success.low) ** k <= 0.018 < (1 - success.low) ** (k - 1)
    assert made.bound()[-1] == pytest.approx((1 - success.low) ** k)
    np.testing.assert_allclose(made.published_bound(), (1 - entry.low * settled.low) ** np.arange(1, k + 1))
    assert made.published_budget == math.ceil(math.log(0.018) / math.log(1 - entry.low * settled.low))
    assert (made.published_bound() >= made.bound()).all()


@pytest.mark.long
def test_the_first_phase_is_as_long_as_runs_take_to_enter(made):
    pilot = ns.entry_probability(HUNT, ns.meta_mapg(), starts=ns.starts.uniform(-3, 3), n=600, seed=3)
    hits = pilot.first_hit[pilot.reached("CC")]
    assert (hits <= made.warm_up).mean() >= 0.95 > (hits < made.warm_up).mean()


@pytest.mark.long
def test_entry_and_end_are_those_of_the_two_phase_rule(made):
    rule, sizes = two_phases(ns.meta_mapg(), made.warm_up)
    how = {"starts": ns.starts.uniform(-3, 3), "n": 600, "seed": 4, "step_size": sizes}
    half, whole = (ns.entry_probability(HUNT, rule, steps=count, **how) for count in (made.warm_up, 260))
    assert half.reached("CC").sum() == made.entry.successes
    assert whole.reached("CC").sum() == made.success.successes
    assert (half.reached("CC") & whole.reached("CC")).sum() == made.settled.successes
    # the first phase is the corrected rule itself
    alone = ns.entry_probability(HUNT, ns.meta_mapg(), steps=made.warm_up, **how)
    assert alone.reached("CC").sum() == made.entry.successes


@pytest.mark.long
def test_the_plan_holds_in_runs_of_its_own(made):
    assert made.measured.budget == made.budget
    assert made.measured.censored <= 8
    # many more restarts by the same schedule: the promise is about all of them
    rule, sizes = two_phases(ns.meta_mapg(), made.warm_up)
    many = ns.restarts(HUNT, rule, budget=made.budget, runs=4000, steps=260, target="CC", step_size=sizes, seed=99)
    assert 1 - many.success().value <= made.failure
    assert many.per_start().value >= made.success.low


def test_every_assumption_has_a_verdict(made):
    verdicts = {check.name: check.verdict for check in made.checks}
    assert verdicts == {
        "independent restarts": "ok",
        "detectable failure": "ok",
        "strict target": "ok",
        "certified basin": "ok",
        "positive entry": "ok",
        "bounded parameters": "ok",
        "unbiased updates": "ok",
        "step sizes ½ < p ≤ 1": "failed",
        "correction q > 1 − p": "ok",
    }
    assert "least loss of any player from deviating is 1" in made.text
    assert f"{made.warm_up} steps then handoff" in repr(made)
    assert made.to_dict()["budget"] == made.budget


@pytest.mark.long
@pytest.mark.parametrize(
    ("exponents", "steps", "correction"),
    [
        ((0.6, 0.7), "ok", "ok"),
        ((0.5, 0.7), "failed", "ok"),
        ((1.2, 0.1), "failed", "ok"),
        ((0.6, 0.4), "ok", "failed"),
    ],
)
def test_exponents_are_judged(exponents, steps, correction):
    found = plan(
        HUNT, ns.meta_mapg(), "CC", 0.2, warm_up=60, then="anneal", exponents=exponents, n=200, runs=10,
        projection=ns.unbounded(),
    )  # fmt: skip
    verdicts = {check.name: check.verdict for check in found.checks}
    assert verdicts["step sizes ½ < p ≤ 1"] == steps
    assert verdicts["correction q > 1 − p"] == correction
    assert verdicts["bounded parameters"] == "failed"
    assert found.warm_up == 60


@pytest.mark.long
def test_a_basin_is_certified_where_a_trap_holds_the_whole_target_set():
    """From p = q = .6 in Stag Hunt policy gradient of 3p − 2 pulls away; three actions are asked for by differences."""

    def basin(game, rule, target, **options):
        found = plan(game, rule, target, 0.2, warm_up=40, n=100, runs=5, **options)
        [check] = [check for check in found.checks if check.name == "certified basin"]
        return check

    assert basin(HUNT, ns.meta_mapg(), "CC", threshold=0.6).verdict == "unchecked"
    assert basin(HUNT, ns.meta_mapg(), "CC", then="anneal").verdict == "ok"
    sampled = basin(HUNT, ns.meta_mapg(), "CC", estimator=ns.sampled(48))
    assert sampled.verdict == "ok"
    assert "of sampled ones" in sampled.why
    three = np.diag([4.0, 3.0, 2.0])
    assert basin(ns.games.bimatrix(three, three), ns.pg(), "BB").verdict == "ok"
    without = basin(HUNT, ns.meta_mapg(), "CC", projection=ns.unbounded())
    assert "finite box" in without.why


@pytest.mark.long
@pytest.mark.parametrize(("form", "verdict"), [("published", "failed"), ("unbiased", "ok")])
def test_sampled_updates_and_targets_that_are_no_equilibria(form, verdict):
    game = ns.games.prisoners_dilemma()
    found = plan(
        game, ns.meta_mapg(peer=0.5), ["CC"], 0.3, warm_up=10, n=64, runs=8, steps=40,
        estimator=ns.sampled(8, form=form),
    )  # fmt: skip
    verdicts = {check.name: check.verdict for check in found.checks}
    assert verdicts["strict target"] == "failed"
    assert verdicts["unbiased updates"] == verdict
    assert found.budget is None
    assert found.status is Status.UNDECIDED
    assert found.measured is None
    assert found.bound().size == 0
    assert "No number of starts" in found.text


def test_annealed_step_sizes_and_corrections():
    rule, sizes = two_phases(ns.meta_mapg(peer=2.0, own=0.3), 10, then="anneal", exponents=(0.8, 0.9), step_size=0.5)
    for n in (1, 2, 7):
        assert float(sizes(9 + n)) == pytest.approx(0.5 * n**-0.8)
        assert float(rule.peer(9 + n)) == pytest.approx(2.0 * n**-0.9)
        assert float(rule.own(9 + n)) == pytest.approx(0.3 * n**-0.9)
    assert [float(sizes(k)) for k in (0, 9)] == [0.5, 0.5]
    _, usual = two_phases(ns.meta_mapg(), 5)
    assert float(usual(3)) == pytest.approx(0.9 / 13**0.24)


BAD = {
    "one start": ({"n": 1}, "n of at least 20.*got 1"),
    "failure": ({"failure": 0.0}, "failure"),
    "starts": ({"starts": ns.starts.parameters([[0.0, 0.0]])}, "distribution of starts"),
    "then": ({"then": "stop"}, "unknown then"),
    "too long": ({"warm_up": 300}, "before the last of 260"),
    "not a sum": ({"rule": ns.sos(), "then": "anneal", "warm_up": 5}, "no sum of terms"),
    "a schedule": ({"rule": ns.meta_mapg(peer=lambda t: 1.0), "then": "anneal", "warm_up": 5}, "a schedule already"),
    "hopeless": ({"target": ["CD"], "rule": ns.pg(), "steps": 20, "n": 50}, "none of 50 starts reaches CD"),
    "rule": ({"rule": "pg"}, "rule"),
}


@pytest.mark.parametrize(("options", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused(options, part):
    with pytest.raises(InputError, match=part):
        plan(**{"game": HUNT, "rule": ns.meta_mapg(), **options})


def test_a_budget_leaves_room_for_what_measuring_may_get_wrong():
    failure = 0.0178
    found = plan(HUNT, ns.meta_mapg(), "CC", failure, n=600, runs=20, seed=3)
    per_start = 1 - found.success.low
    needed = [math.ceil(math.log(share * failure) / math.log(per_start)) for share in (0.9, 1.0)]
    assert needed[0] > needed[1], "the two would tell nothing apart"
    assert found.budget == needed[0]
