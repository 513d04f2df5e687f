"""Work in a thread of its own, and how a program ends in which such work was left alone."""

import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from contextvars import copy_context
from typing import Any, NoReturn

BESIDE = "nashscape, beside"
"""The name of threads that work while another waits."""

AT_EXIT = 0.3
"""Seconds for which a program that ends waits for such threads, where it was interrupted."""

LONGEST = 30.0
"""Seconds for which it waits where the interruption was caught: what then has not ended may never do."""

LEFT = "what was left alone at Ctrl-C has not come to its end, so this process is ended as by Ctrl-C"


class Made:
    """What some work gave or raised, once it is done."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.value: Any = None
        self.error: BaseException | None = None

    def by(self, work: Callable[[], Any]) -> None:
        """Do the work, and keep what it gives or raises."""
        try:
            self.value = work()
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()

    def given(self) -> Any:
        """What it gave; what it raised is raised."""
        if self.error is None:
            return self.value
        try:
            raise self.error
        finally:
            self.error = None  # or error and frame would keep each other alive


def begun(work: Callable[[], Any]) -> Made:
    """Have some work done in a thread of its own, in the context of this one."""
    made, context, entered = Made(), copy_context(), _jax_contexts()

    def run() -> Any:
        with ExitStack() as stack:
            for one, value in entered:
                if one.value != value:
                    stack.enter_context(one(value))
            return context.run(work)

    threading.Thread(target=made.by, args=(run,), daemon=True, name=BESIDE).start()
    return made


JAX_CONTEXTS = (
    "enable_x64", "default_device", "default_matmul_precision", "default_prng_impl", "threefry_partitionable",
    "numpy_dtype_promotion", "numpy_rank_promotion", "debug_nans", "debug_infs", "debug_key_reuse", "log_compiles",
    "check_tracer_leaks", "enable_checks", "enable_custom_prng", "explain_cache_misses", "softmax_custom_jvp",
    "transfer_guard_device_to_device", "transfer_guard_device_to_host", "transfer_guard_host_to_device",
)  # fmt: skip
"""Contexts of JAX, each of which belongs to a thread."""


def _jax_contexts() -> list[tuple[Any, Any]]:
    """JAX's contexts and their values in this thread; none where nobody has imported JAX."""
    jax = sys.modules.get("jax")
    found: list[Any] = [getattr(jax, name, None) for name in JAX_CONTEXTS]
    return [(one, one.value) for one in found if hasattr(one, "value")]


@atexit.register
def _leave() -> None:
    """End a program with work that was left alone.

    Such a thread comes back when Python is gone, and takes the process down with a message of its own. So it is waited
    for, but not for ever, and not where nobody caught KeyboardInterrupt, nor after Ctrl-C: as Python does, the process
    ends by a signal.
    """
    try:
        ended_by = getattr(sys, "last_type", None)
        if ended_by is not KeyboardInterrupt:
            _forget_caught()
        until = time.monotonic() + (AT_EXIT if ended_by is KeyboardInterrupt else LONGEST)
        for one in threading.enumerate():
            if one.name == BESIDE:
                one.join(max(0.0, until - time.monotonic()))
                if one.is_alive():
                    if ended_by is not KeyboardInterrupt:
                        print(f"nashscape: {LEFT}", file=sys.stderr)
                    end_by(signal.SIGINT)
    except KeyboardInterrupt:
        end_by(signal.SIGINT)


def _forget_caught() -> None:
    """Let Python forget that KeyboardInterrupt came out of an `exec` once.

    It would end the process by a signal for that, although somebody caught it; imports are full of `exec`.
    """
    exec("")


def end_by(number: signal.Signals) -> NoReturn:
    """End this process by a signal, after what it has written is where it belongs."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)
