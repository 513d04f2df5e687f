"""Corrupted certificates, checksums made right again: what is false by simulation or sampling must be rejected."""

import copy
import itertools
import random

import numpy as np
import pytest

pytest.importorskip("flint")

KINDS = (
    "undecided", "other trap", "other trap", "larger trap", "margin", "largest", "payoffs", "payoffs", "step size",
    "coefficient", "corner", "cell",
)  # fmt: skip


# What is true, by other means: closed forms of 2×2 games in doubles, simulated and sampled


def value(schedule, t):
    own = {name: x for name, x in schedule.items() if name != "kind"}
    if schedule["kind"] == "Constant":
        return own["value"]
    if schedule["kind"] == "Handoff":
        return np.where(t < own["at"], own["before"], own["after"])
    return own["scale"] * (t + own["offset"]) ** -own["exponent"]


def field(data, theta, coefficients):
    """`[N, 2]` for two independent players with sigmoids: `u = k + a p + b q + c p q` has simple derivatives."""
    problem = data["problem"]
    p = 1 / (1 + np.exp(-theta))
    s = p * (1 - p)
    t = s * (1 - 2 * p)
    slopes, bends = [], []
    for (u, v), (w, x) in problem["game"]["payoffs"]:
        along = np.stack([v - x + (u - v - w + x) * p[:, 1], w - x + (u - v - w + x) * p[:, 0]], 1)
        slopes.append(along * s)
        # twice along the first, twice along the second, and along both
        bends.append([*(along * t).T, (u - v - w + x) * s[:, 0] * s[:, 1]])
    found = []
    for i, j in ((0, 1), (1, 0)):
        terms = {
            "own": bends[i][i] * slopes[i][:, i],
            "peer": bends[j][2] * slopes[i][:, j],
            "lookahead": bends[i][2] * slopes[j][:, j],
        }
        found.append(slopes[i][:, i] + problem["inner_lr"] * sum(c * terms[name] for name, c in coefficients.items()))
    return np.stack(found, 1)


def ends_of(data, theta, steps=1500):
    box = data["problem"]["box"]
    for t in range(steps):
        now = {name: value(own, t) for name, own in data["problem"]["coefficients"].items()}
        theta = theta + value(data["problem"]["step_size"], t) * field(data, theta, now)
        theta = np.clip(theta, box["low"], box["high"])
    return theta


def starts_of(low, high, strategies, draw):
    low, high = np.array(low), np.array(high)
    shares = [*itertools.product((0.0, 1.0), repeat=2), (0.5, 0.5), *draw.uniform(size=(2, 2))]
    points = low + np.array(shares) * (high - low)
    return np.log(points / (1 - points)) if strategies else points


def is_false(data):
    """Whether some claim is seen to be false; what is false only by a hair is not seen."""
    draw, problem = np.random.default_rng(0), data["problem"]
    box = problem["box"]
    for trap in data["traps"]:
        corner, rows, least = (np.array(trap[name], float) for name in ("corner", "rows", "least"))
        if not np.isin(corner, (box["low"], box["high"])).all():
            return True
        points = draw.uniform(box["low"], box["high"], size=(1000, 2))
        # most of the box may be outside
        for row, end in zip(rows, least, strict=True):
            if np.count_nonzero(row) == 1:
                j, ends = int(np.flatnonzero(row)[0]), (end, box["high"]) if row.sum() > 0 else (box["low"], -end)
                points[:, j] = draw.uniform(*ends, size=1000)
                points[:200, j] = draw.choice(ends, 200)
        points = np.concatenate([points, corner[None]])
        points = points[(points @ rows.T >= least).all(axis=1)]
        way = np.sign(corner - (box["low"] + box["high"]) / 2)
        for t in (0, 10, 50, 10**9):
            now = {name: float(value(own, t)) for name, own in problem["coefficients"].items()}
            towards = field(data, points, now) * way
            if (towards < trap["margin"] * (1 - 1e-6)).any() or (np.abs(towards) > trap["largest"] * (1 + 1e-6)).any():
                return True
    cells = list(zip(data["low"], data["high"], data["trap"], strict=True))
    for (a, b, _), (c, d, _) in itertools.combinations(cells, 2):
        if (np.maximum(a, c) < np.minimum(b, d)).all():
            return True
    groups = [
        (starts_of(low, high, data["coordinates"] == "strategies", draw), trap)
        for low, high, trap in cells
        if trap >= 0
    ]
    theta = ends_of(data, np.concatenate([own for own, _ in groups]))
    corners = np.concatenate([np.tile(data["traps"][trap]["corner"], (len(own), 1)) for own, trap in groups])
    # beyond the middle, on the other side
    return bool((theta * np.sign(corners) < -1).any())


