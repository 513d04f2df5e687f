"""All that is wrong with a study is told at once, each fault at its place, with the nearest name that is right."""

import pickle

import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.core.options import taken
from nashscape.studies import Study
from nashscape.studies.faults import MOST, Fault, Faults, StudyError, placed, written
from nashscape.studies.settings import setting
from nashscape.studies.toml_files import study_from_text

HUNT = {"game": "stag_hunt"}

PLACES = {
    "a name": ({"fixed": HUNT, "name": "a b"}, ("name",), "letters"),
    "a seed": ({"fixed": HUNT, "seed": -1}, ("seed",), "seed"),
    "replicates": ({"fixed": HUNT, "replicates": 0}, ("replicates",), "at least 1"),
    "what is fixed": ({"fixed": 3}, ("fixed",), "table"),
    "a setting of nothing": ({"fixed": HUNT | {"peeer": 1}}, ("fixed", "peeer"), "did you mean 'peer'"),
    "a parameter": ({"fixed": HUNT | {"game.TT": 1}}, ("fixed", "game.TT"), "did you mean 'game.T'"),
    "a path": ({"fixed": HUNT | {"estimater.batch": 8}}, ("fixed", "estimater.batch"), "unknown setting"),
    "an option of another verb": ({"fixed": HUNT | {"budget": 9}}, ("fixed", "budget"), "nothing that is measured"),
    "a seed among settings": ({"fixed": HUNT | {"seed": 9}}, ("fixed", "seed"), "study's own"),
    "a game": ({"fixed": {"game": "stag_hnt"}}, ("fixed", "game"), "did you mean 'stag_hunt'"),
    "no game": ({"fixed": {"rule": "pg"}}, ("fixed", "game"), "needs a game"),
    "a number for a game": ({"fixed": {"game": 3}}, ("fixed", "game"), "a game is a name"),
    "a payoff that is none": ({"fixed": HUNT | {"game.T": 99.0}}, ("fixed", "game.T"), "needs R > T"),
    "a number for an estimator": ({"fixed": HUNT | {"estimator": 3}}, ("fixed", "estimator"), "is a text"),
    "a truth value for a number": ({"fixed": HUNT | {"threshold": True}}, ("fixed", "threshold"), "finite number"),
    "no number": ({"fixed": HUNT | {"rule": "lola", "peer": float("nan")}}, ("fixed", "peer"), "finite number"),
    "half an update": ({"fixed": HUNT | {"steps": 2.5}}, ("fixed", "steps"), "whole number"),
    "an outcome": ({"fixed": HUNT | {"targets": "CX"}}, ("fixed", "targets"), "CX"),
    "a dial of a rule without it": ({"fixed": HUNT | {"rule": "pg", "peer": 1.0}}, ("fixed", "peer"), "no peer"),
    "what varies": ({"fixed": HUNT, "vary": 3}, ("vary",), "list of blocks"),
    "what is measured": ({"fixed": HUNT, "measure": 3}, ("measure",), "list of names"),
    "nothing is measured": ({"fixed": HUNT, "measure": []}, ("measure",), "measures something"),
    "a block": ({"fixed": HUNT, "vary": [3]}, ("vary", 0), "table of names"),
    "an empty block": ({"fixed": HUNT, "vary": [{"n": [1]}, {}]}, ("vary", 1), "names nothing"),
    "a design": ({"fixed": HUNT, "vary": [{"design": "sobbol"}]}, ("vary", 0, "design"), "'sobol'"),
    "a word of a range": (
        {"fixed": HUNT, "vary": [{"n": {"from": 1, "to": 2, "cuont": 3}}]}, ("vary", 0, "n", "cuont"), "'count'"
    ),
    "an end of a range": (
        {"fixed": HUNT, "vary": [{"n": {"from": "1", "to": 2, "count": 3}}]}, ("vary", 0, "n", "from"), "finite number"
    ),
    "a value of many": (
        {"fixed": HUNT, "vary": [{"n": [1, 2]}, {"rule": ["pg", "lola", "lolla"]}]}, ("vary", 1, "rule", 2), "'lola'"
    ),
    "a name twice": ({"fixed": HUNT, "vary": [{"n": [1]}, {"n": [2]}]}, ("vary", 1, "n"), "varies twice"),
    "fixed and varied": ({"fixed": HUNT | {"n": 3}, "vary": [{"n": [1]}]}, ("vary", 0, "n"), "it varies"),
    "a measure": ({"fixed": HUNT, "measure": ["outcomes", "welfar"]}, ("measure", 1), "'welfare'"),
    "a measure in a table": (
        {"fixed": HUNT, "measure": ["outcomes", {"what": "welfar"}]}, ("measure", 1, "what"), "'welfare'"
    ),
    "a verb": ({"fixed": HUNT, "measure": [{"verb": "basinmap"}]}, ("measure", 0, "verb"), "'basin_map'"),
    "an option of a measure": (
        {"fixed": HUNT, "measure": {"what": "outcomes", "grdi": 5}}, ("measure", 0, "grdi"), "'grid'"
    ),
    "a number below the least": (
        {"fixed": HUNT, "measure": {"what": "outcomes", "grid": 1}}, ("measure", 0, "grid"), "at least 2"
    ),
    "a number above the most": ({"fixed": HUNT | {"level": 1.5}}, ("fixed", "level"), "at most 1"),
    "a step backwards": ({"fixed": HUNT | {"step_size": -0.5}}, ("fixed", "step_size"), "above 0"),
    "what one cannot sample": (
        {"fixed": HUNT | {"estimator": "sampled:batch=8", "rule": "exact_lola"}}, ("fixed", "estimator"), "exact()"
    ),
    "a value of a measure": ({"fixed": HUNT, "measure": {"what": "outcomes", "n": "x"}}, ("measure", 0, "n"), "whole"),
    "what is kept": ({"fixed": HUNT, "measure": {"what": "outcomes", "keep": "run"}}, ("measure", 0, "keep"), "'runs'"),
    "a word of until": (
        {"fixed": HUNT, "measure": {"what": "outcomes", "until": {"quantity": "share", "width": 0.1, "mots": 3}}},
        ("measure", 0, "until", "mots"), "'most'",
    ),
    "a width": (
        {"fixed": HUNT, "measure": {"what": "outcomes", "until": {"quantity": "share", "width": -1}}},
        ("measure", 0, "until", "width"), "above 0",
    ),
    "two measures of one name": (
        {"fixed": HUNT, "measure": [{"what": "outcomes"}, {"what": "welfare", "n": 9}]}, ("measure", 1), "called"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "place", "words"), PLACES.values(), ids=PLACES)
