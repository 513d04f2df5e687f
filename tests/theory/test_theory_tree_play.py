"""Averages of learners in trees, and logit equilibria of information sets: reports, published numbers, other ways."""

import jax
import numpy as np
import pytest
from oracles.random_trees import Drawn
from scipy.optimize import minimize

from nashscape import InputError, games, learning, theory
from nashscape.core import Status
from nashscape.games import chance, decision, ending, extensive_game

# of each player, row by row in the order of the rows: pass, then bet
KUHN = (
    {"J": (0.75364232, 0.24635768), "Q": (0.70309809, 0.29690191), "K": (0.47546799, 0.52453201),
     "J pb": (0.64695966, 0.10668266), "Q pb": (0.25609184, 0.44700625), "K pb": (0.01290797, 0.46256001)},
    {"Q p": (0.63415944, 0.36584056), "Q b": (0.41154828, 0.58845172), "K p": (0.28438486, 0.71561514),
     "K b": (0.0620185, 0.9379815), "J p": (0.65005434, 0.34994566), "J b": (0.79722767, 0.20277233)},
)  # fmt: skip


def test_averages_are_weighted_by_own_reach():
    """As reported in google-deepmind/open_spiel #387: at the second node L 10/11, where a plain mean says 1/2."""
    from nashscape.theory.trees.play import averaged

    first, second = (np.array([[1.0, 0.0]]), 1.0), (np.array([[0.0, 1.0]]), 0.1)
    sums = sum(reach * own for own, reach in (first, second))
    np.testing.assert_allclose(averaged(sums, np.ones((1, 2), bool)), [[10 / 11, 1 / 11]], atol=1e-6)
    # the whole of it, through the verb: two rounds of CFR in a game with a node behind another
    game = extensive_game(
        decision(0, {"go": decision(0, {"L": ending(1, 0), "R": ending(3, 0)}), "stay": ending(2, 0)})
    )
    start = [np.array([[0.7, 0.3, 0, 0], [0, 0, 0.8, 0.2]]), np.ones((1, 1))]
    assert game.actions[0] == ("go", "stay", "L", "R")
    found = theory.tree_play(game, learning.cfr(), steps=2, start=start)
    # regrets of round 1: at the second row R, at the first: go is worth .8 + .6 = 1.4 of .7·1.4 + .3·2
    assert found.last[0][1].round(9).tolist() == [0, 0, 0, 1]
    weights = 0.7, 0.0  # round 2 stays
    wanted = (weights[0] * 0.8) / sum(weights)
    assert found.average[0][1, 2] == pytest.approx(wanted)
    linear = theory.tree_play(game, learning.cfr(), steps=3, start=start, averaging="linear")
    one, two, three = ([0.7, 0.3], [0.0, 1.0], linear_third(game, start))
    np.testing.assert_allclose(
        linear.average[0][0, :2], (np.array(one) + 2 * np.array(two) + 3 * three) / 6, atol=1e-12
    )


def linear_third(game, start):
    """What is played in the third round: the first row has seen go at 1.4 of 1.58, then at 3 of 2."""
    sums = np.array([1.4, 2.0]) - (0.7 * 1.4 + 0.3 * 2.0) + np.array([3.0, 2.0]) - 2.0
    positive = np.maximum(sums, 0.0)
    return positive / positive.sum()


def test_cfr_in_kuhn_poker_comes_to_its_equilibria_on_average_alone():
    """As reported in int8/counterfactual-regret-minimization #4: the last strategies are no equilibrium."""
    game = games.kuhn_poker()
    found = theory.tree_play(game, learning.cfr(), steps=20_000)
    assert found.nash_conv < 0.005
    assert found.last_nash_conv > 0.1
    first, second = (
        dict(zip(rows, own[:, 1], strict=True)) for rows, own in zip(found.rows, found.average, strict=True)
    )
    assert second["J p"] == pytest.approx(1 / 3, abs=0.02)
    assert second["Q b"] == pytest.approx(1 / 3, abs=0.02)
    assert first["K"] == pytest.approx(3 * first["J"], abs=0.03)
    assert first["Q pb"] == pytest.approx(first["J"] + 1 / 3, abs=0.03)


def test_what_is_printed_says_which_of_the_three_it_is():
    """As reported in google-deepmind/open_spiel #486: at uniform strategies 11/12, 11/24, and values 1/2 and 5/12."""
    game = games.kuhn_poker()
    found = theory.tree_play(game, learning.cfr(), steps=1)
    assert found.nash_conv == pytest.approx(11 / 12)
    assert found.exploitability == pytest.approx(11 / 24)
    assert found.average_regrets[-1] == pytest.approx([3 / 8, 13 / 24])
    assert found.average_best == pytest.approx([1 / 2, 5 / 12])
    table = found.table()
    assert table.columns[3:] == ("average NashConv", "average exploitability")
    assert table.rows[0][3:] == ("0.9167", "0.4583")
    assert any("against the averages 0.5, 0.4167" in note for note in table.notes)
    columns = found.to_columns()
    assert columns["average_nash_conv"][-1] == pytest.approx(11 / 12)


