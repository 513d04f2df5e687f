"""`python -m benchmarks`: run benchmarks, print a table, write out/bench/results.json."""

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.rows import Row

BENCHMARKS = (
    "exact_map",
    "endings",
    "shapes",
    "phase_map",
    "boundary_tests",
    "certificates",
    "sampled_map",
    "compiling",
    "plain_vmap",
    "replicator_map",
    "commands",
)
RESULTS = Path("out/bench")


def main() -> int:
    """Zero unless a benchmark could not be run; a number that is not as wanted is no failure."""
    arguments = _arguments()
    if arguments.worker:
        _work(arguments.worker, arguments.quick)
        return 0
    described = machine.describe()
    screen = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    screen.print(machine.sentence(described))
    found: dict[str, Any] = {name: _measured(name, arguments.quick, screen) for name in arguments.names or BENCHMARKS}
    rows = [Row(**one) for result in found.values() for one in result["rows"]]
    screen.print(_table(rows))
    load = machine.describe()["load"]
    screen.print(f"load average at the end {load}; a busy machine says little about speed")
    RESULTS.mkdir(parents=True, exist_ok=True)
    for result in found.values():
        result["rows"] = [{**one, "ok": Row(**one).ok} for one in result["rows"]]
    report = {"machine": described, "load_at_end": load, "quick": arguments.quick, "benchmarks": found}
    (RESULTS / "results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return int(any(result["failed"] for result in found.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run, by default all: {', '.join(BENCHMARKS)}"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and smaller problems")
    parser.add_argument("--worker", choices=BENCHMARKS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return arguments


def _measured(name: str, quick: bool, screen: Console) -> dict[str, Any]:
    """Run one benchmark in a process of its own, where nothing is compiled or imported yet."""
    screen.print(f"… {name}")
    load = machine.describe()["load"]
    command = [sys.executable, "-m", "benchmarks", "--worker", name, *(["--quick"] if quick else [])]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode == 0:
        return {"failed": False, "load": load, "rows": json.loads(ended.stdout)}
    row = Row(name, None, details=f"FAILED with exit code {ended.returncode}; the reason stands above")
    return {"failed": True, "load": load, "rows": [row.plain()]}


def _work(name: str, quick: bool) -> None:
    from nashscape.cli.machine import use_every_core

    use_every_core()
    rows = importlib.import_module(f"benchmarks.{name}").run(quick)
    print(json.dumps([row.plain() for row in rows]))


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("name", "ratio", "wanted", "ok?", "details"):
        table.add_column(name, justify="right" if name in ("ratio", "wanted") else "left")
    for row in rows:
        table.add_row(*row.cells())
    return table


if __name__ == "__main__":
    sys.exit(main())
