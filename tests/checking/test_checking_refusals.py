"""Every refusal of the checker as the only fault of a certificate that holds, by its reason."""

import copy

import pytest

pytest.importorskip("flint")

from nashscape.checking.covers import FAILS, HOLDS, Finding, fault
from nashscape.core import InputError


def changed(data, *changes):
    data = copy.deepcopy(data)
    for path, value in changes:
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        if value is None:
            del inner[path[-1]]
        else:
            inner[path[-1]] = copy.deepcopy(value)
    return data


P, T = "problem", "traps"
SOFT = [
    ([P, "players"], [{"actions": 2, "form": "softmax"}] * 2), ([P, "sizes"], [2, 2]), ([P, "bias"], [0.0] * 4),
    ([P, "matrix"], [[float(z == k) for k in range(4)] for z in range(4)]),
    ([P, "box"], {"low": -4.0, "high": 4.0, "escape": 84.0}), ([T, 0, "corner"], [4.0, -4.0, 4.0, -4.0]),
]  # fmt: skip
MARKOV = [
    ([P, "game"], {"kind": "markov", "payoffs": [[[[4.0, 0.0], [3.0, 2.0]]], [[[4.0, 3.0], [0.0, 2.0]]]],
                   "kernel": [[[1.0]] * 4], "initial": [1.0], "discount": 0.0}),
]  # fmt: skip
STRATEGIES = [
    (["coordinates"], "strategies"), (["region"], [[0.05, 0.05], [0.95, 0.95]]),
    (["low"], [[0.9, 0.9], [0.8, 0.8], [0.2, 0.7]]), (["high"], [[0.92, 0.92], [0.81, 0.81], [0.7, 0.8]]),
]  # fmt: skip


@pytest.mark.parametrize("form", [[], SOFT, MARKOV, STRATEGIES], ids=["sigmoids", "softmaxes", "states", "strategies"])
def test_the_forms_of_which_one_thing_is_changed_are_accepted(form, hand_made, check):
    found = check(changed(hand_made, *form))
    assert found.accepted, found.reasons


@pytest.mark.parametrize(
    ("form", "path", "value", "message"),
    [
        ([], [P, "sizes"], [1, -1], "sizes of the certificate must be a whole number from 0 on; it is -1"),
        ([], [P, "sizes"], [1, True], "sizes of the certificate must be a whole number from 0 on; it is True"),
        ([], [P, "coefficients"], [], "coefficients of the certificate must be an object"),
        ([], [P, "actions"], None, "problem of the certificate must be an object with 'actions'"),
        ([], [P, "actions"], [["C", "D"]], "actions of the certificate must be a list of 2"),
        ([], [P, "actions"], [["C", "D"], ["C"]], "actions of the certificate must be a list of 2"),
        ([], [P, "actions"], [["C", "D"], ["C", "C"]], "must be names, all of a player's different"),
        ([], [P, "actions"], [["C", "D"], ["C", 1]], "must be names, all of a player's different"),
        ([], [P, "players", 0, "actions"], 3, "players with a sigmoid have two actions"),
        ([], [P, "players", 0, "form"], "tanh", "form of the certificate must be one of sigmoid, softmax"),
        ([], [P, "inner_lr"], 1e301, "inner_lr of the certificate must be a finite number"),
        ([], [P, "box", "high"], -8.0, "the box of the certificate is empty: -8 to -8"),
        ([], [P, "step_size"], "small", "schedules of the certificate must be an object with 'kind'"),
        ([], [T], {}, "traps of the certificate must be a list"),
        ([], [T, 0, "rows"], [[1, 0], [0, -2]], "rows and sides of a trap of the certificate hold −1, 0 and 1"),
        ([], [T, 0, "rows"], [[1, 0], [0, 0.5]], "rows and sides of a trap of the certificate hold −1, 0 and 1"),
        ([], [T, 0, "least"], [1.5], "trap least of the certificate must be a list of 2"),
        ([], [T, 0, "target"], 3, "trap target of the certificate must be a name; it is 3"),
        ([], [T, 0, "target"], None, "traps of the certificate must be an object with 'target'"),
        ([], ["targets"], ["CC", 1], "targets of the certificate must be a name; it is 1"),
        ([], ["targets"], None, "the document of the certificate must be an object with 'targets'"),
        ([], ["trap"], [0, -2, -1], "trap of the certificate must be a whole number from -1 on"),
        ([], ["steps"], [0, 30.0, -1], "steps of the certificate must be a whole number from -1 on"),
        ([], ["steps"], [0, 30], "steps of the certificate must be a list of 3"),
        ([], ["region"], [[-4.0, -4.0]], "region of the certificate must be a list of 2"),
        ([], ["high"], [[2.5, 2.5], [1.25, 1.25]], "high of the certificate must be a list of 3"),
        ([], [P, "sizes"], [0, 0], "matrix of the certificate must be a list of 0"),
        (SOFT, [P, "bias", 0], 0.5, "softmax players of a certificate play one-shot games, with logits that are the"),
        (SOFT, [P, "matrix", 0, 1], 0.5, "softmax players of a certificate play one-shot games"),
        (SOFT, [P, "sizes"], [1, 3], "softmax players of a certificate play one-shot games"),
        (SOFT, ["coordinates"], "strategies", "in strategies is one of independent players with a sigmoid each"),
        ([*SOFT, *MARKOV], ["resolution"], 0.5, "softmax players of a certificate play one-shot games"),
        (MARKOV, ["coordinates"], "strategies", "in strategies is one of independent players with a sigmoid each"),
        (STRATEGIES, [P, "bias", 0], 0.5, "in strategies is one of independent players with a sigmoid each"),
        (STRATEGIES, [P, "matrix", 0, 1], 0.5, "in strategies is one of independent players with a sigmoid each"),
        (MARKOV, [P, "game", "discount"], 1.0, "discount of the certificate must be at least 0 and below 1; it is 1"),
        (
            MARKOV,
            [P, "game", "discount"],
            -0.1,
            "discount of the certificate must be at least 0 and below 1; it is -0.1",
        ),
        (MARKOV, [P, "game", "kernel"], [[[1.0]] * 3], "kernel of the certificate must be a list of 4"),
        (MARKOV, [P, "game", "kernel"], [[[1.0]] * 4] * 2, "kernel of the certificate must be a list of 1"),
        (MARKOV, [P, "game", "initial"], [0.5, 0.5], "kernel of the certificate must be a list of 2"),
        (MARKOV, [P, "game", "payoffs", 0], [[[1.0, 0.0], [0.0, 1.0]]] * 2, "given for one state or for all"),
        (MARKOV, [P, "game", "payoffs", 0], [], "given for one state or for all"),
    ],
)
def test_documents_with_one_thing_that_does_not_fit_are_refused(form, path, value, message, hand_made, check):
    with pytest.raises(InputError, match=message):
        check(changed(hand_made, *form, (path, value)))