def test_a_fault_has_its_place_and_the_nearest_name(given, place, words):
    with pytest.raises(StudyError) as caught:
        Study(**{"name": "test"} | given)
    [fault] = caught.value.faults
    assert fault.place == place
    assert words in fault.words


def test_all_faults_are_told_at_once():
    with pytest.raises(StudyError) as caught:
        Study(
            "test",
            fixed={"game": "stag_hnt", "n": 0.5, "stepz": 3},
            vary=[{"rule": ["pg", "lolla", "meta_mapgg"]}],
            measure=[{"what": "outcomes", "treshold": 0.9}],
        )
    places = [own.place for own in caught.value.faults]
    assert sorted(places, key=str) == sorted(
        [
            ("fixed", "game"), ("fixed", "n"), ("fixed", "stepz"), ("vary", 0, "rule", 1), ("vary", 0, "rule", 2),
            ("measure", 0, "treshold"),
        ], key=str,
    )  # fmt: skip
    assert len(str(caught.value).splitlines()) == len(places)


def test_a_block_that_is_wrong_hides_no_other_fault():
    with pytest.raises(StudyError) as caught:
        Study(
            "test",
            HUNT | {"stepz": 3, "rule": "lolla"},
            vary=[{"game": [], "level": []}, {"n": [2, 0.5]}, {"n": [7]}, 3],
            measure=["outcomes"],
        )
    assert {own.place for own in caught.value.faults} == {
        ("vary", 0, "game"), ("vary", 0, "level"), ("vary", 2, "n"), ("vary", 3), ("fixed", "stepz"), ("fixed", "rule"),
        ("vary", 1, "n", 1),
    }  # fmt: skip


def test_a_fault_of_two_measures_is_told_once_and_many_are_counted():
    with pytest.raises(StudyError) as caught:
        Study("test", HUNT | {"rule": "lolla"}, measure=["outcomes", {"what": "restarts", "budget": 3}])
    assert [own.place for own in caught.value.faults] == [("fixed", "rule")]
    with pytest.raises(StudyError) as many:
        Study("test", HUNT, vary=[{"rule": [f"no_rule_{k}" for k in range(5_000)]}])
    assert len(many.value.faults) == MOST + 1
    assert str(many.value).splitlines()[-1] == "and 1 more"


def test_faults_are_moved_kept_and_sent_to_other_processes():
    faults = Faults()
    with faults.at("vary", 1), placed("n", "from"):
        raise InputError("wrong")
    with faults.at("fixed"):
        pass
    with pytest.raises(StudyError) as caught:
        faults.check()
    assert caught.value.faults == (Fault(("vary", 1, "n", "from"), "wrong"),)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.faults, str(again)) == (caught.value.faults, "vary[1].n.from: wrong")
    assert written(("fixed", "game.T")) == 'fixed."game.T"'


def test_a_dial_that_is_an_option_of_another_verb_is_a_dial():
    study = Study("test", HUNT | {"rule": "meta_mapg"}, vary=[{"warm_up": [1, 5]}])
    assert len({study.item(place).key for place in study.places()}) == 2


@pytest.mark.parametrize("verb", ["basin_map", "entry_probability", "restarts", "flow_map"])
def test_what_the_table_of_options_refuses_the_verb_refuses_too(verb):
    asked = 0
    for name, row in taken(verb).items():
        ends = ((row.least, -1, "at least"), (row.most, 1, "at most"))
        beyond = [(end + way, words) for end, way, words in ends if end is not None]
        if name in ("chunk", "seed") or row.type not in ("int", "float"):
            continue
        for value, words in beyond:
            asked += 1
            rule = () if verb == "flow_map" else (ns.pg(),)
            with pytest.raises(InputError):
                getattr(ns, verb)(ns.games.stag_hunt(), *rule, **{name: type(row.default or 0)(value)})
            with pytest.raises(InputError, match=words):
                setting(name, value, row)
    assert asked > 2


