"""Questions as data: what is the same has one key, whatever the way it was written, and what differs has another."""

import dataclasses
import enum
import functools
import importlib
import json
import math
import subprocess
import sys
import textwrap
from fractions import Fraction

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import nashscape as ns
from nashscape.core.descriptions import canonical, describe, values_of
from nashscape.core.question import Question, ask
from nashscape.semantics import ParametricGame
from nashscape.semantics.networks import networked

HUNT = ns.games.stag_hunt()


def key(**parts):
    return ask("any", **parts).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, math.nan),
        (math.inf, "Infinity"),
        (math.inf, "inf"),
        (1j, [0.0, 1.0]),
        (True, 1),
        (0.1 + 0.2, 0.3),
        (np.float32(0.8), 0.8),
        (np.eye(2), np.eye(2, dtype=np.float32)),
        (np.eye(2), np.eye(2).tolist()),
        (np.zeros((0, 3)), np.zeros((3, 0))),
        (np.zeros(200_000), np.arange(200_000.0) * 1e-300),
        (Fraction(1, 3), "1/3"),
        ({1: "a"}, {"1": "a"}),
        ({"number": "nan"}, math.nan),
        ((1, 2), frozenset({1, 2})),
        (b"a", "a"),
        (jnp.tanh, jax.nn.relu),
        (ns.Status.COMPLETE, "COMPLETE"),
    ],
)
def test_what_differs_has_another_key(one, other):
    assert key(part=one) != key(part=other)
    assert key(part=one) is not None
    assert ask("any", part=one).differs(ask("any", part=other)) == ("part",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (-0.0, 0.0),
        (math.nan, np.nan * 2),
        (["aa", "aa"], ["aa", "aaZ"[:-1]]),
        (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
        (np.array([-0.0, 1.0]), np.array([0.0, 1.0])),
        (jnp.arange(3), np.arange(3, dtype=np.int32)),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}),
        ({3, 1, 2}, {1, 2, 3}),
        ((1, 2), [1, 2]),
        (np.int64(3), 3),
        (np.float64(0.3), 0.3),
    ],
)
def test_what_is_the_same_has_the_same_key(one, other):
    assert key(part=one) == key(part=other)


def test_numbers_are_what_options_make_of_them():
    asked = {"n": 4, "steps": 3}
    keys = {
        ns.entry_probability(HUNT, ns.pg(), step_size=size, threshold=1.0 - 0.25, **asked).question.key
        for size in (1, 1.0, np.float64(1), np.int64(1))
    }
    assert len(keys) == 1
    assert keys != {ns.entry_probability(HUNT, ns.pg(), step_size=1.0000000000000002, **asked).question.key}


def test_defaults_written_out_are_the_same_question():
    plain = ns.entry_probability(HUNT, ns.pg(), n=4, steps=3)
    full = ns.entry_probability(
        HUNT, ns.pg(), n=4, steps=3, starts=ns.starts.normal(std=1.35), targets=["CC", "DD"], threshold=0.82, seed=0,
        estimator=ns.exact(), precision="float32", level=0.95,
    )  # fmt: skip
    assert plain.question.differs(full.question) == ()
    assert plain.question.key == full.question.key


def made(rate):
    def schedule(step):
        return rate / (step + 1.0)

    return schedule


FACTOR = 2.0


def with_global(step):
    return FACTOR / (step + 1.0)


def calls_global(step):
    return with_global(step) + 1.0


def test_functions_are_told_by_their_text_and_by_what_they_read(monkeypatch):
    assert key(f=made(0.1)) == key(f=made(0.1)) != key(f=made(0.2))
    assert key(f=lambda t: t + 1.0) != key(f=lambda t: t + 2.0)
    one, other = (lambda t: t), (lambda t: t)
    assert key(f=one) != key(f=other), "two places of one file"
    assert key(f=functools.partial(made, 0.1)) != key(f=functools.partial(made, 0.2))
    before = key(f=calls_global)
    assert before == key(f=calls_global)
    monkeypatch.setattr(sys.modules[__name__], "FACTOR", 3.0)
    assert key(f=calls_global) != before


class Settings:
    """What several functions read."""

    rate = 0.1


class Colour(enum.Enum):
    RED = 1


def by_class(step):
    return Settings.rate / (step + 1.0)


def by_import(step):
    import settings_of_mine

    return settings_of_mine.RATE


def by_member(colour):
    return lambda step: colour.value


