"""A progress bar that shows itself only when there is something to wait for."""

import sys
import threading
from types import TracebackType
from typing import Any

PATIENCE = 2.0
"""Seconds of work before the bar appears."""


class ProgressBar:
    """Counts runs over several rules; to be used as a context and called with (done, total) for each rule in turn."""

    def __init__(self, rules: int, *, wanted: bool = True) -> None:
        """For so many rules; not `wanted` never shows anything."""
        self._rules = rules
        self._finished = 0
        self._last = 0
        self._share = 0.0
        self._bar: Any = None
        self._task: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE, self._show) if wanted else None

    def __enter__(self) -> "ProgressBar":
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __call__(self, done: int, total: int) -> None:
        """So many runs of the present rule are done."""
        if done <= self._last:
            self._finished += 1  # the count begins again with every rule
        self._last = done
        with self._lock:
            self._share = min(1.0, (self._finished + done / total) / self._rules)
            if self._bar is not None:
                self._bar.update(self._task, completed=self._share)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._bar is not None:
                self._bar.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        with self._lock:
            if self._timer is None:  # the work ended just now
                return
            columns = (TextColumn("running"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            self._task = self._bar.add_task("running", total=1.0, completed=self._share)
            self._bar.start()


def progress_bar(rules: int) -> ProgressBar:
    """A bar on stderr where a person is looking at it, in a terminal."""
    return ProgressBar(rules, wanted=sys.stderr.isatty())
