"""Teams, hold-up and joint ventures: payoffs from the definitions, and what each model is known for."""

from fractions import Fraction as F
from functools import cache
from itertools import product

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.testing import check_game


def stable(pay, shape):
    """Profiles from which nobody gains by leaving alone, one after the other."""
    return [
        profile
        for profile in product(*map(range, shape))
        if all(
            pay((*profile[:i], a, *profile[i + 1 :]))[i] <= pay(profile)[i]
            for i in range(len(shape))
            for a in range(shape[i])
        )
    ]


def found(game):
    return [one.profile for one in games.pure_equilibria(game)]


@pytest.mark.parametrize("output", ["sum", "least"])
@pytest.mark.parametrize("target", [None, 7])
def test_payoffs_of_a_partnership_are_those_of_the_definition(output, target):
    efforts, costs, shares = [0, F(1, 2), 1, 2], [1, 2, F(1, 2)], [F(1, 2), F(1, 3), F(1, 6)]
    game = games.partnership(
        3, efforts, productivity="5/2", costs=costs, shares=shares, output=output, target=target
    )  # fmt: skip

    def pay(profile):
        e = [efforts[a] for a in profile]
        made = F(5, 2) * (e[0] + e[1] + e[2] if output == "sum" else 3 * min(e))
        made = made if target is None or made >= target else 0
        return [F(s) * made - F(c) * x * x / 2 for s, c, x in zip(shares, costs, e, strict=True)]

    for profile in product(range(4), repeat=3):
        assert [own[profile] for own in game.fractions] == pay(profile)
    assert found(game) == stable(pay, (4, 4, 4))


def test_all_that_is_shared_is_too_little_and_a_target_makes_up_for_it():
    efforts = [F(k, 4) for k in range(13)]
    best = (8, 8)  # p / c = 2
    for first in range(9):
        shares = [F(first, 8), 1 - F(first, 8)]
        game = games.partnership(2, efforts, shares=shares)
        # a marginal gain of 2 s_i against a marginal cost of e_i
        [chosen] = found(game)
        assert [efforts[a] for a in chosen] == [2 * own for own in shares]
        assert chosen != best
    forced = games.partnership(2, efforts, target=8)
    assert best in found(forced)
    # who gets less than its effort costs does not make it: 2 s_2 < 1
    assert best not in found(games.partnership(2, efforts, target=8, shares=["4/5", "1/5"]))


def bargained(worth, outside, power):
    """What maximises the Nash product of gains, in small steps."""
    gain = worth - sum(outside)
    parts = np.linspace(0, 1, 20001)
    best = parts[np.argmax(parts ** float(power) * (1 - parts) ** float(1 - power))]
    return [float(outside[0] + best * gain), float(outside[1] + (1 - best) * gain)]


def test_payoffs_of_hold_up_maximise_the_nash_product():
    values, costs, power, kept = [[0, 4, 6], [1, 3]], [[0, 1, 2], [0, F(1, 2)]], F(1, 4), [F(1, 2), F(1, 5)]
    game = games.hold_up(values, costs, power=power, kept=kept)
    assert game.shape == (3, 2)
    for a, b in product(range(3), range(2)):
        outside = [kept[0] * values[0][a], kept[1] * values[1][b]]
        got = bargained(values[0][a] + values[1][b], outside, power)
        wanted = [got[0] - costs[0][a], got[1] - float(costs[1][b])]
        np.testing.assert_allclose(game.payoffs[:, a, b], wanted, atol=1e-3)
        # nothing is lost in bargaining
        assert sum(own[a, b] for own in game.fractions) == values[0][a] + values[1][b] - costs[0][a] - costs[1][b]


def test_who_shares_in_what_it_invests_holds_back_and_owning_helps():
    steps = range(11)
    values, costs = [[10 * k - k * k for k in steps], [8 * k for k in steps]], [[2 * k for k in steps]] * 2
    costs = [costs[0], [k * k for k in steps]]

    def chosen(**options):
        [profile] = found(games.hold_up(values, costs, **options))
        return profile

    # of 10 k − k² with cost 2k the best is 4; with half of it 3, as 5 k − k²/2 − 2k is largest there
    total = [values[0][k] - costs[0][k] for k in steps], [values[1][k] - costs[1][k] for k in steps]
    assert [int(np.argmax(own)) for own in total] == [4, 4]
    assert chosen() == (3, 2)
    assert chosen(power=1) == (4, 0)
    assert chosen(kept=[0, "1/2"]) == (3, 3)
    assert chosen(kept=1) == (4, 4)


