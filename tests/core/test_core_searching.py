"""Searches along a number that assume nothing of the curve, and the brackets that they come to."""

import math

import numpy as np
import pytest

from nashscape.core import Bracket, InputError
from nashscape.core.brackets import brackets_of
from nashscape.core.searching import Halves, axis_of, search
from nashscape.core.sign_changes import sign_changes_of


def test_values_are_those_of_the_finest_bisection():
    axis = axis_of(-1, 3, 5, 0.3)
    assert axis.candidates == 17
    assert [axis.value(k) for k in axis.scanned] == [-1, 0, 1, 2, 3]
    whole = axis_of(2, 9, 3, 0.1, whole=True)
    assert (whole.candidates, [whole.value(k) for k in whole.scanned]) == (8, [2, 6, 9])


@pytest.mark.parametrize("edge", [0.0, 1e-9, 0.31, 2.7182818, 3.999])
def test_a_rising_curve_has_one_bracket_as_narrow_as_wanted(edge):
    asked = []

    def ask(x):
        asked.append(x)
        return x > edge

    found = search(ask, axis_of(0, 4, 9, 1e-6))
    (one,) = found.brackets
    assert one.rises
    assert one.low <= edge < one.high
    assert one.width <= 1e-6
    assert len(asked) == len(set(asked)) <= 9 + 19


def test_switches_of_a_curve_that_goes_up_and_down_are_all_found():
    def wave(x):
        return math.sin(3 * x) + 0.2 * x > 0.9

    values = np.linspace(0, 6, 600_001)
    truth = values[1:][np.diff([wave(x) for x in values])]
    found = search(wave, axis_of(0, 6, 33, 1e-4))
    assert [one.rises for one in found.brackets] == [k % 2 == 0 for k in range(len(truth))]
    for one, place in zip(found.brackets, truth, strict=True):
        assert one.low - 1e-5 <= place <= one.high + 1e-5
    first = search(wave, axis_of(0, 6, 33, 1e-4), every=False).brackets
    assert first[0] == found.brackets[0]
    assert first[1].width > 0.1


def test_a_stretch_that_stays_open_is_narrowed_from_both_sides():
    def ask(x):
        return None if 1.3 <= x <= 1.7 else x > 1.5

    found = search(ask, axis_of(0, 4, 5, 1 / 64))
    (one,) = found.brackets
    assert 1.3 - 1 / 64 <= one.low < 1.3
    assert 1.7 < one.high <= 1.7 + 1 / 64


def test_nothing_and_everything_have_no_switch():
    axis = axis_of(0, 1, 5, 0.01)
    assert search(lambda x: False, axis).brackets == ()
    assert search(lambda x: True, axis).brackets == ()
    assert search(lambda x: None, axis).brackets == ()


def test_an_interruption_keeps_the_answers():
    def ask(x):
        if x > 0.6:
            raise KeyboardInterrupt
        return x > 0.3

    found = search(ask, axis_of(0, 1, 5, 0.01))
    assert found.interrupted
    assert found.answers == {0.0: False, 0.25: False, 0.5: True}
    with pytest.raises(KeyboardInterrupt):
        search(ask, axis_of(0.7, 1, 5, 0.01))


@pytest.mark.parametrize(
    ("how", "part"),
    [
        ({"low": 1, "high": 1}, "low < high"),
        ({"scan": 1}, "scan must be at least 2"),
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": 1e-30}, "too fine"),
        ({"low": 0.5, "whole": True}, "whole numbers"),
    ],
)
def test_bad_axes_are_refused(how, part):
    with pytest.raises(InputError, match=part):
        axis_of(**{"low": 0, "high": 4, "scan": 5, "tolerance": 0.1, **how})


def test_crossings_of_functions_whose_roots_are_known():
    found = sign_changes_of(np.sin, 0.5, 20.0)
    np.testing.assert_allclose([one.middle for one in found.brackets], np.pi * np.arange(1, 7), atol=1e-8)
    assert [one.rises for one in found.brackets] == [False, True] * 3
    assert all(one.low <= root <= one.high for one, root in zip(found.brackets, np.pi * np.arange(1, 7), strict=True))
    assert not found.complete
    # a dip between neighbours of the scan is looked into
    dip = sign_changes_of(lambda x: (x - 0.503) ** 2 - 1e-4, 0.0, 1.0, samples=9)
    np.testing.assert_allclose([one.middle for one in dip.brackets], [0.493, 0.513], atol=1e-8)
    # of a polynomial nothing is missed, however close, and touching zero is not promised away
    sure = sign_changes_of(lambda x: (x - 0.5) ** 2 - 1e-8, 0.0, 1.0, samples=9, degree=2)
    np.testing.assert_allclose([one.middle for one in sure.brackets], [0.4999, 0.5001], atol=1e-8)
    assert not sign_changes_of(lambda x: (x - 0.5) ** 2, 0.0, 1.0, samples=9, degree=2).complete
    # what is not the polynomial it was said to be promises nothing
    assert not sign_changes_of(np.sin, 0.0, 3.0, samples=9, degree=2).complete


def test_a_bracket_says_where_and_which_way():
    answers = {2.0: True, 0.0: False, 1.0: None, 3.0: True, 5.5: False, 4.0: None}
    assert brackets_of(answers) == (Bracket(0.0, 2.0, True), Bracket(3.0, 5.5, False))
    assert [(one.middle, one.width) for one in brackets_of(answers)] == [(1.0, 2.0), (4.25, 2.5)]
    assert brackets_of({}) == ()


def test_given_values_are_halved_each_as_far_as_wanted():
    asked = []

    def ask(x):
        asked.append(x)
        return None if 0.9 <= x <= 1.1 else x > 1.0

    (one,) = search(ask, Halves((0.25, 0.5, 8.0), 1e-3)).brackets
    assert asked[:3] == [0.25, 0.5, 8.0]
    assert 0 < 0.9 - one.low <= 1e-3
    assert 0 < one.high - 1.1 <= 1e-3
    # where no number lies between the ends it is over, whatever was wanted
    (one,) = search(lambda x: x > 1 / 3, Halves((0.0, 1.0), 0.0)).brackets
    assert np.nextafter(one.low, 1.0) == one.high


def test_an_interruption_keeps_the_brackets_of_the_scan():
    count = 0

    def function(x):
        nonlocal count
        count += 1
        if count > 12:
            raise KeyboardInterrupt
        return x - 0.33

    found = sign_changes_of(function, 0.0, 1.0, samples=11)
    assert found.interrupted
    assert not found.complete
    assert len(found.answers) == 11
    (one,) = found.brackets
    assert (one.low, one.high) == pytest.approx((0.3, 0.4))
    count = 5
    with pytest.raises(KeyboardInterrupt):
        sign_changes_of(function, 0.0, 1.0, samples=11)
