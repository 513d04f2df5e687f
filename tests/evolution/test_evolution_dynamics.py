"""Mean dynamics against revision protocols written out, laws of theory, and SciPy."""

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from nashscape.core import InputError
from nashscape.evolution import (
    evolutionary_basins,
    evolve,
    finite_population,
    generations,
    mean_dynamic,
    multipliers,
    population_game,
)
from nashscape.evolution.motions import motion

F = Fraction
ALL = [("replicator", None), ("imitative_logit", 0.3), ("smith", None), ("bnn", None), ("logit", 0.3),
       ("best_response", None)]  # fmt: skip
GOOD, BAD, EVEN = ([[0, -a, b], [b, 0, -a], [-a, b, 0]] for a, b in ((1, 2), (2, 1), (1, 1)))


def fitness(matrix, x):
    return [sum(a * p for a, p in zip(row, x, strict=True)) for row in matrix]


def protocol(name, matrix, x, i, j, noise):
    """The rate at which who is i becomes j."""
    f = fitness(matrix, x)
    mean = sum(p * v for p, v in zip(x, f, strict=True))
    positive = max(f[j] - f[i], 0)
    if name == "replicator":
        return x[j] * positive
    if name == "smith":
        return positive
    if name == "bnn":
        return max(f[j] - mean, 0)
    if name == "best_response":
        return int(f[j] == max(f))
    weights = [(p if name == "imitative_logit" else 1) * math.exp(v / noise) for p, v in zip(x, f, strict=True)]
    return weights[j] / sum(weights)


def by_protocol(name, matrix, x, noise):
    n = range(len(x))
    rate = {(i, j): protocol(name, matrix, x, i, j, noise) for i in n for j in n}
    return [sum(x[j] * rate[j, i] for j in n) - x[i] * sum(rate[i, j] for j in n) for i in n]


@pytest.mark.parametrize(("name", "noise"), ALL)
def test_fields_are_those_of_their_revision_protocols(name, noise):
    draws = random.Random(2)
    for n in (2, 3, 4):
        for _ in range(20):
            matrix = [[F(draws.randint(-8, 8), 4) for _ in range(n)] for _ in range(n)]
            weights = [draws.randint(0, 4) for _ in range(n)]
            if not sum(weights):
                continue
            x = [F(w, sum(weights)) for w in weights]
            if name == "best_response" and fitness(matrix, x).count(max(fitness(matrix, x))) > 1:
                continue
            wanted = np.array(by_protocol(name, matrix, x, noise), float)
            got = mean_dynamic(np.array(matrix, float), np.array(x, float), name, noise=noise)
            np.testing.assert_allclose(got, wanted, atol=1e-13)
            # fitness is A x, and not the gradient of xᵀAx
            shifted = np.array(matrix, float) + np.arange(n)[None] * 0.7
            np.testing.assert_allclose(mean_dynamic(shifted, np.array(x, float), name, noise=noise), got, atol=1e-12)


def test_the_replicator_by_hand():
    # x (1 − x) ((A x)_1 − (A x)_2) = 1/4 · 3/4 · (−1/2)
    game = population_game([[1, 2], [3, 2]])
    assert mean_dynamic(game, [0.25, 0.75]).tolist() == [-3 / 32, 3 / 32]
    gradient = (game.payoffs + game.payoffs.T) @ [0.25, 0.75]
    assert game.fitness([0.25, 0.75]).tolist() != gradient.tolist()


@pytest.mark.parametrize(("name", "noise"), [one for one in ALL if one[0] != "best_response"])
@pytest.mark.parametrize("matrix", [GOOD, [[1, 0, 3], [2, 1, 0], [0.5, 2, 1]]])
def test_paths_are_those_of_scipy(name, noise, matrix):
    def field(_, x):
        return mean_dynamic(matrix, np.maximum(x, 0) / np.maximum(x, 0).sum(), name, noise=noise)

    start = np.array([0.7, 0.2, 0.1])
    wanted = solve_ivp(field, (0, 6), start, rtol=1e-9, atol=1e-11).y[:, -1]
    got = motion(population_game(matrix), name, noise, 6.0).after(start[None])[0]
    np.testing.assert_allclose(got, wanted, atol=3e-5)


