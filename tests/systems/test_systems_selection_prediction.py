"""What tells which equilibrium is selected: formulas by hand and by enumeration, and that nothing looks ahead."""

import dataclasses
from fractions import Fraction
from itertools import product

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import wilson
from nashscape.learning.plays.collecting import begin, play
from nashscape.systems.selection_prediction import baselines, measuring, networks, predictors, study
from nashscape.systems.selection_prediction.slices import FIRST, Slice
from nashscape.systems.selection_prediction.tiny_hanabi import LARGEST, OPTIMA, TABLES, optimum, tiny_hanabi
from nashscape.testing import check_game


def _worth(letter, first, second):
    """Published payoffs of pure strategies, card by card: `first[c1]`, `second[c2][a1]`."""
    table = TABLES[letter]
    cards = range(len(table))
    paid = [table[x][y][first[x]][second[y][first[x]]] for x in cards for y in cards]
    return Fraction(sum(paid), len(paid))


@pytest.mark.parametrize("letter", TABLES)
def test_published_optima_of_tiny_hanabi_are_those_of_all_pure_strategies(letter):
    cards, actions = len(TABLES[letter]), len(TABLES[letter][0][0])
    plans = list(product(range(actions), repeat=actions))
    # of the second player only its card matters to which answer is best, so that cards are looked at one by one
    best = max(
        sum(max(_share(letter, first, y, plan) for plan in plans) for y in range(cards))
        for first in product(range(actions), repeat=cards)
    )
    assert float(best) == pytest.approx(OPTIMA[letter])


def _share(letter, first, y, plan):
    table = TABLES[letter]
    return Fraction(sum(table[x][y][a][plan[a]] for x, a in enumerate(first)), len(table) ** 2)


def test_tiny_hanabi_pays_what_its_table_says():
    random, game = np.random.default_rng(0), tiny_hanabi("E")
    check_game(game)
    for _ in range(5):
        first, second = random.integers(0, 3, 2), random.integers(0, 3, (2, 3))
        played = [np.eye(3)[first], np.eye(3)[second].reshape(6, 3)]
        paid = float(game.expected_payoffs(played)[0]) * 10 / LARGEST
        assert paid == pytest.approx(float(_worth("E", first, second)), abs=1e-5)
    assert optimum("E") == LARGEST
    assert [len(own) for own in game.rows] == [2, 6]


def test_the_gap_of_a_convention_is_zero_only_for_those_that_get_the_optimum():
    payoffs = np.asarray(tiny_hanabi("D").payoffs)
    every = np.array(list(product(range(2), repeat=2)))
    gaps = predictors.convention_gap(payoffs, np.eye(2)[every], optimum("D"))
    by_hand = [
        float(sum(max(_share("D", own, y, plan) for plan in product(range(2), repeat=2)) for y in range(2)))
        for own in every
    ]
    np.testing.assert_allclose(gaps, np.array(by_hand) * LARGEST / 3 - optimum("D"), atol=1e-6)
    assert 0 < (gaps > 0).sum() < 4


@pytest.mark.parametrize("letter", TABLES)
def test_one_behaviour_alone_gets_the_optimum(letter):
    """By enumeration: who gets it behaves as the chosen actions say, wherever anything is seen."""
    payoffs = np.asarray(tiny_hanabi(letter).payoffs)
    cards, actions = payoffs.shape[1:3]
    first, second = predictors.optimal_actions(payoffs)
    said = second.reshape(cards, actions, actions)
    every = []
    for own in product(range(actions), repeat=cards):
        answers = [
            [(_share(letter, own, y, plan), plan) for plan in product(range(actions), repeat=actions)]
            for y in range(cards)
        ]
        if sum(max(paid for paid, _ in each) for each in answers) == pytest.approx(OPTIMA[letter]):
            every.append(own)
            for y, each in enumerate(answers):
                best = {plan for paid, plan in each if paid == max(paid for paid, _ in each)}
                for seen in range(actions):
                    kinds = {plan[seen] for plan in best}
                    assert kinds == ({int(said[y, seen].argmax())} if seen in own else set(range(actions)))
                    assert said[y, seen].sum() == (seen in own)
    assert every == [tuple(first.argmax(axis=1))]


