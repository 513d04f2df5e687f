"""What a certificate says of a basin map, and whether the two agree."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import (
    WITHIN,
    InputError,
    Outcome,
    Provenance,
    Result,
    Status,
    is_complete,
    target_code,
)
from nashscape.core.calls import public
from nashscape.core.provenance import cost_of
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.played import ends_in
from nashscape.selection.comparing.same_questions import check_alike
from nashscape.selection.maps.basin_maps import BasinMap

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Coverage(Result):
    """How much of an empirical basin is certified. Made by `coverage`.

    A run ends in the target if every player plays its action with probability .82 or more for ever from some step on.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: whose basin.
        empirical: the share of the map's cells that reached it.
        certified: the share of those whose start is certified for it.
        escaping: the share of all cells of the map inside the region whose start provably never ends in the target.
        resting: the share of those whose start provably rests, at no corner, where the target is played with that
            probability or may be; a map may count it as reached, and the certificate neither as reached nor as escaped.
        decided: the share of those whose start is certified for some corner or place of rest.
        contradictions: starts of the map that did not end where they provably do, probabilities of the first actions,
            `[K, n]`. There must be none; runs that were too short to end anywhere do not count.
        short: cells that are certified but had not arrived anywhere when the map's steps were over.
        inside: the share of the map's cells that lie in the certificate's region.
        axis: starting probabilities of the first action of the map's cells, the same for every player, `[G]`.
        limits: of the map.
        kind: of the map's grid, "cells" or "endpoints".
        labels: how the run from every cell ended, codes of the map's outcomes, `[G, …, G]`, one axis per player.
        targets: names of the targets in those codes.
        proved: the number in `claims` of what the start of every cell is certified for; −1 where undecided, −2 outside
            the certificate's region, `[G, …, G]`.
        claims: names of what the certificate's traps lead to.
        ends: for every cell of the map 1 where its start provably ends in the target, 0 where it provably does not,
            −1 where neither is known, `[G, …, G]`.
        contradicted: whether what is proved of a cell cannot be how its run ended, `[G, …, G]`.
        status: UNRESOLVED where some cells are `short`, INTERRUPTED where the certificate or the map was; what it says
            is valid for what these hold.
        provenance: what was asked of the map and, as "certificate", of the certificate; versions.
    """

    question_kind: ClassVar[str] = "coverage"
    picture: ClassVar[str] = "nashscape.figures.coverages:coverage_figure"
    as_table: ClassVar[str] = "nashscape.selection.comparing.tables:coverage_table"

    game: str
    rule: str
    target: str
    empirical: float
    certified: float
    escaping: float
    resting: float
    decided: float
    contradictions: Floats
    short: int
    inside: float
    axis: Floats
    limits: tuple[float, float]
    kind: str
    labels: npt.NDArray[np.int8]
    targets: tuple[str, ...]
    proved: npt.NDArray[np.int32]
    claims: tuple[str, ...]
    ends: npt.NDArray[np.int8]
    contradicted: Mask
    status: Status
    provenance: Provenance

    @property
    def cells(self) -> dict[str, Mask]:
        """The cells of the map by what is proved of them and how they ended, `[G, …, G]`; each is in one class."""
        known, reached = self.proved >= 0, self.labels == target_code(self.targets.index(self.target))
        wrong = self.contradicted
        late = known & ~is_complete(self.labels) & ~wrong
        sound = known & ~wrong & ~late
        return {
            "contradicted": wrong,
            "certified": sound & (self.ends == 1),
            "reached": reached & (self.proved == -1),
            "elsewhere": sound & (self.ends == 0),
            "resting": sound & (self.ends == -1),
            "short": late,
            "undecided": ~reached & (self.proved == -1),
            "outside": self.proved == -2,
        }

    def __repr__(self) -> str:
        """The shares and the contradictions, as one line."""
        return (
            f"<Coverage of {self.target}: {100 * self.certified:.2f} % of the empirical basin certified, "
            f"{100 * self.decided:.2f} % of the map decided, {len(self.contradictions)} contradictions>"
        )


@public()
def coverage(certificate: Certificate, basin_map: BasinMap, *, target: str | None = None) -> Coverage:
    """Compare what is proved with what a basin map of the same question shows.

    Args:
        certificate: of the same game, rule, step size and box as the map.
        basin_map: a map of exact updates.
        target: whose basin: one of the map's, whether the certificate has a trap for it or not; by default that of
            which `certify_escape` was asked, or the first of the certificate that the map has, or the map's first.

    Raises:
        InputError: for a map of something else, or of sampled updates.

    Example:
        >>> from nashscape import basin_map, games, pg
        >>> from nashscape.proofs.certification.certifying import certify
        >>> proved = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 256)
        >>> found = coverage(proved, basin_map(games.stag_hunt(), pg(), grid=51))
        >>> found.certified > 0.98, len(found.contradictions)
        (True, 0)
    """
    check_alike(certificate, basin_map)
    name = _target(certificate, basin_map, target)
    players = basin_map.labels.ndim - 1
    starts = np.stack(np.meshgrid(*[basin_map.axis] * players, indexing="ij"), axis=-1).reshape(-1, players)
    number = certificate.traps_at(_coordinates(certificate, starts))
    ends = _in_order(_ends(certificate, name), -1, number)
    proved = _in_order([certificate.targets.index(trap.target) for trap in certificate.traps], -1, number)
    codes = basin_map.labels[0].reshape(-1)
    known, inside = number >= 0, number > -2
    short = known & ~is_complete(codes) & (codes != Outcome.DIVERGED)
    wrong = known & ~short & _contradicts(certificate, basin_map, number, codes)
    reached = codes == target_code(basin_map.targets.index(name))
    shape = basin_map.labels.shape[1:]

    def share(these: Any, among: Any) -> float:
        return float(these[among].mean()) if among.any() else float("nan")

    return Coverage(
        game=basin_map.game,
        rule=basin_map.rule,
        target=name,
        empirical=float(reached.mean()),
        certified=share(known & (ends == 1), reached & inside),
        escaping=share(known & (ends == 0), inside),
        resting=share(known & (ends == -1), inside),
        decided=share(known, inside),
        contradictions=starts[wrong],
        short=int(short.sum()),
        inside=float(inside.mean()),
        axis=basin_map.axis,
        limits=basin_map.limits,
        kind=basin_map.layout.kind,
        labels=basin_map.labels[0],
        targets=basin_map.targets,
        proved=np.where(inside, proved, -2).astype(np.int32).reshape(shape),
        claims=certificate.targets,
        ends=ends.astype(np.int8).reshape(shape),
        contradicted=wrong.reshape(shape),
        status=_status(certificate, basin_map, bool(short.any())),
        provenance=_provenance(certificate, basin_map, name),
    )


def _target(certificate: Certificate, basin_map: BasinMap, target: str | None) -> str:
    """What is asked about: a target of the map that the certificate knows, if only as what is never ended in."""
    known = (*certificate.profiles, *certificate.targets)
    both = [name for name in basin_map.targets if name in known]
    first = [certificate.question.get("escape"), *certificate.targets]
    name = next((one for one in [*first, *both] if one in both), first[1]) if target is None else target
    if name not in both:
        raise InputError(
            f"{name!r} is not a target of both; the map has {', '.join(basin_map.targets)}, and the certificate speaks "
            f"of {', '.join(dict.fromkeys(known))}"
        )
    return name


def _ends(certificate: Certificate, name: str) -> list[int]:
    """For every trap 1 where it leads to the target's corner, 0 where it leads out of the target, and else −1."""
    ends = zip(certificate.ends(name), certificate.traps, strict=True)
    return [0 if end is False else 1 if end and trap.kind == "corner" else -1 for end, trap in ends]


