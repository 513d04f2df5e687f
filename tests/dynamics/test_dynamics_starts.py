"""Starts: by index, in distribution, on grids."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

import nashscape as ns
from nashscape.core import InputError
from nashscape.core.randomness import threefry
from nashscape.dynamics import as_target, cell_grid, endpoint_grid, starts
from nashscape.dynamics.start_texts import usual_starts
from nashscape.learning import StepKey, episodes, sampled

HUNT = ns.games.stag_hunt()
GAME = ns.parametric(HUNT)


def test_draws_are_the_same_in_any_order():
    source = starts.normal(std=1.35)
    whole = source.parameters(GAME, np.arange(1000), seed=4)
    order = np.random.default_rng(1).permutation(1000)
    np.testing.assert_array_equal(whole[order], source.parameters(GAME, order, seed=4))
    assert (whole != source.parameters(GAME, np.arange(1000), seed=5)).all()


@pytest.mark.parametrize(
    ("source", "law"),
    [(starts.normal(mean=0.5, std=1.35), stats.norm(0.5, 1.35)), (starts.uniform(-3.0, 2.0), stats.uniform(-3.0, 5.0))],
)
def test_draws_have_their_distribution_and_are_independent(source, law):
    draws = source.parameters(GAME, np.arange(20_000), seed=0)
    for column in draws.T:
        assert stats.kstest(column, law.cdf).pvalue > 1e-3
    assert abs(np.corrcoef(draws.T)[0, 1]) < 4 / np.sqrt(20_000)
    assert abs(np.corrcoef(draws[:-1, 0], draws[1:, 0])[0, 1]) < 4 / np.sqrt(20_000)


def test_indices_beyond_32_bits_are_different_starts():
    far = np.array([7, 7 + 2**32])
    draws = starts.uniform(0.0, 1.0).parameters(GAME, far, seed=0)
    assert (draws[0] != draws[1]).all()


def test_grids():
    cells = cell_grid(2, 4, low=0.0, high=1.0)
    assert cells.axis == pytest.approx((0.125, 0.375, 0.625, 0.875))
    ends = endpoint_grid(3, 3)
    assert ends.size == 27
    three = ns.parametric(ns.games.random_game((2, 2, 2), seed=0))
    points = 1 / (1 + np.exp(-ends.parameters(three, np.arange(27), 0)))
    expected = np.stack(np.meshgrid(*[[0.05, 0.5, 0.95]] * 3, indexing="ij"), -1).reshape(-1, 3)
    np.testing.assert_allclose(points, expected)


def test_strategies_become_their_parameters():
    game = ns.parametric(ns.games.random_game((2, 3), seed=1))
    source = starts.strategies([[0.4, [0.2, 0.3, 0.5]], [[0.9, 0.1], [0.1, 0.1, 0.8]]])
    theta = source.parameters(game, np.array([1, 0, 1]), 0)
    assert theta.shape == (3, 4)
    np.testing.assert_array_equal(theta[0], theta[2])
    first, second = game.strategies(theta[1])
    np.testing.assert_allclose(first, [0.4, 0.6], atol=1e-6)
    np.testing.assert_allclose(second, [0.2, 0.3, 0.5], atol=1e-6)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: starts.normal(std=0.0), "std must be above 0"),
        (lambda: starts.normal(std=float("nan")), "std must be a finite number"),
        (lambda: starts.uniform(2.0, 1.0), "low must be below high"),
        (lambda: starts.normal(1.35), r"say std=1\.35 or mean=1\.35"),
        (lambda: starts.normal(0.5, 1.35), r"say mean=0\.5, std=1\.35"),
        (lambda: cell_grid(2, 1), "grid must be at least 2"),
        (lambda: endpoint_grid(2, 5, low=0.0), "inside"),
        (lambda: cell_grid(2, 5, low=0.7, high=0.2), "low must be below high"),
        (lambda: starts.parameters([1.0, 2.0]), "2 axes"),
        (lambda: starts.parameters([[np.nan, 0.0]]), "finite"),
        (lambda: starts.parameters([[1.0]]).parameters(GAME, np.array([0]), 0), "1 parameters; stag_hunt needs 2"),
        (lambda: starts.strategies([[1.0, 0.5]]).parameters(GAME, np.array([0]), 0), "interior"),
        (lambda: starts.strategies([[0.5]]).parameters(GAME, np.array([0]), 0), "needs 2 strategies"),
        (lambda: as_target(ns.games.stag_hunt(), "CX"), "not a profile"),
        (lambda: as_target(ns.games.stag_hunt(), "CC", threshold=0.4), "threshold must be above 0.5"),
    ],
)
def test_bad_input_is_one_clear_error(make, said):
    with pytest.raises(InputError, match=said):
        make()


@pytest.mark.long
def test_starts_and_the_batches_of_all_questions_share_no_random_words(monkeypatch):
    used = set()

    def noted(counter, key, **how):
        jax.debug.callback(lambda *words: used.add(tuple(int(word) for word in words)), *key)
        return threefry(counter, key, **how)

    for module in ("dynamics.starts", "learning.sampling", "learning.rollouts"):
        monkeypatch.setattr(f"nashscape.{module}.threefry", noted)
    starts.normal().parameters(ns.parametric(ns.games.stag_hunt()), np.arange(3), 7)
    one_shot, repeated = ns.parametric(ns.games.stag_hunt()), ns.parametric(ns.games.iterated_prisoners_dilemma())
    for question in range(2):
        for learners, estimator in ((one_shot, sampled(4)), (repeated, episodes(4))):
            key = StepKey(*(jnp.uint32(word) for word in (7, 0, 0, 0, question)))
            jax.block_until_ready(estimator.estimate(learners, jnp.zeros(learners.dimension), key))
    jax.effects_barrier()
    assert len(used) == 1 + 2 + 2
    assert all(key[:2] == (7, 0) for key in used)


def spent(points, prize):
    efforts = jnp.concatenate(points)
    return prize * efforts / jnp.sum(efforts) - efforts


@pytest.mark.long
def test_the_usual_starts_of_points_and_probabilities_fill_the_set_of_each_player():
    box, shares = ns.games.box_set([0.5], [2.0]), ns.games.simplex_set(2, 3.0)
    contest = ns.games.differentiable(
        lambda points, prize: spent([jnp.sum(own, keepdims=True) for own in points], prize), (1, 2),
        coefficients=4.0, constraints=[box, shares],
    )  # fmt: skip
    game = ns.parametric(contest)
    entry = ns.entry_probability(game, ns.pg(), n=4, steps=1, audit=False, settling=ns.Settling(follow=False))
    assert entry.question["starts"]["kind"] == "uniform_strategies"
    assert "from 4 random starts, uniform over the set of each player" in entry.table().title
    theta = usual_starts("entry_probability", game).parameters(game, np.arange(4000), 1)
    assert stats.kstest(theta[:, 0], stats.uniform(0.5, 1.5).cdf).pvalue > 1e-3
    assert stats.kstest(theta[:, 1], stats.uniform(0.0, 3.0).cdf).pvalue > 1e-3
    np.testing.assert_allclose(theta[:, 1:].sum(axis=1), 3.0)
    direct = ns.parametric(HUNT, ns.semantics.simplex(HUNT.shape))
    assert usual_starts("restarts", direct) == starts.uniform_strategies()
    assert usual_starts("restarts", GAME) == starts.uniform(-3.0, 3.0)


@pytest.mark.parametrize("bounds", [(0.0, np.inf), None])
def test_points_without_bounds_ask_for_starts(bounds):
    game = ns.games.differentiable(spent, (1, 1), coefficients=4.0, bounds=bounds, probe=[[1.0], [1.0]])
    with pytest.raises(InputError, match=r"no bounds on both sides.*starts=starts\.uniform\(low, high\)"):
        ns.entry_probability(game, ns.pg(), n=3, steps=2)
