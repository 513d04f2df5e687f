from collections import Counter
from itertools import combinations, permutations, product

import numpy as np
import pytest

from nashscape import games, theory
from nashscape.core import InputError, plain
from nashscape.games import topology

GAMES = topology.all_games()
NASH = {game: [e.payoffs for e in games.pure_equilibria(game.to_dense())] for game in GAMES}


def disguised(game, seed):
    """The game with random payoffs in the same order and randomly renamed actions."""
    random = np.random.default_rng(seed)
    payoffs = game.to_dense().payoffs.astype(int)
    values = np.stack([np.sort(random.normal(size=4)) * 10 for _ in range(2)])
    cardinal = np.stack([values[i][payoffs[i] - 1] for i in range(2)])
    return np.flip(cardinal, axis=[1 + k for k in range(2) if random.random() < 0.5])


# --- how many there are ---------------------------------------------------------------------------------------------


def test_there_are_144_games_12_symmetric_and_78_up_to_exchanging_the_players():
    assert len(GAMES) == len(set(GAMES)) == 144
    assert sum(game.symmetric for game in GAMES) == 12
    assert len({frozenset((game, topology.swap_players(game))) for game in GAMES}) == 78
    assert sum(not game.symmetric for game in GAMES) // 2 == 66


def test_the_classes_are_the_orbits_of_relabelling():
    orders = [np.reshape(order, (2, 2)) for order in permutations(range(1, 5))]
    orbits = set()
    for row, column in product(orders, repeat=2):
        images = [np.flip(np.stack([row, column]), axis=list(axes)) for axes in ((), (1,), (2,), (1, 2))]
        orbits.add(frozenset(image.tobytes() for image in images))
        assert len({topology.classify(image) for image in images}) == 1
    assert len(orbits) == 144
    assert {len(orbit) for orbit in orbits} == {4}


def test_equilibria_are_counted_as_in_the_literature():
    assert Counter(len(NASH[game]) for game in GAMES) == {0: 18, 1: 108, 2: 18}
    assert Counter(game.dominant.count(None) for game in GAMES) == {0: 36, 1: 72, 2: 36}
    # Robinson and Goforth (2004), Alibi games: seven games in which an equilibrium is worse for both than an outcome
    # that is none
    alibi = [
        game
        for game in GAMES
        if any(
            (np.array(other) > nash).all() and not any((np.array(other) == n).all() for n in NASH[game])
            for nash in NASH[game]
            for other in game.payoffs().values()
        )
    ]
    assert len(alibi) == 7
    assert [game.abbreviation for game in alibi if game.symmetric] == ["Pd"]


def test_equilibria_and_dominance_are_those_of_the_ranks():
    for game in GAMES:
        found = games.pure_equilibria(game.to_dense())
        assert game.equilibria == tuple((e.name, tuple(e.payoffs.astype(int).tolist())) for e in found)
        for player, action in enumerate(game.dominant):
            best = [
                theory.best_response(game.to_dense(), [other] * 2, player).names for other in ([1.0, 0.0], [0.0, 1.0])
            ]
            assert (best[0] == best[1]) == (action is not None)
            assert action is None or best[0] == (action,)


# --- who is next to whom --------------------------------------------------------------------------------------------


def test_every_game_has_six_different_neighbours_and_is_theirs():
    for game in GAMES:
        around = topology.neighbours(game)
        assert len(set(around)) == 6
        assert game not in around
        assert all(game in topology.neighbours(other) for other in around)


def test_neighbours_are_the_games_that_differ_in_two_adjacent_ranks():
    # independently: two classes are neighbours if some relabelling of one differs from the other so in one player
    def images(game):
        payoffs = game.to_dense().payoffs.astype(int)
        return [np.flip(payoffs, axis=list(axes)) for axes in ((), (1,), (2,), (1, 2))]

    def adjacent(one, other):
        changed = one != other
        if sorted([changed[0].sum(), changed[1].sum()]) != [0, 2]:
            return False
        before = one[changed]
        return abs(before[0] - before[1]) == 1

    seen = {game: images(game) for game in GAMES}
    for game, other in combinations(GAMES, 2):
        near = any(adjacent(seen[game][0], image) for image in seen[other])
        assert near == (other in topology.neighbours(game))