def test_other_errors_are_no_faults():
    faults = Faults()
    with pytest.raises(ZeroDivisionError), faults.at("fixed"):
        _ = 1 / 0
    faults.check()


MINE = """\
from collections.abc import Sequence
from typing import Literal


def drawn(game, *, times: int, share: float = 0.5, kind: Literal["a", "b"] = "a", which: Sequence[str] = (),
          ends: tuple[float, float] | None = None, often=3, loud=False, seed: int = 0):
    raise AssertionError("nothing runs")


def hunt(T=3.0):
    raise AssertionError("nothing runs")
"""
FILE = """\
[study]
name = "own"
[fixed]
game = "stag_hunt"
share = 0.25
[[vary]]
often = [1, 2.5]
[[measure]]
verb = "mine.py:drawn"
what = "numbers"
times = 3
"""

WRONG_ARGUMENTS = {
    "misspelt": ("times = 3", "times = 3\nknid = 'b'", "line 12: measure[0].knid", "did you mean 'kind'"),
    "misspelt under what is fixed": ("share =", "shar =", "line 5: fixed.shar", "did you mean 'share'"),
    "misspelt where it varies": ("often =", "oftn =", "line 7: vary[0].oftn", "did you mean 'often'"),
    "another verb's": ("share = 0.25", "steps = 40", "line 5: fixed.steps", "mine.py:drawn does not"),
    "left out": ("times = 3\n", "", "line 8: measure[0]", "mine.py:drawn needs times; say times = …"),
    "a text for a whole number": ("times = 3", "times = 'x'", "line 11: measure[0].times", "a whole number; got 'x'"),
    "half a whole number": ("times = 3", "times = 2.5", "line 11: measure[0].times", "a whole number; got 2.5"),
    "a truth value for a number": ("share = 0.25", "share = true", "line 5: fixed.share", "is a number; got True"),
    "none of the choices": ("times = 3", "times = 3\nkind = 'c'", "line 12: measure[0].kind", "'a' or 'b'; got 'c'"),
    "a number in a list of texts": (
        "times = 3", "times = 3\nwhich = ['a', 1]", "line 12: measure[0].which", "each is a text; got ['a', 1]"
    ),
    "three ends": ("times = 3", "times = 3\nends = [1, 2, 3]", "line 12: measure[0].ends", "got [1, 2, 3]"),
    "by its default": ("[1, 2.5]", "[1, 'x']", "line 7: vary[0].often[1]", "often is a number; got 'x'"),
    "a game's": ('"stag_hunt"', '"mine.py:hunt:TT=2"', "line 4: fixed.game", "of hunt 'TT'; did you mean 'T'"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_ARGUMENTS)
def test_arguments_of_a_function_in_a_file_are_checked_by_its_signature(tmp_path, what):
    right, wrong, place, words = WRONG_ARGUMENTS[what]
    (tmp_path / "mine.py").write_text(MINE)
    assert FILE.count(right) == 1
    with pytest.raises(StudyError) as told:
        study_from_text(FILE.replace(right, wrong), str(tmp_path))
    [line] = [line for line in str(told.value).splitlines() if f"{place}: " in line]
    assert words in line


def test_arguments_of_a_function_are_what_its_signature_says(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    more = "times = 3.0\nwhich = ['a']\nends = [1, 2]\nkind = 'b'\nloud = true\n"
    one = study_from_text(FILE.replace("times = 3\n", more), str(tmp_path))
    [call] = [one.readied[0].call(point, 7).options for point in [{"often": 2.5}]]
    assert call == {
        "times": 3, "share": 0.25, "which": ["a"], "ends": (1.0, 2.0), "kind": "b", "loud": True, "often": 2.5,
        "seed": 7,
    }  # fmt: skip
    assert type(call["times"]) is int
    # one number, however it is written, is one question
    other = study_from_text(FILE.replace("times = 3\n", more.replace("3.0", "3")), str(tmp_path))
    assert next(map(one.item, one.places())).key == next(map(other.item, other.places())).key


def test_arguments_of_verbs_outside_the_table_are_checked_too():
    faults = {
        "within": "within is a whole number; got 'x'", "independent": "independent is true or false; got 3",
        "by": "by is a list of which each is a text; got [1]",
    }  # fmt: skip
    given = {"within": "x", "independent": 3, "by": [1], "against": "pg", "grid": 3}
    with pytest.raises(StudyError) as told:
        Study("own", HUNT, measure=[{"what": "predictors", **given}])
    assert {fault.place[-1]: fault.words for fault in told.value.faults} == faults
    with pytest.raises(StudyError, match="gain needs against; say against = …"):
        Study("own", HUNT, measure=["gain"])
