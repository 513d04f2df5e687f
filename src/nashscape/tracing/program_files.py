"""A bounded folder of compiled programs, which processes may write, read and clear at once, and which may be damaged.

JAX's own folder is none of that: it writes a program where others already read it, keeps for ever what is damaged, and
is bounded only with a lock that every reader waits for.
"""

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ENDING, UNFINISHED = ".program", ".unfinished"
"""Of files with programs, and of those whose writers are at work, or died. Nothing else is ever removed."""

CHECK = hashlib.sha256().digest_size
"""Bytes before every program, which say whether the rest is what was written, under this key."""

LOOKS, LEFT = 16, 0.75
"""A process looks at the size of all when it first writes, then after every sixteenth of what may be kept, and leaves
three quarters where there is too much."""

RECENT = 3600.0
"""Seconds within which it is not noted again that a program was used."""


class ProgramFiles:
    """Programs by key: what JAX asks of a cache.

    Writers write beside and rename, so a name stands for one whole file; a check over key and program finds every
    other damage. What is damaged is not there, and is written again by whoever compiles it. No error of the disk is
    raised: a program that cannot be read or kept is compiled.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """Programs in `folder`; all folders beside it together keep about `most_bytes`, the last used."""
        self._path = folder  # under this name JAX asks for it
        self._most = most_bytes
        self._unseen = most_bytes  # bytes written since the last look; the first is due
        self._thread = threading.local()

    def get(self, key: str) -> bytes | None:
        """The program that was put under this key; None where there is none, or another, or a damaged one."""
        if self._is_aside():
            return None
        path = self._file(key)
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        program = kept[CHECK:]
        if kept[:CHECK] != _check(key, program):
            return None
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > RECENT:
                os.utime(path)
        return program

    def put(self, key: str, value: bytes) -> None:
        """Keep a program, instead of what was there, where the disk lets us."""
        if self._is_aside():
            return
        path = self._file(key)
        beside = path.with_name(f"{uuid.uuid4().hex}{UNFINISHED}")
        with suppress(OSError):
            try:
                beside.write_bytes(_check(key, value) + value)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
            self._unseen += len(value)
            if self._unseen * LOOKS >= self._most:
                self._unseen = 0
                clear(self._path.parent, self._most)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """In this thread nothing is found and nothing kept for a while."""
        before, self._thread.aside = self._is_aside(), True
        try:
            yield
        finally:
            self._thread.aside = before

    def _is_aside(self) -> bool:
        return getattr(self._thread, "aside", False)

    def _file(self, key: str) -> Path:
        return self._path / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}{ENDING}"


def clear(folder: Path, most_bytes: int) -> None:
    """Where the folders in `folder` hold too much, remove what was not used for longest, programs and dead writers'."""
    found = []
    for path in folder.glob("*/*"):
        with suppress(OSError):  # removed by another
            if path.suffix in (ENDING, UNFINISHED):
                known = path.stat()
                found.append((known.st_mtime, known.st_size, path))
    held = sum(size for _, size, _ in found)
    if held <= most_bytes:
        return
    for _, size, path in sorted(found):
        if held <= most_bytes * LEFT:
            break
        with suppress(OSError):
            path.unlink()
        held -= size


def _check(key: str, program: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + program).digest()
