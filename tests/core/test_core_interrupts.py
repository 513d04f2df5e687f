"""Ctrl-C asks to stop: work goes on beside a thread that waits, and is left alone."""

import contextlib
import contextvars
import inspect
import signal
import subprocess
import sys
import threading
import time
import traceback

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape.core import interrupts
from nashscape.core.interrupts import (
    Place,
    all_or_nothing,
    asked_to_stop,
    asking_to_stop,
    beside,
    check_stop,
    finishing,
    stoppable,
    stopped_at_once,
    until_stopped,
    waited_for,
)

LONG = 60.0


def ctrl_c():
    signal.raise_signal(signal.SIGINT)


def from_a_terminal():
    """Arrives in the main thread, whatever it waits for."""
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def soon(function=from_a_terminal, seconds=0.1):
    timer = threading.Timer(seconds, function)
    timer.daemon = True
    timer.start()


def outlasting(left):
    """Work that goes on until it is let go."""
    return lambda: left.wait(LONG)


@pytest.fixture
def left():
    event = threading.Event()
    yield event
    event.set()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_work_is_left_alone_and_what_was_done_stays(left):
    done, began = [], time.monotonic()
    soon()
    with until_stopped(lambda: not done) as stop:
        done.append(beside(lambda: "first"))
        done.append(beside(outlasting(left)))
    assert (done, stop.early) == (["first"], True)
    assert time.monotonic() - began < LONG / 2


def test_where_nothing_was_done_it_raises(left):
    soon()
    with pytest.raises(KeyboardInterrupt):
        beside(outlasting(left))


def test_no_further_work_begins_in_calls_that_are_made_by_calls():
    begun = []

    def inner(k):
        with until_stopped(lambda: not begun) as stop:
            begun.append(k)
            if k == 1:
                ctrl_c()
            beside(lambda: None)
        return stop.early

    early = []
    with until_stopped() as stop:
        for k in range(4):
            check_stop()
            early.append(inner(k))
    assert (begun, early, stop.early) == ([0, 1], [False, True], True)


def test_a_function_of_the_users_may_ask_as_well():
    with until_stopped() as outer:
        with until_stopped() as inner:
            raise KeyboardInterrupt
        check_stop()
    assert outer.early
    assert inner.early


def test_a_second_one_raises_whatever_was_done(left):
    made = []

    def asked_twice():
        with until_stopped():
            ctrl_c()
            with finishing():  # the first one does not end what is made of what was done
                made.append(beside(lambda: 7))
                soon()
                beside(outlasting(left))

    with pytest.raises(KeyboardInterrupt):
        asked_twice()
    assert made == [7]


def test_one_that_comes_when_all_is_done_is_not_lost():
    with pytest.raises(KeyboardInterrupt), until_stopped():
        ctrl_c()
    with pytest.raises(KeyboardInterrupt), all_or_nothing():
        assert asked_to_stop() or ctrl_c() or asked_to_stop()


def test_code_of_the_users_is_stopped_where_it_is():
    where = []
    with until_stopped() as stop, stopped_at_once():
        soon()
        time.sleep(LONG)
        where.append("not here")
    assert (where, stop.early) == ([], True)


@stoppable
def verb(*, first: int = 3) -> int:
    """Loses an exception, as in a callback of the garbage collector, before its work begins."""
    with contextlib.suppress(KeyboardInterrupt):
        ctrl_c()
    return beside(lambda: first)


def test_in_all_of_a_verb_none_is_lost():
    with pytest.raises(KeyboardInterrupt):
        verb()


def test_a_verb_that_does_not_look_is_stopped_where_it_is(monkeypatch):
    monkeypatch.setattr(interrupts, "UNHEARD", 0.2)
    asleep = stoppable(lambda: time.sleep(LONG))
    soon()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        asleep()
    assert time.monotonic() - began < LONG / 2


def test_what_ends_in_time_is_left_in_peace(monkeypatch):
    monkeypatch.setattr(interrupts, "UNHEARD", 0.05)
    with until_stopped() as stop:
        ctrl_c()
        check_stop()
    time.sleep(0.2)
    assert stop.early


def test_a_verb_is_what_it_was():
    assert str(inspect.signature(verb)) == "(*, first: int = 3) -> int"
    assert (verb.__name__, verb.__module__, verb.__globals__) == ("verb", __name__, globals())
    assert verb.__doc__.startswith("Loses")