def rounds(game_rules, odds, horizon, discount):
    """What a joint venture pays on average, `[n]`, by recursion over all plays, each rule written apart."""
    n, w, s, c, most, b, r = game_rules

    @cache
    def worth(apart, k, left):
        if not left:
            return (0.0,) * n
        total = np.zeros(n)
        for acts in product(("give", "keep", "leave"), repeat=n):
            chance = np.prod([odds(i, apart, k)[("give", "keep", "leave").index(a)] for i, a in enumerate(acts)])
            gone = apart or "leave" in acts
            if gone:
                now = [b[i] * k[i] - r[i] * np.mean([k[j] for j in range(n) if j != i]) for i in range(n)]
                later = worth(True, k, left - 1)
            else:
                givers = acts.count("give")
                now = [s[i] * w * givers**2 / n**2 - c[i] * (acts[i] == "give") for i in range(n)]
                learnt = [any(acts[j] == "give" for j in range(n) if j != i) for i in range(n)]
                later = worth(False, tuple(min(most, k[i] + learnt[i]) for i in range(n)), left - 1)
            total += chance * (np.array(now, float) + discount * np.array(later))
        return tuple(total)

    return np.array(worth(False, (0,) * n, horizon))


VENTURE = (3, 9.0, [0.5, 0.25, 0.25], [1.0, 2.0, 0.5], 2, [0.5, 1.0, 2.0], [0.25, 0.0, 1.0])


def odds_of(player, apart, known):
    """Odds of giving, keeping, leaving, which differ by player and state."""
    raw = np.array([3.0 + player, 2.0 + known[player], 0.5 + sum(known) / 4 + apart])
    return raw / raw.sum()


def venture(**options):
    _, w, s, c, most, b, r = VENTURE
    return games.joint_venture(
        3, worth=w, shares=s, costs=c, knowledge=most, outside=b, rivalry=r, **options
    )  # fmt: skip


def policies(game):
    rows = [(own.startswith("apart"), tuple(map(int, own.split()[1]))) for own in game.states]
    return [np.array([odds_of(i, *own) for own in rows]) for i in range(3)]


def test_a_joint_venture_pays_what_all_its_plays_pay():
    game = venture(horizon=4, discount=0.8)
    assert (game.n_states, game.shape) == (54, (3, 3, 3))
    wanted = rounds(VENTURE, odds_of, 4, 0.8)
    np.testing.assert_allclose(game.expected_payoffs(policies(game)), wanted, rtol=1e-5)


@pytest.mark.parametrize(("outside", "lasts"), [(1.0, True), (1.05, False)])
def test_it_lasts_where_leaving_with_all_that_was_learnt_pays_no_more(outside, lasts):
    # a round of giving pays 6/2 − 1 = 2, two steps that were learnt pay 2 × outside
    game = games.joint_venture(outside=outside, discount=0.95)
    giving = [np.tile([1.0, 0.0, 0.0], (game.n_states, 1))] * 2
    assert bool(np.asarray(game.regrets(giving)).max() < 1e-3) == lasts


def test_games_over_ventures_pass_the_kit():
    check_game(games.partnership(2, (0, 1, 2), costs=[1, 2], target=3))
    check_game(games.hold_up())


@pytest.mark.long
def test_a_venture_passes_the_kit():
    check_game(games.joint_venture(knowledge=1, rivalry=[0.5, 0.25]))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: games.partnership(1), "players must be at least 2"),
        (lambda: games.partnership(2, (1, 0)), "efforts are not below 0 and rise"),
        (lambda: games.partnership(2, shares=[0.3, 0.3]), "sum to one exactly"),
        (lambda: games.partnership(3, shares=[0.5, 0.5]), "shares are 3 numbers"),
        (lambda: games.partnership(2, output="most"), "unknown output"),
        (lambda: games.partnership(2, costs=[1, -1]), "costs is a number from 0 on"),
        (lambda: games.hold_up([[0, 1]] * 3), "two invest"),
        (lambda: games.hold_up([[0, 1], [0, 1]], [[0], [0, 1]]), "a value and a cost"),
        (lambda: games.hold_up(power=1.5), "from 0 to 1"),
        (lambda: games.joint_venture(horizon=0), "horizon must be at least 1"),
        (lambda: games.joint_venture(knowledge=0), "knowledge must be at least 1"),
        (lambda: games.joint_venture(discount=1.0), "needs a discount below 1"),
        (lambda: games.joint_venture(12, knowledge=3), "take fewer players or steps"),
        (lambda: games.joint_venture(rivalry=[1, 2, 3]), "one for each of 2 players"),
    ],
)  # fmt: skip
def test_ventures_that_cannot_be_are_refused(make, reason):
    with pytest.raises(InputError, match=reason):
        make()
