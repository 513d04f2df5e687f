"""What studies measure is what the verbs themselves give, and what they turn is what one would change by hand."""

from dataclasses import InitVar, dataclass

import numpy as np
import pytest
from scipy import stats

import nashscape as ns
from nashscape import InputError
from nashscape.learning import exact
from nashscape.studies.items import Place
from nashscape.studies.measuring.rows import numbers_in
from nashscape.studies.measuring.update_noises import update_noise
from nashscape.studies.study import Study

HUNT = ns.games.dense([[[4, 0.5], [3, 1]], [[4, 3.5], [0, 2]]], actions=[["C", "D"]] * 2, name="hunt")
"""Asymmetric, with two strict equilibria."""


def rows(study, place=(0, 0, 0), table="values"):
    [made] = study.work([Place(*place)])
    assert made.failure is None, made.failure
    return made.tables[table]


def value(columns, quantity, of=""):
    chosen = (columns["quantity"] == quantity) & (columns["of"] == of)
    assert chosen.sum() == 1, f"{quantity} of {of}: {chosen.sum()} rows"
    return {name: own[chosen][0] for name, own in columns.items()}


def like(row, estimate):
    for name in ("value", "low", "high"):
        assert row[name] == getattr(estimate, name)
    for name in ("level", "successes", "trials"):
        own = getattr(estimate, name)
        assert np.isnan(row[name]) if own is None else row[name] == own, name


@pytest.fixture(scope="module")
def entry():
    return ns.entry_probability(
        HUNT,
        ns.meta_mapg(peer=2),
        n=24,
        steps=40,
        estimator=ns.sampled(64),
        seed=3,
        reducers=ns.reducers.payoffs("end"),
    )


@pytest.fixture(scope="module")
def measured():
    fixed = {"game": HUNT, "rule": "meta_mapg", "peer": 2.0, "n": 24, "steps": 40, "batch": 64,
             "estimator": "sampled:batch=32,capacity=128"}  # fmt: skip
    what = ["outcomes", "standing", "first_hit", "welfare", "fairness"]
    return rows(Study("hunt", fixed=fixed, measure={"what": what, "verb": "entry_probability"}, seed=3))


@pytest.mark.long
def test_shares_are_those_of_the_verb(entry, measured):
    assert (measured["status"] == entry.status.name).all()
    for name, count in entry.outcomes().items():
        like(value(measured, "share", name), entry.probability(name))
        assert value(measured, "share", name)["successes"] == count
    assert measured["successes"][measured["quantity"] == "share"].sum() == 24
    for name in entry.targets:
        like(value(measured, "standing", name), entry.at_step(name))


@pytest.mark.long
def test_first_hits_and_payoffs_are_counted_by_hand(entry, measured):
    hits = entry.first_hit[entry.first_hit >= 0]
    like(value(measured, "hit", "CC"), ns.core.wilson(len(hits), 24))
    assert value(measured, "first_hit_median", "CC")["value"] == np.median(hits)
    payoffs = entry.reduced["end_payoffs"].astype(float)
    for i in range(2):
        row = value(measured, "payoff", f"player {i + 1}")
        assert row["value"] == pytest.approx(payoffs[:, i].mean())
        assert row["low"] < row["value"] < row["high"]
    assert value(measured, "welfare")["value"] == pytest.approx(payoffs.sum(axis=1).mean())
    assert value(measured, "least_payoff")["value"] == pytest.approx(payoffs.min(axis=1).mean())
    assert value(measured, "payoff_range")["value"] == pytest.approx(np.ptp(payoffs, axis=1).mean())


@pytest.fixture(scope="module")
def sampled_map():
    fixed = {"game": HUNT, "rule": "pg", "grid": 4, "steps": 20, "estimator": "sampled:batch=32", "rollouts": 3}
    columns = rows(Study("grid", fixed=fixed, measure=["outcomes", "first_hit", "welfare"]))
    payoffs = ns.reducers.payoffs("end")
    return columns, ns.basin_map(
        HUNT, ns.pg(), grid=4, steps=20, estimator=ns.sampled(32), rollouts=3, reducers=payoffs
    )


