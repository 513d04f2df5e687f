"""Commitments of a leader and minimax winners: against grids of mixtures, equilibria, and textbook values."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest

from nashscape import InputError, games
from nashscape.theory import correlated_equilibrium, equilibria, minimax_winner, stackelberg, zero_sum_value
from nashscape.theory.nash import matrix_games

F = Fraction


def drawn(shape, seed):
    """Whole payoffs full of ties, or others."""
    if seed % 2:
        return games.random_game(shape, seed)
    return games.dense(np.random.default_rng(seed).integers(0, 3, (2, *shape)))


def paid(game, x, ties):
    """What the first player gets by each of some mixtures `[k, m]`, the best replies looked at one by one."""
    own, other = x @ game.fractions[0], x @ game.fractions[1]
    best = [[b for b, value in enumerate(row) if value == max(row)] for row in other]
    pick = max if ties == "for" else min
    return [pick(row[b] for b in each) for row, each in zip(own, best, strict=True)]


def grid(m, parts):
    every = [k for k in itertools.product(range(parts + 1), repeat=m) if sum(k) == parts]
    return np.array([[F(own, parts) for own in k] for k in every], dtype=object)


@pytest.mark.parametrize("ties", ["for", "against"])
@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (3, 4)])
def test_no_mixture_on_a_grid_does_better_and_some_come_near(shape, ties):
    points = grid(shape[0], 12 if shape[0] == 3 else 40)
    for seed in range(8):
        game = drawn(shape, seed)
        found = stackelberg(game, ties=ties)
        assert max(paid(game, points, ties)) <= found.value
        x = np.array([found.strategy], dtype=object)
        if found.attained:
            assert paid(game, x, ties) == [found.value]
            continue
        assert ties == "against"
        for share in (F(1, 10), F(1, 10**9)):
            near = (1 - share) * x + share * np.array([found.towards], dtype=object)
            assert abs(paid(game, near, ties)[0] - found.value) <= share * F(game.payoff_range)


def test_ties_against_the_leader_cost_it_what_it_could_get_with_ties_for_it():
    reached = set()
    for seed in range(0, 40, 2):
        game = drawn((3, 3), seed)
        strong, weak = stackelberg(game), stackelberg(game, ties="against")
        pure = stackelberg(game, commitment="pure", ties="against")
        assert pure.value <= weak.value <= strong.value
        assert strong.attained
        assert strong.regret == (0,)
        reached.add(weak.attained)
    assert reached == {True, False}


def test_a_leader_gets_what_any_correlated_equilibrium_gives_it_at_least():
    """A theorem of von Stengel and Zamir (2010): a mediator's best for a player is no more than that player's lead."""
    gaps = []
    for seed in range(12):
        game = drawn((3, 4), seed)
        best = correlated_equilibrium(game, objective="best").exact_ranges[0][1]
        gaps.append(stackelberg(game).value - best)
    assert min(gaps) == 0
    assert max(gaps) > 0


def test_textbook_values():
    """Conitzer and Sandholm's game: 2 in equilibrium, 3 by a pure commitment, 7/2 by a mixed one, in the limit."""
    game = games.bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    assert [one.payoffs[0] for one in equilibria(game)] == [2]
    assert stackelberg(game, commitment="pure").value == 3
    strong, weak = stackelberg(game), stackelberg(game, ties="against")
    assert (strong.value, strong.strategy, strong.replies[1]) == (F(7, 2), (F(1, 2), F(1, 2)), (0, 1))
    assert (weak.value, weak.attained, weak.strategy) == (F(7, 2), False, (F(1, 2), F(1, 2)))
    assert [value for _, value in strong.choices] == [2, F(7, 2)]
    # zero-sum: what is committed to may as well be seen
    pennies = games.bimatrix([[2, -1], [-1, 1]], [[-2, 1], [1, -1]])
    assert stackelberg(pennies, ties="against").value == zero_sum_value(pennies).value == F(1, 5)
    # Stackelberg's duopoly of three outputs: the leader produces more than in Cournot's equilibrium
    outputs = np.array([3, 4, 6])
    price = 12 - outputs[:, None] - outputs[None]
    duopoly = games.bimatrix(outputs[:, None] * price, outputs[None] * price)
    first = stackelberg(duopoly, commitment="pure")
    assert (first.strategy, first.payoffs) == ((0, 0, 1), (18, 9))


def test_replies_that_pay_the_follower_the_same_everywhere_are_the_worst_for_a_leader_with_ties_against_it():
    """With ties for it the leader gets 4 by its first action; against it, it guards against two equal replies."""
    game = games.bimatrix([[4, 0], [0, 2]], [[1, 1], [1, 1]])
    assert stackelberg(game).value == 4
    weak = stackelberg(game, ties="against")
    assert (weak.value, weak.attained, weak.strategy) == (F(4, 3), True, (F(1, 3), F(2, 3)))


def test_an_action_that_is_best_only_where_others_tie_does_not_count_against_the_leader():
    """Open Spiel's report on degenerate Stackelberg games (PR 1123): the middle reply is best at one mixture only."""
    game = games.bimatrix([[0, 9, 0], [0, 9, 0]], [[2, 1, 0], [0, 1, 2]])
    assert stackelberg(game).value == 9
    weak = stackelberg(game, ties="against")
    assert (weak.value, weak.attained) == (0, True)
    assert weak.choices[1] == ("B", None)


def test_the_second_player_leads_as_the_first_does():
    game = games.random_game((3, 2), seed=5)
    turned = games.dense(np.moveaxis(game.fractions, (1, 2), (2, 1))[::-1])
    one, other = stackelberg(game, leader="player 2"), stackelberg(turned)
    assert (one.value, one.strategy, one.replies[::-1]) == (other.value, other.strategy, other.replies)