def corrupted(data, kind, where):
    """One change; it may happen to leave every claim true."""
    data = copy.deepcopy(data)
    problem, trap = data["problem"], where.choice(data["traps"])
    factor = where.choice([1.02, 1.2, 2.0, 5.0])
    cell = where.randrange(len(data["trap"]))
    if kind == "undecided":
        cell = where.choice([k for k, own in enumerate(data["trap"]) if own < 0])
        data["trap"][cell], data["steps"][cell] = where.randrange(len(data["traps"])), where.choice([5, 50, 400])
    elif kind == "other trap":
        data["trap"][cell], data["steps"][cell] = where.randrange(len(data["traps"])), where.choice([5, 50, 400])
    elif kind == "larger trap":
        row = where.randrange(len(trap["least"]))
        trap["least"][row] -= where.choice([0.25, 1.0, 4.0])
        if where.random() < 0.3:
            del trap["least"][row], trap["rows"][row]
    elif kind == "margin":
        trap["margin"] *= factor
    elif kind == "largest":
        trap["largest"] /= factor
    elif kind == "payoffs":
        player, one, other = (where.randrange(2) for _ in range(3))
        problem["game"]["payoffs"][player][one][other] += where.choice([-1.5, -0.5, 0.5, 1.5])
    elif kind == "step size":
        name = "scale" if "scale" in problem["step_size"] else "value"
        problem["step_size"][name] *= where.choice([-1.0, 0.2, 5.0, 25.0])
    elif kind == "coefficient":
        name = where.choice(["own", "peer", "lookahead"])
        problem["coefficients"][name] = {"kind": "Constant", "value": where.choice([-20.0, -4.0, 4.0, 20.0])}
    elif kind == "corner":
        j = where.randrange(2)
        trap["corner"][j] = where.choice([-trap["corner"][j], trap["corner"][j] * 0.9])
    else:
        j = where.randrange(2)
        data["high"][cell][j] += where.choice([0.2, 0.5]) * (data["region"][1][j] - data["high"][cell][j])
    return data


def false_ones(bases, count, seed):
    """Corruptions that are seen to be false, of all kinds in turn."""
    where, made = random.Random(seed), 0
    for kind in itertools.cycle(KINDS):
        if made == count:
            return
        data = corrupted(where.choice(bases), kind, where)
        if is_false(data):
            made += 1
            yield kind, data


def assert_all_rejected(bases, count, seed, check):
    seen = {}
    for number, (kind, data) in enumerate(false_ones(bases, count, seed)):
        found = check(data)
        assert not found.accepted, (kind, seed, number)
        assert found.reasons
        seen[kind] = seen.get(kind, 0) + 1
    assert set(seen) == set(KINDS), "every kind of corruption occurred"


@pytest.mark.long
def test_small_certificates_are_accepted_and_not_seen_to_be_false(bases, check):
    for data in bases:
        assert not is_false(data)
        found = check(data)
        assert found.accepted, found.reasons
        assert found.cells == sum(trap >= 0 for trap in data["trap"]) > 10


@pytest.mark.long
def test_false_claims_are_rejected(bases, check):
    assert_all_rejected(bases, 60, 1, check)


@pytest.mark.long
def test_a_thousand_false_claims_are_rejected(bases, check):
    assert_all_rejected(bases, 1000, 2, check)


@pytest.mark.long
def test_weaker_claims_are_accepted(bases, check):
    for data in map(copy.deepcopy, bases):
        for trap in data["traps"]:
            trap["margin"] *= 0.5
            trap["largest"] *= 1.25
        data["steps"] = [3 * step + 7 if step >= 0 else step for step in data["steps"]]
        data["trap"][0] = -1
        for name in ("low", "high", "trap", "steps"):
            del data[name][5]
        # smaller cells, and a smaller trap that the old one still leads into
        data["high"][2] = [(x + y) / 2 for x, y in zip(data["low"][2], data["high"][2], strict=True)]
        found = check(data)
        assert found.accepted, found.reasons


def test_mistaken_numbers_of_updates_are_no_matter(bases, check):
    data = copy.deepcopy(bases[0])
    data["steps"] = [0 if step >= 0 and step < 40 else step for step in data["steps"]]
    found = check(data)
    assert found.accepted, found.reasons
