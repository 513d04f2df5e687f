"""Certificates as files: one JSON document with the question, the traps, the cells and a checksum."""

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from nashscape.core import InputError, Provenance, Source, Status, plain
from nashscape.core.files.whole_files import write_whole
from nashscape.core.question import Question, ask
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.resting_traps import RestTrap
from nashscape.proofs.certification.traps import Trap

FORMAT, VERSION = "nashscape certificate", 3
READ = (2, 3)
"""Versions that are read; in the second all probabilities are doubles."""

ARRAYS = ("region", "low", "high", "trap", "steps")


def write(certificate: Certificate, path: str | Path) -> Path:
    """Write the document; floats in the shortest form that reads back to the same number."""
    own = {field.name: plain(getattr(certificate, field.name)) for field in fields(certificate)}
    document = {"format": FORMAT, "version": VERSION, **own}
    document["checksum"] = checksum(document)
    # in its own order: who reads it again meets every name where it was
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    return write_whole(path, text + "\n")


def certificate_of(document: dict[str, Any]) -> Certificate:
    """The certificate that `write` made the document of; nothing is proved again.

    Raises:
        InputError: for a document of another version, or one that does not agree with its checksum.
    """
    if document.get("version") not in READ:
        known = " and ".join(map(str, READ))
        raise InputError(f"this is a certificate of version {document.get('version')}; versions {known} are read")
    if document.get("checksum") != checksum(document):
        raise InputError("it was changed after it was written: its checksum does not agree; ask for a fresh copy")
    types = {"trap": np.int32, "steps": np.int32}
    arrays: dict[str, Any] = {name: np.asarray(document[name], types.get(name, np.float64)) for name in ARRAYS}
    d = arrays["region"].shape[1]
    arrays |= {name: arrays[name].reshape(-1, d) for name in ("low", "high")}
    traps, targets = tuple(_trap(one) for one in document["traps"]), tuple(document["targets"])
    return Certificate(
        **{name: document[name] for name in ("game", "rule", "coordinates", "resolution", "problem")},
        **arrays,
        undecided_by=document.get("undecided_by", {}),
        curve=np.asarray(document.get("curve", ()), np.float64).reshape(-1, 1 + len(targets)),
        targets=targets,
        traps=traps,
        status=Status[document["status"]],
        provenance=_provenance(document["provenance"]),
    )


def _provenance(data: dict[str, Any]) -> Provenance:
    own = {field.name: data[field.name] for field in fields(Provenance) if field.name in data}
    # files from before questions were described have a configuration
    asked = own.get("question") or ask("certificate", **data.get("configuration", {})).to_dict()
    read = {"question": Question.from_plain(asked), "sources": tuple(map(Source.from_plain, own["sources"]))}
    return Provenance(**own | read | {"notes": tuple(own.get("notes", ()))})


def _trap(data: dict[str, Any]) -> Trap | RestTrap:
    made: Any = {"corner": Trap, "rest": RestTrap}[data["kind"]]
    own = {field.name: data[field.name] for field in fields(made) if field.init}
    return made(**{name: np.asarray(x, np.float64) if isinstance(x, list) else x for name, x in own.items()})


def checksum(document: dict[str, Any]) -> str:
    """SHA-256 of everything else in the document, as compact JSON with sorted keys."""
    rest = {name: value for name, value in document.items() if name != "checksum"}
    return hashlib.sha256(_text(rest).encode()).hexdigest()


def _text(document: dict[str, Any]) -> str:
    return json.dumps(plain(document), sort_keys=True, separators=(",", ":"), allow_nan=False)
