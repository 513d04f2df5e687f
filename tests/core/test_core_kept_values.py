"""What is written is read again to the last bit, whatever a result holds."""

import dataclasses
import json
import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from nashscape.core import InputError, Outcome, Source, Status, wilson
from nashscape.core.files import kinds
from nashscape.core.files.kept_arrays import MOST_WRITTEN_OUT
from nashscape.core.files.kept_records import read_part, written_fields
from nashscape.core.files.kept_values import MARKS, read, written
from nashscape.testing.sameness import unequal

LEAVES = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=True) | some.text(max_size=5)
    | some.complex_numbers(allow_nan=False) | some.fractions() | some.binary(max_size=5) | some.sampled_from(MARKS)
    | some.sampled_from([*Status, *Outcome])
)  # fmt: skip
KEYS = some.text(max_size=3) | some.sampled_from(MARKS) | some.integers() | some.tuples(some.integers(), some.text())
VALUES = some.recursive(
    LEAVES,
    lambda inner: (
        some.lists(inner, max_size=3) | some.lists(inner, max_size=3).map(tuple)
        | some.dictionaries(KEYS, inner, max_size=3)
        | some.frozensets(some.integers() | some.text(), max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


def through_json(data):
    return json.loads(json.dumps(data, allow_nan=False))


@pytest.mark.long
@given(VALUES)
def test_values_are_read_as_they_were(value):
    assert list(unequal(value, read(through_json(written(value))))) == []


def test_mappings_keep_the_order_of_their_entries():
    for value in ({"b": 1, "a": 2}, {(2, "b"): 1, (1, "a"): 2}):
        assert list(read(through_json(written(value)))) == list(value)


ODD = np.array([0xFFF8000000000123, 0x7FF0000000000000, 0x8000000000000000], np.uint64).view(np.float64)
ARRAYS = {
    "NaN with a payload, infinity, negative zero": ODD,
    "negative zeros": np.array([[-0.0, 0.0, 5e-324]]),
    "single": np.array([0.1, -np.inf], np.float32),
    "half": np.array([0.1], np.float16),
    "long": np.array([1, 3], np.longdouble) / 3,
    "complex": np.array([[1 - 0.0j, complex(np.nan, 2)]]),
    "bytes": np.array([1, 255], np.uint8),
    "large whole": np.array([2**63 - 1, -(2**63)]),
    "truth": np.array([True, False]),
    "texts": np.array(["", "stag/hare", "ε"]),
    "octets": np.array([b"a", b"\xff"]),
    "dates": np.array(["2026-01-02", "NaT"], "datetime64[D]"),
    "no sides": np.array(2.5),
    "nothing": np.zeros((0, 3, 2), np.int8),
    "other order": np.array([1.5, 2.5], ">f8"),
    "columns first": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "fractions": np.array([[Fraction(1, 3), Fraction(2)], [None, 1j]], object),
    "lists": np.array([[1, 2], [3, 4], None], object)[:2],
    "many": np.linspace(0, 1, MOST_WRITTEN_OUT + 1),
    "many of other order": np.arange(MOST_WRITTEN_OUT + 1, dtype=">i4"),
    "many texts": np.array([str(k) for k in range(MOST_WRITTEN_OUT + 1)]),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_read_with_their_type_shape_and_bits(name):
    data = written(ARRAYS[name])
    again = read(through_json(data))
    assert list(unequal(ARRAYS[name], again)) == []
    assert again.flags.writeable
    assert ("packed" in data) == (name.startswith(("NaN", "many", "single", "long", "complex", "octets", "dates")))


def test_what_is_no_number_keeps_its_bits_and_is_readable_where_it_is_the_usual_one():
    assert written([math.nan, -math.inf]) == [{"number": "nan"}, {"number": "-inf"}]
    others = [float(own) for own in np.array([0xFFF8000000000000, 0x7FF8000000000123], np.uint64).view(np.float64)]
    data = through_json(written([*others, complex(1, others[0])]))
    assert data[0] == {"number": "fff8000000000000"}
    assert list(unequal([*others, complex(1, others[0])], read(data))) == []


def test_numbers_of_numpy_are_numbers_and_arrays_of_jax_are_arrays():
    import jax.numpy as jnp

    values = [np.float32(0.1), np.int8(-3), np.bool_(True), np.float64(0.1), np.complex64(1j)]
    again = read(through_json(written(values)))
    assert again == values
    assert list(map(type, again)) == [float, int, bool, float, complex]
    assert list(unequal(np.ones(2, np.float32), read(through_json(written(jnp.ones(2, jnp.float32)))))) == []


@dataclasses.dataclass(frozen=True)
class Leaf:
    kind: str = dataclasses.field(default="leaf", init=False)
    size: float = 0.0


@dataclasses.dataclass(frozen=True)
class Twig:
    leaves: tuple[Leaf, ...] = ()


@dataclasses.dataclass(frozen=True)
class Tree:
    """One field of every sort of hint."""

    parts: tuple[Leaf | Twig, ...]
    only: Leaf | None
    pair: tuple[int, str]
    lists: list[tuple[float, ...]]
    by_name: Mapping[str, Leaf]
    by_place: Mapping[tuple[int, int], Status]
    status: Status
    source: Source
    anything: object
    number: float
    shape: tuple[int, ...] | None = None


TREE = Tree(
    parts=(Leaf(1.0), Twig((Leaf(-0.0), Leaf(math.inf))), Leaf(2.0)),
    only=Leaf(math.nan),
    pair=(3, "a"),
    lists=[(1.0, 2.0), ()],
    by_name={"z": Leaf(), "kind": Leaf(4.0)},
    by_place={(1, 0): Status.DIVERGED, (0, 1): Status.COMPLETE},
    status=Status.UNDECIDED,
    source=Source("key", "Text.", "https://example.org"),
    anything={"estimate": wilson(1, 3), "set": {2, 1}},
    number=0.5,
)


def test_dataclasses_are_made_again_by_the_hints_of_their_fields():
    data = through_json(written_fields(TREE))
    assert list(unequal(TREE, read_part(Tree, data))) == []
    # the words of the file are kinds, and names of what a hint says need none
    assert data["parts"][0] == {"one of": "leaf", "fields": {"size": 1.0}}
    assert data["only"] == {"size": {"number": "nan"}}


def test_what_is_not_what_its_hint_says_is_read_as_it_was():
    wrong = dataclasses.replace(
        TREE, parts=["leaf"], only=3, pair=(1, 2, 3), status="complete", number=(1, None), by_name=None,
        shape={"untyped": 1},
    )  # fmt: skip
    assert list(unequal(wrong, read_part(Tree, through_json(written_fields(wrong))))) == []


def test_a_field_that_a_class_does_not_have_is_refused():
    with pytest.raises(InputError, match="a Leaf has no field 'colour'; it has size"):
        read_part(Leaf, {"colour": "green"})


def test_what_no_file_can_hold_is_left_out_and_says_so_when_it_is_used():
    again = read(through_json(written({"rule": lambda: 3, "steps": 4, "iterator": iter([])})))
    assert again["steps"] == 4
    for used in (lambda: again["rule"].name, again["rule"]):
        with pytest.raises(InputError, match=r"not saved: .*lambda.* is code, and files.*compute the result again"):
            used()
    with pytest.raises(InputError, match="a list_iterator of builtins"):
        again["iterator"].close()
    # and once more, from a file of what was read
    with pytest.raises(InputError, match="a list_iterator of builtins"):
        read(through_json(written(again)))["iterator"].close()


def test_parts_that_need_what_was_left_out_are_left_out_with_it():
    import nashscape as ns

    rule = ns.learning.per_player([ns.pg(), ns.meta_mapg(peer=lambda step: 1.0)])
    again = read(through_json(written({"rule": rule, "other": ns.pg()})))
    with pytest.raises(InputError, match=r"a Foreign of nashscape\.learning\.schedules is nothing that can be made"):
        again["rule"].update(None, None, None)
    assert again["other"] == ns.pg()


@pytest.mark.parametrize("name", kinds.PARTS)
def test_every_part_has_a_class_that_is_found_by_its_name(name):
    assert kinds.name_of(kinds.part_of(name)) == name


def test_names_of_parts_that_nobody_knows_are_refused():
    with pytest.raises(InputError, match="unknown part of a result 'DenseGme'; did you mean 'DenseGame'"):
        read({"part": "DenseGme", "fields": {}})
    assert kinds.name_of(Leaf) == ""
    assert kinds.name_of(type("DenseGame", (), {})) == ""
