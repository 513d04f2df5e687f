"""Mechanisms for agents who find things out: closed forms, deviations tried one by one, fractions, and learning."""

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Status
from nashscape.theory.mechanisms.chance_programs import exact_bound
from nashscape.theory.mechanisms.cost_searches import searched_costs
from nashscape.theory.mechanisms.incentive_programs import program_of
from nashscape.theory.mechanisms.inviting import Offer, inviting

SEEN = [[["1", "0"], ["1", "0"]], [["7/10", "3/10"], ["1/5", "4/5"]]]
"""Rest shows nothing; work is right with .7 and .8."""


def coin(cost, *, stake=50, prior=("3/5", "2/5"), most_paid=1):
    worth = [[stake, 0], [0, stake]]
    return ns.theory.acquisition_problem(SEEN, [[0, cost]], worth, prior=prior, most_paid=most_paid)


def inspectors(costs=("1/4", "1/4"), right=("5/8", "5/8"), most_paid=1, stake=16):
    """Who works sees the state with that chance, both the same sign as far as they can; who rests sees nothing."""
    signals = np.full((2,) * 5, F(0), dtype=object)
    one, other = sorted(map(F, right))
    for state in range(2):
        flip = [state, 1 - state]
        for who, chance in enumerate(map(F, right)):
            at = [(1, 0), (0, 1)][who]
            for sign, p in zip(flip, (chance, 1 - chance), strict=True):
                signals[(*at, state, *((sign, 0) if who == 0 else (0, sign)))] = p
        better = 0 if F(right[0]) > F(right[1]) else 1
        signals[(1, 1, state, state, state)] = one
        signals[(1, 1, state, 1 - state, 1 - state)] = 1 - other
        signals[(1, 1, state, *((state, 1 - state) if better == 0 else (1 - state, state)))] += other - one
        signals[0, 0, state, 0, 0] = F(1)
    return ns.theory.acquisition_problem(
        signals, [[0, own] for own in costs], [[stake, 0], [0, stake]], prior=["1/2", "1/2"], most_paid=most_paid,
        efforts=[["rest", "work"]] * 2,
    )  # fmt: skip


def random_problem(shape, seed):
    """Unequal numbers of efforts and signals, and signals that depend on each other."""
    efforts, signals, states = shape
    random, n = np.random.default_rng(seed), len(efforts)
    table = random.integers(1, 9, size=(*efforts, states, *signals)) ** 2.0
    table /= table.sum(axis=tuple(range(n + 1, 2 * n + 1)), keepdims=True)
    costs = [np.arange(k) * random.uniform(0.02, 0.05) for k in efforts]
    worth, prior = random.integers(0, 9, size=(states + 1, states)), random.dirichlet(np.ones(states))
    return ns.theory.acquisition_problem(table, costs, worth, prior=prior, most_paid=2)


def utility(problem, found, i, told, done, reports):
    """What agent i is left where it is told, does, and reports so, while others obey: event by event."""
    information, n, total = problem.information, len(problem.agents), 0.0
    for b in np.ndindex(*found.chances.shape):
        if b[i] != told or not found.chances[b]:
            continue
        efforts = (*b[:i], done, *b[i + 1 :])
        for event in np.ndindex(*information.shape[n:]):
            told_of = (*event[:i], reports[event[i]], *event[i + 1 :])
            total += found.chances[b] * information[efforts + event] * found.payments[i][b + told_of]
        total -= found.chances[b] * float(problem.costs[i][done])
    return total


SHAPES = [((2, 3), (3, 2), 2), ((3, 2), (2, 2), 3), ((2, 2, 2), (2, 1, 2), 2)]


