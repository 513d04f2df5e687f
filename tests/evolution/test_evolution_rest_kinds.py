"""What rest points are: against exact counts of eigenvalues on either side, and games whose flows are known."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from nashscape.evolution import evolutionary_basins, evolve, population_game
from nashscape.evolution.motions import motion
from nashscape.evolution.rest_points import rest_points

F = Fraction
IMITATIVE = [("replicator", None), ("imitative_logit", 0.3)]
GOOD, BAD, EVEN = ([[0, -a, b], [b, 0, -a], [-a, b, 0]] for a, b in ((1, 2), (2, 1), (1, 1)))


def points(matrix, dynamic="replicator", noise=None):
    return rest_points(motion(population_game(matrix), dynamic, noise, None))[0]


def kinds(matrix, dynamic="replicator", noise=None):
    return {one.name: one.attraction for one in points(matrix, dynamic, noise)}


def replicator(matrix, x):
    f = [sum(a * p for a, p in zip(row, x, strict=True)) for row in matrix]
    mean = sum(p * v for p, v in zip(x, f, strict=True))
    return [p * (v - mean) for p, v in zip(x, f, strict=True)]


def slopes_without_the_first(matrix, x):
    """Of a cubic field the difference quotient of fourth order is the derivative, in fractions."""
    n, h = len(x), F(1, 7)

    def moved(k, by):
        return replicator(matrix, [x[0] - by, *(own + by * (i == k) for i, own in enumerate(x[1:], 1))])[1:]

    columns = []
    for k in range(1, n):
        near = [a - b for a, b in zip(moved(k, h), moved(k, -h), strict=True)]
        far = [a - b for a, b in zip(moved(k, 2 * h), moved(k, -2 * h), strict=True)]
        columns.append([(8 * a - b) / (12 * h) for a, b in zip(near, far, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def characteristic(matrix):
    """Coefficients of `det(λ − M)` by Faddeev and LeVerrier, the highest first."""
    n = len(matrix)
    made, found = [[F(0)] * n for _ in range(n)], [F(1)]
    for k in range(1, n + 1):
        inner = [[v + found[-1] * (i == j) for j, v in enumerate(row)] for i, row in enumerate(made)]
        made = [[sum(matrix[i][m] * inner[m][j] for m in range(n)) for j in range(n)] for i in range(n)]
        found.append(-sum(made[i][i] for i in range(n)) / k)
    return found


def routh(coefficients):
    """How many roots lie right of the imaginary axis, if none lies on it; None where the table has a zero."""
    table = [coefficients[0::2], coefficients[1::2]]
    for _ in range(len(coefficients) - 2):
        over, under = table[-2], table[-1]
        if not under or under[0] == 0:
            return None
        under_ = [*under, *[F(0)] * (len(over) - len(under))]
        table.append([(under_[0] * over[j] - over[0] * under_[j]) / under_[0] for j in range(1, len(over))])
    first = [row[0] for row in table if row]
    if 0 in first or coefficients[-1] == 0:
        return None
    return sum((a > 0) != (b > 0) for a, b in itertools.pairwise(first))


def test_routh_counts_roots():
    cubics = ([1, -6, 11, -6], [1, 4, 1, -6], [1, 3, 2], [1, 0, 1])
    assert [routh(list(map(F, own))) for own in cubics] == [3, 1, 0, None]


@pytest.mark.parametrize(("types", "games", "seed"), [(2, 20, 0), (3, 30, 1), (4, 15, 2)])
def test_kinds_are_those_of_exact_eigenvalue_counts(types, games, seed):
    draws, seen = np.random.default_rng(seed), []
    for _ in range(games):
        matrix = [list(map(F, row)) for row in draws.integers(-6, 7, (types, types)).tolist()]
        found = points(matrix)
        other = points(matrix, "imitative_logit", 0.7)
        for one, same in zip(found, other, strict=True):
            x = [F(p).limit_denominator(10**7) for p in one.shares]
            assert not any(replicator(matrix, x))
            right = routh(characteristic(slopes_without_the_first(matrix, x)))
            if right is not None:
                wanted = {0: "attracting", types - 1: "repelling"}.get(right, "saddle")
                # another imitation moves at other speeds to the same places
                assert (one.attraction, same.attraction) == (wanted, wanted), (matrix, one)
                seen.append(wanted)
    assert len(seen) > 30
    assert set(seen) == {"attracting", "repelling", *(["saddle"] if types > 2 else [])}


@pytest.mark.parametrize(("name", "noise"), IMITATIVE)
def test_known_games_have_their_known_kinds(name, noise):
    same = kinds(np.eye(3), name, noise)
    assert [same[own] for own in ("A", "1/2 A, 1/2 B", "1/3 A, 1/3 B, 1/3 C")] == ["attracting", "saddle", "repelling"]
    for matrix, middle in ((EVEN, "neutral"), (GOOD, "attracting"), (BAD, "repelling")):
        wheel = kinds(matrix, name, noise)
        assert wheel == {**dict.fromkeys("ABC", "saddle"), "1/3 A, 1/3 B, 1/3 C": middle}
    assert kinds([[3, 0], [5, 1]], name, noise) == {"A": "repelling", "B": "attracting"}
    # a type that all do better than, and one that does worse than a circle of three, or better
    assert kinds([[0, 0, 0], [1, 3, 0], [1, 0, 2]], name, noise)["A"] == "repelling"
    for gain, wanted in ((-9, "neutral"), (9, "unstable")):
        wheel = [[0, -1, 1, 5], [1, 0, -1, 5], [-1, 1, 0, 5], [gain] * 3 + [0]]
        assert kinds(wheel, name, noise)["1/3 A, 1/3 B, 1/3 C"] == wanted


def test_a_missing_type_that_does_better_makes_a_saddle():
    # on the edge of A and B the middle attracts; C can come in
    matrix = [[0, 2, 0], [2, 0, 0], [3, 3, 3]]
    assert kinds(matrix)["1/2 A, 1/2 B"] == "saddle"
    assert kinds([[0, 2, 0], [2, 0, 0], [0, 0, 3]])["1/2 A, 1/2 B"] == "attracting"
    assert evolve(matrix, [0.3, 0.7, 0]).rest.attraction == "saddle"


def test_what_eigenvalues_leave_open_is_seen_or_called_undecided():
    # A and B tie at A: an eigenvalue is 0
    assert kinds([[1, 1], [1, 0]]) == {"A": "undecided", "B": "repelling"}
    assert kinds([[1, 1], [1, 2]], "smith") == {"A": "repelling", "B": "attracting"}
    assert kinds(np.diag([10.0, 10.0, 1e-9]))["1/2 A, 1/2 B"] == "saddle"
    smith = kinds(np.eye(3), "smith")
    assert [smith[own] for own in ("A", "1/2 A, 1/2 B", "1/3 A, 1/3 B, 1/3 C")] == ["attracting", "saddle", "unstable"]


@pytest.mark.parametrize("matrix", [np.eye(3), GOOD, BAD, [[4, 0, 1], [3, 2, 1], [0, 1, 2]]])
def test_logit_kinds_are_those_of_difference_quotients(matrix):
    moving, step = motion(population_game(matrix), "logit", 0.1, None), 1e-5
    for one in points(matrix, "logit", 0.1):
        x = np.array(one.shares)
        ways = [step * (np.eye(3)[k] - np.eye(3)[2]) for k in range(2)]
        columns = [(moving.velocity(x + way) - moving.velocity(x - way))[:2] / (2 * step) for way in ways]
        right = (np.linalg.eigvals(np.array(columns).T).real > 0).sum()
        assert one.attraction == ("attracting", "saddle", "repelling")[right], (one, columns)


def test_no_start_is_said_to_go_to_what_attracts_too_slowly():
    # C does a little worse than A at A, and A comes back in a time much longer than what starts are followed
    found = evolutionary_basins([[1, 1, 1], [0, 1, 0], [1 - 1e-5, 2, 0]], n=20)
    assert [one.attraction for one in found.rest_points if one.name == "A"] == ["attracting"]
    assert "A" not in found.shares