@pytest.mark.long
def test_intervals_of_means_on_a_grid_are_of_what_varies_within_cells(sampled_map):
    columns, found = sampled_map
    welfare = found.reduced["end_payoffs"].astype(float).sum(axis=-1).reshape(3, 16)
    parts = welfare.var(axis=0, ddof=1) / 3 / 16**2
    half = stats.t.ppf(0.975, 2 * parts.sum() ** 2 / (parts**2).sum()) * parts.sum() ** 0.5
    row = value(columns, "welfare")
    assert row["value"] == pytest.approx(welfare.mean())
    assert (row["low"], row["high"]) == pytest.approx((row["value"] - half, row["value"] + half))
    like(value(columns, "share", "CC"), found.fraction("CC"))


@pytest.mark.long
def test_on_a_grid_hits_are_shares_of_strata_and_medians_order_statistics(sampled_map):
    columns, found = sampled_map
    hit = found.first_hit >= 0
    like(value(columns, "hit", "CC"), ns.core.stratified(hit.sum(axis=0).ravel(), 3))
    like(value(columns, "first_hit_median", "CC"), ns.core.median_interval(found.first_hit[hit]))
    row = value(columns, "first_hit_mean", "CC")
    assert row["value"] == pytest.approx(found.mean_first_hit())
    assert row["low"] < row["value"] < row["high"]


@pytest.mark.long
def test_one_rollout_of_a_cell_says_nothing_of_a_mean():
    fixed = {"game": HUNT, "rule": "pg", "grid": 4, "steps": 20, "estimator": "sampled:batch=32", "rollouts": 1}
    row = value(rows(Study("once", fixed=fixed, measure=["welfare"])), "welfare")
    assert np.isfinite(row["value"])
    assert np.isnan([row["low"], row["high"]]).all()
    assert row["level"] == 0.95  # chance had a part all the same


@pytest.mark.long
def test_no_number_by_chance_passes_for_an_exact_one(measured, sampled_map):
    fixed = {"game": HUNT, "rule": "meta_mapg", "against": "pg", "n": 24, "steps": 40, "estimator": "sampled:batch=64"}
    drawn = {"game": HUNT, "rule": "pg", "at": "uniform_strategies", "n": 9}
    aligned = Study("aligned", fixed=drawn, measure="alignment")
    for columns in (measured, sampled_map[0], rows(Study("gain", fixed=fixed, measure="gain")), rows(aligned)):
        assert np.isfinite(columns["level"]).all()
        assert not (columns["low"] == columns["high"]).any()
        assert (np.isnan(columns["low"]) == np.isnan(columns["high"])).all()


def test_every_outcome_that_there_is_has_its_row(sampled_map):
    columns, found = sampled_map
    shares = columns["quantity"] == "share"
    assert columns["of"][shares].tolist() == list(ns.core.label_names(found.targets).values())
    assert columns["value"][shares].sum() == pytest.approx(1.0)
    row = value(columns, "share", "cycling")
    assert (row["value"], row["low"], row["successes"], row["trials"]) == (0.0, 0.0, 0.0, 48.0)
    assert 0.0 < row["high"] < 0.2


def test_where_runs_have_no_payoffs_there_is_no_mean_and_it_says_of_how_many():
    fixed = {"game": HUNT, "rule": "meta_mapg:peer=1e6", "steps": 40, "grid": 4, "projection": "none"}
    columns = rows(Study("far", fixed=fixed, measure=["outcomes", "welfare", "fairness"]))
    gone = value(columns, "share", "diverged")["value"]
    assert 0.0 < gone < 1.0
    for of in ("welfare", "least_payoff"):
        assert value(columns, "undefined", of)["value"] == gone
    for quantity, of in (("welfare", ""), ("payoff", "player 1"), ("payoff", "player 2"), ("least_payoff", "")):
        assert np.isnan(value(columns, quantity, of)["value"]), quantity


def test_noise_free_runs_have_no_intervals_of_chance():
    study = Study("exact", fixed={"game": HUNT, "rule": "pg", "grid": 4, "steps": 60}, measure=["outcomes", "welfare"])
    columns = rows(study)
    assert np.isnan(columns["level"]).all()
    row = value(columns, "welfare")
    assert row["low"] == row["value"] == row["high"]
    assert (columns["low"] <= columns["value"]).all()


