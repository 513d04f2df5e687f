"""Paths of Lemke and Howson: labels step by step, ends against all equilibria, ties, and the network."""

import re
from fractions import Fraction

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status
from nashscape.theory import equilibria, lemke_howson_path, lemke_howson_paths

DECIMALS = (
    [["9.5", "-7.8"], ["-9.6", "0.3"], ["-7.1", "-1.4"], ["5.9", "7.6"],
     [9, "0.3"], ["7.5", "6.9"], ["-3.1", "3.6"], ["-8.4", "-3.7"]],
    [["0.2", "0.6"], ["0.4", "0.1"], ["0.9", 0], ["0.4", "0.1"], ["0.1", "0.2"], ["0.2", "0.1"], ["0.8", 1],
     ["0.2", "0.4"]],
)  # fmt: skip
ZERO_SUM = [[-100, 0, 0, -100], [0, 0, 0, -100], [-100, 0, 0, 0], [0, 0, 0, "-33.3333333"]]
REPORTED = {
    "Nashpy 83": DECIMALS,
    "Nashpy 64": ([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]),
    "Nashpy 35": ([[-1, -1, -1], [0, 0, 0], [-1, -1, -10000]], [[-1, -1, -1], [0, 0, 0], [-1, -1, -10000]]),
    "Nashpy 60": (ZERO_SUM, [[-Fraction(x) for x in row] for row in ZERO_SUM]),
    "one action each": ([[1]], [[2]]),
    "all the same": (np.ones((2, 3)), np.ones((2, 3))),
}


def has_all_labels_but(game, strategies, label):
    """Which labels are missing, from the payoffs alone; who plays nothing yet has all own labels and gives none."""
    m, k = game.shape
    have = set()
    for i, own in enumerate(strategies):
        count, first, other = (m, 0, m) if i == 0 else (k, m, 0)
        if own is None:
            have |= {first + a for a in range(count)}
            continue
        have |= {first + a for a in range(count) if own[a] == 0}
        weights = np.array(own, dtype=object)
        values = (weights @ game.fractions[1] if i == 0 else game.fractions[0] @ weights).tolist()
        have |= {other + b for b, value in enumerate(values) if value == max(values)}
    return set(range(m + k)) - have <= {label}


@pytest.mark.parametrize("name", REPORTED)
def test_from_every_label_a_path_ends_in_an_equilibrium_though_there_are_ties(name):
    game = games.bimatrix(*REPORTED[name])
    found = lemke_howson_paths(game)
    known = {one.exact for one in equilibria(game, logit=None)}
    assert len(found.paths) == sum(game.shape)
    for label, path in enumerate(found.paths):
        assert path.equilibrium in known
        assert path == lemke_howson_path(game, label)
        assert path.pivots[0].dropped == path.pivots[-1].taken == path.label == found.labels[label]
        assert path.pivots[-1].strategies == path.equilibrium
        for one, following in zip(path.pivots, path.pivots[1:], strict=False):
            # the label that is there twice is given up by the other player
            assert following.dropped == one.taken
            assert following.player != one.player
        assert all(has_all_labels_but(game, one.strategies, label) for one in path.pivots)


def test_what_starts_from_where_nobody_plays_does_not_reach_the_network_does():
    """Of the three equilibria of Nashpy's report 64 the middle one is at the end of no path from where nobody plays."""
    found = lemke_howson_paths(games.bimatrix(*REPORTED["Nashpy 64"]))
    first = {path.name for path in found.paths}
    assert first == {"AA", "B+C/A+B"}
    assert set(found.names) == {*first, "A+B/A+B"}


@pytest.mark.parametrize("seed", range(4))
def test_signs_are_indices_and_every_node_has_an_end_of_a_path_for_every_label(seed):
    game = games.random_game([(4, 3), (3, 5)][seed % 2], seed)
    found = lemke_howson_paths(game)
    index = {one.exact: one.index for one in equilibria(game, logit=None)}
    assert found.signs[0] == -1
    assert [index[found.equilibria[k]] for k in found.nodes[1:]] == list(found.signs[1:])
    for label in found.labels:
        ends = [end for one in found.edges if one.label == label for end in one.ends]
        assert sorted(ends) == list(range(len(found.nodes)))
    assert all(found.signs[a] == -found.signs[b] for a, b in (one.ends for one in found.edges))
    assert found.status is Status.COMPLETE


def test_an_equilibrium_that_no_path_reaches_is_not_made_up():
    """A game of Wilson, in Shapley (1974): two of its equilibria hang together with nobody but each other."""
    rows = np.array([[0, 3, 0], [2, 2, 0], [3, 0, 1]])
    columns = np.array([[0, 2, 3], [3, 2, 0], [0, 0, 1]])
    game = games.bimatrix(rows, columns)
    found, every = lemke_howson_paths(game), equilibria(game, logit=None)
    assert len(every) == 3
    assert found.names == ("CC",)
    assert [found.names[k] for k in found.nodes[1:]] == ["CC"]
    assert "There can be equilibria that no path reaches." in found.table().notes


def test_where_time_is_up_what_was_found_is_told():
    found = lemke_howson_paths(games.random_game((6, 6), 1), seconds=1e-9)
    assert found.status is Status.INTERRUPTED
    assert found.edges == ()
    assert found.nodes == (-1,)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: lemke_howson_path(games.stag_hunt(), 4), "labels of stag_hunt are numbered from 0 to 3; got 4"),
        (lambda: lemke_howson_path(games.stag_hunt(), True), "a label is a number, or a player and an action"),
        (lambda: lemke_howson_path(games.stag_hunt(), "C"), "a label is a number, or a player and an action"),
        (lambda: lemke_howson_path(games.stag_hunt(), (0, "E")), "unknown action of player 1 'E'"),
        (lambda: lemke_howson_path(games.public_goods(3)), "those of two players; public_goods has 3"),
        (lambda: lemke_howson_paths(games.stag_hunt(), seconds=0), "seconds must be above 0"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_reason(call, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        call()


def test_labels_are_numbers_or_players_and_actions():
    game = games.bimatrix(*REPORTED["Nashpy 64"])
    assert lemke_howson_path(game, (1, "B")) == lemke_howson_path(game, 4) == lemke_howson_path(game, ("player 2", 1))
