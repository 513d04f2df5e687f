"""What a certificate says of a basin map, and whether the two agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Outcome, Provenance, Result, Status, is_complete, plain, record, target_code
from nashscape.selection.basin_maps import BasinMap
from nashscape.theory.certification.certificates import Certificate

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
MOSTLY = 0.5


@dataclass(frozen=True, eq=False)
class Coverage(Result):
    """How much of an empirical basin is certified. Made by `coverage`.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: whose basin.
        empirical: the share of the map's cells that reached it.
        certified: the share of those whose start is certified for it.
        decided: the share of all cells of the map inside the region whose start is certified for some corner.
        contradictions: starts of the map that are certified for one corner but did not end there, probabilities of the
            first actions, `[K, n]`. There must be none; runs that were too short to end anywhere do not count.
        short: cells that are certified but had not arrived anywhere when the map's steps were over.
        inside: the share of the map's cells that lie in the certificate's region.
        axis: starting probabilities of the first action of the map's cells, the same for every player, `[G]`.
        limits: of the map.
        kind: of the map's grid, "cells" or "endpoints".
        labels: how the run from every cell ended, codes of the map's outcomes, `[G, …, G]`, one axis per player.
        targets: names of the targets in those codes.
        proved: the number in `claims` of what the start of every cell is certified for; −1 where undecided, −2 outside
            the certificate's region, `[G, …, G]`.
        claims: names of the corners of the certificate.
        contradicted: whether what is proved of a cell cannot be how its run ended, `[G, …, G]`.
        status: UNRESOLVED where some cells are `short`, INTERRUPTED where the certificate or the map was; what it says
            is valid for what these hold.
        provenance: what was asked of the map and, as "certificate", of the certificate; versions.
    """

    game: str
    rule: str
    target: str
    empirical: float
    certified: float
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
    contradicted: Mask
    status: Status
    provenance: Provenance

    @property
    def cells(self) -> dict[str, Mask]:
        """The cells of the map by what is proved of them and how they ended, `[G, …, G]`; each is in one class."""
        known, reached = self.proved >= 0, self.labels == target_code(self.targets.index(self.target))
        wrong = self.contradicted
        late = known & ~is_complete(self.labels) & ~wrong
        mine = self.proved == self.claims.index(self.target)
        return {
            "contradicted": wrong,
            "certified": mine & reached & ~wrong,
            "reached": reached & (self.proved == -1),
            "elsewhere": known & ~mine & ~wrong & ~late,
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


def coverage(certificate: Certificate, basin_map: BasinMap, *, target: str | None = None) -> Coverage:
    """Compare what is proved with what a basin map of the same question shows.

    Args:
        certificate: of the same game, rule, step size and box as the map.
        basin_map: a map of exact updates.
        target: whose basin; by default the first of the certificate.

    Raises:
        InputError: for a map of something else, or of sampled updates.

    Example:
        >>> from nashscape import basin_map, games, pg
        >>> from nashscape.theory.certification.certifying import certify
        >>> proved = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 256)
        >>> found = coverage(proved, basin_map(games.stag_hunt(), pg(), grid=51))
        >>> found.certified > 0.98, len(found.contradictions)
        (True, 0)
    """
    name = certificate.targets[0] if target is None else target
    _check_alike(certificate, basin_map)
    if name not in basin_map.targets or name not in certificate.targets:
        raise InputError(f"{name!r} is not a target of both; the map has {', '.join(basin_map.targets)}")
    players = basin_map.labels.ndim - 1
    starts = np.stack(np.meshgrid(*[basin_map.axis] * players, indexing="ij"), axis=-1).reshape(-1, players)
    proved = certificate.labels_at(_coordinates(certificate, starts))
    codes = basin_map.labels[0].reshape(-1)
    known = proved >= 0
    short = known & ~is_complete(codes) & (codes != Outcome.DIVERGED)
    wrong = known & ~short & _contradicts(certificate, basin_map, proved, codes)
    reached = codes == target_code(basin_map.targets.index(name))
    inside = proved > -2
    mine = reached & inside
    shape = basin_map.labels.shape[1:]
    return Coverage(
        game=basin_map.game,
        rule=basin_map.rule,
        target=name,
        empirical=float(reached.mean()),
        certified=float((proved[mine] == certificate.targets.index(name)).mean()) if mine.any() else float("nan"),
        decided=float(known[inside].mean()) if inside.any() else float("nan"),
        contradictions=starts[wrong],
        short=int(short.sum()),
        inside=float(inside.mean()),
        axis=basin_map.axis,
        limits=basin_map.limits,
        kind=basin_map.kind,
        labels=basin_map.labels[0],
        targets=basin_map.targets,
        proved=proved.reshape(shape),
        claims=certificate.targets,
        contradicted=wrong.reshape(shape),
        status=_status(certificate, basin_map, bool(short.any())),
        provenance=_provenance(certificate, basin_map, name),
    )


def _status(certificate: Certificate, basin_map: BasinMap, short: bool) -> Status:
    if Status.INTERRUPTED in (certificate.status, basin_map.status):
        return Status.INTERRUPTED
    return Status.UNRESOLVED if short else Status.COMPLETE


def _provenance(certificate: Certificate, basin_map: BasinMap, target: str) -> Provenance:
    mine, theirs = certificate.provenance, basin_map.provenance
    return record(
        {**theirs.configuration, "kind": "coverage", "target": target, "certificate": mine.configuration},
        seed=theirs.seed,
        precision=theirs.precision,
        devices=theirs.devices,
        sources=dict.fromkeys([*mine.sources, *theirs.sources]),
    )


def _contradicts(certificate: Certificate, basin_map: BasinMap, proved: Any, codes: Any) -> Any:
    """Whether the end that a map shows cannot be the one that was proved, start by start."""
    listed = [target_code(k) for k in range(len(basin_map.targets))]
    wrong = np.zeros(len(codes), bool)
    for number, name in enumerate(certificate.targets):
        mine = proved == number
        if name in basin_map.targets:
            wrong |= mine & (codes != listed[basin_map.targets.index(name)])
            continue
        # the map does not list it: the run may end anywhere but in a target that it does list, unless that is there too
        for code, target in zip(listed, basin_map.targets, strict=True):
            if not all(_plays(certificate, trap, target) for trap in certificate.traps if trap.target == name):
                wrong |= mine & (codes == code)
    return wrong


def _plays(certificate: Certificate, trap: Any, target: str) -> bool:
    """Whether a profile is what is mostly played where a trap leads."""
    at = trap.corner if trap.kind == "corner" else (trap.low + trap.high) / 2
    problem = certificate.problem
    first = 1 / (1 + np.exp(-(np.asarray(problem["matrix"]) @ at + np.asarray(problem["bias"]))))
    short = all(len(action) == 1 for own in problem["actions"] for action in own)
    names = list(target) if short else target.split("/")
    places = [own.index(name) for own, name in zip(problem["actions"], names, strict=True)]
    return bool(all((p if place == 0 else 1 - p) > MOSTLY for p, place in zip(first, places, strict=True)))


def _coordinates(certificate: Certificate, starts: Floats) -> Floats:
    """Starts of a map in the coordinates of the certificate's region."""
    if certificate.coordinates == "strategies":
        return starts
    logits = np.log(starts) - np.log1p(-starts) - np.asarray(certificate.problem["bias"])
    # where the map starts: the least parameters with these logits
    return np.asarray(logits @ np.linalg.pinv(np.asarray(certificate.problem["matrix"])).T)


