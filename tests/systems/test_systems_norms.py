"""The card of norms: one group round by round by hand, each mechanism by counts, and the card."""

from fractions import Fraction

import numpy as np
import pytest

import nashscape as ns
from nashscape.environments import regeneration
from nashscape.systems.norms import groups


def drawn(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("stock", [3, 20, 50, 97])
def test_stocks_grow_by_the_logistic_law_in_fractions(stock):
    law = regeneration("logistic", growth=groups.GROWTH)
    exact = law.exactly(Fraction(stock), Fraction(100))
    assert float(groups.grown(stock)) == pytest.approx(float(exact), abs=1e-12)
    most = law.exactly(Fraction(min(stock, 50)), Fraction(100)) - min(stock, 50)
    assert float(groups.borne(stock)) == pytest.approx(float(most / 10), abs=1e-12)


def test_without_errors_and_mechanisms_a_group_is_that_of_fractions(monkeypatch):
    monkeypatch.setattr(groups, "ERROR", 0.0)
    made = groups.course((), pool="scarce", start="selfish", groups=20, seed=3)
    first = drawn((3, 0))
    altruist = first.random((20, 10)) < 0.2
    low, high = first.integers(2, 5, (20, 10)), first.integers(8, 13, (20, 10))
    for k in range(20):
        wants = sum(Fraction(int(own), 4) for own in np.where(altruist[k], low[k], high[k]))
        stock, total, rounds = Fraction(40), Fraction(0), 0
        while rounds < 60 and stock >= 2:
            got = min(wants, stock)
            left, total, rounds = stock - got, total + got, rounds + 1
            stock = left + Fraction(2, 5) * left * (1 - left / 100) if left >= 2 else Fraction(0)
        assert (made.survived[k], made.total[k]) == (rounds, pytest.approx(float(total)))
    np.testing.assert_allclose(made.entropy, made.first_entropy)


def test_what_is_too_little_is_shared_in_proportion_and_caps_are_mostly_kept():
    wants = np.tile([3.0, 1.0, 0.0, 2.0], (5_000, 1))
    few = groups.takings(drawn(), wants, np.full(5_000, np.inf), np.full(5_000, 3.0))
    np.testing.assert_allclose(few[0], [1.5, 0.5, 0, 1.0])
    capped = groups.takings(drawn(), wants, np.full(5_000, 1.25), np.full(5_000, 50.0))
    assert set(capped[:, 0]) == {1.25, 3.0}
    assert (capped[:, 1] == 1).all()
    assert (capped[:, 0] == 1.25).mean() == pytest.approx(0.9, abs=0.02)


def test_votes_lie_between_what_one_wants_and_what_the_pool_bears():
    made = groups.votes(np.array([[3.0, 1.0]]), np.array([[0.5, 0.1]]), np.array([20.0]))
    np.testing.assert_allclose(made, [[0.5 * 3 + 0.5 * 0.64, 0.1 + 0.9 * 0.64]])


def test_fines_double_up_to_the_largest_and_spare_who_keeps_the_limit():
    taken = np.tile([1.0, 1.25, 1.25, 1.25], (2_000, 1))
    made = groups.fined(drawn(), taken, np.tile([0.0, 0.0, 2.0, 9.0], (2_000, 1)))
    assert [set(own) for own in made.T] == [{0.0}, {0.0, 0.25}, {0.0, 1.0}, {0.0, 2.0}]
    assert (made[:, 1] > 0).mean() == pytest.approx(0.5, abs=0.05)


def test_only_who_takes_much_more_is_punished_by_who_takes_less():
    taken = np.tile([0.5, 1.0, 2.0], (6_000, 1))
    harm, cost = groups.punished(drawn(), taken)
    assert (harm[:, :2] == 0).all()
    assert (cost[:, 2] == 0).all()
    # either of two looks at the third with chance ½, and punishes with ½
    assert harm[:, 2].mean() == pytest.approx(2 * 0.25 * 0.5, abs=0.02)
    assert cost.sum(axis=1) == pytest.approx(harm.sum(axis=1) * 0.1 / 0.5)


def test_who_is_paid_more_is_copied_as_often_as_the_logistic_law_says(monkeypatch):
    monkeypatch.setattr(groups, "ERROR", 0.0)
    level = np.tile([2, 10], (20_000, 1))
    made = groups.learnt(drawn(), level, np.tile([0.5, 1.5], (20_000, 1)), ("imitation",))
    up, down = (made[:, 0] == 10).mean(), (made[:, 1] == 2).mean()
    assert up == pytest.approx(0.5 / (1 + np.exp(-2)), abs=0.012)
    assert down == pytest.approx(0.5 / (1 + np.exp(2)), abs=0.012)
    # of ten one differs: it is taken over where two of three others, or the first of three who differ, are it
    most = groups.learnt(drawn(), np.tile([5] * 9 + [9], (20_000, 1)), np.zeros((20_000, 10)), ("conformism",))
    assert (most[:, 9] == 5).mean() == pytest.approx(0.5, abs=0.012)
    assert (most[:, 0] == 9).mean() == pytest.approx(0.5 * (3 * (1 / 9) ** 2 * (8 / 9) + (1 / 9) ** 3), abs=0.004)


def test_first_demands_do_not_depend_on_what_is_on():
    one, other = (groups.course(on, pool="rich", start="altruistic", groups=50, seed=1) for on in ((), ("voting",)))
    np.testing.assert_array_equal(one.first_entropy, other.first_entropy)
    assert one.survived.mean() < other.survived.mean()


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("norms", effort="quick").stands
