"""The league: whom its players meet, mixtures as one policy, learning apart; the card."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.league import answers, match_making


@pytest.fixture(scope="module")
def arena():
    return ns.populations.duel_arena(ns.environments.duel(health=1, start=1), updates=4)


def starts(arena, count, seed=0):
    random = np.random.default_rng(seed)
    return [arena.start(0, random) for _ in range(count)]


class Told(match_making.League):
    """A league in which chances to win are given, by player."""

    def wins(self, policy, others):
        return np.array([self.chances[id(other)] for other in others])


def league(arena, mains, exploiters, all_exploiters):
    """With these chances of the main player to win against each."""
    kinds = [starts(arena, len(own), seed) for seed, own in enumerate((mains, exploiters, all_exploiters))]
    made = Told(arena, *kinds)
    made.chances = {id(one): x for kind, xs in zip(kinds, (mains, exploiters, all_exploiters), strict=True)
                    for one, x in zip(kind, xs, strict=True)}  # fmt: skip
    return made


def test_half_are_the_hardest_of_the_past_and_exploiters_that_win_are_verified(arena):
    met = league(arena, [0.6, 0.5], [0.2, 0.6], [0.5]).for_main()
    history = np.array([0.16, 0.25, 0.64, 0.16, 0.25])
    verified = np.array([0, 0, 0.64, 0.16, 0]) / 0.8
    expected = 0.5 * history / history.sum() + 0.15 * verified
    np.testing.assert_allclose(met.weights, expected / 0.65)
    assert met.oneself == pytest.approx(0.35)


def test_former_selves_are_verified_where_no_exploiter_wins_and_else_nothing(arena):
    met = league(arena, [0.6, 0.9, 0.5], [0.4], []).for_main()
    history = np.array([0.16, 0.01, 0.25, 0.36])
    verified = np.array([0.16, 0.01, 0, 0]) / 0.17
    np.testing.assert_allclose(met.weights, (0.5 * history / history.sum() + 0.15 * verified) / 0.65)
    assert league(arena, [0.8, 0.5], [0.4], []).for_main().oneself == pytest.approx(0.5)


def test_an_exploiter_meets_the_main_player_unless_that_is_hopeless(arena):
    made = league(arena, [0.5, 0.25, 0.11], [], [])
    assert made.for_main_exploiter(None).profiles[0][1] is made.mains[-1]
    made = league(arena, [0.5, 0.25, 0.1], [], [])
    even = np.array([0.25, 0.1875, 0.09])
    np.testing.assert_allclose(made.for_main_exploiter(None).weights, even / even.sum())


def test_chances_count_a_draw_as_half_and_no_member_beats_the_mixture(arena):
    made = match_making.played(arena, 2, np.random.default_rng(1))
    assert [len(made.mains), len(made.main_exploiters), len(made.league_exploiters)] == [3, 2, 2]
    wins = ns.environments.duel(health=1, start=1, reward="wins").payoffs(made.mains[0], made.main_exploiters[0])
    draw = 1 - wins.sum()
    assert made.wins(made.mains[0], made.main_exploiters[:1])[0] == pytest.approx(wins[0] + draw / 2)
    mixture = made.mixture()
    assert max(mixture.payoff_of(arena.duel, one) for one in made.past) < 1e-6


def test_one_policy_does_on_average_what_the_mixture_does_where_its_policies_come(arena):
    policies, weights = starts(arena, 3, seed=4), np.array([0.5, 0.2, 0.3])
    visits = [sum(w * arena.duel.meeting(one, other).visits for other, w in zip(policies, weights, strict=True))
              for one in policies]  # fmt: skip
    found = answers.in_one(arena.duel, answers.Answer(policies, weights))
    for s in (0, 5, 40):
        each = np.array([w * own[s] for w, own in zip(weights, visits, strict=True)])
        expected = sum(e * own[s] for e, own in zip(each / each.sum(), policies, strict=True))
        np.testing.assert_allclose(found[s], expected, atol=1e-6)
    np.testing.assert_allclose(answers.in_one(arena.duel, answers.alone(policies[0])), policies[0], atol=1e-12)


def test_who_learns_apart_learns_at_its_own_rate_and_at_once(arena):
    paths = answers.learned_apart(arena, np.random.default_rng(3), updates=1, rates=(1e-9, 0.5))
    first = starts(arena, 2, seed=3)
    # but for the floor under probabilities, who has no rate stays
    np.testing.assert_allclose(paths[0][0], first[0], atol=1e-3)
    assert arena.payoffs((paths[1][0], first[0]))[0] > arena.payoffs((first[1], first[0]))[0] + 1e-3


def test_a_fresh_exploiter_gains_less_than_the_best_response(arena):
    policy = starts(arena, 1, seed=5)[0]
    gain = answers.fresh_exploiter(arena, answers.alone(policy), np.random.default_rng(0))
    assert 0.5 < gain <= arena.duel.best_response(policy)[0] + 1e-9


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("league", effort="quick").stands
