"""What functions, classes and modules do, told by their source: the same text and the same values it uses, or not."""

import dis
import hashlib
import inspect
import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from enum import Enum
from fractions import Fraction
from functools import cache, partial
from importlib import metadata
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

Describe = Callable[[Any], Any]
"""Describes the values that code uses: what its closures hold, its defaults, the globals that it reads."""

COUNTED_ELSEWHERE = ("nashscape", "jax", "jaxlib", "numpy", "scipy")
"""Libraries whose versions every result records anyway, so that what they contain is known by its name."""

FILE_MODULE = "_nashscape_file_"
"""How names of modules begin that are files of the user's; digits of path and text follow, and the file's own name."""

_FOLDERS = tuple(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


class Told:
    """Describes code. What was described before is numbered in that order, so that code which uses itself ends."""

    def __init__(self, describe: Describe) -> None:
        """Describe the values that code uses by this."""
        self.describe, self.seen = describe, dict[int, int]()
        self.met: list[Any] = []

    def function(self, function: Any) -> Any:
        """A function, however it is wrapped; None for what is none, or cannot be told."""
        if isinstance(function, partial):
            given = {"args": list(function.args), "keywords": function.keywords}
            return {"partial": self.describe(function.func), **self.describe(given)}
        if isinstance(function, MethodType):
            return {"method": function.__func__.__name__, "of": self.describe(function.__self__)}
        if _is_found_by_name(function):
            return {"function": _name(function), **_release(_module(function))}
        if isinstance(function, FunctionType):
            return self._once(function, self._written)
        inner = getattr(function, "__wrapped__", None)
        if inner is None or not callable(function):
            return None
        return {"wrapped": type(function).__name__, "function": self.describe(inner)}

    def kind(self, kind: type) -> Any:
        """A class: its name where it belongs to a library, else also the text that it comes from and what that uses."""
        if _root(kind.__module__) == "nashscape":
            return kind.__name__
        if _is_installed(kind.__module__):
            return {"class": _name(kind), **_release(kind.__module__)}
        return self._once(kind, self._declared)

    def module(self, module: ModuleType) -> Any:
        """A module: its name where it belongs to a library, else also its text, and the other modules that it uses."""
        if _is_installed(module.__name__):
            return {"module": module.__name__, **_release(module.__name__)}
        return self._once(module, self._imported)

    def _once(self, code: Any, tell: Callable[[Any], Any]) -> Any:
        if id(code) in self.seen:
            return {"again": self.seen[id(code)]}
        self.seen[id(code)] = len(self.seen)
        self.met.append(code)
        return tell(code)

    def _written(self, function: FunctionType) -> dict[str, Any]:
        ours = _is_installed(_module(function))
        told: dict[str, Any] = {"function": _name(function)}
        told |= _release(_module(function)) if ours else _text(function, function.__code__)
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        held = {name: _content(cell) for name, cell in cells}
        own = {} if ours else {name: value for name, value in vars(function).items() if _is_value(name, value)}
        given = {
            "closure": held,
            "defaults": function.__defaults__,
            "keywords": function.__kwdefaults__,
            "attributes": own,
        }
        told |= {name: self.describe(value) for name, value in given.items() if value}
        used = {} if ours else _globals_of(function)
        return told | ({"globals": self.describe(used)} if used else {})

    def _declared(self, kind: type) -> dict[str, Any]:
        functions = [own for own in map(_plain_function, vars(kind).values()) if own is not None]
        used: dict[str, Any] = {}
        for function in functions:
            if function.__module__ == kind.__module__:
                used |= _globals_of(function)
        bases = [base for base in kind.__bases__ if base is not object]
        held = {
            f"{function.__qualname__}.{name}": _content(cell)
            for function in functions
            for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
            if name != "__class__"
        }
        values = {name: value for name, value in vars(kind).items() if _is_value(name, value)}
        code = functions[0].__code__ if functions else None
        told: dict[str, Any] = {"class": _name(kind), **_text(kind, code)}
        told |= {"bases": [self.describe(base) for base in bases]} if bases else {}
        told |= {name: self.describe(own) for name, own in (("closure", held), ("values", values)) if own}
        return told | ({"globals": self.describe(used)} if used else {})

    def _imported(self, module: ModuleType) -> dict[str, Any]:
        others = {value.__name__: value for value in vars(module).values() if isinstance(value, ModuleType)}
        for value in list(vars(module).values()):
            other = sys.modules.get(getattr(value, "__module__", None) or "")
            if isinstance(value, type | FunctionType) and other is not None:
                others[other.__name__] = other
        own = {name: other for name, other in others.items() if other is not module and not _is_installed(name)}
        told = {"module": _name(module), **_text(module, None)}
        values = {name: value for name, value in vars(module).items() if _is_value(name, value)}
        kinds = {name: value for name, value in vars(module).items() if isinstance(value, type)}
        values |= {name: kind for name, kind in kinds.items() if kind.__module__ == module.__name__}
        told |= {"values": self.describe(values)} if values else {}
        return told | ({"uses": self.describe(own)} if own else {})


def _name(code: Any) -> str:
    if isinstance(code, ModuleType):
        return _shown(code.__name__)
    return f"{_shown(_module(code))}:{getattr(code, '__qualname__', None) or getattr(code, '__name__', '')}"


def _shown(module: str) -> str:
    """The name of a module, and of a file of the user's what it would be imported as, wherever it lies."""
    return module.removeprefix(FILE_MODULE).partition("_")[2] if module.startswith(FILE_MODULE) else module


def _module(code: Any) -> str:
    if isinstance(code, FunctionType):
        return code.__module__ or "__main__"  # what was executed in a namespace without a name
    return getattr(code, "__module__", None) or ("numpy" if type(code).__module__ == "numpy" else "builtins")


def _root(module: str) -> str:
    return module.partition(".")[0]


@cache
def _is_installed(name: str) -> bool:
    """Whether a module belongs to Python, to this library, or to one that was installed."""
    if _root(name) in COUNTED_ELSEWHERE or (_root(name) in sys.stdlib_module_names and name != "__main__"):
        return True
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if module is None or name == "__main__" or file is None:
        return False
    return os.path.realpath(file).startswith(_FOLDERS)


@cache
def _release(name: str) -> dict[str, str]:
    """Which release of a library, where results do not record it anyway."""
    root = _root(name)
    if root in COUNTED_ELSEWHERE or root in sys.stdlib_module_names:
        return {}
    found = metadata.packages_distributions().get(root, [])
    return {"release": f"{found[0]} {metadata.version(found[0])}"} if found else {}


def _is_found_by_name(function: Any) -> bool:
    """Whether a library has this very object under its name."""
    names = str(getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or "")
    where = sys.modules.get(_module(function))
    if not names or where is None or not _is_installed(where.__name__):
        return False
    found: Any = where
    for name in names.split("."):
        found = getattr(found, name, None)
    return found is function


def _plain_function(value: Any) -> FunctionType | None:
    for name in ("__func__", "fget", "func", "__wrapped__"):
        value = getattr(value, name, None) or value
    return value if isinstance(value, FunctionType) else None


def _is_value(name: str, value: Any) -> bool:
    """Whether something that a function, a class or a module holds is data that code may read."""
    data = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, Fraction, Enum, type(None))
    plain = isinstance(value, data) or hasattr(value, "__array__") or hasattr(type(value), "__dataclass_fields__")
    return plain and not isinstance(value, type) and not name.startswith("__") and name != "pytestmark"


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _globals_of(function: FunctionType) -> dict[str, Any]:
    """The globals that a function reads, by name."""
    names = {
        step.argval
        for code in _codes(function.__code__)
        for step in dis.get_instructions(code)
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    read = {name: function.__globals__[name] for name in sorted(names) if name in function.__globals__}
    brought = {
        step.argval: sys.modules[step.argval]
        for code in _codes(function.__code__)
        for step in dis.get_instructions(code)
        if step.opname == "IMPORT_NAME" and step.argval in sys.modules
    }
    return read | brought


def _text(code: Any, at: CodeType | None) -> dict[str, Any]:
    """The file that code comes from and where in it, or its own text in a notebook, or what it was compiled to."""
    place = {} if at is None else {"line": at.co_firstlineno, "column": _column(at)}
    module = code if isinstance(code, ModuleType) else sys.modules.get(_module(code))
    run = getattr(module, "__sha256__", None)
    if run is not None:  # the text of a file when it was run
        return {"sha256": run, **place}
    file = getattr(module, "__file__", None)
    if file is not None and os.path.isfile(file):
        stat = os.stat(file)
        return {"sha256": _digest(file, stat.st_mtime_ns, stat.st_size), **place}
    try:
        return {"sha256": hashlib.sha256(inspect.getsource(code).encode()).hexdigest(), **place}
    except (OSError, TypeError):
        made = repr([] if at is None else [(own.co_code, own.co_names, _constants(own)) for own in _codes(at)])
        return {"compiled": hashlib.sha256(made.encode()).hexdigest()}


def _constants(code: CodeType) -> list[Any]:
    # sets of constants have no order that lasts
    own = [one for one in code.co_consts if not isinstance(one, CodeType)]
    return [sorted(map(repr, one)) if isinstance(one, frozenset) else one for one in own]


def _column(code: CodeType) -> int:
    """Where in its line code begins, so that two functions of one line are told apart."""
    return next((place[2] for place in code.co_positions() if place[0] is not None and place[2]), 0)


@cache
def _digest(file: str, changed: int, size: int) -> str:
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def is_installed(code: Any) -> bool:
    """Whether a function or a class belongs to this library, to Python, or to one that was installed."""
    return _is_installed(_module(code))