def test_errors_come_with_where_they_were_raised():
    def broken():
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine") as told:
        beside(broken)
    assert "broken" in [frame.name for frame in traceback.extract_tb(told.value.__traceback__)]


def test_errors_of_those_who_got_the_signal_too_are_no_news(monkeypatch):
    monkeypatch.setattr(interrupts, "PATIENCE", LONG)
    asked = threading.Event()

    def died():
        asked.wait(LONG)
        raise RuntimeError("a process ended early")

    soon(seconds=0.05)
    soon(asked.set, 0.2)
    with pytest.raises(KeyboardInterrupt):
        beside(died)


def test_the_callers_contexts_are_there():
    variable = contextvars.ContextVar("variable", default=0)
    variable.set(3)
    with jax.enable_x64(True), np.errstate(divide="raise"), jax.default_device(jax.devices()[-1]):
        assert beside(lambda: jnp.ones(1).dtype) == np.float64
        assert beside(lambda: jnp.ones(1).devices()) == {jax.devices()[-1]}
        assert beside(lambda: (variable.get(), np.geterr()["divide"])) == (3, "raise")
        with pytest.raises(FloatingPointError):
            beside(lambda: np.ones(1) / 0)
    assert beside(lambda: jnp.ones(1).dtype) == np.float32


def test_elsewhere_nothing_changes():
    def threads():
        return threading.current_thread()

    assert beside(threads) is not threading.main_thread()
    found = []
    other = threading.Thread(target=lambda: found.append(beside(threads)))
    other.start()
    other.join()
    assert found == [other]
    with asking_to_stop(threading.Event()):  # somebody else's handler
        assert beside(threads) is threading.main_thread()
    assert beside(lambda: beside(threads).name) == beside(threads).name


def test_others_who_wait_for_a_thread_are_told():
    told = threading.Event()

    def work():
        with asking_to_stop(told):
            return told.wait(LONG)

    soon()
    assert waited_for(work, Place(), LONG)


def test_a_program_is_waited_for_but_not_for_long(left):
    place = Place()
    soon()
    with pytest.raises(KeyboardInterrupt):
        waited_for(outlasting(left), place, 0.1)
    assert place.asked.is_set()
    assert waited_for(lambda: 5, Place(), 0.1) == 5


ENDS = """
import signal, sys, threading, time
from nashscape.core.interrupts import beside
threading.Timer(0.2, lambda: signal.raise_signal(signal.SIGINT)).start()


def work():
    time.sleep(float(sys.argv[1]))
    print("waited for")


try:
    beside(work)
except KeyboardInterrupt:
    if len(sys.argv) > 2:
        raise
print("here")
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "code", "text"), [(["1"], 0, "here\nwaited for\n"), (["30", "raise"], -signal.SIGINT, "")]
)
def test_a_program_ends_as_python_does(given, code, text):
    done = subprocess.run([sys.executable, "-c", ENDS, *given], capture_output=True, text=True, timeout=25, check=False)
    assert (done.returncode, done.stdout) == (code, text)
    assert ("KeyboardInterrupt" in done.stderr) == bool(text == "")
    assert "FATAL" not in done.stderr


def test_a_program_does_not_wait_for_ever_for_what_was_left_alone():
    script = "import nashscape.core.side_threads as own\nown.LONGEST = 0.3\n" + ENDS
    given = [sys.executable, "-c", script, "20"]
    done = subprocess.run(given, capture_output=True, text=True, timeout=15, check=False)
    assert (done.returncode, done.stdout) == (-signal.SIGINT, "here\n")
    assert "has not come to its end" in done.stderr


CAUGHT = """
import nashscape.core.interrupts

try:
    exec("raise KeyboardInterrupt")
except KeyboardInterrupt:
    if GO_ON:
        raise
"""


@pytest.mark.parametrize(("go_on", "code"), [(False, 0), (True, -signal.SIGINT)])
def test_a_program_that_caught_it_out_of_an_exec_ends_well(go_on, code):
    given = [sys.executable, "-c", CAUGHT.replace("GO_ON", str(go_on))]
    assert subprocess.run(given, capture_output=True, timeout=25, check=False).returncode == code
