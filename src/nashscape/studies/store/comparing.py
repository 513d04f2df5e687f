"""Two stores figure by figure: what is the same, what differs by more than chance, what only one of them has."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nashscape.core.checks import probability
from nashscape.core.outcomes import Status
from nashscape.core.provenance import record
from nashscape.core.statistics.paired import two_proportion_test
from nashscape.core.statistics.several_tests import HOLM, holm
from nashscape.studies.store.differing import COUNT, EXACT, INTERVAL, NONE, StoreDifferences
from nashscape.studies.store.queries import query
from nashscape.studies.store.stores import Store

Figure = tuple[Any, ...]


def differences(one: str | Path, other: str | Path, *, level: float = 0.95) -> StoreDifferences:
    """Compare two stores figure by figure.

    Figures of the same measure, point, replicate, quantity and "of" belong together. Two counts of successes in trials
    are compared by Fisher's exact test, all p-values corrected by Holm's method. Figures in which chance had a part
    differ where their intervals do not overlap; of one in which it had none the interval is its value. Without an
    interval, as of p-values, they are not compared. Where chance had no part in either, and where nothing is known of
    that, figures differ that are not the same, bit by bit, whatever the resolution leaves open. The tests are those of
    independent samples; the same code with the same seed gives the same figures.

    Args:
        one: the folder of a store.
        other: the folder of another.
        level: of confidence; counts differ at 1 − level.

    Raises:
        InputError: where there is no store.
        Damaged: where a part is not as it was written.
    """
    level = probability(level, "level")
    stores = [Store.open(folder) for folder in (one, other)]
    names = sorted({name for store in stores for name in store.header.varied})
    mine, theirs = (_figures(store, names) for store in stores)
    both = [figure for figure in mine if figure in theirs]
    pairs = [(mine[figure], theirs[figure]) for figure in both]
    kinds = tuple(_kind(*pair) for pair in pairs)
    each = zip(kinds, pairs, strict=True)
    p_values = np.array([_p_value(*pair) if kind == COUNT else math.nan for kind, pair in each], float)
    corrected = holm(p_values)
    differs = [_differ(kind, *pair, p <= 1 - level) for kind, pair, p in zip(kinds, pairs, corrected, strict=True)]
    return StoreDifferences(
        figures=tuple(_words(names, figure) for figure in both),
        one=np.array([pair[0]["value"] for pair in pairs], float),
        other=np.array([pair[1]["value"] for pair in pairs], float),
        kinds=kinds,
        p_values=p_values,
        corrected=corrected,
        differs=np.array(differs, bool),
        only_one=tuple(_words(names, figure) for figure in mine if figure not in theirs),
        only_other=tuple(_words(names, figure) for figure in theirs if figure not in mine),
        study=_differing(stores),
        makers=tuple(dict.fromkeys(
            f"{name}: {getattr(own, name)} and {getattr(their, name)}"
            for own in stores[0].makers for their in stores[1].makers for name in own.differs(their)
        )),
        level=level,
        status=Status.COMPLETE,
        provenance=record(
            "store differences",
            {"one": stores[0].header.key, "other": stores[1].header.key, "level": level},
            sources=[HOLM],
        ),
    )  # fmt: skip


def _figures(store: Store, names: Sequence[str]) -> dict[Figure, Mapping[str, Any]]:
    """Rows by what they are figures of; a figure that comes several times is counted through."""
    rows = query(store.folder, order="item")
    found: dict[Figure, Mapping[str, Any]] = {}
    lists = {name: column.tolist() for name, column in rows.items()}
    for k in range(len(lists["item"])):
        row = {name: column[k] for name, column in lists.items()}
        # a blank is NaN in columns of numbers, which is the same as no key of a dict, itself not excepted
        point = tuple(None if row.get(name) in ("", None) or row[name] != row[name] else row[name] for name in names)
        figure: Figure = (row["measure"], point, row["replicate"], row["quantity"], row["of"], 0)
        while figure in found:
            figure = (*figure[:-1], figure[-1] + 1)
        found[figure] = row
    return dict(sorted(found.items(), key=lambda one: repr(one[0])))


def _words(names: Sequence[str], figure: Figure) -> str:
    measure, point, replicate, quantity, of, again = figure
    where = [f"{name}={value}" for name, value in zip(names, point, strict=True) if value is not None]
    what = f"{quantity} of {of}" if of else quantity
    times = f", row {again + 1}" if again else ""
    return f"{measure}: {what}" + (f" at {', '.join(where)}" if where else "") + f", replicate {replicate}{times}"


def _kind(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    if all(_is_count(row) for row in (one, other)):
        return COUNT
    if not any(_by_chance(row) for row in (one, other)):
        return EXACT
    return INTERVAL if all(low <= high for low, high in map(_interval, (one, other))) else NONE


def _by_chance(row: Mapping[str, Any]) -> bool:
    return not (math.isnan(row["level"]) and math.isnan(row["trials"]))


def _interval(row: Mapping[str, Any]) -> tuple[float, float]:
    """Of chance alone: where it had no part, the value."""
    return (row["low"], row["high"]) if _by_chance(row) else (row["value"], row["value"])


def _is_count(row: Mapping[str, Any]) -> bool:
    k, n = row["successes"], row["trials"]
    return not math.isnan(k + n) and k == int(k) and n == int(n) and 0 <= k <= n and n >= 1


def _p_value(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    return _test(*(int(row[name]) for row in (one, other) for name in ("successes", "trials")))


@cache
def _test(*counts: int) -> float:
    return two_proportion_test(*counts) if counts[:2] != counts[2:] else 1.0


def _differ(kind: str, one: Mapping[str, Any], other: Mapping[str, Any], beyond_chance: bool) -> bool:
    if kind == COUNT:
        return bool(beyond_chance)
    if kind == INTERVAL:
        (low, high), (its_low, its_high) = map(_interval, (one, other))
        return not (low <= its_high and its_low <= high)
    if kind == NONE:
        return bool(one["text"] != other["text"])
    # brackets without a value are what they are; NaN is as good as NaN here
    names = ("value", "low", "high") if math.isnan(one["value"]) else ("value",)
    same = np.array_equal([one[name] for name in names], [other[name] for name in names], equal_nan=True)
    return not (same and one["text"] == other["text"])


def _differing(stores: Sequence[Store]) -> tuple[str, ...]:
    mine, theirs = (store.header.study for store in stores)
    return tuple(sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)))
