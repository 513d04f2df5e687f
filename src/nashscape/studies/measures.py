"""What a study measures: one call of one verb at every point, and the numbers that are taken from its result."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nashscape.core import InputError, positive_integer, unknown
from nashscape.studies.measuring.kinds import MEASURES, kind_of, verb_of
from nashscape.studies.stopping import Until

KEPT = ("runs", "maps")
WORDS = ("what", "verb", "name", "replicates", "until", "keep")
"""The words of a measure that are no options of its verb."""


@dataclass(frozen=True)
class Measure:
    """One call of one verb at every point.

    Attributes:
        what: names of measures; see `nashscape.studies.measuring.MEASURES`.
        verb: the verb whose results are measured.
        options: of this call alone, by the names of the verb's options and of dials.
        replicates: how many seeds.
        until: stop when an interval is narrow; None for never.
        keep: what else is stored: "runs", a table of the result's own columns; "maps", outcome codes of a grid.
        name: in the column `measure`.
    """

    what: tuple[str, ...]
    verb: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    replicates: int = 1
    until: Until | None = None
    keep: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a study writes it."""
        until = {} if self.until is None else {"until": dict(vars(self.until))}
        more = {"replicates": self.replicates} if self.replicates > 1 else {}
        keep = {"keep": list(self.keep)} if self.keep else {}
        return {"what": list(self.what), "verb": self.verb, "name": self.name, **more, **until, **keep, **self.options}


def measures_of(given: Any, settings: Collection[str]) -> tuple[Measure, ...]:
    """Measures as studies write them.

    Args:
        given: a name, a table, or a list of these; names that one verb gives are of one call.
        settings: the names of what is fixed or varies: with a "grid", runs are those of maps.

    Raises:
        InputError: for unknown measures, verbs and words, and where two are called alike.

    Example:
        >>> [own.verb for own in measures_of(["outcomes", "welfare", {"what": "alignment", "grid": 5}], ["grid"])]
        ['basin_map', 'alignment']
    """
    entries = [given] if isinstance(given, str | Mapping) else list(given)
    if not entries:
        raise InputError(f"a study measures something: {', '.join(MEASURES)}")
    made = tuple(_measure(own, settings) for own in _together(entries, settings))
    names = [own.name for own in made]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two measures are called {name}; give each a name of its own")
    return made


def _together(entries: Sequence[Any], settings: Collection[str]) -> Iterator[Any]:
    """Bare names of one verb as one table."""
    bare: dict[str, list[str]] = {}
    for own in entries:
        if isinstance(own, str):
            bare.setdefault(_verb((own,), settings), []).append(own)
        elif not isinstance(own, Mapping):
            raise InputError(f"a measure is a name, or a table of what is measured and options; got {own!r}")
    yield from ({"what": names} for names in bare.values())
    yield from (own for own in entries if not isinstance(own, str))


def _measure(given: Mapping[str, Any], settings: Collection[str]) -> Measure:
    what = _texts(given, "what", ("numbers",))
    options = {name: value for name, value in given.items() if name not in WORDS}
    chosen = verb_of(what, given["verb"]) if "verb" in given else _verb(what, {*settings, *options})
    keep = _texts(given, "keep", ())
    for word in keep:
        if word not in KEPT:
            raise unknown("what is kept", word, KEPT)
    if "until" in given and "replicates" in given:
        raise InputError("a measure has a number of replicates, or goes on until an interval is narrow, not both")
    replicates = positive_integer(given.get("replicates", 1), "replicates")
    return Measure(what, chosen, given.get("name", chosen), options, replicates, _until(given.get("until")), keep)


def _verb(what: Sequence[str], settings: Collection[str]) -> str:
    """A grid is of maps, where the measures are of runs."""
    of_runs = all("basin_map" in kind_of(own).verbs for own in what)
    return verb_of(what, "basin_map" if of_runs and "grid" in settings and not {"starts", "n"} & {*settings} else "")


def _until(given: Any) -> Until | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise InputError(f"until is a table, as {{quantity = 'share', of = 'CC', width = 0.02}}; got {given!r}")
    known = list(Until.__dataclass_fields__)
    for name in given:
        if name not in known:
            raise unknown("word of until", name, known)
    for name in ("quantity", "width"):
        if name not in given:
            raise InputError(f"until needs a {name}, as {{quantity = 'share', of = 'CC', width = 0.02}}")
    return Until(**given)


def _texts(given: Mapping[str, Any], word: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    value = given.get(word, usual)
    made = (value,) if isinstance(value, str) else value
    if (
        not isinstance(made, list | tuple)
        or not all(isinstance(own, str) for own in made)
        or (word in given and not made)
    ):
        raise InputError(f"{word} is a name or a list of names; got {value!r}")
    return tuple(made)