@pytest.mark.long
def test_dials_and_parameters_are_what_one_would_change_by_hand():
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "grid": 5, "steps": 30}
    vary = [{"game.T": [2.5], "peer@2": [3.0], "own": [1.0], "step_size.exponent": [0.5], "coupling": [0.25]}]
    second = ns.meta_mapg(peer=3.0, own=1.0)
    by_hand = ns.basin_map(
        ns.open_source(ns.games.stag_hunt(T=2.5), 0.25), ns.learning.per_player([ns.meta_mapg(own=1.0), second]),
        grid=5, steps=30, step_size=ns.schedules.power(0.9, offset=10, exponent=0.5),
    )  # fmt: skip
    study = Study("dials", fixed={**fixed, "semantics": "open_source"}, vary=vary)
    made = study.readied[0].call(study.points[0], 0)()
    np.testing.assert_array_equal(made.labels, by_hand.labels)
    assert made.question.differs(by_hand.question, but=["rule"]) == ()
    for k, row in enumerate(by_hand.outcomes().items()):
        assert value(rows(study), "share", row[0])["value"] * by_hand.labels.size == pytest.approx(row[1]), k


@pytest.mark.long
def test_a_gain_is_a_comparison():
    fixed = {"game": HUNT, "rule": "meta_mapg", "against": "pg", "n": 24, "steps": 40, "estimator": "sampled:batch=64"}
    columns = rows(Study("gain", fixed=fixed, measure="gain"))
    found = ns.entry_probability(HUNT, [ns.meta_mapg(), ns.pg()], n=24, steps=40, estimator=ns.sampled(64))
    paired = ns.compare(found["meta_mapg"], found["pg"])
    like(value(columns, "difference", "CC"), paired.difference)
    like(value(columns, "gained", "CC"), ns.core.wilson(int(paired.gained.sum()), 24))
    like(value(columns, "lost", "CC"), ns.core.wilson(int(paired.lost.sum()), 24))
    row = value(columns, "p_value", "CC")
    assert row["value"] == paired.test.p_value
    assert np.isnan([row["low"], row["high"]]).all()


def test_steering_gives_the_values_at_which_the_share_comes_to_be_reached():
    options = {"low": 0.0, "high": 4.0, "at_least": 0.4, "grid": 5, "steps": 40, "tolerance": 0.5, "scan": 3}
    found = ns.steer(ns.games.stag_hunt(), "peer", rule=ns.meta_mapg(), **options)
    fixed = {"game": "stag_hunt", "rule": "meta_mapg", "parameter": "peer", **options}
    columns = rows(Study("steered", fixed=fixed, measure="steering"))
    [edge] = [own for own in found.switches if own.rises]
    row = value(columns, "value", "1")
    assert (row["value"], row["low"], row["high"]) == (edge.high, edge.low, edge.high)
    assert value(columns, "values_asked")["value"] == len(found.values)
    assert np.isnan(columns["level"]).all()


@pytest.mark.long
def test_predictors_are_judged_as_by_hand():
    fixed = {"game": HUNT, "rule": "meta_mapg", "against": "pg", "grid": 6, "steps": 60}
    columns = rows(Study("predict", fixed=fixed, measure={"what": "predictors", "within": 3}))
    maps = ns.basin_map(HUNT, [ns.meta_mapg(), ns.pg()], grid=6, steps=60, targets="CC")
    code = ns.core.target_code(0)
    ours, theirs = (maps[name].labels[0].ravel() == code for name in ("meta_mapg", "pg"))
    margin = np.array([min(p, q) for p in maps["pg"].axis for q in maps["pg"].axis])
    seen = ns.alignment(HUNT, ns.meta_mapg(), "CC", grid=6)
    correction = (seen.projections["total"] - seen.projections["base"]).ravel()
    missed = ~theirs
    gained = ours & missed
    for name, x in {"margin": margin, "alignment": correction}.items():
        pairs = [(a > b) + 0.5 * (a == b) for a in x[gained] for b in x[missed & ~gained]]
        assert value(columns, "auc", name)["value"] == pytest.approx(np.mean(pairs), abs=1e-6)
        assert value(columns, "starts_gained", name)["value"] == gained.sum() > 0