@pytest.mark.parametrize("matrix", [GOOD, BAD, [[1, 0, 3], [2, 1, 0], [0.5, 2, 1]], [[-2, 3], [0, 1.5]]])
def test_best_responses_are_followed_as_by_small_steps(matrix):
    start = np.array([0.7, 0.2, 0.1]) if len(matrix) == 3 else np.array([0.9, 0.1])
    x, h = start.copy(), 2e-4
    for _ in range(10_000):
        x = x + (1 - math.exp(-h)) * mean_dynamic(matrix, x, "best_response")
    got = motion(population_game(matrix), "best_response", None, 2.0).after(start[None])[0]
    np.testing.assert_allclose(got, x, atol=2e-3)


def test_selection_raises_mean_fitness_where_payoffs_are_shared():
    # Shahshahani: of a symmetric matrix the replicator is the gradient of half the mean fitness
    draws = np.random.default_rng(0)
    raw = draws.integers(-3, 4, (4, 4)).astype(float)
    game = population_game(raw + raw.T)
    for x in draws.dirichlet(np.ones(4), 50):
        change = mean_dynamic(game, x)
        rate = 2 * x @ game.payoffs @ change
        variance = x @ game.fitness(x) ** 2 - game.mean_fitness(x) ** 2
        assert rate == pytest.approx(2 * variance, abs=1e-12)
        metric = change / np.maximum(x, 1e-300)
        assert (metric - metric.mean()) == pytest.approx(game.fitness(x) - game.fitness(x).mean(), abs=1e-10)
    path = evolve(game, [0.4, 0.3, 0.2, 0.1]).mean_fitness
    assert (np.diff(path) >= -1e-9).all()
    # not so where it is not symmetric: the dilemma
    assert evolve([[3, 0], [5, 1]], [0.9, 0.1]).mean_fitness[-1] == pytest.approx(1.0, abs=1e-6)


def test_rest_is_nash_equilibrium_but_for_imitation():
    matrix = np.array([[1, 0, 3], [2, 1, 0], [0.5, 2, 1]])
    places = [np.array(p) / 12 for p in itertools.product(range(13), repeat=3) if sum(p) == 12]
    for name, noise in ALL:
        if name == "logit":
            continue
        for x in places:
            f = matrix @ x
            rests = np.abs(mean_dynamic(matrix, x, name, noise=noise)).max() < 1e-12
            nash = (f.max() - f)[x > 0].max() < 1e-12
            on_a_face = np.ptp(f[x > 0]) < 1e-12
            assert rests == (on_a_face if name in ("replicator", "imitative_logit") else nash), (name, x)


def test_where_several_replies_are_best_the_flow_that_is_told_is_the_one_that_is_followed():
    draws, ties = random.Random(5), 0
    for _ in range(150):
        matrix = [[F(draws.randint(-2, 2)) for _ in range(3)] for _ in range(3)]
        x = [F(draws.randint(0, 3)) for _ in range(3)]
        f = fitness(matrix, x)
        best = [k for k, v in enumerate(f) if v == max(f)]
        if not sum(x) or len(best) == 1:
            continue
        ties += 1
        here = np.array([float(p / sum(x)) for p in x])
        told = mean_dynamic(np.array(matrix, float), here, "best_response")
        # of the aim only best types have shares, and against it those are best among them; or all stays
        aim = told + here
        gets = np.array(matrix, float) @ aim
        assert np.abs(told).max() < 1e-12 if {k for k in range(3) if x[k]} <= set(best) else (
            aim[[k for k in range(3) if k not in best]] == pytest.approx(0, abs=1e-12)
            and gets[aim > 1e-12].min() >= gets[best].max() - 1e-12
        )  # fmt: skip
        path = evolve(np.array(matrix, float), here, "best_response", time=1e-6, samples=1).shares
        np.testing.assert_allclose((path[1] - path[0]) / 1e-6, told, atol=1e-5)
    assert ties > 10


