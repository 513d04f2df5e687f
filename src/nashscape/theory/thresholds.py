"""Thresholds at which selfish learners switch: closed forms where there are any, brackets along any family else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, InputError, Provenance, Result, Status, citations, finite_number, positive_integer
from nashscape.core.provenance import record
from nashscape.core.searching import Search
from nashscape.core.sign_changes import sign_changes_of
from nashscape.games import mixed_profile
from nashscape.learning import Rule
from nashscape.learning.rules import is_rule
from nashscape.semantics import ParametricGame, parametric
from nashscape.semantics.inverses import parameters_for
from nashscape.semantics.semantics import is_linear
from nashscape.theory.cooperation import cooperation_index
from nashscape.theory.coupled_index import index_at_logits
from nashscape.theory.joint_actions import joint_action
from nashscape.theory.symmetric import SymmetricThresholds

Floats = npt.NDArray[np.float64]
Family = Callable[[float], Any]

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
    """

    question_kind: ClassVar[str] = "threshold"
    picture: ClassVar[str] = "nashscape.figures.thresholds:threshold_figure"

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


def threshold(
    family: Family,
    low: float,
    high: float,
    *,
    at: Sequence[Any] | None = None,
    target: Any = None,
    parameter: str = "value",
    rule: Rule | Callable[[float], Rule] | None = None,
    samples: int = 65,
    tolerance: float = 1e-9,
    degree: int | None = None,
) -> Threshold:
    """Where the cooperation index changes its sign along any family of games: couplings, payoffs, noise, coefficients.

    Args:
        family: from a number to a game, or a game with a semantics.
        low: lower end of the range.
        high: upper end.
        at: strategies at which the index is taken, as in `games.mixed_profile`; by default all actions alike.
        target: the joint action whose growth is asked about, as in `cooperation_index`; by default all first actions.
        parameter: name of the number, for tables and figures; by default "value".
        rule: how the players learn, or a function from the number to it; by default policy gradient.
        samples: values at which the index is evaluated first; by default 65.
        tolerance: the widest bracket; by default 1e-9.
        degree: of the polynomial in the number that the index is known to be; then all crossings are found.

    Raises:
        InputError: for input that does not fit, and strategies that the players of a game cannot play.

    Example:
        >>> from nashscape import games, open_source
        >>> threshold(lambda T: open_source(games.prisoners_dilemma(T=T), 0.5), 3.1, 8, parameter="T")
        <Threshold of CC in prisoners_dilemma over T in [3.1, 8]: down at 6 ± 3e-10, perhaps others>

    Source: section 3 of arXiv 2606.27068 for the condition.
    """
    if not callable(family):
        raise InputError(
            f"a family is a function from a number to a game, lambda k: open_source(game, k); got {family!r}"
        )
    if not isinstance(parameter, str):
        raise InputError(f"parameter is the name of the number; got {parameter!r}")
    if rule is not None and not is_rule(rule) and not callable(rule):
        raise InputError(f"rule is a rule such as pg(), or a function from the number to one; got {rule!r}")
    if degree is not None:
        positive_integer(degree, "degree")
    low, high = finite_number(low, "low"), finite_number(high, "high")
    if not low < high:
        raise InputError(f"the range of {parameter} needs low < high; got {low:g} and {high:g}")
    positive_integer(samples, "samples", at_least=3)
    finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    first = parametric(family(low))
    strategies = inner_strategies(first, at)
    wanted = joint_action(first.game, target, "a threshold")

    def index(value: float) -> float:
        learners = parametric(family(value))
        if rule is None and is_linear(learners.semantics):
            return index_at_logits(learners, strategies, wanted.places)
        theta = parameters_for(learners, [own[None] for own in strategies])[0]
        return cooperation_index(learners, theta, wanted.profile, _rule(rule, value)).total

    found = sign_changes_of(index, low, high, samples=samples, tolerance=tolerance, degree=degree)
    asked = {
        "game": first.game,
        "semantics": first.semantics,
        "family": family,
        "rule": rule,
        "target": wanted.profile,
        "strategies": strategies,
        "parameter": parameter,
        "range": (low, high),
        "samples": samples,
    }
    provenance = record("threshold", asked, sources=[citations.OPEN_SOURCE])
    return made(first, parameter, wanted.name, strategies, (low, high), found, None, provenance)


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


def _rule(given: Rule | Callable[[float], Rule] | None, value: float) -> Rule | None:
    return given if given is None or is_rule(given) else given(value)


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
