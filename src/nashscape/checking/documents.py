"""Certificate files as they are read: one JSON document, its checksum and its shape checked, its claims not."""

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from nashscape.checking.numbers import entry, flat, listed, number, one_of, table, whole
from nashscape.checking.problems import Problem, problem_of
from nashscape.core import InputError

FORMAT = "nashscape certificate"
VERSIONS = (2, 3)
"""In the second all probabilities are doubles; what they are is read as in the third."""

MOST = 8
Row = tuple[Fraction, ...]


@dataclass(frozen=True)
class CornerTrap:
    """`{θ in the box: W y ≥ m}`, from which runs go to a corner; called by that."""

    target: str
    corner: Row
    rows: tuple[Row, ...]
    least: Row
    margin: Fraction
    largest: Fraction


@dataclass(frozen=True)
class RestTrap:
    """A box in the coordinates with sides times an ellipsoid in the others, that no run leaves; called by its place."""

    target: str
    sides: Row
    low: Row
    high: Row
    centre: Row
    metric: tuple[Row, ...]
    radius: Fraction
    contraction: Fraction
    margin: Fraction
    largest: Fraction

    @property
    def free(self) -> tuple[int, ...]:
        """The coordinates without a side."""
        return tuple(j for j, side in enumerate(self.sides) if not side)


@dataclass(frozen=True)
class Document:
    """The claims: cells of a region, and the trap that all starts of each enter.

    Attributes:
        problem: what they are about.
        strategies: whether the region is one of probabilities, and not of coordinates y.
        region: its ends.
        low: of the cells.
        high: see `low`.
        trap: a number in `traps`, or −1 where nothing is claimed.
        steps: after how many updates they are inside, which is no more than a hint.
        traps: the traps.
        targets: names of what they lead to.
    """

    problem: Problem
    strategies: bool
    region: tuple[Row, Row]
    low: tuple[Row, ...]
    high: tuple[Row, ...]
    trap: tuple[int, ...]
    steps: tuple[int, ...]
    traps: tuple[CornerTrap | RestTrap, ...]
    targets: tuple[str, ...]

    @property
    def claimed(self) -> tuple[int, ...]:
        """The numbers of the cells of which something is claimed."""
        return tuple(cell for cell, trap in enumerate(self.trap) if trap >= 0)


def read(path: str | Path) -> tuple[Document, str]:
    """The claims in a file, and its checksum.

    Raises:
        InputError: for a file that cannot be read, is none, was changed after it was written, or does not fit.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=_refuse)
        found = checksum(data) if isinstance(data, dict) else ""
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; give the path of a certificate") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not a certificate: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise InputError(f"{path} is not a certificate; they are written by Certificate.save")
    if data.get("version") not in VERSIONS or isinstance(data["version"], bool | float):
        known = " and ".join(map(str, VERSIONS))
        raise InputError(f"{path} is a certificate of version {data.get('version')}; this checks versions {known}")
    if data.get("checksum") != found:
        raise InputError(f"{path} was changed after it was written: its checksum does not agree; ask for a fresh copy")
    return document_of(data), found


def checksum(data: dict[str, Any]) -> str:
    """SHA-256 of everything but the checksum, as compact JSON with sorted keys."""
    rest = {name: value for name, value in data.items() if name != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def document_of(data: Any) -> Document:
    """The claims in a parsed document.

    Raises:
        InputError: for what is missing or does not fit together.
    """
    problem = problem_of(entry(data, "problem", "the document"))
    d = len(problem.followed)
    if not 1 <= d <= MOST:
        raise InputError(f"certificates that can be checked follow one to {MOST} parameters; this one follows {d}")
    kind = one_of(entry(data, "coordinates", "the document"), "coordinates", ("strategies", "parameters"))
    if kind == "strategies" and (any(problem.softmax) or not problem.identity or problem.game.markov):
        raise InputError("a certificate in strategies is one of independent players with a sigmoid each")
    traps = tuple(_trap(one, problem) for one in listed(entry(data, "traps", "the document"), "traps"))
    count = len(listed(entry(data, "low", "the document"), "low"))
    columns = {
        name: tuple(whole(x, name, -1) for x in listed(entry(data, name, "the document"), name, count))
        for name in ("trap", "steps")
    }
    if any(k >= len(traps) for k in columns["trap"]):
        raise InputError(f"a cell of the certificate is given to a trap that it does not have; there are {len(traps)}")
    region = table(entry(data, "region", "the document"), "region", 2, d)
    return Document(
        problem=problem,
        strategies=kind == "strategies",
        region=(region[0], region[1]),
        low=table(data["low"], "low", count, d),
        high=table(entry(data, "high", "the document"), "high", count, d),
        trap=columns["trap"],
        steps=columns["steps"],
        traps=traps,
        targets=tuple(_text(name, "targets") for name in listed(entry(data, "targets", "the document"), "targets")),
    )


def _trap(data: Any, problem: Problem) -> CornerTrap | RestTrap:
    d = len(problem.followed)

    def own(key: str) -> Any:
        return entry(data, key, "traps")

    target = _text(own("target"), "trap target")
    margin, largest = (number(own(name), f"trap {name}") for name in ("margin", "largest"))
    if one_of(own("kind"), "trap kind", ("corner", "rest")) == "corner":
        rows = listed(own("rows"), "trap rows")
        wanted = len(rows)
        found = table(rows, "trap rows", wanted, d)
        _signs(entry for row in found for entry in row)
        least = flat(own("least"), "trap least", (wanted,))
        corner = flat(own("corner"), "trap corner", (problem.total,))
        return CornerTrap(target, corner, found, least, margin, largest)
    if any(problem.softmax):
        raise InputError("a rest trap of the certificate is for players with sigmoids")
    sides = flat(own("sides"), "trap sides", (d,))
    _signs(sides)
    free = sum(not side for side in sides)
    low, high = (flat(own(name), f"trap {name}", (d,)) for name in ("low", "high"))
    return RestTrap(
        target, sides, low, high,
        flat(own("centre"), "trap centre", (free,)), table(own("metric"), "trap metric", free, free),
        number(own("radius"), "trap radius"), number(own("contraction"), "trap contraction"), margin, largest,
    )  # fmt: skip


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name} of the certificate must be a name; it is {value!r}")
    return value


def _signs(entries: Any) -> None:
    if any(sign not in (-1, 0, 1) for sign in entries):
        raise InputError("rows and sides of a trap of the certificate hold −1, 0 and 1")


def _refuse(word: str) -> float:
    raise ValueError(f"it holds {word}, which is no number")
