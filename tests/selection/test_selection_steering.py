"""Steering: brackets against closed forms, sweeps and enumeration; exact and sequential; prices; bad input."""

import math

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, Status
from nashscape.core import is_complete, target_code
from nashscape.dynamics.case import case_of
from nashscape.learning.dials import dial_of, usual_rule
from nashscape.selection import sweep
from nashscape.selection.plans.handoffs import corrected_steps_needed
from nashscape.selection.steering.finding import steer
from nashscape.theory import symmetric_thresholds

HUNT = ns.games.stag_hunt()
PAID = [ns.reducers.payoffs()]
"""With what steering measures, so that comparisons share its programs."""


def diagonal(*logits):
    return ns.starts.parameters([[x, x] for x in logits])


@pytest.mark.long
def test_random_starts_narrow_a_bracket_as_far_as_they_tell_its_ends_apart():
    how = {"low": 2.0, "high": 4.0, "scan": 3, "tolerance": 1e-3, "steps": 80}
    few, many = (steer(HUNT, "peer", "CC", 0.6, starts=ns.starts.normal(std=1.35), n=n, **how) for n in (40, 600))
    for found in (few, many):
        shares = [one.value for one in found.ends]
        gained = round((shares[1] - shares[0]) * found.trials[0])
        assert 0 < gained < 12  # some are lost as well, and six gained alone would have been told apart
        assert found.too_few
        assert f"where {found.trials[0]} random starts no longer tell the shares" in found.text
    widths = [found.bracket[1] - found.bracket[0] for found in (few, many)]
    assert widths[0] == 1.0  # not even the neighbours of the scan
    assert 1e-3 < widths[1] < 1.0


@pytest.mark.long
@pytest.mark.parametrize("benefit", [3.0, 5.0])
def test_coupling_of_the_donation_game_on_its_diagonal_is_cost_over_benefit(benefit):
    game = ns.games.donation(benefit=benefit, cost=1)
    exact = symmetric_thresholds(game).cooperation
    assert exact == pytest.approx(1 / benefit)
    # starts near the target, and no longer than they need: above p = ½ runs leave the diagonal by rounding alone
    found = steer(
        game, "coupling", ["CC"], 1.0, high=0.9, starts=diagonal(0.9 + 0.2 * (benefit > 4)), steps=400, step_size=0.5,
        tolerance=1e-4, precision="float64",
    )  # fmt: skip
    low, high = found.bracket
    assert high - low <= 1e-4
    assert not found.too_few  # of given starts nothing is left to chance
    # more coupling is needed, never less: just above the threshold both cooperate only while they are exactly alike
    assert exact <= high <= exact + 0.2
    assert found.lost_again is None


@pytest.mark.long
@pytest.mark.parametrize(("game", "logit"), [(HUNT, -0.4), (ns.games.stag_hunt(R=6, S=1, T=4, P=2), -1.2)])
def test_peer_coefficient_at_a_diagonal_start_is_the_one_that_puts_the_separatrix_there(game, logit):
    p = 1 / (1 + math.exp(-logit))
    closed, s = symmetric_thresholds(game), p * (1 - p)
    exact = -closed.own_gain(p) / (0.55 * closed.c * s**2 * closed.others_gain(p))
    assert 0 < exact < 10
    found = steer(
        game, "peer", "CC", 1.0, rule=ns.peer_only(inner_lr=0.55), starts=diagonal(logit), steps=3000,
        tolerance=1e-5, step_size=0.5, precision="float64",
    )  # fmt: skip
    (one,) = found.switches
    assert one.width <= 1e-5
    assert exact == pytest.approx(one.middle, abs=1e-4)
    # and κ_eff is the coupling that does the same in open source
    assert exact * 0.55 * closed.c * s**2 == pytest.approx(closed.at(p))


