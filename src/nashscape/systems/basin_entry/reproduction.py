"""The figures of *opponent-aware basin entry*, measured again and compared with those published."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import ClassVar

from nashscape.core import Provenance, Result, Status, choice, citations, record
from nashscape.games import stag_hunt
from nashscape.selection import BasinMap, Entry, Restarts, basin_map
from nashscape.systems.agreement import Row
from nashscape.systems.basin_entry.claims import claim_of
from nashscape.systems.basin_entry.main_table import MainTable
from nashscape.systems.basin_entry.published_methods import EFFORTS, METHODS, ROOM, methods
from nashscape.systems.basin_entry.stag_hunt_tables import ROWS as STAG_HUNT_ROWS
from nashscape.systems.basin_entry.stag_hunt_tables import Study

ROWS = STAG_HUNT_ROWS + 8 + 8 + 8
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
        """The figures that do not agree, each measured with ten times the runs."""
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
    work = Work(Study(EFFORTS[choice(effort, "effort", EFFORTS)], seed))
    rows: list[Row] = []
    status = Status.COMPLETE
    # the sampled programs compile for seconds: meanwhile the noise-free tables are made
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            for name, row in work.rows(beside):
                rows.append(replace(row, claim=claim_of(row)))
                if progress is not None:
                    progress(name, len(rows), ROWS)
        except KeyboardInterrupt:
            status = Status.INTERRUPTED
    provenance = record(
        "reproduction",
        {"study": "basin_entry", "runs": effort, "effort": work.study.effort},
        seed=seed,
        precision="float32",
        sources=[citations.BASIN_ENTRY, citations.META_MAPG, citations.WILSON, citations.THREEFRY],
    )
    return Reproduction(tuple(rows), {}, work.entries, work.ipd_entries, work.restarts, status, provenance)


def noise_free_maps() -> Mapping[str, BasinMap]:
    """Where the four methods end in Stag Hunt, from 101×101 starts."""
    found: Mapping[str, BasinMap] = basin_map(stag_hunt(), methods(), grid=101, targets=["CC", "DD"])
    return found


class Work:
    """The study while it runs: what was found so far."""

    def __init__(self, study: Study) -> None:
        """Nothing found yet."""
        self.study = study
        self.main = MainTable(
            dict(zip(METHODS, methods(), strict=True)),
            study.seed,
            study.effort.ipd_runs,
            {"stag_hunt": study.effort.hunt_restarts, "ipd": study.effort.ipd_restarts},
            ROOM,
        )
        self.entries: dict[str, Entry] = {}
        self.ipd_entries: dict[str, Entry] = {}
        self.restarts: dict[str, dict[str, Restarts]] = {}

    def rows(self, beside: ThreadPoolExecutor) -> Iterator[tuple[str, Row]]:
        """All rows, table by table."""
        sampling = beside.submit(self.study.entries)
        iterated = beside.submit(self.main.ipd_entries)
        for k, (name, rows_of) in enumerate(self.study.tables().items()):
            if k == 1:  # from here on everything is sampled
                self.entries = sampling.result()
            yield from ((name, row) for row in rows_of())
        self.ipd_entries = iterated.result()
        yield from (("ablation, iterated", row) for row in self.main.ipd_ablation(self.ipd_entries))
        for game in self.main.played():
            self.restarts[game] = self.main.restarts(game)
            yield from (("restarts", row) for row in self.main.restart_rows(game, self.restarts[game]))
