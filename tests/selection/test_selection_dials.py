"""Dials: whatever varies is a change of a case, and the answer at a value is that of the case asked alone."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics.case import Case, case_of
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of, usual_rule

HUNT = ns.games.stag_hunt()
SMALL = {"n": 24, "steps": 15}


def base(rule=None, game=HUNT, **more):
    return case_of(game, rule or ns.meta_mapg(), more, starts=ns.starts.normal(std=1.0))


def same(swept, k, entry):
    np.testing.assert_array_equal(swept.results[k].labels, entry.labels)
    assert swept.results[k].question.differs(entry.question) == ()


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("peer", 3.0, {"rules": ns.meta_mapg(peer=3.0)}),
        ("inner_lr", 0.2, {"rules": ns.meta_mapg(inner_lr=0.2)}),
        ("rule.inner_lr", 0.2, {"rules": ns.meta_mapg(inner_lr=0.2)}),
        ("coupling", 0.5, {"game": ns.open_source(HUNT, 0.5), "rules": ns.pg()}),
        ("warm_up", 7, {"rules": None}),
        ("steps", 9, {"steps": 9, "rules": ns.pg()}),
        ("step_size", 0.25, {"step_size": 0.25, "rules": ns.pg()}),
        ("exponent", 0.5, {"step_size": ns.schedules.power(0.9, offset=10, exponent=0.5), "rules": ns.pg()}),
        ("step_size.offset", 20.0, {"step_size": ns.schedules.power(0.9, offset=20, exponent=0.24), "rules": ns.pg()}),
        ("threshold", 0.9, {"threshold": 0.9, "rules": ns.pg()}),
        ("std", 0.4, {"starts": ns.starts.normal(std=0.4), "rules": ns.pg()}),
        ("projection.high", 2.0, {"projection": ns.box(2.0, low=-8.0, escape=168.0), "rules": ns.pg()}),
    ],
)
def test_a_sweep_by_name_is_the_case_asked_alone(name, value, asked):
    from nashscape.learning.handing_over import handed_over

    asked = {"game": HUNT, "starts": ns.starts.normal(std=1.35), **SMALL, **asked}
    if name == "warm_up":
        asked["rules"] = handed_over(ns.meta_mapg(), 7)
    found = ns.sweep(HUNT, name, [value], starts=ns.starts.normal(std=1.35), **SMALL)
    same(found, 0, ns.entry_probability(asked.pop("game"), asked.pop("rules"), **asked))
    assert (found.parameter, found.question["parameter"]) == (name, name)


def test_a_batch_is_a_whole_number_of_the_estimator():
    found = ns.sweep(HUNT, "batch", [4, 32], rule=ns.pg(), estimator=ns.sampled(batch=8), **SMALL)
    for k, batch in enumerate((4, 32)):
        same(found, k, ns.entry_probability(HUNT, ns.pg(), estimator=ns.sampled(batch=batch), **SMALL))
    with pytest.raises(InputError, match="Exact has no batch, so that there is no estimator"):
        ns.sweep(HUNT, "batch", [4], **SMALL)


@pytest.mark.long
def test_steps_ahead_and_strength_are_dials():
    unrolled = ns.sweep(HUNT, "steps_ahead", [1, 3], rule=ns.learning.unrolled_meta_mapg(), **SMALL)
    same(unrolled, 1, ns.entry_probability(HUNT, ns.learning.unrolled_meta_mapg(steps_ahead=3), **SMALL))
    with pytest.raises(InputError, match="Independent has no strength"):
        ns.sweep(HUNT, "strength", [1.0], **SMALL)


@pytest.mark.parametrize(
    ("function", "asked"),
    [
        (lambda v: ns.games.stag_hunt(P=v), (ns.games.stag_hunt(P=1.5), ns.pg())),
        (lambda v: ns.lola(inner_lr=v), (HUNT, ns.lola(inner_lr=1.5))),
        (lambda v: (ns.games.stag_hunt(P=v), ns.lola(inner_lr=v)), (ns.games.stag_hunt(P=1.5), ns.lola(inner_lr=1.5))),
    ],
)
def test_a_function_of_a_value_gives_games_rules_or_both(function, asked):
    same(ns.sweep(HUNT, function, [1.5], **SMALL), 0, ns.entry_probability(*asked, **SMALL))


def test_a_function_may_change_anything_by_name():
    found = ns.sweep(
        HUNT, lambda v: {"starts": ns.starts.uniform(-v, v), "steps": 7}, [2.0], parameter="reach", **SMALL
    )
    same(found, 0, ns.entry_probability(HUNT, ns.pg(), starts=ns.starts.uniform(-2.0, 2.0), n=24, steps=7))
    assert found.parameter == "reach"
    with pytest.raises(InputError, match="unknown part of a case 'stats'; did you mean 'starts'"):
        ns.sweep(HUNT, lambda v: {"stats": 1}, [2.0], **SMALL)


def test_several_rules_are_swept_at_once():
    rules = [ns.meta_mapg(), ns.peer_only()]
    found = ns.sweep(HUNT, "peer", [0.5, 2.0], rule=rules, **SMALL)
    assert list(found) == ["meta_mapg", "peer_only"]
    for rule in rules:
        alone = ns.sweep(HUNT, "peer", [0.5, 2.0], rule=rule, **SMALL)
        assert found[rule.name].question == alone.question
        assert found[rule.name].estimates == alone.estimates


def test_two_dials_of_one_name_are_two_questions():
    one, other = (
        ns.sweep(HUNT, Dial("d", lambda case, v, k=k: case.but(step_size=k * v)), [0.1], **SMALL) for k in (1.0, 2.0)
    )
    assert one.question.key != other.question.key
    assert one.question.differs(other.question) == ("step_size", "dial.turn")


@pytest.mark.long
def test_a_dial_of_ones_own_is_steered_by():
    noise = Dial("tempered", lambda case, v: case.but(step_size=v), low=0.01, high=0.5)
    found = ns.steer(HUNT, noise, "CC", 0.2, rule=ns.pg(), grid=9, scan=3, steps=20)
    assert found.parameter == "tempered"
    assert found.searched == (0.01, 0.5)


@pytest.mark.parametrize("name", DIALS)
def test_dials_say_what_they_are(name):
    dial = dial_of(name)
    assert dial.name == name
    assert dial.low is not None


def test_paths_end_at_numbers():
    case = base()
    for path, said in {
        "rule.name": "is no number here but 'meta_mapg'",
        "rule.colour": "TermRule has no colour",
        "game.game.payoffs": r"array of shape \(2, 2, 2\)",
    }.items():
        with pytest.raises(InputError, match=f"at {path} = 1: .*{said}"):
            dial_of(path)(case, 1.0)
    with pytest.raises(InputError, match="steps is a whole number; got 1"):
        Dial("any", dial_of("steps").turn)(case, 1.5)
    with pytest.raises(InputError, match=r"unknown parameter 'pear'; did you mean 'peer'.* by its path: rule\.pear"):
        dial_of("pear")
    with pytest.raises(InputError, match="the turn of dial bad gives a case"):
        Dial("bad", lambda case, value: value)(case, 1.0)
    with pytest.raises(InputError, match="what varies here is a game or a rule, and never step_size"):
        ns.phase_diagram(HUNT, [0.1], dial=Dial("size", lambda case, value: case.but(step_size=value)), n=2, steps=2)
    with pytest.raises(InputError, match="follow is true or false; got 50"):
        base(settling=ns.Settling(follow=50))
    with pytest.raises(InputError, match="compare takes entries or maps"):
        ns.compare(
            ns.restarts(HUNT, ns.pg(), runs=2, budget=2, steps=5), ns.restarts(HUNT, ns.pg(), runs=2, budget=2, steps=5)
        )


def test_semantics_are_a_part_of_the_game_by_path_and_by_name():
    open_hunt = ns.open_source(HUNT, 0.5)
    case = case_of(open_hunt, ns.pg())
    assert case.but(semantics=ns.open_source(HUNT, 0.2).semantics).game.semantics.matrix[0, 1] == 0.2
    swept = ns.sweep(HUNT, lambda v: {"semantics": ns.open_source(HUNT, v).semantics}, [0.4], **SMALL)
    same(swept, 0, ns.entry_probability(ns.open_source(HUNT, 0.4), ns.pg(), **SMALL))
    with pytest.raises(InputError, match="Coupled has no reading"):
        dial_of("semantics.reading")(case, 1.0)


def test_usual_rules():
    assert [usual_rule(name).name for name in ("peer", "lookahead", "coupling", "batch")] == [
        "meta_mapg", "lola", "pg", "pg",
    ]  # fmt: skip


def test_a_case_checks_what_can_be_checked_alone():
    with pytest.raises(InputError, match="unknown option 'stepsize'; did you mean 'step_size'"):
        base(stepsize=1.0)
    with pytest.raises(InputError, match="expected a rule"):
        Case(ns.parametric(HUNT), ns.pg)
    with pytest.raises(InputError, match="expected starts"):
        case_of(HUNT, ns.pg(), starts=3)
    with pytest.raises(InputError, match="steps"):
        base(steps=0)
    one = base()
    assert one.but(steps=9).steps == 9
    assert one.but(chunk=3, progress=print).question("any") == one.question("any")
