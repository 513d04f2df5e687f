"""Results as files: one JSON document with the kind of result, the schema of its fields, these, and a checksum.

    {"nashscape": "0.1.0", "kind": "entry", "schema": 1, "sha256": "…", "fields": {"game": "stag_hunt", …}}

Numbers are written in the shortest form that reads back to the same double; `nashscape.core.files.kept_values` says
what is marked, `nashscape.core.files.kept_arrays` how arrays are written. What no file can hold is left out, and says
so when it is asked for.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.files.kept_records import written_result
from nashscape.core.files.whole_files import write_whole


def save(result: Any, path: str | os.PathLike[str]) -> Path:
    """Write a result to a file that `nashscape.load` reads, whole or not at all; see `Result.save`."""
    kind = type(result)
    # who derives from a class of results adds to it, and would be read again as that
    if not vars(kind).get("question_kind"):
        raise InputError(
            f'a {kind.__name__} cannot be saved: its class names no kind of its own, as in question_kind = "my kind"'
        )
    document: dict[str, Any] = {"nashscape": result.provenance.version, **written_result(result)}
    # large last: who opens the file sees first what it is
    fields = document.pop("fields")
    document = {**document, "sha256": checksum({**document, "fields": fields}), "fields": fields}
    lines = ",\n".join(f" {json.dumps(name)}: {_text(own)}" for name, own in fields.items())
    head = _text({name: own for name, own in document.items() if name != "fields"})
    return write_whole(path, f'{head[:-1]},"fields":{{\n{lines}\n}}}}\n')


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of everything else in the document, as compact JSON, in its order."""
    rest = {name: own for name, own in document.items() if name != "sha256"}
    return hashlib.sha256(_text(rest).encode()).hexdigest()


def _text(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