@pytest.mark.long
def test_noise_of_their_own_changes_what_is_gained_and_not_the_starts():
    fixed = {
        "game": HUNT, "rule": "meta_mapg", "against": "pg", "grid": 5, "steps": 30, "rollouts": 2,
        "estimator": "sampled:batch=16", "by": ["margin"],
    }  # fmt: skip
    together = rows(Study("together", fixed=fixed, measure="predictors"))
    apart = rows(Study("apart", fixed=fixed, measure={"what": "predictors", "independent": True}))
    assert value(together, "auc", "margin")["value"] != value(apart, "auc", "margin")["value"]
    with pytest.raises(InputError, match="runs = 'basin_map'"):
        Study(
            "entries", fixed=fixed, measure={"what": "predictors", "independent": True, "runs": "entry_probability"}
        ).readied[0].call({}, 0)()


DONATION = ("thresholds", "program_equilibria")


@pytest.mark.long
def test_everything_else_is_what_its_verb_gives():
    fixed = {"rule": "meta_mapg", "grid": 5, "steps": 40, "budget": 4, "runs": 20}
    what = ["alignment", "restarts", "thresholds", "equilibria", "peer_direction", "program_equilibria"]
    measures = [{"what": own, "name": own, "game": "donation" if own in DONATION else HUNT} for own in what]
    study = Study("others", fixed=fixed, measure=measures)
    columns = {own: rows(study, (k, 0, 0)) for k, own in enumerate(what)}
    like(value(columns["alignment"], "positive", "peer"), ns.alignment(HUNT, ns.meta_mapg(), grid=5).positive("peer"))
    restarts = ns.restarts(HUNT, ns.meta_mapg(), budget=4, runs=20, steps=40)
    like(value(columns["restarts"], "success", "CC"), restarts.success())
    like(value(columns["restarts"], "per_start", "CC"), restarts.per_start())
    [bracket] = ns.coupling_threshold(ns.games.donation()).brackets
    row = value(columns["thresholds"], "threshold", "1")
    assert (row["low"], row["high"], row["text"]) == (bracket.low, bracket.high, "rises")
    found = ns.equilibria(HUNT)
    assert value(columns["equilibria"], "equilibria")["value"] == len(found) == 3
    for own in found:
        assert value(columns["equilibria"], "equilibrium", own.name)["value"] == pytest.approx(own.payoffs.sum())
    verdicts = ns.theory.peer_direction(HUNT).verdicts
    assert [value(columns["peer_direction"], "peer_direction", f"player {i}")["text"] for i in (1, 2)] == list(verdicts)
    assert value(columns["program_equilibria"], "program_equilibria")["value"] == 1


def test_single_experiments_are_told_by_their_mean_deviation_and_number():
    """Of maps one by one, of runs with restarts, of sampled updates: against the results themselves."""
    sampled = {"rule": "pg", "grid": 5, "steps": 30, "rollouts": 6, "estimator": "sampled:batch=8"}
    maps = rows(Study("maps", fixed={"game": HUNT, **sampled}, measure="single_maps"))
    found = ns.basin_map(HUNT, ns.pg(), grid=5, steps=30, rollouts=6, estimator=ns.sampled(8))
    single = [float(np.mean(one)) for one in found.stands("CC")]
    hits = [float(one[one >= 0].mean()) for one in found.first_hit.reshape(6, -1)]
    for name, values in (("map_standing", single), ("map_first_hit", hits)):
        row = value(maps, name, "CC")
        assert row["value"] == pytest.approx(np.mean(values))
        ends = stats.t.interval(0.95, 5, np.mean(values), stats.sem(values))
        assert (row["low"], row["high"]) == pytest.approx(ends)
        assert value(maps, f"{name}_deviation", "CC")["value"] == pytest.approx(np.std(values, ddof=1))
        assert value(maps, f"{name}_count", "CC")["value"] == 6
    tried = rows(Study("runs", fixed={"game": HUNT, "rule": "pg", "budget": 3, "runs": 40}, measure="single_runs"))
    first = ns.restarts(HUNT, ns.pg(), budget=3, runs=40).first_success
    assert (first < 0).any()
    used = np.where(first < 0, 2, first)
    assert value(tried, "run_restarts", "CC")["value"] == pytest.approx(used.mean())
    assert value(tried, "run_restarts_deviation", "CC")["value"] == pytest.approx(used.std(ddof=1))


