"""Running a study: into memory or a folder, by an engine, to its findings."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import InputError, Status, record, unknown
from nashscape.core.columns import Columns
from nashscape.core.errors import FAILED
from nashscape.core.extras import needs_package
from nashscape.core.files.whole_files import write_whole
from nashscape.studies.driving import Ran, run, some_failed
from nashscape.studies.engines.here import Here
from nashscape.studies.engines.interface import Engine
from nashscape.studies.engines.pool import Pool
from nashscape.studies.engines.shards import Shard
from nashscape.studies.events import Event
from nashscape.studies.findings import Findings
from nashscape.studies.items import VALUES
from nashscape.studies.keeping import Keeping
from nashscape.studies.looking import still_wide, wide_points
from nashscape.studies.memory import Memory
from nashscape.studies.working import Seen, StudyWork

if TYPE_CHECKING:
    from nashscape.studies.study import Study

ENGINES = ("here", "pool", "ray")
EVENTS = "events.jsonl"


def engine_of(name: Any, workers: int = 0, address: str | None = None, limit: float | None = None) -> Engine:
    """An engine by its name, with what goes with it.

    Args:
        name: "here", "pool" or "ray"; an engine is what it is.
        workers: processes; by default one per core.
        address: of a Ray cluster.
        limit: seconds that an item may take in a process of its own.

    Raises:
        InputError: for an unknown name, and what does not go with an engine.
    """
    if hasattr(name, "run"):
        return name
    if name not in ENGINES:
        raise unknown("engine", name, ENGINES)
    if address is not None and name != "ray":
        raise InputError("an address is that of a Ray cluster: say engine 'ray'")
    if name == "here":
        if workers not in (0, 1) or limit is not None:
            raise InputError(
                "the engine 'here' works in this process alone; workers and limits are of 'pool' and 'ray'"
            )
        return Here()
    if name == "pool":
        return Pool(workers, limit)
    from nashscape.studies.engines.ray_cluster import RayCluster

    return RayCluster(address, workers, limit)


def run_study(
    study: "Study",
    into: str | Path | None = None,
    engine: Any = "here",
    *,
    workers: int = 0,
    address: str | None = None,
    limit: float | None = None,
    shard: str | Shard | None = None,
    again: bool = False,
    mixed: bool = False,
    progress: Callable[[Event], None] | None = None,
    seen: Seen | None = None,
) -> Findings:
    """See `Study.run`."""
    part = Shard.parse(shard) if isinstance(shard, str) else shard
    chosen = engine_of(engine, workers, address, limit)
    if seen is not None and chosen.name != Here.name:
        raise InputError("results are seen where they are made: by the engine 'here'; others give rows alone")
    work = study.work if seen is None else StudyWork(study, seen)
    if into is None:
        memory = Memory(study.header())
        return findings_of(study, memory, run(study, memory, chosen, work, again=again, shard=part, progress=progress))
    needs_package("pyarrow", "keeping results in a folder")
    from nashscape.studies.store import Store
    from nashscape.studies.store.extending import become
    from nashscape.studies.store.manifest import MANIFEST
    from nashscape.studies.store.repairs import mend

    folder = Path(into)
    mended = mend(folder)
    there = (folder / MANIFEST).exists()
    opened = Store.open(folder, write=True, mixed=mixed) if there else Store.create(folder, study.header())
    with opened as store:
        become(store, study)
        _with_files(study, folder)
        ran = run(study, store, chosen, work, again=again, shard=part, progress=progress, log=folder / EVENTS)
        return findings_of(study, store, ran, str(folder), [f"damaged: {mended}"] if mended else [])


def _with_files(study: "Study", folder: Path) -> None:
    """Put the files that a study names beside its results, so that it can be continued from there."""
    for name in study.files:
        path = Path(name)
        if not path.is_absolute() and ".." not in path.parts:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / path, (Path(study.folder) / path).read_bytes())


def findings_of(
    study: "Study", keeping: Keeping, ran: Ran | None = None, folder: str = "", told: Sequence[str] = ()
) -> Findings:
    """What a study has found so far.

    Args:
        study: the study.
        keeping: what has its rows.
        ran: what came of running it; None where that is not known.
        folder: of the store.
        told: notes on what was found there.
    """
    # a study that has grown smaller than its folder has failures that it does not ask for
    asked = {study.item(place).key for place in study.every_place()} if keeping.failures else set()
    failures = {key: own.error for key, own in keeping.failures.items() if key in asked}
    status, notes = (ran.status, [ran.note]) if ran is not None else _as_it_stands(study, keeping, len(failures))
    notes = [*told, *(note for note in notes if note)]
    rows = _in_order(study, keeping.columns(VALUES))
    partly = len(set(rows["item"][rows["quantity"] == FAILED].tolist()))
    if partly:
        status = Status.UNRESOLVED if status is Status.COMPLETE else status
        notes.append(
            f"{partly} items lack the numbers of a measure that failed; rows of the quantity {FAILED!r} say why"
        )
    makers = sorted(set(rows.pop("maker").tolist()))
    if len(makers) > 1:
        notes.append(f"mixed: {len(makers)} versions of the code made these results; the store says whose each row is")
    provenance = record("study", {"study": study.to_dict()}, seed=study.seed, sources=study.sources, notes=notes)
    return Findings(study.name, study.about, study.varied, rows, failures, folder, status, provenance)


def _as_it_stands(study: "Study", keeping: Keeping, failed: int) -> tuple[Status, list[str]]:
    """Status and notes of what is kept, by whoever it was made."""
    wide = wide_points(study, keeping)
    notes = [some_failed(failed)] if failed else []
    return (Status.UNRESOLVED if failed or wide else Status.COMPLETE), notes + ([still_wide(wide)] if wide else [])


def _in_order(study: "Study", rows: Columns) -> Columns:
    """Rows of what the study asks for, in its order; the rows of an item stay in theirs."""
    places = {study.item(place).key: k for k, place in enumerate(study.every_place())} if len(rows["item"]) else {}
    ranks = np.array([places.get(key, -1) for key in rows["item"].tolist()], np.int64)
    order = np.argsort(ranks, kind="stable")[(ranks < 0).sum() :]
    return {name: own[order] for name, own in rows.items()}
