"""What happened while a study ran: one JSON object a line, appended as it happens."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import path_of

Event = Mapping[str, Any]
"""What happened: "time" (UTC), "event" (its name), counts."""

UNWRITTEN = ("tick",)
"""Of time that passes nothing is written."""


class EventLog:
    """Appends events to a file; to be used as a context, and called with each.

    A line is written at once and whole by one call to the system, so that two writers do not mix theirs. A writer that
    was killed leaves half a line at most, after which the next one begins a line of its own.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Append to the file at this path, or begin one.

        Raises:
            InputError: where nothing can be written.
        """
        self._path = path_of(path)
        try:
            self._number = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            size = os.fstat(self._number).st_size
            if size and os.pread(self._number, 1, size - 1) != b"\n":
                os.write(self._number, b"\n")
        except OSError as error:
            raise InputError(f"{self._path} cannot be written: {error.strerror}; give a path that can be") from error

    def __call__(self, event: Event) -> None:
        """Append an event to the file."""
        if event["event"] not in UNWRITTEN:
            line = json.dumps(event, ensure_ascii=False, allow_nan=False)
            try:
                os.write(self._number, f"{line}\n".encode())
            except OSError as error:
                raise InputError(f"{self._path} cannot be written: {error.strerror}; make room for it") from error

    def __enter__(self) -> "EventLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._number)


def read_events(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """The events in a file, in the order in which they happened; lines that were cut off are left out.

    Raises:
        InputError: where the file cannot be read.
    """
    path = path_of(path)
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give the path of events.jsonl") from error
    return [event for line in lines if (event := _event(line)) is not None]


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "event" in found else None