def test_sequence_form_equilibria_of_kuhn_poker_are_those_published():
    found = theory.tree_logit_equilibrium(games.kuhn_poker(), precision=10.0, form="sequence")
    assert found.status is Status.COMPLETE
    for rows, plan, wanted in zip(found.rows, found.realisations, KUHN, strict=True):
        np.testing.assert_allclose(plan[1:].reshape(-1, 2), [wanted[row] for row in rows], atol=1.5e-7)


def test_agents_of_kuhn_poker():
    found = theory.tree_logit_equilibrium(games.kuhn_poker(), precision=10.0)
    first, second = (
        dict(zip(rows, own[:, 1], strict=True)) for rows, own in zip(found.rows, found.strategies, strict=True)
    )
    for own, wanted in ((first, {"J": 0.18986, "Q": 0.13693, "K": 0.59159, "J pb": 4.5e-5, "Q pb": 0.54546, "K pb": 1}),
                        (second, {"J p": 0.32216, "Q p": 0.03385, "K p": 0.94342, "J b": 4.5e-5, "Q b": 0.43008,
                                  "K b": 1})):  # fmt: skip
        for row, value in wanted.items():
            assert own[row] == pytest.approx(value, abs=6e-6 if value > 1e-3 else 1e-6)
    play = theory.tree_play(games.kuhn_poker(), learning.magnetic_mirror_descent(0.1, 0.1), steps=6000)
    for own, wanted in zip(play.last, found.strategies, strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-9)


@pytest.mark.parametrize("seed", [8, *(pytest.param(seed, marks=pytest.mark.long) for seed in (9, 12))])
def test_what_the_sequence_form_answers_is_the_largest_payoff_with_dilated_entropy(seed):
    """Against a search over all behaviour strategies of one player, in random trees of three players."""
    game = games.parse_tree(Drawn(seed).text)
    with jax.enable_x64(True):
        rng = np.random.default_rng(seed)
        played = [(w := rng.exponential(size=m.shape) * m) / w.sum(axis=1, keepdims=True) for m in game.legal]
        logits = game.smooth_responses(played, 1.7)
        for player, mask in enumerate(game.legal):
            free = np.nonzero(mask)

            def spread(flat, mask=mask, free=free):
                own = np.full(mask.shape, -np.inf)
                own[free] = flat
                own = np.exp(own - own.max(axis=1, keepdims=True))
                return own / own.sum(axis=1, keepdims=True)

            def less(flat, player=player, spread=spread):
                now = [spread(flat) if k == player else own for k, own in enumerate(played)]
                own = now[player]
                entropy = -np.where(own > 0, own * np.log(np.where(own > 0, own, 1)), 0.0).sum(axis=1)
                reach = np.asarray(game.reach(now)[player])
                return -float(game.expected_payoffs(now)[player]) - float(reach @ entropy) / 1.7

            best = minimize(less, np.zeros(len(free[0])), tol=1e-12)
            mine = less(np.asarray(logits[player])[free])
            assert mine <= best.fun + 1e-7
            assert mine == pytest.approx(best.fun, abs=1e-5)


@pytest.mark.parametrize("form", [pytest.param("agent", marks=pytest.mark.long), "sequence"])
def test_forms_of_a_single_row_are_logit_equilibria_of_the_normal_form(form):
    payoffs = np.random.default_rng(6).normal(size=(2, 2, 3))
    branches = {
        str(a): decision(1, {str(b): ending(*payoffs[:, a, b]) for b in range(3)}, knows="once") for a in range(2)
    }
    found = theory.tree_logit_equilibrium(extensive_game(decision(0, branches)), precision=1.3, form=form)
    wanted = theory.logit_equilibrium(games.dense(payoffs), precision=1.3)
    for own, one in zip(found.strategies, wanted.strategies, strict=True):
        np.testing.assert_allclose(own[0], one[0], atol=1e-9)


@pytest.mark.parametrize("form", [pytest.param("agent", marks=pytest.mark.long), "sequence"])
def test_where_nobody_comes_all_is_even(form):
    """As reported in gambitproject/gambit PR #816."""
    ghost = decision(0, {"high": ending(50, -50), "low": ending(-50, 50)}, knows="ghost")
    real = decision(0, {"l": ending(1, 0), "r": ending(0, 1)}, knows="real")
    game = extensive_game(chance([(1, real), (0, ghost)]))
    found = theory.tree_logit_equilibrium(game, precision=4.0, form=form)
    row = game.rows[0].index("ghost")
    np.testing.assert_allclose(found.strategies[0][row][game.legal[0][row]], [0.5, 0.5])
    other = game.rows[0].index("real")
    assert found.strategies[0][other][game.legal[0][other]][0] == pytest.approx(1 / (1 + np.exp(-4.0)))


def test_other_games_and_forms_are_refused():
    with pytest.raises(InputError, match="in extensive form"):
        theory.tree_logit_equilibrium(games.stag_hunt())
    with pytest.raises(InputError, match="form"):
        theory.tree_logit_equilibrium(games.kuhn_poker(), form="both")
    with pytest.raises(InputError, match="precision"):
        theory.tree_logit_equilibrium(games.kuhn_poker(), precision=-1.0)
