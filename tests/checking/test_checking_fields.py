"""The checker's field, Jacobian and ranges against utilities by enumeration, differentiated by differences."""

import math
import random
from fractions import Fraction
from itertools import product

import pytest

pytest.importorskip("flint")

import flint

from nashscape.checking.models import Model
from nashscape.checking.problems import TERMS, problem_of
from nashscape.checking.schedules import Schedule
from nashscape.checking.sigmoids import Sigmoids
from nashscape.checking.steps import Updates

arb, ctx = flint.arb, flint.ctx
FINE = 500


def nested(numbers, shape):
    if not shape:
        return numbers.pop(0)
    return [nested(numbers, shape[1:]) for _ in range(shape[0])]


def problem(kind, seed=1, terms=TERMS):
    """Problems without any symmetry: coupled sigmoids, three players, softmax with unequal actions, states."""
    draw = random.Random(seed).uniform
    players, states, sizes = {
        "coupled": ([(2, "sigmoid")] * 2, 0, [1, 1]),
        "three": ([(2, "sigmoid")] * 3, 0, [1, 1, 1]),
        "two parameters each": ([(2, "sigmoid")] * 2, 0, [2, 1]),
        "softmax": ([(3, "softmax"), (2, "softmax")], 0, [3, 2]),
        "three with softmax": ([(2, "sigmoid"), (3, "softmax"), (2, "sigmoid")], 0, [1, 3, 1]),
        "markov": ([(2, "sigmoid")] * 2, 3, [2, 1]),
        "markov of three": ([(2, "sigmoid")] * 3, 2, [1, 1, 1]),
    }[kind]
    actions = [count for count, _ in players]
    total, joint = sum(sizes), math.prod(actions)
    rows = sum(count if form == "softmax" else 1 for count, form in players) * max(states, 1)
    soft = any(form == "softmax" for _, form in players)

    def numbers(*shape):
        return nested([draw(-2, 2) for _ in range(math.prod(shape))], shape)

    game = {"kind": "one-shot", "payoffs": numbers(len(players), *actions)}
    if states:
        kernel = [[[int(draw(100, 1000)) for _ in range(states)] for _ in range(joint)] for _ in range(states)]
        kernel = [[[f"{x}/{sum(row)}" for x in row] for row in state] for state in kernel]
        game = {"kind": "markov", "payoffs": numbers(len(players), states, *actions), "kernel": kernel}
        game |= {"initial": [f"1/{states}"] * states, "discount": 0.8}
    return problem_of({
        "dynamics": "updates", "actions": [list("abc"[:count]) for count in actions], "game": game,
        "sizes": sizes, "inner_lr": 0.7,
        "players": [{"actions": count, "form": form} for count, form in players],
        "matrix": [[float(z == k) for k in range(total)] for z in range(rows)] if soft else numbers(rows, total),
        "bias": [0.0] * rows if soft else numbers(rows),
        "coefficients": {term: {"kind": "Constant", "value": draw(-1, 1)} for term in terms},
        "step_size": {"kind": "Constant", "value": 0.1}, "time_step": None,
        "box": {"low": -8.0, "high": 8.0, "escape": 100.0},
    })  # fmt: skip


def exact(x):
    return arb(flint.fmpq(x.numerator, x.denominator))


def utilities(p, theta):
    """By enumeration of joint actions, and of visits by solving with a matrix of balls."""
    z = [
        sum((exact(x) * y for x, y in zip(row, theta, strict=True)), exact(c))
        for row, c in zip(p.matrix, p.bias, strict=True)
    ]
    states = len(p.game.initial)
    policies = []
    for actions, soft in zip(p.actions, p.softmax, strict=True):
        own = [[z.pop(0) for _ in range(actions if soft else 1)] for _ in range(states)]
        own = [row if soft else [row[0], arb(0)] for row in own]
        policies.append([[x.exp() / sum((y.exp() for y in row), arb(0)) for x in row] for row in own])
    joint = [
        [
            math.prod((policies[i][s][a] for i, a in enumerate(profile)), start=arb(1))
            for profile in product(*map(range, p.actions))
        ]
        for s in range(states)
    ]
    visits = [arb(1)]
    if p.game.markov:
        moves = [
            [
                sum((q * exact(row[t]) for q, row in zip(joint[s], p.game.kernel[s], strict=True)), arb(0))
                for t in range(states)
            ]
            for s in range(states)
        ]
        matrix = flint.arb_mat(
            [[arb(s == t) - exact(p.game.discount) * moves[s][t] for s in range(states)] for t in range(states)]
        )
        solved = matrix.solve(flint.arb_mat([[exact(x)] for x in p.game.initial]))
        visits = [solved[s, 0] for s in range(states)]
    return [
        sum(
            (
                m * q * exact(u)
                for m, row, paid in zip(visits, joint, own, strict=True)
                for q, u in zip(row, paid, strict=True)
            ),
            arb(0),
        )
        for own in p.game.payoffs
    ]


