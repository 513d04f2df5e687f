"""What a trap is said to lead to is where it leads: names are compared with corners and places."""

import copy

import pytest

pytest.importorskip("flint")

CALLED = "trap 0: it leads to {right}, which it calls {wrong}"


def renamed(data, name, trap=0):
    data = copy.deepcopy(data)
    data["traps"][trap]["target"] = name
    return data | {"targets": list(dict.fromkeys(one["target"] for one in data["traps"]))}


@pytest.mark.parametrize("wrong", ["DD", "CD", "cc", "C/C", "++", "rest at (8, 8)", ""])
def test_a_corner_under_another_name_is_rejected(wrong, hand_made, check):
    found = check(renamed(hand_made, wrong))
    assert found.reasons == (CALLED.format(right="CC", wrong=wrong),)


def test_targets_are_what_the_traps_lead_to(hand_made, check):
    assert check(hand_made | {"targets": ["CC", "CC"]}).accepted
    for targets in (["CC", "DD"], ["DD"], []):
        assert check(hand_made | {"targets": targets}).reasons[0].endswith("are not what the traps lead to")


def test_longer_names_of_actions_are_joined_by_a_stroke(hand_made, check):
    hand_made["problem"]["actions"] = [["stag", "hare"], ["C", "D"]]
    assert check(hand_made).reasons == (CALLED.format(right="stag/C", wrong="CC"),)
    assert check(renamed(hand_made, "stag/C")).accepted
    hand_made["problem"]["actions"] = [["A", "A/B"], ["B/C", "C"]]
    assert check(renamed(hand_made, "A/B/C")).reasons == ("two profiles have the same name",)


@pytest.mark.parametrize(("end", "right"), [(1.51, "++"), (1.5163, "++"), (1.5164, "CC"), (1.6, "CC")])
def test_a_corner_where_less_than_82_percent_is_played_is_called_by_signs(end, right, hand_made, check):
    """log(.82/.18) is 1.51635."""
    hand_made["problem"]["box"] |= {"low": -end, "high": end}
    hand_made["traps"][0] |= {"corner": [end, end], "least": [1.4, 1.4]}
    hand_made |= {"low": [[1.4, 1.4]], "high": [[1.5, 1.5]], "trap": [0], "steps": [0]}
    hand_made["region"] = [[-1.5, -1.5], [1.5, 1.5]]
    assert check(renamed(hand_made, right)).accepted
    wrong = "CC" if right == "++" else "++"
    assert check(renamed(hand_made, wrong)).reasons == (CALLED.format(right=right, wrong=wrong),)


def over_states(initial, matrix, bias):
    """Two states; one parameter each; both players are paid for their first action."""
    paid = [[[2.0, 2.0], [1.0, 1.0]]]
    return {
        "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
        "region": [[-4.0, -4.0], [4.0, 4.0]], "targets": ["CC"],
        "low": [[3.0, 3.0]], "high": [[3.5, 3.5]], "trap": [0], "steps": [0],
        "problem": {
            "dynamics": "updates", "actions": [["C", "D"]] * 2,
            "game": {
                "kind": "markov", "payoffs": [paid, [[[2.0, 1.0], [2.0, 1.0]]]], "kernel": [[[0.5, 0.5]] * 4] * 2,
                "initial": initial, "discount": 0.5,
            },
            "players": [{"actions": 2, "form": "sigmoid"}] * 2, "sizes": [1, 1],
            "matrix": matrix, "bias": bias, "inner_lr": 1.0, "coefficients": {},
            "step_size": {"kind": "Constant", "value": 0.1}, "time_step": None,
            "box": {"low": -4.0, "high": 4.0, "escape": 100.0},
        },
        "traps": [
            {
                "kind": "corner", "target": "CC", "corner": [4.0, 4.0], "rows": [[1, 0], [0, 1]],
                "least": [3.0, 3.0], "margin": 1e-3, "largest": 1.0,
            }
        ],
    }  # fmt: skip


def test_over_states_the_one_that_is_most_likely_at_first_counts(check):
    own = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    assert check(over_states([0.5, 0.5], own, [0.0] * 4)).accepted
    # in the second state nobody plays anything with more than one half at this corner
    uneven = own, [0.0, -4.0, 0.0, -4.0]
    assert check(over_states([0.75, 0.25], *uneven)).accepted
    later = over_states([0.25, 0.75], *uneven)
    assert check(later).reasons == (CALLED.format(right="++", wrong="CC"),)
    assert check(renamed(later, "++")).accepted


def test_corners_over_states_at_which_the_same_is_played_are_called_by_signs(check):
    """The first state is held by the bias: all corners play CC in it."""
    held = over_states([1.0, 0.0], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]], [2.0, 0.0, 2.0, 0.0])
    assert check(held).reasons == (CALLED.format(right="++", wrong="CC"),)
    assert check(renamed(held, "++")).accepted


def softmaxes(corner, box):
    """Two players with three actions, worth 3 together, 0 otherwise."""
    payoffs = [[3.0 if a == b else 0.0 for b in range(3)] for a in range(3)]
    return {
        "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
        "region": [[-1.0] * 4, [4.0] * 4], "targets": ["AA"], "low": [], "high": [], "trap": [], "steps": [],
        "problem": {
            "dynamics": "updates", "actions": [["A", "B", "C"]] * 2,
            "game": {"kind": "one-shot", "payoffs": [payoffs, payoffs]},
            "players": [{"actions": 3, "form": "softmax"}] * 2, "sizes": [3, 3],
            "matrix": [[float(z == k) for k in range(6)] for z in range(6)], "bias": [0.0] * 6, "inner_lr": 1.0,
            "coefficients": {}, "step_size": {"kind": "Constant", "value": 0.1}, "time_step": None,
            "box": {"low": -box, "high": box, "escape": 100.0},
        },
        "traps": [
            {
                "kind": "corner", "target": "AA", "corner": corner,
                # y is θ_a − θ_last: A exceeds C, and B, by 1.5 at least
                "rows": [[1, 0, 0, 0], [1, -1, 0, 0], [0, 0, 1, 0], [0, 0, 1, -1]], "least": [1.5] * 4,
                "margin": 1e-3, "largest": 2.0,
            }
        ],
    }  # fmt: skip


def test_corners_of_softmaxes_are_called_by_what_is_played(check):
    corner = [2.0, -2.0, -2.0] * 2
    assert check(softmaxes(corner, 2.0)).accepted
    assert check(renamed(softmaxes(corner, 2.0), "BB")).reasons == (CALLED.format(right="AA", wrong="BB"),)
    # e^2.4 / (e^2.4 + 2) is .846 and e^2.2 / (e^2.2 + 2) is .819
    assert check(softmaxes([1.2, -1.2, -1.2] * 2, 1.2)).accepted
    assert check(softmaxes([1.1, -1.1, -1.1] * 2, 1.1)).reasons == (CALLED.format(right="+--+--", wrong="AA"),)