def test_of_one_map_there_is_no_deviation_and_of_none_that_hits_no_mean():
    fixed = {"game": HUNT, "rule": "pg", "grid": 5, "steps": 1, "rollouts": 1, "threshold": 0.999,
             "estimator": "sampled:batch=8"}  # fmt: skip
    one = rows(Study("maps", fixed=fixed, measure="single_maps"))
    assert value(one, "map_standing", "CC")["value"] == 0
    assert np.isnan(value(one, "map_standing_deviation", "CC")["value"])
    assert value(one, "map_first_hit_count", "CC")["value"] == 0
    assert np.isnan(value(one, "map_first_hit", "CC")["value"])


@pytest.mark.long
def test_noise_of_updates_falls_with_the_batch_and_exact_ones_have_none():
    fixed = {"game": HUNT, "rule": "meta_mapg", "at": [0.58, 0.58], "n": 400, "estimator": "sampled:batch=32"}
    study = Study("noise", fixed=fixed, vary=[{"estimator.batch": [32, 128]}], measure="update_noise")
    variances = study.run().values(quantity="variance")["value"]
    # independent plays: a quarter, up to the noise of 400 updates and the bias of small batches
    assert variances[1] / variances[0] == pytest.approx(0.25, rel=0.25)
    with pytest.raises(InputError, match="exact updates have no noise"):
        update_noise(HUNT, ns.pg(), at=[0.5, 0.5], estimator=exact())


@pytest.mark.long
def test_results_are_seen_where_they_are_made():
    seen = []
    study = Study("seen", fixed={"game": HUNT, "n": 20, "steps": 20}, vary=[{"rule": ["pg", "lola"]}])
    found = study.run(seen=lambda point, result: seen.append((dict(point), result.rule)))
    assert seen == [({"rule": "pg"}, "pg"), ({"rule": "lola"}, "lola")]
    assert len(found) == len(study.run())
    with pytest.raises(InputError, match="by the engine 'here'"):
        study.run(engine="pool", seen=print)


def test_numbers_of_a_result_say_what_the_result_says_of_chance():
    def of(result):
        return {own.quantity: own for own in numbers_in(result)}

    gap = of(Gap(2.5, ns.core.wilson(3, 7), None))["gap"]
    assert np.isnan([gap.low, gap.high, gap.level]).all()
    assert of(Gap(2.5, ns.core.wilson(3, 7), True))["gap"].level == 0.95
    exact = of(Gap(2.5, ns.core.wilson(3, 7), False))["gap"]
    assert (exact.low, exact.high) == (2.5, 2.5)
    assert of(Gap(2.5, ns.core.wilson(3, 7), True))["share"].trials == 7


@dataclass
class Gap:
    """A result of a stranger."""

    gap: float
    share: object
    chance: InitVar

    def __post_init__(self, chance):
        """Some results say whether chance had a part."""
        if chance is not None:
            self.is_sample = chance


def test_kept_runs_are_the_columns_of_the_result_and_maps_its_codes():
    fixed = {"game": HUNT, "rule": "pg", "grid": 4, "steps": 20}
    study = Study("kept", fixed=fixed, measure={"what": "outcomes", "keep": ["runs", "maps"]})
    found = ns.basin_map(HUNT, ns.pg(), grid=4, steps=20)
    kept = rows(study, table="basin_map")
    for name, column in found.to_columns().items():
        np.testing.assert_array_equal(kept[name], column)
    codes = rows(study, table="maps")
    assert codes["shape"].tolist() == ["1×4×4"]
    np.testing.assert_array_equal(np.frombuffer(codes["codes"][0], np.int8).reshape(1, 4, 4), found.labels)


