"""Strategies and what they do, against plays written out and matches of another library."""

import itertools
import json
from fractions import Fraction
from pathlib import Path

import pytest
from checks.pages import ROOT

from nashscape.core import InputError
from nashscape.tournaments import (
    all_automata,
    all_memory_one,
    automaton,
    classics,
    distinct,
    expected_payoffs,
    memory_one,
    minimised,
    strategy,
    strategy_catalogue,
)
from nashscape.tournaments.strategies import dual

THEIRS = json.loads(Path(__file__).with_name("axelrod_matches.json").read_text(encoding="utf-8"))


def answers(given, words):
    """What a deterministic strategy plays after each word of the other's actions, 0 for C."""
    found = []
    for word in words:
        state = 0
        for other in word:
            state = given.moves[state][int(given.cooperates[state] == 0)][other]
        found.append(int(given.cooperates[state] == 0))
    return tuple(found)


def words(length):
    return [word for size in range(length + 1) for word in itertools.product((0, 1), repeat=size)]


def labelled(states):
    """Every automaton of so many labelled states, as what it plays after words, without the room's own code."""
    for outputs in itertools.product((0, 1), repeat=states):
        for after in itertools.product(range(states), repeat=2 * states):
            told = []
            for word in words(2 * states - 1):
                state = 0
                for other in word:
                    state = after[2 * state + other]
                told.append(outputs[state])
            yield tuple(told)


@pytest.mark.parametrize(("states", "count"), [(1, 2), (2, 26), (3, 1054)])
def test_automata_are_all_behaviours_and_each_once(states, count):
    # automata of n states that differ do so within 2 n − 1 rounds
    wanted = set(labelled(states))
    found = [answers(one, words(2 * states - 1)) for one in all_automata(states)]
    assert len(found) == count
    assert set(found) == wanted
    assert len(set(found)) == len(found)


def test_memory_one_and_two_states_are_the_same_behaviours_unless_actions_slip():
    made = all_memory_one()
    assert len({tuple(one.cooperates) for one in made}) == 32
    two = {answers(one, words(3)) for one in all_automata(2)}
    assert {answers(one, words(3)) for one in made} == two
    assert len(distinct(made)) == len(two)
    assert len(distinct(made, slips=True)) == 32


def test_fewest_states_do_the_same():
    for given in [one for one in classics() if one.deterministic]:
        fewer = minimised(given)
        assert answers(fewer, words(7)) == answers(given, words(7)), given.name
        assert len(minimised(fewer).cooperates) == len(fewer.cooperates) <= len(given.cooperates)
    # one state more, which does the same as another
    assert len(minimised(automaton("C 0 1 / D 2 1 / C 0 1")).cooperates) == 2
    assert len(minimised(strategy("TFT"), slips=True).cooperates) == 2
    assert len(minimised(strategy("WSLS")).cooperates) == 2
    assert len(minimised(strategy("Random")).cooperates) == 1
    # a state that only an action by mistake leads to
    hidden = automaton("C 0 0 1 1 / D 1 1 1 1")
    assert len(minimised(hidden).cooperates) == 1
    assert len(minimised(hidden, slips=True).cooperates) == 2


def test_contrite_differs_from_tit_for_tat_only_after_a_slip():
    kinds = [strategy("TFT"), strategy("Contrite TFT")]
    assert len(distinct(kinds)) == 1
    assert len(distinct(kinds, slips=True)) == 2


def test_named_strategies_play_as_those_of_another_library():
    assert len(THEIRS["scores"]) == 378
    for pair, theirs in THEIRS["scores"].items():
        one, other = pair.split("|")
        ours = expected_payoffs(strategy(one), strategy(other), turns=40, exact=True)
        assert [40 * own for own in ours] == theirs, pair
    for name, four in THEIRS["memory_one"].items():
        assert [float(p) for p in strategy(name).cooperates] == pytest.approx([1.0, *four], abs=1e-12), name


