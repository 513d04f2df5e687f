"""Code that came to read other values is computed with those values, in every verb, as in a fresh process."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.tracing.code_changes import notice

HUNT = ns.games.stag_hunt()
RATE = 0.3
HOLDS = {"rate": 0.3}
ROWS = np.full(3, 0.3)


class Thing:
    """An object with a number."""

    rate = 0.3


THING = Thing()


def rate():
    return 0.3


def by_global(step):
    return RATE / (step + 1.0) ** 0.0


def by_dict(step):
    return HOLDS["rate"] / (step + 1.0) ** 0.0


def by_array(step):
    return jnp.asarray(ROWS)[0] / (step + 1.0) ** 0.0


def by_object(step):
    return THING.rate / (step + 1.0) ** 0.0


def by_function(step):
    return rate() / (step + 1.0) ** 0.0


def slow():
    return 0.01


CHANGES = {
    "global": (by_global, lambda patch: patch.setitem(globals(), "RATE", 0.01)),
    "dict": (by_dict, lambda patch: patch.setitem(HOLDS, "rate", 0.01)),
    "array": (by_array, lambda patch: patch.setitem(globals(), "ROWS", np.full(3, 0.01))),
    "object": (by_object, lambda patch: patch.setattr(THING, "rate", 0.01, raising=False)),
    "function": (by_function, lambda patch: patch.setitem(globals(), "rate", slow)),
}


def runs(step_size):
    asked = {"steps": 25, "step_size": step_size}
    entry = ns.entry_probability(HUNT, ns.pg(), n=20, reducers=ns.dynamics.reducers.last_profile(), **asked)
    path = ns.simulate(HUNT, ns.pg(), [0.6, 0.7], **asked)
    return [entry.reduced["last_profile"], path.theta, path.theta[-1]], entry.question


@pytest.mark.long
@pytest.mark.parametrize("case", CHANGES)
def test_step_sizes_that_read_other_values_are_followed(case, monkeypatch):
    schedule, change = CHANGES[case]
    first, question = runs(schedule)
    change(monkeypatch)
    second, other = runs(schedule)
    wanted, _ = runs(0.01)
    for before, after, right in zip(first, second, wanted, strict=True):
        np.testing.assert_allclose(after, right, rtol=1e-6)
        assert np.abs(before - after).max() > 1e-3
    assert question.differs(other) == ("step_size",)


@pytest.mark.long
def test_an_array_that_is_written_to_is_seen(monkeypatch):
    first, _ = runs(by_array)
    monkeypatch.setitem(globals(), "ROWS", ROWS.copy())
    runs(by_array)
    ROWS[:] = 0.01
    second, _ = runs(by_array)
    np.testing.assert_allclose(second[1], runs(0.01)[0][1], rtol=1e-6)
    assert np.abs(first[1] - second[1]).max() > 1e-3


SIGN = 1.0


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Signed(ns.learning.Rule):
    """The gradient, or against it."""

    name: str = field(default="signed", metadata={"static": True})
    sources = ()

    def init(self, theta):
        return ()

    def update(self, oracle, state, step):
        return SIGN * oracle.terms().base, state


def payoffs(points, _):
    (x,), (y,) = points
    return jnp.stack([-((x - SIGN) ** 2) + 0 * y, -((y - SIGN) ** 2) + 0 * x])


GAME = ns.games.differentiable(payoffs, sizes=[1, 1], bounds=([-2, -2], [2, 2]))


@pytest.mark.long
def test_rules_and_games_that_read_other_values_are_followed(monkeypatch):
    rising = ns.entry_probability(HUNT, Signed(), n=20, steps=60)
    moved = ns.simulate(GAME, ns.pg(), [[0.0], [0.0]], steps=60, targets=[])
    explained = ns.alignment(HUNT, Signed(), grid=3)
    monkeypatch.setitem(globals(), "SIGN", -1.0)
    falling = ns.entry_probability(HUNT, Signed(), n=20, steps=60)
    back = ns.simulate(GAME, ns.pg(), [[0.0], [0.0]], steps=60, targets=[])
    against = ns.alignment(HUNT, Signed(), grid=3)
    assert rising.at_step("CC").value + rising.at_step("DD").value > 0.9
    assert falling.at_step("CC").value + falling.at_step("DD").value < 0.5
    np.testing.assert_allclose(moved.theta[-1], 1.0, atol=0.01)
    np.testing.assert_allclose(back.theta[-1], -1.0, atol=0.01)
    np.testing.assert_allclose(explained.projections["total"], -against.projections["total"], rtol=1e-6)


@pytest.mark.long
def test_nothing_is_forgotten_where_nothing_changed():
    ns.entry_probability(HUNT, Signed(), n=20, steps=61)
    again = ns.entry_probability(HUNT, Signed(), n=20, steps=62, seed=1)
    assert again.provenance.compile_seconds == 0
    notice(by_global)
    assert notice(by_global) is False


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Broken(Signed):
    def update(self, oracle, state, step):
        return (oracle.terms().base if oracle.theta[0] > 0 else oracle.theta), state


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Growing(Signed):
    def init(self, theta):
        return jnp.int32(0)

    def update(self, oracle, state, step):
        return oracle.terms().base, state + 0.5


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            Broken(),
            "one update cannot be compiled, TracerBoolConversionError: .*code of yours in rule: nashscape.testing",
        ),
        (Growing(), "does not keep its shapes and types: .*in rule"),
        (Signed(0.5), "the name of a rule is a text; got 0.5"),
    ],
)
def test_what_cannot_be_traced_is_said_in_words(rule, said):
    with pytest.raises(InputError, match=said):
        ns.entry_probability(HUNT, rule, n=4, steps=5)


@pytest.mark.long
def test_hosted_players_and_rules_are_compared_by_their_shares():
    class Always:
        def act(self):
            return "C"

        def observe(self, actions, payoffs):
            pass

    always: Any = ns.dynamics.hosted(lambda run, random: [Always(), Always()], "always")
    both = ns.entry_probability(HUNT, [ns.pg(), always], n=60, steps=200)
    with pytest.raises(InputError, match="say independent=True"):
        ns.compare(both["always"], both["pg"])
    found = ns.compare(both["always"], both["pg"], "CC", independent=True)
    assert found.share.value == 1.0
    assert found.p_value < 1e-6
    with pytest.raises(InputError, match="know no grid of starts"):
        ns.basin_map(HUNT, always, grid=3, steps=200)


def test_results_without_a_key_say_so():
    opaque = Thing()
    found = ns.entry_probability(HUNT, ns.pg(), n=4, steps=3, step_size=lambda step: opaque.rate / (step + 1.0))
    assert found.question.key is None
    assert repr(found).endswith("; not keyed>")
    assert found.notes[-1].startswith("not keyed: step_size: a Thing has no description")
