"""Alignment: which terms of a rule push towards a target, where, and how hard."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    bootstrap,
    bracket,
    choice,
    citations,
    finite_number,
    positive_integer,
    record,
    wilson,
)
from nashscape.core.calls import verb
from nashscape.core.interrupts import beside
from nashscape.core.options import default
from nashscape.core.sizes import check_size
from nashscape.dynamics import Starts, Target, as_target, cell_grid, configuration, make_setup
from nashscape.dynamics.room import COPIES, a_grid
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.starts import MOST_CELLS, is_starts, strategies
from nashscape.dynamics.targets import has_actions
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games import Game, names_actions
from nashscape.games.rounding import PRECISIONS
from nashscape.learning import Rule
from nashscape.learning.by_rule import ByRule, one_or_many
from nashscape.selection.edges.projections import TOTAL, notes_of, projected
from nashscape.selection.option_types import AlignmentOptions
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]


TERMS = 8
"""Of a rule, counted generously."""


@dataclass(frozen=True, eq=False)
class Alignment(Result):
    """How far every term of a rule pushes towards a target, at many starts.

    With `d = ∇_θ Σ_i log σ_i(θ)[a*_i]`, the direction in which the target's actions become likelier, the projection of
    a contribution c is `⟨c, d⟩/|d|`: what it moves parameters by in that direction per unit of step size, in logits
    where parameters are logits. Its product with `|d|` is the term's share of the cooperation index. Where `|d|` is
    zero or not finite there is no direction, and projections are NaN.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: name of the target.
        axis: probabilities of the first action where the starts are a grid, `[G]`; None for other starts.
        theta: parameters at the starts, `[…, d]`.
        length: `|d|`, `[…]`, in 1 per parameter.
        projections: for every term of the rule, and for their sum under "total", `[…]`; `…` is `G, …, G` for a grid and
            N for other starts.
        by_player: the same with each player's own part, `⟨c_i, d_i⟩/|d_i|`, `[…, n]`.
        level: confidence level of intervals.
        is_sample: whether starts were drawn at random.
        status: COMPLETE; starts without a direction are counted by `undefined`.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "alignment"
    picture: ClassVar[str] = "nashscape.figures.alignments:alignment_figure"
    as_table: ClassVar[str] = "nashscape.selection.maps.portrait_tables:alignment_table"
    computed: ClassVar[tuple[str, ...]] = ("means", "positive_shares", "undefined")

    game: str
    rule: str
    target: str
    axis: Floats | None
    theta: Floats
    length: Floats
    projections: Mapping[str, Floats]
    by_player: Mapping[str, Floats]
    level: float
    is_sample: bool
    status: Status
    provenance: Provenance

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the terms, "total" last."""
        return tuple(self.projections)

    @property
    def undefined(self) -> int:
        """Starts at which there is no direction."""
        return int((~np.isfinite(self.projections[TOTAL])).sum())

    def signs(self, term: str = TOTAL) -> dict[str, int]:
        """At how many starts a term's projection is positive, negative, zero, or undefined."""
        values = self._of(term)
        counts = {"positive": values > 0, "negative": values < 0, "zero": values == 0, "undefined": np.isnan(values)}
        return {name: int(which.sum()) for name, which in counts.items()}

    def positive(self, term: str = TOTAL) -> Estimate:
        """The share of starts with a positive projection, among those that have a direction.

        With its Wilson interval where starts were drawn at random; else the share of these starts, without an interval.

        Raises:
            InputError: for an unknown term, or where no start has a direction.
        """
        values = self._defined(term)
        count = int((values > 0).sum())
        if self.is_sample:
            return wilson(count, len(values), self.level)
        share = count / len(values)
        return bracket(share, share, share, "of these starts")

    def mean(self, term: str = TOTAL) -> Estimate:
        """The mean projection over the starts that have a direction, with its bootstrap interval for random starts.

        Raises:
            InputError: for an unknown term, or where no start has a direction.
        """
        values = self._defined(term)
        if self.is_sample:
            return bootstrap(values, level=self.level)
        return bracket(values.mean(), float(values.mean()), values.mean(), "of these starts")

    def means(self) -> dict[str, Estimate]:
        """The mean projection of every term; see `mean`."""
        return {term: self.mean(term) for term in self.terms}

    def positive_shares(self) -> dict[str, Estimate]:
        """The share of starts that every term pushes towards the target; see `positive`."""
        return {term: self.positive(term) for term in self.terms}

    def _of(self, term: str) -> Floats:
        return self.projections[choice(term, "term", self.projections)]

    def _defined(self, term: str) -> Floats:
        values = self._of(term)
        values = values[np.isfinite(values)]
        if not len(values):
            raise InputError(
                f"no start has a direction to {self.target}; give starts inside, with all actions possible"
            )
        return values

    def __repr__(self) -> str:
        """Rule, game, target and shares, as one line."""
        count = self.length.size - self.undefined
        shares = ", ".join(f"{name} {self.signs(name)['positive'] / max(count, 1):.3f}" for name in self.terms)
        return f"<Alignment {self.rule} on {self.game} with {self.target}, positive at: {shares}; {self.standing}>"


