"""A store of a study that has grown: what is there stays, where all of it belongs to what is asked now."""

from collections.abc import Iterator
from typing import Protocol

from nashscape.core.errors import InputError
from nashscape.studies.headers import Header
from nashscape.studies.items import Item, Place
from nashscape.studies.store.stores import Store


class Grown(Protocol):
    """A study that may have grown."""

    def header(self) -> Header: ...  # noqa: D102
    def every_place(self) -> Iterator[Place]: ...  # noqa: D102
    def item(self, place: Place) -> Item: ...  # noqa: D102


def become(store: Store, study: Grown) -> None:
    """Let a store be of this study from now on: of the same one, or of one that has grown.

    A study may grow by values, measures and replicates: then all that is there belongs to it still. What is taken away,
    or asked otherwise, is another study, whose numbers could not be told from those that are there.

    Args:
        store: open for writing.
        study: what is asked now.

    Raises:
        InputError: for another study, with what differs.
    """
    header, there = study.header(), store.header
    if header.key == there.key:
        return
    if header.name != there.name or header.varied != there.varied:
        there.same_study(header)
    strangers = store.keys - _keys(study, store.keys)
    if strangers:
        raise InputError(
            f"{store.folder} holds {len(store.keys)} items of the study {there.name!r}, of which {len(strangers)} are "
            "not asked for any more; a study may grow in its folder, by values, measures and replicates: give another "
            "folder for what is asked otherwise"
        )
    store.extend(header)


def _keys(study: Grown, wanted: frozenset[str]) -> set[str]:
    """Those of some keys that a study asks for, also by replicates that it may come to."""
    found: set[str] = set()
    for place in study.every_place():
        found.add(study.item(place).key)
        if wanted <= found:
            break
    return found & wanted
