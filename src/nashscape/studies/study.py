"""A study: what is varied, what is fixed, what is measured, and how often."""

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError, Source
from nashscape.core.descriptions import describe, digest
from nashscape.studies.checking import check_study
from nashscape.studies.designs import points_of
from nashscape.studies.files_named import paths_in
from nashscape.studies.headers import Header
from nashscape.studies.items import Item, Place
from nashscape.studies.measures import Measure, measures_of
from nashscape.studies.points import RESERVED, Points
from nashscape.studies.readied import Readied
from nashscape.studies.seeds import derived
from nashscape.studies.stopping import Until
from nashscape.studies.working import StudyWork

if TYPE_CHECKING:
    from nashscape.studies.findings import Findings


@dataclass(frozen=True, eq=False)
class Study:
    """An experiment as data: which cases, what is measured of each, how often.

    All combinations of the blocks of `vary` are points; at each every measure is taken, with as many seeds as it says.
    Points and measures share random numbers, so that they can be compared in pairs. Items, one measure at one point
    with one seed, are known by their content: what was asked before need not be asked again.

    Attributes:
        name: of letters, digits, hyphens.
        fixed: settings of all points: "game", "semantics", "rule", options of verbs, parameters of the game as
            "game.T", and dials such as "peer" or "estimator.batch". Texts stand for what they stand for on the command
            line; "mine.py:name" for what a file of your own has under a name. Objects will do too.
        vary: blocks of what varies; see `nashscape.studies.designs.points_of`.
        measure: what is measured: a name, several, or tables of `what` and options; see
            `nashscape.studies.measures.Measure`.
        about: what is asked, in a sentence.
        seed: of everything random.
        replicates: how many seeds, of measures that do not say.
        folder: where files are that settings name, as "mine.py:game" and "game.json"; by default the present one. It is
            no part of what is asked.
        text: of the file that it was read from, for those who keep it; no part of what is asked. A study that was built
            in Python of plain data is kept with the text that says the same.

    Example:
        >>> study = Study(
        ...     "peer",
        ...     fixed={"game": "stag_hunt", "rule": "meta_mapg", "grid": 5, "steps": 40},
        ...     vary=[{"peer": [0.0, 2.0]}],
        ...     measure=["outcomes"],
        ... )
        >>> study
        <Study peer: 2 points of peer, measured by basin_map: 2 items>
        >>> found = study.run()
        >>> found.values(quantity="share", of="CC")["value"].tolist()
        [0.2, 0.4]

    Raises:
        StudyError: for whatever cannot be right, before anything is run: all faults at once, each with its place.
    """

    name: str
    fixed: Mapping[str, Any] = field(default_factory=dict)
    vary: Sequence[Mapping[str, Any]] = ()
    measure: Any = ("outcomes",)
    about: str = ""
    seed: int = 0
    replicates: int = 1
    folder: str = ""
    text: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Check all that can be checked without running anything: every value of every setting."""
        check_study(self)

    @cached_property
    def points(self) -> Points:
        """All combinations of what varies."""
        return points_of(self.vary)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What is measured, one for each call."""
        blocks = [own for own in (self.vary if isinstance(self.vary, Sequence) else ()) if isinstance(own, Mapping)]
        named = {name for block in blocks for name in block if name not in RESERVED}
        return measures_of(self.measure, {*self.fixed, *named}, self.folder, self.replicates)

    @cached_property
    def readied(self) -> tuple[Readied, ...]:
        """The measures, ready for points."""
        return tuple(Readied(own, self.fixed, self.points, self.folder) for own in self.measures)

    @cached_property
    def varied(self) -> dict[str, str]:
        """The names of what varies, and whether the store holds numbers or texts of them."""
        return {name: _type_of(self.points.values(name)) for name in self.points.names}

    def cells(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """The values at a point as the store holds them; blank where a measure does not depend on what varies."""
        blank = {"number": math.nan, "text": ""}
        read: Mapping[str, Callable[[Any], Any]] = {"number": float, "text": _text}
        return {name: read[kind](point[name]) if name in point else blank[kind] for name, kind in self.varied.items()}

    def to_dict(self) -> dict[str, Any]:
        """What decides the answers, as plain data."""
        return {
            "name": self.name,
            "about": self.about,
            "seed": self.seed,
            "fixed": describe(dict(self.fixed)).data,
            "vary": [describe(dict(own)).data for own in self.vary],
            "measure": [describe(own.to_dict()).data for own in self.measures],
            **({"files": self.files} if self.files else {}),
        }

    @property
    def files(self) -> dict[str, str]:
        """The files that settings name, as they are written, with sixteen hexadecimal digits of what is in each.

        Who edits a file asks another study.
        """
        paths = paths_in([dict(self.fixed), *map(dict, self.vary), *(own.to_dict() for own in self.measures)])
        return {path: hashlib.sha256((Path(self.folder) / path).read_bytes()).hexdigest()[:16] for path in paths}

    @property
    def key(self) -> str:
        """Thirty-two hexadecimal digits of what is asked."""
        without = ("name", "about")
        return digest({name: _canonical(value) for name, value in self.to_dict().items() if name not in without})

    @property
    def n_items(self) -> int:
        """How many items there are at most."""
        return sum(
            len(readied.points) * (own.until.most if own.until else own.replicates)
            for own, readied in zip(self.measures, self.readied, strict=True)
        )

    def run(self, into: str | Path | None = None, engine: Any = "here", **options: Any) -> "Findings":
        """Work on the items that are missing, and give what is there then.

        Args:
            into: folder of a store, which needs the extra `studies`; what is there already is not asked again, unless
                it is damaged: that is set aside, asked again, and told in a note. By default results are in memory.
            engine: "here" (default); "pool", processes of this machine; "ray", a cluster.
            **options: `workers`, processes of an engine that has some (one per core); `address` of a cluster; `limit`,
                seconds that an item may take in a process of its own; `shard`, "3/16" for the third of sixteen parts;
                `again`, to try failed items once more; `mixed`, to let results of other code stand beside; `progress`,
                called with what happens, such as `nashscape.studies.progress.shown("lines")`; `seen`, with the engine
                "here": called with the point and the whole result of every call that is made, for pictures of it.

        Raises:
            InputError: for a store of another study or of other code, and where nothing can be written.
        """
        from nashscape.studies.running import run_study

        return run_study(self, into, engine, **options)

    def but(
        self,
        fixed: Mapping[str, Any] | None = None,
        vary: Mapping[str, Any] | None = None,
        values: int | None = None,
        **fields: Any,
    ) -> "Study":
        """The same study with other settings.

        Args:
            fixed: settings by name that are now the same at all points and for all measures, also where they varied or
                were a measure's own.
            vary: values by name, as in a block: in place of those that the name had, or crossed with what varies.
            values: at most so many values of each block, from its first to its last; of a random or Sobol design its
                first points. For a quick look at what a study does.
            **fields: `name`, `about`, `seed`, `measure`.

        Raises:
            InputError: for what is no part of a study, and whatever the new one cannot be.

        Example:
            >>> study = Study("peer", {"game": "stag_hunt", "rule": "meta_mapg"}, [{"peer": [0, 1, 2, 3, 4]}])
            >>> study.but({"game": "chicken"}, values=3)
            <Study peer: 3 points of peer, measured by entry_probability: 3 items>
        """
        from nashscape.studies.changing import changed

        return changed(self, fixed or {}, vary or {}, values, fields)

    def header(self) -> Header:
        """What results are kept with."""
        from nashscape.studies.toml_texts import study_text

        try:
            text = study_text(self)
        except InputError:  # of objects, which no file holds
            text = ""
        return Header(self.to_dict(), self.key, self.varied, text=text)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The publications to cite for the rules and measures, as far as they can be told without running them."""
        made: dict[Source, None] = {}
        for readied in self.readied:
            for point in readied.points.every_value():
                made |= dict.fromkeys(readied.sources(point, self.seed))
        return tuple(made)

    def places(self) -> Iterator[Place]:
        """Where items stand, in order; of a measure with a stopping rule those of the first replicate of each point."""
        return (place for place in self.every_place() if not (place.replicate and self.until(place.measure)))

    def every_place(self) -> Iterator[Place]:
        """Where items may stand, in order: all replicates that a stopping rule may ask for as well."""
        for m, readied in enumerate(self.readied):
            until = readied.measure.until
            for point in range(len(readied.points)):
                for replicate in range(readied.measure.replicates if until is None else until.most):
                    yield Place(m, point, replicate)

    def item(self, place: Place) -> Item:
        """The item at a place: the same in every process."""
        readied, seed = self.readied[place.measure], derived(self.seed, place.replicate)
        point = readied.points[place.point]
        return Item(place, readied.key(point, seed), point, seed)

    def until(self, measure: int) -> Until | None:
        """The stopping rule of a measure; None where the number of its replicates is given."""
        return self.measures[measure].until

    @property
    def work(self) -> StudyWork:
        """What engines send to workers."""
        return StudyWork(self)

    def __repr__(self) -> str:
        """Points, measures and items, as one line."""
        names = f" of {', '.join(self.points.names)}" if self.points.names else ""
        measures = ", ".join(own.name for own in self.measures)
        count = f"{len(self.points)} point{'s' if len(self.points) != 1 else ''}"
        return f"<Study {self.name}: {count}{names}, measured by {measures}: {self.n_items} items>"

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: workers make the rest themselves."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def _canonical(data: Any) -> Any:
    """The same for 1 and 1.0, which are one number however a file writes it; no truth value is a number."""
    if isinstance(data, dict):
        return {key: _canonical(own) for key, own in data.items()}
    if isinstance(data, list):
        return [_canonical(own) for own in data]
    return int(data) if isinstance(data, float) and data.is_integer() else data


def _type_of(values: Sequence[Any]) -> str:
    numbers = all(isinstance(own, int | float) and not isinstance(own, bool) for own in values)
    return "number" if numbers else "text"


def _text(value: Any) -> str:
    """What tables call a value: texts as they are, lists of them side by side, objects by their names."""
    if isinstance(value, list | tuple):
        return " | ".join(map(_text, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_text(own)}" for key, own in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(getattr(value, "name", None) or value)
