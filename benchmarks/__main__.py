"""`python -m benchmarks`: run benchmarks, print a table, write out/bench/results.json.

`--quick` takes smaller problems and `--tiny` the smallest, which only show that every benchmark still works.
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
from benchmarks.sizes import Size

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
    "playing",
    "commons",
    "replicator_map",
    "score_tables",
    "trees",
    "studies",
    "commands",
    "later_calls",
    "stores",
    "reproduction",
    "first_map",
)
RESULTS = Path("out/bench")
HERE = Path(__file__).resolve().parents[1]


def main() -> int:
    """Zero unless a benchmark could not be run or gave no number; one that is not as wanted is no failure."""
    arguments = _arguments()
    if arguments.worker:
        _work(arguments.worker, arguments.size)
        return 0
    described = machine.describe()
    screen = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    screen.print(machine.sentence(described))
    names = arguments.names or BENCHMARKS
    if arguments.against:
        return _compared(names, arguments.size, arguments.against, screen)
    found: dict[str, Any] = {name: _measured(name, arguments.size, screen) for name in names}
    rows = [Row(**one) for result in found.values() for one in result["rows"]]
    screen.print(_table(rows))
    load = machine.describe()["load"]
    screen.print(f"load average at the end {load}; a busy machine says little about speed")
    RESULTS.mkdir(parents=True, exist_ok=True)
    for result in found.values():
        result["rows"] = [{**one, "ok": Row(**one).ok} for one in result["rows"]]
    report = {"machine": described, "load_at_end": load, "size": arguments.size, "benchmarks": found}
    (RESULTS / "results.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return int(any(row.failed for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run, by default all: {', '.join(BENCHMARKS)}"
    )
    sizes = parser.add_mutually_exclusive_group()
    sizes.set_defaults(size=Size.FULL)
    for size, what in {
        Size.QUICK: "fewer repetitions and smaller problems",
        Size.TINY: "once, on next to nothing: whether the benchmarks work",
    }.items():
        sizes.add_argument(f"--{size}", dest="size", action="store_const", const=size, help=what)
    parser.add_argument("--against", metavar="COMMIT", help="compare this tree with a commit: numbers now over then")
    parser.add_argument("--worker", choices=BENCHMARKS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return arguments


def _compared(names: Sequence[str], size: Size, commit: str, screen: Console) -> int:
    """Benchmarks of this tree over the library of a commit and over that of this tree, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "src"], cwd=HERE, check=False, stdout=subprocess.PIPE)
        if archive.returncode != 0:
            raise SystemExit(f"{commit} is no commit of {HERE} whose library could be compared with")
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        rows: list[Row] = []
        for name in names:
            pairs = []
            for _ in range(2):
                then, now = (_measured(name, size, screen, Path(tree)) for tree in (folder, HERE))
                pairs.append((then["rows"], now["rows"]))
            rows += now_and_then(commit, pairs)
    screen.print(f"this tree over {commit}")
    screen.print(_table(rows))
    return int(any(row.failed for row in rows))


def _measured(name: str, size: Size, screen: Console, tree: Path = HERE) -> dict[str, Any]:
    """Run one benchmark in a process of its own, where nothing is compiled or imported yet."""
    screen.print(f"… {name}{'' if tree == HERE else ', then'}")
    load = machine.describe()["load"]
    command = [sys.executable, "-m", "benchmarks", "--worker", name, *([] if size is Size.FULL else [f"--{size}"])]
    library = {**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{HERE}"}
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=library)
    if ended.returncode == 0:
        return {"load": load, "rows": json.loads(ended.stdout)}
    row = Row(name, None, details=f"ended with exit code {ended.returncode}; the reason stands above", failed=True)
    return {"load": load, "rows": [row.plain()]}


def _work(name: str, size: Size) -> None:
    from nashscape.core.machine import cores

    # not by `use_every_core`: the library that is measured may be an older one
    os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(cores()))
    rows = importlib.import_module(f"benchmarks.{name}").run(size)
    print(json.dumps([row.plain() for row in rows]))


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("name", "number", "against", "wanted", "ok?", "details"):
        table.add_column(name, justify="right" if name in ("number", "wanted") else "left")
    for row in rows:
        table.add_row(*row.cells())
    return table


if __name__ == "__main__":
    sys.exit(main())
