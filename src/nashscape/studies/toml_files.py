"""Studies read from TOML files, with the line and the key of all that is wrong."""

import dataclasses
import datetime
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nashscape.core import InputError
from nashscape.core.files.whole_files import path_of
from nashscape.studies.faults import Fault, StudyError, Where
from nashscape.studies.study import Study
from nashscape.studies.toml_lines import Lines, lines_of, nearest_above

OWN = ("name", "about", "seed", "replicates")
"""What stands in the table [study]."""

MOST_BYTES = 16 * 2**20
"""Of a file that can be a study's."""

QUOTES = 'a name with a dot is written in quotes, as "game.T" or "estimator.batch"'


def read_study(path: str | Path) -> Study:
    """The study in a TOML file.

    Files that it names, as "mine.py:game" and "game.json", are looked for in its folder.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> file = Path(folder.name) / "peer.toml"
        >>> _ = file.write_text('''
        ... [study]
        ... name = "peer"
        ... [fixed]
        ... game = "stag_hunt"
        ... rule = "meta_mapg"
        ... [[vary]]
        ... peer = { from = 0.0, to = 2.0, count = 5 }
        ... ''')
        >>> read_study(file)
        <Study peer: 5 points of peer, measured by entry_probability: 5 items>
        >>> folder.cleanup()

    Raises:
        StudyError: with all that is wrong, each with file, line and key.
        InputError: where Pydantic is missing.
    """
    path = path_of(path)
    return study_from_text(_text(path), str(path.parent), str(path))


def study_from_text(text: str, folder: str = "", called: str = "study.toml") -> Study:
    """The same from the text of a file.

    Args:
        text: in TOML.
        folder: where files are that it names.
        called: the file, in messages.

    Raises:
        StudyError: with all that is wrong.
    """
    from nashscape.core.extras import needs_package

    needs_package("pydantic", "reading a study's file")
    from nashscape.studies.toml_models import shape_faults

    data = _parsed(text, called)
    lines = lines_of(text)
    wrong = [*shape_faults(data), *_dates(data, ())]
    if not wrong:
        try:
            about = data["study"]
            others = {name: data[name] for name in ("fixed", "vary", "measure") if name in data}
            # whole, for workers may be at home in another folder
            return Study(**about, **others, folder=str(Path(folder).resolve()) if folder else "", text=text)
        except StudyError as error:
            wrong = [dataclasses.replace(own, place=_in_file(own.place)) for own in error.faults]
    found = [(lines.find(own.place)[1] or 1, own) for own in wrong]
    found.sort(key=lambda own: own[0])
    raise StudyError(tuple(_told(own, line, called, lines) for line, own in found))


def _text(path: Path) -> str:
    if path.is_dir():
        raise InputError(f"{path}, line 1: a study is a TOML file, and this is a folder; give a file in it")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # a path may hold a zero
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{path}, line 1: this is no study's file: it has more than {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = nearest_above(data[: error.start].decode("utf-8", "replace"), line)
        raise InputError(f"{path}, line {line}{_at(before)}: this is not UTF-8; save the file as UTF-8") from error


def _parsed(text: str, called: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"([\s\S]*?) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        words = found[1] if found else str(error)
        line = int(found[2]) if found and found[2] else max(1, len(text.rstrip("\n").split("\n")))
        own = text.split("\n")[line - 1]
        hint = "; a table in { } stands on one line" if own.count("{") > own.count("}") else ""
        if "overwrite" in words or "twice" in words or "mutate" in words:
            words = f"this has a value already ({words})"
            dotted = re.match(r"\s*\w+\s*\.", own)
            hint = f"; {QUOTES}" if dotted else "; give it once"
        place = _at(nearest_above(text, line))
        raise InputError(f"{called}, line {line}{place}: {words}{hint}; see https://toml.io") from None
    except RecursionError:
        raise InputError(f"{called}, line 1: tables and lists are too deep in one another") from None


def _at(key: str) -> str:
    return f", {key}" if key else ""


def _dates(value: Any, place: Where) -> Iterator[Fault]:
    """Dates, which no setting is."""
    if isinstance(value, datetime.date | datetime.time):
        yield Fault(place, f"dates and times are no values of a study; got {value}, write a text in quotes")
    elif isinstance(value, dict | list):
        for key, own in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _dates(own, (*place, key))


def _in_file(place: Where) -> Where:
    return ("study", *place) if place and place[0] in OWN else place


def _told(fault: Fault, line: int, called: str, lines: Lines) -> Fault:
    """With where it stands, and what may have been meant by dots."""
    place = fault.place
    dotted = any(own[: len(place)] == place and len(own) > len(place) for own in lines.dotted)
    words = f"{fault.words}; {QUOTES}" if dotted and place else fault.words
    return Fault(place, words, f"{called}, line {line}")
