"""The study of the card: the published tables measured again, and what the abstract says beside them."""

from collections.abc import Callable
from dataclasses import replace

from nashscape.core import Status
from nashscape.systems.agreement import judged
from nashscape.systems.basin_entry.abstract import statements
from nashscape.systems.basin_entry.reproduction import Reproduction, reproduce
from nashscape.systems.checked_claims import Findings


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card: the options are those of `reproduce`."""
    return with_statements(reproduce(effort=effort, seed=seed, progress=progress))


def with_statements(found: Reproduction) -> Findings:
    """The figures of a reproduction and those of statements about them, which need all of its tables: one family."""
    more = statements(found) if found.status is Status.COMPLETE else ()
    rows = judged((*found.rows, *more))
    return Findings(rows, found.status, found.provenance, replace(found, rows=rows[: len(found.rows)]))
