"""One-sided information: against games written out in full, grids of beliefs, and saddle points by derivatives."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from nashscape.core import InputError, Status
from nashscape.games.matrix_values import matrix_values
from nashscape.theory import (
    belief_tree,
    differential_game,
    finite_one_sided_value,
    hexner_game,
    one_sided_value,
)
from nashscape.theory.concepts.team_bounds import matrix_value
from nashscape.theory.one_sided.belief_trees import children
from nashscape.theory.one_sided.saddle_steps import held, least_cost, saddle_steps

KINKS = [[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]]
CONCAVE = [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]
CONVEX = [[[-1, 0], [0, 0]], [[0, 0], [0, -1]]]


@pytest.mark.parametrize("p", ["0", "1/10", "1/4", "2/5", "1/2", "7/9", "1"])
def test_the_game_with_kinks_is_worth_what_its_envelope_says_exactly(p):
    p = Fraction(p)
    found = one_sided_value(KINKS, [1 - p, p])
    assert found.low == found.high == min(4 * p, Fraction(1), 4 * (1 - p))
    assert found.concealed == min(4 * p, abs(2 - 4 * p), 4 * (1 - p))


def test_where_u_is_concave_nothing_is_told_and_where_it_is_convex_everything():
    concave = one_sided_value(CONCAVE, ["1/3", "2/3"])
    assert concave.low == concave.high == concave.concealed == Fraction(2, 9)
    assert concave.posteriors == (concave.prior,)
    convex = one_sided_value(CONVEX, ["1/3", "2/3"])
    assert convex.low == convex.high == 0 != convex.concealed
    assert sorted(convex.signals) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(("shape", "seed"), [((2, 3, 4), 0), ((2, 4, 3), 1), ((2, 2, 5), 2), ((3, 3, 2), 3)])
def test_bounds_hold_on_random_games_of_unequal_counts(shape, seed):
    random = np.random.default_rng(seed)
    tables, prior = random.normal(size=shape).round(2), random.dirichlet(np.ones(shape[0]))
    found = one_sided_value(tables, prior, tolerance=1e-3)
    assert found.low <= found.high <= found.low + 1e-3 * np.ptp(tables)
    # the function that bounds it is nowhere below u
    beliefs = random.dirichlet(np.full(shape[0], 0.7), 300)
    worth = matrix_values(np.einsum("bk,kij->bij", beliefs, tables))
    assert (worth.low <= beliefs @ np.array(found.slopes, float) + 1e-12).all()
    assert sum(p * s for p, s in zip(found.prior, found.slopes, strict=True)) == found.high
    # the split averages to the prior, and its mixtures make sure of the lower bound
    exact = np.vectorize(Fraction, otypes=[object])(tables)
    weights, beliefs = np.array(found.weights, object), np.array(found.posteriors, object)
    assert (weights @ beliefs).tolist() == list(found.prior)
    assert len(weights) <= shape[0]
    paid = [min((np.array(x, object) @ np.tensordot(q, exact, 1)).tolist())
            for q, x in zip(beliefs, found.mixtures, strict=True)]  # fmt: skip
    assert sum(w * own for w, own in zip(weights, paid, strict=True)) == found.low
    # signals are sent by chances, and what they say is Bayes' rule
    signals = np.array(found.signals, object)
    assert (signals.sum(axis=1) == 1).all()
    assert (weights[:, None] * beliefs == (np.array(found.prior, object)[:, None] * signals).T).all()


def test_the_drawn_envelope_is_the_least_concave_function_above_the_curve():
    found = one_sided_value(KINKS, [0.5, 0.5])
    p = found.beliefs
    np.testing.assert_allclose(found.curve, np.minimum(np.minimum(4 * p, 4 - 4 * p), abs(2 - 4 * p)), atol=1e-9)
    np.testing.assert_allclose(found.envelope, np.minimum(np.minimum(4 * p, 4 - 4 * p), 1), atol=1e-9)


def test_bounds_that_do_not_meet_are_said_not_to():
    random = np.random.default_rng(9)
    found = one_sided_value(random.normal(size=(3, 2, 4)), [0.3, 0.3, 0.4], tolerance=1e-6, most_cells=3)
    assert found.status is Status.INTERRUPTED
    assert found.low < found.high


def written_out(tables, prior, first=None):
    """The value of two rounds as one matrix of all pure strategies, the informed player's hanging on all it saw."""
    states, m, n = tables.shape
    own = [(i, after) for i in range(m) for after in product(range(m), repeat=n)]
    other = [(j, after) for j in range(n) for after in product(range(n), repeat=m)]
    by_state = np.array([[[tables[k, i, j] + tables[k, after[j], then[i]] for j, then in other] for i, after in own]
                         for k in range(states)])  # fmt: skip
    rows = np.array([sum(p * by_state[k, s] for k, (p, s) in enumerate(zip(prior, plan, strict=True)))
                     for plan in product(range(len(own)), repeat=states)])  # fmt: skip
    return matrix_value(rows)[0] / 2


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 2), (2, 2, 3)])
def test_two_rounds_are_worth_what_all_strategies_written_out_are(shape):
    random = np.random.default_rng(shape[1])
    tables, prior = random.normal(size=shape), random.dirichlet(np.ones(2))
    found = finite_one_sided_value(tables, prior, 2)
    assert found.low == pytest.approx(written_out(tables, prior), abs=1e-9)
    assert found.high == pytest.approx(found.low, abs=1e-9)


