"""Bayes–Nash equilibria against textbook answers, enumeration in fractions, and closed forms."""

from fractions import Fraction as F
from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Status

HALF = F(1, 2)


def meeting():
    """Osborne (2004), example 273.1: the second player wishes to meet the first or to avoid it, each as likely."""

    def pay(types, actions):
        together = actions[0] == actions[1]
        met = together == (types[1] == "meet")
        return (2 if actions[0] == "F" else 1) * together, (1 + (actions[1] == "O")) * met

    return ns.games.bayesian_game(pay, types=[["her"], ["meet", "avoid"]], actions="FO", name="sexes")


def deviations(game, rows):
    """The largest gain of any type from a pure profile, by summing over the others' types in fractions."""
    paid, prior = game.fractions()
    most = []
    for i, own in enumerate(rows):
        for t, played in enumerate(own):
            sums = [F(0)] * game.shape[i]
            for others in product(*(range(1) if j == i else range(k) for j, k in enumerate(game.type_counts))):
                joint = tuple(t if j == i else o for j, o in enumerate(others))
                for a in range(game.shape[i]):
                    acts = tuple(a if j == i else rows[j][joint[j]] for j in range(len(rows)))
                    sums[a] += (
                        prior[joint] * np.broadcast_to(paid[i], (*game.type_counts, *game.shape))[(*joint, *acts)]
                    )
            most.append(max(sums) - sums[played])
    return max(most)


def test_the_textbook_game_of_private_information_has_its_three_equilibria():
    found = ns.equilibria(meeting())
    assert [one.name for one in found] == ["F/F O", "F+O/F+O O", "F+O/O F+O"]
    assert (found.complete, found.status, found.infinite) == (True, Status.COMPLETE, 0)
    assert found["F/F O"].strict
    assert found["F+O/F+O O"].exact == (((F(2, 3), F(1, 3)),), ((F(2, 3), F(1, 3)), (0, 1)))
    assert found["F+O/O F+O"].exact == (((F(1, 3), F(2, 3)),), ((0, 1), (F(2, 3), F(1, 3))))
    assert all(one.largest == 0 and (one.regret == 0).all() for one in found)
    # and by agents, of whom three choose
    agents = ns.theory.bayes_nash_equilibria(meeting(), method="agent form")
    assert [one.name for one in agents] == [one.name for one in found]
    for one, other in zip(agents, found, strict=True):
        for own, same in zip(one.strategies, other.strategies, strict=True):
            np.testing.assert_allclose(own, same, atol=1e-9)


def test_gains_are_interim_differences_and_regrets_their_expectation():
    found = ns.theory.interim_gains(meeting(), [[["1/2", "1/2"]], [["1/4", "3/4"], [0, 1]]])
    one = found.profile
    # she is at F with 1/8 of all, so F pays 2/8 and O pays 7/8; who would meet gets 1/2 by F and 1 by O
    assert one.gains[0].tolist() == [[0.25 - 0.5625, 0.875 - 0.5625]]
    assert one.gains[1].tolist() == [[0.5 - 0.875, 1 - 0.875], [0.5 - 1, 0.0]]
    assert one.regret.tolist() == [0.3125, 0.0625]
    assert one.interim[1].tolist() == [0.875, 1.0]
    assert found.largest == 0.3125
    doubles = ns.theory.interim_gains(meeting(), [[[0.5, 0.5]], [[0.25, 0.75], [0.0, 1.0]]])
    assert doubles.profile.exact is None
    for own, same in zip(doubles.profile.gains, one.gains, strict=True):
        np.testing.assert_allclose(own, same, atol=1e-15)
    assert found.table().rows[1] == ("player 2", "meet", "0.25 F, 0.75 O", "0.875", "O", "0.12")
    assert found.to_columns()["gain"].tolist() == [*one.gains[0].ravel(), *one.gains[1].ravel()]


@pytest.mark.parametrize(
    ("types", "actions", "joint"), [((2, 1), (2, 3), True), ((2, 2, 1), (2, 2, 3), True), ((1, 2, 2), (3, 2, 2), False)]
)
def test_pure_equilibria_are_those_of_the_normal_form_and_of_enumeration(types, actions, joint):
    random = np.random.default_rng(sum(types) + actions[0])
    payoffs = random.integers(-2, 3, size=(len(types), *types, *actions))
    prior = random.integers(1, 5, size=types)
    chances = np.vectorize(lambda k: F(int(k), int(prior.sum())), otypes=[object])(prior)
    game = ns.games.bayesian_game(payoffs, chances if joint else None)
    found = ns.theory.bayes_nash_equilibria(game, method="pure")
    every = product(*(list(product(range(k), repeat=t)) for t, k in zip(types, actions, strict=True)))
    wanted = [rows for rows in every if deviations(game, rows) == 0]
    assert [tuple(tuple(int(row.argmax()) for row in own) for own in one.strategies) for one in found] == wanted
    assert len(ns.games.pure_equilibria(ns.games.normal_form(game))) == len(wanted)
    assert all(one.largest == 0 for one in found)
    assert (found.complete, found.pure_complete, found.status) == (False, True, Status.UNDECIDED)