def test_swaps_undo_themselves_and_commute_with_exchanging_the_players():
    for game in GAMES:
        assert topology.swap_players(topology.swap_players(game)) == game
        for player, low in product((0, 1), (1, 2, 3)):
            swapped = topology.swap(game, player, low)
            assert topology.swap(swapped, player, low) == game
            mirrored = topology.swap(topology.swap_players(game), 1 - player, low)
            assert mirrored == topology.swap_players(swapped)
            assert (swapped.layer == game.layer) or low == 3
        assert topology.swap(game, "row", 2) == topology.swap(game, 0, 2)


def test_all_games_are_connected_and_low_and_middle_swaps_make_the_layers():
    def reached(start, lows):
        found, front = {start}, [start]
        while front:
            front = list({topology.swap(game, i, low) for game in front for i in (0, 1) for low in lows} - found)
            found |= set(front)
        return found

    assert len(reached(GAMES[0], (1, 2, 3))) == 144
    for game in GAMES[::36]:
        assert reached(game, (1, 2)) == {other for other in GAMES if other.layer == game.layer}


def test_layers_say_where_the_best_outcomes_lie():
    kinds = {}
    for game in GAMES:
        payoffs = game.to_dense().payoffs
        places = [np.argwhere(own == 4)[0] for own in payoffs]
        same = places[0] == places[1]
        kinds.setdefault(game.layer, set()).add((bool(same[0]), bool(same[1])))
    # whether the best outcomes share the row player's action, and the column player's
    assert kinds == {1: {(False, False)}, 2: {(False, True)}, 3: {(True, True)}, 4: {(True, False)}}
    assert Counter(game.layer for game in GAMES) == {1: 36, 2: 36, 3: 36, 4: 36}


def test_numbers_and_names_find_their_game():
    assert len({game.number for game in GAMES}) == len({game.name for game in GAMES}) == 144
    for game in GAMES:
        assert {topology.ordinal_game(key) for key in (game.number, game.name, game.abbreviation)} == {game}
        layer, row, column = (int(digit) for digit in str(game.number))
        assert layer in (1, 2, 3, 4)
        assert {row, column} <= set(range(1, 7))
        mirror = {1: 1, 2: 4, 3: 3, 4: 2}[layer]
        assert topology.swap_players(game).number == 100 * mirror + 10 * column + row
    known = {111: "Pd", 122: "Ch", 322: "Sh", 311: "Nc"}
    assert {number: topology.ordinal_game(number).abbreviation for number in known} == known
    assert topology.ordinal_game("Leader").abbreviation == topology.ordinal_game("battle of the sexes").name[:2] == "Ba"


# --- by order and by strategy ---------------------------------------------------------------------------------------


def strategic_name(r, s, t, p):
    """The name of a symmetric game from the literature's definitions: equilibria, dominance, safety, who gains.

    C is the action against which the other's best outcome is found.
    """
    nash = frozenset(e.name for e in games.pure_equilibria(games.symmetric_2x2(r, s, t, p)))
    safe = "C" if min(r, s) > min(t, p) else "D"
    # from the outcome of safe play, what a deviation brings to who deviates and to the other: Rapoport (1967)
    deviator, other = (t, s) if safe == "C" else (s, t)
    names = {
        frozenset({"DD"}): {
            "Prisoner's Dilemma": r > p,  # both would rather that neither followed the dominant action
            "Deadlock": p > r > s,  # both get their second best, and to be left alone with C is the worst
            "Compromise": s > r,  # the same, but that both play C is the worst
        },
        frozenset({"CD", "DC"}): {
            "Chicken": r > s,  # who yields would rather that both yielded
            "Battle": s > r and deviator > other,  # the deviator gains most: a leader
            "Hero": s > r and deviator < other,  # the other gains most
        },
        frozenset({"CC", "DD"}): {
            "Coordination": safe == "C",  # the best equilibrium is safe as well
            "Stag Hunt": safe == "D" and t > p,  # risky, and D is better against C than against D
            "Assurance": safe == "D" and t < p,  # risky, and D is best in company
        },
        frozenset({"CC"}): {
            "Concord": t > s,  # who deviates does better than who stays
            "Harmony": s > t > p,  # who deviates does worse, and both deviating is the worst
            "Peace": p > t,  # deviating alone is the worst
        },
    }[nash]
    (found,) = [name for name, holds in names.items() if holds]
    return found


