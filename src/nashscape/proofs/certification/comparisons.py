"""Two certificates of the same game and region beside each other, on the cells that both are unions of."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, record
from nashscape.core.calls import public
from nashscape.proofs.certification.certificates import Certificate

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

KINDS = ("certified", "escaping", "undecided")


@dataclass(frozen=True, eq=False)
class Containment(Result):
    """How what is proved of a target under one rule lies in what is proved under another. Made by `containment`.

    Areas are shares of the region. They are sums of powers of two, so that nothing is rounded for up to 50 halvings.

    Attributes:
        target: of what.
        rules: the rule of the smaller certificate, then that of the larger.
        areas: `[3, 3]`, the share of the region that is certified for the target, escapes to another corner, or is
            undecided, in the smaller (rows) and in the larger (columns).
        low: low ends of the common cells that the smaller certifies and the larger proves to escape, `[K, d]`, in the
            region's coordinates. There are none where the smaller basin lies in the larger.
        high: their high ends.
        status: INTERRUPTED where one of both certificates is; what it says holds all the same.
        provenance: of both certificates.
    """

    question_kind: ClassVar[str] = "containment"
    picture: ClassVar[str] = "nashscape.figures.containments:containment_figure"
    as_table: ClassVar[str] = "nashscape.proofs.certification.tables:containment_table"
    computed: ClassVar[tuple[str, ...]] = ("contained", "proved", "gained", "contradicted")

    target: str
    rules: tuple[str, str]
    areas: Floats
    low: Floats
    high: Floats
    status: Status
    provenance: Provenance

    def area(self, smaller: str, larger: str) -> float:
        """One entry of the table, by "certified", "escaping" and "undecided"."""
        return float(self.areas[KINDS.index(smaller), KINDS.index(larger)])

    @property
    def contradicted(self) -> float:
        """The share that the smaller certifies and of which the larger proves the opposite: both are true at once."""
        return self.area("certified", "escaping")

    @property
    def contained(self) -> bool:
        """Whether nothing that the smaller certifies is proved to go elsewhere by the larger; see `proved` for how much
        of it is known to be certified there too."""
        return self.contradicted == 0.0

    @property
    def proved(self) -> float:
        """Of what the smaller certifies, the share that the larger certifies too; NaN where it certifies nothing."""
        whole = float(self.areas[0].sum())
        return self.area("certified", "certified") / whole if whole else float("nan")

    @property
    def gained(self) -> float:
        """The share that the larger certifies and the smaller proves to escape: where the rules surely differ."""
        return self.area("escaping", "certified")

    def __repr__(self) -> str:
        """Both rules, whether one lies in the other, and what is gained, as one line."""
        smaller, larger = self.rules
        verdict = (
            f"lies in that of {larger}, {100 * self.proved:.2f} % proved"
            if self.contained and self.proved > 0
            else f"is not contradicted by {larger}, which certifies nothing of it"
            if self.contained
            else f"does not lie in that of {larger}: {self.contradicted:.4g} goes elsewhere"
        )
        return f"<Containment: what {smaller} certifies for {self.target} {verdict}; gained {self.gained:.4g}>"


@public()
def containment(larger: Certificate, smaller: Certificate, target: str | None = None) -> Containment:
    """Compare, cell by cell, what two certificates of one region prove of a target.

    Their cells come from halving the same region, so that any two of them have a part in common that is such a cell
    itself; the region is cut into these parts.

    Args:
        larger: the one that is expected to certify more.
        smaller: the other; its rule, step sizes or coefficients may differ, its game and region not.
        target: by default the first of the smaller. A certificate without a trap for it certifies nothing for it.

    Raises:
        InputError: for certificates of different games, regions or coordinates, and an unknown target.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg, pg
        >>> from nashscape.proofs.certification.certifying import certify
        >>> plain, aware = (certify(games.stag_hunt(), rule, "CC", resolution=1 / 128) for rule in (pg(), meta_mapg()))
        >>> found = containment(aware, plain)
        >>> found.contained, found.proved, found.gained > 0.1
        (True, 1.0, True)
    """
    _check_alike(larger, smaller)
    name = smaller.targets[0] if target is None else target
    known = list(dict.fromkeys([*smaller.targets, *larger.targets]))
    if name not in (*known, *smaller.profiles):
        raise InputError(f"neither certificate speaks of {name!r}; they have traps for {', '.join(known)}")
    first, second = _common(smaller, larger)
    low = np.maximum(smaller.low[first], larger.low[second])
    high = np.minimum(smaller.high[first], larger.high[second])
    rows, columns = _kinds(smaller, name)[first], _kinds(larger, name)[second]
    finest = np.maximum(_halvings(smaller)[first], _halvings(larger)[second]).sum(axis=1)
    areas = np.zeros((3, 3))
    np.add.at(areas, (rows, columns), 2.0**-finest)
    wrong = (rows == 0) & (columns == 1)
    both = larger, smaller
    sources = [source for one in both for source in one.provenance.sources]
    return Containment(
        target=name,
        rules=(smaller.rule, larger.rule),
        areas=areas,
        low=low[wrong],
        high=high[wrong],
        status=next((one.status for one in both if one.status is not Status.COMPLETE), Status.COMPLETE),
        provenance=record(
            "containment",
            {"target": name, "of": [one.question for one in both]},
            sources=sources,
        ),
    )


def _kinds(found: Certificate, target: str) -> Whole:
    """The place in `KINDS` of every cell."""
    known = target in found.profiles or target in found.targets
    # a place of rest that only the other certificate has a trap for
    ends = found.ends(target) if known else (False,) * len(found.traps)
    kinds = [
        1 if end is False else 0 if end and (trap.kind == "corner" or trap.target == target) else 2
        for end, trap in zip(ends, found.traps, strict=True)
    ]
    return np.array([*kinds, 2], np.int64)[found.trap]


def _common(one: Certificate, two: Certificate) -> tuple[Whole, Whole]:
    """The numbers of all pairs of cells, one of each certificate, that have a part with a volume in common."""
    pairs: list[tuple[Whole, Whole]] = []
    mine, others = _by_level(one), _by_level(two)
    for level, (cells, places) in mine.items():
        for other, (theirs, where) in others.items():
            # on the lattice of the coarser of both levels, side by side: cells overlap where they fall together
            coarse = np.minimum(level, other)
            keys = _keys(places >> (np.array(level) - coarse), coarse)
            matches = _keys(where >> (np.array(other) - coarse), coarse)
            a, b = _joined(keys, matches)
            pairs.append((cells[a], theirs[b]))
    return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


def _by_level(found: Certificate) -> dict[tuple[int, ...], tuple[Whole, Whole]]:
    """Cells by how often each side was halved: their numbers, and their places on the lattice of that level."""
    halvings = _halvings(found)
    side = _side(found)
    groups = {}
    for level in np.unique(halvings, axis=0):
        cells = np.flatnonzero((halvings == level).all(axis=1))
        middle = (found.low[cells] + found.high[cells]) / 2 - found.region[0]
        places = np.floor(middle / side * 2.0**level).astype(np.int64)
        groups[tuple(level.tolist())] = cells, np.clip(places, 0, 2**level - 1)
    return groups


def _halvings(found: Certificate) -> Whole:
    side = _side(found)
    own = found.high - found.low
    return np.rint(np.log2(side / np.where(own > 0, own, side))).astype(np.int64)


def _side(found: Certificate) -> Floats:
    side = found.region[1] - found.region[0]
    return np.where(side > 0, side, 1.0)


def _keys(places: Whole, level: Whole) -> Whole:
    """One whole number for each place on the lattice of a level."""
    return np.asarray(places @ np.cumprod(np.append(1, 2 ** level[:-1])), np.int64)


def _joined(keys: Whole, others: Whole) -> tuple[Whole, Whole]:
    """All pairs of positions at which two lists hold the same number."""
    order = np.argsort(others, kind="stable")
    first = np.searchsorted(others[order], keys, side="left")
    count = np.searchsorted(others[order], keys, side="right") - first
    mine = np.repeat(np.arange(len(keys)), count)
    # positions within each run of equal numbers
    within = np.arange(len(mine)) - np.repeat(np.cumsum(count) - count, count)
    return mine, order[np.repeat(first, count) + within]


def _check_alike(one: Certificate, two: Certificate) -> None:
    if not isinstance(one, Certificate) or not isinstance(two, Certificate):
        raise InputError("containment compares two results of certify")
    if one.coordinates != two.coordinates or not np.array_equal(one.region, two.region):
        raise InputError(
            f"the certificates are of different regions: {one.coordinates} {one.region.tolist()} and "
            f"{two.coordinates} {two.region.tolist()}; ask certify for the same region"
        )
    for name in ("dynamics", "game", "players", "matrix", "bias"):
        if one.problem.get(name) != two.problem.get(name):
            raise InputError(f"the certificates differ in {name}; only rules, step sizes and boxes may")
