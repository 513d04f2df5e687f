"""Double oracle, PSRO, fictitious play and α-rank against OpenSpiel's, on random games of unequal sizes.

Its linear programs need a library under the GPL, so it runs in a process of its own, in the Python that
NASHSCAPE_OPEN_SPIEL names, by default this one; there must be open_spiel, cvxopt and networkx.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nashscape import games
from nashscape.populations import grow
from nashscape.ranking import alpha_rank
from oracles.compared import Comparison, Deviations, Missing
from oracles.problems import FULL, Amount

PYTHON = "NASHSCAPE_OPEN_SPIEL"
STEPS, INTENSITY, POPULATION = 12, 0.3, 20
SUMS, MASSES, LIMIT = 1e-6, 1e-9, 1e-4
"""The largest differences; its linear programs have tolerances of their own, and its limit is at a small number."""


def compare(amount: Amount = FULL) -> list[Comparison]:
    """What is left to gain after every generation, and masses."""
    count = 50 if amount.games > 1 else 2
    random = np.random.default_rng(11)
    tables = [random.normal(size=(2, *random.integers(2, 7, size=2))).round(6) for _ in range(count)]
    zero_sum = [np.stack([own[0], -own[0]]) for own in tables]
    theirs, version = by_open_spiel(
        {"zero_sum": [own.tolist() for own in zero_sum], "general": [own.tolist() for own in tables], "steps": STEPS,
         "alpha": INTENSITY}
    )  # fmt: skip
    made = []
    for name, by, start, given in (
        ("double oracle", "double-oracle", "first", zero_sum),
        ("psro nash", "psro:meta=nash", "first", zero_sum),
        ("psro uniform", "psro:meta=uniform", "first", tables),
        ("fictitious play", "fictitious-play", "uniform", tables),
    ):
        found = Deviations()
        for own, other in zip(given, theirs[name], strict=True):
            grown = grow(games.bimatrix(*own), by, start=start, generations=STEPS, until=None)
            sums = grown.gains.sum(axis=1)
            # their solver of zero-sum games has a step before the first generation, their fictitious play none
            found.add(
                sums[{"double oracle": slice(0, STEPS), "fictitious play": slice(1, None)}.get(name, slice(None))],
                other,
            )
        what = f"gains after each of {STEPS} generations by {name}, {count} random games"
        made.append(found.comparison("open_spiel", version, what, SUMS))
    for name, options, least in (
        ("alpha rank", {"intensity": INTENSITY}, MASSES),
        ("alpha rank of one", {"intensity": INTENSITY, "selection": "resident"}, MASSES),
        ("alpha rank limit", {}, LIMIT),
    ):
        found, compared = Deviations(), 0
        for own, other in zip(tables, theirs[name], strict=True):
            size = min(own.shape[1:])
            asked = own[0][:size, :size] if name == "alpha rank of one" else own
            ours = alpha_rank(asked, population=POPULATION, **options)
            # with several groups that nothing leaves, its limit weighs every step against a preference alike; it takes
            # equals for a half where a neutral mutant takes over once in m times, so digits are such that none are
            if options or len(ours.sinks) == 1:
                found.add(ours.masses.ravel(), other)
                compared += 1
        what = f"masses of {name}, {compared} random games"
        made.append(found.comparison("open_spiel", version, what + " of one sink" * (not options), least))
    return made


def by_open_spiel(asked: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """What OpenSpiel answers, and its version.

    Raises:
        Missing: where it, or what it needs, is not installed.
    """
    python = os.environ.get(PYTHON, sys.executable)
    script = Path(__file__).with_name("open_spiel_process.py")
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        run = subprocess.run(
            [python, str(script)], input=json.dumps(asked), capture_output=True, text=True, check=False, env=clean
        )
    except OSError as error:
        raise Missing(f"open_spiel: not compared, not installed: {PYTHON}={python} does not run: {error}") from error
    if run.returncode:
        said = (run.stderr.strip().splitlines() or [str(run.returncode)])[-1]
        if "ModuleNotFoundError" not in said:
            raise RuntimeError(f"OpenSpiel's process failed: {said}")
        raise Missing(
            f"open_spiel: not compared, not installed: {said}; {PYTHON} can name another environment's Python"
        )
    found = json.loads(run.stdout)
    return found, str(found["version"])
