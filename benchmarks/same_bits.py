"""Whether two commits compute the same runs, bit by bit: `make same-bits BASE=tag`.

Of all runs of each configuration the final parameters, the first hits, and which runs are in which target at the last
step are compared; how runs are labelled is another matter. Where parameters differ, the largest difference is told.
This file and `same_runs.py` run on both commits, so they use names only that both have. What they need from the inside
of the library is one thing, the endings of batches of runs, which are caught where they are made.
"""

import argparse
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
THRESHOLD = 0.82
"""Probability of the target's actions from which a run counts as in it."""

Found = dict[str, dict[str, Any]]
"""For every batch of runs, by name: digests, shares of the runs by target, and `ends`, the final parameters."""


def main() -> int:
    """Zero where everything is the same."""
    arguments = _arguments()
    if arguments.worker:
        found = measured(arguments.only)
        np.savez(arguments.worker.with_suffix(".npz"), **{name: one.pop("ends") for name, one in found.items()})
        arguments.worker.write_text(json.dumps(found), encoding="utf-8")
        return 0
    root = HERE.parents[1]
    same = True
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        asked = ["git", "archive", arguments.base, "src"]
        archive = subprocess.run(asked, cwd=root, check=False, stdout=subprocess.PIPE)
        if archive.returncode != 0:
            raise SystemExit(f"{arguments.base} is no commit of {root} whose library could be compared with")
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        for devices in arguments.devices:
            pair = [_in_process(tree / "src", devices, arguments.only, before) for tree in (before, root)]
            lines, alike = compared(*pair)
            print(f"{devices} device{'s' if devices > 1 else ''}, {arguments.base} and this tree")
            print("\n".join(lines), flush=True)
            same = same and alike
    print("the same bits" if same else "NOT the same bits")
    return 0 if same else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="same_bits", description=__doc__)
    parser.add_argument("--base", default="HEAD", help="the commit to compare this tree with")
    parser.add_argument("--devices", type=int, nargs="+", default=[1, 2, 4], help="numbers of devices to run on")
    parser.add_argument("--only", default="", help="configurations whose name contains this")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_process(source: Path, devices: int, only: str, folder: Path) -> Found:
    out = folder / "found.json"
    path = f"{source}{os.pathsep}{HERE.parents[1]}"
    environment = {**os.environ, "PYTHONPATH": path, "JAX_NUM_CPU_DEVICES": str(devices)}
    command = [sys.executable, str(HERE), "--worker", str(out), "--only", only]
    subprocess.run(command, env=environment, check=True, cwd=folder)
    found: Found = json.loads(out.read_text(encoding="utf-8"))
    with np.load(out.with_suffix(".npz")) as ends:
        return {name: {**one, "ends": ends[name]} for name, one in found.items()}


def compared(before: Found, after: Found) -> tuple[list[str], bool]:
    """A line for every batch of runs, and whether all are the same."""
    lines, same = [], True
    for name in sorted({*before, *after}):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            differs = ["only before" if other is None else "only now"]
        else:
            differs = [part for part in one if part != "ends" and one[part] != other.get(part)]
            if "theta" in differs:
                differs[differs.index("theta")] = f"theta by {_apart(one['ends'], other['ends'])}"
        same = same and not differs
        shares = "" if other is None else ", ".join(f"{target} {share:.6f}" for target, share in other["at"].items())
        lines.append(f"  {'differ: ' + ', '.join(differs) if differs else 'same':<30} {name} ({shares})")
    return lines, same


def _apart(one: Any, other: Any) -> str:
    """The largest difference of two arrays, where they can be compared."""
    if one.shape != other.shape:
        return f"shape, {one.shape} and {other.shape}"
    return f"{np.max(np.abs(one.astype(np.float64) - other.astype(np.float64)), initial=0.0):.1e}"


def measured(only: str = "") -> Found:
    """Digests of the endings of all configurations whose name contains `only`."""
    import nashscape
    from benchmarks.same_runs import configurations

    expected = os.environ.get("PYTHONPATH", "").split(os.pathsep)[0]
    assert not expected or str(nashscape.__file__).startswith(expected), f"ran {nashscape.__file__}"
    found: Found = {}
    for name, (run, shown) in configurations().items():
        if only in name:
            with _caught() as endings:
                run()
            # runs that were made again to be watched, or went on for an audit, are not those that were asked for, nor
            # is a first block alone, of which programs are made that would label it
            most = max(len(one.theta) for one in endings if not _watched(one))
            asked = [one for one in endings if len(one.theta) == most and not _watched(one)]
            if not shown:
                found[name] = _digest(_whole(asked))
            for k, one in enumerate(asked[:shown]):
                found[f"{name} #{k}" if shown > 1 else name] = _digest(one)
    return found


def _whole(endings: list[Any]) -> Any:
    """All different runs of several batches in an order of their own, whichever batch each of them was in."""
    theta = np.concatenate([one.theta for one in endings])
    _, first = np.unique(theta, axis=0, return_index=True)
    players = range(len(endings[0].strategies))
    strategies = [np.concatenate([one.strategies[k] for one in endings])[first] for k in players]
    hits = np.concatenate([one.first_hit for one in endings])[first]
    return SimpleNamespace(theta=theta[first], strategies=strategies, first_hit=hits)


def _watched(ending: Any) -> bool:
    return getattr(ending, "recurrence", None) is not None


def _digest(ending: Any) -> dict[str, Any]:
    inside = _inside(ending.strategies)
    return {
        "runs": len(ending.theta),
        "theta": _sha(ending.theta),
        "first hit": _sha(ending.first_hit),
        "at": {target: float(held.mean()) for target, held in inside.items()},
        "members": _sha(np.stack(list(inside.values()))),
        "ends": np.asarray(ending.theta),
    }


def _inside(strategies: Any) -> dict[str, Any]:
    """Which runs play each action, all players the same one, with the threshold's probability (in round one)."""
    first = [own.reshape(len(own), -1, own.shape[-1])[:, 0] for own in strategies]
    actions = min(own.shape[-1] for own in first)
    threshold = first[0].dtype.type(THRESHOLD)
    return {f"all {a + 1}": np.all([own[:, a] >= threshold for own in first], axis=0) for a in range(actions)}


def _sha(array: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


@contextmanager
def _caught() -> Iterator[list[Any]]:
    """The endings of all batches that run inside."""
    kind: Any = importlib.import_module("nashscape.dynamics.batches").Endings
    made: list[Any] = []
    usual = kind.__init__

    def noted(self: Any, *args: Any, **named: Any) -> None:
        usual(self, *args, **named)
        made.append(self)

    kind.__init__ = noted
    try:
        with _without_probes(made):
            yield made
    finally:
        kind.__init__ = usual


@contextmanager
def _without_probes(made: list[Any]) -> Iterator[None]:
    """Short runs by which the noise of updates is measured, where a commit makes such, are not asked for either."""
    module: Any = None
    with suppress(ImportError):
        module = importlib.import_module("nashscape.dynamics.labelled_runs")
    usual: Any = getattr(module, "noise_of", None)

    def probed(*args: Any, **named: Any) -> Any:
        count = len(made)
        found = usual(*args, **named)
        del made[count:]
        return found

    if usual is not None:
        module.noise_of = probed
    try:
        yield
    finally:
        if usual is not None:
            module.noise_of = usual


if __name__ == "__main__":
    sys.exit(main())
