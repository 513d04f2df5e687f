"""Ctrl-C that asks to stop, and does not tear down what happens to run."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

USUAL: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
"""What happens where nobody has said anything else."""


@contextmanager
def asking_to_stop(asked: threading.Event, signals: Sequence[signal.Signals] = (signal.SIGINT,)) -> Iterator[None]:
    """Let Ctrl-C ask to stop instead of raising wherever Python happens to be; a second one raises.

    An exception raised in a callback of the garbage collector is lost. Handlers of others are left alone, and outside
    the main thread, where no signal arrives, nothing changes.

    Args:
        asked: is set by the first of the signals.
        signals: which ask. SIGTERM is what clusters send some time before they kill.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:
        if asked.is_set():
            signal.default_int_handler(number, frame)
        asked.set()

    ours = [one for one in signals if signal.getsignal(one) is USUAL[one]]
    for one in ours:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, USUAL[one])
