"""Mixed payoffs, against sums of the payoffs that are mixed, for every kind of game."""

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.testing import check_game

WEIGHTS = np.array([[0.0, 0.5, -1.0], [2.0, 0.25, 0.0], [0.0, 1.0, -0.5]])


def _profile(game, seed):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(shape[-1]), size=shape[:-1]) for shape in game.strategy_shapes]


@pytest.mark.long
@pytest.mark.parametrize(
    "game",
    [
        ns.games.random_game((2, 3, 2), seed=3),
        ns.games.volunteers_dilemma(3),
        ns.games.repeated(ns.games.random_game((2, 3, 2), seed=4), horizon=3, discount=0.9),
    ],
    ids=lambda game: type(game).__name__,
)
def test_every_player_gets_the_weighted_sum(game):
    mixed = ns.games.payoff_mixing(game, WEIGHTS)
    strategies = _profile(game, 0)
    wanted = (np.eye(3) + WEIGHTS) @ np.asarray(game.expected_payoffs(strategies))
    np.testing.assert_allclose(mixed.expected_payoffs(strategies), wanted, rtol=2e-5, atol=1e-5)
    check_game(mixed)


@pytest.mark.long
def test_games_without_an_array_of_payoffs_are_mixed_too():
    inner = ns.games.random_game((2, 3, 2), seed=5)

    game = ns.games.institutions.mixing.MixedPayoffs(inner, np.eye(3) + WEIGHTS)
    table = ns.games.payoff_mixing(inner, WEIGHTS)
    strategies = _profile(inner, 1)
    for own, known in zip(game.action_values(strategies), table.action_values(strategies), strict=True):
        np.testing.assert_allclose(own, known, rtol=1e-5)
    np.testing.assert_allclose(game.regrets(strategies), table.regrets(strategies), rtol=1e-4, atol=1e-6)
    assert game.offers == {"pays", "normal"}
    check_game(game)


def test_tables_are_mixed_exactly():
    mixed = ns.games.payoff_mixing(ns.games.prisoners_dilemma(), [[0, "1/3"], ["1/3", 0]])
    assert mixed.fractions[0, 0, 1] == Fraction(5, 3)
    # at a weight of (T − R)/(R − S) = 2/3 cooperation starts to be an equilibrium of R=3, S=0, T=5, P=1: a tie there
    at = ns.games.payoff_mixing(ns.games.prisoners_dilemma(), [[0, "2/3"], ["2/3", 0]])
    assert [one.margin for one in ns.games.pure_equilibria(at) if one.name == "CC"] == [0.0]
    assert [one.name for one in ns.games.pure_equilibria(ns.games.payoff_mixing(at, np.zeros((2, 2))))] == [
        one.name for one in ns.games.pure_equilibria(at)
    ]


def _produced(points, costs):
    x, y, z = points
    whole = jnp.sqrt(x[0] + y[0] + y[1] + z[0] + 1.0)
    return jnp.stack([whole - costs[0] * x[0], whole - costs[1] * jnp.sum(y), whole - costs[2] * z[0]])


def test_points_are_mixed_and_shared_rewards_make_a_team():
    game = ns.games.differentiable(_produced, (1, 2, 1), coefficients=[0.3, 0.4, 0.5], bounds=(0, 4))
    points = [[1.0], [0.5, 2.0], [3.0]]
    mixed = ns.games.payoff_mixing(game, WEIGHTS)
    wanted = (np.eye(3) + WEIGHTS) @ np.asarray(game.expected_payoffs(points))
    np.testing.assert_allclose(mixed.expected_payoffs(points), wanted, rtol=1e-6)
    check_game(mixed)
    team = ns.games.payoff_mixing(game, ns.games.sharing([0, 0, 0]))
    np.testing.assert_allclose(team.expected_payoffs(points), np.mean(game.expected_payoffs(points)), rtol=1e-6)
    pair = np.eye(3) + ns.games.sharing([1, 2, 1], share=0.5)
    np.testing.assert_allclose(pair, [[0.75, 0, 0.25], [0, 1, 0], [0.25, 0, 0.75]])


@pytest.mark.parametrize(
    ("mix", "reason"),
    [
        (lambda: ns.games.payoff_mixing(ns.games.stag_hunt(), np.eye(3)), r"has 2 players; dependence must have shape"),
        (lambda: ns.games.payoff_mixing(ns.games.stag_hunt(), [1, 2]), "dependence"),
        (lambda: ns.games.payoff_mixing(ns.open_source(ns.games.stag_hunt(), 0.1), np.eye(2)), "has a semantics"),
        (lambda: ns.games.sharing([0, 1], share=2), "share"),
    ],
)
def test_what_cannot_be_mixed_is_refused_with_the_reason(mix, reason):
    with pytest.raises(ns.InputError, match=reason):
        mix()
