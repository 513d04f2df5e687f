"""What commands print and write."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nashscape.core import InputError, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nashscape.core.tables import Table


def show(table: "Table") -> None:
    """A table on stdout: where nobody looks, in a file or a pipe, lines may be longer than a terminal's."""
    typer.echo(table.text(shutil.get_terminal_size().columns if sys.stdout.isatty() else None))


def print_json(data: Any) -> None:
    """JSON on stdout."""
    sys.stdout.write(json_text(data))


def json_text(data: Any) -> str:
    """Plain data as JSON that every reader accepts: no NaN, no infinity."""
    return json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def folder(path: Path) -> Path:
    """The folder for files, made where it is missing."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write into {path}: {error.strerror}") from error
    return path


def write(path: Path, figures: "Mapping[str, Figure]", data: Any) -> list[Path]:
    """Write every figure as PNG and SVG, and the data as results.json; gives the paths of all files."""
    from nashscape.core.files.whole_files import write_whole
    from nashscape.figures import save

    try:
        drawn = [save(figure, path / f"{name}.{kind}") for name, figure in figures.items() for kind in ("png", "svg")]
    except OSError as error:
        raise InputError(f"cannot write into {path}: {error.strerror}") from error
    return [*drawn, write_whole(path / "results.json", json_text(data))]