def oriented(payoffs, player):
    """R, S, T, P of a player when actions are named such that each player's best outcome is where the other plays C."""
    for axes in ((), (1,), (2,), (1, 2)):
        row, column = np.flip(payoffs, axis=list(axes))
        if row.max() in row[:, 0] and column.max() in column[0, :]:
            own = row if player == 0 else column.T
            return own.ravel()
    raise AssertionError("no orientation")


def test_symmetric_games_have_the_names_of_their_strategic_properties():
    orders = [order for order in permutations((1, 2, 3, 4)) if 4 in (order[0], order[2])]
    named = {order: strategic_name(*order) for order in orders}
    assert len(set(named.values())) == 12
    for (r, s, t, p), name in named.items():
        assert topology.classify(games.symmetric_2x2(r, s, t, p)).name == name
        assert topology.ordinal_game(name).symmetric


@pytest.mark.parametrize("seed", [0, 1])
def test_every_game_is_named_after_the_strategic_properties_of_both_players(seed):
    for index, game in enumerate(GAMES):
        payoffs = disguised(game, seed=1000 * seed + index)
        found = topology.classify(payoffs)
        assert found == game
        parts = [strategic_name(*oriented(payoffs, player)) for player in (0, 1)]
        assert found.name == (parts[0] if game.symmetric else "–".join(parts))


@pytest.mark.parametrize(("make", "name"), [
    (games.prisoners_dilemma, "Prisoner's Dilemma"), (games.stag_hunt, "Stag Hunt"), (games.chicken, "Chicken"),
    (games.harmony, "Concord"), (games.deadlock, "Deadlock"), (games.donation, "Prisoner's Dilemma"),
])  # fmt: skip
def test_named_games_of_the_library_have_their_place(make, name):
    assert topology.classify(make()).name == name
    assert topology.classify(make().relabel(0, "DC").affine(scale=[2, 3], shift=-1)).name == name


def test_cycles_are_in_the_layers_in_which_interests_are_mixed():
    cyclic = [game for game in GAMES if not NASH[game]]
    assert Counter(game.layer for game in cyclic) == {2: 9, 4: 9}
    pennies = topology.classify([[[4, 1], [2, 3]], [[1, 4], [3, 2]]])
    assert pennies in cyclic


def test_rank_games_can_be_played():
    game = topology.ordinal_game("ShPd")
    dense = game.to_dense()
    assert dense.payoffs.tolist() == [[[4, 1], [3, 2]], [[3, 4], [1, 2]]]
    assert topology.classify(dense) is not game
    assert topology.classify(dense) == game
    assert plain(game)["number"] == game.number
    assert repr(game) == "<OrdinalGame 412 ShPd: Stag Hunt–Prisoner's Dilemma>"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: topology.classify(games.matching_pennies()), "player 1 gets 1 at HH and TT; player 1 gets -1 at HT"),
        (lambda: topology.classify(games.rock_paper_scissors()), "two players with two actions"),
        (lambda: topology.classify(np.full((2, 2, 2), np.nan)), "finite"),
        (lambda: topology.classify(np.ones((2, 2, 2))), r"player 2 gets 1 at \(0, 0\) and \(0, 1\) and"),
        (lambda: topology.ordinal_game("Stag Hnt"), "did you mean 'Stag Hunt'"),
        (lambda: topology.ordinal_game(170), "no game has number 170"),
        (lambda: topology.ordinal_game(True), "whole number"),
        (lambda: topology.swap(GAMES[0], 2, 1), "players are 0 or 'row'"),
        (lambda: topology.swap(GAMES[0], 0, 4), "1, 2 or 3; got 4"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