def test_in_second_price_auctions_bullies_are_equilibria_beside_the_truth():
    game = ns.games.auction("second price", values=[1, 2], bids=[0, 1, 2])
    found = ns.equilibria(game)
    names = [one.name for one in found]
    assert {"1 2/1 2", "2/0", "0/2"} < set(names)
    assert found.complete
    # the bully's price is nothing, and the good goes to it whoever values it more
    bully = found["2/0"]
    assert bully.payoffs.tolist() == [1.5, 0.0]
    assert float(game.revenue(bully.strategies)) == 0.0
    assert float(game.efficiency(bully.strategies)) == pytest.approx(1.5 / 1.75)


def test_of_two_values_the_high_one_mixes_in_a_first_price_auction_as_solved_by_hand():
    """Values 0 and 1, bids k/8. At 1/8, 3/8 and 1/2 with 2/9, 2/3 and 1/9 a bid earns 35/72 each, at others less."""
    game = ns.games.auction(values=[0, 1], bids=[F(k, 8) for k in range(5)])
    mixed = ((1, 0, 0, 0, 0), (0, F(2, 9), 0, F(2, 3), F(1, 9)))
    found = ns.theory.interim_gains(game, [np.array(mixed, dtype=object)] * 2)
    assert found.profile.exact is not None
    assert found.largest == 0
    assert found.profile.interim[0].tolist() == [0.0, 35 / 72]
    # continuous bids: G(b) = b/(1 − b) up to 1/2 makes every bid earn 1/2, of which the grid misses less than a step
    assert all((1 - b) * (HALF + HALF * b / (1 - b)) == HALF for b in (F(0), F(1, 7), F(2, 5), HALF))
    assert HALF - F(35, 72) < F(1, 8)
    coarse = ns.theory.bayes_nash_equilibria(ns.games.auction(values=[0, 1], bids=[F(k, 6) for k in range(4)]))
    assert coarse.complete
    assert coarse[1].exact[0] == ((1, 0, 0, 0), (0, F(2, 17), F(7, 17), F(8, 17)))


def test_large_games_get_where_best_replies_rest_and_that_is_said():
    game = ns.games.auction("second price", values=range(7), bids=range(7))
    found = ns.theory.bayes_nash_equilibria(game, starts=4)
    assert found.method == "best replies"
    assert (found.complete, found.pure_complete, found.status) == (False, False, Status.UNDECIDED)
    assert "0 1 2 3 4 5 6/0 1 2 3 4 5 6" in [one.name for one in found]
    assert all(one.largest == 0 for one in found)
    assert "there can be others" in found.note
    # matching pennies in every type: replies never rest
    pennies = np.zeros((2, 1, 2, 2, 2))
    pennies[0], pennies[1] = np.eye(2), 1 - np.eye(2)
    none = ns.theory.bayes_nash_equilibria(ns.games.bayesian_game(pennies), method="best replies", starts=2)
    assert len(none) == 0
    assert "look at what they come to with theory.interim_gains" in none.note
    assert none.table().rows == (("none found", "", "", "", ""),)


def test_a_type_of_probability_zero_multiplies_no_equilibria_and_is_named():
    payoffs = np.zeros((2, 1, 3, 2, 2))
    payoffs[0, 0, :], payoffs[1, 0, :] = np.eye(2), 2 * np.eye(2)
    game = ns.games.bayesian_game(payoffs, [[0.25, 0.0, 0.75]], types=["a", "xyz"], actions="LR")
    found = ns.equilibria(game)
    assert [one.name for one in found if one.pure] == ["L/L", "R/R L R"]
    assert "Of probability zero, so that nothing is said of what they do: y of player 2." in found.note
    assert np.isnan(found[0].gains[1][1]).all()
    assert found[0].strict


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: ns.theory.bayes_nash_equilibria(ns.games.stag_hunt()), "takes a game with types that players know"),
        (lambda: ns.theory.bayes_nash_equilibria(meeting(), method="gambit"), "unknown method 'gambit'"),
        (lambda: ns.equilibria(meeting(), rule=ns.pg()), "leave rule and most out"),
        (lambda: ns.theory.interim_gains(meeting(), "F/F O F"), "player 2 has 2 rows, meet, avoid"),
        (
            lambda: ns.theory.interim_gains(meeting(), [[["1/2", "1/3"]], [[0, 1], [0, 1]]]),
            r"strategy of player 1 must be probabilities of shape \[1, 2\]",
        ),
        (
            lambda: ns.theory.bayes_nash_equilibria(ns.games.auction(values=range(5), bids=range(5)), method="pure"),
            "has 9,765,625 pure profiles, more than the 1,000,000",
        ),
    ],
)
def test_what_has_no_such_equilibria_is_refused(ask, says):
    with pytest.raises(InputError, match=says):
        ask()