def test_values_of_classes_modules_and_functions_are_read_too(monkeypatch, tmp_path):
    before = key(f=by_class)
    monkeypatch.setattr(Settings, "rate", 0.2)
    assert key(f=by_class) != before
    (tmp_path / "settings_of_mine.py").write_text("RATE = 0.1\nclass More:\n    depth = 3\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("settings_of_mine")
    first = key(f=by_import)
    monkeypatch.setattr(module, "RATE", 0.2)
    second = key(f=by_import)
    monkeypatch.setattr(module.More, "depth", 4)
    assert len({first, second, key(f=by_import)}) == 3
    before = key(f=by_class)
    monkeypatch.setattr(by_class, "scale", 2.0, raising=False)
    assert key(f=by_class) != before
    other = enum.Enum("Colour", {"RED": 2})
    assert key(f=by_member(Colour.RED)) != key(f=by_member(other.RED))
    monkeypatch.delitem(sys.modules, "settings_of_mine")


@dataclasses.dataclass(frozen=True)
class Hidden:
    size: float

    def __post_init__(self):
        object.__setattr__(self, "extra", EXTRA)


EXTRA = 1.0


def test_what_a_dataclass_holds_beside_its_fields_counts(monkeypatch):
    one = Hidden(1.0)
    monkeypatch.setitem(globals(), "EXTRA", 2.0)
    assert describe(one).data["extra"] == 1.0
    assert describe(Hidden(1.0)).data["extra"] == 2.0
    masked = [np.ma.array([1.0, 2.0], mask=mask) for mask in ([False, True], [True, False])]
    assert key(a=masked[0]) != key(a=masked[1])


def test_functions_that_hold_each_other_come_to_an_end():
    def loop(first, second):
        def one():
            return other()

        def other():
            return one(), first, second

        return one

    assert key(f=loop(1, 2)) == key(f=loop(1, 2)) != key(f=loop(2, 1))


@pytest.mark.long
def test_libraries_are_told_by_name_and_by_what_their_functions_hold():
    assert key(f=optax.adam(1e-3)) == key(f=optax.adam(1e-3)) != key(f=optax.adam(1e-2))
    assert key(f=optax.cosine_decay_schedule(1.0, 100)) != key(f=optax.cosine_decay_schedule(1.0, 101))
    assert describe(jnp.tanh).data == {"function": "jax.numpy:tanh"}
    assert describe(optax.adam).data["release"].startswith("optax ")


@pytest.mark.long
def test_two_schedules_that_differ_where_nobody_looked_are_two_questions():
    def until_51(step):
        return jnp.where(step < 51, 0.3, jnp.where(step < 99, 0.3, 0.1))

    def from_51(step):
        return jnp.where(step < 51, 0.3, jnp.where(step < 99, 3.0, 0.1))

    one, other = (
        ns.entry_probability(HUNT, ns.pg(), n=20, steps=140, step_size=size, seed=1) for size in (until_51, from_51)
    )
    assert one.question.differs(other.question) == ("step_size",)


@pytest.mark.long
def test_two_payoff_functions_of_one_name_are_two_questions():
    def game(bend):
        def payoffs(points, _):
            (x,), (y,) = points
            return jnp.stack([-(x**2) + bend * (x - 0.5) ** 2 * (1 + y), -(y**2)])

        return ns.games.differentiable(payoffs, sizes=[1, 1], bounds=([0, 0], [1, 1]))

    runs = [ns.simulate(game(bend), ns.pg(), [[0.2], [0.3]], steps=2, targets=[]) for bend in (0.0, 5.0)]
    assert runs[0].question.differs(runs[1].question) == ("game.payoffs",)


@pytest.mark.long
def test_two_networks_of_one_weight_and_two_activations_are_two_questions():
    def learners(activation):
        network = eqx.nn.MLP(2, 1, 4, 1, activation=activation, key=jax.random.key(3))
        return ParametricGame(HUNT, networked(HUNT.shape, Reader(network), sizes=1, form="sigmoid"))

    asked = [
        ns.entry_probability(learners(act), ns.pg(), n=2, steps=2, starts=ns.starts.normal(std=1.0)).question
        for act in (jnp.tanh, jax.nn.relu, jnp.tanh)
    ]
    assert asked[0].key is not None
    assert asked[0].key == asked[2].key != asked[1].key


def test_a_class_of_somebody_else_is_told_by_its_file(tmp_path):
    text = """
        import dataclasses
        @dataclasses.dataclass(frozen=True)
        class Thing:
            size: float
            def twice(self):
                return {factor} * self.size
    """
    made = []
    for factor in (2.0, 2.0, 3.0):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        (folder / "thing_of_mine.py").write_text(textwrap.dedent(text.format(factor=factor)))
        code = "import thing_of_mine as t; from nashscape.core.question import ask; print(ask('a', x=t.Thing(1.0)).key)"
        run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
        made.append(run.stdout.strip())
    assert made[0] == made[1] != made[2]
    assert len(made[0]) == 32


@pytest.mark.long
def test_keys_do_not_hang_on_the_process():
    code = (
        "import nashscape as ns; from nashscape.core.question import ask; "
        "print(ask('a', x={'b': {3, 1, 2}, 'a': frozenset('xyz')}, f=ns.meta_mapg(), g=ns.games.stag_hunt()).key)"
    )
    keys = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(keys) == 1


class Reader(eqx.Module):
    """A network that reads both players' parameters."""

    network: eqx.nn.MLP

    def __call__(self, own, others):
        """One logit."""
        return self.network(jnp.concatenate([own, others[0]]))


class Opaque:
    """Neither a dataclass nor describable."""


def test_what_cannot_be_described_has_no_key_and_says_so():
    question = ask("any", part=[1, Opaque()], other=2)
    assert question.key is None
    assert question.unknown == ("part: a Opaque has no description; make it a dataclass, or give it a to_dict method",)
    assert question.asking(None, without=["part"]).key is not None
    held = Opaque()
    assert ask("any", f=lambda: held).key is None


@pytest.mark.parametrize(
    "value", [math.inf, 1 - 2j, Fraction(2, 7), {1: [2.5], (3, "a"): None}, {1, 2}, b"ab", {"number": 1}, [True, "x"]]
)
def test_values_come_back(value):
    data = json.loads(canonical(describe(value).data))
    assert values_of(data) == value


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.int32).reshape(2, 3),
        np.zeros((0, 2)),
        np.array([np.nan, np.inf, -1.5], np.float32),
        np.array([Fraction(1, 3), 2], object),
        np.array([["a", "bc"]]),
        np.array([1 + 2j]),
    ],
)
def test_arrays_come_back(array):
    back = values_of(json.loads(canonical(describe(array).data)))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)


