"""The card of reservoirs that play: schedules by enumeration, runs against loops by hand, estimators against laws."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.spatial import cKDTree

import nashscape as ns
from nashscape.systems.body_reservoir import bodies, experiments, filters, governance, measuring

BLOCKS = [(2, Fraction(0)), (1, Fraction(1)), (3, Fraction(1, 3)), (2, Fraction(1, 4))]


def few(count: int, units: int) -> bodies.Bodies:
    """Bodies with a readout of their own."""
    random = np.random.default_rng(5)
    made = bodies.drawn(count, units, random)
    return made._replace(readout=random.normal(size=(count, units)).astype("f"), offset=np.full(count, 0.3, "f"))


@pytest.mark.parametrize("action", [None, 0, 1, Fraction(2, 7)])
def test_what_a_schedule_pays_is_the_sum_over_all_its_courses(action):
    chances = [chance for rounds, chance in BLOCKS for _ in range(rounds)]
    total = Fraction(0)
    for course in product((0, 1), repeat=len(chances)):
        weight = Fraction(1)
        for other, chance in zip(course, chances, strict=True):
            weight *= 1 - chance if other else chance
        before = course[0]
        for other in course:
            own = before if action is None else action
            total += weight * (3 * own * other + 5 * (1 - own) * other + (1 - own) * (1 - other))
            before = other
    assert filters.expected(BLOCKS, action) == total


def test_drawn_schedules_pay_what_is_expected():
    drawn = filters.schedules(400, filters.BLOCKS, np.random.default_rng(0))
    echo = np.concatenate([drawn[:, :1], drawn[:, :-1]], axis=1)
    for action, own in ((None, echo), (0, 0.0), (1, 1.0), (Fraction(19, 20), 0.95)):
        earned = filters.paid(own, drawn).sum(axis=1)
        away = earned.mean() - float(filters.expected(measuring.EXACT, action))
        assert abs(away) < 4 * earned.std(ddof=1) / 20
    np.testing.assert_array_equal(filters.smoothed(drawn, 0.0)[:, 1:], drawn[:, :-1])


def test_averages_and_their_recoveries_have_closed_forms():
    opponents = np.repeat([1.0, 0.0, 1.0], [7, 5, 90])
    made = filters.smoothed(opponents, 0.8)
    np.testing.assert_allclose(made[7:13], 0.8 ** np.arange(6), atol=1e-12)
    lowest = 1 - 0.8**5
    np.testing.assert_allclose(made[12:], 1 - lowest * 0.8 ** np.arange(90), atol=1e-12)
    wanted = int(np.ceil(np.log(0.05 / lowest) / np.log(0.8)))
    assert filters.recovery(made, 7, 5) == wanted
    assert filters.recovery(made[: 12 + wanted], 7, 5) == wanted  # all that are left
    plain = filters.averaged(opponents, 3)
    for t in range(3, len(opponents)):
        assert plain[t] == pytest.approx(opponents[t - 3 : t].mean())
    assert filters.squashed(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.05, 0.5, 0.95])


def test_divergences_are_those_of_neighbours_and_of_normal_laws():
    random = np.random.default_rng(2)
    points, others = random.normal(size=(300, 2)), 0.4 + 1.3 * random.normal(size=(200, 2))
    own = cKDTree(points).query(points, 4)[0][:, 3]
    other = cKDTree(others).query(points, 3)[0][:, 2]
    wanted = 2 / 300 * np.log(other / own).sum() + np.log(200 / 299)
    assert filters.divergence(points, others, 3) == pytest.approx(wanted, rel=1e-9)
    many, more = random.normal(size=(1500, 2)), 0.4 + 1.3 * random.normal(size=(1200, 2))
    known = 2 * np.log(1.3) + (2 + 2 * 0.4**2) / (2 * 1.3**2) - 1
    assert filters.divergence(many, more) == pytest.approx(known, abs=0.12)
    assert abs(filters.divergence(many, random.normal(size=(1200, 2)))) < 0.1


def test_power_iteration_finds_real_leading_eigenvalues_alone():
    random = np.random.default_rng(0)
    symmetric = random.normal(size=(3, 5, 5))
    symmetric += np.swapaxes(symmetric, 1, 2)
    np.testing.assert_allclose(
        bodies.last_norms(symmetric, random.normal(size=(3, 5))), bodies.radii(symmetric), rtol=1e-3
    )
    turning = np.array([[[0.0, -4.0], [1.0, 0.0]]])  # eigenvalues ±2i
    assert bodies.radii(turning) == pytest.approx([2.0])
    assert bodies.last_norms(turning, np.array([[1.0, 0.0]])) == pytest.approx([4.0])


def test_readouts_solve_the_ridge_with_an_offset_that_is_free():
    random = np.random.default_rng(1)
    states, wanted = random.normal(size=(2, 60, 3)) + 0.5, random.normal(size=60)
    made = bodies._ridge(states, wanted, 0.01)
    for i in range(2):
        augmented = np.column_stack([states[i], np.ones(60)])
        penalty = 0.01 * 60 * np.diag([1.0, 1.0, 1.0, 0.0])
        solved = np.linalg.solve(augmented.T @ augmented + penalty, augmented.T @ wanted)
        np.testing.assert_allclose([*made["readout"][i], made["offset"][i]], solved, rtol=1e-5)


def test_habituation_is_ojas_rule_with_the_radius_in_bounds():
    random = np.random.default_rng(4)
    weights, states = random.normal(size=(3, 3)), random.normal(size=(40, 3))
    wanted = weights.copy()
    for i, j in product(range(3), range(3)):
        wanted[i, j] += 0.01 * (np.mean(states[:, i] * states[:, j]) - np.mean(states[:, i] ** 2) * weights[i, j])
    np.testing.assert_allclose(bodies.oja(weights.astype("f"), states.astype("f")), wanted, rtol=1e-5)
    for size, radius in ((3.0, 0.99), (0.01, 0.05), (0.5, 0.5)):
        scaled = bodies.within(np.diag([size, 0.2 * size]).astype("f"), np.ones(2, "f"))
        np.testing.assert_allclose(scaled, radius * np.diag([1.0, 0.2]), rtol=1e-5)


def test_bodies_that_were_taught_tell_cooperation_from_defection():
    random = np.random.default_rng(8)
    made = bodies.taught(bodies.drawn(3, 8, random), [0.001, 0.1], random)
    ones, start = np.ones(3, "f"), np.zeros((3, 8), "f")
    for action, sign in ((1.0, 1), (0.0, -1)):
        states = np.asarray(bodies.driven(made[0], start, action * ones, bodies.noise_of(made[0], 400, random)))[
            :, 100:
        ]
        levels = np.einsum("ntd,nd->nt", states, made[0].readout) + made[0].offset[:, None]
        assert (sign * levels.mean(axis=1) > 1.5).all()
    assert (np.linalg.norm(made[1].readout, axis=1) < np.linalg.norm(made[0].readout, axis=1)).all()


def test_a_run_is_the_loop_by_hand():
    body, rounds = few(2, 3), 12
    sentinels = [governance.Sentinel(usual=0.8, fall=0.9), governance.unmoved(0.3)]
    opponents = np.random.default_rng(1).integers(0, 2, size=(2, rounds)).astype(float)
    found = governance.played(body, opponents, sentinels, np.random.default_rng(9))
    random = np.random.default_rng(9)
    before = bodies.noise_of(body, governance.BASELINE, random)
    recurrent, inputs, bias, readout, offset = (np.asarray(own, float) for own in body)

    def after(i, state, own, other, noise):
        return np.tanh(recurrent[i] @ state + inputs[i] @ [own, other] + bias[i]) + noise

    def output(i, state):
        return 1 / (1 + np.exp(-(readout[i] @ state + offset[i])))

    for k, sentinel in enumerate(sentinels):
        settling = bodies.noise_of(body, governance.SETTLED, random)
        noise = bodies.noise_of(body, rounds, random)
        for i in range(2):
            state, seen = np.zeros(3), []
            for t in range(governance.BASELINE):
                state = after(i, state, 1, 1, before[i, t])
                seen.append(state)
            middle, usual = np.mean(seen, axis=0), np.mean([output(i, own) for own in seen])
            state, trust, thought = np.zeros(3), sentinel.usual, opponents[i, 0]
            for t in range(governance.SETTLED):
                state = after(i, state, 1, 1, settling[i, t])
            for t in range(rounds):
                told = output(i, state)
                pain = (
                    0.3 * np.linalg.norm(state - middle) / np.sqrt(3)
                    + 0.3 * abs(told - usual)
                    + 0.4 * abs(told - thought)
                )
                middle, usual = 0.98 * middle + 0.02 * state, 0.98 * usual + 0.02 * told
                kick = sentinel.fall * max(0.0, pain - sentinel.threshold)
                trust = np.clip(trust + sentinel.rise * (sentinel.usual - trust) - kick, sentinel.floor, 1)
                action = trust * told + (1 - trust) * thought
                state, thought = after(i, state, action, opponents[i, t], noise[i, t]), opponents[i, t]
                wanted = [found.actions[k, i, t], found.trust[k, i, t], found.body[k, i, t], *found.states[k, i, t]]
                np.testing.assert_allclose(wanted, [action, trust, told, *state], atol=2e-5)


@pytest.mark.parametrize("discomfort", [0.0, 0.11, 0.16, 0.9])
def test_trust_comes_to_rest_where_the_formula_says(discomfort):
    sentinel, trust = governance.Sentinel(usual=0.7, rise=0.1, fall=0.6, threshold=0.08), 0.2
    for _ in range(300):
        trust = float(governance.moved(sentinel, trust, discomfort))
    assert trust == pytest.approx(np.clip(0.7 - 6 * max(0, discomfort - 0.08), 0.05, 1), abs=1e-5)
    assert governance.settled_trust(sentinel, discomfort) == pytest.approx(trust, abs=1e-5)


def test_at_rest_a_body_is_where_it_puts_itself():
    body = few(3, 4)
    actions, apart = governance.at_rest(body)
    assert apart.max() < 1e-12
    state = np.zeros((3, 4))
    for _ in range(4_000):
        pushed = np.einsum("nij,nj->ni", body.recurrent.astype(float), state) + body.bias + body.inputs[:, :, 1]
        own = 1 / (1 + np.exp(-((body.readout * state).sum(1) + body.offset)))
        state = np.tanh(pushed + body.inputs[:, :, 0] * own[:, None])
    np.testing.assert_allclose(actions, own, atol=1e-7)


def test_ratios_that_few_bodies_decide_are_rarely_rejected_where_they_are_alike():
    random, rejected = np.random.default_rng(3), 0
    for _ in range(80):
        theirs, ours = np.exp(1.5 * random.standard_normal(20)), np.exp(1.5 * random.standard_normal(40))
        row = experiments.ratio_of_means("few-bodies", "drawn", 1 / theirs.mean(), np.ones(40), ours, random)
        rejected += row.p_value <= 0.05
    assert rejected <= 12
    far = experiments.ratio_of_means("few-bodies", "drawn", 1e4, np.ones(40), ours, random)
    assert far.p_value < 0.01


def test_the_error_of_a_difference_is_that_of_both():
    one, other = np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0, 1.0, 3.0, 0.5])
    spread = experiments.more_than(one, other)
    assert spread.mean == pytest.approx(one.mean() - other.mean())
    assert spread.deviation / np.sqrt(spread.count) == pytest.approx(
        np.sqrt(one.var(ddof=1) / 3 + other.var(ddof=1) / 5)
    )
    assert spread.count == 3


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("body-reservoir", effort="quick").stands
