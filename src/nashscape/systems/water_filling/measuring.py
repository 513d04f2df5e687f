"""The study of the card: replies in three orders against the spectral radius, and errors under noise."""

from collections.abc import Iterator

import numpy as np

from nashscape.core import Source
from nashscape.games import interference, power_control
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, exactly, holds
from nashscape.systems.water_filling import study
from nashscape.systems.water_filling.study import Floats
from nashscape.theory import Contraction, ReplyPath, contraction, reply_path

SOURCE = Source(
    "water_filling",
    "Wang: Convergence of Iterative Water-Filling in Multi-User Non-Cooperative Power Control. 2025.",
    "https://arxiv.org/abs/2502.15783",
)
CHANNELS = {"quick": 10, "full": 40, "thorough": 400}
FIGURES = 13
NOISY_ROUNDS, DISTURBANCE = 300, 0.01


def _rows(channels: int, seed: int) -> Iterator[Row]:
    proved = contracting(channels, seed)
    yield from _settling(proved)
    yield from _noise(proved)
    yield from _frozen()


def contracting(channels: int, seed: int) -> list[tuple[Floats, Contraction]]:
    """Weak channels for which replies are proved to contract."""
    made: list[tuple[Floats, Contraction]] = []
    number = 10_000 * seed
    while len(made) < channels:
        gains, number = study.channel(number, study.WEAK), number + 1
        proof = contraction(interference(gains))
        if proof is not None:
            made.append((gains, proof))
    return made


def followed(gains: Floats, order: str, **options: float) -> ReplyPath:
    """Replies over a channel, from all power on the first carrier."""
    given = {"rounds": 400, "seed": 0, **options}
    return reply_path(power_control(gains, study.NOISE), study.first(), order=order, **given)  # type: ignore[arg-type]


def _settling(proved: list[tuple[Floats, Contraction]]) -> Iterator[Row]:
    ends = []
    for order in study.ORDERS:
        paths = [followed(gains, order) for gains, _ in proved]
        ends.append([path.points[-1] for path in paths])
        settled = [path.settled() is not None for path in paths]
        yield holds("converges", f"{order}: channels with ρ(S) < 1 that settle", settled, "all")
    same = [max(np.abs(a - b).max(), np.abs(a - c).max()) < 1e-7 for a, b, c in zip(*ends, strict=True)]
    yield holds("one-equilibrium", "all three orders end at one point", same, "within 1e-7")
    late = [followed(gains, "asynchronous", delay=3, rounds=1500).points[-1] for gains, _ in proved]
    same = [np.abs(a - b).max() < 1e-7 for a, b in zip(ends[0], late, strict=True)]
    yield holds("delays", "with delays of up to three rounds: the same point", same, "within 1e-7")
    shrinks = [_is_within(gains, proof, end) for (gains, proof), end in zip(proved, ends[0], strict=True)]
    yield holds("rate", "errors of every round are within ρᵗ of the first", shrinks, "no violation")


def _sizes(points: Floats, end: Floats) -> Floats:
    """The length of each user's error, round after round, `[T, n]`."""
    return np.linalg.norm((points - end).reshape(len(points), study.USERS, study.CARRIERS), axis=2)


def _is_within(gains: Floats, proof: Contraction, end: Floats) -> bool:
    errors = _sizes(followed(gains, "simultaneous", rounds=60).points, end)
    bounds = [proof.errors_after(round_, errors[0]) for round_ in range(len(errors))]
    return bool((errors <= np.array(bounds) + 1e-9).all())


def _noise(proved: list[tuple[Floats, Contraction]]) -> Iterator[Row]:
    """Every noisy round against `e(t+1) ≤ S e(t) + d`, and the errors that remain against `(I − S)⁻¹ d`."""
    d, wrong, shares, rounds = DISTURBANCE * np.sqrt(study.CARRIERS), 0, [], 0
    for gains, proof in proved:
        end = followed(gains, "simultaneous").points[-1]
        errors = _sizes(followed(gains, "simultaneous", rounds=NOISY_ROUNDS, disturbance=DISTURBANCE).points, end)
        wrong += int((errors[1:] > errors[:-1] @ proof.sensitivity.T + d + 1e-9).sum())
        shares.append(float((errors[NOISY_ROUNDS // 2 :] / proof.error_bound(d)).max()))
        rounds += NOISY_ROUNDS
    yield holds("noise", f"{rounds:,} noisy rounds: the recursion is never violated", wrong == 0, "no violation")
    yield holds("noise", "errors that remain are within (I − S)⁻¹ d", [share <= 1 for share in shares], "all")
    yield above("noise-is-felt", "largest share of the bound", 0.05, exactly(max(shares)))


def _frozen() -> Iterator[Row]:
    for name, seed, cycles in (("circles", study.CYCLES, True), ("settles", study.CONVERGES, False)):
        gains = study.channel(seed)
        radius = float(np.abs(np.linalg.eigvals(interference(gains))).max())
        yield above("not-necessary", f"the channel that {name}: ρ(S)", 1.0, exactly(radius))
        path = followed(gains, "simultaneous")
        settled = path.settled() is None if cycles else path.settled() is not None
        yield holds("not-necessary", f"the channel that {name}: simultaneous replies", settled, name)
    in_turn = followed(study.channel(study.CYCLES), "sequential").settled() is not None
    yield holds("orders-differ", "the channel that circles settles when users reply in turn", in_turn, "settles")


measure = measuring("water-filling", CHANNELS, _rows, of="channels", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