@pytest.mark.parametrize(("shape", "seed"), [(shape, seed) for shape in SHAPES for seed in (0, 4)])
def test_every_effort_with_every_map_of_reports_gains_what_the_result_says_and_nothing(shape, seed):
    problem = random_problem(shape, seed)
    found = ns.theory.acquisition_mechanism(problem)
    for i, (efforts, signals) in enumerate(zip(shape[0], shape[1], strict=True)):
        honest = tuple(range(signals))
        for a, d in product(range(efforts), repeat=2):
            obeys = utility(problem, found, i, a, a, honest)
            best = max(utility(problem, found, i, a, d, own) for own in product(range(signals), repeat=signals))
            assert best - obeys == pytest.approx(found.gains[i][a, d], abs=1e-12)
            assert best - obeys <= 1e-9
    assert found.status is Status.COMPLETE
    assert found.largest_gain <= 1e-9


def test_some_of_these_pay_somebody_and_would_not_be_obeyed_for_less():
    paying = [random_problem(shape, seed) for shape in SHAPES for seed in range(6)]
    found = [ns.theory.acquisition_mechanism(one) for one in paying]
    some = [(one, own) for one, own in zip(paying, found, strict=True) if own.paid.sum() > 1e-6]
    assert len(some) >= 5
    for problem, own in some:
        less = ns.theory.deviation_gains(problem, own.chances, [0.9 * one for one in own.payments])
        assert max(one.max() for one in less) > 1e-4


def test_work_of_one_agent_is_paid_as_the_v_shaped_scoring_rule_says():
    found = ns.theory.acquisition_mechanism(coin("1/10"))
    assert found.paid[0] == pytest.approx(0.1 * 1.5 / 0.5, abs=1e-9)
    # right is worth 50: 50 (.6 · .7 + .4 · .8) is got by work
    assert found.value == pytest.approx(50 * 0.74 - 0.3, abs=1e-9)
    assert found.chances.tolist() == [0.0, 1.0]
    # who only guesses is paid as much, less the cost, with either report: the kink is at the prior
    paid = found.payments[0][1]
    assert 0.6 * paid[0, 0] + 0.4 * paid[0, 1] == pytest.approx(0.2, abs=1e-9)
    assert 0.6 * paid[1, 0] + 0.4 * paid[1, 1] == pytest.approx(0.2, abs=1e-9)


@pytest.mark.parametrize(("share", "works"), [(0.999, 1.0), (1.001, 0.0)])
def test_the_largest_cost_that_payments_cover_is_that_of_the_v_shaped_rule(share, works):
    most = 0.5 * 0.4 * 0.5  # M min(p, 1 − p) (.7 + .8 − 1)
    found = ns.theory.acquisition_mechanism(coin(share * most, stake=5000, most_paid=0.5))
    assert found.chances[1] == pytest.approx(works, abs=1e-9)


def test_correlated_efforts_are_worth_a_third_of_the_cost_more_in_fractions():
    problem = inspectors()
    chances = np.array([[F(0), F(1, 3)], [F(1, 3), F(1, 3)]], dtype=object)
    payment = np.full((2,) * 5, F(0), dtype=object)
    payment[1, 1, 0, 0] = payment[1, 1, 1, 1] = F(1)
    gains = ns.theory.deviation_gains(problem, chances, [payment, payment])
    assert max(own.max() for own in gains) == 0
    told = chances.reshape(2, 2, 1, 1, 1)
    value = (chances * problem.values).sum() - 2 * (told * problem.exact * payment).sum()
    assert value == F(28, 3)
    best = ns.theory.acquisition_mechanism(problem)
    alone = ns.theory.acquisition_mechanism(problem, recommendations="independent")
    assert best.value == pytest.approx(28 / 3, abs=1e-9)
    assert best.bound == pytest.approx(28 / 3, abs=1e-9)
    assert F(best.bound) >= F(28, 3)
    assert alone.value == pytest.approx(37 / 4, abs=1e-9)
    assert F(37, 4) <= F(alone.bound) < F(28, 3) - F(8, 100)
    lying = payment.copy()
    lying[1, 1, 0, 1] = F(1)
    assert max(own.max() for own in ns.theory.deviation_gains(problem, chances, [lying, payment])) > 0


