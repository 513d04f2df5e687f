"""Whether two commits compute the same runs, bit by bit: `make same-bits BASE=tag`.

The configurations are those of the published reproduction and of the README, and short ones of rules, games, semantics
and estimators of all sorts. Of all runs of each the final
parameters, the first hits, and which runs are in which target at the last step are compared; how runs are labelled is
another matter. This file runs on both commits, so it uses names only that both have. What it needs from the inside of
the library is one thing, the endings of batches of runs, which it catches where they are made.
"""

import argparse
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve()
THRESHOLD = 0.82
"""Probability of the target's actions from which a run counts as in it."""

Found = dict[str, dict[str, Any]]
"""For every batch of runs, by name: digests, and shares of the runs by target."""


def main() -> int:
    """Zero where everything is the same."""
    arguments = _arguments()
    if arguments.worker:
        arguments.worker.write_text(json.dumps(measured(arguments.only)), encoding="utf-8")
        return 0
    root = HERE.parents[1]
    same = True
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder)
        archive = subprocess.run(["git", "archive", arguments.base, "src"], cwd=root, check=True, capture_output=True)
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
    environment = {**os.environ, "PYTHONPATH": str(source), "JAX_NUM_CPU_DEVICES": str(devices)}
    command = [sys.executable, str(HERE), "--worker", str(out), "--only", only]
    subprocess.run(command, env=environment, check=True, cwd=folder)
    found: Found = json.loads(out.read_text(encoding="utf-8"))
    return found


def compared(before: Found, after: Found) -> tuple[list[str], bool]:
    """A line for every batch of runs, and whether all are the same."""
    lines, same = [], True
    for name in sorted({*before, *after}):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            differs = ["only before" if other is None else "only now"]
        else:
            differs = [part for part in one if one[part] != other.get(part)]
        same = same and not differs
        shares = "" if other is None else ", ".join(f"{target} {share:.6f}" for target, share in other["at"].items())
        lines.append(f"  {'differ: ' + ', '.join(differs) if differs else 'same':<30} {name} ({shares})")
    return lines, same


def measured(only: str = "") -> Found:
    """Digests of the endings of all configurations whose name contains `only`."""
    import nashscape

    expected = os.environ.get("PYTHONPATH", "")
    assert not expected or str(nashscape.__file__).startswith(expected), f"ran {nashscape.__file__}"
    found: Found = {}
    for name, (run, shown) in configurations().items():
        if only in name:
            with _caught() as endings:
                run()
            # runs that were made again to be watched, or went on for an audit, are not those that were asked for
            asked = [one for one in endings if len(one.theta) == len(endings[0].theta) and not _watched(one)]
            for k, one in enumerate(asked[:shown]):
                found[f"{name} #{k}" if shown > 1 else name] = _digest(one)
    return found


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


def configurations() -> dict[str, tuple[Callable[[], Any], int]]:
    """What runs, by name, and how many of its batches count: the first of those whose number hangs on labels."""
    return {**_published(), **_of_the_readme(), **_of_all_sorts()}


def _published() -> dict[str, tuple[Callable[[], Any], int]]:
    import nashscape as ns
    from nashscape.dynamics import starts
    from nashscape.studies.estimator_variance import variance_traces
    from nashscape.studies.published_methods import METHODS, ROOM, methods, rule

    game, ipd, four = ns.games.stag_hunt(), ns.games.iterated_prisoners_dilemma(), len(METHODS)
    goals: Any = {"targets": ["CC", "DD"]}
    normal, wide = starts.normal(std=1.35), starts.uniform(-3.0, 3.0)
    sweep = [rule(0.35, peer).renamed(f"peer {peer}") for peer in (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)]
    annealed = [
        rule(0.0, 0.0).renamed("pg"),
        rule(0.35, 1.5).renamed("constant"),
        rule(0.35, 1.5, warm_up=100, exponent=0.7, decay_steps=30).renamed("two-phase"),
    ]

    def batch(plays: int) -> Any:
        return ns.sampled(plays, capacity=ROOM)

    return {
        "grid 21": (lambda: ns.basin_map(game, methods(), grid=21, kind="endpoints", **goals), four),
        "grid 51": (lambda: ns.basin_map(game, methods(), grid=51, kind="endpoints", **goals), four),
        "cells 101": (lambda: ns.basin_map(game, methods(), grid=101, **goals), four),
        "normal starts": (
            lambda: ns.entry_probability(game, methods(), n=50_000, starts=normal, steps=260, **goals), four,
        ),
        "uniform starts": (
            lambda: ns.entry_probability(game, methods(), n=50_000, starts=wide, steps=120, **goals), four,
        ),
        "ablation": (
            lambda: ns.entry_probability(game, methods(), n=512, steps=260, estimator=batch(384), **goals), four,
        ),
        "sampled maps": (
            lambda: ns.basin_map(
                game, methods(), grid=21, kind="endpoints", estimator=batch(192), rollouts=2, **goals
            ),
            four,
        ),
        "peer sweep": (
            lambda: ns.basin_map(game, sweep, grid=11, kind="endpoints", estimator=batch(192), rollouts=2, **goals),
            len(sweep),
        ),
        "peer sweep, noise-free": (
            lambda: ns.basin_map(game, sweep, grid=11, kind="endpoints", **goals), len(sweep),
        ),
        "annealing": (
            lambda: ns.entry_probability(
                game, annealed, n=128, starts=normal, steps=2000, estimator=batch(256), **goals
            ),
            len(annealed),
        ),
        "estimator variance": (lambda: variance_traces(game, rule(0.35, 1.5), 0.58, 384, ROOM, 2, seed=0), 1),
        "iterated, ablation": (
            lambda: ns.entry_probability(
                ipd, methods(), n=128, steps=260, starts=normal, targets="CC", estimator=ns.episodes(384)
            ),
            four,
        ),
        "restarts, first wave": (
            lambda: ns.restarts(game, methods()[3], budget=13, runs=512, steps=120, target="CC", estimator=batch(384)),
            1,
        ),
        "iterated, restarts, first wave": (
            lambda: ns.restarts(
                ipd, methods()[3], budget=13, runs=128, steps=120, target="CC", estimator=ns.episodes(384)
            ),
            1,
        ),
    }  # fmt: skip