FLOW = [([P, "dynamics"], "flow"), ([P, "step_size"], None), ([P, "time_step"], 0.25)]


@pytest.mark.parametrize(("value", "message"), [(0.0, "must be positive"), (-0.1, "must be positive")])
def test_the_time_of_a_flows_step_is_positive(value, message, resting, check):
    with pytest.raises(InputError, match=f"time_step of the certificate {message}"):
        check(changed(resting(True), ([P, "time_step"], value)))


def test_rest_traps_are_for_sigmoids_and_few_parameters_are_followed(resting, hand_made, check):
    trap = resting(False)[T][0]
    with pytest.raises(InputError, match="a rest trap of the certificate is for players with sigmoids"):
        check(changed(hand_made, *SOFT, ([T, 0], trap)))
    many = {
        "players": [{"actions": 2, "form": "sigmoid"}] * 2, "actions": [["C", "D"]] * 2, "sizes": [9, 0],
        "matrix": [[1.0] * 9] * 2,
    }  # fmt: skip
    with pytest.raises(InputError, match="follow one to 8 parameters; this one follows 9"):
        check(hand_made | {"problem": hand_made["problem"] | many})
    none = many | {"sizes": [0, 0], "matrix": [[]] * 2}
    with pytest.raises(InputError, match="follow one to 8 parameters; this one follows 0"):
        check(hand_made | {"problem": hand_made["problem"] | none})


POWER = {"kind": "Power", "scale": 0.9, "offset": 10.0, "exponent": 0.24}
TWO_PHASE = {"kind": "TwoPhase", "value": 0.5, "warm_up": 20.0, "exponent": 0.5, "decay_steps": 10.0}
HANDOFF = {"kind": "Handoff", "before": 0.4, "after": 0.3, "at": 5.0}
CONSTANT = {"kind": "Constant", "value": 0.5}