def test_catalogue_and_documentation_list_the_same():
    rows = strategy_catalogue()
    assert len(rows) == len(classics()) == 39
    page = (ROOT / "docs/tournaments.md").read_text(encoding="utf-8")
    for row in rows:
        names = ", ".join((row.name, *row.others))
        assert f"| {names} | `{row.definition}` | {row.source.split('. ')[0]}" in page, row.name
        for name in (row.name, *row.others):
            assert strategy(name.lower().replace(" ", "-")).name == row.name
    names = [name for row in rows for name in (row.name, *row.others)]
    assert len(set(names)) == len(names)


def test_generosity_is_that_of_the_stage_game():
    assert strategy("GTFT").cooperates[2] == Fraction(1, 3)
    # T = 4, R = 3, P = 2, S = 0: min(1 − 1/3, 1/2)
    assert strategy("GTFT", [[3, 0], [4, 2]]).cooperates[2] == Fraction(1, 2)
    # T − R > R − S: nothing may be forgiven
    assert strategy("GTFT", [[3, 2], [9, "5/2"]]).cooperates[2] == 0
    with pytest.raises(InputError, match="T > R > P > S"):
        strategy("GTFT", [[4, 0], [3, 2]])


def test_texts_are_read_as_they_are_told():
    given = automaton("1/3 0 1 /\nC 2 2 / D 0 1 2 0")
    assert given.cooperates == (Fraction(1, 3), 1, 0)
    assert given.moves.tolist() == [[[0, 1], [0, 1]], [[2, 2], [2, 2]], [[0, 1], [2, 0]]]
    assert automaton(given.definition).moves.tolist() == given.moves.tolist()
    assert strategy(given.definition).cooperates == given.cooperates
    again = strategy("0.1: 1 2/3 0 1/2")
    assert again.cooperates == (Fraction(1, 10), 1, Fraction(2, 3), 0, Fraction(1, 2))
    assert strategy(again.definition).cooperates == again.cooperates


def test_the_dual_of_the_dual_is_the_strategy():
    for given in classics():
        twice = dual(dual(given))
        assert twice.cooperates == given.cooperates
        assert (twice.moves == given.moves).all()
    # it does the opposite of what the strategy would do had it done the opposite, whatever happened
    given, other = strategy("Slow TFT"), dual(strategy("Slow TFT"))
    for word in itertools.product((0, 1), repeat=8):
        state, mirrored = 0, 0
        for own, theirs in zip(word[::2], word[1::2], strict=True):
            state, mirrored = given.moves[state][own][theirs], other.moves[mirrored][1 - own][theirs]
        assert given.cooperates[state] == 1 - other.cooperates[mirrored]


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: memory_one([1, 0, 1]), "4 probabilities.*; got 3: that of the first round is first=, by default 1"),
        (lambda: memory_one([1, 0, 1, 1.5]), "from 0 to 1; got 3/2"),
        (lambda: memory_one([1, 0, 1, "x"]), "finite real number"),
        (lambda: memory_one([1, 0, 1, 0], first=-1), "from 0 to 1; got -1"),
        (lambda: automaton("C 0 1 / D 0 2"), "state 1 .* from 0 to 1; got 'D 0 2'"),
        (lambda: automaton("C 0 1 / D 0 1 1"), "2 or 4 numbers"),
        (lambda: automaton("C 0 -1"), "state 0"),
        (lambda: automaton("E 0 0"), "what a state plays"),
        (lambda: automaton("3/2 0 0"), "from 0 to 1; got 3/2"),
        (lambda: automaton(""), "a text for each state"),
        (lambda: automaton(7), "a text for each state"),
        (lambda: strategy("Grimm"), "did you mean 'Grim'"),
        (lambda: strategy(3), "got int"),
        (lambda: all_automata(4), "at most 3"),
    ],
)
def test_what_no_strategy_is_is_told(make, wrong):
    with pytest.raises(InputError, match=wrong):
        make()


def test_strategies_that_differ_by_little_are_different():
    near = [memory_one([1, 0, 1, p], name="near") for p in (0.25, 0.25 + 1e-9)]
    assert repr(near[0]) == repr(memory_one([1, 0, 1, "1/4"], name="near"))
    assert len(distinct(near)) == 2
    assert near[0].to_dict() != near[1].to_dict()
    assert strategy(near[1].definition).cooperates == near[1].cooperates
    assert strategy(near[1]) is near[1]
