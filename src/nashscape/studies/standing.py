"""How far the study of a folder is, told by what is small: the manifest and the last events."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nashscape.core.extras import needs_package
from nashscape.studies.progress import sentence

EVENTS = "events.jsonl"
LAST_BYTES = 1 << 16
MOST_FAILURES = 20


@dataclass(frozen=True)
class Standing:
    """How far a study is.

    Attributes:
        study: its name.
        items: how many are done.
        asked: how many were asked for when it last ran; None where no event says.
        failed: how many failed and are not done.
        rows: by table.
        parts: files of rows.
        bytes: of all parts.
        makers: names of the code that made results.
        last: the last event in words; empty where there is none.
        failures: why items failed, by key, the first of them.
    """

    study: str
    items: int
    asked: int | None
    failed: int
    rows: Mapping[str, int]
    parts: int
    bytes: int
    makers: tuple[str, ...]
    last: str
    failures: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """The fields."""
        return asdict(self)


def standing_of(folder: str | Path) -> Standing:
    """How far the study of a folder is.

    Raises:
        InputError: where there is no store, or its manifest is damaged.
    """
    needs_package("pyarrow", "looking into a study's folder")
    from nashscape.studies.store import Store, counts

    found = counts(folder)
    events = _last_events(Path(folder) / EVENTS)
    asked = next((own["asked"] for own in reversed(events) if "asked" in own), None)
    failures = Store.open(folder).failures if found.failed else {}
    return Standing(
        found.study, found.items, asked, found.failed, found.rows, found.parts, found.bytes,
        tuple(own.name for own in found.makers),
        f"{events[-1]['time']} {sentence(events[-1])}" if events else "",
        {key: own.error for key, own in list(failures.items())[:MOST_FAILURES]},
    )  # fmt: skip


def _last_events(path: Path) -> list[dict[str, Any]]:
    """The events at the end of a file; lines that were cut off are left out."""
    found = []
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LAST_BYTES))
            lines = file.read().split(b"\n")
    except OSError:
        return []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and {"event", "time"} <= event.keys():
            found.append(event)
    return found