@pytest.mark.parametrize(
    "size", [POWER | {"exponent": 1.0}, TWO_PHASE, TWO_PHASE | {"exponent": 1.0}, HANDOFF, CONSTANT]
)
def test_step_sizes_with_an_infinite_sum_are_accepted(size, hand_made, check):
    """Also those whose sum is just infinite."""
    slow = changed(hand_made, ([P, "step_size"], size), (["low"], []), (["high"], []), (["trap"], []), (["steps"], []))
    found = check(slow)
    assert found.accepted, found.reasons


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (POWER | {"exponent": 1.0001}, "step sizes have a finite sum"),
        (TWO_PHASE | {"exponent": 1.0001}, "step sizes have a finite sum"),
        (POWER | {"exponent": -0.1}, "its exponent is negative"),
        (TWO_PHASE | {"exponent": -0.1}, "its exponent is negative"),
        (POWER | {"offset": 0.0}, "its offset is not positive"),
        (TWO_PHASE | {"decay_steps": 0.0}, "its decay_steps are not positive"),
        (POWER | {"scale": 0.0}, "step sizes are not all positive"),
        (TWO_PHASE | {"value": -0.5}, "step sizes are not all positive"),
        (CONSTANT | {"value": 0.0}, "step sizes are not all positive"),
        (HANDOFF | {"before": 0.0}, "step sizes are not all positive"),
        (HANDOFF | {"after": -0.1}, "step sizes are not all positive"),
    ],
)
def test_step_sizes_that_lead_nowhere_are_rejected(size, reason, hand_made, check):
    found = check(changed(hand_made, ([P, "step_size"], size)))
    assert found.reasons == (f"the step sizes: {reason}",)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (POWER | {"offset": -1.0}, "its offset is not positive"),
        (TWO_PHASE | {"decay_steps": -1.0}, "its decay_steps are not positive"),
        (POWER | {"exponent": -1.0}, "its exponent is negative"),
    ],
)
def test_coefficients_without_bounds_are_rejected(own, reason, hand_made, check):
    found = check(changed(hand_made, ([P, "coefficients"], {"own": own})))
    assert found.reasons == (f"the coefficient own is not bounded: {reason}",)


@pytest.mark.parametrize(
    ("form", "changes", "reason"),
    [
        ([], [([T, 0, "margin"], 0.0)], "trap 0: its margin is not positive"),
        ([], [([T, 0, "corner"], [8.0, 7.5]), ([T, 0, "target"], "CC")], "trap 0: its corner is no corner of the box"),
        ([], [([T, 0, "rows"], [[1, -1], [0, 1]])], "trap 0: moves towards its corner may leave it"),
        ([], [([T, 0, "rows"], [[1, 0], [0, -1]])], "trap 0: moves towards its corner may leave it"),
        # 8 + .518 · .5, and 1e-9 of it to spare
        ([], [([P, "box", "escape"], 8.2589)], "trap 0: proposals from it may count as diverged"),
        ([], [([T, 0, "margin"], 4e-4)], "trap 0: its margin 0.0004 or its largest is contradicted in "),
        ([], [([T, 0, "largest"], 0.1)], "trap 0: its margin 0.0001 or its largest is contradicted in "),
        ([], [([T, 0, "least"], [0.2, 1.5])], "trap 0: its margin 0.0001 or its largest is contradicted in "),
        ([], [(["high", 0], [4.0000001, 2.5])], "cell 0 does not lie inside the region, or its ends are exchanged"),
        ([], [(["low", 2], [-4.0000001, 1.0])], "cell 2 does not lie inside the region, or its ends are exchanged"),
        ([], [(["low", 1], [1.5, 1.0])], "cell 1 does not lie inside the region, or its ends are exchanged"),
        ([], [(["region"], [[-4.0, 4.0], [4.0, -4.0]])], "the region is empty"),
        ([], [(["low", 1], [-3.0, -3.0]), (["high", 1], [-2.9, -2.9])],
         "cell 1: its start (-2.95, -2.95) was not proved to enter trap 0"),
        (STRATEGIES, [(["region"], [[0.0, 0.05], [0.95, 0.95]])], "the region holds strategies outside of 0 < p < 1"),
        (STRATEGIES, [(["region"], [[0.05, 0.05], [0.95, 1.0]])], "the region holds strategies outside of 0 < p < 1"),
        (STRATEGIES, [(["region"], [[0.05, -0.5], [0.95, 0.95]])], "the region holds strategies outside of 0 < p < 1"),
        (STRATEGIES, [(["region"], [[0.05, 0.95], [0.95, 0.05]])], "the region holds strategies outside of 0 < p < 1"),
        (SOFT, [([T, 0, "corner"], [4.0, -4.0, 4.0, 3.0])], "trap 0: it leads to +-++, which it calls CC"),
        (SOFT, [([T, 0, "least"], [0.2, 1.5])], "trap 0: its margin 0.0001 or its largest is contradicted in "),
    ],
)  # fmt: skip
def test_one_false_claim_is_rejected_for_its_reason(form, changes, reason, hand_made, check):
    found = check(changed(hand_made, *form, *changes))
    assert len(found.reasons) == 1
    assert found.reasons[0].startswith(reason), found.reasons


