"""The findings in the folder of a store, for a report."""

from pathlib import Path
from typing import Any

from nashscape.core import InputError, Status, record
from nashscape.studies.findings import Findings
from nashscape.studies.items import VALUES
from nashscape.studies.running import findings_of
from nashscape.studies.study import Study


def findings_in(folder: Path) -> tuple[Findings, str]:
    """What a study in a store has found so far, and the text of its file.

    Raises:
        InputError: for a folder that is no store.
    """
    from nashscape.studies.store import Store

    with Store.open(folder) as store:
        header = store.header
        study = study_from(header.study, str(folder))
        if study is not None:
            return findings_of(study, store, folder=str(folder)), header.text
        failures = {key: own.error for key, own in store.failures.items()}
        rows = {name: own for name, own in store.columns(VALUES).items() if name != "maker"}
        provenance = record("study", {"study": dict(header.study)}, seed=header.study.get("seed", 0))
        status = Status.UNRESOLVED if failures else Status.COMPLETE
        about = str(header.study.get("about", ""))
        return Findings(header.name, about, header.varied, rows, failures, str(folder), status, provenance), header.text


def study_from(described: Any, folder: str = "") -> Study | None:
    """The study of a description, where all of it is texts and numbers; None where objects were given.

    Args:
        described: as `Study.to_dict` gives it.
        folder: where the files are that it names.
    """
    fields = {name: described[name] for name in described if name in Study.__dataclass_fields__}
    try:
        return Study(**{**fields, "folder": folder})
    except (InputError, TypeError):
        return None
