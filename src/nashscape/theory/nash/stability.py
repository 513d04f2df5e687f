"""Whether learners under a rule stay at an equilibrium: eigenvalues where they mix, growing leads where they do not."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.games import DenseGame
from nashscape.games.pure import pure_margin
from nashscape.learning import Rule
from nashscape.learning.fields import Field, field_of
from nashscape.semantics import ParametricGame, parametric

Floats = npt.NDArray[np.float64]

GAPS = (6.0, 10.0, 14.0)
"""Logits by which actions that are played lead the others, where a corner is looked at."""

USUAL = 0.05
"""Of the range of payoffs: where a margin is below it, corners are looked at from closer by."""

SMALLEST = 1e-5
"""Of the range of payoffs: signs of a field beside a corner with a smaller margin are those of rounding."""

LIMIT = 40.0
"""The gap that stands for an action that is not played: its probability is below rounding."""

POINTS = 2**8
REST = 1e-7
"""Of the range of payoffs: a field below it is at rest."""

NEUTRAL = 1e-7
"""Real parts below this share of the largest eigenvalue, or of the range of payoffs, count as zero."""


@dataclass(frozen=True, eq=False)
class Stability:
    """What a learning rule does beside an equilibrium, in logits.

    Attributes:
        rule: its name.
        verdict: "attracting", "saddle", "repelling", "not at rest" (the rule leaves the equilibrium itself), or None
            where first order does not tell.
        eigenvalues: of the field among actions that are played, empty at pure equilibria.
    """

    rule: str
    verdict: str | None
    eigenvalues: npt.NDArray[np.complex128]

    @property
    def words(self) -> str:
        """The verdict; "stability not determined" for None."""
        return self.verdict or "stability not determined"


def stability(game: DenseGame, rule: Rule, strategies: Sequence[Floats]) -> Stability:
    """What a rule does beside an equilibrium, with one sigmoid or softmax per player.

    Pure equilibria lie at infinity. A strict one attracts policy gradient and the natural gradient, which is the
    replicator, whatever the gap: close to it the action played earns more than all others, so that every lead grows.
    Under other rules it is looked at: it attracts if near it, at logit gaps from 6 to 14 and more where payoffs differ
    by little, every lead of an action played over one that is not grows: the variational criterion, in many points;
    below a margin of 1e-5 of the range of payoffs rounding decides the signs, and nothing is said. Mixed ones have the
    eigenvalues of the field in the logits of actions that are played; with actions that are not, only a positive real
    part tells.

    Args:
        game: the game.
        rule: a rule without memory.
        strategies: of the equilibrium, `[a_i]` each.

    Example:
        >>> from nashscape import games, pg
        >>> for p in (1.0, 2 / 3):
        ...     print(stability(games.stag_hunt(), pg(), [np.array([p, 1 - p])] * 2).verdict)
        attracting
        saddle
    """
    learners = parametric(game)
    field = field_of(learners, rule)
    played = [own > 0 for own in strategies]
    if all(own.sum() == 1 for own in played):
        verdict = _of_pure(game, field, played)
        return Stability(field.rule.name, verdict, np.zeros(0, np.complex128))
    theta = _logits(learners, strategies, [np.full(len(own), LIMIT) for own in strategies])
    inside = _leads(learners, played, within=True)
    unit = game.payoff_range or 1.0
    if np.abs(inside @ field(theta)).max() > REST * unit:
        return Stability(field.rule.name, "not at rest", np.zeros(0, np.complex128))
    block = inside @ field.jacobian(theta) @ np.linalg.pinv(inside)
    values = np.linalg.eigvals(block).astype(np.complex128)
    values = values[np.argsort(-values.real, kind="stable")]
    return Stability(field.rule.name, _verdict(values, unit, all(own.all() for own in played)), values)


def _verdict(values: npt.NDArray[np.complex128], unit: float, interior: bool) -> str | None:
    neutral = NEUTRAL * max(unit, float(np.abs(values).max()))
    if (values.real > neutral).any():
        return "repelling" if interior and (values.real > neutral).all() else "saddle"
    return "attracting" if interior and (values.real < -neutral).all() else None


def _of_pure(game: DenseGame, field: Field, played: Sequence[npt.NDArray[np.bool_]]) -> str | None:
    """A strict equilibrium by theorem where there is one; a tie tells nothing; anything else is looked at."""
    payoffs = game.payoffs if game.exact_payoffs is None else game.exact_payoffs
    margin = pure_margin(payoffs, [int(own.argmax()) for own in played])
    if margin > 0 and field.rule.follows_payoffs:
        return "attracting"
    if margin == 0 or abs(margin) < SMALLEST * game.payoff_range:
        return None
    return _at_corner(field, played, max(0.0, float(np.log(USUAL * game.payoff_range / abs(margin)))))


def _at_corner(field: Field, played: Sequence[npt.NDArray[np.bool_]], deeper: float) -> str | None:
    """Whether all leads grow at all points looked at near a corner; if one shrinks at all of them, it does not hold.

    `deeper` is added to the gaps.
    """
    outward = _leads(field.game, played, within=False)
    corner = [own.astype(np.float64) for own in played]
    counts = [int((~own).sum()) for own in played]
    grown = []
    for gaps in _gaps(sum(counts)) + deeper:
        each = [np.full(len(own), 0.0) for own in played]
        for own, mask, part in zip(each, played, np.split(gaps, np.cumsum(counts)[:-1]), strict=True):
            own[~mask] = part
        grown.append(outward @ field(_logits(field.game, corner, each)))
    velocities = np.array(grown)
    if (velocities > 0).all():
        return "attracting"
    shrinking = (velocities < 0).all(axis=0)
    return None if not shrinking.any() else "repelling" if shrinking.all() else "saddle"


def _gaps(count: int) -> Floats:
    """Gaps at which a corner is looked at: all combinations, or the even ones and a random choice of the rest."""
    if len(GAPS) ** count <= POINTS:
        return np.array(list(itertools.product(GAPS, repeat=count)))
    random = np.random.default_rng(0).uniform(GAPS[0], GAPS[-1], (POINTS, count))
    return np.vstack([np.full(count, gap) for gap in GAPS] + [random])


def _logits(learners: ParametricGame, strategies: Sequence[Floats], gaps: Sequence[Floats]) -> Floats:
    """Parameters of the strategies, in which actions that are not played trail by the gaps."""
    trembling = [np.where(own > 0, own, own.max() * np.exp(-gap)) for own, gap in zip(strategies, gaps, strict=True)]
    with jax.enable_x64(True):
        made = learners.semantics.parameters([jnp.asarray(own / own.sum()) for own in trembling])
    return np.asarray(made, np.float64)


def _leads(learners: ParametricGame, played: Sequence[npt.NDArray[np.bool_]], within: bool) -> Floats:
    """Rows that give the lead of each player's first action played over every other one, or over every unplayed one."""
    rows = []
    for part, own in zip(learners.semantics.slices, played, strict=True):
        first = int(np.flatnonzero(own)[0])
        for b in np.flatnonzero(own if within else ~own):
            if b == first:
                continue
            row = np.zeros(learners.dimension)
            # a sigmoid has one parameter: the lead of the first action
            if part.stop - part.start == 1:
                row[part.start] = 1.0 if first == 0 else -1.0
            else:
                row[part.start + first], row[part.start + b] = 1.0, -1.0
            rows.append(row)
    return np.array(rows)
