"""Targets and looks at behaviour as texts and tables: each is what Python makes, and what is wrong is said."""

import pytest

import nashscape as ns
from nashscape import InputError, environments
from nashscape.dynamics import Settling, behaviour, choose_targets, observing
from nashscape.dynamics.playing.behaviour_texts import behaviour_of
from nashscape.studies.settings import setting

COINS = environments.coin_game(limit=8)
SAME = {
    "both hunt: share of C >= 0.8 of least": behaviour("both hunt", "share of C", at_least=0.8, of="least"),
    "share of left<=.2 of red": behaviour("share of left<=.2 of red", "share of left", at_most=0.2, of="red"),
    "return >= -1e1": behaviour("return >= -1e1", at_least=-10.0),
    "some : payoff >= 0.1 <= 0.2": behaviour("some", "payoff", at_least=0.1, at_most=0.2),
    "some: payoff <= 0.2 >= 0.1 of sum": behaviour("some", "payoff", at_least=0.1, at_most=0.2, of="sum"),
}


@pytest.mark.parametrize("text", SAME)
def test_a_text_is_the_behaviour_that_python_makes(text):
    assert behaviour_of(text) == SAME[text]
    assert setting("target", text) == SAME[text]


def test_tables_texts_and_objects_are_targets_side_by_side():
    table = {"name": "takes", "measure": "own_coins", "at_least": 2, "of": 0}
    chosen = choose_targets(COINS, [table, "return >= 1 of blue", behaviour("all", at_most=3.0)])
    assert chosen[0] == behaviour("takes", "own_coins", at_least=2.0, of=0)
    assert [one.name for one in chosen] == ["takes", "return >= 1 of blue", "all"]
    assert tuple(setting("targets", [table, "return >= 1 of blue"])) == chosen[:2]
    assert choose_targets(COINS, table) == chosen[:1]
    assert choose_targets(COINS, "return >= 1 of blue") == chosen[1:2]


REFUSED = {
    "no bound": ("CC", "only played, so that targets are seen in behaviour.* got 'CC'"),
    "no number": ("return >= much", "a behaviour is written 'NAME: MEASURE >= NUMBER of WHOM'.*got 'return >= much'"),
    "one side twice": ("return >= 1 >= 2", "a behaviour is written"),
    "no measure": ("wins: >= 1", "a behaviour is written"),
    "the wrong way round": ("return >= 2 <= 1", "nothing lies between"),
    "nobody": ("return >= 1 of green", "unknown player of coin_game 'green'.*Known: blue, least, mean, most, red, sum"),
    "a kind of mean": ("return >= 1 of lest", "did you mean 'least'"),
    "a key": ({"name": "wins", "at_lest": 1}, "unknown option of behaviour 'at_lest'; did you mean 'at_least'"),
    "no name": ({"measure": "return", "at_least": 1}, "behaviour needs name"),
    "a number": (3, "seen in behaviour.*got 3"),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_seen_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        choose_targets(COINS, [given])


def test_a_behaviour_is_no_target_of_a_game_that_is_computed():
    with pytest.raises(InputError, match=r"'return >= 1' is seen in play, and stag_hunt is computed.*played:game="):
        choose_targets(ns.games.stag_hunt(), setting("targets", ["return >= 1"]))


def test_settling_is_told_by_what_is_named():
    assert setting("settling", "episodes=64,moments=4") == observing(64, 4)
    assert setting("settling", {"episodes": 64, "greedy": 0}) == observing(64, greedy=0)
    assert setting("settling", "regret=0.05") == Settling(regret=0.05)
    with pytest.raises(InputError, match="unknown option of settling 'episode'; did you mean 'episodes'"):
        setting("settling", "episode=6")
    with pytest.raises(InputError, match="regret is of games that are computed"):
        setting("settling", "episodes=6,regret=0.1")
    with pytest.raises(InputError, match="moments must be"):
        setting("settling", "moments=1")


def test_how_behaviour_is_looked_at_says_nothing_of_a_game_that_is_computed():
    with pytest.raises(InputError, match="stag_hunt is computed, so that runs are seen to settle"):
        ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=4, settling=observing())