def test_values_of_rounds_that_are_known():
    values = [finite_one_sided_value(CONCAVE, [0.5, 0.5], n).value for n in (1, 2, 3)]
    np.testing.assert_allclose(values, [1 / 2, 3 / 8, 1 / 3], atol=1e-12)


@pytest.mark.parametrize(("shape", "seed"), [((2, 3, 2), 4), ((3, 2, 4), 5)])
def test_rounds_are_worth_between_the_envelope_and_its_root(shape, seed):
    random = np.random.default_rng(seed)
    tables, prior = random.normal(size=shape), random.dirichlet(np.ones(shape[0]))
    limit = one_sided_value(tables, prior, tolerance=1e-3)
    for n in (1, 2, 5):
        found = finite_one_sided_value(tables, prior, n)
        assert float(limit.low) - 1e-9 <= found.value <= float(limit.high) + found.excess
        spread = max(np.ptp(own[:, j]) for own in tables for j in range(shape[2])) / 2
        assert found.excess == pytest.approx(spread * np.sqrt(prior * (1 - prior)).sum() / np.sqrt(n))


def test_beliefs_of_rounds_are_martingales():
    found = finite_one_sided_value([[[1, 0, 2], [0, 1, 0]], [[0, 3, 0], [2, 0, 1]]], [0.3, 0.7], 4)
    for n in range(5):
        now = found.steps == n
        assert found.reach[now].sum() == pytest.approx(1, abs=1e-8)
        np.testing.assert_allclose(found.reach[now] @ found.beliefs[now], [0.3, 0.7], atol=1e-8)
        spread = found.reach[now] @ (found.beliefs[now][:, 1] - 0.7) ** 2
        assert found.revealed[n] == pytest.approx(spread / 0.21, abs=1e-9)
    assert (np.diff(found.revealed) >= -1e-12).all()
    np.testing.assert_allclose(found.first.sum(axis=1), 1)
    assert found.other.sum() == pytest.approx(1)


@pytest.mark.parametrize("solve", [one_sided_value, lambda tables, prior: finite_one_sided_value(tables, prior, 1)])
@pytest.mark.parametrize(("tables", "prior", "why"), [
    ([[[1, 0]], [[0, 1], [1, 1]]], [0.5, 0.5], r"payoffs of state 2 have shape \(2, 2\), those of state 1 \(1, 2\)"),
    (CONCAVE, [0.5, 0.6], "prior must sum to one"),
    (CONCAVE, [1.5, -0.5], "prior must not be negative"),
    (CONCAVE, [1.0], r"prior must have shape \(2\); got \(1,\)"),
    (3, [1.0], "payoffs are a table for every state"),
    ([[[1, np.nan]]], [1.0], "payoffs of state 1 must be finite"),
])  # fmt: skip
def test_tables_and_priors_that_are_none_are_refused(solve, tables, prior, why):
    with pytest.raises(InputError, match=why):
        solve(tables, prior)