def _check_alike(certificate: Certificate, basin_map: BasinMap) -> None:
    if not isinstance(certificate, Certificate) or not isinstance(basin_map, BasinMap):
        raise InputError("coverage compares a Certificate, as certify makes them, with a BasinMap")
    if not basin_map.exact:
        raise InputError("the map is of sampled updates; a certificate speaks of exact ones")
    asked: Any = plain(basin_map.provenance.configuration)
    if certificate.problem["dynamics"] != "updates":
        raise InputError("the map is of updates and the certificate of a flow; make both of the same")
    mine, rule, semantics = certificate.problem, asked["rule"], asked["semantics"]
    payoffs = mine["game"]["payoffs"]
    terms = {name: rule.get(name) for name in ("own", "peer", "lookahead") if rule.get(name) is not None}
    pairs = {
        "payoffs": (asked["game"].get("payoffs", payoffs), payoffs),
        "coupling": (semantics.get("matrix", np.eye(len(mine["matrix"])).tolist()), mine["matrix"]),
        "bias": (semantics.get("bias", [0.0] * len(mine["bias"])), mine["bias"]),
        "inner_lr": (rule.get("inner_lr"), mine["inner_lr"]),
        "coefficients": (terms, mine["coefficients"]),
        "step_size": (asked["step_size"], mine["step_size"]),
        "projection": ({**asked["projection"], "kind": ""}, {**mine["box"], "kind": ""}),
    }
    for name, (theirs, own) in pairs.items():
        if theirs != own:
            raise InputError(f"the map and the certificate differ in {name}: {theirs} and {own}; make both of the same")