def test_the_best_independent_recommendations_are_those_of_a_fine_grid():
    problem = inspectors(costs=("1/4", "7/25"), right=("5/8", "41/64"))
    found = ns.theory.acquisition_mechanism(problem, recommendations="independent", gap=1e-3)
    costs = [np.array(own, float) for own in problem.costs]
    values = []
    for q in np.linspace(0, 1, 41):
        box = [((1 - q, 1 - q), (q, q))]
        own = program_of(problem.information, problem.values.astype(float), costs, 1.0, box).solved()
        values.append(-1.0 if own is None else own.value)
    assert found.bound >= max(values) - 1e-9
    assert found.value >= max(values) - 1e-3
    np.testing.assert_allclose(found.chances, np.outer(found.chances.sum(1), found.chances.sum(0)), atol=1e-9)
    assert found.value < ns.theory.acquisition_mechanism(problem).value - 0.02
    assert found.status is Status.COMPLETE
    assert ns.theory.acquisition_mechanism(problem, recommendations="independent", gap=1e-3,
                                           most_programs=2).status is Status.UNDECIDED  # fmt: skip


def test_recommendations_of_three_agents_are_independent_as_well():
    def seen(a, b):
        return [[[1, 0], [1, 0]], [[a, 1 - a], [1 - b, b]]]

    signals = ns.theory.independent_signals([seen(F(3, 4), F(5, 8)), seen(F(5, 8), F(3, 4)), seen(F(7, 8), F(1, 2))])
    problem = ns.theory.acquisition_problem(
        signals, [[0, "1/8"], [0, "1/10"], [0, "1/9"]], [[8, 0], [0, 8]], prior=["1/2", "1/2"], most_paid=2
    )
    found = ns.theory.acquisition_mechanism(problem, recommendations="independent")
    own = [found.chances.sum(axis=tuple(j for j in range(3) if j != i)) for i in range(3)]
    np.testing.assert_allclose(found.chances, np.einsum("a,b,c->abc", *own), atol=1e-9)
    # what others report tells nothing of an effort here, and correlation nothing
    assert found.value == pytest.approx(ns.theory.acquisition_mechanism(problem).value, abs=1e-4)


def test_any_prices_bound_the_value_in_fractions():
    problem = inspectors()
    costs = [np.array(own, dtype=object) for own in problem.costs]
    program = program_of(problem.exact, problem.values, costs, problem.most_paid)
    solved = program.solved()
    assert F(28, 3) <= exact_bound(program, solved) < F(28, 3) + F(1, 10**9)
    worse = type(solved)(solved.point, solved.value, solved.prices * 0.5, solved.level)
    assert exact_bound(program, worse) > F(28, 3) + F(1, 100)


def test_independent_signals_are_products():
    first, second = np.array(SEEN, dtype=object), [[["1/2", "1/4", "1/4"], ["1/8", "1/8", "3/4"]]]
    joint = ns.theory.independent_signals([first, second])
    assert joint.shape == (2, 1, 2, 2, 3)
    for a, t, s, r in np.ndindex(2, 2, 2, 3):
        assert joint[a, 0, t, s, r] == F(first[a, t, s]) * F(second[0][t][r])


def test_costs_are_found_by_binary_search_along_a_chain_of_efforts():
    """Three efforts, the later the better and the dearer: each is left for the next as payments are scaled down."""
    right = np.array([[0.5, 0.5], [0.7, 0.75], [0.9, 0.85]])
    information = np.stack([0.5 * np.array([[p, 1 - q], [1 - p, q]]) for p, q in right])
    costs = np.array([0.03, 0.05, 0.12])  # of resting too, of which only differences are found
    scales = np.array([0.0, 0.2, 1.0])[:, None, None]  # at which each order is followed
    paid = scales * np.eye(2) / 3
    found = searched_costs(information, information, Offer(np.ones(3) / 3, (paid,)), costs, 0, halvings=40)
    np.testing.assert_allclose(found.costs, [0.0, 0.02, 0.09], atol=1e-9)
    rough = searched_costs(information, information, Offer(np.ones(3) / 3, (paid,)), costs, 0, halvings=6)
    assert 1e-6 < np.abs(rough.costs - [0.0, 0.02, 0.09]).max() < 0.02
    assert (rough.offers.tolist(), found.offers.tolist()) == ([2, 8, 14], [2, 42, 82])


