"""Equilibria by other libraries, each run in a process of its own that ends when its time is up."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import DenseGame
from nashscape.theory.nash.budgets import Budget, Stopped

Floats = npt.NDArray[np.float64]
Profiles = list[tuple[Floats, ...]]

SAME = 1e-7
"""Strategies that differ by less in every probability are one."""

LIBRARIES = {"gambit": "pygambit", "nashpy": "nashpy"}
"""Methods and the libraries they need."""

SCRIPT = Path(__file__).with_name("foreign_process.py")
"""What the process runs."""


def installed(library: str) -> bool:
    """Whether a library is there, without importing it: "pygambit" or "nashpy".

    >>> installed("no_such_library")
    False
    """
    return importlib.util.find_spec(library) is not None


def foreign_equilibria(game: DenseGame, method: str, budget: Budget) -> Profiles:
    """What another library finds.

    * "gambit", two players: all extreme points, in double precision; more: isolated ones, support by support, with a
      solver for polynomial systems;
    * "nashpy", two players: what Lemke and Howson's algorithm reaches from every label: some, not all.

    Args:
        game: the game.
        method: "gambit" or "nashpy".
        budget: the process is ended when it is spent.

    Raises:
        InputError: when the library is not installed, fails, or cannot deal with the game.
        Stopped: when the time was not enough.
    """
    if method == "nashpy" and game.n_players != 2:
        raise InputError(f"method 'nashpy' is for two players; this game has {game.n_players}: use method 'gambit'")
    library = LIBRARIES[method]
    if not installed(library):
        raise InputError(
            f"method {method!r} needs {library}, which is not installed; install it with 'pip install {library}', or "
            "leave the method out"
        )
    try:
        run = subprocess.run(
            [sys.executable, str(SCRIPT), method],
            input=json.dumps(game.payoffs.tolist()),
            capture_output=True,
            text=True,
            timeout=budget.left or None,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Stopped from error
    if run.returncode:
        said = run.stderr.strip().splitlines()
        raise InputError(f"{library} failed on {game.name}: {said[-1] if said else run.returncode}")
    found = [tuple(np.array(own, np.float64) for own in profile) for profile in json.loads(run.stdout)]
    # a tie can leave an algorithm without an answer, which comes as NaN or of another length
    shapes = tuple((k,) for k in game.shape)
    sound = [
        one for one in found if tuple(own.shape for own in one) == shapes and all(np.isfinite(p).all() for p in one)
    ]
    return _each_once(sound)


def _each_once(profiles: Iterable[tuple[Floats, ...]]) -> Profiles:
    """Without repeats, which libraries give where there are ties."""
    kept: Profiles = []
    for one in profiles:
        if not any(all(np.abs(a - b).max() < SAME for a, b in zip(one, old, strict=True)) for old in kept):
            kept.append(one)
    return kept