def test_a_best_response_at_an_equilibrium_that_does_not_attract_stays_in_all_that_is_told():
    even = [[1, 0], [0, 1]]
    path = evolve(even, [0.5, 0.5], "best_response")
    assert path.ending.startswith("stays at 1/2 A, 1/2 B")
    np.testing.assert_array_equal(path.shares, 0.5)
    basins = evolutionary_basins(even, "best_response", grid=3)
    assert [basins.names[k] for k in basins.labels] == ["B", "open", "A"]
    np.testing.assert_array_equal(basins.velocities[1], 0.0)
    np.testing.assert_array_equal(basins.ends[1], 0.5)
    # equally good, and no equilibrium: towards 2/3 A, 1/3 B, where they do not stay where they are
    game, start = [[0, 2, 0], [1, 0, 0], [0, 0, -5]], [0.5, 0.25, 0.25]
    np.testing.assert_allclose(mean_dynamic(game, start, "best_response"), [1 / 6, 1 / 12, -1 / 4])


def test_rock_paper_scissors_circles_goes_in_or_goes_out():
    start = [0.5, 0.3, 0.2]
    path = evolve(EVEN, start, time=40.0).shares
    np.testing.assert_allclose(path.prod(1), path[0].prod(), rtol=1e-4)
    assert evolve(GOOD, start).rest.shares == pytest.approx((1 / 3,) * 3)
    out = evolve(BAD, start, time=40.0).shares
    assert out.min(1)[-1] < 1e-4
    assert evolve(BAD, start).rest is None
    for name in ("smith", "bnn", "best_response"):
        assert evolve(GOOD, start, name).rest.status == "ESS", name
    inwards = evolve(EVEN, start, "bnn").shares
    assert np.abs(inwards[-1] - 1 / 3).max() < 0.1 * np.abs(inwards[0] - 1 / 3).max()
    assert evolutionary_basins(EVEN, grid=5).rest_points[-1].attraction == "neutral"
    assert evolutionary_basins(BAD, grid=5).share("open").value == 1.0


def test_logit_ends_at_logit_equilibria():
    def gap(x):
        return x - 1 / (1 + math.exp(((0 * x + 1.5 * (1 - x)) - (-2 * x + 3 * (1 - x))) / 0.4))

    wanted = brentq(gap, 0, 1, xtol=1e-14)
    found = evolutionary_basins([[-2, 3], [0, 1.5]], "logit", noise=0.4, grid=20)
    assert [one.shares[0] for one in found.rest_points] == pytest.approx([wanted], abs=1e-10)
    assert found.shares[found.names[0]].value == 1.0
    hunt = evolutionary_basins([[4, 0], [3, 2]], "logit", noise=0.2, grid=20).rest_points
    roots = np.linspace(0, 1, 20001)
    values = roots - 1 / (1 + np.exp(((3 * roots + 2 * (1 - roots)) - 4 * roots) / 0.2))
    crossings = roots[:-1][np.sign(values[:-1]) != np.sign(values[1:])][::-1]
    assert [one.shares[0] for one in hunt] == pytest.approx(crossings.tolist(), abs=1e-4)
    assert [one.attraction for one in hunt] == ["attracting", "repelling", "attracting"]


def test_case_51_a_pure_state_stays_and_is_no_equilibrium():
    # as reported in drvinceknight/Nashpy #123, of one population
    game = population_game([[2, 0], [5, 3]])
    stays = evolve(game, [1, 0])
    assert stays.ending == "stays at A (rest point, not Nash)"
    assert (stays.shares[:, 0] == 1).all()
    assert stays.rest.attraction == "repelling"
    away = evolve(game, [1 - 1e-6, 1e-6])
    assert away.ending == "goes to B (rest point, ESS)"
    assert away.shares[-1, 0] < 1e-12
    assert evolve(game, [1, 0], "smith").ending == "goes to B (rest point, ESS)"
    three = [[0, 1, 0], [1, 0, 0], [2, 2, 2]]
    # where a type is missing, imitation settles among those that are there
    assert evolve(three, [0.2, 0.8, 0]).ending == "goes to 1/2 A, 1/2 B (rest point, not Nash)"
    assert evolve(three, [0.2, 0.8, 0], "smith").rest.name == "C"
    assert evolve(np.ones((2, 2)), [0.5, 0.5]).ending == "stays, at a rest point that is not isolated"


