"""Bayesian games against sums over all types and actions, in fractions, for three players of unequal sizes."""

from fractions import Fraction
from itertools import product

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.testing import check_game

TYPES, ACTIONS = (2, 3, 1), (3, 2, 2)
SHAPES = tuple(zip(TYPES, ACTIONS, strict=True))
PLACES = [range(k) for k in (*TYPES, *ACTIONS)]


def thirds(random, shape):
    """Random fractions with one denominator, so that no double holds them."""
    return np.vectorize(lambda k: Fraction(int(k), 7), otypes=[object])(random.integers(-9, 10, size=shape))


def chances(random, shape):
    drawn = random.integers(1, 6, size=shape)
    return np.vectorize(lambda k: Fraction(int(k), int(drawn.sum())), otypes=[object])(drawn)


def mixtures(random):
    return [np.stack([chances(random, k) for _ in range(count)]) for count, k in SHAPES]


PAYOFFS = thirds(np.random.default_rng(3), (3, *TYPES, *ACTIONS))
JOINT = chances(np.random.default_rng(4), TYPES)
EACH = [chances(np.random.default_rng(5 + i), count) for i, count in enumerate(TYPES)]
OUTER = np.multiply.outer(np.multiply.outer(EACH[0], EACH[1]), EACH[2])
OWN = [np.take(PAYOFFS[0], [0], axis=2), PAYOFFS[1][:1], PAYOFFS[2][:, :1]]
"""Payoffs in which some types do not matter: the third's own alone is no axis of length one by nature."""

ONE, TWO = np.zeros((2, 1, 1, 2, 2)), np.zeros((2, 1, 2, 2, 2))
GAMES = {
    "joint": (PAYOFFS, JOINT, PAYOFFS, JOINT),
    "independent": (OWN, EACH, [np.broadcast_to(own, (*TYPES, *ACTIONS)) for own in OWN], OUTER),
}


def enumerated(payoffs, prior, strategies):
    """Σ_t p(t) Σ_a Π_j σ_j(a_j | t_j) u_i(t, a), term by term."""
    total = [0, 0, 0]
    for place in product(*PLACES):
        t, a = place[:3], place[3:]
        weight = prior[t]
        for own, kind, action in zip(strategies, t, a, strict=True):
            weight = weight * own[kind, action]
        total = [sum_ + weight * own[place] for sum_, own in zip(total, payoffs, strict=True)]
    return total


@pytest.fixture(scope="module", params=GAMES)
def case(request):
    given, prior, payoffs, joint = GAMES[request.param]
    return ns.games.bayesian_game(given, prior), payoffs, joint, mixtures(np.random.default_rng(8))


def test_payoffs_and_values_are_sums_over_types_and_actions_in_fractions(case):
    game, payoffs, joint, strategies = case
    wanted = enumerated(payoffs, joint, strategies)
    values = game.exact_action_values(strategies)
    for i, (count, k) in enumerate(SHAPES):
        assert (values[i] * strategies[i]).sum() == wanted[i]
        for t, a in product(range(count), range(k)):
            # the strategy that is played at this type alone, and only this action: what it adds
            alone = [own.copy() for own in strategies]
            alone[i][:] = Fraction(0)
            alone[i][t, a] = Fraction(1)
            if a == (t + 1) % k:
                assert values[i][t, a] == enumerated(payoffs, joint, alone)[i]
    doubles = [own.astype(float) for own in strategies]
    for own, exact, p in zip(game.interim_payoffs(doubles), values, game.marginals, strict=True):
        np.testing.assert_allclose(own, exact.astype(float) / p[:, None], atol=1e-13)


def test_derivatives_of_all_payoffs_are_finite_differences(case):
    game, payoffs, joint, strategies = case
    floats, prior = [np.array(own, dtype=float) for own in payoffs], joint.astype(float)
    doubles = [own.astype(float) for own in strategies]
    with jax.enable_x64(True):
        slopes = jax.jit(lambda game, own: jax.jacrev(game.expected_payoffs)(own))(game, doubles)
    random, step = np.random.default_rng(9), 1e-6
    for _ in range(2):
        along = [random.normal(size=own.shape) for own in doubles]
        ends = [
            np.array(
                enumerated(floats, prior, [own + sign * step * way for own, way in zip(doubles, along, strict=True)])
            )
            for sign in (1, -1)
        ]
        found = sum(np.tensordot(slope, way, ((1, 2), (0, 1))) for slope, way in zip(slopes, along, strict=True))
        np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * step), atol=1e-8)