def slope(function, theta, k):
    """The central difference, whose error is below 2⁻¹²⁰."""
    step = arb(2) ** -70
    ends = [function([y + way * step if j == k else y for j, y in enumerate(theta)]) for way in (1, -1)]
    return [(x - y) / (2 * step) for x, y in zip(*ends, strict=True)]


def field(p, theta):
    """The rule from its definition."""
    places, n = range(p.total), len(p.sizes)
    first = [slope(lambda at: utilities(p, at), theta, k) for k in places]
    second = [
        [slope(lambda at, k=k: slope(lambda x: utilities(p, x), at, k), theta, m) for m in places] for k in places
    ]
    owner = [i for i, block in enumerate(p.blocks) for _ in block]
    factor = {name: exact(p.inner_lr) * own.at(Fraction(0)) for name, own in p.coefficients.items()}
    found = []
    for k in places:
        i = owner[k]
        value = first[k][i]
        for m in places:
            j = owner[m]
            if j == i:
                value += factor.get("own", arb(0)) * second[m][k][i] * first[m][i]
            else:
                value += factor.get("peer", arb(0)) * second[m][k][j] * first[m][i]
                value += factor.get("lookahead", arb(0)) * second[m][k][i] * first[m][j]
        found.append(value)
    assert n == len(p.game.payoffs)
    return found


def from_coordinates(p, y):
    """Logits of softmax players from differences to their last."""
    left = list(y)
    return [arb(0) if k not in p.followed else left.pop(0) for k in range(p.total)]


def close(ball, value, size=1e-20):
    return abs(ball - value) < size and ball.rad() < size


@pytest.mark.parametrize("terms", [(), TERMS])
@pytest.mark.parametrize(
    "kind", ["coupled", "three", "two parameters each", "softmax", "three with softmax", "markov", "markov of three"]
)
def test_field_and_jacobian_are_those_of_the_definition(kind, terms):
    p = problem(kind, terms=terms)
    draw = random.Random(2).uniform
    with ctx.workprec(FINE):
        model = Model(p)
        y = [arb(draw(-1, 1)) for _ in p.followed]
        atoms, values = model.at(y), model.coefficients([own.at(Fraction(0)) for own in p.coefficients.values()])
        wanted = field(p, from_coordinates(p, y))
        got = [program(*atoms, *values)[0] for program in model.every_component]
        assert all(close(x, y) for x, y in zip(got, wanted, strict=True))

        def followed(at):
            whole = field(p, from_coordinates(p, at))
            return [whole[k] - (0 if p.last[k] is None else whole[p.last[k]]) for k in p.followed]

        assert all(
            close(program(*atoms, *values)[0], x) for program, x in zip(model.components, followed(y), strict=True)
        )
        columns = [slope(followed, y, j) for j in range(len(y))]
        jacobian = model.jacobian(*atoms, *values)
        assert all(close(jacobian[i * len(y) + j], columns[j][i]) for i in range(len(y)) for j in range(len(y)))
        every = [program(*atoms, *values) for program in model.every_slope]
        whole = [slope(lambda at: field(p, from_coordinates(p, at)), y, j) for j in range(len(y))]
        assert all(close(every[k][j], whole[j][k]) for k in range(p.total) for j in range(len(y)))


@pytest.mark.parametrize("kind", ["coupled", "three", "softmax", "three with softmax", "markov"])
def test_balls_over_boxes_hold_what_is_at_their_points(kind):
    p, draw = problem(kind, seed=3), random.Random(4).uniform
    with ctx.workprec(96):
        model = Model(p)
        values = model.coefficients([own.ever() for own in p.coefficients.values()])
        for width in (0.02, 0.5):
            low = [arb(draw(-3, 3)) for _ in p.followed]
            high = [x + arb(draw(0, width)) for x in low]
            over = model.over(low, high)
            wide = [program(*over.atoms, *values)[0] for program in model.components]
            slopes = model.jacobian(*over.atoms, *values)
            for _ in range(20):
                point = [x + (y - x) * arb(draw(0, 1)) for x, y in zip(low, high, strict=True)]
                atoms = model.at(point)
                assert all(
                    program(*atoms, *values)[0] in whole or program(*atoms, *values)[0].overlaps(whole)
                    for program, whole in zip(model.components, wide, strict=True)
                )
                thin = model.jacobian(*atoms, *values)
                assert all(x.mid() in whole for x, whole in zip(thin, slopes, strict=True))