def _of_the_readme() -> dict[str, tuple[Callable[[], Any], int]]:
    import nashscape as ns

    game, ipd = ns.games.stag_hunt(), ns.games.iterated_prisoners_dilemma()
    donation = ns.games.donation(benefit=3, cost=1)
    return {
        "README, maps": (lambda: ns.basin_map(game, [ns.pg(), ns.meta_mapg(peer=1.5, own=0.35)], grid=101), 2),
        "README, entry": (lambda: ns.entry_probability(game, ns.pg(), n=1000, estimator=ns.sampled(batch=384)), 1),
        "README, steer": (lambda: ns.steer(game, "peer", "CC", at_least=0.6, grid=21, tolerance=0.01), 2),
        "README, restarts": (
            lambda: ns.restarts(ipd, ns.meta_mapg(), runs=50, estimator=ns.episodes(batch=384), target="CC"), 1,
        ),
        "README, open source": (
            lambda: ns.entry_probability(
                ns.open_source(donation, 0.7), ns.pg(), n=200, steps=6000, step_size=0.3, targets=["CC", "DD"],
                projection=ns.unbounded(),
            ),
            1,
        ),
    }  # fmt: skip


def _of_all_sorts() -> dict[str, tuple[Callable[[], Any], int]]:
    """Every kind of rule, game, semantics and estimator once or twice, where all are asymmetric that can be."""
    import nashscape as ns

    uneven, three = ns.games.random_game((2, 3), seed=1), ns.games.random_game((2, 2, 3), seed=2)
    square, hunt = ns.games.random_game((2, 2), seed=3), ns.games.stag_hunt()
    ipd = ns.games.iterated_prisoners_dilemma()
    fading = ns.schedules.power(0.5, offset=2, exponent=0.6)
    normal: Any = ns.starts.normal(std=1.35)

    def entry(game: Any, rule: Any, **how: Any) -> tuple[Callable[[], Any], int]:
        settings = {"n": 300, "steps": 60, "starts": normal, "audit": False, **how}
        return lambda: ns.entry_probability(game, rule, **settings), 1

    made = {
        "uneven, meta_mapg": entry(uneven, ns.meta_mapg(peer=1.5)),
        "three, lola, double": entry(three, ns.lola(), precision="float64"),
        "uneven, lookahead, fading": entry(uneven, ns.lookahead(), step_size=fading),
        "square, sos": entry(square, ns.sos()),
        "square, sga": entry(square, ns.sga()),
        "square, consensus": entry(square, ns.consensus()),
        "square, cgd": entry(square, ns.cgd()),
        "square, extragradient": entry(square, ns.extragradient()),
        "uneven, exact lola": entry(uneven, ns.exact_lola(inner_lr=0.5)),
        "uneven, natural gradient, free": entry(uneven, ns.natural_gradient(), projection=ns.unbounded()),
        "hunt, unrolled": entry(hunt, ns.unrolled_meta_mapg()),
        "hunt, one each": entry(hunt, ns.per_player([ns.pg(), ns.lola()])),
        "uneven, sampled": entry(uneven, ns.meta_mapg(), estimator=ns.sampled(batch=32)),
        "three, sampled, seed 5": entry(three, ns.pg(), estimator=ns.sampled(batch=8), seed=5),
        "iterated, exact": entry(ipd, ns.pg()),
        "iterated, episodes": entry(ipd, ns.pg(), estimator=ns.episodes(batch=32)),
        "coupled, asymmetric": entry(ns.open_source(square, [[0, 0.7], [0.2, 0]]), ns.peer_only()),
        "restricted": entry(ns.restricted(ipd, [[("start", "CC")], [("start", "DD")]], fixed=0.2), ns.pg()),
        "simplex": entry(ns.parametric(uneven, ns.simplex((2, 3))), ns.pg(), starts=ns.starts.uniform_strategies()),
        "softmaxes": entry(ns.parametric(hunt, ns.independent((2, 2), "softmax")), ns.meta_mapg()),
        "many players": entry(ns.games.graph_donation("ring:9", benefit=3, cost=1), ns.pg()),
        "points": entry(ns.games.tandem(), ns.lookahead(), starts=ns.starts.normal(std=0.5)),
    }  # fmt: skip
    return {f"sorts: {name}": one for name, one in made.items()}


if __name__ == "__main__":
    sys.exit(main())