@pytest.mark.parametrize(("rounds", "why"), [(0, "rounds must be at least 1"), (30, "take fewer rounds")])
def test_no_rounds_and_too_many_are_refused(rounds, why):
    with pytest.raises(InputError, match=why):
        finite_one_sided_value(CONCAVE, [0.5, 0.5], rounds)


def coupled(seed, states=3, d=3):
    """A game in which all that is pushed hangs together."""
    random = np.random.default_rng(seed)
    return differential_game(
        random.normal(size=(d, d)), random.normal(size=(d, 2)), random.normal(size=(d, 1)),
        first_cost=[[1.0, 0.2], [0.2, 2.0]], second_cost=[[60.0]], terminal=np.diag([2.0, 0.5, 1.0]),
        pulls=random.normal(size=(states, d)), start=random.normal(size=d), prior=random.dirichlet(np.ones(states)),
        horizon=0.7, constants=random.normal(size=states),
    )  # fmt: skip


def test_signals_are_worth_what_the_saddle_point_of_all_controls_says():
    game, steps, random = coupled(1), 2, np.random.default_rng(3)
    found, states = saddle_steps(game, steps), 3
    splits = [random.dirichlet(np.ones(2), states) for _ in range(3)]  # of the root, and of both nodes after it
    move, push = held(game, steps)
    length = game.horizon / steps

    def paid(controls):
        """What is paid on average, of controls of the two nodes of step 1 and the four of step 2, in turn."""
        total = 0.0
        for a, b in product(range(2), repeat=2):
            chance, x = game.prior * splits[0][:, a] * splits[1 + a][:, b], game.start
            for w in (controls[a], controls[2 + 2 * a + b]):
                total += chance.sum() * length * (w[:2] @ game.first_cost @ w[:2] - game.second_cost[0, 0] * w[2] ** 2)
                x = move @ x + push @ w
            ends = x @ game.terminal @ x + 2 * game.pulls @ x + game.constants
            total += chance @ ends
        return total

    # of a quadratic function a few values tell all
    unit = np.eye(18)
    at_zero, once = paid(np.zeros((6, 3))), np.array([paid(own.reshape(6, 3)) for own in unit])
    twice = np.array([[paid((own + other).reshape(6, 3)) for own in unit] for other in unit])
    bent = twice - once[:, None] - once[None, :] + at_zero
    slope = once - at_zero - np.diag(bent) / 2
    value = paid(-np.linalg.solve(bent, slope).reshape(6, 3))
    saved = 0.0
    for n, nodes in enumerate((
        [game.prior * splits[0][:, a] for a in range(2)],
        [game.prior * splits[0][:, a] * splits[1 + a][:, b] for a, b in product(range(2), repeat=2)],
    )):  # fmt: skip
        saved += sum(w @ found.information[n] @ w / w.sum() for w in nodes)
    assert found.base - saved == pytest.approx(value, abs=1e-9)


def test_held_controls_of_a_body_are_the_known_sums():
    move, push = held(hexner_game(), 5)
    np.testing.assert_allclose(move[0], [1, 0, 0.2, 0, 0, 0, 0, 0], atol=1e-14)
    np.testing.assert_allclose(push[:4, 1], [0, 0.02, 0, 0.2], atol=1e-14)


def told_at(step, steps):
    """What Hexner's informed player pays that tells the goal in a step, by sums of one dimension."""
    left = (np.arange(steps - step) + 0.5) / steps
    reached = (left**2).sum() / steps
    return 0.025 / (0.025 + reached) - 0.1 / (0.1 + reached)


