"""Functions that users call say what is wrong with a call."""

import inspect
import pickle

import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.core.calls import given, public


@public(colour="shades are grey")
def shade(image, depth=1, *, size=2):
    """Add two numbers, one of which may be a text."""
    return depth + size


@public()
def plain():
    return 0


WRONG = {
    "unknown": (lambda: shade("a", deep=1), r"of shade 'deep'; did you mean 'depth'\? Known: depth, image, size"),
    "with a reason": (lambda: shade("a", colour=1), "shade takes no colour: shades are grey"),
    "missing": (lambda: shade(depth=1), r"shade needs image, as in shade\(image\)"),
    "too many": (lambda: shade("a", 1, 2), r"takes image, depth by position; got 3 .* as in shade\(…, size=…\)"),
    "twice": (lambda: shade("a", image="b"), "shade is given image twice"),
    "no options": (lambda: plain(depth=1), "plain takes no options; got 'depth'"),
    "of a game": (lambda: ns.games.stag_hunt(TT=3), "unknown option of stag_hunt 'TT'; did you mean 'T'"),
    "of a rule": (lambda: ns.lola(inner=3), "unknown option of lola 'inner'; did you mean 'inner_lr'"),
    "of starts": (lambda: ns.starts.normal(sd=3), "unknown option of normal 'sd'; did you mean 'std'"),
    "of a schedule": (lambda: ns.schedules.handoff(3, an=4), "unknown option of handoff 'an'"),
    "of a reducer": (lambda: ns.reducers.welfare(ovr="run"), "unknown option of welfare 'ovr'; did you mean 'over'"),
    "of a verb": (lambda: ns.basin_map(ns.games.stag_hunt()), r"basin_map needs rules, as in basin_map\(game, rules\)"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(call, message):
    with pytest.raises(InputError, match=message) as caught:
        call()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_errors_from_within_stay_what_they_are():
    with pytest.raises(TypeError, match="can only concatenate"):
        shade("a", depth="b")


def test_a_right_call_is_the_call():
    assert shade("a", 2, size=3) == 5
    assert [*inspect.signature(shade).parameters] == ["image", "depth", "size"]
    assert shade.__doc__.startswith("Add")
    assert pickle.loads(pickle.dumps(ns.basin_map)) is ns.basin_map


def test_what_was_given_is_what_is_not_none():
    assert given({"a": 0, "b": None, "c": False, "d": 1}, ["a", "b", "c", "e"]) == {"a": 0, "c": False}
