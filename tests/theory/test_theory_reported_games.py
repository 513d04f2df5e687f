"""Games that were reported to other libraries as going wrong, with all their extreme equilibria in fractions.

The values are from an enumeration in fractions of the vertices of both best-response polytopes. With each: where it was
reported.
"""

from fractions import Fraction

import pytest

from nashscape import games
from nashscape.core import Status
from nashscape.theory import equilibria

HALF, FEW, TWO = "1/2 0 1/2 0", "1/3 1/3 0 1/3", "1/3 2/3"
FIRST = [
    "0 0 -4237/50000 0 7353/125000 5597/125000",
    "0 0 -4237/50000 0 7353/125000 5597/125000",
    "42373/500000 42373/500000 0 42373/500000 142857/1000000 16129/125000",
    "0 0 -4237/50000 0 7353/125000 5597/125000",
    "-6569/100000 -6569/100000 -187/1250 -6569/100000 -689/100000 -209/10000",
    "-229/10000 -229/10000 -10743/100000 -229/10000 3597/100000 2189/100000",
]

# payoffs of both, None for those of a zero-sum game; extreme equilibria; how many in each connected set; ties
REPORTED = {
    "Nashpy 39": (
        ["0 1 0 -1", "-1 0 1 1", "0 -1 0 1", "1 -1 -1 0"],
        None,
        [(HALF, HALF), (HALF, FEW), (FEW, HALF), (FEW, FEW)],
        [4],
        True,
    ),
    "Nashpy 41": (["0 -1 1 1", "1 0 -1 -1", "-1 1 0 -1", "-1 1 1 0"], None, [(FEW, FEW)], [1], True),
    "Nashpy 83": (
        ["9.5 -7.8", "-9.6 .3", "-7.1 -1.4", "5.9 7.6", "9 .3", "7.5 6.9", "-3.1 3.6", "-8.4 -3.7"],
        [".2 .6", ".4 .1", ".9 0", ".4 .1", ".1 .2", ".2 .1", ".8 1", ".2 .4"],
        [("0 0 0 0 1/2 1/2 0 0", "22/27 5/27")],
        [1],
        False,
    ),
    "Nashpy 64": (
        ["3 3", "2 5", "0 6"],
        ["3 2", "2 6", "3 1"],
        [("0 1/3 2/3", TWO), ("4/5 1/5 0", "2/3 1/3"), ("1 0 0", "1 0")],
        [1, 1, 1],
        False,
    ),
    "QuantEcon.py 326": (
        ["3 3", "2 5", "0 6"],
        ["3 3", "2 6", "3 1"],
        [("0 1/3 2/3", TWO), ("1 0 0", "2/3 1/3"), ("1 0 0", "1 0")],
        [1, 2],
        True,
    ),
    "Nashpy 35": (
        ["-1 -1 -1", "0 0 0", "-1 -1 -10000"],
        ["-1 -1 -1", "0 0 0", "-1 -1 -10000"],
        [("0 1 0", "0 0 1"), ("0 1 0", "0 1 0"), ("0 1 0", "1 0 0")],
        [3],
        True,
    ),
    "Nashpy 60": (
        ["-100 0 0 -100", "0 0 0 -100", "-100 0 0 0", "0 0 0 -33.3333333"],
        None,
        [("0 0 333333333/1333333333 1000000000/1333333333", "333333333/1333333333 0 0 1000000000/1333333333")],
        [1],
        True,
    ),
    "Gambit 222": (FIRST, None, [("0 0 1 0 0 0", "0 0 1 0 0 0")], [1], False),
    "Gambit 660": (["1 -1", "0 0"], ["1 2", "0 0"], [("0 1", "1/2 1/2"), ("0 1", "0 1")], [2], True),
    "Mathematics Stack Exchange, all equilibria of a 3x3 game": (
        ["1 10 -10", "0 1 10", "1 1 1"],
        ["1 0 1", "10 1 1", "-10 10 1"],
        [("81/101 11/101 9/101", "81/101 11/101 9/101"), ("1 0 0", "1 0 0")],
        [1, 1],
        True,
    ),
}


def numbers(rows):
    return [[Fraction(entry) for entry in row.split()] for row in rows]


@pytest.mark.parametrize("name", REPORTED)
def test_reported_games_have_all_their_equilibria(name):
    first, second, expected, sizes, degenerate = REPORTED[name]
    rows = numbers(first)
    columns = [[-entry for entry in row] for row in rows] if second is None else numbers(second)
    found = equilibria(games.bimatrix(rows, columns), logit=None)
    assert {one.exact for one in found} == {tuple(tuple(row) for row in numbers(pair)) for pair in expected}
    assert sorted(map(len, found.components)) == sorted(sizes)
    assert (found.degenerate, found.complete) == (degenerate, True)
    assert found.status is Status.COMPLETE


def test_the_score_of_sets_has_a_row_and_three_columns():
    """Zero-sum, 8 by 8: `2 |i ∩ j| / (|i| + |j|)` of the sets that the bits of i and j write. Nashpy 76."""
    sets = [{bit for bit in range(3) if number >> bit & 1} for number in range(8)]
    score = [[Fraction(2 * len(i & j), len(i) + len(j)) if i or j else Fraction(1) for j in sets] for i in sets]
    found = equilibria(games.bimatrix(score, [[-entry for entry in row] for row in score]), logit=None)
    third, sixth = Fraction(1, 3), Fraction(1, 6)
    row = (third, *[Fraction(0)] * 6, 2 * third)
    columns = {(third, *own, *[Fraction(0)] * 3) for own in _placed(third, sixth)}
    assert {one.exact for one in found} == {(row, column) for column in columns}
    assert all(one.payoffs[0] == pytest.approx(1 / 3, abs=1e-15) for one in found)
    assert found.components == ((0, 1, 2),)


def _placed(third, sixth):
    for own in ((third, sixth, sixth), (sixth, third, sixth), (sixth, sixth, third)):
        yield own[0], own[1], Fraction(0), own[2]
