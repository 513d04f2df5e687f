"""Files of results read again: checked to be whole, of a known kind, of a schema that can be read."""

import importlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.kept_records import read_result
from nashscape.core.files.saving import checksum
from nashscape.core.files.whole_files import path_of

FORMATS: Mapping[str, str] = MappingProxyType(
    {"nashscape certificate": "nashscape.proofs.certification.files:certificate_of"}
)
"""Documents with a `format` of their own, which others than this library read too, and what makes results of them."""


def load(path: str | os.PathLike[str]) -> Any:
    """The result in a file that `result.save(path)` wrote: equal to the one that was saved, to the last bit.

    Nothing is computed, and no code is taken from the file. What could not be saved, a function say, is left out; who
    uses it is told why, and everything else is there. A certificate is read too; nothing of it is proved again.

    Args:
        path: of the file.

    Returns:
        The result, of the class that was saved.

    Raises:
        InputError: for a file that cannot be read, was cut off or changed after it was written, holds no result, one
            of an unknown kind, or one that a newer version saved.

    Example:
        >>> import tempfile
        >>> import nashscape as ns
        >>> found = ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=20, steps=50)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     again = ns.load(found.save(f"{folder}/entry.json"))
        >>> again.to_dict() == found.to_dict(), again.question.key == found.question.key
        (True, True)
    """
    document = _document(path_of(path))
    try:
        if "format" in document:
            module, _, name = FORMATS[document["format"]].partition(":")
            return getattr(importlib.import_module(module), name)(document)
        return read_result(document)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, zlib.error) as error:
        raise InputError(
            f"{path} does not hold what a result of its kind is made of ({type(error).__name__}: {error}); read it "
            f"with the version that saved it, {document.get('nashscape', document.get('version'))}"
        ) from error


def _document(path: Path) -> dict[str, Any]:
    """The document in a file, whole and of a form that is known."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give the path of a saved result") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no whole JSON document: {error}; it was cut off or edited, or is no result") from (
            error
        )
    if isinstance(data, dict) and data.get("format") in FORMATS:
        return data
    if not isinstance(data, dict) or not {"kind", "schema", "sha256", "fields"} <= data.keys():
        raise InputError(f"{path} holds no result; those are written by result.save(path)")
    if data["sha256"] != checksum(data):
        raise InputError(f"{path} was changed after it was written: its checksum does not agree; ask for a fresh copy")
    return data


def _refuse(word: str) -> float:
    raise ValueError(f"it holds {word}, which is no number")
