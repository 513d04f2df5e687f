"""Numbers are read as they were given, and refused where they are none."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from nashscape.core import InputError, plain
from nashscape.core.exact_numbers import exact_array, exact_number


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1/3", Fraction(1, 3)),
        ("0.1", Fraction(1, 10)),
        ("-2e-3", Fraction(-1, 500)),
        (" 7 ", Fraction(7)),
        (Decimal("0.3"), Fraction(3, 10)),
        (Fraction(2, 7), Fraction(2, 7)),
        (0.1, Fraction(3602879701896397, 36028797018963968)),
        (np.float32(0.1), Fraction(13421773, 134217728)),
        (np.int64(5), Fraction(5)),
        (10**30, Fraction(10**30)),
    ],
)
def test_every_kind_of_number(given, expected):
    assert exact_number(given, "payoff") == expected
    rounded, exact = exact_array([[given, 0]], "payoffs")
    assert rounded[0, 0] == float(expected)
    assert (exact is None) == (Fraction(float(expected)) == expected)
    if exact is not None:
        assert exact.tolist() == [[expected, 0]]
        assert plain(exact) == [[str(expected), "0"]]


def test_doubles_and_small_whole_numbers_are_left_alone():
    for given in ([[1, 2]], np.zeros((2, 2)), [[True, False]], np.ones((1, 2), np.float32), [["0.5", 1]]):
        assert exact_array(given, "payoffs")[1] is None
    rounded, exact = exact_array(np.array([2**53 + 1, 0]), "payoffs")
    assert rounded[0] == 2.0**53
    assert exact[0] == 2**53 + 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([["a", 1]], r"the entry of payoffs at \(0, 0\) must be a finite real number"),
        ([["1/0", 1]], "finite real number"),
        ([["nan", 1]], "finite real number"),
        ([[None, 1]], "finite real number"),
        ([[Fraction(1), float("inf")]], r"at \(0, 1\) must be a finite"),
        ([["1/3"], ["1", "2"]], "rectangular"),
        ([[1j, 0]], "real numbers; got entries of type complex128"),
        ([[10**400, 0]], "beyond the largest double"),
        (["1/3", 0], "2 axes"),
    ],
)
def test_what_is_no_number_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        exact_array(given, "payoffs", ndim=2)
