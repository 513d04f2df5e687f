import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nashscape import games, theory
from nashscape.core import InputError

TEXTBOOK = {
    "prisoners_dilemma": ["DD"],
    "donation": ["DD"],
    "stag_hunt": ["CC", "DD"],
    "chicken": ["CD", "DC"],
    "harmony": ["CC"],
    "deadlock": ["DD"],
    "battle_of_the_sexes": ["BB", "SS"],
    "matching_pennies": [],
    "pure_coordination": ["AA", "BB"],
    "rock_paper_scissors": [],
    "perturbed_rock_paper_scissors": [],
    "shapley": [],
    "public_goods": ["DDDD"],
    "volunteers_dilemma": ["CDD", "DCD", "DDC"],
    "threshold_stag_hunt": ["CCCC", "DDDD"],
    "graph_donation": ["DDDDDD"],
    "discrete_public_good": ["CCD", "CDC", "DCC", "DDD"],
    "provision_point": ["00", "01", "10", "11", "13", "22", "31"],
    "nash_demand": ["04", "13", "22", "31", "40", "44"],
    "grid_contest": ["11"],
    "price_competition": ["11", "22", "33"],
}

TIED = {
    "provision_point": {"00", "01", "10", "11", "13", "31"},
    "nash_demand": {"04", "40", "44"},
    "price_competition": {"11", "33"},
}
"""Equilibria that somebody could leave for nothing."""

MIXED = {
    "stag_hunt": [2 / 3, 2 / 3],
    "chicken": [2 / 3, 2 / 3],
    "battle_of_the_sexes": [2 / 3, 1 / 3],
    "matching_pennies": [0.5, 0.5],
    "pure_coordination": [0.5, 0.5],
    "rock_paper_scissors": [[1 / 3] * 3] * 2,
    "perturbed_rock_paper_scissors": [[1 / 3] * 3] * 2,
    "shapley": [[1 / 3] * 3] * 2,
}


def gain(game, profile, i, action):
    deviation = (*profile[:i], action, *profile[i + 1 :])
    return game.payoffs[(i, *deviation)] - game.payoffs[(i, *profile)]


def brute_force(game, tolerance=0.0):
    found = []
    for profile in itertools.product(*map(range, game.shape)):
        gains = [gain(game, profile, i, a) for i in range(game.n_players) for a in range(game.shape[i])]
        if max(gains) <= tolerance:
            found.append(profile)
    return found


def test_the_table_covers_every_named_game_of_one_shot():
    assert set(TEXTBOOK) == {name for name in games.NAMED if isinstance(games.by_name(name), games.NormalFormGame)}


@pytest.mark.parametrize("name", sorted(TEXTBOOK))
def test_named_games_have_their_textbook_equilibria(name):
    found = games.pure_equilibria(games.by_name(name))
    assert [equilibrium.name for equilibrium in found] == TEXTBOOK[name]
    assert {equilibrium.name for equilibrium in found if not equilibrium.strict} == TIED.get(name, set())


@pytest.mark.parametrize("name", sorted(MIXED))
def test_named_games_have_their_textbook_mixed_equilibrium(name):
    game = games.by_name(name)
    np.testing.assert_allclose(theory.regret(game, MIXED[name]), 0, atol=1e-12)
    for response, size in zip(theory.best_response(game, MIXED[name]), game.shape, strict=True):
        assert response.actions == tuple(range(size))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    shape=st.sampled_from([(2, 2), (2, 3), (4, 3), (2, 3, 2), (3, 2, 4)]),
    seed=st.integers(0, 10_000),
    tolerance=st.sampled_from([0.0, 1.0]),
)
def test_pure_equilibria_are_those_of_brute_force(shape, seed, tolerance):
    # small whole payoffs, so that ties and weak equilibria are common
    game = games.dense(np.random.default_rng(seed).integers(0, 4, (len(shape), *shape)))
    found = games.pure_equilibria(game, tolerance)
    assert [equilibrium.profile for equilibrium in found] == brute_force(game, tolerance)
    for e in found:
        gains = [[gain(game, e.profile, i, a) for a in range(n)] for i, n in enumerate(game.shape)]
        others = [g for i, row in enumerate(gains) for a, g in enumerate(row) if a != e.profile[i]]
        assert e.margin == -max(others)
        assert e.strict == (max(others) < 0)
        np.testing.assert_array_equal(e.regret, [max(row) for row in gains])
        np.testing.assert_array_equal(e.payoffs, game.payoffs_at(e.profile))
        assert game.profile(e.name) == e.profile


