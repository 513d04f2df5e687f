"""The figures of *opponent-aware basin entry*, measured again and compared with those published."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import ClassVar

from nashscape.core import Provenance, Result, Status, choice, citations, record
from nashscape.core.interrupts import in_turn, until_stopped
from nashscape.core.statistics.several_tests import HOLM
from nashscape.games import stag_hunt
from nashscape.selection import BasinMap, Entry, Restarts, basin_map
from nashscape.systems.agreement import Row, judged
from nashscape.systems.basin_entry import running, table_rows, tables
from nashscape.systems.basin_entry.published_methods import EFFORTS, methods
from nashscape.systems.basin_entry.running import Tables

ROWS = 16 + 4 + 2 + 26 + 3 + 5 + 8 + 8 + 8
"""Rows of all tables, for progress."""


@dataclass(frozen=True, eq=False)
class Reproduction(Result):
    """Every figure published for Stag Hunt and the iterated Prisoner's Dilemma beside ours.

    Attributes:
        rows: the comparisons.
        maps: noise-free maps of the four methods on equal cells, see `noise_free_maps`; none unless figures were drawn.
        entries: sampled entry probabilities of the four methods in Stag Hunt under the ablation's protocol.
        ipd_entries: the same in the iterated Prisoner's Dilemma.
        restarts: runs with restarts by game and method.
        status: INTERRUPTED where not all tables were finished.
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "reproduction"
    picture: ClassVar[str] = "nashscape.figures.published:reproduction_figure"
    as_table: ClassVar[str] = "nashscape.report.rows:figures_table"

    rows: tuple[Row, ...]
    maps: Mapping[str, BasinMap]
    entries: Mapping[str, Entry]
    ipd_entries: Mapping[str, Entry]
    restarts: Mapping[str, Mapping[str, Restarts]]
    status: Status
    provenance: Provenance

    def tables(self) -> dict[str, list[Row]]:
        """The rows by table, in order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.table, []).append(row)
        return found

    def disagreements(self) -> list[Row]:
        """The figures that do not agree."""
        return [row for row in self.rows if not row.agrees]


def reproduce(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Reproduction:
    """Measure every published figure of Stag Hunt and the iterated Prisoner's Dilemma again and say which agree.

    Args:
        effort: how much is run: "full", "quick" with wider intervals, or "thorough".
        seed: of everything random.
        progress: called with (table, rows done, rows in all) after every row.

    Returns:
        A `Reproduction`. Interrupted, it holds the rows finished so far, and its status says so.

    Raises:
        InputError: for an unknown effort.
    """
    found = Tables(EFFORTS[choice(effort, "effort", EFFORTS)], seed)
    rows: list[Row] = []
    # the sampled programs compile for seconds: meanwhile the noise-free tables are made
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        with until_stopped() as stop:
            for row in in_turn(rows_of(found, pool)):
                rows.append(replace(row, claim=table_rows.CLAIMS[row.table]))
                if progress is not None:
                    progress(row.table, len(rows), ROWS)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    status = Status.INTERRUPTED if stop.early else Status.COMPLETE
    provenance = record(
        "reproduction",
        {"study": "basin_entry", "runs": effort, "effort": found.effort},
        seed=seed,
        precision="float32",
        sources=[citations.BASIN_ENTRY, citations.META_MAPG, citations.WILSON, HOLM, citations.THREEFRY],
    )
    entries = found.entries(running.ABLATION), found.entries(running.IPD_ABLATION)
    return Reproduction(judged(rows), {}, *entries, found.restarts(), status, provenance)


def rows_of(found: Tables, pool: ThreadPoolExecutor) -> Iterator[Row]:
    """All rows, table by table."""
    effort, later = found.effort, found.sampled(pool)
    yield from table_rows.noise_free_shares(found.run(tables.GRIDS), found.run(tables.RANDOM_STARTS, n=effort.starts))
    noise_free = found.run(tables.SWEEP_NOISE_FREE)
    yield from table_rows.ablation(later[running.ABLATION].result())
    yield from table_rows.maps(found.run(tables.MAPS, rollouts=effort.maps))
    yield from table_rows.sweep(found.run(tables.SWEEP, rollouts=effort.maps), noise_free)
    yield from table_rows.annealing(found.run(tables.ANNEALING, n=effort.annealed))
    yield from table_rows.variances(found.run(tables.NOISE, n=effort.updates))
    hunt = found.run(tables.RESTARTS, running.HUNT_RESTARTS, runs=effort.hunt_restarts)
    yield from table_rows.repeated_ablation(later[running.IPD_ABLATION].result())
    yield from table_rows.restarts("stag_hunt", hunt)
    yield from table_rows.restarts("ipd", later[running.IPD_RESTARTS].result())


def noise_free_maps() -> Mapping[str, BasinMap]:
    """Where the four methods end in Stag Hunt, from 101×101 starts."""
    found: Mapping[str, BasinMap] = basin_map(stag_hunt(), methods(), grid=101, targets=["CC", "DD"])
    return found
