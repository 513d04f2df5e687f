"""Equilibria by libraries that need not be there: Gambit for more players and larger games, Nashpy for larger games."""

import importlib
import importlib.util
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import DenseGame
from nashscape.theory.nash.extreme_equilibria import SAME

Floats = npt.NDArray[np.float64]
Profiles = list[tuple[Floats, ...]]


def installed(library: str) -> bool:
    """Whether a library can be imported: "pygambit" or "nashpy".

    >>> installed("no_such_library")
    False
    """
    return importlib.util.find_spec(library) is not None


def _library(name: str, why: str) -> Any:
    if not installed(name):
        raise InputError(
            f"{why} needs {name}, which is not installed; install it with 'pip install {name}', or pass method='pure' "
            "for the pure equilibria alone"
        )
    return importlib.import_module(name)


def by_gambit(game: DenseGame) -> Profiles:
    """All extreme equilibria of two players, or all isolated ones of more, as Gambit finds them.

    Two players: enumeration of extreme points in double precision. More: support enumeration with a solver for
    polynomial systems.

    Raises:
        InputError: when pygambit is not installed.
    """
    gambit = _library("pygambit", "method 'gambit'")
    table = gambit.Game.from_arrays(*game.payoffs)
    if game.n_players == 2:
        found = gambit.nash.enummixed_solve(table, rational=False).equilibria
    else:
        found = gambit.nash.enumpoly_solve(table).equilibria
    return _each_once(
        tuple(np.array([float(mixed[action]) for action in player.strategies]) for player in table.players)
        for mixed in found
    )


def by_nashpy(game: DenseGame) -> Profiles:
    """Equilibria of two players that Nashpy's Lemke–Howson algorithm reaches from every label: some, not all.

    Raises:
        InputError: when nashpy is not installed, or for other than two players.
    """
    if game.n_players != 2:
        raise InputError(f"method 'nashpy' is for two players; this game has {game.n_players}: use method 'gambit'")
    nashpy = _library("nashpy", "method 'nashpy'")
    found: Profiles = []
    for profile in nashpy.Game(*game.payoffs).lemke_howson_enumeration():
        own = tuple(np.asarray(part, np.float64) for part in profile)
        # a tie can leave the algorithm without an answer, which it returns as NaN or of another length
        sound = all(part.shape == (k,) and np.isfinite(part).all() for part, k in zip(own, game.shape, strict=True))
        found += [own] if sound else []
    return _each_once(found)


def _each_once(profiles: Iterable[tuple[Floats, ...]]) -> Profiles:
    """Without repeats, which both libraries give where there are ties."""
    kept: Profiles = []
    for one in profiles:
        if not any(all(np.abs(a - b).max() < SAME for a, b in zip(one, old, strict=True)) for old in kept):
            kept.append(one)
    return kept