def test_regrets_are_those_of_the_best_of_all_plans(case):
    game, payoffs, joint, strategies = case
    floats, prior = [np.array(own, dtype=float) for own in payoffs], joint.astype(float)
    doubles = [own.astype(float) for own in strategies]
    now = enumerated(floats, prior, doubles)
    with jax.enable_x64(True):
        paid, found = map(
            np.asarray, jax.jit(lambda game, own: (game.expected_payoffs(own), game.regrets(own)))(game, doubles)
        )
    np.testing.assert_allclose(paid, now, rtol=1e-12)
    for i, (count, k) in enumerate(SHAPES):
        best = max(
            enumerated(floats, prior, [np.eye(k)[list(plan)] if j == i else own for j, own in enumerate(doubles)])[i]
            for plan in product(range(k), repeat=count)
        )
        assert found[i] == pytest.approx(best - now[i], abs=1e-12)
        assert found[i] > 0.01


def test_normal_form_and_agent_form_pay_what_plans_do(case):
    game, payoffs, joint, _ = case
    normal, agents = ns.games.normal_form(game), ns.games.agent_form(game)
    assert normal.shape == (9, 8, 2)
    assert agents.shape == (3, 3, 2, 2, 2, 2)
    assert normal.actions[1][3] == "A B B"
    assert agents.players[3] == "player 2 of type 2"
    for place in [(0, 0, 0), (5, 3, 1), (7, 6, 1)]:
        rows = [np.array(np.unravel_index(s, (k,) * count)) for s, (count, k) in zip(place, SHAPES, strict=True)]
        played = [np.vectorize(Fraction, otypes=[object])(np.eye(k, dtype=int)[own].astype(object))
                  for own, (_, k) in zip(rows, SHAPES, strict=True)]  # fmt: skip
        wanted = enumerated(payoffs, joint, played)
        assert normal.fractions[(slice(None), *place)].tolist() == wanted
        each = agents.fractions[(slice(None), *np.concatenate(rows).tolist())].tolist()
        assert each == [wanted[i] for i, count in enumerate(TYPES) for _ in range(count)]


def test_a_game_passes_the_kit():
    check_game(ns.games.bayesian_game(OWN, EACH))


def test_the_same_game_as_a_function_an_array_and_lists():
    def pay(types, actions):
        return types[0] * len(actions[1]), Fraction(len(actions[0]), 3), actions[2] == "no"

    types, actions = ((1, 2), ("x",), ("y", "z")), (("up", "down"), ("a", "bb"), ("yes", "no"))
    game = ns.games.bayesian_game(pay, types=types, actions=actions)
    assert game.types == (("1", "2"), ("x",), ("y", "z"))
    assert game.exact_payoffs[1][1, 0, 1, 1, 0, 0] == Fraction(4, 3)
    assert game.payoffs[0][:, 0, 0, 0, :, 0].tolist() == [[1, 2], [2, 4]]
    assert game.payoffs[2][0, 0, 0, 0, 0].tolist() == [0, 1]
    again = ns.games.bayesian_game(np.stack(game.exact_payoffs), types=types, actions=actions)
    assert [own.tolist() for own in again.payoffs] == [own.tolist() for own in game.payoffs]
    assert again.joint_prior.tolist() == [[[0.25, 0.25]], [[0.25, 0.25]]]


def test_two_rows_that_sum_to_one_are_distributions_of_two_players():
    payoffs = np.zeros((2, 2, 2, 2, 2))
    assert ns.games.bayesian_game(payoffs, [[0.5, 0.5], [0.25, 0.75]]).independent
    joint = ns.games.bayesian_game(payoffs, [[0.5, 0.25], [0.25, 0.0]])
    assert not joint.independent
    assert [own.tolist() for own in joint.marginals] == [[0.75, 0.25], [0.75, 0.25]]


