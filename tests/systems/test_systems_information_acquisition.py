"""The card of information acquisition: plans one by one, against sums written out, and what the card says."""

from fractions import Fraction

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.information_acquisition import plans


def test_plans_that_differ_after_one_order_are_all_there_once():
    found = list(plans.other_plans(3, 2))
    assert len(found) == 3 * 3 * 4
    keys = {(tuple(one.efforts), tuple(map(tuple, one.reports))) for one in found}
    assert len(keys) == 3 * (3 * 4 - 1) + 1  # to obey is among those of each order


def test_what_plans_keep_is_the_sum_by_hand():
    problem, (chances, payments) = plans.inspectors(), plans.by_hand()
    works, idle = plans.honest(2, 2), plans.Plan([0, 0], [[0, 0]] * 2)
    third, quarter = Fraction(1, 3), Fraction(1, 4)
    assert plans.kept(problem, chances, payments[0], [works, works], 0) == third - 2 * third * quarter
    assert plans.kept(problem, chances, payments[1], [idle, idle], 1) == third
    # the first says 0 without looking: it agrees with an even sign
    assert plans.kept(problem, chances, payments[0], [idle, works], 0) == third / 2
    assert plans.largest_gain(problem, chances, payments) == 0
    dear = plans.inspectors(costs=("1/4", "3/10"))
    assert plans.largest_gain(dear, chances, payments) == 2 * third * (Fraction(3, 10) - quarter)


def test_the_two_reckonings_of_gains_are_one():
    problem, (chances, payments) = plans.inspectors(costs=("1/5", "3/10")), plans.by_hand()
    random = np.random.default_rng(3)
    other = [np.vectorize(lambda _: Fraction(int(random.integers(0, 9)), 8), otypes=[object])(own) for own in payments]
    gains = ns.theory.deviation_gains(problem, chances, other)
    assert plans.largest_gain(problem, chances, other) == max(own.max() for own in gains) > 0


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("information-acquisition", effort="quick").stands
