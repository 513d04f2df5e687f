"""One writer at a time: a lock on a file of the folder, which the system lets go when its holder dies."""

import fcntl
import json
import os
import socket
import time
import weakref
from contextlib import suppress
from pathlib import Path

from nashscape.core.errors import InputError

LOCK = "lock"


class Lock:
    """The right to write to a folder, until `release` or the end of the process.

    Processes that the holder forks do not hold it.

    Raises:
        InputError: where another process, or another store in this one, holds it; it says who, and since when.
    """

    def __init__(self, folder: Path) -> None:
        """Take it, or say who has it."""
        path = folder / LOCK
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise InputError(
                f"{folder} cannot be written to: {error.strerror}; give a folder that is yours to write, or open the "
                "store for reading"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise InputError(
                f"another writer is at work in {folder}: {_holder(path)}. Wait until it has ended, or stop it; reading "
                "is possible meanwhile"
            ) from error
        _HELD.add(self)
        self._write({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()})

    def _write(self, holder: dict[str, object]) -> None:
        with suppress(OSError):  # who holds it is said where it can be: on a full disk it cannot
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(holder).encode(), 0)

    def release(self) -> None:
        """Let others write."""
        if self._file >= 0:
            self._write({})
        self.forget()

    def forget(self) -> None:
        """Close the file: in a process that was forked from the holder, which goes on holding the lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        _HELD.discard(self)


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return f"process {told['pid']} on {told['host']}, since {told['since']}"
    except (OSError, ValueError, KeyError):
        return "who it is stands nowhere"


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S %Z")


_HELD: "weakref.WeakSet[Lock]" = weakref.WeakSet()


def _forked() -> None:
    for lock in list(_HELD):
        lock.forget()


os.register_at_fork(after_in_child=_forked)
