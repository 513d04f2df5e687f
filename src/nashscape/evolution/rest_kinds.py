"""What a population does near a rest point: by eigenvalues where they decide, and otherwise by starts nearby."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core.eigenvalues import apart, eigenvalue_discs, flow_type
from nashscape.evolution.exact_systems import Strategy, worth
from nashscape.evolution.motions import Motion

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]
Place = tuple[float | Fraction, ...]

FOUND = 1e-9
"""How exact logit equilibria are, of the largest slope there."""
TURNING = 1e-6
"""A disc around an eigenvalue of a turn is smaller than this part of how far it is from 0."""


def attractions(motion: Motion, places: Sequence[Place]) -> list[str]:
    """What rest points are: of replicator, imitative logit and logit by eigenvalues; what these leave open, by starts.

    Smith, bnn and best response have kinks at their rest points, and no eigenvalues.
    """
    told = [_by_eigenvalues(*_spectrum(motion, own)) for own in places]
    still = [k for k, kind in enumerate(told) if kind in ("neutral", "undecided")]
    seen = observed(motion, np.array([places[k] for k in still], float).reshape(-1, len(motion.game.types)))
    for k, kind in zip(still, seen, strict=True):
        told[k] = told[k] if kind == "undecided" else kind
    return told


def _by_eigenvalues(centres: Complex, radii: Floats) -> str:
    """The kind of `ẋ = A x` whose eigenvalues lie in discs.

    >>> [_by_eigenvalues(np.array(own), np.full(len(own), 1e-9)) for own in ([1j, -1j, -1], [1j, -1j, 1], [0, -1])]
    ['neutral', 'unstable', 'undecided']
    """
    told = flow_type(centres, radii) if len(centres) else "undecided"
    if told != "undecided":
        return told
    if apart(centres, radii, centres.real > radii):
        return "unstable"
    turning = (np.abs(centres.real) <= radii) & (radii < TURNING * np.abs(centres))
    return "neutral" if len(centres) and (turning | (centres.real < -radii)).all() else "undecided"


def _spectrum(motion: Motion, place: Place) -> tuple[Complex, Floats]:
    """Discs with the eigenvalues of the flow along the simplex at a rest point; none of a dynamic with kinks."""
    if motion.imitates:
        return _of_imitation(motion, tuple(Fraction(share) for share in place))
    if motion.dynamic == "logit":
        slopes = _tangent(motion.slopes(np.array(place, float)))
        wide = FOUND * np.abs(slopes).max()
        return eigenvalue_discs(slopes - wide, slopes + wide)
    return np.zeros(0, complex), np.zeros(0)


def _of_imitation(motion: Motion, x: Strategy) -> tuple[Complex, Floats]:
    """Of the replicator: among the types that are there, and of each other one how much better than these it does.

    The imitative logit has other eigenvalues with the same signs: those within are divided by its noise η, and a gain g
    of one outside becomes e^(g/η) − 1.
    """
    exact = motion.game.exact
    there = [i for i, share in enumerate(x) if share]
    values = worth(exact, x)
    mean = values[there[0]]
    gains = np.array([float(values[k] - mean) for k, share in enumerate(x) if not share])
    columns = [sum((x[k] * exact[k][j] for k in there), Fraction(0)) for j in there]
    slopes = [[float(x[i] * (exact[i][j] - own)) for j, own in zip(there, columns, strict=True)] for i in there]
    within = _tangent(np.array(slopes))
    centres, radii = eigenvalue_discs(within, within)
    return np.concatenate([centres, gains]), np.concatenate([radii, np.zeros(len(gains))])


def _tangent(slopes: Floats) -> Floats:
    """A matrix on differences of shares, in the coordinates of all types but the last."""
    made: Floats = (slopes[:, :-1] - slopes[:, -1:])[:-1]
    return made


def observed(motion: Motion, places: Floats, there: Iterable[int] | None = None) -> list[str]:
    """What starts near rest points `[K, types]` do: those towards every type and towards the middle of those there.

    One comes if at the end it is less than half as far away as at the start, and goes if it is more than ten times as
    far. All come: attracting. Some come and some go: a saddle. Where some go and others do neither it is unstable, as
    where all go: there may be others that come, but of two types there are none, and it is repelling.
    """
    n = places.shape[1]
    types = np.arange(n) if there is None else np.array(sorted(there))
    if not len(places):
        return []
    towards = np.concatenate([np.eye(n)[types], np.eye(n)[types].mean(0, keepdims=True)])
    starts = places[:, None] + motion.near * (towards[None] - places[:, None])
    begun = np.abs(starts - places[:, None]).max(-1)
    ends = motion.after(starts.reshape(-1, n)).reshape(starts.shape)
    ratios = np.abs(ends - places[:, None]).max(-1) / np.maximum(begun, 1e-9)
    tried = begun > 1e-9
    return [_seen(own[use], len(types) == 2) for own, use in zip(ratios, tried, strict=True)]


def _seen(ratios: Floats, line: bool) -> str:
    come, go = ratios < 0.5, ratios > 10
    if come.all():
        return "attracting"
    if not go.any():
        return "undecided"
    return "saddle" if come.any() else "repelling" if line and go.all() else "unstable"