def _in_order(values: list[int], otherwise: int, number: Any) -> Any:
    """The value of every start's trap."""
    return np.append(np.array(values, np.int64), otherwise)[np.maximum(number, -1)]


def _status(certificate: Certificate, basin_map: BasinMap, short: bool) -> Status:
    if Status.INTERRUPTED in (certificate.status, basin_map.status):
        return Status.INTERRUPTED
    return Status.UNRESOLVED if short else Status.COMPLETE


def _provenance(certificate: Certificate, basin_map: BasinMap, target: str) -> Provenance:
    mine, theirs = certificate.provenance, basin_map.provenance
    both = theirs.asking("coverage", target=target, certificate=mine.question)
    return replace(
        both, sources=tuple(dict.fromkeys([*mine.sources, *theirs.sources])),
        **cost_of([]), notes=(),
    )  # fmt: skip


def _contradicts(certificate: Certificate, basin_map: BasinMap, number: Any, codes: Any) -> Any:
    """Whether the end that a map shows cannot be the one that was proved, start by start."""
    asked: Any = basin_map.question["targets"]
    wrong = np.zeros(len(codes), bool)
    for k, trap in enumerate(certificate.traps):
        mine = number == k
        if not mine.any():
            continue
        ends = [_ends_there(certificate, trap, target) for target in asked]
        there = [target_code(place) for place, end in enumerate(ends) if end is not False]
        # inside the region of a target, but at rest at another place than its corner
        listed = np.isin(codes, there if trap.kind == "corner" else [*there, *(code + WITHIN for code in there)])
        if trap.kind == "corner" and any(ends):
            # at one of the map's targets: nothing else is true
            wrong |= mine & ~listed
        else:
            # the map need not list where it ends, but what it lists is not there
            wrong |= mine & ~listed & (codes >= target_code(0))
    return wrong


def _ends_there(certificate: Certificate, trap: Any, target: dict[str, Any]) -> bool | None:
    """Whether runs of a trap end in a target of the map, with the map's own probability."""
    if trap.kind == "corner" and target["name"] == trap.target:
        return True
    return ends_in(certificate.problem, trap, target["profile"], target["threshold"])


def _coordinates(certificate: Certificate, starts: Floats) -> Floats:
    """Starts of a map in the coordinates of the certificate's region."""
    if certificate.coordinates == "strategies":
        return starts
    logits = np.log(starts) - np.log1p(-starts) - np.asarray(certificate.problem["bias"])
    # where the map starts: the least parameters with these logits
    return np.asarray(logits @ np.linalg.pinv(np.asarray(certificate.problem["matrix"])).T)
