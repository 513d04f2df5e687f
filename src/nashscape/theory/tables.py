"""What is computed about terms and couplings at profiles, as tables."""

from collections.abc import Iterable

import numpy as np

from nashscape.core.tables import Table, facts, one_by_one, shortened, standing
from nashscape.theory.alignment_proofs import AlignmentProof
from nashscape.theory.effective import EffectiveCoupling
from nashscape.theory.peer_directions import VERDICTS, PeerDirections
from nashscape.theory.sensitivity_results import SensitivityRatio
from nashscape.theory.transverse import TransverseSpectrum


@one_by_one
def proof_table(found: AlignmentProof) -> Table:
    """The shares of the region on which the sign is proved."""
    return facts(
        f"{found.term} of {found.rule} on {found.game}: does it push towards {found.target}?",
        {
            "verdict": found.verdict,
            "positive on": f"{found.positive:.4f} of the region",
            "negative on": f"{found.negative:.4f} of the region",
            "boxes": str(len(found.sign)),
        },
        standing([found]),
    )


@one_by_one
def effective_table(found: EffectiveCoupling) -> Table:
    """The coupling that explains every player's correction, and what it leaves, profile by profile."""
    players = range(found.coupling.shape[1])
    rows = [
        (_profile(own[k] for own in found.strategies), _numbers(found.coupling[k]), _numbers(found.residual[k]))
        for k in range(len(found.coupling))
    ]
    order = ", ".join(f"player {k + 1}" for k in players)
    return Table(
        f"The coupling that {found.rule} comes to on {found.game}",
        ("profile", "κ", "residual"),
        shortened(rows),
        notes=(f"Numbers are those of {order}; a residual of 0 is coupling and nothing else.", *standing([found])),
    )


@one_by_one
def direction_table(found: PeerDirections) -> Table:
    """Every player's verdict with its margin, and the bounds behind it."""
    rows = [
        (name, verdict, f"{margin:.4g}", f"[{low:.4g}, {high:.4g}]", f"{share:.4f}")
        for name, verdict, margin, low, high, share in zip(
            found.players, found.verdicts, found.margins, found.low, found.high, found.open_share, strict=True
        )
    ]
    meaning = [f"{verdict}: {VERDICTS[verdict]}." for verdict in dict.fromkeys(found.verdicts)]
    rounded = ["Differences of payoffs that small were taken to be the rounding of zero."] if found.rounded else []
    return Table(
        f"The peer term in {found.game}, over all interior profiles",
        ("player", "verdict", "margin", "bounds", "undecided"),
        tuple(rows),
        left=("verdict",),
        notes=(*meaning, *rounded, *standing([found])),
    )


@one_by_one
def sensitivity_table(found: SensitivityRatio) -> Table:
    """The ratio and the threshold of every ordered pair of players, and what each pulls."""
    ratios, thresholds = found.ratios, found.thresholds
    pairs = [
        (one, other, _number(ratios[j, k]), _number(thresholds[j, k]))
        for j, one in enumerate(found.players)
        for k, other in enumerate(found.players)
        if j != k
    ]
    pulls = [
        (name, f"{probability:.4g}", f"{pull:+.4g}")
        for name, probability, pull in zip(found.players, found.probabilities, found.pulls, strict=True)
    ]
    decided = (
        "Each player pulls towards it exactly where its ratio exceeds its threshold."
        if found.decides
        else f"Ratios do not decide; look at the pulls: {'; '.join(found.undecided)}."
    )
    return Table(
        f"What learning does to {found.target} in {found.game}: ratios ρ and thresholds κ*",
        ("who learns", "who answers", "ρ", "κ*"),
        shortened(pairs),
        left=("who answers",),
        notes=(decided, *standing([found])),
        below=(
            Table("", ("player", "plays it with", "pull"), shortened(pulls), notes=(f"Together {found.total:+.4g}.",)),
        ),
    )


@one_by_one
def spectrum_table(found: TransverseSpectrum) -> Table:
    """The eigenvalues along and across, and the verdict about small differences between players."""
    held = ", ".join(str(k) for k in found.held) or "none"
    return facts(
        f"{found.rule} on {found.game} ({found.setting}) where all players do alike",
        {
            "parameters": _numbers(found.theta),
            "speed": f"{found.speed:.4g}",
            "eigenvalues along": _numbers(found.along),
            "eigenvalues across": _numbers(found.across),
            "held at the box": held,
            "rate across": f"{found.across_rate:.6g}",
            "verdict": f"{found.verdict} (rates within {found.margin:.2g} of zero decide nothing)",
        },
        standing([found]),
    )


def _profile(strategies: Iterable[np.typing.NDArray[np.float64]]) -> str:
    """Of two actions the probability of the first, else all."""
    return " | ".join(_numbers(own[:1] if len(own) == 2 else own) for own in strategies)


def _numbers(values: np.typing.NDArray[np.inexact]) -> str:
    return ", ".join(f"{value:.4g}" for value in np.real_if_close(values).ravel().tolist()) or "none"


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.4g}"
