"""Dominated actions: against another solver of linear programs, best responses by vertices, and by hand."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from nashscape import games
from nashscape.core import InputError
from nashscape.theory import dominated_actions, iterated_dominance
from nashscape.theory.nash.response_vertices import response_vertices

SHAPES = [(4, 3), (4, 2), (2, 5), (3, 2, 2), (2, 3, 3)]


def whole_game(shape, seed, top=3):
    """Small whole payoffs, so that there are ties and something is dominated."""
    return games.dense(np.random.default_rng([5, seed]).integers(0, top, (len(shape), *shape)))


def planted(shape, seed, kind):
    """A game in which the last action of the last player earns less than half of each of its first two, or nearly."""
    draws = np.random.default_rng([6, seed])
    payoffs = 2 * draws.integers(0, 9, (len(shape), *shape))
    own = payoffs[-1]
    less = draws.integers(0, 2, shape[:-1]) if kind == "weak" else 1
    own[..., -1] = (own[..., 0] + own[..., -2]) // 2 - less
    return games.dense(payoffs)


def own_rows(payoffs, player):
    own = np.moveaxis(np.asarray(payoffs[player], float), player, 0)
    return own.reshape(len(own), -1)


def by_highs(rows, action, kind):
    """Whether the action is dominated by a mixture, by the solver of SciPy."""
    others = np.delete(rows, action, axis=0) - rows[action]
    count = len(others)
    if not count:
        return False
    if kind == "strict":
        sides = np.hstack([-others.T, np.ones((others.shape[1], 1))])
        made = linprog(
            [0.0] * count + [-1.0], sides, np.zeros(len(sides)),
            np.array([[1.0] * count + [0.0]]), [1.0], [(0, None)] * count + [(None, None)],
        )  # fmt: skip
    else:
        made = linprog(-others.sum(axis=1), -others.T, np.zeros(others.shape[1]), np.ones((1, count)), [1.0])
        if made.status == 2:  # no mixture is never worse
            return False
    return -made.fun > 1e-9


@pytest.mark.parametrize("kind", ["strict", "weak"])
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_dominated_is_so_for_another_solver(shape, kind):
    seen = set()
    for seed in range(3):
        game = planted(shape, seed, kind)
        found = {(one.player, one.action) for one in dominated_actions(game, kind=kind)}
        for i, names in enumerate(game.actions):
            rows = own_rows(game.payoffs, i)
            for k, name in enumerate(names):
                theirs = by_highs(rows, k, kind)
                seen.add(theirs)
                assert ((game.players[i], name) in found) == theirs, (seed, i, name)
    assert seen == {True, False}


def earned(game, one):
    """What the dominating strategy earns more than the action, for every joint action of the others."""
    i = game.players.index(one.player)
    own = np.moveaxis(game.fractions[i], i, 0)
    mixed = sum(p * own[game.actions[i].index(name)] for name, p in one.by.items())
    return (mixed - own[game.actions[i].index(one.action)]).ravel().tolist()


@pytest.mark.parametrize("kind", ["strict", "weak"])
def test_certificates_are_what_they_say(kind):
    kinds, mixed = set(), 0
    for seed in range(15):
        game = planted(SHAPES[seed % len(SHAPES)], seed, kind) if seed % 3 else whole_game((3, 4), seed)
        for one in dominated_actions(game, kind=kind):
            ahead = earned(game, one)
            assert (min(ahead), max(ahead)) == (one.least, one.most)
            assert sum(one.by.values()) == 1
            assert min(one.by.values()) > 0
            assert one.action not in one.by
            assert one.kind == ("strict" if min(ahead) > 0 else "weak")
            assert one.least >= 0
            assert one.most > 0
            kinds.add(one.kind)
            mixed += one.mixed
    assert kinds == ({"strict"} if kind == "strict" else {"strict", "weak"})
    assert mixed > 0


@pytest.mark.parametrize("kind", ["strict", "weak"])
def test_whatever_is_left_is_a_best_response_to_its_belief(kind):
    looked = 0
    for seed in range(10):
        game = whole_game(SHAPES[seed % len(SHAPES)], seed)
        found = iterated_dominance(game, kind=kind)
        for i, beliefs in enumerate(found.beliefs):
            own = np.moveaxis(found.reduced.fractions[i], i, 0)
            own = own.reshape(len(own), -1)
            for k, belief in enumerate(beliefs):
                assert sum(belief) == 1
                assert min(belief) >= 0 if kind == "strict" else min(belief) > 0
                values = (own @ np.array(belief, dtype=object)).tolist()
                assert values[k] == max(values)
                looked += 1
    assert looked > 20


@pytest.mark.parametrize("seed", range(10))
def test_of_two_players_what_never_is_a_best_response_is_dominated(seed):
    game = whole_game((4, 3), seed, top=5)
    found = {(one.player, one.action) for one in dominated_actions(game)}
    for i in (0, 1):
        # vertices of the other's strategies, labelled by this player's best responses
        earns = game.fractions[0].T if i == 0 else game.fractions[1]
        m = earns.shape[0]
        best = {b for one in response_vertices(earns).each for b in range(earns.shape[1]) if one.labels >> m + b & 1}
        never = {(game.players[i], name) for b, name in enumerate(game.actions[i]) if b not in best}
        assert {one for one in found if one[0] == game.players[i]} == never


def test_strict_domination_in_any_order_leaves_the_same():
    draws = np.random.default_rng(3)
    shorter = 0
    for seed in range(10):
        game = whole_game(SHAPES[seed % len(SHAPES)], 100 + seed, top=6)
        found = iterated_dominance(game)
        rest = game
        while some := dominated_actions(rest):
            one = some[int(draws.integers(len(some)))]
            i = rest.players.index(one.player)
            at = rest.actions[i].index(one.action)
            names = [own if j != i else own[:at] + own[at + 1 :] for j, own in enumerate(rest.actions)]
            rest = games.dense(np.delete(rest.payoffs, at, axis=1 + i), actions=names, players=rest.players)
        assert rest.actions == found.left
        assert np.array_equal(rest.payoffs, found.reduced.payoffs)
        shorter += len(found.rounds) > 1
    assert shorter


def test_weak_domination_removes_all_of_a_round_at_once():
    """A game in which the order decides what is left: Osborne, Rubinstein (1994), section 4.3."""
    rows, columns = np.array([[1, 0], [1, 2], [0, 2]]), np.array([[1, 0], [1, 1], [0, 1]])
    game = games.bimatrix(rows, columns, actions=[["T", "M", "B"], ["L", "R"]])
    found = iterated_dominance(game, kind="weak")
    assert [[one.action for one in once] for once in found.rounds] == [["T", "B"]]
    assert found.left == (("M",), ("L", "R"))
    assert found.order_matters
    assert "in another order other actions may be left" in str(found.table())
    for first, then in ((0, "L of player 2 is weakly dominated by R"), (2, "R of player 2 is weakly dominated by L")):
        names = [[name for k, name in enumerate("TMB") if k != first], ["L", "R"]]
        rest = games.bimatrix(np.delete(rows, first, 0), np.delete(columns, first, 0), actions=names)
        assert then in map(str, dominated_actions(rest, kind="weak"))
    assert not iterated_dominance(game).rounds


def test_of_three_players_beliefs_may_be_correlated():
    """Osborne, Rubinstein (1994), figure 58.1: one matrix is best only for who thinks that the others correlate."""
    matrices = {"1": [[8, 0], [0, 0]], "2": [[4, 0], [0, 4]], "3": [[0, 0], [0, 8]], "4": [[3, 3], [3, 3]]}
    common = np.stack([np.array(own) for own in matrices.values()], axis=-1)
    game = games.dense([common] * 3, actions=[["U", "D"], ["L", "R"], [*matrices]])
    found = iterated_dominance(game)
    assert "2" in found.rationalisable[2]
    assert found.belief(2, "2") == {"U/L": Fraction(1, 2), "D/R": Fraction(1, 2)}
    for p, q in itertools.product(np.linspace(0, 1, 41), repeat=2):
        values = np.einsum("abk,a,b->k", common, [p, 1 - p], [q, 1 - q])
        assert values[1] < values.max()
    text = str(found.table())
    assert "with beliefs in which the others may act together" in text


def test_names_rounds_and_what_is_solved():
    game = games.bimatrix([[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]], actions=[["up", "down"], ["l", "m", "r"]])
    found = iterated_dominance(game)
    assert (found.left, found.solved) == ((("up",), ("m",)), True)
    removed = {"r": (1, 1), "down": (0, 2), "l": (1, 3)}
    assert {name: (i, found.round_of(i, name)) for name, (i, _) in removed.items()} == removed
    assert found.round_of(1, 2) == 1
    assert found.round_of(0, "up") is None
    np.testing.assert_array_equal(found.to_columns()["round"], [np.nan, 2, 3, np.nan, 1])


def test_payoffs_decide_exactly():
    """A third and its double differ: only what was given decides."""
    rows = [["1/3", 1], [1 / 3, 1]]
    exact = games.bimatrix(rows, [[0, 0], [0, 0]])
    [one] = [one for one in dominated_actions(exact, kind="weak") if one.player == "player 1"]
    assert one.least == 0
    assert one.most == abs(Fraction(1, 3) - Fraction(1 / 3)) > 0


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: dominated_actions(games.stag_hunt(), kind="strong"), "unknown kind 'strong'"),
        (lambda: iterated_dominance(games.stag_hunt(), by="both"), "unknown kind of dominating strategy 'both'"),
        (lambda: dominated_actions(games.tandem()), "to find dominated actions takes a game whose payoffs can be"),
        (lambda: iterated_dominance(games.public_goods(14)), "in fractions takes at most 100,000 payoffs"),
        (lambda: iterated_dominance(games.stag_hunt(), kind="weak").rationalisable, 'left with kind="strict"'),
        (lambda: iterated_dominance(games.stag_hunt(), by="pure").belief(0, "C"), 'by="mixed"'),
        (lambda: iterated_dominance(games.prisoners_dilemma()).belief(0, "C"), "unknown action of player 1 'C'"),
        (lambda: iterated_dominance(games.stag_hunt()).round_of(0, "E"), "unknown action of player 1 'E'"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(call, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        call()
