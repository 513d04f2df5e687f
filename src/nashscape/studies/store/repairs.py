"""A damaged store made whole: what is not as it was written is set aside, and its items are missing again."""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import path_of, write_whole
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES
from nashscape.studies.schemas import ITEMS, value_types
from nashscape.studies.store import arrow, cleaning
from nashscape.studies.store.batches import keys_in
from nashscape.studies.store.locks import Lock
from nashscape.studies.store.manifest import (
    MANIFEST,
    STUDY,
    Batch,
    Manifest,
    checked_json,
    from_checked_json,
    read_manifest,
    write_manifest,
)
from nashscape.studies.store.parts import Damaged, content_of

ASIDE = "damaged"
"""The folder of a store to which damaged files are moved, and the ending that they get."""


@dataclass(frozen=True)
class Repaired:
    """What a repair has done.

    Attributes:
        aside: files that were damaged, or belonged to those that were; as they are called now.
        missing: how many items have to be computed again; of a part whose keys cannot be read any more they are not
            counted where the manifest was damaged too.
        rebuilt: whether the manifest was made anew from the parts.
    """

    aside: tuple[str, ...]
    missing: int
    rebuilt: bool

    def __str__(self) -> str:
        """All of it in a sentence."""
        parts = [f"{len(self.aside)} files set aside", f"{self.missing} items missing again"]
        return ", ".join([*parts, *(["manifest made anew from the parts"] if self.rebuilt else [])])


def mend(folder: str | Path) -> Repaired | None:
    """Repair a store of which something is damaged or gone; None where nothing is, and where there is no store.

    Every part is read, as by `repair`.

    Raises:
        InputError: as `repair` does.
    """
    folder = path_of(folder)
    try:
        whole = all(_is_whole(folder, batch) for batch in read_manifest(folder).batches)
    except Damaged:
        whole = not any(cleaning.parts_there(folder))  # its writer died before the first manifest
    except InputError:
        whole = True
    return None if whole else repair(folder)


def repair(folder: str | Path, header: Header | None = None) -> Repaired:
    """Make a damaged store whole.

    Every part is read and verified. A batch of items with a damaged part is set aside, in the folder `damaged`: its
    items are missing again, all others are kept. A manifest that is damaged or gone is made anew from the parts, whose
    names say what they hold. Nothing is removed but what dead writers left unfinished.

    Args:
        folder: of the store.
        header: of its study, needed only where both the manifest and `study.json` are damaged.

    Raises:
        InputError: where there is no store, another is writing, or nothing can be written.
    """
    folder = path_of(folder)
    if not any((folder / name).exists() for name in (MANIFEST, STUDY)):
        raise InputError(f"there is no store of results in {folder}: it has neither {MANIFEST} nor {STUDY}")
    with contextlib.closing(_Held(folder)):
        return _repaired(folder, header)


class _Held:
    """A lock that is closed."""

    def __init__(self, folder: Path) -> None:
        self._lock = Lock(folder)

    def close(self) -> None:
        self._lock.release()


def _repaired(folder: Path, header: Header | None) -> Repaired:
    aside: list[str] = []
    rebuilt = False
    try:
        manifest = read_manifest(folder)
    except Damaged:
        rebuilt = True
        known = _header(folder, header)
        manifest = Manifest(known, {known.maker.name: known.maker}, {VALUES: value_types(known.varied)})
        aside += _moved(folder, [folder / MANIFEST])
    whole = tuple(batch for batch in manifest.batches if _is_whole(folder, batch))
    lost = [batch for batch in manifest.batches if batch not in whole]
    # a part can belong to two batches: the same failure twice
    places = {part.place for batch in whole for part in batch.parts}
    aside += _moved(folder, [folder / part.place for batch in lost for part in batch.parts if part.place not in places])
    manifest = cleaning.taken(folder, manifest.with_batches(whole), _keys(folder, manifest.with_batches(whole)))
    places = {part.place for part in manifest.parts()}
    rest = [path for path in cleaning.parts_there(folder) if f"{path.parent.name}/{path.name}" not in places]
    done = _keys(folder, manifest)
    missing = {key for path in rest if path.parent.name == ITEMS for key in _keys_of(folder, path)} - done
    aside += _moved(folder, rest)
    manifest = replace(manifest, failed=cleaning.failed(folder, manifest))
    write_manifest(folder, manifest)
    write_whole(folder / STUDY, checked_json(manifest.header.to_dict()))
    cleaning.sweep(folder, manifest)
    return Repaired(tuple(aside), len(missing) + sum(batch.rows(ITEMS) for batch in lost), rebuilt)


def _header(folder: Path, given: Header | None) -> Header:
    if given is not None:
        return given
    try:
        return Header.from_dict(from_checked_json(folder / STUDY))
    except (OSError, Damaged) as error:
        raise InputError(
            f"neither {MANIFEST} nor {STUDY} of the store {folder} can be read; give repair the header of its study"
        ) from error


def _is_whole(folder: Path, batch: Batch) -> bool:
    try:
        for part in batch.parts:
            content_of(folder, part)
    except Damaged:
        return False
    return True


def _keys(folder: Path, manifest: Manifest) -> set[str]:
    return {key for part in manifest.parts(ITEMS) for key in keys_in(arrow.read(content_of(folder, part), ["item"]))}


def _keys_of(folder: Path, path: Path) -> set[str]:
    """The keys in a part of `ITEMS`, none where it is damaged."""
    with contextlib.suppress(Damaged):
        return set(keys_in(arrow.read(cleaning.found(folder, path)[1], ["item"])))
    return set()


def _moved(folder: Path, paths: list[Path]) -> list[str]:
    """Move files to the folder of damaged ones; how they are called there."""
    names = []
    for path in paths:
        if path.exists():
            where = "" if path.parent == folder else f"{path.parent.name}-"
            name = f"{ASIDE}/{where}{path.name}.{ASIDE}"
            try:
                (folder / ASIDE).mkdir(exist_ok=True)
                path.replace(folder / name)
            except OSError as error:
                raise InputError(f"{path} cannot be moved to {folder / name}: {error.strerror}") from error
            names.append(name)
    return names
