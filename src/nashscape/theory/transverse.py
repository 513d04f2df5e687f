"""Transverse spectra: whether players who learn alike keep together, and how fast they part."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag, null_space

from nashscape.core import InputError, Provenance, Result, Status, finite_array, finite_number, record
from nashscape.core.calls import public
from nashscape.learning import Rule
from nashscape.learning.fields import Field, field_of
from nashscape.learning.gauges import ROUNDING, gauges, probes
from nashscape.semantics import Playable
from nashscape.theory.likeness import likeness

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]

VERDICTS = {
    "attracts": "small differences between the players die out",
    "repels": "some small difference between the players grows",
    "undecided": "the rate, or what holds a parameter at its bound, lies within the margin of zero",
}


@dataclass(frozen=True, eq=False)
class TransverseSpectrum(Result):
    """The eigenvalues of a learning field along and across the profiles at which all players do alike.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        setting: "flow", without bounds, or "box".
        theta: the parameters of the first player, `[m]`; others do the same, see `theory.likeness`.
        speed: largest component of the field there that moves; the profile rests where it is zero.
        along: eigenvalues of the Jacobian within symmetric profiles, `[≤ m]`, largest real part first.
        across: those of the differences between players, each as often as it occurs, `[≤ (n−1) m]`.
        held: which parameters, of those of one player, lie on a bound of the box with the field pointing outwards, so
            that it takes small disturbances of them back.
        push: the smallest component of the field outwards, over the parameters held; NaN where there are none.
        margin: rates within it of zero decide nothing.
        status: COMPLETE.
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "transverse spectrum"
    picture: ClassVar[str] = "nashscape.figures.spectra:spectrum_figure"
    as_table: ClassVar[str] = "nashscape.theory.tables:spectrum_table"
    computed: ClassVar[tuple[str, ...]] = ("across_rate", "verdict")

    game: str
    rule: str
    setting: str
    theta: Floats
    speed: float
    along: Complex
    across: Complex
    held: tuple[int, ...]
    push: float
    margin: float
    status: Status
    provenance: Provenance

    @property
    def across_rate(self) -> float:
        """The rate at which the differences that grow fastest grow; −∞ where every parameter is held."""
        return float(self.across.real.max()) if len(self.across) else -np.inf

    @property
    def verdict(self) -> str:
        """One of `theory.transverse.VERDICTS`, about small differences between players near this profile.

        It is local in two ways: differences are small, and off rest the profile moves on and the rate with it.
        """
        if abs(self.across_rate) <= self.margin or self.push <= self.margin:
            return "undecided"
        return "repels" if self.across_rate > 0 else "attracts"

    def __repr__(self) -> str:
        """Rule, game, rate and verdict, as one line."""
        return (
            f"<TransverseSpectrum {self.rule} on {self.game} ({self.setting}): rate {self.across_rate:.6g} across, "
            f"{self.verdict}>"
        )


@public()
def transverse_spectrum(
    game: "Playable",
    theta: npt.ArrayLike,
    rule: Rule | None = None,
    *,
    bound: float | None = None,
    margin: float = 1e-10,
) -> TransverseSpectrum:
    """The eigenvalues of a rule's field along and across symmetric profiles, for players who can stand for each other.

    With `J = ∂F/∂θ` at `θ = (x, …, x)` and S the space of such profiles, `J S ⊂ S`; `along` are the eigenvalues of J on
    S, `across` those on what is left, `ℝ^d / S`. The flow of θ and that of logits `z = K θ` have the same eigenvalues,
    `K J K⁻¹` being similar to J. What changes no strategy, such as a number added to all logits of a softmax, is left
    out. In games over states a profile is symmetric as the players see it: what follows "I cooperated, the other did
    not" for one follows the same words for the other.

    Args:
        game: a game whose players are exchangeable: at symmetric profiles the field is the same for all of them.
        theta: the parameters of the first player, `[m]`, or of all, `[n m]`, who then do alike.
        rule: how they learn; policy gradient by default.
        bound: M, for the box `[−M, M]`; None for the flow without bounds. On the box parameters at a bound with the
            field pointing outwards are held, and only the others have eigenvalues: a corner is stable because it is
            pushed into, not because of its Jacobian.
        margin: rates and outward components within it of zero decide nothing, in units of the field's.

    Raises:
        InputError: for players who are not exchangeable, and parameters that are not symmetric or outside the box.

    Example:
        >>> from nashscape import games, open_source
        >>> from nashscape.theory import symmetric_thresholds
        >>> dilemma = games.prisoners_dilemma()
        >>> found = transverse_spectrum(open_source(dilemma, 0.5), [0.0])
        >>> found
        <TransverseSpectrum pg on prisoners_dilemma (flow): rate 0.015625 across, repels>
        >>> symmetric_thresholds(dilemma).transverse_rate(0.5, 0.5)
        0.015625

    Source: for two players arXiv 2606.27068; transverse stability as in Ashwin, Buescu and Stewart (1996).
    """
    field = field_of(game, rule)
    alike = _alike(field)
    own = _one_player(alike, theta)
    margin = finite_number(margin, "margin", low=0.0)
    _check_exchangeable(field, alike, own)
    direction = _seen(alike, field(_for_all(alike, own))).mean(axis=0)
    held, free = _held(own, direction, bound, margin)
    basis = _moving(field, free)
    jacobian = field.jacobian(_for_all(alike, own))
    players = len(alike)
    turned = block_diag(*alike)
    together = turned @ np.kron(np.full((players, 1), players**-0.5), basis)
    apart = turned @ np.kron(null_space(np.ones((1, players))), basis)
    return TransverseSpectrum(
        game=field.game.name,
        rule=field.rule.name,
        setting="flow" if bound is None else "box",
        theta=own,
        speed=float(np.abs(direction[free]).max(initial=0.0)),
        along=_spectrum(jacobian, together),
        across=_spectrum(jacobian, apart),
        held=tuple(held.tolist()),
        push=float((direction * np.sign(own))[held].min()) if len(held) else np.nan,
        margin=margin,
        status=Status.COMPLETE,
        provenance=record("transverse spectrum", _asked(field, own, bound, margin), sources=field.rule.sources),
    )


