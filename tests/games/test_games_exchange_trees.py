"""Trees in files as their reduced normal form: against sums over all plays, and games of public reports."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import gambit_texts
from oracles.random_trees import Drawn

from nashscape import InputError, games
from nashscape.games.forms.trees import reduced_forms as trees


def parsed(given):
    return games.parse_game(given.text, given.format)


def test_what_counts_is_the_place_and_never_the_label():
    """google-deepmind/open_spiel 955: actions without labels became one, and the value 5; it is 3."""
    bare, named = parsed(gambit_texts.UNLABELLED), parsed(gambit_texts.LABELLED)
    for game in (bare, named):
        assert game.payoffs.tolist() == [[[5, 1], [2, 4]], [[-5, -1], [-2, -4]]]
    assert named.actions == (("u", "d"), ("l", "r"))
    assert bare.actions == (("1", "2"), ("1", "2"))
    x, y = np.array([Fraction(1, 3), Fraction(2, 3)]), np.array([Fraction(1, 2), Fraction(1, 2)])
    assert (x @ bare.fractions[0]).tolist() == (bare.fractions[0] @ y).tolist() == [3, 3]


def test_payoffs_on_inner_nodes_add_up():
    """gambitproject/gambit 1134, 1135: by hand 4 or 1 after h and 2 or -1 after t, 7/6 on average; not 3/2."""
    game = parsed(gambit_texts.INNER)
    third = Fraction(1, 3)
    assert game.fractions[0].tolist() == [[8 * third, 2 * third], [5 * third, -third]]
    assert game.fractions[1].tolist() == (-game.fractions[0]).tolist()
    assert sum(game.fractions[0].flat) / 4 == Fraction(7, 6)


def test_what_never_happens_poisons_nothing():
    """gambitproject/gambit 134, 63, 816: a branch of chance 0, and payoffs that add up to 2, not to 0."""
    game = parsed(gambit_texts.GHOST)
    assert set((game.fractions[0] + game.fractions[1]).flat) == {Fraction(2)}
    bets, bluffs = (game.actions[0].index(f"bet {own} low") for own in ("check", "bet"))
    x = np.full(8, Fraction(0))
    x[bets], x[bluffs] = Fraction(17, 20), Fraction(3, 20)
    y = np.array([Fraction(2, 5), Fraction(3, 5)])
    assert game.actions[1] == ("call", "fold")
    value = Fraction(41, 25)
    assert x @ game.fractions[0] @ y == value == max(game.fractions[0] @ y)
    assert (x @ game.fractions[1]).tolist() == [2 - value] * 2


def test_strategies_say_what_is_done_where_a_player_can_come():
    game = parsed(gambit_texts.NESTED)
    assert game.actions[0] == ("a e g *", "a e h *", "a f g *", "a f h *", "b * * k", "b * * l", "c * * *")
    assert game.actions[1:] == (("c", "d"), ("m", "n"))
    half = Fraction(1, 2)
    # by hand: 10 for the root's branches; then what follows
    assert game.fractions[:, 0, 0, 0].tolist() == [11, 12, 1 + half]
    assert game.fractions[:, 3, 1, 1].tolist() == [17, 18, 3 + half]
    assert game.fractions[:, 5, 0, 0].tolist() == [21, 22, Fraction(1, 7) + half]
    assert game.fractions[:, 5, 0, 1].tolist() == [Fraction(1, 4) * 0 + 10 + Fraction(3, 4) * 11, 19, Fraction(17, 28)]
    assert game.fractions[:, 6, 1, 1].tolist() == [10, 10, half]


def followed(drawn, plans):
    """What is got when every player does what its plan says, set by set."""

    def below(node):
        here = np.array(node.payoffs or [Fraction(0)] * 3, dtype=object)
        if node.mover is None:
            return here
        if node.mover < 0:
            return here + sum(p * below(branch) for p, branch in zip(node.chances, node.branches, strict=True))
        return here + below(node.branches[plans[node.mover][node.place]])

    return below(drawn.root)


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_every_plan_pays_what_following_it_through_the_tree_does(seed, forgets):
    drawn = Drawn(seed, forgets=forgets)
    game = games.parse_game(drawn.text, "efg")
    sizes = [{number: own[1] for own, number in drawn.sets.items() if own[0] == player} for player in range(3)]
    draws, met = np.random.default_rng(seed), [set() for _ in range(3)]
    for _ in range(40):
        plans = [{number: int(draws.integers(size)) for number, size in own.items()} for own in sizes]
        place = []
        for player, plan in enumerate(plans):
            said = {f"{number}.{action}" for number, action in plan.items()}
            # the one strategy all of whose actions are those of the plan
            fits = [k for k, name in enumerate(game.actions[player]) if set(name.split()) - {"*"} <= said]
            assert len(fits) == 1
            place += fits
            met[player].update(fits)
        assert game.fractions[(slice(None), *place)].tolist() == followed(drawn, plans).tolist()
    assert all(len(own) > 1 or len(names) == 1 for own, names in zip(met, game.actions, strict=True))


def test_who_forgets_does_the_same_twice():
    game = parsed(gambit_texts.FORGOTTEN)
    # "on" leads to x, y or z, and after x to the same set again, where "on" is done again
    assert game.actions == (("on k", "on l", "off k", "off l"), ("x", "y", "z"))
    assert game.payoffs[0].tolist() == [[1, 5, 9], [1, 7, 9], [11] * 3, [13] * 3]
    # what A cannot do is no reason for B to have nothing to decide
    game = parsed(gambit_texts.IMPOSSIBLE)
    assert game.actions == (("on", "off"), ("x", "y"))
    assert game.payoffs.tolist() == [[[1, 1], [7, 7]], [[2, 2], [8, 8]]]


def test_trees_that_would_grow_too_large_are_refused_at_once(monkeypatch):
    def line(depth, number):
        if depth == 0:
            return 't "" 1 "" { 1 2 }\n'
        return f'p "" 1 {number} "" {{ "a" "b" }} 0\n{line(depth - 1, 2 * number)}{line(depth - 1, 2 * number + 1)}'

    def chosen(depth):
        """A draw of one of many sets, in each of which player 1 moves."""
        moves = "".join(f'p "" 1 {k} "" {{ "a" "b" }} 0\nt "" 1 "" {{ 1 2 }}\nt "" 1\n' for k in range(1, depth + 1))
        return f'EFG 2 R "many" {{ "A" "B" }}\nc "" 1 "" {{ {f"1/{depth} " * depth} }} 0\n{moves}'

    assert games.parse_game('EFG 2 R "" { "A" "B" }\n' + line(4, 1), "efg").shape == (16, 1)
    assert games.parse_game(chosen(10), "efg").shape == (1024, 1)
    with pytest.raises(
        InputError, match=r"the text: the reduced normal form of many has more than 20,000 strategies of A"
    ):
        games.parse_game(chosen(60), "efg")
    monkeypatch.setattr(trees, "LARGEST", 2047)
    with pytest.raises(InputError, match="or more than 2,047 payoffs, and is not written out; give a smaller tree"):
        games.parse_game(chosen(10), "efg")


HEAD = 'EFG 2 R "t" { "A" "B" }\n'
ENDS = 't "" 1 "" { 1 2 }\nt "" 1\n'
MOVE = 'p "" 1 1 "" { "l" "r" } 0\n'

FINE = {
    "plain": HEAD + MOVE + ENDS,
    "a comment": HEAD + '"said"\n' + MOVE + ENDS,
    "no texts": 'EFG 2 R { "A" "B" } p 1 1 { "l" "r" } 0 t 1 { 1, 2 } t 1',
    "an outcome given later": HEAD + MOVE + 't "" 1\nt "" 1 "" { 1 2 }',
    "an outcome given twice": HEAD + MOVE + 't "" 1 "x" { 1 2 }\nt "" 1 "y" { 1.0 4/2 }',
    "an outcome that nobody sees": HEAD + MOVE.replace("} 0", '} 7 "" { 0 0 }') + ENDS,
    "chance without labels": HEAD + "c 1 { .5 .5 } 0 " + (MOVE + ENDS) * 2,
    "chance by number": HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0 c "" 1 0 ' + (MOVE + ENDS) * 3,
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_what_may_be_missing_is_not_missed(text):
    game = games.parse_game(text, "efg")
    assert (game.payoffs.tolist(), game.actions) == ([[[1], [1]], [[2], [2]]], (("l", "r"), ("*",)))


WRONG = {
    "no end": (HEAD + MOVE + 't "" 0', r"line 3: expected another node, as a branch has no end yet; got the end"),
    "too much": (HEAD + MOVE + ENDS + 't "" 0', r"line 5: expected nothing after the last node of the tree; got 't'"),
    "another letter": (HEAD + 'x "" 0', r"line 2: expected c or p or t; got 'x'"),
    "a player who is not": (HEAD + 'p "" 3 1 "" { "a" } 0', r"line 2: expected the number of a player, at most 2"),
    "a set without actions": (HEAD + 'p "" 1 1 "" 0', r"line 2: expected the actions, in braces .* is named first"),
    "no actions": (HEAD + 'p "" 1 1 "" { } 0', r"line 2: a move has no branches"),
    "other actions": (
        HEAD + MOVE + 'p "" 1 1 "" { "r" "l" } 0\n' + ENDS + ENDS,
        r"line 3: information set 1 of A has the actions 'r', 'l', and had 'l', 'r' where it was named first",
    ),
    "an unknown outcome": (HEAD + MOVE + 't "" 1 "" { 1 2 }\nt "" 2', r"line 4: outcome 2 has no payoffs anywhere"),
    "two payoffs": (HEAD + MOVE + 't "" 1 "" { 1 2 }\nt "" 1 "" { 1 3 }', r"line 4: outcome 1 has other payoffs than"),
    "one payoff": (HEAD + MOVE + 't "" 1 "" { 1 }', r"line 3: an outcome has 1 payoffs; there are 2 players"),
    "payoffs of none": (HEAD + MOVE + 't "" 0 "" { 1 2 }', r"line 3: outcome 0 is none, and has no payoffs"),
    "chances": (HEAD + 'c "" 1 "" { "a" .3333 "b" .3333 "c" .3333 } 0', r"line 2: the chances .* add up to 9999/10000"),
    "a negative chance": (HEAD + 'c "" 1 "" { "a" -1 "b" 2 } 0', r"line 2: expected the chance of a branch, at lea"),
    "other chances": (
        HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/2 } 0\nc "" 1 "" { "a" 0 "b" 1 } 0',
        r"line 3: set 1 of chance has other branches than where it was named first",
    ),
    "chance of nothing": (HEAD + 'c "" 1 "" 0', r"line 2: expected the branches of chance, in braces"),
    "one player": ('EFG 2 R "" { "A" } t "" 0', r"the text has one player; a game has two or more"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(text, said):
    with pytest.raises(InputError, match=said):
        games.parse_game(text, "efg")
