"""Ranges of numbers as studies write them: from one end to the other, evenly or in equal ratios."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nashscape.core import InputError, finite_number, nearest, positive_integer, unknown
from nashscape.studies.faults import Faults, placed
from nashscape.studies.points import MOST, RESERVED

RANGE = ("from", "to", "count", "log")


def spaced(given: Mapping[str, Any], name: str) -> list[float]:
    """Evenly spaced values, whole ones where all are.

    >>> spaced({"from": 0, "to": 1, "count": 5}, "peer")
    [0.0, 0.25, 0.5, 0.75, 1.0]

    Raises:
        InputError: for what is no range.
    """
    check_keys(given, RANGE, name)
    low, high, log = _ends(given, name)
    if "count" not in given:
        raise InputError(f"the range of {name} needs a count, as {{from = 0, to = 1, count = 11}}")
    with placed("count"):
        count = positive_integer(given["count"], f"count of {name}", at_least=2)
        if count > MOST:
            raise InputError(f"count of {name} must be at most {MOST}; got {count}")
    if log:
        return [float(value) for value in np.geomspace(low, high, count)]
    # by products rather than sums, and rounded, so that 0.3 is not 0.30000000000000004
    digits = 12 - math.floor(math.log10(max(abs(low), abs(high))))
    made = [round(low + (high - low) * k / (count - 1), digits) for k in range(count)]
    return [*made[:-1], high]


def _ends(given: Mapping[str, Any], name: str) -> tuple[float, float, bool]:
    for word in ("from", "to"):
        if word not in given:
            raise InputError(f"the range of {name} needs {word!r}, as {{from = 0, to = 1, count = 11}}")
    faults, ends = Faults(), list[float]()
    for word in ("from", "to"):
        with faults.at(word):
            ends.append(finite_number(given[word], f"{word!r} of {name}"))
    log = given.get("log", False)
    if not isinstance(log, bool):
        with faults.at("log"):
            raise InputError(f"log of {name} is true or false; got {log!r}")
    faults.check()
    low, high = ends
    if not low < high:
        raise InputError(f"the range of {name} goes from {low:g} to {high:g}; 'from' must be less than 'to'")
    if log and low <= 0:
        raise InputError(f"equal ratios need positive ends; the range of {name} begins at {low:g}")
    return low, high, log


def filled_range(given: Any, name: str, design: str) -> tuple[float, float, bool]:
    """The ends of a range that a design fills, and whether in equal ratios.

    Raises:
        InputError: for what is no range.
    """
    if not isinstance(given, Mapping):
        raise InputError(
            f"in a {design} design {name} has a range, as {{from = 0, to = 1}}; got {given!r}{nearest(name, RESERVED)}"
        )
    check_keys(given, ("from", "to", "log"), name)
    return _ends(given, name)


def check_keys(given: Mapping[str, Any], known: Sequence[str], name: str) -> None:
    """Whether a table that stands for values has words that it can have alone.

    Raises:
        InputError: with all that it cannot have.
    """
    faults = Faults()
    for key in given:
        if key not in known:
            with faults.at(key):
                raise unknown(f"word in the values of {name}", key, known)
    faults.check()
