"""`python -m benchmarks`: run benchmarks, print a table, write out/bench/results.json.

With `--against COMMIT` every number is measured twice on that commit and on this tree, in turn, and compared.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.rows import Row, now_and_then

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
HERE = Path(__file__).resolve().parents[1]


def main() -> int:
    """Zero unless a benchmark could not be run; a number that is not as wanted is no failure."""
    arguments = _arguments()
    if arguments.worker:
        _work(arguments.worker, arguments.quick)
        return 0
    described = machine.describe()
    screen = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    screen.print(machine.sentence(described))
    names = arguments.names or BENCHMARKS
    if arguments.against:
        return _compared(names, arguments.quick, arguments.against, screen)
    found: dict[str, Any] = {name: _measured(name, arguments.quick, screen) for name in names}
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
    parser.add_argument("--against", metavar="COMMIT", help="compare this tree with a commit: numbers now over then")
    parser.add_argument("--worker", choices=BENCHMARKS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return arguments


def _compared(names: Sequence[str], quick: bool, commit: str, screen: Console) -> int:
    """Benchmarks of this tree over the library of a commit and over that of this tree, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "src"], cwd=HERE, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        rows, failed = [], False
        for name in names:
            pairs = []
            for _ in range(2):
                then, now = (_measured(name, quick, screen, Path(tree)) for tree in (folder, HERE))
                pairs.append((then["rows"], now["rows"]))
                failed = failed or then["failed"] or now["failed"]
            rows += now_and_then(pairs)
    screen.print(f"this tree over {commit}")
    screen.print(_table(rows))
    return int(failed)


def _measured(name: str, quick: bool, screen: Console, tree: Path = HERE) -> dict[str, Any]:
    """Run one benchmark in a process of its own, where nothing is compiled or imported yet."""
    screen.print(f"… {name}{'' if tree == HERE else ', then'}")
    load = machine.describe()["load"]
    command = [sys.executable, "-m", "benchmarks", "--worker", name, *(["--quick"] if quick else [])]
    library = {**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{HERE}"}
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=library)
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
