"""Closed forms of symmetric 2×2 games against long simulated runs, outside a stated margin of every threshold."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.theory.symmetric import SymmetricThresholds

MARGIN = 0.1
"""Of the spread of payoffs: how far the drift must be from zero at both ends and at the start."""


def cases(count):
    """Random games, couplings and starts on the diagonal, each away from its thresholds."""
    made, seed = [], 0
    while len(made) < count:
        random = np.random.default_rng([11, seed])
        seed += 1
        form = SymmetricThresholds(*random.normal(size=4).round(3))
        coupling, p = float(random.uniform(-0.6, 2.0)), float(random.uniform(0.05, 0.95))
        gains = [form.own_gain(x) + coupling * form.others_gain(x) for x in (0.0, p, 1.0)]
        spread = np.ptp([form.R, form.S, form.T, form.P])
        if min(np.abs(gains)) > MARGIN * spread:
            made.append((form, coupling, p))
    return made


def game_of(form, coupling):
    game = games.bimatrix([[form.R, form.S], [form.T, form.P]], [[form.R, form.T], [form.S, form.P]])
    return ns.open_source(game, coupling)


@pytest.mark.long
def test_runs_on_the_diagonal_end_where_the_closed_forms_say():
    ends, together = {"full defection": 0, "mixture": 0, "full cooperation": 0}, 0
    for form, coupling, p in cases(200):
        theta = np.log(p / (1 - p)) / (1 + coupling)
        run = ns.simulate(
            game_of(form, coupling), ns.pg(), ns.starts.parameters([[theta, theta]]), steps=3000, step_size=0.5,
            projection=ns.box(12 / (1 + coupling)), precision="float64",
        )  # fmt: skip
        # where the transverse rate is positive even the last digit's rounding grows until the two part
        alike = np.abs(run.theta[:, 0] - run.theta[:, 1]) < 1e-6
        path = run.strategies[0][alike, 0]
        rises = form.drift(coupling, p) > 0
        assert (np.sign(path[1] - path[0]) > 0) == rises
        inner = form.mixture(coupling)
        between = inner is not None and (inner > p if rises else inner < p)
        wanted = inner if between else float(rises)
        ends["mixture" if between else "full cooperation" if rises else "full defection"] += 1
        together += alike.all()
        near = 0.01 if alike.all() else 0.2 * abs(p - wanted)
        assert abs(path[-1] - wanted) < near, (form, coupling, p, path[-1], wanted)
    assert min(ends.values()) > 10
    assert together > 150


@pytest.mark.long
def test_small_differences_grow_where_the_transverse_rate_is_positive():
    grown = shrunk = 0
    for form, coupling, p in cases(200):
        theta = np.log(p / (1 - p)) / (1 + coupling)
        rate = form.transverse_rate(coupling, p)
        if abs(rate) < 0.02:
            continue
        tiny, size, steps = 1e-6, 1e-3, 20
        run = ns.simulate(
            game_of(form, coupling), ns.pg(), ns.starts.parameters([[theta + tiny, theta - tiny]]), steps=steps,
            step_size=size, projection=ns.unbounded(), precision="float64",
        )  # fmt: skip
        first, last = (
            np.log(row[:, 0] / row[:, 1]) for row in (np.array([own[k] for own in run.strategies]) for k in (0, -1))
        )
        change = abs(last[0] - last[1]) / abs(first[0] - first[1])
        # the difference grows by 1 + rate · h a step, while p has all but stayed
        np.testing.assert_allclose(np.log(change) / (steps * size), rate, atol=0.01 + 0.05 * abs(rate))
        grown, shrunk = grown + (change > 1), shrunk + (change < 1)
    assert min(grown, shrunk) > 20