@pytest.mark.long
def test_the_share_of_stag_hunt_is_that_of_a_sweep():
    how = {"grid": 21, "steps": 140}
    paid = {**how, "reducers": PAID}
    found = steer(HUNT, parameter="peer", target="CC", at_least=0.6, tolerance=1e-3, **how)
    low, high = found.bracket
    assert high - low <= 1e-3
    swept = sweep(HUNT, lambda v: ns.meta_mapg(peer=v), [low, high], parameter="peer", **paid)
    assert swept.estimates == found.ends
    assert swept.estimates[0].value < 0.6 <= swept.estimates[1].value
    curve = sweep(HUNT, lambda v: ns.meta_mapg(peer=v), np.linspace(0, low, 25), parameter="peer", **paid)
    assert all(one.value < 0.6 for one in curve.estimates)


@pytest.mark.long
def test_a_subsidy_that_makes_the_game_symmetric_gives_half_the_square():
    # R = 5: what is lost by deviating is the same at both equilibria, so that p -> 1 - p swaps their basins
    found = steer(
        HUNT, lambda R: ns.games.stag_hunt(R=R), "CC", 0.5, low=4, high=5.5, rule=ns.pg(), grid=21, steps=600,
        tolerance=1e-4,
    )  # fmt: skip
    assert found.bracket[1] == pytest.approx(5.0, abs=0.05)
    assert found.prices[0] == 0.0
    assert found.at(4.0).value < 0.3
    # the price is (R − 4) for each of two players whenever both cooperate: at most that, and more for more
    k = int(np.argmin(np.abs(found.values - found.bracket[1])))
    assert 0.2 < found.price / (2 * (found.values[k] - 4)) < 0.6
    assert (np.diff(found.prices[::4]) > 0).all()


def tax_paid(tax, grid, steps):
    """Mean over all profiles of exact policy gradient from cells, by its formula, where D pays a tax."""
    centres = 0.05 + 0.9 * (np.arange(grid) + 0.5) / grid
    p = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
    theta, paid = np.log(p / (1 - p)), []
    for step in range(steps + 1):
        p = 1 / (1 + np.exp(-theta))
        paid.append(tax * (1 - p).sum(axis=1).mean())
        gain = p[:, ::-1] * (4 - (3 - tax)) + (1 - p[:, ::-1]) * (0 - (2 - tax))
        theta = np.clip(theta + 0.9 / (step + 10) ** 0.24 * p * (1 - p) * gain, -8, 8)
    return np.mean(paid)


def test_what_a_tax_takes_away_is_no_part_of_the_price_and_is_said():
    found = steer(
        HUNT, lambda tax: ns.games.stag_hunt(T=3 - tax, P=2 - tax), "CC", 0.5, low=0, high=1.8, rule=ns.pg(), grid=9,
        scan=3, tolerance=1.0,
    )  # fmt: skip
    np.testing.assert_array_equal(found.prices, 0.0)
    words, taken = found.priced_in.rsplit(" ", 1)
    assert words.endswith("against value = 0; not set against it is what is taken away, up to")
    assert float(taken) == pytest.approx(max(tax_paid(tax, 9, 140) for tax in (0.9, 1.8)), abs=5e-4)


