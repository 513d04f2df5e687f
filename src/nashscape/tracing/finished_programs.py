"""Large programs are kept as the compiler left them, so that a later process need not trace them again.

JAX finds a program by what tracing and lowering give, which takes longer than reading it. The largest of this library
are found by their shape instead: what they are for, with the text of this library and the settings of JAX. A shape
that holds anything from outside this library is traced each time.
"""

import dataclasses
import enum
import functools
import hashlib
import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nashscape.tracing.program_files import ProgramFiles

_BEGAN = time.time()
_FILES: list[ProgramFiles] = []


class _NotOurs(Exception):
    """Something in a shape is not known by a name of this library."""


def keep_finished(files: ProgramFiles | None) -> None:
    """Keep large programs in these files from now on; None keeps none."""
    _FILES[:] = [] if files is None else [files]


def kept_or_made(
    shape: Any, examples: tuple[Any, ...], devices: int, make: Callable[[], tuple[Any, str]]
) -> tuple[Any, str]:
    """A compiled program from the files of earlier processes, or a new one.

    Args:
        shape: everything that it depends on, in a dataclass which no other program has.
        examples: the shapes of its arguments.
        devices: how many it is for.
        make: makes it, a `jax.stages.Compiled`, and says a word about it.

    Returns:
        The program and the word about it.
    """
    import jax

    key = _key(shape) if _FILES and jax.default_backend() == "cpu" else None
    if key is None:
        return make()
    [files] = _FILES
    kept = files.get(key)
    if kept is not None:
        with suppress(Exception):  # of another make of JAX: as if it were not there
            return _tried(kept, examples, devices)
    with files.aside():  # what JAX takes from its own files cannot be written out again
        program, word = make()
    with suppress(Exception):  # what calls back into Python cannot be kept
        written = _written(program, word)
        _tried(written, examples, devices)
        if _text_of_library() is not None:
            files.put(key, written)
    return program, word


def _tried(kept: bytes, examples: tuple[Any, ...], devices: int) -> tuple[Any, str]:
    """A program that was written, once it has been called with nothing to do: what is missing in it shows then."""
    import jax
    import numpy as np

    program, word = _loaded(kept, examples, devices)

    def nothing(leaf: Any) -> Any:
        return (np if isinstance(leaf.dtype, np.dtype) else jax.numpy).zeros(leaf.shape, leaf.dtype)

    jax.block_until_ready(program(*jax.tree.map(nothing, examples)))
    return program, word


def _written(program: Any, word: str) -> bytes:
    import jax
    from jax.experimental import serialize_executable

    made, _, _ = serialize_executable.serialize(program)
    gives = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype), program.out_info)
    return pickle.dumps((made, gives, word))


def _loaded(kept: bytes, examples: tuple[Any, ...], devices: int) -> tuple[Any, str]:
    import jax
    from jax.experimental import serialize_executable

    made, gives, word = pickle.loads(kept)  # of the user's own folder, under our check
    trees = jax.tree.structure((examples, {})), jax.tree.structure(gives)
    return serialize_executable.deserialize_and_load(made, *trees, execution_devices=jax.devices()[:devices]), word


def _key(shape: Any) -> str | None:
    """None where the program might depend on something that has no name here."""
    import jax

    text = _text_of_library()
    if text is None:
        return None
    try:
        told = _named(shape)
    except _NotOurs:
        return None
    settings = sorted((name, repr(value)) for name, value in jax.config.values.items() if "cache" not in name)
    whole = repr((told, text, settings, os.environ.get("XLA_FLAGS", "")))
    return f"finished {hashlib.sha256(whole.encode()).hexdigest()}"


def _named(value: Any) -> Any:
    """A value as tuples of texts, in which all that differs is different."""
    import jax
    import numpy as np

    plain = _is_plain(type(value))
    if plain and isinstance(value, type(None) | bool | int | float | str | bytes | np.dtype):
        return type(value).__name__, repr(value)
    if plain and isinstance(value, tuple | list):
        return type(value).__name__, *map(_named, value)
    if isinstance(value, type):
        return "type", _own_name(value)
    if isinstance(value, jax.tree_util.PyTreeDef):
        return "tree", _named(value.node_data()), *map(_named, value.children())
    if isinstance(value, enum.Enum):
        return _own_name(type(value)), value.name
    if dataclasses.is_dataclass(value):
        fields = (_named(getattr(value, field.name)) for field in dataclasses.fields(value))
        return _own_name(type(value)), *fields
    raise _NotOurs


def _is_plain(kind: type) -> bool:
    return kind.__module__ in ("builtins", "numpy") or kind.__module__.startswith("numpy.dtypes")


def _own_name(kind: type) -> str:
    root = kind.__module__.partition(".")[0]
    if root not in ("nashscape", "builtins") or "<" in kind.__qualname__:
        raise _NotOurs
    return f"{kind.__module__}:{kind.__qualname__}"


def _text_of_library() -> str | None:
    """A digest of the files of this library; None once one was changed while this process ran."""
    newest = max((path.stat().st_mtime for path in _sources()), default=_BEGAN)
    return _digest() if newest < _BEGAN else None


def _sources() -> Iterator[Path]:
    return Path(__file__).parents[1].rglob("*.py")


@functools.cache
def _digest() -> str:
    texts = hashlib.sha256()
    for path in sorted(_sources()):
        texts.update(hashlib.sha256(path.read_bytes()).digest())
    return texts.hexdigest()
