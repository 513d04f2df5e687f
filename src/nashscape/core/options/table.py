"""Which verb takes which options, and where its defaults are its own."""

from typing import Any

from nashscape.core.errors import unknown
from nashscape.core.options.measuring import MEASURING
from nashscape.core.options.proving import PROVING
from nashscape.core.options.rows import SHARED, Option

VERBS: dict[str, dict[str, Option]] = {
    verb: {row.name: row for row in (SHARED[own] if isinstance(own, str) else own for own in rows)}
    for verb, rows in {**MEASURING, **PROVING}.items()
}
"""Verb ↦ name ↦ option."""


def taken(verb: str) -> dict[str, Option]:
    """The options of a verb by name.

    >>> taken("basin_map")["steps"].default, taken("entry_probability")["steps"].default
    (140, 260)

    Raises:
        InputError: for a verb that the table does not know.
    """
    if verb not in VERBS:
        raise unknown("verb", verb, VERBS)
    return VERBS[verb]


def option(name: str, verb: str | None = None) -> Option:
    """One option: as a verb takes it, or as verbs share it.

    >>> option("threshold").default, option("precision", "simulate").default
    (0.82, 'float64')

    Raises:
        InputError: for a name or a verb that the table does not know.
    """
    known = SHARED if verb is None else taken(verb)
    if name not in known:
        raise unknown("option", name, known)
    return known[name]


def default(name: str, verb: str | None = None) -> Any:
    """The default of an option."""
    return option(name, verb).default
