"""What commands print and write."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nashscape.core import Estimate, InputError, Status, explained, is_complete, label_names, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.console import Console

    from nashscape.core import Result
    from nashscape.dynamics import LabelAudit
    from nashscape.selection import BasinMap, Comparison, Entry

WIDTH = 120
MOST_WIDTH = 1000
MOST_PLACES = 4
"""Places of rest that a line names."""


def console() -> "Console":
    """Rich on the present stdout; names of games and rules are never read as markup.

    Where nobody looks, in a file or a pipe, lines may be longer than a terminal's.
    """
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH
    return Console(file=sys.stdout, markup=False, highlight=False, width=width)


def show(
    screen: "Console",
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    left: Sequence[str] = (),
    wrap: Sequence[str] = (),
) -> None:
    """Print a table: the first column and those named in `left` to the left, those in `wrap` in lines that fit.

    Without columns that wrap nothing is broken or cut: the table is then wider than a screen that is too narrow.
    """
    from rich import box
    from rich.measure import measure_renderables
    from rich.table import Table

    entries = list(rows)
    leading = int(any("\n" in entry for row in entries for entry in row))
    looks: dict[str, Any] = {"box": box.SIMPLE_HEAD, "pad_edge": False, "padding": (0, 1, 0, 0), "leading": leading}
    table = Table(title=title or None, title_justify="left", **looks)
    for k, name in enumerate(columns):
        side: Literal["left", "right"] = "left" if k == 0 or name in left else "right"
        table.add_column(name, justify=side, no_wrap=name not in wrap, overflow="fold")
    for row in entries:
        table.add_row(*row)
    if not wrap:
        options = screen.options.update(width=MOST_WIDTH)
        screen.width = max(screen.width, measure_renderables(screen, options, [table]).maximum)
    screen.print(table)


def interval(estimate: Estimate) -> str:
    """Value and interval on two lines."""
    return f"{estimate.value:.4f}\n[{estimate.low:.4f}, {estimate.high:.4f}]"


def print_json(data: Any) -> None:
    """JSON on stdout."""
    sys.stdout.write(json_text(data))


def json_text(data: Any) -> str:
    """Plain data as JSON that every reader accepts: no NaN, no infinity."""
    return json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def outcome_names(results: "Iterable[BasinMap | Entry]") -> list[str]:
    """The targets, then every other outcome in which some run of some result ended."""
    every = list(results)
    return list(dict.fromkeys([*every[0].targets, *(name for one in every for name in one.outcomes())]))


def status_data(status: Status) -> dict[str, str]:
    """A status with what to do about it."""
    return {"name": status.value, "advice": status.advice}


def comparison_data(one: "Comparison") -> dict[str, Any]:
    """A comparison as data, without its cells."""
    return {
        "baseline": one.baseline,
        "outcome": one.outcome,
        "gained": one.gained_share,
        "lost": one.lost_share,
        "difference": one.difference,
        "test": one.test,
    }


def audit_data(audit: "LabelAudit | None") -> dict[str, Any] | None:
    """What became of runs that were continued, label by label."""
    if audit is None:
        return None
    counts = zip(audit.names, audit.runs, audit.looked_at, audit.changed, audit.unfinished, strict=True)
    return {name: dict(zip(("runs", "looked_at", "changed", "unfinished"), own, strict=True)) for name, *own in counts}


def audit_lines(results: "Mapping[str, BasinMap | Entry]") -> list[str]:
    """A line for every audit of labels."""
    lines = []
    for name, one in results.items():
        if one.audit is not None:
            kept = zip(one.audit.names, one.audit.changed, one.audit.looked_at, strict=True)
            told = ", ".join(f"{label} {changed} of {count}" for label, changed, count in kept if count)
            lines.append(f"{name}: of the runs that were continued, changed: {told}.")
    return lines


def resting_lines(results: "Mapping[str, BasinMap | Entry]") -> list[str]:
    """A line for every rule whose runs come to rest elsewhere than at a target, with the places of most runs."""
    lines = []
    for name, one in results.items():
        places = sorted(one.rests, key=lambda place: -place.runs)
        if places:
            more = f"; and {len(places) - MOST_PLACES} more places" if len(places) > MOST_PLACES else ""
            lines.append(f"{name}: {'; '.join(map(str, places[:MOST_PLACES]))}{more}.")
    return lines


def advice(results: "Mapping[str, BasinMap | Entry]") -> list[str]:
    """Lines for places of rest and audits, for every result that is not complete, for their labels, and for notes."""
    told, open_labels = [*resting_lines(results), *audit_lines(results)], dict[str, None]()
    for name, one in results.items():
        if one.status is Status.UNRESOLVED:
            counts = _open_counts(one)
            open_labels |= dict.fromkeys(counts)
            listed = ", ".join(f"{count} {label}" for label, count in counts.items())
            told.append(f"{name}: unresolved, {sum(counts.values())} of {one.labels.size} runs are open: {listed}.")
        elif one.status is not Status.COMPLETE:
            told.append(f"{name}: {one.status.value}. {one.status.advice}")
    told += [f"{label}: {explained(label)}" for label in open_labels]
    return [*told, *(f"{name}: {note}." for name, one in results.items() for note in one.notes)]


def _open_counts(one: "BasinMap | Entry") -> dict[str, int]:
    """How many runs have each label that leaves open where they go."""
    names = {name: code for code, name in label_names(one.targets).items()}
    return {name: n for name, n in one.outcomes().items() if not is_complete(np.array([names[name]]))[0]}


def standing(results: "Iterable[Result]", *, statuses: bool = True) -> list[str]:
    """What is to be known about results before they are used, every line once: advice on statuses, and notes."""
    every = list(results)
    lines = [f"{one.status.value}: {one.status.advice}" for one in every if one.status is not Status.COMPLETE]
    notes = [f"{note[0].upper()}{note[1:]}." for one in every for note in one.notes]
    return list(dict.fromkeys([*(lines if statuses else []), *notes]))


def first_round(game: Any) -> list[str]:
    """What a target says in a game of many rounds."""
    from nashscape.games import is_chain

    return ["Targets are looked at in the first round alone."] if is_chain(game) else []


def seconds(result: "BasinMap | Entry") -> str:
    """How long a result took, compiling included."""
    cost = result.provenance
    return f"{cost.compile_seconds + cost.run_seconds:.1f} s"


def folder(path: Path) -> Path:
    """The folder for files, made where it is missing."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write into {path}: {error.strerror}") from error
    return path


def write(path: Path, figures: "Mapping[str, Figure]", data: Any) -> list[Path]:
    """Write every figure as PNG and SVG, and the data as results.json; gives the paths of all files."""
    from nashscape.core.whole_files import write_whole
    from nashscape.figures import save

    try:
        drawn = [save(figure, path / f"{name}.{kind}") for name, figure in figures.items() for kind in ("png", "svg")]
    except OSError as error:
        raise InputError(f"cannot write into {path}: {error.strerror}") from error
    return [*drawn, write_whole(path / "results.json", json_text(data))]
