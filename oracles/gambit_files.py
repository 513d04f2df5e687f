"""Games in files against Gambit's own reader: those that it brings, those of public reports, and those written here.

Gambit runs in a process of its own, in the Python that NASHSCAPE_GAMBIT names, by default this one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from nashscape import games
from oracles.compared import Comparison, Deviations, Missing
from oracles.gambit_texts import TEXTS
from oracles.problems import FULL, Amount
from oracles.random_trees import Drawn

PYTHON = "NASHSCAPE_GAMBIT"
SHAPES = ((2, 2), (3, 1), (2, 3, 4), (1, 4, 2), (2, 2, 2, 3))
LARGEST = 5000
NAMES = ('"quoted"', "Zoë 漢字", "a \\ b", "up down", "x", "y", "z")


def compare(amount: Amount = FULL) -> list[Comparison]:
    """Payoffs are the same fractions, and strategies of trees stand in the same order."""
    written = [_random(seed) for seed in range(max(len(SHAPES), amount.random // 20))]
    asked = [{"format": one.format, "text": one.text} for one in TEXTS]
    asked += [{"format": "nfg", "text": games.format_game(game, "nfg")} for game in written]
    drawn = [Drawn(seed, forgets=bool(seed % 2)).text for seed in range(max(4, amount.random // 10))]
    # large ones would take most of the time
    trees = {text: game for text in drawn if (game := games.parse_game(text, "efg")).payoffs.size < LARGEST}
    asked += [{"format": "efg", "text": text} for text in trees]
    found = by_gambit(asked, shipped=amount.games > 1)
    version, answers = found["version"], found["games"]
    reports, back, random, shipped = (Deviations() for _ in range(4))
    for one in answers[: len(TEXTS)]:
        _add(reports, games.parse_game(one["text"], one["format"]), one)
    for game, one in zip(written, answers[len(TEXTS) :], strict=False):
        _add(back, game, one)
    for game, one in zip(trees.values(), answers[len(TEXTS) + len(written) :], strict=False):
        _add(random, game, one)
    files = [one for one in answers[len(asked) :] if len(one.get("shape", (0, 0))) > 1]
    for one in files:
        _add(shipped, games.parse_game(one["text"], one["format"]), one)
    kinds = [one["format"] for one in files]
    many = f"{kinds.count('nfg')} .nfg and {kinds.count('efg')} .efg files that it brings, of two and more players"
    made = [
        reports.comparison("pygambit", version, f"payoffs of {len(TEXTS)} texts, most from reports", 0.0),
        back.comparison("pygambit", version, f"payoffs of {len(written)} games written as .nfg", 0.0),
        random.comparison("pygambit", version, f"payoffs of {len(trees)} random trees, half with forgetting", 0.0),
    ]
    return [*made, shipped.comparison("pygambit", version, f"payoffs of {many}", 0.0)] if files else made


def by_gambit(asked: list[dict[str, str]], *, shipped: bool) -> Mapping[str, Any]:
    """What Gambit reads.

    Raises:
        Missing: when its library is not installed.
    """
    python = os.environ.get(PYTHON, sys.executable)
    script = Path(__file__).with_name("gambit_process.py")
    try:
        run = subprocess.run(
            [python, str(script)],
            input=json.dumps({"games": asked, "shipped": shipped}),
            capture_output=True,
            text=True,
            check=False,
            # a folder of this checkout is not where that library is
            env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        )
    except OSError as error:
        raise Missing(f"pygambit: not compared, not installed: {PYTHON}={python} does not run: {error}") from error
    if run.returncode:
        said = (run.stderr.strip().splitlines() or [str(run.returncode)])[-1]
        if "ModuleNotFoundError" not in said:
            raise RuntimeError(f"Gambit's process failed: {said}")
        raise Missing(
            f"pygambit: not compared, not installed: {said}; {PYTHON} can name a Python of another environment"
        )
    return dict(json.loads(run.stdout))


def _add(found: Deviations, game: games.DenseGame, theirs: Mapping[str, Any]) -> None:
    """Take in the exact differences of the payoffs; what Gambit refuses is no agreement."""
    if "refused" in theirs or list(game.shape) != theirs["shape"]:
        found.add([np.nan], [0.0])
        return
    for own, other in zip(game.fractions, theirs["payoffs"], strict=True):
        found.add([float(a - Fraction(b)) for a, b in zip(own.flat, other, strict=True)], np.zeros(own.size))


def _random(seed: int) -> games.DenseGame:
    """A game of fractions and doubles with names that need care."""
    draws, shape = np.random.default_rng(seed), SHAPES[seed % len(SHAPES)]
    size = (len(shape), *shape)
    payoffs = draws.normal(size=size).astype(object)
    thirds = draws.integers(-9, 9, size=size)
    payoffs[thirds % 2 == 0] = [Fraction(int(x), 7) for x in thirds[thirds % 2 == 0]]
    names = [tuple(draws.permutation(NAMES)[:k]) for k in shape]
    actions = [[str(name) for name in own] for own in names]
    return games.dense(payoffs, actions=actions, players=NAMES[: len(shape)], name=f'game "{seed}"')
