"""Files that are there whole or not at all, whoever else writes them, and whenever the writer dies."""

import glob
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nashscape.core.errors import InputError

ENDING = ".unfinished"
"""Of files whose writers are at work, or died; nothing that looks for results looks at them."""

DEAD = 86_400.0
"""After so many seconds nobody is still writing a file."""


def path_of(given: object) -> Path:
    """The path that was given.

    Raises:
        InputError: for anything else than a text or a path.
    """
    if not isinstance(given, str | os.PathLike):
        raise InputError(f"expected the path of a file, such as 'result.json'; got {given!r}")
    return Path(given)


def write_whole(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file under its name at once: to another name in the same folder, to the disk, then renamed.

    What was there before stays until then. Of several writers each succeeds, and what the last one wrote is left.

    Args:
        path: of the file.
        content: a text, which is written as UTF-8, or bytes.

    Raises:
        InputError: where nothing can be written.
    """
    with whole_file(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path_of(path)


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to, which has its name only when all is written; after an error there is nothing of it.

    Raises:
        InputError: where nothing can be written.
    """
    path = path_of(path)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}{ENDING}")
    try:
        _clean(path)
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _to_disk(path.parent)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; give a path in a folder that exists") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _clean(path: Path) -> None:
    """Remove what writers of this file left who died."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{ENDING}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > DEAD:
                left.unlink()


def _to_disk(folder: Path) -> None:
    """Have the new name on the disk as well, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
