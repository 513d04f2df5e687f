"""The little language in which rows are chosen: comparisons, arithmetic, `and`, `or`, `not`; nothing is ever executed.

NaN is what it is in arithmetic: unequal to everything, neither less nor more; `isnan(value)` finds it.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.errors import InputError, unknown
from nashscape.studies.schemas import BYTES

Array = npt.NDArray[Any]

HELP = (
    "a filter compares columns, numbers and texts, as in \"peer >= 1 and quantity == 'share'\", with and, or, not, in, "
    "+ - * /, isnan(value), isinf(value); column('odd name') is a column whose name is no word"
)

FUNCTIONS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({"isnan": np.isnan, "isinf": np.isinf})
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = MappingProxyType({
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts, or of what else makes groups: a code for each row, and what the codes stand for.

    Attributes:
        codes: whole numbers, one for each row.
        texts: by code.
    """

    codes: Array
    texts: Array

    def all(self) -> Array:
        """The text of each row."""
        return np.asarray(self.texts[self.codes])


def is_coded(column: Any) -> bool:
    """Whether a column is one of texts, as codes."""
    return hasattr(column, "codes")


class Filter:
    """A condition on the columns of a table.

    Args:
        text: in the language of this module; empty for no condition.
        types: of the columns of the table.

    Raises:
        InputError: for what is no condition, and for a column that is not there.

    >>> chosen = Filter("value > 1 or isnan(value)", {"value": "number"})
    >>> chosen.names, chosen({"value": np.array([0.5, 2.0, np.nan])}).tolist()
    (('value',), [False, True, True])
    """

    def __init__(self, text: str, types: Mapping[str, str]) -> None:
        """Read the condition; kinds of what is compared are looked at before any row is."""
        if not isinstance(text, str):
            raise InputError(f"a filter is a text, got {text!r}; {HELP}")
        self._text = text
        self._tree: ast.expr | None = None
        self.names: tuple[str, ...] = ()
        if text.strip():
            try:
                self._tree = ast.parse(text.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                raise InputError(f"the filter {text!r} cannot be read ({error}); {HELP}") from error
            self.names = tuple(dict.fromkeys(_named(self._tree)))
            for name in self.names:
                if name not in types:
                    raise unknown("column", name, types)
                if types[name] == BYTES:
                    raise InputError(f"the column {name!r} holds bytes, which cannot be compared; {HELP}")
            self({name: _NONE[types[name]] for name in self.names})

    def __call__(self, columns: Mapping[str, Any]) -> Array:
        """Which rows are chosen, from the columns that are named: arrays, and `Texts`."""
        assert self._tree is not None, "without a condition nothing is chosen or left out"
        try:
            with np.errstate(all="ignore"):
                found = _value(self._tree, columns)
        except RecursionError as error:
            raise InputError(f"the filter {self._text!r} is too deep; {HELP}") from error
        except _Refused as error:
            raise InputError(f"the filter {self._text!r}: {error}; {HELP}") from error
        if not _is(found, "b") or np.ndim(found) != 1:
            raise InputError(f"the filter {self._text!r} is no condition on columns; {HELP}")
        return np.asarray(found)


class _Refused(Exception):
    """What the language does not have."""


_NONE = MappingProxyType({
    "text": Texts(np.zeros(0, np.int64), np.array([], dtype=str)),
    "number": np.zeros(0), "whole": np.zeros(0, np.int64), "truth": np.zeros(0, np.bool_),
})  # fmt: skip


def _named(node: ast.AST) -> list[str]:
    name = _name(node)
    if name is not None:
        return [name]
    inside = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    return [found for child in inside for found in _named(child)]


def _name(node: ast.AST) -> str | None:
    """The column that a node names: a word, words with dots between them, or column('…')."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _name(node.value)
        return None if before is None else f"{before}.{node.attr}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "column":
        given = [getattr(one, "value", None) for one in node.args]
        if len(given) == 1 and isinstance(given[0], str):
            return given[0]
    return None


def _value(node: ast.expr, columns: Mapping[str, Any]) -> Any:
    name = _name(node)
    if name is not None:
        return columns[name]
    for kind, make in _NODES.items():
        if isinstance(node, kind):
            return make(node, columns)
    raise _Refused(f"{ast.unparse(node)!r} is not part of the language")


def _constant(node: Any, columns: Mapping[str, Any]) -> Any:
    if not isinstance(node.value, str | bool | int | float):
        raise _Refused(f"{node.value!r} is no number, text or truth value")
    return node.value


def _both(node: Any, columns: Mapping[str, Any]) -> Any:
    parts = [_truth(_value(one, columns), one) for one in node.values]
    return (np.logical_and if isinstance(node.op, ast.And) else np.logical_or).reduce(np.broadcast_arrays(*parts))


def _unary(node: Any, columns: Mapping[str, Any]) -> Any:
    value = _value(node.operand, columns)
    if isinstance(node.op, ast.Not):
        return np.logical_not(_truth(value, node.operand))
    if isinstance(node.op, ast.USub | ast.UAdd):
        value = _number(value, node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    raise _Refused(f"{ast.unparse(node)!r} is not part of the language")


def _binary(node: Any, columns: Mapping[str, Any]) -> Any:
    if type(node.op) not in ARITHMETIC:
        raise _Refused(f"{ast.unparse(node)!r} is not part of the language")
    left, right = (_number(_value(one, columns), one) for one in (node.left, node.right))
    # doubles, so that nothing overflows in silence
    return ARITHMETIC[type(node.op)](np.asarray(left, float), np.asarray(right, float))


def _call(node: Any, columns: Mapping[str, Any]) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or len(node.args) != 1 or node.keywords:
        raise _Refused(f"{ast.unparse(node)!r} is not part of the language")
    return FUNCTIONS[name](_number(_value(node.args[0], columns), node.args[0]))


def _compare(node: Any, columns: Mapping[str, Any]) -> Any:
    found: list[Any] = []
    left = node.left
    for sign, right in zip(node.ops, node.comparators, strict=True):
        found.append(_one_comparison(sign, left, right, columns))
        left = right
    return found[0] if len(found) == 1 else np.logical_and.reduce(np.broadcast_arrays(*found))


def _one_comparison(sign: ast.cmpop, left: ast.expr, right: ast.expr, columns: Mapping[str, Any]) -> Any:
    if isinstance(sign, ast.In | ast.NotIn):
        if not isinstance(right, ast.List | ast.Tuple | ast.Set) or not right.elts:
            raise _Refused("`in` is followed by a list, as in ['CC', 'DD']")
        each = [_one_comparison(ast.Eq(), left, one, columns) for one in right.elts]
        found = np.logical_or.reduce(np.broadcast_arrays(*each))
        return found if isinstance(sign, ast.In) else np.logical_not(found)
    if type(sign) not in COMPARISONS:
        raise _Refused("`is` is not part of the language")
    one, other = _value(left, columns), _value(right, columns)
    if _kind(one) != _kind(other):
        raise _Refused(f"{ast.unparse(left)!r} is a {_kind(one)} and {ast.unparse(right)!r} is a {_kind(other)}")
    return _compared(COMPARISONS[type(sign)], one, other)


def _compared(sign: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    """Texts are compared once for each that occurs, where they are compared with one text."""
    coded, single = is_coded(one), isinstance(other, str)
    if coded and single:
        return np.asarray(sign(one.texts, other), bool)[one.codes] if len(one.texts) else np.zeros(0, bool)
    if is_coded(other) and isinstance(one, str):
        return np.asarray(sign(one, other.texts), bool)[other.codes] if len(other.texts) else np.zeros(0, bool)
    left, right = (own.all() if is_coded(own) else own for own in (one, other))
    return sign(left, right)


def _kind(value: Any) -> str:
    if is_coded(value) or isinstance(value, str):
        return "text"
    return "truth value" if _is(value, "b") else "number"


def _is(value: Any, kinds: str) -> bool:
    return not is_coded(value) and not isinstance(value, str) and np.asarray(value).dtype.kind in kinds


def _truth(value: Any, node: ast.expr) -> Any:
    if not _is(value, "b"):
        raise _Refused(f"{ast.unparse(node)!r} is a {_kind(value)} and no condition")
    return value


def _number(value: Any, node: ast.expr) -> Any:
    if not _is(value, "iuf"):
        raise _Refused(f"{ast.unparse(node)!r} is a {_kind(value)} and no number")
    return value


_NODES: Mapping[type[ast.expr], Callable[[Any, Mapping[str, Any]], Any]] = MappingProxyType({
    ast.Constant: _constant, ast.BoolOp: _both, ast.UnaryOp: _unary, ast.BinOp: _binary, ast.Call: _call,
    ast.Compare: _compare,
})  # fmt: skip
