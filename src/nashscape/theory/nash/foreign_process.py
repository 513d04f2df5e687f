"""What runs in the process of a foreign solver: payoffs come as JSON, profiles go back as JSON. It imports no more."""

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

Profiles = list[list[list[float]]]


def by_gambit(payoffs: Any) -> Profiles:
    """Extreme points of two players, isolated equilibria of more."""
    import numpy as np

    pygambit: Any = importlib.import_module("pygambit")
    # version 17 has a class of its own for games in normal form
    table = getattr(pygambit, "StrategicGame", pygambit.Game).from_arrays(*np.array(payoffs))
    if len(payoffs) == 2:
        found = pygambit.nash.enummixed_solve(table, rational=False).equilibria
    else:
        found = pygambit.nash.enumpoly_solve(table).equilibria
    return [[[float(p) for _, p in mixed[player]] for player in table.players] for mixed in found]


def by_nashpy(payoffs: Any) -> Profiles:
    """Ends of the Lemke–Howson paths from every label."""
    import warnings

    import numpy as np

    nashpy: Any = importlib.import_module("nashpy")
    warnings.simplefilter("ignore")
    found = nashpy.Game(*np.array(payoffs)).lemke_howson_enumeration()
    return [[np.asarray(own, float).tolist() for own in profile] for profile in found]


SOLVERS: Mapping[str, Callable[[Any], Profiles]] = {"gambit": by_gambit, "nashpy": by_nashpy}

if __name__ == "__main__":
    json.dump(SOLVERS[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
