"""Thresholds at which selfish learners switch: closed forms where there are any, brackets along any family else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, InputError, Provenance, Result, Status, citations, finite_number, positive_integer
from nashscape.core.calls import verb
from nashscape.core.provenance import record
from nashscape.core.searching import Search
from nashscape.core.sign_changes import sign_changes_of
from nashscape.games import mixed_profile
from nashscape.learning import Rule
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.dial import Learning
from nashscape.semantics import ParametricGame
from nashscape.semantics.coupling import weights_of
from nashscape.semantics.inverses import parameters_for
from nashscape.semantics.semantics import has_forms, is_linear
from nashscape.theory.cooperation import cooperation_index
from nashscape.theory.coupled_index import index_at_logits
from nashscape.theory.families import Family, family_of
from nashscape.theory.joint_actions import joint_action
from nashscape.theory.option_types import ThresholdOptions
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds

Floats = npt.NDArray[np.float64]

TRANSVERSE = "the transverse rate"
"""In place of a joint action, where what changes its sign is the rate at which players part."""


@dataclass(frozen=True, eq=False)
class Threshold(Result):
    """Where, along a family of games, the first-order cooperation index changes its sign, or the transverse rate does.

    The index is `d/dt Σ_i log σ_i[a*_i]` under simultaneous selfish ascent, at strategies that stay the same along the
    family. It speaks of the next small step from there, not of where runs end.

    Attributes:
        game: name of the game.
        parameter: name of the number that varies.
        target: name of the joint action a*; of `transverse_threshold`, "the transverse rate".
        strategies: where the index is taken, one per player.
        low: lower end of the range that was searched.
        high: upper end.
        brackets: the changes of sign, in order; `rises` where cooperation begins to grow.
        complete: whether there can be no others within the range.
        promise: why, or why not.
        values: where the index was evaluated first, `[S]`.
        index: the index there, `[S]`, per unit of time.
        closed: the closed forms, for symmetric 2×2 games over coupling; they speak of the whole diagonal.
        status: INTERRUPTED where brackets may be wider than was asked; else COMPLETE.
        provenance: what was asked, and versions.
        corners: brackets of the first-order thresholds of corners, by the half width M of their box and by "C" or "D";
            of those that `with_corners` was asked for.
    """

    question_kind: ClassVar[str] = "threshold"
    picture: ClassVar[str] = "nashscape.figures.thresholds:threshold_figure"
    as_table: ClassVar[str] = "nashscape.theory.threshold_tables:threshold_table"
    computed: ClassVar[tuple[str, ...]] = ("closed_forms",)

    game: str
    parameter: str
    target: str
    strategies: tuple[Floats, ...]
    low: float
    high: float
    brackets: tuple[Bracket, ...]
    complete: bool
    promise: str
    values: Floats
    index: Floats
    closed: SymmetricThresholds | None
    status: Status
    provenance: Provenance
    corners: Mapping[str, Mapping[str, tuple[Bracket, ...]]] = field(default_factory=dict)

    def with_corners(self, bounds: Sequence[float]) -> Self:
        """The same with the thresholds of the corners of boxes `[−M, M]²`; see `SymmetricThresholds.corner_thresholds`.

        Args:
            bounds: half widths M; nothing comes of them where there are no closed forms.

        Example:
            >>> from nashscape import games
            >>> found = threshold(games.prisoners_dilemma()).with_corners([2.0])
            >>> [f"{one.middle:.4f}" for one in found.corners["2"]["C"]]
            ['0.6470']
        """
        if self.closed is None:
            return self
        closed = self.closed
        return replace(
            self, corners={f"{m:g}": {own: closed.corner_thresholds(m, own) for own in "CD"} for m in bounds}
        )

    @property
    def closed_forms(self) -> dict[str, Any] | None:
        """The thresholds of the closed forms by name, and what is not defined, where they are known."""
        return None if self.closed is None else self.closed.thresholds()

    @property
    def measured(self) -> str:
        """What changes its sign, for axes and tables."""
        return f"index of {self.target}" if self.target != TRANSVERSE else "transverse rate"

    def __repr__(self) -> str:
        """Game, parameter and brackets, as one line."""
        found = ", ".join(
            f"{'up' if one.rises else 'down'} at {one.middle:.8g} ± {one.width / 2:.1g}" for one in self.brackets
        )
        sure = "" if self.complete else ", perhaps others"
        return (
            f"<Threshold of {self.target} in {self.game} over {self.parameter} in [{self.low:g}, {self.high:g}]: "
            f"{found or 'none'}{sure}>"
        )


@overload
def threshold(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    rule: Rule | None = None,
    **options: Unpack[ThresholdOptions],
) -> Threshold: ...
@overload
def threshold(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    rule: Sequence[Rule],
    **options: Unpack[ThresholdOptions],
) -> ByRule[Threshold]: ...
@verb()
def threshold(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    dial: Any = None,
    at: Sequence[Any] | None = None,
    target: Any = None,
    parameter: str | None = None,
    rule: Rule | Sequence[Rule] | None = None,
    samples: int | None = None,
    tolerance: float = 1e-9,
    degree: int | None = None,
) -> Any:
    """Where the cooperation index changes its sign along one number: couplings, payoffs, noise, coefficients of rules.

    Over the coupling of players who follow policy gradient the index is a polynomial of degree two, so that all
    crossings are found; of symmetric 2×2 games `closed` has the closed forms of the whole diagonal besides.

    Args:
        family: a game, with or without semantics, in which a dial is turned; or a function from the number to a game.
        low: lower end of the range; by default that of the dial. Functions need both ends.
        high: upper end.
        dial: what varies in a game: a name that `steer` knows, the path of a number, such as "rule.inner_lr", a `Dial`,
            or a function from the number to a game, a rule, or both; by default "coupling".
        at: strategies at which the index is taken, as in `games.mixed_profile`; by default all actions alike.
        target: the joint action whose growth is asked about, as in `cooperation_index`; by default all first actions.
        parameter: name of the number, for tables and figures; by default that of the dial, or "value".
        rule: how the players learn, or a list of rules; by default the usual one of the dial, else policy gradient.
        samples: values at which the index is evaluated first; by default 65, or 9 over couplings.
        tolerance: the widest bracket; by default 1e-9.
        degree: of the polynomial in the number that the index is known to be; then all crossings are found.

    Returns:
        A `Threshold`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit, and strategies that the players of a game cannot play.

    Example:
        >>> from nashscape import games, open_source
        >>> threshold(games.prisoners_dilemma())
        <Threshold of CC in prisoners_dilemma over coupling in [0, 2]: up at 0.42857143 ± 5e-10>
        >>> threshold(games.stag_hunt(), dial="peer", at=[0.6, 0.6])
        <Threshold of CC in stag_hunt over peer in [0, 10]: up at ..., perhaps others>
        >>> threshold(lambda T: open_source(games.prisoners_dilemma(T=T), 0.5), 3.1, 8, parameter="T")
        <Threshold of CC in prisoners_dilemma over T in [3.1, 8]: down at 6 ± 3e-10, perhaps others>

    Source: section 3 of arXiv 2606.27068 for the condition.
    """
    if degree is not None:
        positive_integer(degree, "degree")
    finite_number(tolerance, "tolerance", low=0.0, low_open=True)

    def run(learned: Rule | None) -> Threshold:
        along = family_of(family, dial, learned, parameter)
        known = 2 if degree is None and learned is None and along.reads_others else degree
        count = (9 if known == 2 and degree is None else 65) if samples is None else samples
        return _found(along, along.ends(low, high), at, target, count, tolerance, known)

    return usual_or_many(rule, run)


def _found(
    along: Family,
    ends: tuple[float, float],
    at: Sequence[Any] | None,
    target: Any,
    samples: int,
    tolerance: float,
    degree: int | None,
) -> Threshold:
    positive_integer(samples, "samples", at_least=3)
    first = along(ends[0])
    learners: ParametricGame = first.game
    strategies = inner_strategies(learners, at)
    wanted = joint_action(learners.game, target, "a threshold")

    def index(value: float) -> float:
        here = along(value)
        if here.rule is None and is_linear(here.game.semantics):
            return index_at_logits(here.game, strategies, wanted.places)
        theta = parameters_for(here.game, [own[None] for own in strategies])[0]
        return cooperation_index(here.game, theta, wanted.profile, here.rule).total

    found = sign_changes_of(index, *ends, samples=samples, tolerance=tolerance, degree=degree)
    asked = {
        **asked_along(along, first),
        "target": wanted.profile,
        "strategies": strategies,
        "range": ends,
        "samples": samples,
        "tolerance": tolerance,
        "degree": degree,
    }
    closed = closed_forms_along(along)
    provenance = record("threshold", asked, sources=[citations.OPEN_SOURCE])
    return made(learners, along.parameter, wanted.name, strategies, ends, found, closed, provenance)


def asked_along(along: Family, first: Learning) -> dict[str, Any]:
    """The parts of a question about what is found along a family, whose first member is given."""
    return {
        "game": first.game.game,
        "semantics": first.game.semantics,
        "dial": along.dial,
        "rule": along.base.rule,
        "parameter": along.parameter,
    }


def closed_forms_along(along: Family) -> SymmetricThresholds | None:
    """The closed forms, where they are about a family: policy gradient at `z_i = θ_i + κ θ_j` in a symmetric game."""
    if not along.reads_others or along.base.rule is not None:
        return None
    game: ParametricGame = along.base.game
    semantics = game.semantics
    if is_linear(semantics):
        weights, bias = weights_of(semantics), np.asarray(semantics.bias)
        plain = semantics.sigmoids and len(weights) == 2 and weights[0, 1] == weights[1, 0]
        aligned = semantics.alignment is None or len(set(semantics.alignment)) == 1
        if not (plain and aligned and (np.diagonal(weights) == 1).all() and not bias.any()):
            return None
    elif not has_forms(semantics):
        return None
    try:
        return symmetric_thresholds(game)
    except InputError:
        return None


def made(
    game: ParametricGame,
    parameter: str,
    target: str,
    strategies: tuple[Floats, ...],
    searched: tuple[float, float],
    found: Search,
    closed: SymmetricThresholds | None,
    provenance: Provenance,
) -> Threshold:
    """The result of a search."""
    return Threshold(
        game=game.name,
        parameter=parameter,
        target=target,
        strategies=strategies,
        low=searched[0],
        high=searched[1],
        brackets=found.brackets,
        complete=found.complete,
        promise=found.promise,
        values=np.array(list(found.answers)),
        index=np.array(list(found.answers.values())),
        closed=closed,
        status=Status.INTERRUPTED if found.interrupted else Status.COMPLETE,
        provenance=provenance,
    )


def inner_strategies(game: ParametricGame, at: Sequence[Any] | None) -> tuple[Floats, ...]:
    """Strategies between the pure ones, `[a_i]` or `[S, a_i]`: those that are given, or all actions alike.

    Raises:
        InputError: for pure ones, and what is no strategy.
    """
    if at is None:
        return tuple(np.full(shape, 1.0 / shape[-1]) for shape in game.game.strategy_shapes)
    mixed: Any = mixed_profile(game.game, at)
    if any((own <= 0).any() for own in mixed):
        raise InputError("the index is taken at interior strategies; use 0.001 in place of 0, say")
    return tuple(np.asarray(own, np.float64) for own in mixed)