def _alike(field: Field) -> Floats:
    sizes = field.game.sizes
    if len(set(sizes)) > 1:
        raise InputError(f"players with {list(sizes)} parameters are not exchangeable; give all the same number")
    return likeness(field.game)


def _for_all(alike: Floats, own: Floats) -> Floats:
    """The profile `[n m]` in which everybody does as the first player does with these parameters, `[m]`."""
    return np.asarray(alike @ own).ravel()


def _seen(alike: Floats, profile: Floats) -> Floats:
    """A profile, or a direction, of all players in the first player's numbers, `[n, m]`."""
    return np.einsum("nij,ni->nj", alike, profile.reshape(len(alike), -1))


def _one_player(alike: Floats, theta: Any) -> Floats:
    n, m = alike.shape[:2]
    given = finite_array(theta, "theta", ndim=1)
    if given.shape == (m,):
        return given
    if given.shape != (n * m,):
        raise InputError(f"theta must have {m} numbers, those of one player, or {n * m}; got {len(given)}")
    rows = _seen(alike, given)
    if np.abs(rows - rows[0]).max() > ROUNDING:
        raise InputError("the profile is not symmetric: all players must have the same parameters")
    return np.asarray(rows.mean(axis=0))


def _check_exchangeable(field: Field, alike: Floats, own: Floats) -> None:
    """At several symmetric profiles the field is symmetric; then nothing leads off them."""
    for x in [own, *probes(field.game, 4)[:, : len(own)]]:
        rows = _seen(alike, field(_for_all(alike, x)))
        if not np.isfinite(rows).all():
            raise InputError(f"the field of {field.rule.name} on {field.game.name} is not finite at {x.tolist()}")
        apart = np.abs(rows - rows[0]).max(axis=1)
        if apart.max() > ROUNDING * (1e-3 + np.abs(rows).max()):
            raise InputError(
                f"the players of {field.game.name} are not exchangeable: where all have the parameters "
                f"{x.round(3).tolist()}, players 1 and {int(apart.argmax()) + 1} move differently, so that profiles "
                "at which all are alike are left; give a symmetric game, for graphs a regular one"
            )


def _held(own: Floats, direction: Floats, bound: float | None, margin: float) -> tuple[Any, Any]:
    """Which parameters of a player are held at a bound, and which are not."""
    if bound is None:
        return np.arange(0), np.arange(len(own))
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    if (np.abs(own) > bound).any():
        raise InputError(f"the parameters {own.tolist()} lie outside the box from {-bound:g} to {bound:g}")
    held = (np.abs(own) == bound) & (direction * np.sign(own) >= -margin)
    return np.flatnonzero(held), np.flatnonzero(~held)


def _moving(field: Field, free: Any) -> Floats:
    """An orthonormal basis `[m, r]` of one player's free directions, without those that change no strategy."""
    gauge = gauges(field.game)[0]
    m = len(gauge)
    kept = np.eye(m)[:, free]
    stuck = np.delete(np.eye(m), free, axis=1)
    if gauge.shape[1] and stuck.shape[1]:
        gauge = gauge @ null_space(stuck.T @ gauge)
    return kept if not gauge.shape[1] else kept @ null_space(gauge.T @ kept)


def _spectrum(jacobian: Floats, basis: Floats) -> Complex:
    found = np.linalg.eigvals(basis.T @ jacobian @ basis).astype(np.complex128)
    return found[np.lexsort((found.imag, -found.real))]


def _asked(field: Field, own: Floats, bound: float | None, margin: float) -> dict[str, Any]:
    learners = field.game
    return {
        "game": learners.game, "semantics": learners.semantics, "rule": field.rule,
        "theta": own, "bound": bound, "margin": margin,
    }  # fmt: skip
