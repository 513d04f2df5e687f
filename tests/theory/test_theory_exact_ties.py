"""Ties of two players against an enumeration in fractions by another method, and what used to be decided wrongly."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from nashscape import games, pg
from nashscape.core import Status
from nashscape.games import pure_equilibria
from nashscape.learning import natural_gradient, per_player
from nashscape.theory import equilibria

SHAPES = [(2, 2), (2, 3), (3, 2), (3, 3), (2, 5), (4, 3), (4, 4), (1, 3), (3, 4)]
SCALES = [1.0, 1e-6, 1e6, 1e-3, 1e3]


def tied_game(seed):
    """Whole payoffs at many scales, some with a constant, a change in the last digits, or a very large entry."""
    draws = np.random.default_rng(seed)
    payoffs = draws.integers(0, 4, (2, *SHAPES[seed % len(SHAPES)])).astype(float)
    payoffs *= np.array([SCALES[seed % 5], SCALES[seed // 5 % 5]])[:, None, None]
    kind = seed % 7
    if kind == 1:
        payoffs += 1e12
    if kind == 2:
        payoffs *= 1 + 1e-15 * draws.integers(0, 3, payoffs.shape)
    if kind == 3:
        payoffs[draws.integers(0, 6, payoffs.shape) == 0] = -1e9
    return games.dense(payoffs)


def solved(rows, right):
    """The one solution of a square system in fractions by Gauss and Jordan, or None."""
    n, table = len(rows), [[*row, b] for row, b in zip(rows, right, strict=True)]
    for c in range(n):
        pivot = next((r for r in range(c, n) if table[r][c] != 0), None)
        if pivot is None:
            return None
        table[c], table[pivot] = table[pivot], table[c]
        table[c] = [x / table[c][c] for x in table[c]]
        for r in range(n):
            if r != c and table[r][c] != 0:
                factor = table[r][c]
                table[r] = [x - factor * y for x, y in zip(table[r], table[c], strict=True)]
    return [row[-1] for row in table]


def corners(earned):
    """Vertices of `{(x, v): x ≥ 0, Σ x = 1, xᵀE ≤ v}`: every choice of m conditions that hold with equality."""
    m, k = len(earned), len(earned[0])
    zero, one = Fraction(0), Fraction(1)
    conditions = [[one if a == b else zero for a in range(m)] + [zero] for b in range(m)]
    conditions += [[-earned[a][b] for a in range(m)] + [one] for b in range(k)]
    sums = [one] * m + [zero]
    found = set()
    for tight in itertools.combinations(range(m + k), m):
        point = solved([sums] + [conditions[t] for t in tight], [one] + [zero] * m)
        if point is not None and all(sum(c * p for c, p in zip(row, point, strict=True)) >= 0 for row in conditions):
            found.add(tuple(point[:m]))
    return sorted(found)


def best(earned, own):
    """Best responses to a strategy, exactly."""
    worth = [sum(p * row[b] for p, row in zip(own, earned, strict=True)) for b in range(len(earned[0]))]
    return {b for b, value in enumerate(worth) if value == max(worth)}


def enumerated(game):
    """Extreme equilibria, groups of those that hang together, whether degenerate, and which are strict."""
    u, v = ([[Fraction(x) for x in row] for row in own] for own in game.fractions.tolist())
    turned = [list(column) for column in zip(*u, strict=True)]
    first, second = corners(v), corners(turned)
    degenerate = any(len(best(v, x)) > sum(p > 0 for p in x) for x in first)
    degenerate |= any(len(best(turned, y)) > sum(p > 0 for p in y) for y in second)
    listed = [
        (x, y)
        for x in first
        for y in second
        if {a for a, p in enumerate(x) if p} <= best(turned, y) and {b for b, p in enumerate(y) if p} <= best(v, x)
    ]
    groups = [{one} for one in listed]
    for one, other in itertools.combinations(listed, 2):
        if one[0] == other[0] or one[1] == other[1]:
            a, b = (next(g for g in groups if each in g) for each in (one, other))
            if a is not b:
                groups.remove(b)
                a |= b
    strict = {
        (x, y)
        for x, y in listed
        if max(x) == max(y) == 1 and best(turned, y) == {x.index(1)} and best(v, x) == {y.index(1)}
    }
    return listed, {frozenset(group) for group in groups}, degenerate, strict


def check(game):
    """Everything that is said of a game is what the enumeration says."""
    listed, groups, degenerate, strict = enumerated(game)
    found = equilibria(game, logit=None)
    assert (found.complete, found.status, found.degenerate) == (True, Status.COMPLETE, degenerate)
    assert sorted(one.exact for one in found) == sorted(listed)
    assert {frozenset(found[k].exact for k in group) for group in found.components} == groups
    alone = {one for group in groups if len(group) == 1 for one in group}
    for one in found:
        assert one.strict == (one.exact in strict)
        assert one.isolated == (one.exact in alone)
        assert (one.margin == 0) == (not one.strict and _tie(game, one))
        assert not one.regret.any()
    pure = [one.name for one in found if one.pure]
    assert pure == [one.name for one in pure_equilibria(game)]
    for numbers in found.subsets:
        first = {found[k].exact[0] for k in numbers}
        second = {found[k].exact[1] for k in numbers}
        # a full product, and none that is larger
        assert {found[k].exact for k in numbers} == set(itertools.product(first, second)) <= set(listed)
        for x, y in listed:
            wider = set(itertools.product(first | {x}, second | {y}))
            assert wider <= set(itertools.product(first, second)) or not wider <= set(listed)
    assert {k for numbers in found.subsets for k in numbers} == set(range(len(found)))
    if not degenerate:
        assert len(found) % 2 == 1
        assert sum(one.index for one in found) == 1
    return found


def _tie(game, one):
    u, v = ([[Fraction(x) for x in row] for row in own] for own in game.fractions.tolist())
    turned = [list(column) for column in zip(*u, strict=True)]
    x, y = one.exact
    return best(turned, y) != {a for a, p in enumerate(x) if p} or best(v, x) != {b for b, p in enumerate(y) if p}


@pytest.mark.long
def test_games_with_ties_are_those_of_an_enumeration_in_fractions():
    found = [check(tied_game(seed)) for seed in range(63)]
    assert sum(one.degenerate for one in found) > 30
    assert sum(one.infinite > 0 for one in found) > 15
    assert sum(len(one.subsets) > len(one.components) for one in found) > 3


@pytest.mark.long
def test_two_thousand_games_with_ties_are_those_of_an_enumeration_in_fractions():
    found = [check(tied_game(seed)) for seed in range(63, 2063)]
    print(
        f"{len(found)} games: {sum(map(len, found))} extreme equilibria, {sum(one.degenerate for one in found)} "
        f"degenerate, {sum(one.infinite > 0 for one in found)} with infinitely many, "
        f"{sum(len(one.subsets) for one in found)} maximal subsets, {sum(len(one.near_ties) > 0 for one in found)} "
        f"with near-ties"
    )
    assert len(found) == 2000


def test_small_stakes_beside_large_ones():
    stakes = np.diag([0.5, 1e7, 3.0])
    found = check(games.bimatrix(stakes, stakes))
    assert found["AA"].strict
    assert len(found) == 7
    assert found["AA"].margin == 0.5


def test_a_forbidden_action_invents_nothing():
    never = -1e9
    own = [[1, 0, never], [0, 1, never], [never, never, never - 1]]
    found = check(games.bimatrix(own, own))
    assert [one.name for one in found] == ["AA", "BB", "A+B/A+B"]
    assert [one.isolated for one in found] == [True] * 3


def test_a_narrow_margin_is_a_margin_and_is_named():
    found = check(games.bimatrix([[1 + 1e-10, 0], [1, 1]]))
    assert found["AA"].strict
    assert found["AA"].isolated
    assert not found.degenerate
    [first, second] = found.near_ties
    assert (first.profile, first.actions, first.equilibrium) == ("AA", ("A", "B"), True)
    assert first.gap == pytest.approx(1e-10, rel=1e-6)
    assert {first.player, second.player} == {"player 1", "player 2"}
    assert "within 1e-10 of a tie between A and B of player 1" in str(first)
    missed = equilibria(games.bimatrix([[1 - 1e-10, 0], [1, 1]]), logit=None)
    assert [one.name for one in missed] == ["BB"]
    assert [(tie.profile, tie.equilibrium) for tie in missed.near_ties] == [("AA", False)] * 2
    assert missed.near_ties[0].actions == ("B", "A")
    assert not equilibria(games.stag_hunt(), logit=None).near_ties
    tied = equilibria(games.bimatrix([[1, 0], [1, 1]]), logit=None)
    assert tied.degenerate
    assert not tied.near_ties


def test_a_constant_changes_nothing():
    for shift in (1e12, -1e9, 2.0**52):
        found = equilibria(games.stag_hunt().affine(shift=shift))
        assert [one.name for one in found] == ["CC", "DD", "C+D/C+D"]
        assert [one.margin for one in found][:2] == [1.0, 2.0]
        assert found["DD"].selected_by == "logit"
        assert found[2].exact[0] == (Fraction(2, 3), Fraction(1, 3))


def test_payoffs_given_as_fractions_tie_where_doubles_do_not():
    tenth = [["0.1", "0.3"], ["0.3", "0.2"]]
    rounded = games.bimatrix([[0.1 + 0.2, 0.1], [0.3, 0.1]], [[0, 0], [0, 0]])
    exact = games.bimatrix([[Fraction(1, 10) + Fraction(1, 5), "0.1"], ["0.3", Fraction(1, 10)]], [[0, 0], [0, 0]])
    assert pure_equilibria(rounded)[0].strict is False
    assert [one.name for one in pure_equilibria(exact)] == ["AA", "AB", "BA", "BB"]
    assert [one.name for one in pure_equilibria(rounded)] == ["AA", "AB", "BB"]
    assert check(exact).infinite == 1
    assert check(games.bimatrix(tenth)).complete
    thirds = check(games.bimatrix([["2/3", 0], [0, "1/3"]]))
    assert thirds[2].exact[0] == (Fraction(1, 3), Fraction(2, 3))


@pytest.mark.long
def test_strict_equilibria_attract_whatever_the_gap():
    for gap in (1e-7, 2.0**-50):
        game = games.bimatrix([[1 + gap, 0], [1, 1]])
        for rule in (pg(), natural_gradient(), per_player([pg(), natural_gradient()])):
            assert equilibria(game, rule=rule, logit=None)["AA"].stability.verdict == "attracting"
    assert equilibria(games.bimatrix([[1, 0], [1, 1]]), rule=pg(), logit=None)["AA"].stability.verdict is None


def test_the_representative_of_a_set_is_its_most_mixed_member():
    for seed in range(40):
        found = equilibria(tied_game(7 * seed), logit=None)
        made = found.representatives()
        assert len(made) == len(found.components)
        for group, one in zip(found.components, made, strict=True):
            # an equilibrium, exactly
            assert not one.regret.any()
            assert one.margin >= 0
            if len(group) == 1:
                assert one is found[group[0]]
                continue
            inside = [numbers for numbers in found.subsets if len(numbers) > 1 and set(numbers) <= set(group)]
            draws = np.random.default_rng(seed)
            for numbers in inside:
                for weights in draws.dirichlet(np.full(len(numbers), 0.5), 20):
                    mixed = [weights @ np.array([found[k].strategies[i] for k in numbers]) for i in (0, 1)]
                    assert spread(mixed) <= spread(one.strategies) + 1e-6


def spread(strategies):
    return -sum(float((p[p > 0] * np.log(p[p > 0])).sum()) for p in strategies)


@pytest.mark.long
def test_large_games_get_equilibria_at_the_ends_of_paths():
    game = games.dense(np.random.default_rng(4).integers(0, 3, (2, 20, 20)) - np.eye(20) * 9)
    found = equilibria(game, logit=None, seconds=3)
    assert len(found) > 0
    for one in found:
        assert not one.regret.any()
    pennies = games.matching_pennies()
    assert equilibria(pennies, most=1, logit=None)[0].exact == ((Fraction(1, 2),) * 2,) * 2
    assert "Lemke" in equilibria(pennies, most=1).citation