def test_differences_are_named_and_some_may_be_allowed():
    one, other = (
        ns.entry_probability(HUNT, rule, n=4, steps=steps, seed=steps).question
        for rule, steps in ((ns.meta_mapg(), 3), (ns.meta_mapg(peer=2), 4))
    )
    assert one.differs(other) == ("rule.peer", "steps", "seed")
    assert one.differs(other, but=["rule", "seed"]) == ("steps",)
    assert one.differs(other.asking("basin map"), but=["rule", "steps", "seed"]) == ("kind",)
    assert one.differs(other.asking(None, more=1), but=["rule", "steps", "seed"]) == ("more",)


def test_a_question_comes_back_from_its_data():
    for question in (ns.entry_probability(HUNT, ns.pg(), n=4, steps=3).question, ask("any", part=[Opaque()], b=2)):
        back = Question.from_plain(json.loads(json.dumps(question.to_dict())))
        assert back == question
        assert back.key == question.key


def test_later_changes_do_not_change_a_question():
    values = np.zeros(3)
    question = ask("any", values=values)
    before = question.key
    values[0] = 1.0
    assert question.key == before != ask("any", values=values).key


def test_objects_that_hold_each_other_come_to_an_end():
    first, second = Opaque(), Opaque()
    first.other, second.other = second, first
    chain = Opaque()
    for _ in range(5000):
        longer = Opaque()
        longer.other, chain = chain, longer
    for value in (first, chain):
        assert ask("any", part=value).key is None


@dataclasses.dataclass
class Holder:
    other: object = None


def test_what_contains_itself_is_unknown_there_and_says_so():
    ring, table, pair, array = [1], {}, Holder(), np.empty(2, object)
    ring.append((ring, 2))
    table["again"] = {"deeper": table}
    pair.other = [Holder(pair)]
    array[:] = [array, 3]
    for value, kind in ((ring, "list"), (table, "dict"), (pair, "Holder"), (array, "ndarray")):
        question = ask("any", part=value)
        assert question.key is None
        assert question.unknown == (f"part: a {kind} contains itself; give it without",)
    assert ask("any", part=ring).data["part"][:1] == [1]
    # twice is not within itself
    twice = [3]
    assert ask("any", part=[twice, twice]).key == ask("any", part=[[3], [3]]).key is not None


def test_a_table_of_functions_that_read_the_table_has_a_key():
    space = {"TABLE": {"weight": 2.0}}
    exec("def double(x):\n    return TABLE['weight'] * x\nTABLE['double'] = double", space)
    one = ask("any", part=space["TABLE"])
    assert one.unknown == ()
    space["TABLE"]["weight"] = 3.0
    assert ask("any", part=space["TABLE"]).key != one.key
