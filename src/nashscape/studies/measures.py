"""What a study measures: one call of one verb at every point, and the numbers that are taken from its result."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nashscape.core import InputError, nearest, positive_integer, unknown
from nashscape.studies.faults import Faults, placed
from nashscape.studies.files_named import located
from nashscape.studies.measuring.kinds import MEASURES, kind_of, verb_of
from nashscape.studies.stopping import Until
from nashscape.studies.verbs import verb

KEPT = ("runs", "maps")
WORDS = ("what", "verb", "name", "replicates", "until", "keep", "where")
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
        where: by the name of what varies the values at which it is measured; by default all.
        place: the number of the entry of the study that it is of.
    """

    what: tuple[str, ...]
    verb: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    replicates: int = 1
    until: Until | None = None
    keep: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    place: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As a study writes it."""
        until = {} if self.until is None else {"until": dict(vars(self.until))}
        more = {"replicates": self.replicates} if self.replicates > 1 else {}
        keep = {"keep": list(self.keep)} if self.keep else {}
        where = {"where": {name: list(own) for name, own in self.where.items()}} if self.where else {}
        named = {"what": list(self.what), "verb": self.verb, "name": self.name}
        return {**named, **more, **until, **keep, **where, **self.options}


def measures_of(given: Any, settings: Collection[str], folder: str = "", replicates: int = 1) -> tuple[Measure, ...]:
    """Measures as studies write them.

    Args:
        given: a name, a table, or a list of these; names that one verb gives are of one call.
        settings: the names of what is fixed or varies: with a "grid", runs are those of maps.
        folder: where files named by measures are, unless their paths are whole.
        replicates: how many seeds, of measures that do not say.

    Raises:
        InputError: for unknown measures, verbs and words, and where two are called alike.

    Example:
        >>> [own.verb for own in measures_of(["outcomes", "welfare", {"what": "alignment", "grid": 5}], ["grid"])]
        ['basin_map', 'alignment']
    """
    entries = [given] if isinstance(given, str | Mapping) else given
    if not isinstance(entries, Sequence):
        raise InputError(f"what is measured is a list of names and tables; got {given!r}")
    if not entries:
        raise InputError(f"a study measures something: {', '.join(MEASURES)}")
    faults, made = Faults(), list[Measure]()
    for k, table in _together(entries, settings, folder, faults):
        with faults.at(k):
            measure = _measure(table, settings, folder, replicates)
            if any(measure.name == other.name for other in made):
                raise InputError(f"two measures are called {measure.name}; give each a name of its own")
            made.append(replace(measure, place=k))
    faults.check()
    return tuple(made)


def _together(
    entries: Sequence[Any], settings: Collection[str], folder: str, faults: Faults
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Bare names of one verb as one table; each with the number of its first entry."""
    bare: dict[str, tuple[int, list[str]]] = {}
    for k, own in enumerate(entries):
        with faults.at(k):
            if isinstance(own, str):
                bare.setdefault(_verb((own,), settings, folder), (k, []))[1].append(own)
            elif not isinstance(own, Mapping):
                raise InputError(f"a measure is a name, or a table of what is measured and options; got {own!r}")
    yield from ((k, {"what": names}) for k, names in bare.values())
    yield from ((k, own) for k, own in enumerate(entries) if isinstance(own, Mapping))


def _measure(given: Mapping[str, Any], settings: Collection[str], folder: str, replicates: int) -> Measure:
    faults = Faults()
    what: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    until, chosen, where = None, "", dict[str, tuple[Any, ...]]()
    options = {name: value for name, value in given.items() if name not in WORDS}
    if "what" not in given and "verb" not in given:
        for name in options:
            if nearest(name, WORDS):
                with faults.at(name):
                    raise unknown("word of a measure", name, WORDS)
        faults.check()
    with faults.at("what"):
        what = _texts(given, "what", ("numbers",))
    with faults.at("verb"):
        if not isinstance(given.get("verb", ""), str):
            raise InputError(f"verb is the name of a function; got {given['verb']!r}")
        verb(located(given["verb"], folder)) if "verb" in given else None
    with faults.at("name"):
        if not isinstance(given.get("name", ""), str):
            raise InputError(f"the name of a measure is a text; got {given['name']!r}")
    with faults.at("keep"):
        keep = _kept(given)
    with faults.at("replicates"):
        if "until" in given and "replicates" in given:
            raise InputError("a measure has a number of replicates, or goes on until an interval is narrow, not both")
        replicates = 1 if "until" in given else positive_integer(given.get("replicates", replicates), "replicates")
    with faults.at("until"):
        until = _until(given.get("until"))
    with faults.at("where"):
        where = _where(given.get("where", {}))
    faults.check()
    with placed("what"):
        named = given.get("verb", "")
        chosen = verb_of(what, named, folder) if named else _verb(what, {*settings, *options}, folder)
    return Measure(what, chosen, given.get("name", chosen), options, replicates, until, keep, where)


def _verb(what: Sequence[str], settings: Collection[str], folder: str) -> str:
    """A grid is of maps, where the measures are of runs."""
    of_runs = all("basin_map" in kind_of(located(own, folder)).verbs for own in what)
    wanted = "basin_map" if of_runs and "grid" in settings and not {"starts", "n"} & {*settings} else ""
    return verb_of(what, wanted, folder)


def _kept(given: Mapping[str, Any]) -> tuple[str, ...]:
    keep = _texts(given, "keep", ())
    for word in keep:
        if word not in KEPT:
            raise unknown("what is kept", word, KEPT)
    return keep


def _where(given: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, Mapping):
        raise InputError(f"where is a table of values by what varies, as {{rule = ['pg', 'lola']}}; got {given!r}")
    return {name: tuple(own) if isinstance(own, list | tuple) else (own,) for name, own in given.items()}


def _until(given: Any) -> Until | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise InputError(f"until is a table, as {{quantity = 'share', of = 'CC', width = 0.02}}; got {given!r}")
    faults, known = Faults(), list(Until.__dataclass_fields__)
    for name, value in given.items():
        with faults.at(name):
            if name not in known:
                raise unknown("word of until", name, known)
            if name in ("quantity", "of") and not isinstance(value, str):
                raise InputError(f"{name} is a text, as the table of values has it; got {value!r}")
            Until(**{"quantity": "", name: value})
    for name in ("quantity", "width"):
        if name not in given:
            with faults.at():
                raise InputError(f"until needs a {name}, as {{quantity = 'share', of = 'CC', width = 0.02}}")
    faults.check()
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