def test_the_mechanism_to_explore_with_loses_its_margin_by_whatever_deviation():
    problem = inspectors(costs=("1/4", "1/5"), right=("3/4", "11/16"), most_paid=2)
    found = inviting(problem)
    chances, paid = found.offer.chances, found.offer.paid
    np.testing.assert_allclose(chances, 0.25, atol=1e-9)
    gains = ns.theory.deviation_gains(problem, chances, [own / 0.25 for own in paid])
    for own in gains:
        assert own[0, 1] <= -found.margin / 2 + 1e-9  # half the rounds tell each effort
        assert own[1, 0] <= -found.margin / 2 + 1e-9
    lies = []
    for i, a, s in product(range(2), range(2), range(2)):
        paid_for = np.moveaxis(paid[i], (i, 2 + i), (0, 1))[a]
        seen = np.moveaxis(problem.information, (i, 2 + i), (0, 1))[a, s]
        often = 0.25 * seen.sum()
        lies.append((seen * (paid_for[s] - paid_for[1 - s])).sum() - found.margin * often)
    assert min(lies) >= -1e-9
    assert found.margin > 0.1


def test_regret_grows_as_promised_and_as_rounds_where_nothing_is_learned():
    problem = inspectors(most_paid=2)
    lengths = [10_000, 100_000, 1_000_000]
    found = ns.theory.learned_acquisition(problem, rounds=lengths, runs=8)
    assert found.obeyed.all()
    assert found.slope.value > 2 / 3
    assert found.slope.high < 2 / 3 + 0.1
    assert found.best == pytest.approx(ns.theory.acquisition_mechanism(problem).value)
    bold = ns.theory.learned_acquisition(problem, rounds=lengths, runs=8, caution=0.0)
    assert not bold.obeyed.any()
    # what nobody need follow counts as the worst decisions, 16 · 3/8, and all that can be paid
    later = (bold.regrets - bold.spent * bold.regrets[0, 0] / bold.rounds[0]) / np.maximum(bold.rounds[:, None], 1)
    assert later.max() < found.best - (6 - 4)
    wary = ns.theory.learned_acquisition(problem, rounds=lengths, runs=8, caution=1e6)
    per_round = wary.regrets / np.array(lengths)[:, None]
    np.testing.assert_allclose(per_round, per_round[0, 0], rtol=0.3)
    assert 0.9 < wary.slope.value < 1.01


def test_a_run_with_the_same_seed_is_the_same_and_another_is_another():
    problem = coin("1/10", stake=4)
    same = [ns.theory.learned_acquisition(problem, rounds=[1_000, 8_000], runs=3, seed=s).regrets for s in (1, 1, 2)]
    np.testing.assert_array_equal(same[0], same[1])
    assert not np.array_equal(same[0], same[2])


GIVEN = {"signals": SEEN, "costs": [[0, 0.1]], "worth": [[1, 0], [0, 1]], "prior": [0.5, 0.5], "most_paid": 1}


