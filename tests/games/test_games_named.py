import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, plain


def test_symmetric_2x2_puts_each_payoff_in_its_place():
    game = games.symmetric_2x2(R=1, S=2, T=3, P=4)
    np.testing.assert_array_equal(game.payoffs, [[[1, 2], [3, 4]], [[1, 3], [2, 4]]])
    assert game.actions == (("C", "D"), ("C", "D"))


@pytest.mark.parametrize(("benefit", "cost"), [(3.0, 1.0), (5.0, 0.5)])
def test_donation_is_what_each_gives_and_gets(benefit, cost):
    game = games.donation(benefit, cost)
    gives = np.array([1, 0])
    np.testing.assert_allclose(game.payoffs[0], benefit * gives[None, :] - cost * gives[:, None])


@pytest.mark.parametrize("name", sorted(games.NAMED))
def test_every_named_game_is_found_under_both_spellings(name):
    game = games.by_name(name)
    assert game.name == name
    assert plain(games.by_name(name.replace("_", "-"))) == plain(game)
    assert getattr(games, name) is games.NAMED[name]


def test_the_catalogue_lists_every_game():
    rows = games.catalogue()
    ours = rows[: len(games.NAMED)]  # those of installed packages follow
    assert [row.name for row in ours] == list(games.NAMED)
    for row in ours:
        game = games.by_name(row.name, **row.parameters)
        assert (row.players, row.actions) == (game.players, game.actions)
        assert row.title.endswith(".")


def test_parameters_are_passed_on():
    assert games.by_name("stag-hunt", T=2).payoffs[0, 1, 0] == 2
    assert games.pure_coordination(4).shape == (4, 4)
    assert games.rock_paper_scissors(win=2).payoffs[0, 1, 0] == 2


def test_zero_sum_games_sum_to_zero():
    zero_sum = [
        games.matching_pennies(),
        games.rock_paper_scissors(),
        games.perturbed_rock_paper_scissors(0.3, -0.3),
    ]
    for game in zero_sum:
        np.testing.assert_array_equal(game.payoffs.sum(axis=0), 0)


def test_rock_paper_scissors_knows_what_beats_what():
    for game in (games.rock_paper_scissors(), games.perturbed_rock_paper_scissors()):
        for winner, loser in ("PR", "SP", "RS"):
            assert game.payoffs_at(game.profile(winner + loser)).tolist() == [1, -1]
            assert game.payoffs_at(game.profile(loser + winner)).tolist() == [-1, 1]


def test_random_games_depend_on_their_seed_alone():
    first, again = (games.random_game((2, 3), seed=1) for _ in range(2))
    np.testing.assert_array_equal(first.payoffs, again.payoffs)
    assert (first.payoffs != games.random_game((2, 3), seed=2).payoffs).all()
    uniform = games.random_game((20, 30), seed=1, distribution="uniform").payoffs
    assert 0 <= uniform.min() < 0.01
    assert 0.99 < uniform.max() < 1
    normal = games.random_game((50, 60), seed=1).payoffs
    assert abs(normal.mean()) < 0.05
    assert normal.std() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: games.by_name("stag-hnt"),
            "unknown game 'stag-hnt'; did you mean 'stag_hunt'.*Known: all_pay_auction, alternating",
        ),
        (lambda: games.by_name("stag_hunt", Q=1), "unknown parameter of stag_hunt 'Q'.*P, R, S, T"),
        (lambda: games.by_name("shapley", size=3), "shapley takes no parameters; got 'size'"),
        (lambda: games.by_name(3), "a game by name is a text; got 3"),
        (lambda: games.prisoners_dilemma(T=2), "T > R > P > S; got R=3, S=0, T=2, P=1.*symmetric_2x2"),
        (lambda: games.stag_hunt(T=5), "stag_hunt needs R > T"),
        (lambda: games.stag_hunt(P=-1), "P > S"),
        (lambda: games.chicken(P=3), "S > P"),
        (lambda: games.harmony(T=5), "R > T"),
        (lambda: games.deadlock(R=2.5), "P > R"),
        (lambda: games.prisoners_dilemma(R=float("nan")), "R must be a finite number"),
        (lambda: games.symmetric_2x2("4", 0, 3, 2), "R must be a finite number"),
        (lambda: games.donation(benefit=1, cost=2), "benefit must be above 2"),
        (lambda: games.donation(cost=0), "cost must be above 0"),
        (lambda: games.battle_of_the_sexes(preferred=0.5), "preferred"),
        (lambda: games.rock_paper_scissors(draw=1), "win"),
        (lambda: games.perturbed_rock_paper_scissors(1.0), "epsilon_row"),
        (lambda: games.pure_coordination(1), "size must be at least 2"),
        (lambda: games.random_game((2,), 0), "number of players"),
        (lambda: games.random_game((2, 0), 0), "number of actions"),
        (lambda: games.random_game((2, 2), -1), "seed"),
        (lambda: games.random_game((2, 2), 0, "cauchy"), "unknown distribution"),
        (lambda: games.random_game((100,) * 5, 0), "payoffs need about"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_in_battle_of_the_sexes_each_has_a_concert_of_its_own():
    game = games.battle_of_the_sexes(preferred=5, other=2, apart=1)
    assert game.payoffs[:, 0, 0].tolist() == [5, 2]
    assert game.payoffs[:, 1, 1].tolist() == [2, 5]
    assert (game.payoffs[:, [0, 1], [1, 0]] == 1).all()
