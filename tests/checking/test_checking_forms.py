"""Softmax players, games over states, places of rest and flows: claims whose truth is known from simpler ones."""

import copy
import math
import random

import pytest

pytest.importorskip("flint")


PROVED = "its margin, largest or contraction is"
NUMBERS = "its contraction is not below one, or its radius is not positive"
CENTRE = "how far its centre moves is not proved in "

# The same certificate for players with two logits, and for a game over states in which all states are played alike


def as_softmax(data):
    """With logits of ±y/2, half the step size and half the box, y does what the sigmoids' parameters do.

    Sums over both logits make second order terms twice what they are.
    """
    data = copy.deepcopy(data)
    problem = data["problem"]
    box = problem["box"]
    problem |= {
        "players": [{"actions": 2, "form": "softmax"}] * 2, "sizes": [2, 2], "bias": [0.0] * 4,
        "matrix": [[float(z == k) for k in range(4)] for z in range(4)],
        "step_size": halved(problem["step_size"]), "inner_lr": problem["inner_lr"] / 2,
        "box": {name: x / 2 for name, x in box.items()},
    }  # fmt: skip
    for trap in data["traps"]:
        trap["corner"] = [half for x in trap["corner"] for half in (x / 2, -x / 2)]
    return in_parameters(data)


def halved(schedule):
    return schedule | {name: schedule[name] / 2 for name in ("scale", "value") if name in schedule}


def in_parameters(data):
    """Cells a little smaller than what they are in strategies."""
    if data["coordinates"] == "strategies":
        data["coordinates"] = "parameters"
        for name, inwards in (("low", 1e-12), ("high", -1e-12)):
            data[name] = [[math.log(p / (1 - p)) + inwards for p in own] for own in data[name]]
        data["region"] = [[-4.0, -4.0], [4.0, 4.0]]
    return data


def over_states(data):
    """Three states, moves at random, payoffs that make the discounted sum what it is in one round."""
    data = in_parameters(copy.deepcopy(data))
    problem, draw = data["problem"], random.Random(3)
    rows = [[[draw.randrange(1, 6) for _ in range(3)] for _ in range(4)] for _ in range(3)]
    half = [[[u / 2 for u in row] for row in own] for own in problem["game"]["payoffs"]]
    problem |= {
        "game": {
            "kind": "markov", "payoffs": [[own] for own in half], "initial": [0.25, 0.25, 0.5], "discount": 0.5,
            "kernel": [[[f"{x}/{sum(row)}" for x in row] for row in state] for state in rows],
        },
        "matrix": [[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 3, "bias": [0.0] * 6,
    }  # fmt: skip
    return data


@pytest.mark.long
@pytest.mark.parametrize(
    ("form", "base"), [(as_softmax, 0), (as_softmax, 1), (as_softmax, 3), (over_states, 0), (over_states, 3)]
)
def test_equal_certificates_in_other_forms(form, base, bases, check):
    data = form(bases[base])
    found = check(data)
    assert found.accepted, found.reasons
    for change in ("margin", "largest", "other trap", "payoffs", "least"):
        worse = copy.deepcopy(data)
        trap = worse["traps"][0]
        if change == "margin":
            # the least push is at the corner: what the base claims is all there is
            trap["margin"] *= 1.5
        elif change == "largest":
            trap["largest"] /= 3
        elif change == "least":
            # the whole box
            trap["least"] = [-100.0 for _ in trap["least"]]
        elif change == "payoffs":
            # all payoffs reversed: no corner attracts that did
            own = worse["problem"]["game"]["payoffs"]
            worse["problem"]["game"]["payoffs"] = negative(own)
        else:
            worse["trap"] = [(k + 1) % len(data["traps"]) if k >= 0 else k for k in data["trap"]]
        assert not check(worse).accepted, change


def negative(numbers):
    return [negative(x) for x in numbers] if isinstance(numbers, list) else -numbers


# A place of rest: see `resting` in conftest.py


def pushes(x, y):
    """Both components of the field, from `p (1 − p)` and `p`."""
    s, t = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(-y))
    return 4 * s * (1 - s) * (1 - 2 * s), t * (1 - t)


def test_the_example_of_a_rest_is_what_it_is_said_to_be(resting):
    data = resting(False)
    [trap] = data["traps"]
    radius = trap["radius"] / trap["metric"][0][0]
    lattice = [radius * (k / 50 - 1) for k in range(101)]
    steepest = max(abs(1 + (pushes(x + 1e-5, 0)[0] - pushes(x - 1e-5, 0)[0]) / 2e-5) for x in lattice)
    assert 0.858 < steepest < trap["contraction"]
    assert pushes(0, 3)[1] > pushes(0, 4)[1] > trap["margin"] > pushes(0, 4.01)[1]
    assert 0.36 < max(abs(pushes(x, 0)[0]) for x in lattice) < trap["largest"]


@pytest.mark.parametrize("flow", [False, True])
def test_a_place_of_rest_is_accepted(flow, resting, check):
    found = check(resting(flow))
    assert found.accepted, found.reasons
    assert (found.cells, found.traps) == (8, 1)


@pytest.mark.parametrize("flow", [False, True])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        # at the rim it is .859, or .965
        ({"contraction": 0.85}, PROVED + " contradicted in "),
        ({"contraction": 1.0}, NUMBERS),
        ({"contraction": -0.1}, NUMBERS),
        ({"radius": 0.0}, NUMBERS),
        ({"radius": 9.0}, "it does not lie inside the box"),
        # at one end of the box alone
        (
            {"target": "rest at (3.5, 4)", "centre": [3.5], "low": [3.2, 3.0], "high": [3.8, 4.0]},
            "it does not lie inside the box",
        ),
        # beyond |u| = 2 the field pushes less and less: no contraction by .87
        ({"radius": 4.0}, PROVED + " contradicted in "),
        # the centre moves by more than (1 − q) r, though by less than r
        ({"target": "rest at (0.5, 4)", "centre": [0.5], "radius": 0.8, "low": [0.2, 3.0], "high": [0.8, 4.0]}, CENTRE),
        ({"margin": 0.02}, PROVED + " contradicted in "),
        ({"largest": 0.2}, PROVED + " contradicted in "),
        ({"margin": 0.0}, "its margin is not positive"),
        ({"sides": [0, -1], "target": "rest at (0, -4)"}, "a side of it does not reach the end of the box"),
        ({"high": [0.9, 3.9]}, "a side of it does not reach the end of the box"),
        (
            {"sides": [0, -1], "target": "rest at (0, -4)", "low": [-0.9, -4.0], "high": [0.9, 4.0]},
            PROVED + " contradicted in ",
        ),
        ({"low": [-1.1, 3.0]}, "a run that has arrived may be outside of it"),
        ({"high": [1.1, 4.0]}, "a run that has arrived may be outside of it"),
        ({"low": [-4.1, 3.0]}, "where a run has arrived is not inside the box"),
        ({"low": [0.95, 3.0]}, "where a run has arrived is not inside the box"),
        ({"high": [0.9, 4.1]}, "where a run has arrived is not inside the box"),
        ({"metric": [[0.0]]}, "its metric has no inverse"),
        ({"metric": [[0.4]]}, "it does not lie inside the box"),
        ({"sides": [1, 1], "centre": [], "metric": []}, "it has a side in every coordinate, so that nothing rests"),
    ],
)
def test_false_claims_about_a_place_of_rest_are_rejected(change, reason, flow, resting, check):
    data = resting(flow)
    data["traps"][0] |= change
    if change.get("sides") == [1, 1]:
        data["traps"][0]["target"] = "rest at (4, 4)"
    data["targets"] = [data["traps"][0]["target"]]
    found = check(data)
    assert not found.accepted
    assert found.reasons[0].startswith(f"trap 0: {reason}")