def test_an_error_of_one_item_is_its_own(tmp_path):
    (tmp_path / "mine.py").write_text(
        "def counted(game, *, threshold=0.5):\n"
        "    if threshold > 0.7:\n        raise ZeroDivisionError('too much')\n"
        "    return {'twice': 2 * threshold, 'verdict': 'fine'}\n"
    )
    measure = {"verb": f"{tmp_path / 'mine.py'}:counted", "name": "mine"}
    study = Study("own", fixed={"game": HUNT}, vary=[{"threshold": [0.6, 0.8]}], measure=measure)
    good, bad = study.work(list(study.places()))
    assert value(good.tables["values"], "twice")["value"] == 1.2
    assert value(good.tables["values"], "verdict")["text"] == "fine"
    assert good.tables["values"]["threshold"].tolist() == [0.6, 0.6]
    assert bad.tables == {}
    assert bad.failure.error == "ZeroDivisionError: too much"
    assert "counted" in bad.failure.traceback


WRONG = [
    ({"fixed": {"game": "stag_hunt"}, "measure": ["outcmes"]}, "did you mean 'outcomes'"),
    ({"fixed": {"game": "stag_hnt"}}, "did you mean 'stag_hunt'"),
    ({"fixed": {"game": "stag_hunt", "rule": "meta_mpag"}}, "did you mean 'meta_mapg'"),
    ({"fixed": {"game": "stag_hunt", "pere": 1}}, "did you mean 'peer'"),
    ({"fixed": {"game": "stag_hunt", "rule": "pg"}, "vary": [{"peer": [1.0]}]}, "peer"),
    ({"fixed": {"game": "stag_hunt", "threshold": "high"}}, "threshold"),
    ({"fixed": {"game": "stag_hunt", "n": 2.5}}, "n must be"),
    ({"fixed": {"game": "stag_hunt", "n": 4}, "vary": [{"n": [4]}]}, "n is fixed, and it varies"),
    ({"fixed": {"game": "stag_hunt", "seed": 4}}, "the study's own"),
    (
        {"fixed": {"game": "stag_hunt"}, "measure": {"what": "outcomes", "budget": 3}},
        "unknown option of entry_probability 'budget'",
    ),
    ({"fixed": {"game": "stag_hunt", "budget": 3}}, "nothing that is measured takes budget"),
    ({"fixed": {"rule": "pg"}}, "needs a game"),
    ({"fixed": {"game": "stag_hunt"}, "measure": {"what": ["outcomes", "restarts"]}}, "one block measures"),
    ({"fixed": {"game": "stag_hunt"}, "measure": ["outcomes", {"what": "welfare"}]}, "two measures are called"),
    ({"fixed": {"game": "stag_hunt"}, "measure": {"what": "outcomes", "verb": "restarts"}}, "not by restarts"),
    ({"fixed": {"game": "stag_hunt"}, "measure": {"what": "outcomes", "keep": "run"}}, "did you mean 'runs'"),
    ({"fixed": {"game": "stag_hunt"}, "measure": {"what": "outcomes", "until": {"quantity": "share"}}}, "width"),
    ({"fixed": {"game": "stag_hunt"}, "measure": []}, "measures something"),
    ({"fixed": {"game": "stag_hunt", "peer@3": 1.0, "rule": "meta_mapg"}}, "the game has 2 players"),
    ({"fixed": {"game": "nowhere.py:game"}}, "cannot read"),
    ({"fixed": {"game": "stag_hunt"}, "measure": {"verb": "simulat"}}, "did you mean 'simulate'"),
    (
        {"vary": [{"game": ["chicken", "stag_hunt", "stag_hunt:T=3"]}]},
        r"game\[2\]: 'stag_hunt' and 'stag_hunt:T=3' are the same question",
    ),
    (
        {"fixed": {"game": "stag_hunt"}, "vary": [{"steps": [5, 6]}, {"rule": ["meta_mapg", "meta_mapg:peer=1.5"]}]},
        "are the same question",
    ),
    ({"name": "two words", "fixed": {"game": "stag_hunt"}}, "letters, digits and hyphens"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "reason"), WRONG)
def test_what_cannot_be_right_is_refused_before_anything_is_run(given, reason):
    with pytest.raises(InputError, match=reason):
        Study(**{"name": "wrong", **given})