@pytest.mark.parametrize("factor", ["1e6", "1e-6"])
@pytest.mark.parametrize("ties", ["for", "against"])
def test_scales_and_constants_change_no_commitment(factor, ties):
    """Large payoffs as in Nashpy's reports 101 and 214."""
    game = games.random_game((3, 3), seed=8)
    scaled = np.stack([game.fractions[0] * F(factor) + 10**6, game.fractions[1] * 7 - F("1e6")])
    assert stackelberg(games.dense(scaled), ties=ties).strategy == stackelberg(game, ties=ties).strategy


def test_several_followers_reply_by_their_only_equilibrium():
    """After A the two others play matching pennies, after B a dilemma."""
    table = np.zeros((3, 2, 2, 2))
    table[1:, 0] = games.matching_pennies().payoffs
    table[1:, 1] = games.prisoners_dilemma().payoffs
    table[0, 0], table[0, 1] = [[8, 0], [0, 0]], [[9, 9], [9, 1]]
    found = stackelberg(games.dense(table), commitment="pure")
    assert (found.value, found.strategy, found.replies[1], found.regret) == (2, (1, 0), (F(1, 2), F(1, 2)), (0, 0))
    assert found.choices == (("A", 2), ("B", 1))


@pytest.mark.parametrize(
    ("game", "options", "reason"),
    [
        (games.public_goods(3), {}, "mixtures to commit to are those of two players; public_goods has 3"),
        (games.random_game((31, 30), 0), {}, "in games of up to 900 joint actions; random_game has 930"),
        (games.stag_hunt(), {"ties": "even"}, "unknown ties 'even'"),
        (games.threshold_stag_hunt(3, 2), {"commitment": "pure"}, "after D of player 1 the others have 3 equilibria"),
    ],
)
def test_commitments_that_cannot_be_found_are_refused(game, options, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        stackelberg(game, **options)


def tournament(seed, m, values):
    made = np.full((m, m), F(1, 2), dtype=object)
    rng = np.random.default_rng([31, seed])
    for i, j in itertools.combinations(range(m), 2):
        made[i, j] = F(str(rng.choice(values)))
        made[j, i] = 1 - made[i, j]
    return made


@pytest.mark.parametrize("values", [["0", "1"], ["0", "1/2", "1"], ["1/10", "3/10", "7/10", "9/10"]])
def test_minimax_winners_are_the_first_players_strategies_in_all_equilibria(values):
    for seed in range(6):
        matrix = tournament(seed, 4, values)
        found = minimax_winner(games.preferences(matrix))
        theirs = {one.exact[0] for one in equilibria(games.preferences(matrix), logit=None)}
        assert set(found.extreme) == theirs
        assert found.unique == (len(theirs) == 1)
        assert set(found.essential) == {"ABCD"[k] for own in theirs for k, p in enumerate(own) if p}
        assert min(sum(p * row[j] for p, row in zip(found.winner, matrix, strict=True)) for j in range(4)) == F(1, 2)
        beats = [name for i, name in enumerate("ABCD") if all(matrix[i, j] > F(1, 2) for j in range(4) if j != i)]
        assert found.condorcet == "".join(beats)
        assert not beats or found.winner["ABCD".index(beats[0])] == 1


def test_a_tie_of_all_has_every_alternative_as_a_winner(monkeypatch):
    found = minimax_winner(games.preferences(np.full((3, 3), 0.5)))
    assert (found.unique, found.winner, found.essential, found.condorcet) == (
        False,
        (F(1, 3),) * 3,
        ("A", "B", "C"),
        "",
    )
    monkeypatch.setattr(matrix_games.optimal_columns, "__defaults__", (1,))
    cut = minimax_winner(games.preferences(np.full((3, 3), 0.5)))
    assert (cut.unique, cut.status.value) == (None, "interrupted")


def test_preferences_that_are_rounded_count_above_the_diagonal():
    game = games.preferences([[0.5, 0.1], [0.9, 0.5]])
    assert game.fractions[0, 0, 1] + game.fractions[0, 1, 0] == 1
    assert game.fractions[0, 0, 1] == F(0.1)


@pytest.mark.parametrize(
    ("chances", "reason"),
    [
        ([[0.5, 0.6], [0.5, 0.5]], "the chances of tea over coffee and of coffee over tea sum to 1.1, not to 1"),
        ([[0.6, 0.6], [0.4, 0.5]], "the chances of tea over tea and of tea over tea sum to 1.2, not to 1"),
        ([[0.5, 1.5], [-0.5, 0.5]], "a preference is a chance, from 0 to 1; that of tea over coffee is 3/2"),
        ([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]], "preferences are a square matrix; got (2, 3)"),
    ],
)
def test_preferences_that_are_none_are_refused(chances, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        games.preferences(chances, alternatives=["tea", "coffee"])


@pytest.mark.parametrize(
    ("game", "reason"),
    [
        (games.stag_hunt(), "those of stag_hunt sum to 8 and, at CD, to 3"),
        (
            games.bimatrix([[0.1, 0.7], [-0.5, 0.1]]),
            "sum to 0.2 and, at AB, to 0.2; -6e-17 more is rounding: texts such as '0.6' are taken exactly",
        ),
        (games.matching_pennies(), "matching_pennies changes with the players at"),
        (games.random_game((2, 3), 0), "the players of random_game have not the same alternatives"),
    ],
)
def test_winners_of_other_games_are_refused(game, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        minimax_winner(game)
