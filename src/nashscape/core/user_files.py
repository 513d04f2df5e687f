"""Files of the user's with what is in them: "mine.py:market", or made by a function, "mine.py:market:size=3"."""

import hashlib
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from nashscape.core.errors import InputError, unknown
from nashscape.core.found_things import Found, blaming
from nashscape.core.named_texts import named
from nashscape.core.sources_of_code import FILE_MODULE

FILE = re.compile(r"(?P<path>.+\.py):(?P<rest>[A-Za-z_]\w*(?::.*)?)")
"""Something in a file of the user's: "mine.py:game", or made by a function there: "mine.py:game:T=2"."""


def in_file(text: str, word: str = "option") -> Found:
    """What a file of the user's has under a name, and what is given with it.

    Args:
        text: which `FILE` matches.
        word: what is given is called, in errors.

    Raises:
        InputError: for a file that cannot be read or run, and a name that is not in it.
    """
    match = FILE.fullmatch(text)
    assert match is not None, "the caller has looked"
    name, given = named(match["rest"], word)
    return Found(
        thing=attribute(Path(match["path"]), name),
        name=name,
        called=f"{match['path']}:{name}",
        given=given if ":" in match["rest"] else None,
        word=word,
        file=match["path"],
    )


def from_file(text: str, parameters: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """What a file of the user's has under a name; called, where something is given with the name."""
    found = in_file(text).having(parameters)
    return found.thing if found.given is None else found.call()


def attribute(path: Path, name: str) -> Any:
    """A name of a file, which is run once for each of its texts."""
    found = vars(_module(path))
    if name not in found:
        known = [own for own, value in found.items() if own[:1] != "_" and not isinstance(value, ModuleType)]
        raise unknown(f"name in {path}", name, known)
    return found[name]


def _module(path: Path) -> ModuleType:
    try:
        text = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    digits = hashlib.sha256(str(path.resolve()).encode() + text).hexdigest()[:16]
    name = f"{FILE_MODULE}{digits}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    made = ModuleType(name)
    made.__file__ = str(path)
    # described by the text that is run, whatever the file holds later
    made.__dict__["__sha256__"] = hashlib.sha256(text).hexdigest()
    sys.modules[name] = made  # where dataclasses look
    try:
        with blaming(f"{path} cannot be run", str(path)):
            # no compiled copy of an earlier text of the same size and second is taken in its place
            exec(compile(text, str(path), "exec", dont_inherit=True), vars(made))
    except InputError:
        del sys.modules[name]
        raise
    return made