def test_a_type_of_probability_zero_stays_where_it_is_and_nothing_is_said_of_it():
    random = np.random.default_rng(0)
    game = ns.games.bayesian_game(
        random.normal(size=(2, 2, 3, 2, 2)), [[0.5, 0.5], [0.5, 0.0, 0.5]], types=["ab", "cde"]
    )
    assert game.idle_types == ((), ("d",))
    assert "1 of them of probability zero" in repr(game)
    values = game.exact_action_values([chances(random, 4).reshape(2, 2), chances(random, 6).reshape(3, 2)])
    assert [[bool(row.any()) for row in own] for own in values] == [[True, True], [True, False, True]]
    known = [
        np.isnan(own).all(axis=1).tolist() for own in game.interim_payoffs([np.full((2, 2), 0.5), np.full((3, 2), 0.5)])
    ]
    assert known == [[False, False], [False, True, False]]
    assert ns.games.normal_form(game).shape == (4, 4)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ns.games.bayesian_game(np.zeros((2, 2, 2, 2))), r"shape \[n, T_1, .*got \[2, 2, 2, 2\]"),
        (lambda: ns.games.bayesian_game(np.zeros((2, 2, 2, 2, 2)), np.full((2, 2), 0.3)), "sum to one; the sum is 1.2"),
        (lambda: ns.games.bayesian_game(np.zeros((2, 2, 2, 2, 2)), [[0.5, 0.6], [0.5, 0.5]]), "player 1 .* sum is 1.1"),
        (
            lambda: ns.games.bayesian_game(np.zeros((2, 2, 3, 2, 2)), [[0.5, 0.6], [0.5, 0.5, 0]]),
            "prior of player 1 .* must sum to one; the sum is 1.1",
        ),
        (
            lambda: ns.games.bayesian_game(np.zeros((2, 1, 2, 2, 2)), [[1.2, -0.2]]),
            r"not be negative; the probability at \(0, 1\) is -0.2",
        ),
        (lambda: ns.games.bayesian_game(np.zeros((2, 2, 2, 2, 2)), np.ones((3, 2)) / 6), r"shape \[2, 2\], or a distr"),
        (lambda: ns.games.bayesian_game([np.zeros((2, 2, 2, 2)), np.zeros((2, 3, 2, 2))]), r"\[2, 3\] or 1; got"),
        (lambda: ns.games.bayesian_game([np.zeros((2, 2, 2, 2)), np.zeros((2, 2, 2, 3))]), "with the same actions"),
        (lambda: ns.games.bayesian_game(lambda t, a: (0, 0)), "payoffs are a function: give types and actions"),
        (
            lambda: ns.games.bayesian_game(lambda t, a: (0,), types=["a", "b"], actions="CD"),
            r"must be 2 numbers; got \[0\]",
        ),
        (lambda: ns.games.bayesian_game(lambda t, a: 7, types=["a", "b"], actions="CD"), r"2 numbers; got \[7\]"),
        (
            lambda: ns.games.bayesian_game(lambda t, a: (0, 0), types=[2, 1], actions="CD"),
            r"a list of names, or values, for every player; got \[2, 1\]",
        ),
        (lambda: ns.games.bayesian_game(ONE, players=2), "players are names, one for each; got the number 2"),
        (lambda: ns.games.auction(values=[0, 1], bids=[0, 1], players=3), "players are names, .* got the number 3"),
        (
            lambda: ns.games.bayesian_game(lambda t, a: (0, 0), types=[range(400)] * 2, actions=[list("abcdefgh")] * 2),
            "has 20,480,000 payoffs; at most 20,000,000",
        ),
        (lambda: ns.games.bayesian_game(ONE, actions=["go on", "stop"]), "without commas.*'go on'"),
        (lambda: ns.games.bayesian_game(TWO, types=["a", "bbb"]), r"\[1, 2\] types .* of \[1, 3\]"),
        (lambda: ns.games.bayesian_game(TWO, types=["a", "bb"]), "different type names"),
        (
            lambda: ns.games.normal_form(ns.games.bayesian_game(np.zeros((2, 9, 9, 2, 2)))),
            "has 524,288 payoffs; at most 100,000",
        ),
        (lambda: ns.games.normal_form(ns.games.stag_hunt()), "of a game with types that players know"),
    ],
)  # fmt: skip
def test_what_is_no_such_game_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