@pytest.mark.parametrize(("steps", "published"), [(4, -0.328857), (10, -0.330606), (20, -0.332571)])
def test_hexners_game_with_held_controls_has_its_known_values(steps, published):
    least = least_cost(saddle_steps(hexner_game(), steps), np.array([0.5, 0.5]))
    assert least == pytest.approx(min(told_at(n, steps) for n in range(steps)), abs=1e-12)
    assert least == pytest.approx(published, abs=1e-6)


@pytest.mark.parametrize("prior", [0.5, 0.2])
def test_the_tree_tells_in_the_best_step_and_nothing_before(prior):
    steps = 4
    tree = belief_tree(hexner_game(prior=[prior, 1 - prior]), steps=steps)
    best = min(range(steps), key=lambda n: told_at(n, steps))
    assert tree.revealed.round(9).tolist() == [0.0] * best + [1.0] * (steps - best)
    assert tree.concealed_until == pytest.approx(best / steps)
    assert tree.high == pytest.approx(tree.low, abs=1e-12)
    # the prior is known to both, and the mean between the goals is where both go before
    np.testing.assert_allclose(tree.high - tree.concealed, 4 * prior * (1 - prior) * told_at(best, steps), atol=1e-12)


def test_eleven_against_eleven_are_eleven_games():
    tree, one = belief_tree(hexner_game(11), steps=4), belief_tree(hexner_game(), steps=4)
    assert tree.high == pytest.approx(11 * one.high, abs=1e-10)
    np.testing.assert_allclose(tree.positions[-1].reshape(11, 8), np.tile(one.positions[-1], (11, 1)), atol=1e-10)


def test_a_tree_is_paid_what_its_controls_and_beliefs_come_to():
    game = coupled(2)
    tree = belief_tree(game, steps=2, iterations=150)
    assert tree.low <= tree.high + 1e-9
    paid, length = 0.0, game.horizon / 2
    for node in range(len(tree.step)):
        u, v = tree.first[node], tree.second[node]
        paid += tree.reach[node] * length * (u @ game.first_cost @ u - v @ game.second_cost @ v)
        if tree.step[node] == 1:
            x = tree.positions[node]
            ends = x @ game.terminal @ x + 2 * game.pulls @ x + game.constants
            paid += tree.reach[node] * tree.beliefs[node] @ ends
    assert paid == pytest.approx(tree.high, abs=1e-9)
    assert tree.high <= tree.concealed + 1e-9
    np.testing.assert_allclose(tree.reach[tree.step == 1] @ tree.beliefs[tree.step == 1], game.prior, atol=1e-9)


def test_no_random_signals_beat_the_bound():
    game, random = coupled(5), np.random.default_rng(8)
    found = saddle_steps(game, 3)
    least = least_cost(found, game.prior)
    for _ in range(200):
        joint, cost = [game.prior], found.base
        for own in found.information:
            joint = [w * s for w in joint for s in random.dirichlet(np.full(2, 0.3), 3).T]
            cost -= sum(w @ own @ w / max(w.sum(), 1e-300) for w in joint)
        assert cost >= least - 1e-9


GOOD = {"first_cost": [[1.0]], "second_cost": [[4.0]], "terminal": [[1.0]], "pulls": [[-1.0], [1.0]], "start": [0.0],
        "prior": [0.5, 0.5]}  # fmt: skip


@pytest.mark.parametrize(("part", "why"), [
    ({"prior": [0.5, 0.4]}, "prior must sum to one"),
    ({"second_cost": [[-1.0]]}, "second_cost must be symmetric and positive definite"),
    ({"pulls": [[1.0, 0.0]]}, r"pulls must have shape \(any, 1\)"),
    ({"horizon": 0.0}, "horizon must be above 0"),
])  # fmt: skip
def test_games_that_are_none_are_refused(part, why):
    with pytest.raises(InputError, match=why):
        differential_game([[0.0]], [[1.0]], [[1.0]], **{**GOOD, **part})