def test_random_real_payoffs_have_the_equilibria_of_brute_force():
    counts = set()
    for seed in range(40):
        game = games.random_game((3, 2, 4), seed)
        found = [equilibrium.profile for equilibrium in games.pure_equilibria(game)]
        assert found == brute_force(game)
        counts.add(len(found))
    assert {0, 1, 2} <= counts


def test_equilibria_follow_relabelling_permutation_and_affine_changes():
    game = games.dense(np.random.default_rng(12).integers(0, 3, (3, 3, 2, 4)))
    names = {e.profile for e in games.pure_equilibria(game)}
    assert names
    relabelled = games.pure_equilibria(game.relabel(0, [2, 0, 1]))
    assert {([2, 0, 1][e.profile[0]], *e.profile[1:]) for e in relabelled} == names
    permuted = games.pure_equilibria(game.permute_players([2, 0, 1]))
    assert {(e.profile[1], e.profile[2], e.profile[0]) for e in permuted} == names
    changed = games.pure_equilibria(game.affine(scale=[2, 4, 0.5], shift=[1, -8, 3]))
    assert {e.profile for e in changed} == names


def test_best_response_finds_all_ties():
    game = games.bimatrix([[1, 0], [1, 0], [0, 0]], np.zeros((3, 2)))
    response = theory.best_response(game, [[0, 0, 1], 1.0], "player 1")
    assert (response.actions, response.names, response.value, response.regret) == (
        (0, 1),
        ("A", "B"),
        1.0,
        1.0,
    )
    assert theory.best_response(game, [[0, 0, 1], 1.0])[1].actions == (0, 1)
    nearly = game.affine(shift=0).replace(payoffs=game.payoffs + np.array([0, 1e-3, 0])[:, None])
    assert theory.best_response(nearly, [[0, 0, 1], 1.0], 0).actions == (1,)
    assert theory.best_response(nearly, [[0, 0, 1], 1.0], 0, tolerance=0.01).actions == (0, 1)


def test_regret_is_that_of_enumeration():
    game = games.random_game((3, 2, 4), seed=6)
    random = np.random.default_rng(0)
    p, q, r = (random.dirichlet(np.ones(n)) for n in game.shape)
    own = np.einsum("abc,b,c->a", game.payoffs[0], q, r)
    second = np.einsum("abc,a,c->b", game.payoffs[1], p, r)
    third = np.einsum("abc,a,b->c", game.payoffs[2], p, q)
    expected = [own.max() - p @ own, second.max() - q @ second, third.max() - r @ third]
    np.testing.assert_allclose(theory.regret(game, [p, q, r]), expected, rtol=1e-12)


def test_regret_is_in_double_precision_and_never_negative():
    game = games.bimatrix([[1e8, 1e8 + 1e-4], [1e8, 1e8]])
    assert theory.regret(game, [0.0, 0.0])[0] == pytest.approx(1e-4, rel=1e-3)
    for seed in range(20):
        sample = games.random_game((2, 2), seed).affine(shift=1e6)
        best = theory.best_response(sample, [0.3, 0.8])
        pure = [float(response.actions[0] == 0) for response in best]
        assert theory.best_response(sample, [pure[0], 0.8], 0).regret == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: theory.regret(games.stag_hunt(), [0.5]), "2 strategies"),
        (lambda: theory.best_response(games.stag_hunt(), [0.5, 0.5], 2), "no player number 2"),
        (lambda: theory.best_response(games.stag_hunt(), [0.5, 0.5], "row"), "unknown player 'row'"),
        (lambda: theory.best_response(games.stag_hunt(), [0.5, 0.5], tolerance=-1), "tolerance"),
        (lambda: games.pure_equilibria(games.stag_hunt(), tolerance=-1), "tolerance"),
        (lambda: theory.equilibria(games.stag_hunt())["cc"], "unknown equilibrium 'cc'; did you mean 'CC'"),
        (lambda: games.pure_equilibria("stag_hunt"), "expected a game, got the text .stag_hunt.; a game by name"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