def test_where_escape_is_just_far_enough(hand_made, check):
    """8 + .9/10^.24 · .5 = 8.25894."""
    assert check(changed(hand_made, ([P, "box", "escape"], 8.25895))).accepted


def test_cells_that_only_touch_do_not_overlap_and_those_without_inside_neither(hand_made, check):
    touching = [(["low"], [[2.0, 2.0], [2.5, 2.0], [2.5, 2.5]]), (["high"], [[2.5, 2.5], [3.0, 2.5], [2.5, 3.0]]),
                (["trap"], [0, 0, 0]), (["steps"], [0, 0, 0])]  # fmt: skip
    assert check(changed(hand_made, *touching)).accepted
    [reason] = check(changed(hand_made, *touching, (["high", 0], [2.5000001, 2.5]))).reasons
    assert reason == "cells 0 and 1 overlap"


def test_a_region_of_one_start_is_one(hand_made, check):
    one = [(["region"], [[2.0, 2.0], [2.0, 3.0]]), (["low"], [[2.0, 2.0], [2.0, 2.5]]),
           (["high"], [[2.0, 2.5], [2.0, 3.0]]), (["trap"], [0, 0]), (["steps"], [0, 0])]  # fmt: skip
    assert check(changed(hand_made, *one)).accepted
    [reason] = check(changed(hand_made, *one, (["low", 1], [2.0, 2.25]))).reasons
    assert reason == "cells 0 and 1 overlap"


# --- two free coordinates --------------------------------------------------------------------------------


def two_rests(contraction, metric):
    """Players 1 and 3 are paid 4 p (1 − p) through mirrors; player 3 also by what player 1 does."""

    def mirrored(i, j, extra=0.0):
        def paid(a, b, c, d):
            own, other = (a, b, c, d)[i], (a, b, c, d)[j]
            return (4.0 if own == other == 0 else 0.0) + (extra if a == 0 and c == 0 else -extra if c == 0 else 0.0)

        return [[[[paid(a, b, c, d) for d in (0, 1)] for c in (0, 1)] for b in (0, 1)] for a in (0, 1)]

    nothing = [[[[0.0, 0.0]] * 2] * 2] * 2
    # beside the middle the field is −x/2 for player 1 and (x/4) · extra − y/2 for player 3
    payoffs = [mirrored(0, 1), nothing, mirrored(2, 3, 2.0), nothing]
    return {
        "format": "nashscape certificate", "version": 3, "coordinates": "parameters",
        "region": [[-4.0, -4.0], [4.0, 4.0]], "targets": ["rest at (0, 0)"], "low": [[-0.001, -0.001]],
        "high": [[0.001, 0.001]], "trap": [0], "steps": [0],
        "problem": {
            "dynamics": "updates", "actions": [["A", "B"]] * 4,
            "game": {"kind": "one-shot", "payoffs": payoffs}, "players": [{"actions": 2, "form": "sigmoid"}] * 4,
            "sizes": [1, 0, 1, 0], "matrix": [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]], "bias": [0.0] * 4,
            "inner_lr": 1.0, "coefficients": {}, "step_size": {"kind": "Constant", "value": 1.0}, "time_step": None,
            "box": {"low": -4.0, "high": 4.0, "escape": 50.0},
        },
        "traps": [
            {
                "kind": "rest", "target": "rest at (0, 0)", "sides": [0, 0], "low": [-0.001, -0.001],
                "high": [0.001, 0.001], "centre": [0.0, 0.0], "metric": metric, "radius": 0.01,
                "contraction": contraction, "margin": 0.0, "largest": 0.4,
            }
        ],
    }  # fmt: skip


UNIT = [[1.0, 0.0], [0.0, 1.0]]


def norm(matrix):
    """The spectral norm of a 2×2 matrix."""
    (a, b), (c, d) = matrix
    square, product = a * a + b * b + c * c + d * d, a * d - b * c
    return (square / 2 + (square * square / 4 - product * product) ** 0.5) ** 0.5