def test_games_without_a_saddle_point_and_trees_that_are_too_large_are_refused():
    wild = differential_game([[0.0]], [[1.0]], [[1.0]], **{**GOOD, "second_cost": [[0.1]]})
    with pytest.raises(InputError, match="there is no saddle point in step"):
        belief_tree(wild, steps=4)
    with pytest.raises(InputError, match="take fewer steps"):
        belief_tree(hexner_game(), steps=13)


def test_of_nodes_of_the_same_belief_the_one_that_saves_most_is_followed():
    split, belief = np.array([[0.3, 0.7], [0.3, 0.7]]), np.array([0.4, 0.6])
    for follow, number in (([2.0, 1.0], 0), ([1.0, 2.0], 1)):
        [(kept, chance, told)] = children(0, split, belief, np.array(follow))
        assert (kept, chance) == (number, pytest.approx(1.0))
        np.testing.assert_allclose(told, belief)


@pytest.mark.parametrize(("factor", "more"), [(Fraction(1, 10**9), 0), (10**9, 7), (1, 10**6)])
def test_units_of_payoff_change_nothing_but_units(factor, more):
    tables = [[[4, 0, 2], [4, 1, -2]], [[0, 4, -2], [0, 3, 2]]]
    moved = [[[factor * own + more for own in row] for row in table] for table in tables]
    one, other = (one_sided_value(own, ["2/5", "3/5"]) for own in (tables, moved))
    assert (other.low, other.high) == (factor * one.low + more, factor * one.high + more)
    assert other.status is Status.COMPLETE
    one, other = (finite_one_sided_value(own, ["2/5", "3/5"], 3) for own in (tables, moved))
    assert other.low == pytest.approx(float(factor) * one.low + more, rel=1e-12)
    assert other.high == pytest.approx(float(factor) * one.high + more, rel=1e-12)


def test_who_has_nothing_to_tell_tells_nothing():
    found = one_sided_value([[[3, 1], [1, 2]]], [1])
    assert found.low == found.high == found.concealed == Fraction(5, 3)
    assert one_sided_value([[[2, 2]], [[2, 2]]], [0.5, 0.5]).high == 2
    tree = belief_tree(hexner_game(prior=[1.0, 0.0]), steps=4)
    assert len(tree.step) == 4
    assert tree.concealed_until == 1.0
    assert tree.high == pytest.approx(tree.low, abs=1e-12)


def test_pictures_show_the_split_and_the_paths():
    found = one_sided_value(KINKS, ["2/5", "3/5"])
    curves, beliefs = found.plot().axes
    drawn = {line.get_label(): line.get_xydata() for line in curves.lines}
    assert sorted(drawn["after a signal"].round(6).tolist()) == [[0.25, 1.0], [0.75, 1.0]]
    assert drawn["prior"].round(6).tolist() == [[0.6, 1.0]]
    assert [bar.get_height() for bar in beliefs.patches] == [float(q[k]) for k in (0, 1) for q in found.posteriors]
    tree = belief_tree(hexner_game(), steps=4)
    told, places = tree.plot(coordinates=[1]).axes
    ends = {float(line.get_ydata()[-1]) for line in told.lines[1:]}
    assert ends == {0.0, 1.0}
    assert sorted(line.get_ydata()[-1] for line in places.lines[1:]) == pytest.approx(
        sorted(tree.positions[tree.step == 3][:, 1])
    )
    with pytest.raises(InputError, match="coordinates are one or two numbers from 0 to 7"):
        tree.plot(coordinates=[8])


def test_cells_around_a_point_cover_all_beliefs_however_near_a_corner_it_is():
    tiny = Fraction(1, 5 * (10**9 + 7))
    tables = [[[-1, 4, 1], [-5, 3, 3]], [[4, -4, -5], [4, -5, 0]]]
    found = one_sided_value(tables, [tiny, 1 - tiny])
    # the other holds the second state to φ_2, which cannot be less than the state's own value
    assert float(found.slopes[1]) >= matrix_value(np.array(tables[1], float))[0] - 1e-12
