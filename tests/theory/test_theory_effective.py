"""Opponent-awareness as coupling: the closed form, least squares, and the same separatrix by either road."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning import lola, meta_mapg, peer_only, pg
from nashscape.selection.edges.crossings import along
from nashscape.semantics import parametric
from nashscape.theory.effective import effective_coupling
from nashscape.theory.symmetric import symmetric_thresholds


@pytest.mark.parametrize("seed", range(20))
def test_the_peer_term_of_two_by_two_games_is_coupling_and_nothing_else(seed):
    """κ_i = λ η c_j s_i s_j, where c_j is the other's R − S − T + P; in symmetric games λ η c s_i s_j."""
    random = np.random.default_rng(seed)
    payoffs = random.normal(size=(2, 2, 2))
    strength, rate = random.uniform(0.1, 3, size=2)
    p = random.uniform(0.05, 0.95, size=2)
    found = effective_coupling(peer_only(peer=strength, inner_lr=rate), games.dense(payoffs), p.tolist())
    c = payoffs[:, 0, 0] - payoffs[:, 0, 1] - payoffs[:, 1, 0] + payoffs[:, 1, 1]
    s = np.prod(p * (1 - p))
    np.testing.assert_allclose(found.coupling[0], strength * rate * c[::-1] * s, rtol=1e-10)
    assert (found.residual < 1e-10).all()


def test_on_the_diagonal_of_stag_hunt():
    found = effective_coupling(peer_only(peer=1.5, inner_lr=0.55), games.stag_hunt())
    p = found.strategies[0][:, 0]
    np.testing.assert_allclose(found.coupling[:, 0], 1.5 * 0.55 * 3 * (p * (1 - p)) ** 2, rtol=1e-10)
    assert "κ from" in repr(found)


def test_three_players_against_least_squares_of_derivatives():
    random = np.random.default_rng(3)
    game = games.dense(random.normal(size=(3, 2, 3, 2)))
    learners = parametric(game)
    embed = {(j, i): random.normal(size=(learners.sizes[j], learners.sizes[i])) for j in range(3) for i in range(3)}
    embed = {pair: e for pair, e in embed.items() if pair[0] != pair[1]}
    rule = meta_mapg(peer=0.8, own=0.3, inner_lr=0.4)
    strategies = [0.3, [0.2, 0.5, 0.3], 0.6]
    found = effective_coupling(rule, game, strategies, alignment=embed)
    with jax.enable_x64(True):
        theta = ns.starts.strategies([strategies]).parameters(learners, np.array([0]), 0)[0]
        slopes = np.asarray(jax.jit(jax.jacrev(learners.utilities))(theta))
        hessians = np.asarray(jax.jit(jax.jacfwd(jax.jacrev(learners.utilities)))(theta))
    parts = learners.semantics.slices
    for i in range(3):
        d = 0.4 * 0.3 * hessians[i, parts[i], parts[i]].T @ slopes[i, parts[i]]
        x = np.zeros(learners.sizes[i])
        for j in set(range(3)) - {i}:
            d = d + 0.4 * 0.8 * hessians[j, parts[j], parts[i]].T @ slopes[i, parts[j]]
            x = x + embed[j, i].T @ slopes[i, parts[j]]
        [[k]], *_ = np.linalg.lstsq(x[:, None], d[:, None], rcond=None)
        np.testing.assert_allclose(found.coupling[0, i], k, rtol=1e-9)
        np.testing.assert_allclose(found.residual[0, i], np.linalg.norm(d - k * x) / np.linalg.norm(d), rtol=1e-7)


