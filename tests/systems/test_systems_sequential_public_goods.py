"""Contributions one after the other: backward induction against the tree, enclosures against plays; the card."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

import nashscape as ns
from nashscape import games, theory
from nashscape.systems.sequential_public_goods import borders, enclosures, induction, learning, region_map
from nashscape.systems.sequential_public_goods.induction import Terms


def drawn(seed):
    """Terms at random, of all kinds: without bonus, without threshold, with dear and cheap contributions."""
    random = np.random.default_rng(seed)
    bonus, penalty = (
        random.choice([0.0, *random.uniform(0, 3, size=3)]),
        random.choice([0.0, *random.uniform(0, 2, size=3)]),
    )
    return Terms(
        float(bonus), float(random.uniform(0.3, 4.5)), float(penalty), float(random.uniform(0, 3)),
        float(random.uniform(0.2, 1.2)), float(random.uniform(0.1, 0.8)),
    )  # fmt: skip


def paid(terms, own):
    """Payoffs of three contributions, by the formula."""
    total = sum(own)
    fine = terms.penalty * (total < terms.threshold - 1e-9)
    return [
        -terms.linear * a
        - terms.quadratic * a * a
        + terms.bonus * a * sum(own[:i])
        + terms.multiplier / 3 * total
        - fine
        for i, a in enumerate(own)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_last_gives_what_is_best_of_a_fine_grid(seed):
    terms = drawn(seed)
    grid = np.linspace(0, 1, 4001)
    for before in np.random.default_rng(seed).uniform(0, 2, size=8):
        missing = [x for x in [terms.threshold - before] if 0 <= x <= 1]
        choices = [*grid, *missing]
        best = max(paid(terms, (before / 2, before / 2, a))[2] for a in choices)
        given = float(induction.last(terms, np.array(before)))
        assert paid(terms, (before / 2, before / 2, given))[2] == pytest.approx(best, abs=1e-6)
    given = np.random.default_rng(seed).uniform(size=3)
    assert terms.welfare(given) == pytest.approx(sum(paid(terms, given)))


@pytest.mark.parametrize("seed", range(10))
def test_outcomes_are_enclosed_and_are_equilibria(seed):
    """Those of backward induction on a fine grid; the second cannot gain by any other contribution."""
    terms = drawn(seed)
    given = induction.outcome(terms, 300)
    found = enclosures.enclosed(terms, 150)
    assert np.all(given >= found.low - 0.01)
    assert np.all(given <= found.high + 0.01)
    if found.met is not None:
        assert found.met == (given.sum() >= terms.threshold - 1e-9)
    wide = enclosures.enclosed(terms, 40)
    assert np.all(wide.low <= found.low + 1e-9)
    assert np.all(wide.high >= found.high - 1e-9)
    # what the second may do instead
    best = max(
        paid(terms, (given[0], a, float(induction.last(terms, np.array(given[0] + a)))))[1]
        for a in np.linspace(0, 1, 301)
    )
    assert paid(terms, given)[1] >= best - 1e-6


@pytest.mark.parametrize(
    "setting",
    [("0", "12/5", "0", "0"), ("3/2", "9/5", "3/2", "5/2"), ("2", "9/10", "1/2", "3/2"), ("1", "3", "1/5", "3")],
)
def test_the_tree_says_the_same_on_its_grid(setting):
    """Where the last may choose what the grid has, the exact tree has the outcome, next to it by a step of the grid."""
    bonus, multiplier, penalty, threshold = setting
    game = games.sequential_public_goods(
        steps=8, bonus=bonus, multiplier=multiplier, penalty=penalty, threshold=threshold
    )
    plays = [np.array([float(x) for x in own[0].split()]) for own in theory.subgame_perfect(game).outcomes]
    terms = Terms(*(float(Fraction(x)) for x in setting))
    given = induction.outcome(terms, 400)
    assert min(np.abs(own - given).max() for own in plays) <= 1 / 8 + 1e-9


def test_what_is_known_of_the_reconstruction():
    for terms, wanted in (
        (Terms(multiplier=1.8), (0, 0, 0)), (Terms(multiplier=2.4), (0.25, 0.25, 0.25)),
        (Terms(multiplier=4.2), (1, 1, 1)), (Terms(1.5), (0.8 / 1.5, 1, 1)), (Terms(2.0), (0.4, 1, 1)),
        (Terms(2.0, 0.9), (0, 0.55, 1)), (Terms(1.5, 1.8, 1.5, 2.55), (0.55, 1, 1)),
        (Terms(1.5, 1.8, 0.2, 3), (0.8 / 1.5, 1, 1)),
    ):  # fmt: skip
        np.testing.assert_allclose(induction.outcome(terms), wanted, atol=1e-3)


def test_verdicts_are_of_all_equilibria():
    inside = enclosures.enclosed(Terms(1.5, 1.8, 1.5, 3.0))
    assert (inside.met, inside.all_give(0.02), inside.holds(0.02)) == (True, True, True)
    outside = enclosures.enclosed(Terms(1.5, 1.8, 0.2, 3.0))
    assert (outside.met, outside.all_give(0.02), outside.holds(0.02)) == (False, True, False)
    nobody = enclosures.enclosed(Terms())
    assert (nobody.met, nobody.all_give(0.02), nobody.holds(0.02)) == (True, False, False)
    border = enclosures.enclosed(Terms(1.5, 1.8, 0.4 * (1 - (0.8 / 1.5) ** 2), 3.0))
    assert (border.met, border.all_give(0.02), border.holds(0.02)) == (None, True, None)
    unknown = enclosures.Enclosure(np.array([0.0, 0.5, 1.0]), np.ones(3), True)
    assert (unknown.all_give(0.02), unknown.holds(0.02)) == (None, None)


@pytest.mark.parametrize(("terms", "known"), [(Terms(0.0, threshold=2.55), 0.121), (Terms(2.0, threshold=3.0), 0.336)])
def test_borders_are_around_their_closed_forms(terms, known):
    low, high = borders.least_penalty(terms, 100)
    assert low < known < high
    assert high - low < 0.2


def test_a_border_that_is_not_there_is_not_proved():
    low, high = borders.least_penalty(Terms(0.0, 0.3, threshold=0.0), 50)
    assert (low, np.isnan(high)) == (borders.LARGEST, True)
    low, high = borders.least_penalty(Terms(1.5, threshold=0.5), 50)
    assert (np.isnan(low), high) == (True, 0.0)


def test_steps_are_those_within_the_region():
    welfare, inside = borders.welfares(3, (0.8,), cells=30)
    assert welfare.shape == inside.shape == (3, 3, 3, 1)
    by_hand = [
        welfare[i + 1, j, k, 0] - welfare[i, j, k, 0]
        for i, j, k in itertools.product(range(2), range(3), range(3)) if inside[i, j, k, 0] and inside[i + 1, j, k, 0]
    ]  # fmt: skip
    assert borders.steps_along(0, welfare, inside).tolist() == pytest.approx(by_hand)


@pytest.mark.long
def test_learners_meet_the_threshold_and_the_card_stands():
    given = learning.likeliest(learning.game(bonus="3/2", penalty="3/2", threshold="5/2"), 50, 1)
    assert set(np.unique(given)) <= {0.0, 0.5, 1.0}
    assert (given.sum(axis=1) >= 2.5).mean() > 0.8
    assert ns.systems.reproduce("sequential-public-goods", effort="quick").stands


def test_the_map_shows_verdicts_and_brackets(monkeypatch):
    monkeypatch.setattr(region_map, "THRESHOLDS", (3.0,) * 2)
    bonuses, penalties, found = region_map.verdicts(3.0, points=3, cells=60)
    assert (bonuses.tolist(), penalties.tolist()) == ([0.0, 1.5, 3.0], [0.0, 0.4, 0.8])
    for p, row in zip(penalties, found, strict=True):
        for g, verdict in zip(bonuses, row, strict=True):
            known = enclosures.enclosed(Terms(g, penalty=p, threshold=3.0), 180).holds(0.02)
            assert verdict in (known, None)
    assert (found[0][1], found[2][1]) == (False, True)
    figure = region_map.region_map(points=3)
    [mesh] = figure.axes[0].collections
    assert mesh.get_array().ravel()[[1, 7]].tolist() == [2, 0]
    brackets = [line.get_ydata() for line in figure.axes[1].lines[:-1]]
    curve = figure.axes[1].lines[-1]
    at = dict(zip(np.round(curve.get_xdata(), 6), curve.get_ydata(), strict=True))
    assert [len(own) for own in brackets] == [2] * 5
    assert brackets[-1][0] < at[3.0] < brackets[-1][1]
