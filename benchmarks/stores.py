"""Stores of results: what keeping an item costs, whether memory stays flat, and how long questions take."""

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.rows import Row
from benchmarks.sizes import Size

WANTED_MS, WANTED_COUNTS, WANTED_QUERY, FLAT = 1.0, 1.0, 2.0, 1.1
"""Milliseconds an item, seconds for counts and for a question of many rows, and how much more memory the second half
of the items may take."""

SIZES: dict[Size, tuple[int, int, int]] = {
    Size.FULL: (100_000, 10_000, 3),
    Size.QUICK: (20_000, 1_000, 1),
    Size.TINY: (200, 10, 1),
}
"""Items of ten rows, items of a thousand rows, and how often questions are asked."""

QUESTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "grouped": (
        {"by": ["quantity", "rule"], "of": "value"},
        "select quantity, rule, count(*), avg(value), min(value), max(value) from '{}' group by quantity, rule",
    ),
    "filtered and grouped": (
        {"where": "peer >= 1 and quantity == 'share'", "by": "rule", "of": "value"},
        "select rule, count(*), avg(value), min(value), max(value) from '{}' "
        "where peer >= 1 and quantity = 'share' group by rule",
    ),
}
"""What is asked, of a store and of DuckDB over the same files."""


def run(size: Size) -> list[Row]:
    """See the module."""
    small, large, repetitions = SIZES[size]
    with tempfile.TemporaryDirectory() as folder:
        return [*_keeping(Path(folder) / "small", small), *_asking(Path(folder) / "large", large, repetitions)]


def _items(count: int, rows: int) -> Iterator[Any]:
    from nashscape.studies.items import Finished

    draws = np.random.default_rng(0)
    quantity = np.resize(np.array(["share", "payoff"]), rows)
    fixed = {
        "measure": np.full(rows, "outcomes"), "replicate": np.zeros(rows, np.int64), "quantity": quantity,
        "of": np.resize(np.array(["CC", "DD", "CD", "DC", ""]), rows), "level": np.full(rows, 0.95),
        "trials": np.full(rows, 400.0), "text": np.full(rows, ""), "status": np.full(rows, "COMPLETE"),
    }  # fmt: skip
    for k in range(count):
        key = f"{(k * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128:032x}"
        value = draws.random(rows)
        yield Finished(key, {"values": {
            **fixed, "seed": np.full(rows, k), "peer": np.full(rows, k % 50 / 10), "value": value,
            "rule": np.full(rows, ("pg", "lola", "meta_mapg")[k % 3]), "low": value - 0.05, "high": value + 0.05,
            "successes": np.rint(400 * value), "question": np.full(rows, key),
        }})  # fmt: skip


def _filled(folder: Path, count: int, rows: int) -> tuple[float, list[float]]:
    """Seconds that keeping some items took, and the most memory in use after each tenth of them."""
    from nashscape.studies.headers import Header
    from nashscape.studies.store import Store

    seconds, peaks, made = 0.0, [], _items(count, rows)
    header = Header({"name": "benchmark"}, "0" * 32, {"peer": "number", "rule": "text"})
    store = Store.create(folder, header)
    for _ in range(10):
        for _ in range(count // 10):
            one = next(made, None)
            began = time.perf_counter()
            store.add([] if one is None else [one])
            seconds += time.perf_counter() - began
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0)
    began = time.perf_counter()
    store.close()
    return seconds + time.perf_counter() - began, peaks


def _keeping(folder: Path, count: int) -> list[Row]:
    from nashscape.studies.store import counts

    seconds, peaks = _filled(folder, count, 10)
    began = time.perf_counter()
    found = counts(folder)
    counting = time.perf_counter() - began
    details = f"{found.items:,} items of 10 rows, {found.parts} parts, {found.bytes / 1e6:.1f} MB"
    return [
        Row("store: keeping an item", 1e3 * seconds / count, unit="ms", most=WANTED_MS, details=details),
        Row(
            "store: most memory, all items", peaks[-1] / peaks[4], most=FLAT, against="half of the items",
            details=f"{peaks[-1] / 1e6:.0f} MB of the whole process, without the last joining of parts",
        ),
        Row("store: counts", counting, unit="s", most=WANTED_COUNTS, details="from the manifest"),
    ]  # fmt: skip


def _asking(folder: Path, count: int, repetitions: int) -> list[Row]:
    import duckdb

    from nashscape.studies.store import counts, query

    _filled(folder, count, 1_000)
    rows = counts(folder).rows["values"]
    found = []
    for name, (asked, sql) in QUESTIONS.items():
        ours, theirs = [], []
        for _ in range(repetitions + 1):
            began = time.perf_counter()
            mine = query(folder, **asked)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            other = duckdb.execute(sql.format(f"{folder}/values/*.parquet")).fetchall()
            theirs.append(time.perf_counter() - began)
        assert sorted(row[-4] for row in other) == sorted(mine["count"].tolist()), "groups of other sizes"
        parts = f"{counts(folder).parts} parts of {counts(folder).bytes / 1e6:.0f} MB"
        details = f"verified; DuckDB, which verifies nothing, {median(theirs[1:]):.2f} s; {parts}"
        found.append(
            Row(f"store: {rows:,} rows {name}", median(ours[1:]), unit="s", most=WANTED_QUERY, details=details)
        )
    return found
