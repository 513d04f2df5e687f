"""Ctrl-C in a callback of the collector is neither printed nor lost."""

import subprocess
import sys

SCRIPT = """
import gc, sys, time
from nashscape.cli.lost_signals import heard_again
{hook}
def once(phase, info):
    gc.callbacks.remove(once)
    raise {error}
gc.callbacks.append(once)
try:
    gc.collect()
    time.sleep({wait})
    print("nothing came")
except KeyboardInterrupt:
    print("heard")
"""


def run(error, hook="sys.unraisablehook = heard_again", wait=5):
    script = SCRIPT.format(error=error, hook=hook, wait=wait)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)


def test_it_comes_again_without_a_word():
    made = run("KeyboardInterrupt")
    assert (made.stdout.strip(), made.stderr) == ("heard", "")


def test_without_the_hook_it_would_be_printed_and_lost():
    made = run("KeyboardInterrupt", hook="", wait=0.3)
    assert made.stdout.strip() == "nothing came"
    assert "Exception ignored" in made.stderr


def test_other_errors_are_printed_as_they_are():
    made = run("ValueError('torn')", wait=0.3)
    assert made.stdout.strip() == "nothing came"
    assert "torn" in made.stderr