def test_the_example_of_two_free_coordinates_is_what_it_is_said_to_be():
    import math

    def field(x, y):
        s, t = (1 / (1 + math.exp(-z)) for z in (x, y))
        return 4 * s * (1 - s) * (1 - 2 * s), t * (1 - t) * (4 * (1 - 2 * t) + 4 * s - 2)

    slopes = [
        [(field(*(1e-4 * (k == 0), 1e-4 * (k == 1))[:2])[i] - field(0, 0)[i]) / 1e-4 for k in (0, 1)] for i in (0, 1)
    ]
    assert slopes == [
        [pytest.approx(-0.5, abs=1e-6), 0.0],
        [pytest.approx(0.25, abs=1e-6), pytest.approx(-0.5, abs=1e-6)],
    ]


@pytest.mark.parametrize("metric", [UNIT, [[0.6, 0.8], [-0.8, 0.6]], [[2.0, 0.0], [0.0, 2.0]]])
def test_a_contraction_of_two_coordinates_is_that_of_the_matrix_and_not_of_its_entries(metric, check):
    """Rows and columns of A = [[.5, 0], [.25, .5]] have at most length .56; its norm is .64."""
    sharp = norm([[0.5, 0.0], [0.25, 0.5]])
    assert (0.5**2 + 0.25**2) ** 0.5 < 0.56
    assert 0.64 < sharp < 0.641
    data = two_rests(sharp + 1e-3, metric)
    data["traps"][0]["radius"] *= max(map(max, metric))
    found = check(data)
    assert found.accepted, found.reasons
    data["traps"][0]["contraction"] = sharp - 1e-3
    [reason] = check(data).reasons
    assert reason.startswith("trap 0: its margin, largest or contraction is not proved in ")


# --- claims over boxes -----------------------------------------------------------------------------------


def test_a_claim_over_a_box_is_proved_by_halves_of_the_side_that_is_named():
    seen = []

    def look(low, high):
        seen.append((low, high))
        return HOLDS if high[1] - low[1] <= 0.5 else Finding(side=1)

    assert fault([0.0, 0.0], [1.0, 1.0], look) is None
    assert seen == [((0.0, 0.0), (1.0, 1.0)), ((0.0, 0.5), (1.0, 1.0)), ((0.0, 0.0), (1.0, 0.5))]


def test_a_smaller_box_takes_the_place_of_a_box():
    seen = []

    def look(low, high):
        seen.append((low, high))
        return HOLDS if len(seen) > 1 else Finding(box=((0.5,), (0.75,)))

    assert fault([0.0], [1.0], look) is None
    assert seen == [((0.0,), (1.0,)), ((0.625,), (0.75,)), ((0.5,), (0.625,))]


def test_what_fails_anywhere_is_contradicted_there():
    def look(low, high):
        return FAILS if high[0] - low[0] < 0.3 and low[0] == 0.25 else HOLDS if low[0] >= 0.5 else Finding()

    assert fault([0.0], [1.0], look) == "contradicted in [0.25] to [0.5]"


def test_what_is_never_known_is_not_proved_however_small(monkeypatch):
    assert fault([0.0], [1.0], lambda low, high: Finding()).startswith("not proved in [")
    # a side that cannot be halved any more
    assert fault([1.0], [1.0 + 2**-52], lambda low, high: Finding()) == "not proved in [1] to [1]"
    monkeypatch.setattr("nashscape.checking.covers.DEEPEST", 2)
    assert fault([0.0], [1.0], lambda low, high: Finding()) == "not proved in [0.75] to [1]"


def test_a_budget_of_boxes_that_is_exhausted_proves_nothing(monkeypatch):
    """Seven boxes: one, two halves and four quarters, of which all hold."""

    def look(low, high):
        return HOLDS if high[0] - low[0] <= 0.25 else Finding()

    for most in range(1, 7):
        monkeypatch.setattr("nashscape.checking.covers.MOST_BOXES", most)
        assert fault([0.0], [1.0], look) == f"not proved with {most} boxes"
    monkeypatch.setattr("nashscape.checking.covers.MOST_BOXES", 7)
    assert fault([0.0], [1.0], look) is None


def test_a_trap_for_which_the_boxes_do_not_suffice_is_rejected(hand_made, check, monkeypatch):
    assert check(hand_made).accepted
    monkeypatch.setattr("nashscape.checking.covers.MOST_BOXES", 1)
    [reason] = check(hand_made).reasons
    assert reason == "trap 0: its margin 0.0001 or its largest is not proved with 1 boxes"
