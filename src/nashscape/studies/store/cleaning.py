"""What dead writers left: items that were written but not yet in the manifest are taken, the rest is removed."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nashscape.core.errors import InputError
from nashscape.core.files.whole_files import ENDING
from nashscape.studies.schemas import FAILURES, ITEMS, Schemas
from nashscape.studies.store import arrow
from nashscape.studies.store.batches import failures_in, keys_in, last_failures, said_by
from nashscape.studies.store.manifest import Batch, Manifest, write_manifest
from nashscape.studies.store.parts import DIGITS, Damaged, Part, content_of

NAME = re.compile(rf"[0-9a-f]{{{DIGITS}}}\.parquet")


def parts_there(folder: Path, table: str = "*") -> Iterator[Path]:
    """Files that have the names of parts."""
    return (path for path in sorted(folder.glob(f"{table}/*.parquet")) if NAME.fullmatch(path.name))


def found(folder: Path, path: Path) -> tuple[Part, bytes]:
    """The part that a file is, and its bytes.

    Raises:
        Damaged: where the content is not the one that its name says.
    """
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256[:DIGITS] != path.stem:
        raise Damaged(f"{path} is damaged: its content is not the one that its name says")
    return Part(path.parent.name, sha256, len(content), len(arrow.read(content))), content


def left_over(folder: Path, manifest: Manifest) -> list[tuple[Batch, set[str]]]:
    """Whole batches of this study that no manifest names, with the keys of their items, those of most items first."""
    known = {part.place for part in manifest.parts()}
    batches: list[tuple[Batch, set[str]]] = []
    for path in (*parts_there(folder, ITEMS), *parts_there(folder, FAILURES)):
        if f"{path.parent.name}/{path.name}" not in known:
            with suppress(Damaged):
                part, content = found(folder, path)
                if part.table == FAILURES:
                    batches.append((Batch((part,)), set()))
                    continue
                study, _, others = said_by(content)
                for other in others:
                    content_of(folder, other)
                if study in (manifest.header.key, *manifest.header.former):
                    keys = set(keys_in(arrow.read(content, ["item"])))
                    batches.append((Batch(tuple(sorted((part, *others)))), keys))
    return sorted(batches, key=lambda one: (-len(one[1]), one[0].parts))


def taken(folder: Path, manifest: Manifest, keys: set[str]) -> Manifest:
    """The manifest with the batches that dead writers left, as far as their items are none of these."""
    done, new, makers, schemas = set(keys), [], dict(manifest.makers), Schemas(manifest.types)
    for batch, own in left_over(folder, manifest):
        if own & done:
            continue
        items = batch.part(ITEMS)
        if items is not None:
            makers |= {maker.name: maker for maker in said_by(content_of(folder, items))[1]}
            types = schemas.types
            for part in batch.parts:
                if part.table != ITEMS:
                    types[part.table] = {
                        **types.get(part.table, {}),
                        **arrow.types_in(content_of(folder, part)),
                    }
            schemas = Schemas(types)
        done |= own
        new.append(batch)
    made = replace(manifest, types=schemas.types, makers=dict(sorted(makers.items())))
    return made.with_batches((*manifest.batches, *new))


def adopted(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest with what dead writers left, written; what cannot be taken is removed.

    Raises:
        InputError: where nothing can be written.
        Damaged: where a part with the keys of items is not as it was written.
    """
    keys: set[str] = set()
    for part in manifest.parts(ITEMS):
        keys |= set(keys_in(arrow.read(content_of(folder, part), ["item"])))
    made = taken(folder, manifest, keys)
    if made != manifest:
        made = replace(made, failed=failed(folder, made))
        write_manifest(folder, made)
    sweep(folder, made)
    return made


def failed(folder: Path, manifest: Manifest) -> int:
    """How many items failed and are not done."""
    done, failures = (
        [arrow.read(content_of(folder, part)) for part in manifest.parts(table)] for table in (ITEMS, FAILURES)
    )
    return len(last_failures(*map(failures_in, failures)).keys() - {key for rows in done for key in keys_in(rows)})


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove parts that the manifest does not name, and what writers left unfinished; only who holds the lock may."""
    known = {part.place for part in manifest.parts()}
    unknown = [path for path in parts_there(folder) if f"{path.parent.name}/{path.name}" not in known]
    for path in [*unknown, *folder.glob(f".*{ENDING}"), *folder.glob(f"*/.*{ENDING}")]:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"{path}, which a dead writer left, cannot be removed: {error.strerror}") from error