@overload
def alignment(game: "Playable", rules: Rule, target: Any = None, **options: Unpack[AlignmentOptions]) -> Alignment: ...
@overload
def alignment(
    game: "Playable", rules: Sequence[Rule], target: Any = None, **options: Unpack[AlignmentOptions]
) -> ByRule[Alignment]: ...
@verb()
def alignment(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    target: Any = None,
    *,
    at: Starts | Sequence[Any] | None = None,
    grid: int = 21,
    low: float = 0.05,
    high: float = 0.95,
    n: int | None = None,
    step: int = 0,
    seed: int = 0,
    level: float = 0.95,
    step_size: Any = None,
    precision: str = "float64",
) -> Any:
    """Project what every term of a rule adds onto the direction in which a target becomes likelier.

        a_k(θ) = ⟨c_k(θ), d(θ)⟩ / |d(θ)|,   d = ∇_θ Σ_i log σ_i(θ)[a*_i]

    Terms are exact, with their coefficients and the inner step size. A rule with memory is seen as at its start. This
    is local: a positive projection everywhere does not say that the target is reached, nor that every player moves to
    it.

    Args:
        game: a finite game, or such a game with a semantics.
        rules: a rule, or a list of rules.
        target: the profile; by default the first of `choose_targets`.
        at: where to look: `Starts` or a list of strategy profiles; by default a grid for players with two actions.
        grid: cells per player of that grid; by default 21.
        low: its least probability of the first action; by default 0.05.
        high: its largest; by default 0.95.
        n: number of starts; by default 400 of a distribution, and all of given ones.
        step: at which step coefficients that are schedules are taken; by default 0.
        seed: of random starts; by default 0.
        level: confidence level; by default 0.95.
        step_size: outer step size, which a few rules ask for; by default `0.9/(t+10)^0.24`.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.

    Returns:
        An `Alignment` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg, peer_only
        >>> alignment(games.stag_hunt(), peer_only())
        <Alignment peer_only on stag_hunt with CC, positive at: base 0.388, peer 1.000, total 0.503; complete>
        >>> alignment(games.prisoners_dilemma(), meta_mapg(), "CC").positive("peer").value
        0.0

    Source: the cooperation index of arXiv 2606.27068 along the terms of arXiv 2605.18078.
    """
    learners = parametric(game)
    goal = _goal(learners.game, target)
    where, shape = _places(learners, at, grid, low, high, n)
    step = positive_integer(step, "step", at_least=0)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    precision = choice(precision, "precision", PRECISIONS)
    count = math.prod(shape)
    each = COPIES * 8 * (learners.dimension + TERMS * (1 + len(learners.sizes)))
    fits = a_grid(len(shape)) if len(shape) > 1 else lambda most: f"n = {most:,} fits"
    check_size("starts", count, each, fits, most=MOST_CELLS if len(shape) > 1 else None)
    theta = where.parameters(learners, np.arange(count, dtype=np.int64), seed)

    axis = getattr(where, "axis", None)

    def run(rule: Rule) -> Alignment:
        setup = make_setup(learners, rule, step_size=step_size)
        ready = rounded_setup(setup, precision)
        with jax.enable_x64(ready.precision == "float64"):
            made = beside(lambda: projected(ready.setup, theta.astype(ready.precision), step, goal.places))
        each, players, length = jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), made)
        return Alignment(
            game=learners.name,
            rule=rule.name,
            target=goal.name,
            axis=None if axis is None else np.asarray(axis),
            theta=theta.reshape(*shape, -1),
            length=length.reshape(shape),
            projections={name: each[name].reshape(shape) for name in _ordered(each)},
            by_player={name: players[name].reshape(*shape, -1) for name in _ordered(players)},
            level=level,
            is_sample=where.size is None,
            status=Status.COMPLETE,
            provenance=record(
                "alignment",
                {**configuration(setup), "target": goal, "starts": where, "step": step, "runs": count, "level": level},
                seed=seed,
                precision=ready.precision,
                notes=(*ready.notes, *notes_of(setup)),
                sources=[citations.OPEN_SOURCE, citations.BASIN_ENTRY, *rule.sources],
            ),
        )

    return one_or_many(rules, run)


def _goal(game: Game, target: Any) -> Target:
    goals = choose_targets(game, target)
    if not goals:
        raise InputError(f"{game.name} has no strict pure equilibrium to point to; name a profile as target")
    goal = as_target(game, goals[0]) if names_actions(game) else goals[0]
    if not has_actions(goal):
        raise InputError(f"the direction to a target needs actions; {game.name} is played with continuous ones")
    return goal


def _places(
    learners: ParametricGame, at: Any, grid: int, low: float, high: float, n: int | None
) -> tuple[Starts, tuple[int, ...]]:
    """The starts, and the shape in which results about them are given."""
    shapes = learners.game.strategy_shapes
    if at is None:
        if any(shape != (2,) for shape in shapes) or n is not None:
            raise InputError(f"a grid needs players with two actions and has no n; {learners.name}: give at=starts.…")
        points = cell_grid(len(shapes), grid, low=low, high=high)
        return points, (grid,) * len(shapes)
    where = at if is_starts(at) else strategies(at)
    if where.size is not None and n is not None and n > where.size:
        raise InputError(f"there are only {where.size} starts; got n = {n}")
    return where, (positive_integer((where.size or default("n", "alignment")) if n is None else n, "n"),)


def _ordered(each: Mapping[str, Any]) -> list[str]:
    """Terms in the order in which rules name them; JAX sorts the names of a dict."""
    usual = ("base", "own", "peer", "lookahead")
    return sorted(each, key=lambda name: (name == TOTAL, usual.index(name) if name in usual else len(usual)))
