"""Where a result comes from: what was asked, seed and precision, versions, and the cost."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from nashscape.core.citations import Source, checked_sources, cite, library
from nashscape.core.plain_data import plain
from nashscape.core.question import Question, ask
from nashscape.core.versions import version_of

_LIBRARIES = ("jax", "numpy")


@dataclass(frozen=True)
class Provenance:
    """Everything that is needed to compute a result again, and what computing it took.

    `question` is what was asked, as data; `precision` is "float32" or "float64"; `devices` counts the
    JAX devices used; `sources` are the publications to cite; times are in seconds; `trajectory_steps`
    counts updates summed over starts; `libraries` maps the names of libraries to their versions; `notes` say in
    sentences what was done otherwise than asked, and what to look at before the result is used; `form` says
    whether a program ran in "entries", every entry of every array by itself, or in "arrays", which may differ in the
    last bits, and is empty where nothing was compiled for runs.
    """

    question: Question
    seed: int | None
    precision: str
    devices: int
    sources: tuple[Source, ...]
    compile_seconds: float
    run_seconds: float
    trajectory_steps: int
    version: str
    libraries: Mapping[str, str]
    notes: tuple[str, ...] = ()
    form: str = ""

    def __post_init__(self) -> None:
        """Refuse sources that are none."""
        object.__setattr__(self, "sources", checked_sources(self.sources))

    def asking(self, kind: str, *, without: Iterable[str] = (), **parts: Any) -> "Provenance":
        """The same of a question of another kind, with other or more parts, `without` some."""
        return replace(self, question=self.question.asking(kind, without=tuple(without), **parts))

    def together(self, *others: "Provenance") -> "Provenance":
        """The same with the costs, notes and sources of others added."""
        every = (self, *others)
        return replace(
            self,
            **cost_of(every),
            notes=tuple(dict.fromkeys(note for one in every for note in one.notes)),
            sources=tuple(dict.fromkeys(source for one in every for source in one.sources)),
        )

    def citing(self, *sources: Source) -> "Provenance":
        """The same with the sources of a method added."""
        return replace(self, sources=tuple(dict.fromkeys([*self.sources, *sources])))

    @property
    def remark(self) -> str:
        """The heads of the notes, for the end of a line about the result: "; steps are out of scale", or nothing."""
        return "".join(f"; {head}" for head in dict.fromkeys(note.partition(":")[0] for note in self.told))

    @property
    def told(self) -> tuple[str, ...]:
        """The notes, and what of the question could not be described, so that it has no key."""
        return (*self.notes, *(f"not keyed: {words}" for words in self.question.unknown))

    @property
    def citation(self) -> str:
        """What to cite for this result, one per line: this library, and the publications of the methods."""
        return cite(self.to_cite)

    @property
    def to_cite(self) -> tuple[Source, ...]:
        """This library in the version that was at work, then the sources."""
        return (library(self.version), *self.sources)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data; the form where there is one."""
        known = [field.name for field in fields(self) if field.name != "form" or self.form]
        return {name: plain(getattr(self, name)) for name in known}


def cost_of(parts: Iterable[Any]) -> dict[str, Any]:
    """What several parts of a computation took together, by the names that `Provenance` has for it.

    Args:
        parts: with `compile_seconds`, `run_seconds` and `trajectory_steps` each.

    Example:
        >>> cost_of([])
        {'compile_seconds': 0.0, 'run_seconds': 0.0, 'trajectory_steps': 0}
    """
    every = list(parts)
    return {
        "compile_seconds": math.fsum(part.compile_seconds for part in every),
        "run_seconds": math.fsum(part.run_seconds for part in every),
        "trajectory_steps": sum(part.trajectory_steps for part in every),
    }


def record(
    kind: str,
    asked: Mapping[str, Any],
    *,
    seed: int | None = None,
    precision: str = "float64",
    devices: int = 1,
    sources: Iterable[Source] = (),
    compile_seconds: float = 0.0,
    run_seconds: float = 0.0,
    trajectory_steps: int = 0,
    notes: Iterable[str] = (),
    form: str = "",
) -> Provenance:
    """The `Provenance` of a question of a kind, with the versions of this library and of those it computes with.

    >>> from nashscape.core.citations import BASIN_ENTRY
    >>> provenance = record("map", {"game": "stag_hunt", "grid": 51}, seed=7, sources=[BASIN_ENTRY])
    >>> provenance.question["grid"], provenance.question["seed"], provenance.seed
    (51, 7, 7)

    Raises `InputError` for a source that is none.
    """
    return Provenance(
        question=ask(kind, **{**asked, "seed": seed, "precision": precision}),
        seed=seed,
        precision=precision,
        devices=devices,
        sources=tuple(sources),
        compile_seconds=compile_seconds,
        run_seconds=run_seconds,
        trajectory_steps=trajectory_steps,
        version=version_of("nashscape"),
        libraries={library: version_of(library) for library in _LIBRARIES},
        notes=tuple(notes),
        form=form,
    )