@pytest.mark.long
def test_the_price_of_a_coefficient_is_the_payoff_lost_against_the_lower_end():
    found = steer(HUNT, "peer", "CC", 0.5, grid=21, scan=5, tolerance=1.0)
    alone = ns.basin_map(HUNT, ns.meta_mapg(peer=0.0), grid=21, reducers=PAID)
    np.testing.assert_allclose(found.payoffs[0], alone.reduced["payoffs"].reshape(-1, 2).mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(found.prices, found.payoffs[0].mean() - found.payoffs.mean(axis=1))
    assert found.price < 0
    assert "peer = 0" in found.priced_in


@pytest.mark.long
def test_what_is_reached_and_lost_again_is_said():
    def there_and_back(value):
        return ns.meta_mapg(peer=6.0 * math.sin(math.pi * value))

    found = steer(HUNT, there_and_back, "CC", 0.5, low=0, high=1, grid=21, tolerance=1e-3)
    (up, down) = found.switches
    assert (up.rises, down.rises) == (True, False)
    assert up.middle == pytest.approx(1 - down.middle, abs=2e-3)
    assert found.lost_again == down
    assert "lost again" in repr(found)
    assert found.bracket == (up.low, up.high)


@pytest.mark.long
def test_all_of_the_warm_ups_of_one_start_are_those_of_a_handoff():
    start = [[0.62, 0.6]]
    found = steer(
        HUNT, "warm_up", "CC", 1.0, starts=ns.starts.strategies(start), rule=ns.meta_mapg(peer=3), steps=150,
        precision="float64",
    )  # fmt: skip
    needed = corrected_steps_needed(HUNT, ns.meta_mapg(peer=3), start, "CC", steps=150).steps(0)
    assert needed is not None
    assert needed > 0
    assert found.bracket == (needed - 1, needed)
    assert found.searched == (0, 150)


@pytest.mark.long
def test_restarts_follow_the_tail_of_a_geometric_distribution():
    found = steer(HUNT, "restarts", "CC", 0.99, n=2000)
    how = {"starts": ns.starts.uniform(-3, 3), "steps": 120}
    p = ns.entry_probability(HUNT, ns.meta_mapg(), n=2000, **how).probability("CC").value
    k = found.values[found.verdicts.index(True)]
    assert found.bracket[1] == k
    assert found.bracket[0] <= math.log(0.01) / math.log(1 - p) <= k
    for value, share in zip(found.values, found.shares, strict=True):
        assert share.value == pytest.approx(1 - (1 - p) ** value)
        assert share.low < share.value < share.high or value > 20
    made = [sum(j * p * (1 - p) ** (j - 1) for j in range(1, k)) + k * (1 - p) ** (k - 1) for k in (1, 5)]
    assert [found.prices[0], found.prices[4]] == pytest.approx(made)


@pytest.mark.long
def test_random_starts_have_an_interval_and_the_same_starts_at_all_values():
    how = {"starts": ns.starts.normal(std=1.2), "n": 150, "seed": 4}
    found = steer(HUNT, "peer", "CC", 0.5, tolerance=0.05, **how)
    high = found.bracket[1]
    entry = ns.entry_probability(HUNT, ns.meta_mapg(peer=high), reducers=PAID, **how)
    assert found.at(high) == entry.probability("CC")
    assert found.at(high).method == "Wilson"
    assert "for these 150 starts" in found.promise
    assert found.trials.tolist() == [150] * len(found.values)


@pytest.mark.long
def test_sampled_updates_are_decided_by_tests_that_hold_together():
    found = steer(
        HUNT, "peer", "CC", 0.6, low=0, high=8, scan=3, tolerance=1.0, estimator=ns.sampled(128), steps=140,
        most_trials=512, seed=2,
    )  # fmt: skip
    assert found.about == "distribution"
    low, high = found.bracket
    assert found.at(0.0).high < 0.6 < found.at(high).low
    assert found.at(high).level == pytest.approx(1 - 0.05 / 9)
    assert all(one.trials <= 512 and one.trials % 256 == 0 for one in found.shares)
    assert found.trials[0] < 512
    # against many more runs with other random numbers
    how = {"n": 2560, "estimator": ns.sampled(128), "steps": 140, "seed": 77, "reducers": PAID}
    for value in (low, high):
        many = ns.entry_probability(HUNT, ns.meta_mapg(peer=value), **how).probability("CC").value
        assert found.at(value).contains(many)
        assert (many >= 0.6) == (value == high)


def test_too_few_trials_leave_it_open():
    found = steer(
        HUNT, "peer", "CC", 0.25, low=0.0, high=0.1, scan=2, tolerance=0.1, about="distribution", steps=80,
        most_trials=256, starts=ns.starts.uniform_strategies(),
    )  # fmt: skip
    assert found.status is Status.UNDECIDED
    assert found.verdicts == (None, None)
    assert found.bracket is None


@pytest.mark.long
def test_given_starts_with_sampled_updates_are_taken_at_random():
    sure, never = [0.97, 0.97], [0.03, 0.03]
    found = steer(
        HUNT, "peer", "CC", 0.5, low=0, high=1, scan=2, tolerance=1.0, estimator=ns.sampled(16), steps=60,
        starts=ns.starts.strategies([sure, sure, sure, never]), most_trials=2048,
    )  # fmt: skip
    assert found.bracket == (0.0, 0.0)
    assert found.at(0.0).contains(0.75)


def test_nothing_tried_reaches_it():
    found = steer(ns.games.prisoners_dilemma(), "peer", "CC", 0.5, grid=21, scan=4)
    assert found.bracket is None
    assert found.price is None
    assert found.ends is None
    assert "not reached by peer up to 10" in repr(found)
    assert found.best[1].value < 0.5


def test_noise_is_in_what_players_read():
    learners = ns.open_source(ns.games.donation(), 0.8)
    case = dial_of("noise")(case_of(learners, ns.pg()), 1.5)
    noisy = ns.semantics.imperfect(learners.semantics, noise=1.5)
    theta = np.array([0.7, -0.4], np.float32)
    for own, other in zip(case.game.strategies(theta), noisy.strategies(theta), strict=True):
        np.testing.assert_array_equal(own, other)


@pytest.mark.long
def test_noise_is_steered_by():
    learners = ns.open_source(ns.games.donation(), 0.8)
    found = steer(
        learners, "noise", ["CC"], 0.9, low=0.0, high=0.5, scan=2, tolerance=0.5, starts=diagonal(0.4), steps=200
    )
    assert found.parameter == "noise"
    assert found.bracket == (0.0, 0.0)


@pytest.mark.long
def test_three_players_and_interruption():
    def stop(done, total):
        assert done <= total
        if done == 3:
            raise KeyboardInterrupt

    found = steer(HUNT, "peer", "CC", 0.5, grid=21, steps=30, progress=stop)
    assert found.status is Status.INTERRUPTED
    assert len(found.values) >= 2
    three = ns.games.dense(np.random.default_rng(0).normal(size=(3, 2, 2, 2)))
    made = steer(three, "own", ["AAA"], 0.01, n=32, starts=ns.starts.normal(), scan=3, tolerance=1.0, steps=40)
    assert made.payoffs.shape[1] == 3


@pytest.mark.long
def test_one_program_serves_all_values():
    found = steer(HUNT, "peer", "CC", 0.5, grid=21, steps=33, tolerance=0.05)
    again = steer(HUNT, "peer", "CC", 0.45, grid=21, steps=33, tolerance=0.05)
    assert again.provenance.compile_seconds == 0
    # and those of runs that were made again, to be watched
    assert found.provenance.trajectory_steps >= len(found.values) * 441 * 33
    data = found.to_dict()
    assert data["parameter"] == "peer"
    assert found.question.key != again.question.key


def test_a_dial_turns_what_its_name_says():
    def turned(name, value, rule=None):
        return dial_of(name)(case_of(HUNT, rule or usual_rule(name)), value)

    rule = turned("inner_lr", 0.25, ns.lola()).rule
    assert (rule.name, rule.inner_lr) == ("lola", 0.25)
    assert turned("lookahead", 0.5).rule.lookahead(0) == 0.5
    case = turned("coupling", 0.5)
    assert case.rule.name == "pg"
    np.testing.assert_allclose(case.game.semantics.matrix, [[1, 0.5], [0.5, 1]])


@pytest.mark.long
def test_runs_that_have_not_settled_matter_only_where_they_could_move_the_answer():
    """Counted again from maps of all starts, at every value below the answer."""
    how = {"grid": 11, "steps": 60}
    few = steer(HUNT, "peer", "CC", 0.6, low=2.0, high=5.0, scan=4, tolerance=1e-3, **how)
    maps = [ns.basin_map(HUNT, ns.meta_mapg(peer=value), reducers=PAID, **how).labels for value in few.values]
    reached = np.array([(labels == target_code(0)).sum() for labels in maps])
    unsettled = np.array([(~is_complete(labels)).sum() for labels in maps])
    np.testing.assert_array_equal(few.unsettled, unsettled)
    np.testing.assert_array_equal(few.movable, (reached < 0.6 * 121) & (reached + unsettled >= 0.6 * 121))
    assert few.status is Status.UNRESOLVED
    k = int(np.argmax(few.movable))
    assert few.not_below == few.values[k - 1] < few.bracket[1]
    last = int(np.flatnonzero(few.movable & (few.values < few.bracket[1]))[-1])
    said = f"{unsettled[last]} of 121 starts unsettled at {few.values[last]:.6g}"
    assert said in repr(few)
    assert said in few.advice
    assert few.text.endswith(few.advice)
    assert f"not below {few.not_below:.6g}" in repr(few)
    # longer runs move it, and no further than that
    more = steer(HUNT, "peer", "CC", 0.6, low=2.0, high=5.0, scan=4, tolerance=1e-3, grid=11, steps=2000)
    assert few.not_below <= more.bracket[1] <= few.bracket[1]


def test_unsettled_starts_that_cannot_move_it_leave_the_answer_complete():
    """Two starts are enough of each kind to be sure; one at rest for ever between the basins makes no difference."""
    found = steer(
        HUNT, "own", "CC", 0.5, low=0.0, high=1.0, scan=2, tolerance=1.0, rule=ns.meta_mapg(peer=0.0), steps=30,
        starts=ns.starts.strategies([[0.9, 0.9], [0.95, 0.95], [0.68, 0.64]]),
    )  # fmt: skip
    assert found.unsettled.min() > 0
    assert found.at(0.0).value == pytest.approx(2 / 3)
    assert found.status is Status.COMPLETE
    below = steer(
        HUNT, "own", "CC", 0.9, low=0.0, high=0.1, scan=2, tolerance=1.0, rule=ns.meta_mapg(peer=0.0), steps=30,
        starts=ns.starts.strategies([[0.9, 0.9], [0.1, 0.1], [0.68, 0.64]]),
    )  # fmt: skip
    assert below.unsettled.min() > 0
    assert below.bracket is None
    assert below.status is Status.COMPLETE
    assert below.advice == Status.COMPLETE.advice


@pytest.mark.long
def test_of_whole_numbers_it_is_said_which_is_enough_and_which_are_open():
    found = steer(HUNT, "restarts", "CC", 0.99, n=200)
    low, high = found.bracket
    open_ones = [value for value, verdict in zip(found.values, found.verdicts, strict=True) if verdict is None]
    assert found.status is Status.UNDECIDED
    assert open_ones[0] == low + 1
    assert open_ones[-1] == high - 1
    said = f"({high:g} is enough, {low + 1:g} to {high - 1:g} open, {low:g} is not)"
    assert said in repr(found)
    assert said[1:-1] in found.text
    assert "Raise n" in found.text
    sure = steer(HUNT, "warm_up", "CC", 0.3, grid=7)
    low, high = sure.bracket
    assert f"({high:g} is enough, {low:g} is not)" in repr(sure)


def test_an_error_of_a_function_is_said_with_its_value():
    with pytest.raises(InputError, match=r"at value = 0.5: the function raised ZeroDivisionError") as caught:
        steer(HUNT, lambda x: 1 / (x - 0.5), "CC", low=0.5, high=1)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


BAD = {
    "of the command line": ([HUNT, "game:R"], {"low": 4, "high": 5}, "in Python give a function.*lambda R"),
    "unknown": ([HUNT, "pear"], {}, "did you mean 'peer'"),
    "at_least": ([HUNT, "peer", "CC", 1.2], {}, "at_least"),
    "no range": ([HUNT, lambda x: ns.pg()], {}, "give low and high"),
    "not a function of one": ([HUNT, ns.pg], {"low": 0, "high": 1}, "cannot be called with one value"),
    "gives anything": ([HUNT, lambda x: x], {"low": 0, "high": 1}, "at value = 0"),
    "no such coefficient": ([HUNT, "peer"], {"rule": ns.pg()}, "no peer coefficient"),
    "no effect": ([HUNT, "peer"], {"rule": ns.peer_only(inner_lr=0.0)}, "does nothing"),
    "negative step": ([HUNT, "inner_lr"], {"low": -1}, "at inner_lr = -1"),
    "coupled how": ([ns.parametric(HUNT, ns.semantics.simplex((2, 2))), "coupling"], {}, "whose parameters are logits"),
    "noise of what": ([HUNT, "noise"], {}, "open_source"),
    "sampled exactly": ([HUNT, "peer"], {"estimator": ns.sampled(8), "about": "starts"}, "no exact shares"),
    "about": ([HUNT, "peer"], {"about": "runs"}, "unknown about"),
    "grid and n": ([HUNT, "peer"], {"grid": 5, "n": 5}, "not both"),
    "grid at random": ([HUNT, "peer"], {"grid": 5, "about": "distribution"}, "in place of a grid"),
    "n at random": ([HUNT, "peer"], {"n": 5, "about": "distribution"}, "most_trials"),
    "sure": ([HUNT, "peer", "CC", 1.0], {"about": "distribution"}, "probability is one"),
    "no chance": ([HUNT, "peer"], {"starts": diagonal(0.1), "about": "distribution"}, "nothing to chance"),
    "order": ([HUNT, "peer"], {"low": 3, "high": 1}, "low < high"),
    "option": ([HUNT, "peer"], {"step": 3}, "unknown option of steer 'step'"),
    "no target": ([ns.games.matching_pennies(), "peer"], {}, "no strict pure equilibrium"),
    "restarts of points": ([HUNT, "restarts"], {"starts": diagonal(0.1)}, "distribution of starts"),
    "restarts on a grid": ([HUNT, "restarts"], {"grid": 5}, "leave grid"),
    "sure restarts": ([HUNT, "restarts", "CC", 1.0], {}, "no number of restarts"),
    "part of a start": ([HUNT, "restarts"], {"low": 1.5}, "whole number"),
}


@pytest.mark.parametrize(("what", "options", "part"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_refused(what, options, part):
    with pytest.raises(InputError, match=part):
        steer(*what, **options)


@pytest.mark.long
def test_several_rules_are_steered_at_once():
    rules = [ns.meta_mapg(), ns.peer_only()]
    found = ns.steer(HUNT, "peer", "CC", 0.5, rule=rules, grid=9, scan=3, tolerance=2.0)
    assert list(found) == ["meta_mapg", "peer_only"]
    for rule in rules:
        alone = ns.steer(HUNT, "peer", "CC", 0.5, rule=rule, grid=9, scan=3, tolerance=2.0)
        assert found[rule.name].question == alone.question
        assert found[rule.name].verdicts == alone.verdicts
    again = ns.steer(HUNT, "restarts", "CC", 0.9, rule=[ns.pg(), ns.meta_mapg()], n=40, steps=30)
    assert [one.rule for one in again.values()] == ["pg", "meta_mapg"]


@pytest.mark.long
def test_who_reads_each_other_already_is_steered_on_the_graph_that_there_is():
    game = ns.games.volunteers_dilemma(3)
    line = ns.open_source(game, 0.1, graph=[(0, 1), (1, 2)])
    found = ns.sweep(line, "coupling", [0.0, 0.6], starts=ns.starts.normal(std=1.0), n=40, steps=40, targets=["CCC"])
    for k, value in enumerate((0.0, 0.6)):
        made = ns.open_source(game, value, graph=[(0, 1), (1, 2)])
        alone = ns.entry_probability(made, ns.pg(), starts=ns.starts.normal(std=1.0), n=40, steps=40, targets=["CCC"])
        np.testing.assert_array_equal(found.results[k].labels, alone.labels)
