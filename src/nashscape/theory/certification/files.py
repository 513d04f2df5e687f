"""Certificates as files: one JSON document with the question, the traps, the cells and a checksum."""

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from nashscape.core import InputError, Provenance, Source, Status, plain
from nashscape.theory.certification.certificates import Certificate
from nashscape.theory.certification.resting_traps import RestTrap
from nashscape.theory.certification.traps import Trap

FORMAT, VERSION = "nashscape certificate", 3
READ = (2, 3)
"""Versions that are read; in the second all probabilities are doubles."""

ARRAYS = ("region", "low", "high", "trap", "steps")


def write(certificate: Certificate, path: str | Path) -> Path:
    """Write the document; floats in the shortest form that reads back to the same number."""
    path = Path(path)
    document = {"format": FORMAT, "version": VERSION, **certificate.to_dict()}
    document["checksum"] = checksum(document)
    try:
        path.write_text(_text(document) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}; give a path in a folder that exists") from error
    return path


def load_certificate(path: str | Path) -> Certificate:
    """The certificate in a file that `Certificate.save` wrote; nothing is proved again.

    Raises:
        InputError: for a file that is none, is of another version, or does not agree with its checksum.
    """
    document = read_document(path)
    if document.get("checksum") != checksum(document):
        raise InputError(f"{path} was changed after it was written: its checksum does not agree; ask for a fresh copy")
    types = {"trap": np.int32, "steps": np.int32}
    arrays: dict[str, Any] = {name: np.asarray(document[name], types.get(name, np.float64)) for name in ARRAYS}
    d = arrays["region"].shape[1]
    arrays |= {name: arrays[name].reshape(-1, d) for name in ("low", "high")}
    traps, targets = tuple(_trap(one) for one in document["traps"]), tuple(document["targets"])
    known = {field.name for field in fields(Provenance)}
    own = {name: value for name, value in document["provenance"].items() if name in known}
    own |= {"sources": tuple(map(Source.from_plain, own["sources"])), "notes": tuple(own.get("notes", ()))}
    return Certificate(
        **{name: document[name] for name in ("game", "rule", "coordinates", "resolution", "problem")},
        **arrays,
        undecided_by=document.get("undecided_by", {}),
        curve=np.asarray(document.get("curve", ()), np.float64).reshape(-1, 1 + len(targets)),
        targets=targets,
        traps=traps,
        status=Status[document["status"]],
        provenance=Provenance(**own),
    )


def _trap(data: dict[str, Any]) -> Trap | RestTrap:
    made: Any = {"corner": Trap, "rest": RestTrap}[data["kind"]]
    own = {field.name: data[field.name] for field in fields(made) if field.init}
    return made(**{name: np.asarray(x, np.float64) if isinstance(x, list) else x for name, x in own.items()})


def read_document(path: str | Path) -> dict[str, Any]:
    """The document as it is in a file, its kind and version checked.

    Raises:
        InputError: for anything else.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a certificate: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError(f"{path} is not a certificate; they are written by Certificate.save")
    if document.get("version") not in READ:
        known = " and ".join(map(str, READ))
        raise InputError(f"{path} is a certificate of version {document.get('version')}; this is for versions {known}")
    return document


def checksum(document: dict[str, Any]) -> str:
    """SHA-256 of everything else in the document, as compact JSON with sorted keys."""
    rest = {name: value for name, value in document.items() if name != "checksum"}
    return hashlib.sha256(_text(rest).encode()).hexdigest()


def _text(document: dict[str, Any]) -> str:
    return json.dumps(plain(document), sort_keys=True, separators=(",", ":"), allow_nan=False)
