import math

import numpy as np
import pytest

from nashscape import core
from nashscape.core import InputError


def test_finite_array_is_a_new_double_precision_array():
    given = np.arange(6).reshape(2, 3)
    array = core.finite_array(given, "x", ndim=2, shape=(None, 3))
    assert array.dtype == np.float64
    array[0, 0] = 9
    assert given[0, 0] == 0


def test_numbers_are_passed_on_as_python_numbers():
    assert core.positive_integer(np.int64(3), "n") == 3
    assert type(core.positive_integer(np.int64(3), "n")) is int
    assert type(core.finite_number(np.float32(0.5), "x")) is float
    assert core.positive_integer(0, "n", at_least=0) == 0
    assert core.finite_number(1, "x", low=1, high=1) == 1.0
    assert core.probability(1, "p") == 1.0
    assert core.choice("a", "kind", ["a", "b"]) == "a"


def test_a_distribution_gets_sum_one():
    given = np.array([0.2, 0.3, 0.5 + 5e-7])
    assert core.distribution(given, "p", 3).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: core.finite_array([[1, 2], [3]], "payoffs"), "payoffs must be a rectangular"),
        (lambda: core.finite_array(["a"], "payoffs"), "real numbers"),
        (lambda: core.finite_array([1j], "payoffs"), "real numbers"),
        (lambda: core.finite_array([1, None], "payoffs"), "real numbers"),
        (lambda: core.finite_array([1, math.inf], "payoffs"), r"at \(1,\) is inf"),
        (lambda: core.finite_array([[1, math.nan]], "payoffs"), r"at \(0, 1\) is nan"),
        (lambda: core.finite_array([1], "payoffs", ndim=2), "2 axes; got 1"),
        (lambda: core.finite_array([1], "payoffs", shape=(2,)), r"shape \(2\); got \(1,\)"),
        (lambda: core.finite_array([[1]], "payoffs", shape=(None, 2)), r"shape \(any, 2\)"),
        (lambda: core.positive_integer(2.5, "steps"), "steps must be a whole number; got 2.5"),
        (lambda: core.positive_integer(2.0, "steps"), "whole number"),
        (lambda: core.positive_integer(True, "steps"), "whole number; got True"),
        (lambda: core.positive_integer("3", "steps"), "whole number"),
        (lambda: core.positive_integer(0, "steps"), "at least 1; got 0"),
        (lambda: core.finite_number("1", "rate"), "finite number"),
        (lambda: core.finite_number(True, "rate"), "finite number"),
        (lambda: core.finite_number(math.nan, "rate"), "finite number"),
        (lambda: core.finite_number([1, 2], "rate"), "finite number"),
        (lambda: core.finite_number(0, "rate", low=0, low_open=True), "above 0; got 0"),
        (lambda: core.finite_number(-1, "rate", low=0), "at least 0; got -1"),
        (
            lambda: core.finite_number(2, "rate", low=0, high=2, high_open=True),
            "at least 0 and below 2; got 2",
        ),
        (lambda: core.probability(1.1, "p"), "at most 1"),
        (lambda: core.choice("normle", "kind", ["normal"]), "unknown kind 'normle'; did you mean 'normal'?"),
        (lambda: core.choice(3, "kind", ["normal"]), "unknown kind 3"),
        (lambda: core.distribution([0.5, 0.6], "p", 2), "sum to one.*1.1"),
        (lambda: core.distribution([1.5, -0.5], "p", 2), "negative"),
        (lambda: core.distribution([1.0], "p", 2), "shape"),
    ],
)
def test_bad_input_is_refused_with_one_clear_message(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_an_unknown_name_comes_with_the_nearest_and_all_known_ones():
    message = str(core.unknown("game", "stag-hnt", ["stag_hunt", "chicken"]))
    assert message == "unknown game 'stag-hnt'; did you mean 'stag_hunt'? Known: chicken, stag_hunt."
    assert str(core.unknown("game", "go", ["chicken"])) == "unknown game 'go'. Known: chicken."
    assert "'aab' or" in core.nearest("aab", ["aab", "aac"])
    assert isinstance(core.unknown("game", "go", []), ValueError)


def test_a_distribution_by_names():
    assert core.distribution({"b": 0.25, "c": 0.75}, "start", 3, of=["a", "b", "c"]).tolist() == [0.0, 0.25, 0.75]
    with pytest.raises(InputError, match=r"unknown name in start 'x'.* Known: a, b"):
        core.distribution({"x": 1.0}, "start", 2, of=["a", "b"])
    with pytest.raises(InputError, match="must sum to one"):
        core.distribution({"a": 0.5}, "start", 2, of=["a", "b"])
