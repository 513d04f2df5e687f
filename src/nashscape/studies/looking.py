"""Looking at points whose replicates end when an interval is narrow; what is decided hangs on the rows alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.errors import FAILED, NO_ANSWER, InputError, nearest
from nashscape.core.statistics.estimates import bracket
from nashscape.studies.items import VALUES, Place
from nashscape.studies.keeping import Keeping
from nashscape.studies.protocol import Asked
from nashscape.studies.stopping import Look, Until

NUMBERS = ("value", "successes", "trials", "level", "low")
"""Columns that a look takes."""

COLUMNS = ("item", "quantity", "of", *NUMBERS)
NOTHING = (np.nan,) * len(NUMBERS)
"""Of an item that has no numbers, and says why."""


def look(study: Asked, keeping: Keeping, points: Iterable[Place]) -> list[Look]:
    """The last look at each of some points, given by the places of their first replicates.

    Looks are taken again from the first one on, with the replicates that each of them takes and no others, so that a
    study that was interrupted, or asked for more replicates before, decides as one that ran through.

    Raises:
        InputError: where the rows of an item do not have the quantity, or have it several times.
    """
    by_measure: dict[int, list[Place]] = {}
    for place in points:
        by_measure.setdefault(place.measure, []).append(place)
    found: list[Look] = []
    for measure, own in by_measure.items():
        until = study.until(measure)
        assert until is not None, "points of measurements with a stopping rule"
        found += _looks(study, keeping, until, own)
    return found


def wide_points(study: Asked, keeping: Keeping) -> int:
    """At how many points all replicates that there may be are there, and the interval is still too wide."""
    places = [place for place in study.places() if place.replicate == 0 and study.until(place.measure) is not None]
    looks = look(study, keeping, places)
    return sum(1 for found in looks if found.replicates and not found.missing and not found.narrow)


def still_wide(points: int) -> str:
    """That in words, and what to do."""
    return f"at {points} points intervals are still wide: raise `most`"


def _looks(study: Asked, keeping: Keeping, until: Until, points: Sequence[Place]) -> list[Look]:
    done = keeping.keys
    keys = {point: _keys(study, done, until, point) for point in points}
    rows = _rows(keeping, until, [key for own in keys.values() for key in own if key in done])
    return [last_look(until, point, own, rows) for point, own in keys.items()]


def _keys(study: Asked, done: frozenset[str], until: Until, point: Place) -> list[str]:
    """Of the replicates up to the first look for which some are missing."""
    keys: list[str] = []
    for count in until.looks:
        keys += [study.item(point._replace(replicate=r)).key for r in range(len(keys), count)]
        if not done.issuperset(keys):
            break
    return keys


def last_look(until: Until, point: Place, keys: Sequence[str], rows: Mapping[str, Any]) -> Look:
    """The last look that the rows of a point allow.

    Args:
        until: the stopping rule.
        point: the place of its first replicate.
        keys: of the items of all replicates up to the first look for which some are missing.
        rows: by key the numbers of the quantity, those of `NUMBERS`.
    """
    last = Look(point.measure, point.point, 0, None, narrow=False)
    for count in until.looks:
        missing = [r for r in range(count) if keys[r] not in rows]
        if missing:
            return replace(last, missing=tuple(missing), keys=tuple(keys[:count]))
        if any(rows[key] is NOTHING for key in keys[:count]):
            return replace(last, missing=(), keys=tuple(keys[:count]))  # no further replicate makes it narrow
        columns = np.array([rows[key] for key in keys[:count]], float)
        if _exact(*columns[0]):
            value = float(columns[0][0])
            alone = bracket(value, value, value, "no part of chance")
            return Look(point.measure, point.point, count, alone, narrow=True, keys=tuple(keys[:count]))
        estimate = until.estimate(*columns.T[:3])
        narrow = until.narrow(estimate)
        last = Look(point.measure, point.point, count, estimate, narrow, keys=tuple(keys[:count]))
        if narrow:
            break
    return last


def _exact(value: float, successes: float, trials: float, level: float, low: float) -> bool:
    """Whether a row says that chance had no part, so that all replicates are the same; see `measuring.rows.Number`."""
    return bool(np.isfinite([value, low]).all() and np.isnan([trials, level]).all())


def _rows(keeping: Keeping, until: Until, keys: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """The numbers of the quantity, by key."""
    if not keys:
        return {}
    table = keeping.columns(VALUES, COLUMNS, keys)
    chosen = (table["quantity"] == until.quantity) & (table["of"] == until.of)
    items: npt.NDArray[Any] = table["item"][chosen]
    none = set(table["item"][np.isin(table["quantity"], (FAILED, NO_ANSWER))].tolist()) - set(items.tolist())
    if len(items) != len(keys) - len(none) or len(set(items.tolist())) != len(items):
        known = sorted({f"{q} of {o}" if o else str(q) for q, o in zip(table["quantity"], table["of"], strict=True)})
        asked = f"{until.quantity} of {until.of}" if until.of else until.quantity
        raise InputError(
            f"replicates are to be added until {asked} is known to {until.width:g}, and {len(items)} rows have it where"
            f" {len(keys)} items should have one each{nearest(asked, known)}; these rows have {', '.join(known)}"
        )
    numbers = zip(*(table[name][chosen].tolist() for name in NUMBERS), strict=True)
    return dict.fromkeys(none, NOTHING) | dict(zip(items.tolist(), numbers, strict=True))
