"""How long a person waits in the explorer: `make bench-app`. It takes Chromium and the extra `browser`.

    python -m benchmarks.explorer [--quick]

From entering the command to the first picture, with programs compiled before and without; from a move of a slider to
the maps of four rules at 101×101; the end of a burst of moves; and ten users at once on one process. Beside them, what
the same maps take where nothing but the library is called.
"""

import argparse
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from benchmarks import machine
from benchmarks.rows import Row

FOUR = ["pg", "meta_mapg", "lola", "lookahead"]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
RESULTS = Path("out/bench/explorer.json")
USERS = 10
BURST = 40

MOVE = """([value]) => new Promise((done) => {
  const slider = document.getElementById("slide-peer"), asked = performance.now();
  const look = new MutationObserver(() => {
    if (document.body.dataset.shown !== document.body.dataset.asked) return;
    look.disconnect();
    requestAnimationFrame(() => done(performance.now() - asked));
  });
  look.observe(document.body, { attributes: true, attributeFilter: ["data-shown"] });
  slider.value = value;
  slider.dispatchEvent(new Event("input"));
})"""
"""From a move of a slider to the frame in which its maps are seen, in milliseconds."""

BURST_OF = """async ([from, moves]) => {
  const slider = document.getElementById("slide-peer");
  for (let k = 0; k < moves; k += 1) {
    slider.value = from + k / 50;
    slider.dispatchEvent(new Event("input"));
    await new Promise((next) => setTimeout(next, 16));
  }
  const ended = performance.now();
  await new Promise((next) => requestAnimationFrame(next));
  while (document.body.dataset.shown !== document.body.dataset.asked) await new Promise((next) => setTimeout(next, 1));
  return performance.now() - ended;
}"""
"""From the last move of many to the maps of that one, in milliseconds."""


@contextmanager
def explorer(**environment: str) -> Iterator[tuple[str, float]]:
    """A server, as it is begun by the command: its address, and when the command was entered."""
    entered = time.perf_counter()
    run = subprocess.Popen([sys.executable, "-m", "nashscape", "app", "--port", "0", "--no-browser"],
                           stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})  # fmt: skip
    assert run.stdout is not None, "it was asked for"
    try:
        found = re.search(r"http://\S+", run.stdout.readline())
        assert found is not None, "the command tells its address"
        yield found[0], entered
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(30)


def first_pictures(chromium: Any, calls: int) -> list[Row]:
    """From entering the command to the first maps; the browser is open already."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = [_first(chromium, folder) for _ in range(calls + 1)]
    return [
        Row("first picture, nothing compiled", seconds[0], unit="s", most=8.0, details="once"),
        Row("first picture, programs on disk", float(np.median(seconds[1:])), unit="s", most=3.0,
            details=told(seconds[1:], "s")),
    ]  # fmt: skip


def _first(chromium: Any, folder: str) -> float:
    with explorer(NASHSCAPE_CACHE=folder) as (address, entered):
        page = chromium.new_page()
        page.goto(address)
        page.wait_for_selector("body[data-shown]", timeout=60_000)
        seconds = time.perf_counter() - entered
        # what is compiled later is for the next call too
        page.get_by_text("All is computed.").wait_for(timeout=240_000)
        page.close()
    return seconds


def moves(chromium: Any, address: str, count: int) -> list[Row]:
    """A slider that is moved while everything else of the scene before is being computed."""
    page = chromium.new_page()
    page.goto(f"{address}#{quote(json.dumps({'rules': FOUR}))}")
    page.get_by_text("All is computed.").wait_for(timeout=240_000)
    took = []
    for k in range(count):
        took.append(page.evaluate(MOVE, [1 + 0.05 * k]))
        page.wait_for_timeout(150)
    bursts = [page.evaluate(BURST_OF, [1 + k / 10, BURST]) for k in range(5)]
    page.close()
    return [
        Row("slider to four maps, median", float(np.median(took)), unit="ms", most=100.0, details=told(took, "ms")),
        Row("slider to four maps, 95th percentile", float(np.percentile(took, 95)), unit="ms", most=250.0),
        Row(f"the end of a burst of {BURST} moves", float(np.median(bursts)), unit="ms", details=told(bursts, "ms")),
    ]


def users(address: str, each: int) -> list[Row]:
    """Ten users who move a slider each, three times a second, on one process."""
    from websockets.sync.client import connect
    from websockets.typing import Origin

    took: list[float] = []

    def one(k: int) -> None:
        with connect(
            f"{address.replace('http', 'ws')}socket", origin=Origin(address.rstrip("/")), max_size=None, proxy=None
        ) as page:
            for move in range(each):
                asked = time.perf_counter()
                page.send(json.dumps({"key": move, "scene": {"rules": FOUR, "peer": 1 + 0.01 * (each * k + move)}}))
                while not _is_map(page.recv(60), move):
                    pass
                took.append(1000 * (time.perf_counter() - asked))
                time.sleep(0.3)

    threads = [threading.Thread(target=one, args=(k,)) for k in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [
        Row(f"{USERS} users at once, median", float(np.median(took)), unit="ms", most=500.0, details=told(took, "ms"))
    ]


def _is_map(data: Any, key: int) -> bool:
    (length,) = struct.unpack(">I", data[:4])
    header = json.loads(data[4 : 4 + length])
    return header.get("part") == "map" and header["key"] == key


def alone(count: int) -> list[Row]:
    """The same maps without a server and a page."""
    import nashscape as ns

    rules = [ns.pg(), ns.meta_mapg(), ns.lola(), ns.lookahead()]
    how: dict[str, Any] = {"grid": 101, "settling": ns.Settling(follow=False), "audit": False}
    took = []
    for k in range(count + 1):
        game, began = ns.games.stag_hunt(T=3 + k / 100), time.perf_counter()
        ns.basin_map(game, rules, **how)
        took.append(1000 * (time.perf_counter() - began))
    return [Row("the four maps alone", float(np.median(took[1:])), unit="ms", details=told(took[1:], "ms"))]


def told(values: list[float], unit: str) -> str:
    """The least, the median and the largest of what was measured."""
    return f"{len(values)} times, {min(values):.3g} … {np.median(values):.3g} … {max(values):.3g} {unit}"


def main() -> None:
    """Measure, print, and write out/bench/explorer.json."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description="How long a person waits in the explorer.")
    parser.add_argument("--quick", action="store_true", help="fewer moves")
    quick = parser.parse_args().quick
    if not CHROMIUM:
        raise SystemExit("there is no Chromium here: apt-get install chromium, or say where with CHROMIUM=/path")
    print(machine.sentence(machine.describe()))
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        rows = first_pictures(chromium, 1 if quick else 3)
        with explorer() as (address, _):
            rows += moves(chromium, address, 15 if quick else 60)
            rows += users(address, 4 if quick else 12)
        chromium.close()
    rows += alone(5 if quick else 20)
    for row in rows:
        print("  ".join(row.cells()))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps([row.plain() for row in rows], indent=1))


if __name__ == "__main__":
    main()
