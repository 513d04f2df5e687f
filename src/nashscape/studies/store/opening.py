"""How a store is begun in a folder, and how one that is there is continued: by one writer at a time, and one maker."""

import contextlib
from dataclasses import replace
from pathlib import Path

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import write_whole
from nashscape.core.makers import Maker
from nashscape.studies.headers import Header
from nashscape.studies.items import VALUES
from nashscape.studies.schemas import ITEMS, value_types
from nashscape.studies.store import cleaning
from nashscape.studies.store.locks import LOCK, Lock
from nashscape.studies.store.manifest import (
    MANIFEST,
    STUDY,
    TEXT,
    Manifest,
    checked_json,
    read_manifest,
    write_manifest,
)

OURS = {LOCK, STUDY, TEXT, "events.jsonl"}
"""What may be in a folder in which a store was begun."""


def begun(folder: Path, header: Header) -> tuple[Manifest, Lock]:
    """The manifest of a new store, written, and the right to write to it.

    Raises:
        InputError: where there is something in the folder, or nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    except OSError as error:
        raise InputError(f"{folder} cannot be made: {error.strerror}; give a folder that can be") from error
    if MANIFEST not in there and there - OURS:
        raise InputError(f"{folder} holds {sorted(there - OURS)[0]!r}; give a new folder for a new store")
    with contextlib.ExitStack() as held:
        lock = Lock(folder)
        held.callback(lock.release)
        if (folder / MANIFEST).exists():
            raise InputError(f"there is a store in {folder} already: open it, or give another folder")
        if header.text:
            write_whole(folder / TEXT, header.text)
        manifest = Manifest(header, {header.maker.name: header.maker}, {VALUES: value_types(header.varied)})
        write_whole(folder / STUDY, checked_json(header.to_dict()))
        write_manifest(folder, manifest)
        held.pop_all()
        return manifest, lock


def continued(folder: Path, maker: Maker, mixed: bool) -> tuple[Manifest, Lock]:
    """The manifest of a store that is there, with what a dead writer left in it, and the right to write to it.

    Raises:
        InputError: where there is no store, another one is writing, or the maker is another one.
        Damaged: where the manifest or a list of items is not as it was written.
    """
    read_manifest(folder)  # before a folder that is none of ours gets a lock
    with contextlib.ExitStack() as held:
        lock = Lock(folder)
        held.callback(lock.release)
        manifest = cleaning.adopted(folder, _with_maker(folder, read_manifest(folder), maker, mixed))
        held.pop_all()
        return manifest, lock


def _with_maker(folder: Path, manifest: Manifest, maker: Maker, mixed: bool) -> Manifest:
    """The manifest with one more maker, where that is asked for."""
    if maker.name in manifest.makers:
        return manifest
    known = list(manifest.makers.values())
    if not any(True for _ in manifest.parts(ITEMS)):  # nothing is there that could be mixed
        return replace(manifest, header=manifest.header.made_by(maker), makers={maker.name: maker})
    if not mixed:
        differing = ", ".join(
            f"{name} {getattr(known[-1], name)} there, {getattr(maker, name)} now" for name in known[-1].differs(maker)
        )
        raise InputError(
            f"the results in {folder} were made by other code: {differing}. Take the same code, give another folder to "
            "compute all anew, or say that both may stand side by side (mixed=True): every row says whose it is"
        )
    return replace(manifest, makers=dict(sorted({**manifest.makers, maker.name: maker}.items())))
