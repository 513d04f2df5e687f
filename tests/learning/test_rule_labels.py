"""Several rules of one name are told apart by what differs, wherever they are shown; what was asked stays."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.cli import parsing
from nashscape.core import InputError
from nashscape.learning.labels import rule_labels

GAME = ns.games.stag_hunt()
PEERS = [ns.meta_mapg(peer=1), ns.meta_mapg(peer=3)]
KEYS = ["meta_mapg:peer=1", "meta_mapg:peer=3"]
FEW = {"n": 6, "steps": 5, "audit": False}


@pytest.mark.parametrize(
    ("rules", "labels"),
    [
        ([ns.pg(), ns.meta_mapg(peer=3)], ["pg", "meta_mapg"]),
        ([ns.pg(), *PEERS], ["pg", *KEYS]),
        ([ns.meta_mapg(), ns.meta_mapg(own=0.1, peer=2)], ["meta_mapg:own=0.35,peer=1.5", "meta_mapg:own=0.1,peer=2"]),
        ([ns.meta_mapg(inner_lr=0.5, peer=1), ns.meta_mapg(inner_lr=0.25, peer=1)],
         ["meta_mapg:inner_lr=0.5", "meta_mapg:inner_lr=0.25"]),
        ([ns.meta_mapg(peer=ns.schedules.handoff(3, at=40)), ns.meta_mapg(peer=np.float64(2))],
         ["meta_mapg:peer=handoff(3, at=40, after=0)", "meta_mapg:peer=2"]),
        ([ns.learning.per_player([ns.pg(), rule]) for rule in PEERS], [f"pg+{key}" for key in KEYS]),
        ([PEERS[0].renamed("mine"), ns.pg().renamed("mine")],
         ["mine:inner_lr=0.55,own=0.35,peer=1", "mine:inner_lr=0,own=None,peer=None"]),
    ],
)  # fmt: skip
def test_labels_say_what_differs_and_no_more(rules, labels):
    assert rule_labels(rules) == labels


def test_what_nothing_tells_apart_is_refused():
    for rules in ([ns.pg(), ns.pg()], [PEERS[0], ns.meta_mapg(peer=1.0)]):
        with pytest.raises(InputError, match=r"called the same.*no coefficient tells them apart"):
            rule_labels(rules)


@pytest.fixture(scope="module")
def found():
    return ns.entry_probability(GAME, PEERS, **FEW)


@pytest.mark.long
def test_results_tables_and_pictures_tell_them_apart(found):
    assert list(found) == [one.rule for one in found.values()] == KEYS
    assert [row[0] for row in found.table().rows] == KEYS
    [pair] = found.compare().values()
    assert (pair.rule, pair.baseline) == (KEYS[1], KEYS[0])
    assert [text.get_text() for text in pair.plot().axes[0].get_yticklabels()] == [f"{KEYS[1]} against {KEYS[0]}"]


def test_the_same_question_is_asked_as_of_one_alone(found, tmp_path):
    alone = ns.entry_probability(GAME, PEERS[1], **FEW)
    assert alone.rule == "meta_mapg"
    assert alone.question.key == found[KEYS[1]].question.key
    assert ns.load(found[KEYS[1]].save(tmp_path / "one.json")).rule == KEYS[1]


@pytest.mark.long
def test_restarts_go_on_with_those_of_the_same_label():
    how = {"runs": 3, "steps": 5, "estimator": ns.sampled(2)}
    first = ns.restarts(GAME, PEERS, budget=1, **how)
    more = ns.restarts(GAME, PEERS, budget=2, resume=first, **how)
    whole = ns.restarts(GAME, PEERS, budget=2, **how)
    assert {name: one.first_success.tolist() for name, one in more.items()} == {
        name: one.first_success.tolist() for name, one in whole.items()
    }
    with pytest.raises(InputError, match=r"another question: it differs in .*rule"):
        ns.restarts(GAME, PEERS[0], budget=2, resume=first[KEYS[1]], **how)


def test_tables_one_under_the_other_say_whose_they_are():
    found = ns.threshold(
        GAME, dial="peer", at=[0.6, 0.6], rule=[ns.meta_mapg(own=own) for own in (0.1, 0.3)], samples=5
    )
    table = found.table()
    assert [one.title.partition(": ")[0] for one in (table, *table.below)] == ["meta_mapg:own=0.1", "meta_mapg:own=0.3"]


@pytest.mark.parametrize(
    ("typed", "label"),
    [(None, KEYS[0]), (KEYS[1], KEYS[1]), ("meta-mapg:own=0.35,peer=3", KEYS[1]), ("pg", "pg")],
)
def test_a_baseline_is_found_by_its_label_or_as_it_is_typed(typed, label):
    rules = parsing.rules([*KEYS, "pg"])
    assert parsing.baseline(typed, rules) == label


@pytest.mark.parametrize("typed", ["meta_mapg", "meta_mapg:peer=2", "lola"])
def test_a_baseline_that_is_none_of_the_rules_is_refused(typed):
    with pytest.raises(InputError, match=r"baseline .*meta_mapg:peer=1"):
        parsing.baseline(typed, parsing.rules([*KEYS, "pg"]))


def test_a_rule_that_is_not_among_them_is_refused_as_a_mapping_refuses(found):
    with pytest.raises(
        InputError, match=r"^unknown rule of these results 'meta-mapg:peer=1'; did you mean 'meta_mapg:"
    ):
        found["meta-mapg:peer=1"]
    with pytest.raises(KeyError):
        found["pg"]
    assert "pg" not in found
    assert found.get("pg") is None
    assert list(found) == KEYS


@pytest.mark.parametrize("rules", ["pg", ["pg"]], ids=str)
def test_a_text_is_no_rule_but_stands_for_one(rules):
    with pytest.raises(InputError, match=r"got the text 'pg'; a rule by name is nashscape\.rule_by_name\('pg'\)"):
        ns.entry_probability(GAME, rules, **FEW)