def test_ranges_of_the_sigmoid_are_its_hull():
    draw = random.Random(5).uniform
    with ctx.workprec(96):
        sigmoids = Sigmoids(3)
        for _ in range(60):
            low = draw(-5, 4)
            high = low + draw(0, 4)
            bottom, top = arb(low), arb(high)
            ranges = sigmoids.over(bottom, top, sigmoids.at(bottom), sigmoids.at(top))
            points = [sigmoids.at(arb(low + (high - low) * k / 400)) for k in range(401)]
            for whole, own in zip(ranges, zip(*points, strict=True), strict=True):
                assert all(x.mid() in whole for x in own)
                # and no wider than what is taken, but for the lattice
                taken = max(float(x) for x in own) - min(float(x) for x in own)
                assert float(whole.upper() - whole.lower()) < taken + 1e-4


def test_schedules_are_enclosed():
    kinds = {
        "Constant": ({"value": 1.5}, lambda t: 1.5),
        "Power": ({"scale": 0.9, "offset": 10.0, "exponent": 0.24}, lambda t: 0.9 / (t + 10) ** 0.24),
        "TwoPhase": (
            {"value": 1.5, "warm_up": 20.0, "exponent": 0.7, "decay_steps": 30.0},
            lambda t: 1.5 * (1 + max(t - 20, 0) / 30) ** -0.7,
        ),
        "Handoff": ({"before": 1.5, "after": 0.25, "at": 40.0}, lambda t: 1.5 if t < 40 else 0.25),
    }
    for kind, (numbers, formula) in kinds.items():
        with ctx.workprec(96):
            own = Schedule(kind, {name: Fraction(x) for name, x in numbers.items()})
            for t in (0, 1, 20, 39, 40, 41, 1000, 10**6):
                value = own.at(Fraction(t))
                assert abs(value - formula(t)) < 1e-14
                assert value.mid() in own.ever()
                assert value.rad() < 1e-25
            assert own.step_fault() is None
    worse = [
        ("Power", {"exponent": 1.25}),
        ("Power", {"offset": 0.0}),
        ("Power", {"scale": -1.0}),
        ("TwoPhase", {"exponent": -0.5}),
        ("Handoff", {"after": 0.0}),
    ]
    for kind, change in worse:
        numbers = {name: Fraction(x) for name, x in (kinds[kind][0] | change).items()}
        assert Schedule(kind, numbers).step_fault() is not None


@pytest.mark.parametrize("kind", ["coupled", "three", "two parameters each", "softmax", "three with softmax", "markov"])
def test_an_update_of_a_box_holds_that_of_every_start_and_little_more(kind):
    p, draw = problem(kind, seed=6), random.Random(7).uniform
    clipped = [p.last[k] is None for k in p.followed]
    with ctx.workprec(96):
        model = Model(p)
        updates = Updates(model)
        size, values = updates.at(3)
        for turn in range(12):
            width = (0.001, 0.3)[turn % 2]
            # some of them beside the end of the box
            low = [7.9 if own and draw(0, 1) < 0.2 else draw(-2, 2) for own in clipped]
            high = [x + draw(0, width) for x in low]
            after = updates.box([arb(x) for x in low], [arb(x) for x in high], 3)
            assert after is not None
            images = []
            for share in ([draw(0, 1) for _ in low] for _ in range(30)):
                y = [arb(a + (b - a) * (round(s) if turn % 3 else s)) for a, b, s in zip(low, high, share, strict=True)]
                atoms = model.at(y)
                moved = [x + size * run(*atoms, *values)[0] for x, run in zip(y, model.components, strict=True)]
                moved = [x.max(model.low).min(model.high) if own else x for x, own in zip(moved, clipped, strict=True)]
                images.append([x.mid() for x in moved])
                assert all(a <= x <= b for a, x, b in zip(after[0], images[-1], after[1], strict=True))
            taken = max(float(max(column) - min(column)) for column in zip(*images, strict=True))
            wide = max(float(b - a) for a, b in zip(*after, strict=True))
            assert wide < max(b - a for a, b in zip(low, high, strict=True)) * 2 + taken + width**2


def test_updates_past_escape_or_with_clipped_logits_are_not_bounded():
    with ctx.workprec(96):
        soft, plain = (Updates(Model(problem(kind, terms=()))) for kind in ("softmax", "coupled"))
        for far, known in ((5.0, True), (12.5, False)):
            # logits of mean zero are two thirds of it at most
            y = [arb(far), arb(-0.1), arb(0.0)]
            assert (soft.box(y, y, 0) is not None) == known
        plain.escape = arb(8.5)
        for far, known in ((8.0, True), (20.0, False)):
            y = [arb(far), arb(0.0)]
            assert (plain.box(y, y, 0) is not None) == known
