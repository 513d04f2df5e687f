"""Dataclasses as data and again, by the type hints of their fields; no name of a class is ever taken from a file."""

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.field_hints import hints_of
from nashscape.core.files import kinds
from nashscape.core.files.kept_values import is_left_out, is_result, read, read_mapping, written, written_mapping


@dataclasses.dataclass(frozen=True)
class Form:
    """How values of one type hint are written and read, where the hint says more than a mark would.

    What does not fit its hint is written with marks, as `{"untyped": …}`.
    """

    def fits(self, value: Any) -> bool:
        """Whether a value is what the hint says; without a hint nothing has to."""
        return True

    def write(self, value: Any) -> Any:
        """The data of a value that fits."""
        return written(value)

    def read(self, data: Any) -> Any:
        """The value again."""
        return read(data)


@dataclasses.dataclass(frozen=True)
class _Sequence(Form):
    """A tuple or list: of one hint and any length, or of a hint for every entry."""

    kind: type
    hints: tuple[Any, ...]

    def fits(self, value: Any) -> bool:
        own: Any = type(value)
        return own is self.kind and (self.hints[1:] == (...,) or len(value) == len(self.hints))

    def write(self, value: Any) -> Any:
        return [_written(entry, hint) for entry, hint in zip(value, self._each(value), strict=True)]

    def read(self, data: Any) -> Any:
        return self.kind(_read(entry, hint) for entry, hint in zip(data, self._each(data), strict=True))

    def _each(self, entries: Sequence[Any]) -> Sequence[Any]:
        return [self.hints[0]] * len(entries) if self.hints[1:] == (...,) else self.hints


@dataclasses.dataclass(frozen=True)
class _Mapping(Form):
    """A mapping whose entries have a hint."""

    hint: Any

    def fits(self, value: Any) -> bool:
        return isinstance(value, Mapping)

    def write(self, value: Any) -> Any:
        return written_mapping(value, lambda entry: _written(entry, self.hint))

    def read(self, data: Any) -> Any:
        return read_mapping(data, lambda entry: _read(entry, self.hint))


@dataclasses.dataclass(frozen=True)
class _Record(Form):
    """A dataclass, or one of several: each by the word that tells it from the others, as the hint names them."""

    classes: tuple[Any, ...]

    def fits(self, value: Any) -> bool:
        return type(value) in self.classes

    def write(self, value: Any) -> Any:
        if len(self.classes) == 1 or is_result(type(value)):
            return written_record(value)
        return {"one of": _word(type(value)), "fields": written_record(value)}

    def read(self, data: Any) -> Any:
        if len(self.classes) == 1:
            return read_record(self.classes[0], data)
        if "one of" not in data:
            return read_result(data)
        [kind] = [kind for kind in self.classes if _word(kind) == data["one of"]]
        return read_record(kind, data["fields"])


@dataclasses.dataclass(frozen=True)
class _Enum(Form):
    """A member of an enumeration, by its name."""

    kind: Any

    def fits(self, value: Any) -> bool:
        return type(value) is self.kind

    def write(self, value: Any) -> Any:
        return value.name

    def read(self, data: Any) -> Any:
        return self.kind[data]


def written_record(value: Any) -> Any:
    """A dataclass as data: a result with its kind and schema, everything else as its fields."""
    if is_result(type(value)):
        return written_result(value)
    return value.to_dict() if _has_own_form(type(value)) else written_fields(value)


def read_record(kind: Any, data: Any) -> Any:
    """The dataclass that `written_record` wrote."""
    if is_result(kind):
        return read_result(data)
    return kind.from_plain(data) if _has_own_form(kind) else read_part(kind, data)


def written_result(value: Any) -> dict[str, Any]:
    """A result as data: its kind, the schema of its fields, and these."""
    kind = type(value)
    return {"kind": kind.question_kind, "schema": kind.schema, "fields": written_fields(value)}


def read_result(data: Mapping[str, Any]) -> Any:
    """The result that `written_result` wrote; fields of an older schema are brought up to that of today.

    Raises:
        InputError: for an unknown kind, a newer schema, or an older one that nobody brings up to date.
    """
    kind, fields = kinds.result_of(data["kind"]), data["fields"]
    if data["schema"] > kind.schema:
        raise InputError(
            f"a result of kind {data['kind']!r} has schema {data['schema']}, and those up to {kind.schema} are read: "
            f"a newer version saved it; upgrade the package {kind.__module__.partition('.')[0]}"
        )
    for schema in range(data["schema"], kind.schema):
        if schema not in kind.migrations:
            raise InputError(
                f"a result of kind {data['kind']!r} and schema {schema} is too old to be read; compute it again, or "
                "read it with the version that saved it"
            )
        fields = kind.migrations[schema](fields)
    return kind(**_values(kind, fields))


def written_fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as data, by their type hints."""
    kind: Any = type(value)
    hints = hints_of(kind)
    return {name: _written(getattr(value, name), hint) for name, hint in hints.items()}


def read_part(kind: Any, fields: Mapping[str, Any]) -> Any:
    """A dataclass from the data of its fields; left out itself where it needs what was left out."""
    values = _values(kind, fields)
    lacks = [one for own in values.values() for one in (own if type(own) is tuple else (own,)) if is_left_out(one)]
    return lacks[0] if lacks else kind(**values)


def _values(kind: Any, fields: Mapping[str, Any]) -> dict[str, Any]:
    hints = hints_of(kind)
    strange = sorted(fields.keys() - hints.keys())
    if strange:
        raise InputError(f"a {kind.__name__} has no field {strange[0]!r}; it has {', '.join(hints)}")
    return {name: _read(fields[name], hint) for name, hint in hints.items() if name in fields}


def _written(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    form = _form_of(hint)
    return form.write(value) if form.fits(value) else {"untyped": written(value)}


def _read(data: Any, hint: Any) -> Any:
    if data is None:
        return None
    if isinstance(data, dict) and data.keys() == {"untyped"}:
        return read(data["untyped"])
    return _form_of(hint).read(data)


@cache
def _form_of(hint: Any) -> Form:
    """How values of a type hint are written, None beside."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        some = [one for one in inner if one is not type(None)]
        return _form_of(some[0]) if len(some) == 1 else _of_dataclasses(some)
    if origin in (tuple, list) and inner:
        return _Sequence(origin, inner if origin is tuple else (*inner, ...))
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(inner) == 2:
        return _Mapping(inner[1])
    return _Enum(hint) if isinstance(hint, enum.EnumType) else _of_dataclasses([hint])


def _of_dataclasses(hints: Sequence[Any]) -> Form:
    return _Record(tuple(hints)) if all(map(dataclasses.is_dataclass, hints)) else Form()


def _has_own_form(kind: Any) -> bool:
    return hasattr(kind, "to_dict") and hasattr(kind, "from_plain")


def _word(kind: Any) -> str:
    """What tells a class from the others of a union: the kind that it says it is, else its name."""
    named = getattr(kind, "kind", "")
    return named if isinstance(named, str) and named else kind.__name__
