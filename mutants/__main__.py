"""`python -m mutants [ROOM …]`: make every wrong change by itself and see the tests of its floor fail.

A mutant has died where a test failed within the limit of processor time. One that survives is a hole in the tests; one
for which tests cannot even be collected, or whose tests fail without it, is a fault of the list. Zero where all died.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mutants.listed import ROOT, Mutant, faults, listed

LIMIT = 60.0
"""Seconds of processor time in which tests must notice; the clock may take four times as long on a busy machine."""

DIED, SURVIVED, SLOW, BROKEN = "died", "SURVIVED", "SLOW", "BROKEN"


def main() -> int:
    """Zero where every mutant died."""
    arguments = _arguments()
    mutants = [one for one in listed(arguments.rooms) if arguments.only in f"{one.file} {one.what}"]
    wrong = faults(mutants)
    print("\n".join(wrong) if wrong else f"{len(mutants)} mutants, each a change of one place")
    if wrong or arguments.check:
        return int(bool(wrong))
    with ThreadPoolExecutor(arguments.workers) as pool, tempfile.TemporaryDirectory() as folder:
        trees = _Trees(Path(folder))
        suites = sorted({one.tests for one in mutants})
        print(f"{len(suites)} sets of tests, first without any mutant", flush=True)
        failing = [suite for suite, code in zip(suites, pool.map(trees.unchanged, suites), strict=True) if code]
        for suite in failing:
            print(f"tests fail without any mutant: {' '.join(suite)}", flush=True)
        verdicts = list(pool.map(lambda one: _told(one, *trees.verdict(one)), mutants))
    counts = {name: verdicts.count(name) for name in (DIED, SURVIVED, SLOW, BROKEN)}
    print(", ".join(f"{count} {name.lower()}" for name, count in counts.items()), f"of {len(mutants)}")
    return int(bool(failing) or counts[DIED] < len(mutants))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help="which lists, by default all")
    parser.add_argument("--only", default="", help="mutants whose file or description contains this")
    parser.add_argument("--check", action="store_true", help="look at the lists alone, run nothing")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many at a time")
    return parser.parse_args()


def _told(mutant: Mutant, verdict: str, seconds: float) -> str:
    print(f"{verdict:8} {seconds:5.1f} s  {mutant.file}: {mutant.what}", flush=True)
    return verdict


class _Trees:
    """Copies of the library, one for each worker, in which one place is changed at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._own = folder, threading.local()

    def unchanged(self, tests: Sequence[str]) -> int:
        """The exit status of tests without a mutant: of those that take long where there are no others."""
        code = _run(self._tree(), tests, SHORT)[0]
        return _run(self._tree(), tests, LONG)[0] if code == NO_TESTS else code

    def verdict(self, mutant: Mutant) -> tuple[str, float]:
        """What became of a mutant, and the processor time that it took."""
        place = self._tree() / "nashscape" / mutant.file
        before = place.read_text(encoding="utf-8")
        place.write_text(mutant.mutated(), encoding="utf-8")
        try:
            code, seconds, which = self._noticed(mutant.tests)
        finally:
            place.write_text(before, encoding="utf-8")
        if code == 1 and which == LONG and _run(self._tree(), mutant.tests, LONG)[0]:
            code = FAIL_ANYWAY
        # 2: an interruption that a test was to catch went through to its end
        named = {0: SURVIVED, 1: DIED, 2: DIED}.get(code, BROKEN)
        return (SLOW if seconds > LIMIT or code is TIMEOUT else named), seconds

    def _noticed(self, tests: Sequence[str]) -> tuple[int, float, str]:
        code, seconds = _run(self._tree(), tests, SHORT)
        if code not in {0, NO_TESTS}:
            return code, seconds, SHORT
        further, more = _run(self._tree(), tests, LONG)
        return (code if further == NO_TESTS else further), seconds + more, LONG

    def _tree(self) -> Path:
        if not hasattr(self._own, "tree"):
            self._own.tree = self._folder / f"tree-{threading.get_ident()}"
            shutil.copytree(ROOT / "src", self._own.tree)
        tree: Path = self._own.tree
        return tree


SHORT, LONG = "not long", "long"
"""Which of the tests: those of every day first, and where these do not notice, those that take long."""

NO_TESTS = 5
TIMEOUT, FAIL_ANYWAY = -1000, -1001


def _run(tree: Path, tests: Sequence[str], which: str) -> tuple[int, float]:
    """Exit status and processor time of pytest, up to the first failure."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", which, *tests]
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, _seconds(used)
        if time.monotonic() - began > 4.0 * LIMIT:
            child.kill()
            child.wait()
            return TIMEOUT, 4.0 * LIMIT
        time.sleep(0.05)


def _seconds(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
