"""Trees in files as their reduced normal form: against sums over all plays, and games of public reports."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import gambit_texts

from nashscape import InputError, games
from nashscape.games.exchange import trees


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


class Drawn:
    """A random tree of three players, with its text and the payoffs of strategies by following them."""

    def __init__(self, seed):
        self.draws = np.random.default_rng(seed)
        self.sets, self.lines, self.outcomes = {}, [], 0
        self.root = self.node(0, ())

    def node(self, depth, past):
        """A node as (mover, set, chances, payoffs, branches), its line first."""
        draws, mover = self.draws, int(self.draws.integers(-1, 3)) if depth < 4 else None
        if mover is not None and draws.random() < 0.2 * depth:
            mover = None
        payoffs, said = None, "0"
        if mover is None or draws.random() < 0.3:
            payoffs, self.outcomes = [Fraction(int(x), 6) for x in draws.integers(-20, 20, 3)], self.outcomes + 1
            said = f'{self.outcomes} "" {{ {" ".join(map(str, payoffs))} }}'
        if mover is None:
            self.lines.append(f't "" {said}')
            return None, None, None, payoffs, []
        size = int(draws.integers(2, 4))
        if mover < 0:
            shares = draws.integers(0, 4, size)
            chances = [Fraction(int(x), max(1, int(shares.sum()))) for x in shares] if shares.sum() else [
                Fraction(1), *[Fraction(0)] * (size - 1)]  # fmt: skip
            self.lines.append(f'c "" {len(self.lines) + 1} "" {{ {" ".join(map(str, chances))} }} {said}')
            each = [(place, chance) for place, chance in enumerate(chances)]
            return -1, None, chances, payoffs, [self.node(depth + 1, past) for _ in each]
        # what a player knows is what it did itself, and sometimes how many moves there were
        own = (mover, size, tuple(a for who, a in past if who == mover), len(past) if draws.random() < 0.5 else None)
        number = self.sets.setdefault(own, len(self.sets) + 1)
        actions = " ".join(f'"{number}.{k}"' for k in range(size))
        self.lines.append(f'p "" {mover + 1} {number} "" {{ {actions} }} {said}')
        below = [self.node(depth + 1, (*past, (mover, (number, k)))) for k in range(size)]
        return mover, number, None, payoffs, below

    @property
    def text(self):
        return 'EFG 2 R "" { "A" "B" "C" }\n' + "\n".join(self.lines)

    def payoffs(self, plans):
        """What is got when every player does what its plan says, set by set."""

        def below(node):
            mover, number, chances, payoffs, branches = node
            here = np.array(payoffs or [Fraction(0)] * 3, dtype=object)
            if mover is None:
                return here
            if mover < 0:
                return here + sum(p * below(branch) for p, branch in zip(chances, branches, strict=True))
            return here + below(branches[plans[mover][number]])

        return below(self.root)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 5, 6, 7, 8, 9, 10])
def test_every_plan_pays_what_following_it_through_the_tree_does(seed):
    drawn = Drawn(seed)
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
        assert game.fractions[(slice(None), *place)].tolist() == drawn.payoffs(plans).tolist()
    assert all(len(own) > 1 or len(names) == 1 for own, names in zip(met, game.actions, strict=True))


def test_who_forgets_does_the_same_twice():
    game = parsed(gambit_texts.FORGOTTEN)
    # "on" leads to x, y or z, and after x to the same set again, where "on" is done again
    assert game.actions == (("on k", "on l", "off k", "off l"), ("x", "y", "z"))
    assert game.payoffs[0].tolist() == [[1, 5, 9], [1, 7, 9], [11] * 3, [13] * 3]


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
