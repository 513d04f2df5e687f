"""Ctrl-C that came while memory was looked through: Python prints such an exception, and forgets it."""

import _thread
import signal
import sys
import threading
import time
from typing import Any

SHORTLY = 0.05
"""Seconds after which the signal is sent again."""


def heard_again(unraisable: Any) -> None:
    """In place of `sys.unraisablehook`: a KeyboardInterrupt that could not be raised comes again, without a word."""
    if unraisable.exc_type is KeyboardInterrupt:
        _thread.start_new_thread(_send, ())
    else:
        sys.__unraisablehook__(unraisable)


def _send() -> None:
    time.sleep(SHORTLY)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