@pytest.mark.parametrize(("change", "said"), [
    ({"prior": [0.5, 0.6]}, "prior must sum to one; there is a sum of 1.1"),
    ({"prior": [1.5, -0.5]}, "prior must not be negative; the least chance is -0.5"),
    ({"signals": [[[1, 0], [1, 0]], [[0.7, 0.2], [0.2, 0.8]]]}, "signals in each state must sum to one; .* 0.9"),
    ({"costs": [[0, -0.1]]}, "costs must not be negative"),
    ({"costs": [[0, 0.1, 0.2]]}, r"signals must have the shape \(3, 2, signals of 1\)"),
    ({"costs": []}, "signals must have the shape"),
    ({"most_paid": 0}, "most_paid must be above 0"),
    ({"most_paid": "much"}, "most_paid must be a finite real number"),
    ({"worth": [[1, 0, 0]]}, r"worth must have shape \(decisions, 2\)"),
    ({"efforts": [["work", "work"]]}, "a name for each effort"),
])  # fmt: skip
def test_bad_input_is_refused_at_the_door(change, said):
    given = GIVEN | change
    with pytest.raises(InputError, match=said):
        ns.theory.acquisition_problem(given.pop("signals"), given.pop("costs"), given.pop("worth"), **given)


def test_what_is_too_large_is_refused_with_its_size():
    many = [[[["1", "0"], ["1", "0"]]] * 3] * 5
    signals = ns.theory.independent_signals(many)
    with pytest.raises(InputError, match=r"5 agents with 3 × 3 × 3 × 3 × 3 efforts .* need 78,093 unknowns"):
        ns.theory.acquisition_problem(signals, [[0, 1, 2]] * 5, [[1, 0]], prior=[0.5, 0.5], most_paid=1)


def test_other_bad_input():
    problem = coin("1/10")
    with pytest.raises(InputError, match="did you mean 'independent'"):
        ns.theory.acquisition_mechanism(problem, recommendations="indepedent")
    with pytest.raises(InputError, match="chances must have shape"):
        ns.theory.deviation_gains(problem, np.ones(3) / 3, [np.zeros((2, 2, 2))])
    with pytest.raises(InputError, match="two lengths or more"):
        ns.theory.learned_acquisition(problem, rounds=[1000])
    with pytest.raises(InputError, match=r"no payments up to most_paid make agents"):
        ns.theory.learned_acquisition(coin("1/10", most_paid=0.01), rounds=[1000, 2000])
    with pytest.raises(InputError, match="with the same states"):
        ns.theory.independent_signals([SEEN, [[[1.0]]]])


@pytest.mark.parametrize("unit", [F(1, 10**12), F(10**9)])
def test_the_unit_of_money_changes_nothing_else(unit):
    problem = inspectors(costs=(unit / 4, unit / 4), most_paid=2 * unit, stake=16 * unit)
    ours, usual = ns.theory.acquisition_mechanism(problem), ns.theory.acquisition_mechanism(inspectors(most_paid=2))
    assert ours.value / float(unit) == pytest.approx(usual.value, abs=1e-9)
    assert ours.bound / float(unit) == pytest.approx(usual.bound, abs=1e-9)
    assert ours.status is Status.COMPLETE
    np.testing.assert_allclose(ours.paid / float(unit), usual.paid, atol=1e-9)
    learned = [
        ns.theory.learned_acquisition(one, rounds=[1_000, 8_000], runs=3) for one in (problem, inspectors(most_paid=2))
    ]
    np.testing.assert_allclose(learned[0].regrets / float(unit), learned[1].regrets, rtol=1e-6)
    assert learned[0].margin / float(unit) == pytest.approx(learned[1].margin)


def test_one_program_gives_a_bound_and_says_that_it_is_not_near():
    found = ns.theory.acquisition_mechanism(inspectors(), recommendations="independent", most_programs=1)
    assert found.status is not Status.COMPLETE
    assert float(found.bound) >= 9.25


def test_gains_are_of_chances_and_of_payments_that_there_can_be():
    one = coin("1/10")
    found = ns.theory.acquisition_mechanism(one)
    with pytest.raises(InputError, match="at least 0 and sum to one; got the sum 2"):
        ns.theory.deviation_gains(one, [5.0, -3.0], found.payments)
    with pytest.raises(InputError, match="payments are from 0 to 1; got -7"):
        ns.theory.deviation_gains(one, found.chances, [own * 0 - 7 for own in found.payments])
