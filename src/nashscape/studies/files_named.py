"""Files that a study names: "mine.py:game" for what a file of the user's has under a name, "game.json" for payoffs."""

import hashlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.descriptions import canonical, digest
from nashscape.core.named_texts import named

FILE = re.compile(r"(?P<path>.+\.py):(?P<rest>[A-Za-z_]\w*(?::.*)?)")
"""Something in a file of the user's: "mine.py:game", or made by a function there: "mine.py:game:T=2"."""


MODULE = "_nashscape_file_"
"""How the names of modules that are files of the user's begin; after it come digits of path and text."""


def digest_of(data: Any) -> str:
    """The digest of described data, the same wherever the files are from which functions in it come.

    What a file holds is part of the description of what comes from it.
    """
    return digest(re.sub(f"{MODULE}[0-9a-f]+", MODULE, canonical(data)))


def located(value: Any, folder: str, *, payoffs: bool = False) -> Any:
    """The value with the paths of files in it as seen from a folder; whole paths, and all else, as they are.

    Args:
        value: a text, or lists and tables of them.
        folder: where files are; empty for the present one.
        payoffs: whether "game.json" names a file too.

    >>> located(["pg", "mine.py:rule", "/home/me/mine.py:rule"], "studies")
    ['pg', 'studies/mine.py:rule', '/home/me/mine.py:rule']
    >>> located("game.json", "studies", payoffs=True), located("game.json", "studies")
    ('studies/game.json', 'game.json')
    """
    if not folder:
        return value
    if isinstance(value, str):
        is_file = FILE.fullmatch(value) or (payoffs and value.lower().endswith(".json"))
        return str(Path(folder) / value) if is_file else value
    if isinstance(value, list | tuple):
        return type(value)([located(own, folder, payoffs=payoffs) for own in value])
    if isinstance(value, dict):
        return {key: located(own, folder, payoffs=payoffs) for key, own in value.items()}
    return value


def paths_in(value: Any, *, payoffs: bool = False) -> list[str]:
    """The paths of files that are named in a value, as they are written, each once.

    >>> paths_in({"rule": ["pg", "mine.py:rule"], "game": "mine.py:game:T=2"})
    ['mine.py']
    """
    found: list[str] = []
    if isinstance(value, str):
        match = FILE.fullmatch(value)
        found = [match["path"]] if match else [value] if payoffs and value.lower().endswith(".json") else []
    elif isinstance(value, list | tuple):
        found = [path for own in value for path in paths_in(own, payoffs=payoffs)]
    elif isinstance(value, Mapping):
        found = [path for key, own in value.items() for path in paths_in(own, payoffs=payoffs or key == "game")]
    return list(dict.fromkeys(found))


def from_file(text: str, parameters: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """What a file of the user's has under a name; called, where something is given with the name."""
    match = FILE.fullmatch(text)
    assert match is not None, "the caller has looked"
    name, given = named(match["rest"], "option")
    found = attribute(Path(match["path"]), name)
    given = {**given, **parameters}
    if not given and ":" not in match["rest"]:
        return found
    if not callable(found):
        raise InputError(f"{text}: {name} is no function, so that nothing can be given with it")
    _check_names(found, given, name)
    try:
        return found(**given)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{text}: {type(error).__name__}: {error}") from error


def _check_names(function: Callable[..., Any], given: Mapping[str, Any], called: str) -> None:
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:  # of a function in C that says nothing
        return
    if not any(own.kind is own.VAR_KEYWORD for own in parameters.values()):
        for name in given:
            if name not in parameters:
                raise unknown(f"option of {called}", name, parameters)


def attribute(path: Path, name: str) -> Any:
    """A name of a file, which is run once for each of its texts."""
    try:
        text = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    module = f"{MODULE}{hashlib.sha256(str(path.resolve()).encode() + text).hexdigest()[:16]}"
    if module not in sys.modules:
        spec = importlib.util.spec_from_file_location(module, path)
        assert spec is not None, "a .py file has a loader"
        assert spec.loader is not None, "a .py file has a loader"
        made = importlib.util.module_from_spec(spec)
        sys.modules[module] = made
        try:
            spec.loader.exec_module(made)
        except (Exception, SystemExit) as error:
            del sys.modules[module]
            raise InputError(f"{path} cannot be run: {type(error).__name__}: {error}") from error
    found = vars(sys.modules[module])
    if name not in found:
        raise unknown(f"name in {path}", name, [own for own in found if not own.startswith("_")])
    return found[name]