def test_shares_of_basins_are_those_known_and_intervals_cover():
    hunt = population_game([[4, 0], [3, 2]])
    for name in ("replicator", "smith", "best_response"):
        one = evolutionary_basins(hunt, name, grid=100).share("A")
        assert one.contains(1 / 3)
        assert one.high - one.low < 0.05
    covered = [evolutionary_basins(hunt, "best_response", n=200, seed=k).share("A").contains(1 / 3) for k in range(60)]
    assert sum(covered) >= 52
    # coordination: A wins where its fitness 3 x_A is the largest, in all of these
    draws = np.random.default_rng(0).dirichlet(np.ones(3), 200_000) * [3, 2, 1]
    wanted = np.bincount(draws.argmax(1), minlength=3) / 200_000
    for name in ("replicator", "best_response"):
        found = evolutionary_basins(np.diag([3, 2, 1]), name, grid=30)
        for k, own in enumerate("ABC"):
            assert found.share(own).contains(wanted[k])
            assert found.share(own).value == pytest.approx(wanted[k], abs=0.02)
    with pytest.raises(InputError, match="no rest point 'X'"):
        found.share("X")


def test_a_basin_finer_than_the_grid_is_not_said_to_be_nowhere():
    found = evolutionary_basins([[4, 0], [3, 100]], grid=8)
    assert found.share("A").value == 0.0
    assert found.share("A").contains(1 / 101)


def test_case_54_generations_are_no_flow_and_change_with_a_constant():
    # as reported in drvinceknight/Nashpy #236
    matrix = np.array([[1, 5], [2, 3]])
    for shift, wanted, multiplier in ((0, F(46, 307), F(5, 7)), (10, F(146, 1307), F(35, 37))):
        after = generations(matrix + shift, [0.1, 0.9], steps=1)
        assert after.shares[1, 0] == pytest.approx(float(wanted), rel=1e-14)
        assert not after.shift_invariant
        rest = np.array([2 / 3, 1 / 3])
        assert multipliers(matrix + shift, rest).real == pytest.approx([float(multiplier)], rel=1e-12)
        moved = generations(matrix + shift, rest + np.array([1e-6, -1e-6]), steps=1).shares[1] - rest
        assert moved[0] / 1e-6 == pytest.approx(float(multiplier), abs=1e-5)
        assert generations(matrix + shift, [0.1, 0.9], steps=900).shares[-1] == pytest.approx(rest)
        assert mean_dynamic(matrix + shift, [0.1, 0.9]) == pytest.approx(mean_dynamic(matrix, [0.1, 0.9]))
    with pytest.raises(InputError, match="cannot be negative; got -2"):
        generations(matrix - 3, [0.1, 0.9])
    with pytest.raises(InputError, match="nobody has offspring"):
        generations([[0, 1], [1, 0]], [1, 0])
    with pytest.raises(InputError, match="rest point"):
        multipliers(matrix, [0.5, 0.5])


