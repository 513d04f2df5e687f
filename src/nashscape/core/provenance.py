"""Where a result comes from: what was asked, seed and precision, versions, and the cost."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import metadata
from typing import Any

from nashscape.core.citations import Source, checked_sources, cite
from nashscape.core.plain_data import plain

_LIBRARIES = ("jax", "numpy")


@dataclass(frozen=True)
class Provenance:
    """Everything that is needed to compute a result again, and what computing it took.

    `configuration` is what was asked, as data; `precision` is "float32" or "float64"; `devices` counts the
    JAX devices used; `sources` are the publications to cite; times are in seconds; `trajectory_steps`
    counts updates summed over starts; `libraries` maps the names of libraries to their versions; `notes` say in
    sentences what was done otherwise than asked, and what to look at before the result is used.
    """

    configuration: Mapping[str, Any]
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

    def __post_init__(self) -> None:
        """Refuse sources that are none."""
        object.__setattr__(self, "sources", checked_sources(self.sources))

    @property
    def configuration_hash(self) -> str:
        """Twelve hexadecimal digits of the SHA-256 of configuration, seed and precision as canonical JSON.

        Versions, devices and times are left out: two results with the same hash answer the same question.
        """
        question = {"configuration": self.configuration, "seed": self.seed, "precision": self.precision}
        text = json.dumps(plain(question), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def remark(self) -> str:
        """The heads of the notes, for the end of a line about the result: "; steps are out of scale", or nothing."""
        return "".join(f"; {note.partition(':')[0]}" for note in self.notes)

    @property
    def citation(self) -> str:
        """The publications to cite for this result, one per line."""
        return cite(self.sources)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data, and the configuration hash."""
        data = {field.name: plain(getattr(self, field.name)) for field in fields(self)}
        return data | {"configuration_hash": self.configuration_hash}


def record(
    configuration: Mapping[str, Any],
    *,
    seed: int | None = None,
    precision: str = "float64",
    devices: int = 1,
    sources: Iterable[Source] = (),
    compile_seconds: float = 0.0,
    run_seconds: float = 0.0,
    trajectory_steps: int = 0,
    notes: Iterable[str] = (),
) -> Provenance:
    """A `Provenance` with the versions of this library and of those it computes with filled in.

    >>> from nashscape.core.citations import BASIN_ENTRY
    >>> provenance = record({"game": "stag_hunt", "grid": 51}, seed=7, sources=[BASIN_ENTRY])
    >>> len(provenance.configuration_hash), provenance.seed
    (12, 7)

    Raises `InputError` for a source that is none.
    """
    return Provenance(
        configuration=dict(configuration),
        seed=seed,
        precision=precision,
        devices=devices,
        sources=tuple(sources),
        compile_seconds=compile_seconds,
        run_seconds=run_seconds,
        trajectory_steps=trajectory_steps,
        version=_version("nashscape"),
        libraries={library: _version(library) for library in _LIBRARIES},
        notes=tuple(notes),
    )


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"