def test_indifference_is_the_mixed_equilibrium_of_games_without_symmetry():
    for name in ("unequal abilities", "heterogeneous rewards"):
        game = study.GAMES[name]
        mixed = [own.strategies for own in ns.equilibria(game) if not all(np.max(s) > 0.99 for s in own.strategies)]
        assert len(mixed) == 1
        np.testing.assert_allclose(predictors.indifferent(game.payoffs), [float(s[0]) for s in mixed[0]], atol=1e-9)


def test_a_projection_is_how_much_likelier_the_target_becomes():
    game = study.GAMES["unequal abilities"]
    learners = ns.parametric(game)
    theta = np.random.default_rng(1).normal(size=(5, 2))
    found = predictors.projections(learners, study.META, theta, predictors.first_actions([(2,), (2,)]))
    terms, step = ns.selection.terms_at(game, study.META, theta), 1e-5
    for name in ("peer", "total"):
        after, before = (-np.logaddexp(0, -(theta + s * terms[name])).sum(axis=1) for s in (step, -step))
        np.testing.assert_allclose(found[name], (after - before) / (2 * step), rtol=1e-3, atol=1e-6)


def test_logistic_regression_is_at_the_minimum_of_its_loss_and_tells_lines_apart():
    random = np.random.default_rng(2)
    x = random.normal(size=(200, 3))
    y = x @ [2.0, -1.0, 0.0] + random.logistic(size=200) > 0.3
    w = baselines.fitted(x, y)

    def loss(w):
        signs = jax.numpy.where(y, 1.0, -1.0)
        rest = jax.numpy.logaddexp(0, -signs * (x @ w[:-1] + w[-1])).mean()
        return rest + baselines.RIDGE / 2 * (w[:-1] ** 2).sum()

    with jax.enable_x64(True):
        assert np.abs(np.asarray(jax.grad(loss)(jax.numpy.asarray(w)))).max() < 1e-4
    asked = np.array([[3.0, 0.0, 0.0], [-3.0, 0.0, 0.0]])
    assert baselines.logistic(x, y, asked).tolist() == [True, False]
    assert baselines.majority(np.array([True, False, True]))
    assert not baselines.majority(np.array([False, False, True]))


@pytest.mark.long
def test_runs_of_a_twentieth_are_the_first_updates_of_all_and_are_asked_for_apart():
    """Predictors get runs that end early; that whole ones pass there shows that both are of one seed."""
    found = study.entries(study.learning("stag hunt", 40, 5))
    early, whole = (found[steps, "Meta-MAPG"] for steps in (13, 260))
    assert early.question["steps"] == 13
    np.testing.assert_array_equal(*(one.reduced["path_at_of_parameters"] for one in (early, whole)))
    sample = study.samples("stag hunt", 40, 5)["Meta-MAPG"]
    np.testing.assert_array_equal(sample.early, np.asarray(early.reduced["path_at_of_parameters"])[:, 1])
    np.testing.assert_array_equal(sample.reached, whole.stands("CC"))
    assert (sample.early != sample.start).any()


def _slice(reached, training):
    start = np.random.default_rng(3).normal(size=(len(reached), 2))
    held = study.Sample(start, start + 0.5, np.asarray(reached))
    return Slice("stag hunt", "Meta-MAPG", dataclasses.replace(held, reached=np.asarray(training)), held, study.META)


