"""Probabilities add up to one exactly: what a sum that is off by 1e-9 would prove is false, and thirds are honest."""

import copy
from fractions import Fraction

import pytest

pytest.importorskip("flint")

from nashscape.core import InputError

ONE = [[1.0]] * 4


def dilemma(payoffs, kernel, discount, constant=0.0):
    """ "Everything goes to CC" in a Prisoner's Dilemma for ever, in one state; payoffs of CC, CD, DC, DD."""
    first = [[own + constant for own in payoffs[:2]], [own + constant for own in payoffs[2:]]]
    second = [list(column) for column in zip(*first, strict=True)]
    return {
        "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
        "region": [[-2.0, -2.0], [2.0, 2.0]], "targets": ["CC"],
        "low": [[-2.0, -2.0]], "high": [[2.0, 2.0]], "trap": [0], "steps": [0],
        "problem": {
            "dynamics": "updates", "actions": [["C", "D"]] * 2,
            "game": {
                "kind": "markov", "payoffs": [[first], [second]], "kernel": [kernel], "initial": [1.0],
                "discount": discount,
            },
            "players": [{"actions": 2, "form": "sigmoid"}] * 2, "sizes": [1, 1],
            "matrix": [[1.0, 0.0], [0.0, 1.0]], "bias": [0.0, 0.0], "inner_lr": 1.0, "coefficients": {},
            "step_size": {"kind": "Constant", "value": 1e-12}, "time_step": None,
            "box": {"low": -2.0, "high": 2.0, "escape": 100.0},
        },
        "traps": [
            {
                "kind": "corner", "target": "CC", "corner": [2.0, 2.0], "rows": [[1, 0], [0, 1]],
                "least": [-2.0, -2.0], "margin": 1e-4, "largest": 1e13,
            }
        ],
    }  # fmt: skip


# a defection more, and the game ends sooner, by less than 1e-9: everything a checker must not call rounding
FALSE = {
    "a long game": dilemma([3.0, 0.9, 4.0, 1.0], [[1.0], [1 - 5e-10], [1 - 5e-10], [1 - 1e-9]], 1 - 1e-10),
    "a large constant": dilemma([3.0, 0.0, 5.0, 1.0], [[1 + 9e-10], [1.0], [1.0], [1 - 9e-10]], 0.99, 1e8),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_kernel_that_adds_up_to_one_but_for_rounding_is_refused(name, check):
    reason = r"the row of kernel for state 0, joint action \d of the certificate must add up to one exactly"
    with pytest.raises(InputError, match=reason):
        check(FALSE[name])


@pytest.mark.parametrize("name", FALSE)
def test_what_it_would_have_proved_is_false(name, check):
    exact = copy.deepcopy(FALSE[name])
    exact["problem"]["game"]["kernel"] = [ONE]
    found = check(exact)
    assert not found.accepted
    assert "contradicted" in found.reasons[0]


@pytest.mark.parametrize("name", FALSE)
def test_it_is_proved_of_what_such_a_kernel_would_be(name, check):
    """The game that ends with what is missing is another one: with a state in which it is over the claims are true."""
    game = copy.deepcopy(FALSE[name])
    inner = game["problem"]["game"]
    most = max(Fraction(share) for [share] in inner["kernel"][0])
    stays = [Fraction(share) / most for [share] in inner["kernel"][0]]
    inner |= {
        "kernel": [[[text(x), text(1 - x)] for x in stays], [[0.0, 1.0]] * 4], "initial": [1.0, 0.0],
        "discount": float(Fraction(inner["discount"]) * most),
        "payoffs": [[own[0], [[0.0, 0.0], [0.0, 0.0]]] for own in inner["payoffs"]],
    }  # fmt: skip
    game["problem"] |= {"matrix": [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0]], "bias": [0.0] * 4}
    found = check(game)
    assert found.accepted, found.reasons


def text(share):
    return f"{share.numerator}/{share.denominator}"


def three_states(rows, initial):
    """Three states alike, in which each player is paid for the first action."""
    data = dilemma([2.0, 2.0, 1.0, 1.0], ONE, 0.5)
    data["problem"] |= {"matrix": [[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3, "bias": [0.0] * 6}
    data["problem"]["game"] |= {"kernel": [[rows] * 4] * 3, "initial": initial}
    return data


THIRDS = ["1/3", "1/3", "1/3"]


def test_thirds_are_written_as_ratios(check):
    found = check(three_states(THIRDS, ["2/6", "1/3", "1/3"]))
    assert found.accepted, found.reasons
    assert check(three_states([0.25, "1/4", 0.5], THIRDS)).accepted


@pytest.mark.parametrize(
    ("row", "initial", "message"),
    [
        ([1 / 3] * 3, THIRDS, r"kernel for state 0, joint action 0 .* exactly, not to rounding; it adds up to 1 − "),
        (THIRDS, [1 / 3] * 3, r"initial of the certificate must add up to one exactly"),
        (THIRDS, ["1/3", "1/3", "1/4"], "initial of the certificate must add up to one exactly"),
        (["4/3", "1/3", "1/3"], THIRDS, r"adds up to 1 \+ 1"),
        (["-1/3", "1/3", "3/3"], THIRDS, "must be a finite number"),
        ([-0.25, 0.25, 1.0], THIRDS, "must hold probabilities; one of them is -0.25"),
        (["1/0", "1/2", "1/2"], THIRDS, "must be a finite number"),
        (["0.5", "1/4", "1/4"], THIRDS, "must be a finite number"),
        (["1/3 ", "1/3", "1/3"], THIRDS, "must be a finite number"),
        (["01/3", "1/3", "1/3"], THIRDS, "must be a finite number"),
        (["１/3", "1/3", "1/3"], THIRDS, "must be a finite number"),
        (["1/1" + "0" * 1000, "1/2", "1/2"], THIRDS, "must be a finite number"),
        (["1/2", "1/2"], THIRDS, "must be a list of 3"),
        ([True, 0.0, 0.0], THIRDS, "must be a finite number"),
    ],
)
def test_other_rows_are_refused(row, initial, message, check):
    with pytest.raises(InputError, match=message):
        check(three_states(row, initial))


def test_ratios_are_for_probabilities_alone(check):
    data = three_states(THIRDS, THIRDS)
    data["problem"]["game"]["discount"] = "1/2"
    with pytest.raises(InputError, match="discount of the certificate must be a finite number"):
        check(data)


def test_older_files_are_read_where_they_are_exact(hand_made, check):
    assert check(hand_made | {"version": 2}).accepted
    with pytest.raises(InputError, match="add up to one exactly"):
        check(FALSE["a long game"] | {"version": 2})