@pytest.mark.long
@pytest.mark.parametrize("flow", [False, True])
def test_starts_that_do_not_come_to_rest_are_rejected(flow, resting, check):
    data = resting(flow)
    # player 3 unlearns the first action
    data["problem"]["game"]["payoffs"][2] = [[[0.0, 1.0]] * 2] * 2
    data["targets"] = ["rest at (0, -4)"]
    data["traps"][0] |= {"target": "rest at (0, -4)", "sides": [0, -1], "low": [-0.9, -4.0], "high": [0.9, -3.0]}
    for name in ("low", "high", "trap", "steps"):
        data[name] = data[name][2:4]
    found = check(data)
    assert found.accepted, found.reasons
    # and once it learns the first one again, the field at that end points away
    data["problem"]["game"]["payoffs"][2] = [[[1.0, 0.0]] * 2] * 2
    found = check(data)
    assert not found.accepted
    assert found.reasons[0].startswith("trap 0")


def test_flows_hold_what_a_fine_integration_gives(resting):
    from flint import arb, ctx

    from nashscape.checking.flow_steps import Spans
    from nashscape.checking.models import Model
    from nashscape.checking.problems import problem_of

    draw = random.Random(1).uniform
    problem = problem_of(resting(True)["problem"])
    with ctx.workprec(96):
        spans = Spans(Model(problem))
        for _ in range(30):
            low = [draw(-3.5, 3.5), draw(-3.9, 3.95)]
            high = [min(x + draw(0, 0.2), 4.0) for x in low]
            after = spans.box([arb(x) for x in low], [arb(x) for x in high], 0)
            assert after is not None
            for _ in range(5):
                x, y = (a + (b - a) * draw(0, 1) for a, b in zip(low, high, strict=True))
                for _ in range(1000):
                    push = pushes(x, y)
                    middle = pushes(x + push[0] / 8000, y + push[1] / 8000)
                    x, y = x + middle[0] / 4000, min(y + middle[1] / 4000, 4.0)
                for at, a, b in zip((x, y), *after, strict=True):
                    assert float(a) - 1e-7 <= at <= float(b) + 1e-7
            # no wider than the flow makes it, but for what is of second order
            wide = [float(b - a) for a, b in zip(*after, strict=True)]
            assert max(wide) < 1.2 * max(b - a for a, b in zip(low, high, strict=True)) + 0.02
