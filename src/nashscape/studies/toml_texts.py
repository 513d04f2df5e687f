"""Studies written as TOML files, which give the same studies."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nashscape.core.files.whole_files import write_whole
from nashscape.studies.faults import Fault, StudyError, Where
from nashscape.studies.study import Study
from nashscape.studies.toml_files import OWN

WIDTH = 100


def write_study(study: Study, path: str | Path) -> Path:
    """Write a study of plain data as a TOML file, which gives the same study.

    Raises:
        InputError: for settings that are objects, and where nothing can be written.
    """
    return write_whole(path, study_text(study))


def study_text(study: Study) -> str:
    """The text of a study's file: the one that it was read from, else one that is written now.

    >>> print(study_text(Study("peer", {"game": "stag_hunt", "rule": "meta_mapg"}, [{"peer": [0.0, 2.0]}])))
    measure = ["outcomes"]
    <BLANKLINE>
    [study]
    name = "peer"
    <BLANKLINE>
    [fixed]
    game = "stag_hunt"
    rule = "meta_mapg"
    <BLANKLINE>
    [[vary]]
    peer = [0.0, 2.0]
    <BLANKLINE>

    Raises:
        InputError: for settings that are objects.
    """
    if study.text:
        return study.text
    usual = {"about": "", "seed": 0, "replicates": 1}
    own = {name: getattr(study, name) for name in OWN if getattr(study, name) != usual.get(name)}
    measure: list[Any] = [study.measure] if isinstance(study.measure, str | Mapping) else list(study.measure)
    tables = all(isinstance(one, Mapping) for one in measure)
    parts = [] if tables else [f"measure = {_value(measure, ('measure',))}\n"]
    parts += [_table("[study]", own, ("study",))]
    parts += [_table("[fixed]", study.fixed, ("fixed",))] if study.fixed else []
    parts += [_table("[[vary]]", block, ("vary", k)) for k, block in enumerate(study.vary)]
    parts += [_table("[[measure]]", one, ("measure", k)) for k, one in enumerate(measure)] if tables else []
    return "\n".join(parts)


def _table(head: str, entries: Mapping[str, Any], place: Where) -> str:
    return "".join([f"{head}\n", *(f"{_key(k)} = {_value(v, (*place, k))}\n" for k, v in entries.items())])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any, place: Where) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) is int or isinstance(value, float):
        return repr(float(value) if isinstance(value, float) else value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list | tuple):
        return _list([_value(own, (*place, k)) for k, own in enumerate(value)])
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        inside = ", ".join(f"{_key(key)} = {_value(own, (*place, key))}" for key, own in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    raise StudyError((Fault(place, f"files hold texts, numbers, lists and tables alone; got {value!r}"),))


def _list(entries: list[str]) -> str:
    """On one line where it is short, else on several."""
    line = f"[{', '.join(entries)}]"
    if len(line) <= WIDTH:
        return line
    rows = [""]
    for own in entries:
        if rows[-1] and len(rows[-1]) + len(own) > WIDTH:
            rows.append("")
        rows[-1] += f"{' ' if rows[-1] else '    '}{own},"
    return "\n".join(["[", *rows, "]"])