def test_a_rule_without_correction_has_no_coupling_and_nothing_to_explain():
    found = effective_coupling(pg(), games.chicken(), [0.3, 0.6])
    assert (found.coupling == 0).all()
    assert (found.residual == 0).all()
    # where nothing can be gained by the others' moving there is no coupling to speak of
    alone = games.bimatrix([[1.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
    found = effective_coupling(lola(), alone, [0.3, 0.6])
    assert np.isnan(found.coupling).all()
    assert "undefined" in repr(found)


@pytest.mark.long
@pytest.mark.parametrize(
    ("rule", "published"),
    [
        (peer_only(peer=1.5, inner_lr=0.55), 0.53376),
        (meta_mapg(peer=1.5, own=0.35, inner_lr=0.55), 0.53392),
        (meta_mapg(peer=5.0, own=0.35, inner_lr=0.55), 0.35978),
    ],
    ids=["peer 1.5", "peer 1.5, own .35", "peer 5, own .35"],
)
def test_the_separatrix_of_a_rule_is_that_of_the_coupling_it_amounts_to(rule, published):
    game = games.stag_hunt()
    options = {"start": [0.05, 0.05], "end": [0.95, 0.95], "target": "CC", "tolerance": 1e-10}
    place = along(game, rule, **options).probability().value
    assert round(place, 5) == published
    kappa = float(effective_coupling(rule, game, [place, place]).coupling[0, 0])
    np.testing.assert_allclose(symmetric_thresholds(game).mixture(kappa), place, atol=1e-6)
    other = along(ns.open_source(game, kappa), pg(), **options).probability().value
    np.testing.assert_allclose(other, place, atol=1e-6)


def test_what_does_not_fit_is_refused():
    uneven = games.dense(np.random.default_rng(1).normal(size=(2, 2, 3)))
    with pytest.raises(
        InputError,
        match="players 2 and 1 have 3 and 1 parameters: say with alignment=",
    ):
        effective_coupling(lola(), uneven, [0.5, [0.2, 0.3, 0.5]])
    with pytest.raises(InputError, match="independent sigmoids or softmaxes"):
        effective_coupling(lola(), ns.open_source(games.chicken(), 0.3), [0.5, 0.5])
    with pytest.raises(InputError, match="'diagonal' or strategies"):
        effective_coupling(lola(), games.chicken(), "middle")
    with pytest.raises(InputError, match="the diagonal is that of players with two actions"):
        effective_coupling(lola(), uneven)
    with pytest.raises(InputError, match="counted from zero"):
        effective_coupling(lola(), games.chicken(), [0.5, 0.5], alignment={(1, 2): [[1.0]]})
    with pytest.raises(InputError, match="interior"):
        effective_coupling(lola(), games.chicken(), [0.0, 0.5])


@pytest.mark.long
def test_policies_over_states_against_least_squares_of_differences():
    """What follows DC for one is where what follows CD for the other would be read."""
    game = games.iterated_prisoners_dilemma()
    learners, rule = parametric(game), peer_only(peer=0.7, inner_lr=0.3)
    random = np.random.default_rng(4)
    theta, h = random.normal(size=10), 1e-4
    seen = np.array([0, 1, 3, 2, 4])
    p = 1 / (1 + np.exp(-theta.reshape(2, 5)))
    found = effective_coupling(rule, game, [own[:, None] * [1, -1] + [0, 1] for own in p])

    def utilities(at):
        with jax.enable_x64(True):
            return np.asarray(played(learners, jnp.asarray(at)))

    played = jax.jit(lambda game, at: game.utilities(at))
    ends = np.array([[utilities(theta + h * e), utilities(theta - h * e)] for e in np.eye(10)])
    slopes = ((ends[:, 0] - ends[:, 1]) / (2 * h)).T  # [n, d]
    cross = np.empty((2, 5, 5))  # ∂²U_j / ∂θ_j ∂θ_i of the other j
    for k, (j, i) in enumerate(((1, 0), (0, 1))):
        for a in range(5):
            for b in range(5):
                one, two = h * np.eye(10)[5 * j + a], h * np.eye(10)[5 * i + b]
                corners = [utilities(theta + s * one + t * two)[j] * s * t for s in (1, -1) for t in (1, -1)]
                cross[k, a, b] = sum(corners) / (4 * h * h)
    for i, j in ((0, 1), (1, 0)):
        own = slopes[i, 5 * j : 5 * j + 5]
        d, x = 0.7 * 0.3 * cross[i].T @ own, own[seen]
        [[k]], *_ = np.linalg.lstsq(x[:, None], d[:, None], rcond=None)
        assert found.coupling[0, i] == pytest.approx(k, rel=1e-4)
        assert found.residual[0, i] == pytest.approx(np.linalg.norm(d - k * x) / np.linalg.norm(d), rel=1e-3)


def test_the_diagonal_of_policies_is_play_without_memory():
    found = effective_coupling(peer_only(), games.iterated_prisoners_dilemma())
    assert found.strategies[1].shape == (len(found.coupling), 5, 2)
    p = found.strategies[0][:, :, 0]
    np.testing.assert_array_equal(p, np.repeat(p[:, :1], 5, axis=1))
    np.testing.assert_allclose(found.coupling[:, 0], found.coupling[:, 1], rtol=1e-6)
    axes = found.plot().axes[0]
    np.testing.assert_array_equal(axes.lines[1].get_xdata(), p[:, 0])
