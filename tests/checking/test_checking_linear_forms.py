"""Linear forms with a rest hold what they stand for, and are tight where boxes are small."""

from itertools import product

import numpy as np
import pytest

pytest.importorskip("flint")

from flint import arb, ctx

from nashscape.checking.linear_forms import LinearForm
from nashscape.checking.models import Model
from nashscape.checking.problems import problem_of

PLAYERS = {
    "three and three": [(3, "softmax"), (3, "softmax")],
    "three and two": [(3, "softmax"), (2, "sigmoid")],
    "three players": [(2, "sigmoid"), (2, "softmax"), (3, "softmax")],
}


def model(players, seed=0):
    random = np.random.default_rng(seed)
    counts = [count for count, _ in players]
    sizes = [count if form == "softmax" else 1 for count, form in players]
    total = sum(sizes)
    return Model(
        problem_of(
            {
                "dynamics": "updates",
                "actions": [[f"action {k}" for k in range(count)] for count in counts],
                "sizes": sizes,
                "inner_lr": 0.5,
                "game": {"kind": "one-shot", "payoffs": random.normal(size=(len(players), *counts)).tolist()},
                "players": [{"actions": count, "form": form} for count, form in players],
                "matrix": np.eye(total).tolist(),
                "bias": [0.0] * total,
                "coefficients": {
                    term: {"kind": "Constant", "value": value}
                    for term, value in (("own", 0.6), ("peer", 1.5), ("lookahead", -0.7))
                },
                "step_size": {"kind": "Constant", "value": 0.1},
                "time_step": None,
                "box": {"low": -8.0, "high": 8.0, "escape": 100.0},
            }
        )
    )


@pytest.fixture(autouse=True)
def precision():
    with ctx.workprec(96):
        yield


def evaluated(line, t):
    """The middle of what a line says at a place of the box."""
    return float(line.middle + sum((x * arb(y) for x, y in zip(line.slopes, t, strict=True)), start=arb(0)))


def test_sums_and_products_hold_all_values():
    random = np.random.default_rng(1)
    for _ in range(50):
        parts = random.normal(size=(2, 4))
        x, y = (LinearForm(arb(m), [arb(a), arb(b)], arb(abs(r) / 10)) for m, a, b, r in parts)
        made = {
            "sum": (x + y, lambda p, q: p + q), "difference": (x - y, lambda p, q: p - q),
            "product": (x * y, lambda p, q: p * q), "opposite": (-x, lambda p, q: -p),
            "from one": (1 - x * arb(2), lambda p, q: 1 - 2 * p),
            "with a ball": (arb(3, 0.1) * x, lambda p, q: 3.09 * p),
        }  # fmt: skip
        for t in [*product((-1.0, 1.0), repeat=2), *random.uniform(-1, 1, size=(5, 2))]:
            for one, other in product((-1.0, 0.3, 1.0), repeat=2):
                p = evaluated(x, t) + one * float(x.rest)
                q = evaluated(y, t) + other * float(y.rest)
                for name, (line, exactly) in made.items():
                    slack = 1e-12 + (0.1 * abs(p) if name == "with a ball" else 0.0)
                    assert abs(exactly(p, q) - evaluated(line, t)) <= float(line.rest) + slack, name
                    low, high = line.ends()
                    assert float(low) - 1e-12 <= exactly(p, q) <= float(high) + 1e-12, name


@pytest.mark.parametrize("name", PLAYERS)
def test_lines_hold_atoms_and_components_and_their_rest_is_of_second_order(name):
    made, random = model(PLAYERS[name]), np.random.default_rng(2)
    d = made.dimension
    coefficients = made.coefficients([arb(0.6), arb(1.5), arb(-0.7)])
    rests = []
    for radius in (0.4, 0.1, 0.025):
        centre = np.round(np.random.default_rng(3).normal(size=d), 2)
        half = radius * random.uniform(0.5, 1, size=d)
        over = made.over([arb(x) for x in centre - half], [arb(x) for x in centre + half])
        lines = over.linear_forms()
        bare = [part and part[1](*lines, *coefficients)[0] for part in made.parts]
        rests.append(max(float(line.rest) for line in bare if line))
        assert rests[-1] < (2.5 if radius == 0.4 else 0.2)
        for t in [*product((-1.0, 1.0), repeat=d), *random.uniform(-1, 1, size=(10, d))]:
            point = [arb(x) for x in centre + half * np.array(t)]
            atoms = made.at(point)
            for line, atom in zip(lines, atoms, strict=True):
                assert abs(evaluated(line, t) - float(atom)) <= float(line.rest) + 1e-12
            for k, part in enumerate(made.parts):
                whole = float(made.every_component[k](*atoms, *coefficients)[0])
                if part is None:
                    assert made.problem.last[k] == k
                    continue
                common, rest = (float(program(*atoms, *coefficients)[0]) for program in part)
                assert abs(common * rest - whole) < 1e-20 + 1e-12 * abs(whole)
                assert abs(evaluated(bare[k], t) - rest) <= float(bare[k].rest) + 1e-12
    # a quarter of the side, a sixteenth of the rest
    assert rests[1] < rests[0] / 10
    assert rests[2] < rests[1] / 12