def test_multipliers_of_three_types_are_those_of_difference_quotients():
    matrix, x = np.array([[1, 4, 2], [2, 1, 4], [4, 2, 1.0]]), np.full(3, 1 / 3)
    step = 1e-6
    rows = [
        (generations(matrix, x + step * (np.eye(3)[k] - np.eye(3)[2]), steps=1).shares[1] - x)[:2] / step
        for k in range(2)
    ]
    wanted = np.linalg.eigvals(np.array(rows).T)
    got = multipliers(matrix, x)
    np.testing.assert_allclose(sorted(got, key=lambda v: v.imag), sorted(wanted, key=lambda v: v.imag), atol=1e-5)


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda: mean_dynamic(GOOD, [1, 0, 0], "logit"), "noise level"),
        (lambda: mean_dynamic(GOOD, [1, 0, 0], noise=0.1), "no noise"),
        (lambda: mean_dynamic(GOOD, [1, 0, 0], "moran"), "dynamic"),
        (lambda: mean_dynamic(GOOD, [1, 0]), "each of 3 types"),
        (lambda: mean_dynamic(GOOD, [1, 1, 0]), "sum to one"),
        (lambda: evolutionary_basins(GOOD, grid=5, n=5), "not both"),
        (lambda: evolutionary_basins(GOOD, time=0), "time"),
        (lambda: evolutionary_basins(np.eye(9)), "at most 8 types"),
        (lambda: evolutionary_basins(np.eye(2), n=10**6), "at most 100000"),
        (lambda: evolutionary_basins(finite_population(np.eye(2), 5)), "population_game"),
        (lambda: evolve(GOOD, np.eye(3)), "one start"),
        (lambda: evolve(GOOD, [1, 0, 0], samples=0), "samples"),
    ],
)
def test_what_cannot_be_asked_is_told(ask, wrong):
    with pytest.raises(InputError, match=wrong):
        ask()


def test_rest_points_that_are_not_isolated_are_none_to_go_to():
    # doves and retaliators are alike among each other: a line of rest points, with both as its ends
    retaliation = [[-1, 2, -1], [0, 1, 1], [-1, 1, 1]]
    for name, wanted in (("replicator", ["A", "1/2 A, 1/2 B"]), ("smith", ["1/2 A, 1/2 B"])):
        found = evolutionary_basins(retaliation, name, grid=10)
        assert found.continuum
        assert [one.name for one in found.rest_points] == wanted
        assert set(found.shares) == {"1/2 A, 1/2 B", "open"}
    for name, noise in ALL:
        if name != "logit":
            alike = evolutionary_basins(np.zeros((3, 3)), name, noise=noise, grid=4)
            assert (alike.rest_points, alike.share("open").value) == ((), 1.0)


def test_noise_is_told_with_the_name_and_shares_of_mixtures_by_the_type_that_most_are():
    hunt = population_game([[4, 0], [3, 2]], types=["stag", "hare"])
    found, apart = (evolutionary_basins(hunt, *own[:1], **own[1], grid=40)
                    for own in (("logit:noise=0.2", {}), ("logit", {"noise": 0.2})))  # fmt: skip
    assert found.question.differs(apart.question) == ()
    few, middle, many = sorted(found.rest_points, key=lambda one: one.shares[0])
    assert few.shares[0] < 0.5 < middle.shares[0] < many.shares[0]
    assert middle.attraction == "repelling"
    assert (found.share("stag"), found.share("hare")) == (found.share(many.name), found.share(few.name))
    assert found.share("stag") != found.share("hare")
    with pytest.raises(InputError, match=r"no rest point 'bird'; there are .* stag, .* hare; .*; open"):
        found.share("bird")
    for dynamic, more, wrong in (
        ("logit", {}, "noise=0.1, or logit:noise=0.1"), ("logit:noise=0", {}, "noise"),
        ("logit:noise=0.1", {"noise": 0.1}, "given once"), ("logit:size=1", {}, "the option noise alone"),
        ("smith:noise=1", {}, "smith has no noise"), ("logat:noise=1", {}, "unknown dynamic"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=wrong):
            evolutionary_basins(hunt, dynamic, **more)


def test_a_start_by_names_is_the_same_start():
    cycle = population_game(GOOD, types=["rock", "paper", "scissors"])
    named, listed = evolve(cycle, {"paper": 0.25, "scissors": 0.75}), evolve(cycle, [0.0, 0.25, 0.75])
    np.testing.assert_array_equal(named.shares, listed.shares)
    with pytest.raises(InputError, match="unknown name in start"):
        evolve(cycle, {"nobody": 1.0})