@pytest.mark.long
def test_predictions_do_not_know_outcomes_nor_what_comes_later():
    one = _slice([True, False] * 20, [True] * 30 + [False] * 10)
    other = dataclasses.replace(one, held_out=dataclasses.replace(one.held_out, reached=~one.held_out.reached))
    for mine, same in zip(one.at_start().values(), other.at_start().values(), strict=True):
        np.testing.assert_array_equal(mine, same)
    np.testing.assert_array_equal(one.early(), other.early())
    np.testing.assert_array_equal(*(measuring._logistic(own, "early") for own in (one, other)))
    # what is known at the start does not know what is early
    moved = dataclasses.replace(one, held_out=dataclasses.replace(one.held_out, early=-one.held_out.early))
    for name, said in moved.at_start().items():
        np.testing.assert_array_equal(said, one.at_start()[name])
    assert (moved.early() != one.early()).any()


def test_networks_without_sampling_do_what_they_are_seen_to_do():
    weights = networks.weights_at_start(3, 7)
    group, exact = networks.players(), networks.in_one_round()
    for own in weights:
        theta = jax.numpy.asarray(own, jax.numpy.float32)
        fresh = begin(group, jax.random.key(1), 4000)
        plays, _ = play(group, theta, jax.random.key(2), fresh, group.game.horizon)
        for acted, strategy in zip(plays.actions, exact.strategies(theta), strict=True):
            p = float(strategy[0])
            seen = (np.asarray(acted) == 0).mean()
            assert abs(seen - p) < 4 * np.sqrt(p * (1 - p) / 4000) + 1e-9
    p = np.array(
        [[float(own[0]) for own in exact.strategies(jax.numpy.asarray(w, jax.numpy.float32))] for w in weights]
    )
    np.testing.assert_allclose(networks.log_odds(weights), np.log(p) - np.log1p(-p), rtol=1e-3, atol=1e-4)
    assert np.ptp(p) > 0.1


def test_terms_at_weights_are_those_of_a_table_times_squared_gradients_of_log_odds():
    """By hand: `∇ℓ_i K_j p_i`, with ℓ the log-odds and `K_j = ‖∇ℓ_j‖²`, and so is the policy gradient with no K."""
    weights = networks.weights_at_start(4, 3)
    exact, rule = networks.in_one_round(), study.rule(0.3, 0.0)
    table = ns.selection.terms_at(ns.parametric(study.GAMES["stag hunt"]), rule, networks.log_odds(weights))
    found = ns.selection.terms_at(exact, rule, weights)
    ell = jax.jacrev(lambda theta: networks.log_odds_of(exact, theta))
    for k, own in enumerate(weights):
        slopes = np.asarray(ell(jax.numpy.asarray(own, jax.numpy.float32)), float)
        size = (slopes**2).sum(axis=1)
        for i, where in enumerate(exact.semantics.slices):
            plain = slopes[i, where] * table["base"][k, i]
            np.testing.assert_allclose(found["base"][k, where], plain, rtol=1e-3, atol=1e-4)
            by_hand = slopes[i, where] * size[1 - i] * table["peer"][k, i]
            np.testing.assert_allclose(found["peer"][k, where], by_hand, rtol=1e-3, atol=1e-3)


def test_accuracies_count_what_came_true_of_held_out_seeds():
    one = _slice([True] * 39 + [False], [False] * 40)
    rows = {row.claim: row for row in measuring._of_slice("stag-hunt", one)}
    margin = (one.held_out.start - np.log(2)).sum(axis=1) > 0
    assert rows["stag-hunt-margin"].ours == (margin == one.held_out.reached).mean()
    assert rows["peer-sign"].ours == 39 / 40  # it is positive everywhere in Stag Hunt
    assert "majority 0.025" in rows["stag-hunt-margin"].label
    assert rows["more-than-majority"].published == 0.5
    assert [measuring.verdict(wilson(k, 50), 0.8) for k in (30, 40, 50)] == ["no", "undecided", "yes"]


def test_what_was_fixed_before_is_what_is_run():
    told = study.protocol()
    assert told["asked"]["above"] == 0.8
    for name in ("tabular", "hanabi", "networks"):
        assert told[name]["early"] * 20 == told[name]["updates"]
    assert FIRST == 1_000_000
    assert study.learning("repeated dilemma", 10, 0).fixed["estimator"].batch == told["tabular"]["batch"]


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("selection-prediction", effort="quick").stands
