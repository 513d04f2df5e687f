"""What learners without regret play on average: in fractions, and by what theorems promise."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest

from nashscape import InputError, games
from nashscape.theory import average_play
from nashscape.theory.concepts.average_learners import LEARNERS, Memory, internal_regret_matching

F = Fraction
GAMES = {
    "Shapley": games.shapley(),
    "Stag Hunt": games.stag_hunt(),
    "three players": games.random_game((2, 3, 2), seed=5),
    "constant": games.dense(np.ones((2, 2, 3))),
}


def gain(game, joint, i, b):
    """What player i gains by action b against a distribution over profiles."""
    table = game.fractions[i]
    return sum(p * (table[(*s[:i], b, *s[i + 1 :])] - table[s]) for s, p in joint.items())


def matched(game, start, rounds):
    """Regret matching in fractions: the average joint play by profile, and the average regrets added up on the way."""
    profiles = list(itertools.product(*map(range, game.shape)))
    joint = dict.fromkeys(profiles, F(0))
    regret = [[F(0)] * k for k in game.shape]
    played = [[F(p) for p in own] for own in start]
    for _ in range(rounds):
        chance = {s: np.prod([played[i][a] for i, a in enumerate(s)]) for s in profiles}
        for s, p in chance.items():
            joint[s] += p / rounds
        for i, k in enumerate(game.shape):
            for b in range(k):
                regret[i][b] += gain(game, chance, i, b)
        for i, own in enumerate(regret):
            positive = [max(r, F(0)) for r in own]
            played[i] = [r / sum(positive) if sum(positive) else F(1, len(own)) for r in positive]
    return joint, [[r / rounds for r in own] for own in regret]


@pytest.mark.parametrize("name", ["Shapley", "Stag Hunt", "three players"])
def test_the_gain_of_an_action_against_the_average_is_its_average_regret_in_fractions(name):
    game, rounds = GAMES[name], 5
    start = [[F(1, 4), *[F(3, 4 * (k - 1))] * (k - 1)] for k in game.shape]
    joint, regret = matched(game, start, rounds)
    for i, k in enumerate(game.shape):
        for b in range(k):
            assert gain(game, joint, i, b) == regret[i][b]
    found = average_play(game, "regret_matching", steps=rounds, start=[[float(p) for p in own] for own in start])
    np.testing.assert_allclose(found.joint.ravel(), [float(p) for p in joint.values()], atol=1e-14)
    np.testing.assert_allclose(found.regret[-1], [float(max(own)) for own in regret], atol=1e-14)


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize("name", GAMES)
def test_gains_are_regrets_and_regrets_are_what_theorems_promise(name, learner):
    found = average_play(GAMES[name], learner, steps=400)
    own = found.correlated if LEARNERS[learner].internal else found.coarse
    np.testing.assert_allclose(own, found.regret, atol=1e-13)
    assert (own <= found.promised + 1e-13).all()
    assert found.joint.sum() == pytest.approx(1.0, abs=1e-12)
    # no gain by a swap is smaller than what one action gains, spread over all actions
    sizes = np.array(GAMES[name].shape)
    assert (found.coarse <= sizes * found.correlated + 1e-13).all()


def test_in_shapleys_game_only_the_learner_of_swaps_comes_near_the_correlated_equilibria():
    """The others' averages are coarse correlated to a few thousandths, and stay a tenth away from correlated ones."""
    found = {name: average_play(games.shapley(), name, steps=1000) for name in LEARNERS}
    for name in ("hedge", "regret_matching"):
        assert found[name].coarse[-1].max() < 0.01
        assert found[name].correlated[-1].max() > 0.07
        assert found[name].apart[-1].max() > 0.1
    assert found["internal"].correlated[-1].max() < 0.01


def test_the_learner_of_swaps_plays_what_its_regrets_leave_as_it_is():
    """By hand: A gives way to B at rate 2, B to A at rate 1: A is played a third of the time."""
    memory = Memory(1, np.zeros(2), np.array([[0.0, 2.0], [1.0, 0.0]]), 1.0)
    np.testing.assert_allclose(internal_regret_matching(memory), [1 / 3, 2 / 3], atol=1e-15)
    cycle = Memory(1, np.zeros(3), np.array([[0, 1.0, 0], [-5, 0, 2.0], [4.0, -1, 0]]), 1.0)
    np.testing.assert_allclose(internal_regret_matching(cycle), [4 / 7, 2 / 7, 1 / 7], atol=1e-15)


@pytest.mark.parametrize("learner", LEARNERS)
def test_units_and_constants_of_payoffs_do_not_matter(learner):
    """Large payoffs as in Nashpy's reports 101 and 214."""
    game = GAMES["three players"]
    scaled = np.stack([own * factor for own, factor in zip(game.payoffs, (1e6, 1e-6, 1.0), strict=True)])
    one, other = (average_play(own, learner, steps=50, seed=3) for own in (game, games.dense(scaled)))
    np.testing.assert_allclose(other.joint, one.joint, atol=1e-9)
    moved = average_play(games.dense(game.payoffs + 1e6), learner, steps=50, seed=3)
    np.testing.assert_allclose(moved.joint, one.joint, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"learner": "fictitious"}, "unknown learner 'fictitious'"),
        ({"start": [[0.5, 0.5]]}, "start is a strategy for each of 2 players"),
        ({"start": [[0.5, 0.5], [0.5, 0.6]]}, "the strategy of player 2 must sum to one"),
        ({"steps": 0}, "rounds must be at least 1"),
    ],
)
def test_what_cannot_be_played_is_refused(options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        average_play(games.stag_hunt(), **options)
