"""Claims of one file looked at in several processes of their own, which import nothing of the script that asks.

Each reads the file itself, then questions, one line of JSON each, and answers with one line. So nothing has to be said
about how a script must be written, as it would for processes that import it again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

Question = tuple[str, list[int]]


class Workers:
    """Processes that wait for questions; to be used as a context."""

    def __init__(self, path: str | Path, checksum: str, precision: int, count: int) -> None:
        """For a file with this checksum."""
        command = [sys.executable, "-m", "nashscape.checking.workers", str(path), checksum, str(precision)]
        paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                env=os.environ | paths,
            )
            for _ in range(count)
        ]  # fmt: skip
        self.idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        for process in self.processes:
            self.idle.put(process)
        self.pool = ThreadPoolExecutor(count)

    def __enter__(self) -> "Workers":
        """Ready at once; a question waits for a process that has read the file."""
        return self

    def ask(self, questions: Iterable[Question]) -> Iterable[list[str]]:
        """What was not proved, question by question, in their order."""
        return self.pool.map(self._one, questions)

    def _one(self, question: Question) -> list[str]:
        process = self.idle.get()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            self.idle.put(process)
        if not line:
            raise RuntimeError("a process that checks the certificate ended too early; try again with processes=1")
        found: list[str] = json.loads(line)
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            process.kill()
        self.pool.shutdown(cancel_futures=True)
        for process in self.processes:
            process.communicate()


def answer(path: str, checksum: str, precision: int) -> None:
    """What a process does: answer questions from stdin until there are no more."""
    from flint import ctx

    from nashscape.checking.claims import Claims
    from nashscape.checking.documents import read

    ctx.prec = precision
    document, found = read(path)
    if found != checksum:
        return
    claims = Claims(document)
    for line in sys.stdin:
        kind, numbers = json.loads(line)
        print(json.dumps(claims.asked(kind, numbers)), flush=True)


if __name__ == "__main__":
    try:
        answer(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    except KeyboardInterrupt:
        sys.exit(130)
