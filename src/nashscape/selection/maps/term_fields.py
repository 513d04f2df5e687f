"""Term fields: where every term of a rule moves the strategies, over the square of both players' probabilities."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack, overload

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, choice, positive_integer, record
from nashscape.core.calls import verb
from nashscape.core.interrupts import beside
from nashscape.core.sizes import check_size
from nashscape.dynamics import Setup, cell_grid, configuration, make_setup
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.setup import sources_of
from nashscape.dynamics.starts import MOST_CELLS
from nashscape.games import in_normal_form, pure_equilibria
from nashscape.games.rounding import PRECISIONS
from nashscape.learning import Oracle, Rule, StepKey, seed_words
from nashscape.learning.by_rule import ByRule, one_or_many
from nashscape.selection.edges.bisection import parameters_of
from nashscape.selection.edges.projections import TOTAL, notes_of
from nashscape.selection.option_types import FieldOptions
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]
USUAL = ("base", "own", "peer", "lookahead", "correction")

ARROW = 4096.0
"""Bytes that an arrow takes while terms and their derivatives are computed, about."""


@dataclass(frozen=True)
class Rest:
    """A Nash equilibrium of the game, as a point of the square.

    Attributes:
        point: probabilities of the first actions of both players.
        kind: "strict", "not strict" or "mixed", the last inside the square.
    """

    point: tuple[float, float]
    kind: str


@dataclass(frozen=True, eq=False)
class TermField(Result):
    """How fast every term of a rule moves the probabilities of the first actions of two players.

    For a term that adds c to the direction of the rule, `ṗ = Dp(θ) c`: with sigmoids `ṗ_i = p_i (1 − p_i) c_i`. An
    update of step size h moves the strategies by `h ṗ`, to first order in h.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        axis: probabilities of the first action, the same for both players, `[G]`.
        limits: the ends of the grid.
        velocities: for every term, and for their sum under "total", `ṗ` in probability per unit of step size,
            `[G, G, 2]`: player 1's probability along the first axis, player 2's along the second.
        equilibria: the pure Nash equilibria of the game, and the one inside the square where there is just one.
        step: at which step coefficients that are schedules were taken.
        status: DIVERGED where some velocity is not finite.
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "term field"
    picture: ClassVar[str] = "nashscape.figures.fields:field_figure"
    as_table: ClassVar[str] = "nashscape.selection.maps.portrait_tables:field_table"
    computed: ClassVar[tuple[str, ...]] = ("greatest_speeds",)

    game: str
    rule: str
    axis: Floats
    limits: tuple[float, float]
    velocities: Mapping[str, Floats]
    equilibria: tuple[Rest, ...]
    step: int
    status: Status
    provenance: Provenance

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the terms, "total" last."""
        return tuple(self.velocities)

    def speed(self, term: str = TOTAL) -> Floats:
        """The length `|ṗ|` of a term's velocity, `[G, G]`, in probability per unit of step size."""
        return np.asarray(np.linalg.norm(self.velocities[choice(term, "term", self.velocities)], axis=2))

    @property
    def greatest_speeds(self) -> dict[str, float]:
        """The greatest speed of every term over the grid."""
        return {term: float(self.speed(term).max()) for term in self.terms}

    def __repr__(self) -> str:
        """Rule, game, grid and greatest speeds, as one line."""
        most = ", ".join(f"{name} {np.nan_to_num(self.speed(name)).max():.3g}" for name in self.terms)
        size = len(self.axis)
        return f"<TermField {self.rule} on {self.game}, {size}×{size}, greatest speeds: {most}; {self.standing}>"


@overload
def term_field(game: "Playable", rules: Rule, **options: Unpack[FieldOptions]) -> TermField: ...
@overload
def term_field(game: "Playable", rules: Sequence[Rule], **options: Unpack[FieldOptions]) -> ByRule[TermField]: ...
@verb()
def term_field(
    game: "Playable",
    rules: Rule | Sequence[Rule],
    *,
    grid: int = 15,
    low: float = 0.0,
    high: float = 1.0,
    step: int = 0,
    step_size: Any = None,
    precision: str = "float64",
) -> Any:
    """Where every term of a rule moves the strategies of two players with two actions, on a grid of profiles.

        ṗ(θ) = Dp(θ) c(θ),   p = (σ_1[first], σ_2[first])

    Terms are exact, with their coefficients and the inner step size. A rule with memory is seen as at its start, and
    the bounds of the parameters play no part.

    Args:
        game: a game of two players with two actions each, or such a game with a semantics.
        rules: a rule, or a list of rules.
        grid: cells per player; velocities are those at their centres. By default 15.
        low: least probability of the first action; by default 0.
        high: largest probability; by default 1.
        step: at which step coefficients that are schedules are taken; by default 0.
        step_size: outer step size, which a few rules ask for; by default `0.9/(t+10)^0.24`.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.

    Returns:
        A `TermField` for one rule; for a list `ByRule`, a mapping from the names of the rules.

    Raises:
        InputError: for input that does not fit, before anything is compiled.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import meta_mapg
        >>> found = term_field(games.stag_hunt(), meta_mapg(), grid=5)
        >>> found.terms
        ('base', 'own', 'peer', 'total')
        >>> found.velocities["base"][2, 2].tolist()   # at p = 1/2: (p (1 − p))² A(p) = (−2 + 3/2)/16
        [-0.03125, -0.03125]

    Source: the terms of arXiv 2605.18078.
    """
    learners = parametric(game)
    _check_square(learners)
    points = cell_grid(2, grid, low=low, high=high)
    step, precision = positive_integer(step, "step", at_least=0), choice(precision, "precision", PRECISIONS)
    check_size("arrows", points.size, ARROW, lambda most: f"a grid of {math.isqrt(most)} fits", most=MOST_CELLS)
    axis = np.asarray(points.axis)
    first = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    theta = parameters_of(learners, np.stack([first, 1.0 - first], axis=2).reshape(-1, 4))
    rests = _equilibria(learners.game)

    def run(rule: Rule) -> TermField:
        setup = make_setup(learners, rule, step_size=step_size)
        ready = rounded_setup(setup, precision)
        with jax.enable_x64(ready.precision == "float64"):
            made = beside(lambda: _moved(ready.setup, theta.astype(ready.precision), step))
        found = {name: np.asarray(made[name], np.float64).reshape(grid, grid, 2) for name in ordered(made)}
        finite = all(np.isfinite(own).all() for own in found.values())
        return TermField(
            game=learners.name, rule=rule.name, axis=axis, limits=(points.low, points.high), velocities=found,
            equilibria=rests, step=step, status=Status.COMPLETE if finite else Status.DIVERGED,
            provenance=record(
                "term field",
                {**configuration(setup), "starts": points, "step": step},
                precision=ready.precision,
                notes=(*ready.notes, *notes_of(setup)),
                sources=sources_of(setup),
            ),
        )  # fmt: skip

    return one_or_many(rules, run)


def _check_square(game: ParametricGame) -> None:
    shapes = game.game.strategy_shapes
    if not in_normal_form(game.game) or shapes != ((2,), (2,)):
        raise InputError(
            f"a term field needs two players with two actions each; {game.name} has strategies of shapes {shapes}: "
            "simulate shows the sizes of terms along a run of any game"
        )


def ordered(terms: Mapping[str, Any]) -> list[str]:
    """Terms in the order in which rules name them, "total" last; JAX sorts the names of a dict."""
    return sorted(terms, key=lambda name: (name == TOTAL, USUAL.index(name) if name in USUAL else len(USUAL)))


@jax.jit
def _moved(setup: Setup, theta: jax.Array, step: Any) -> dict[str, jax.Array]:
    """Velocities of both probabilities by term, `[N, 2]`."""
    seed = seed_words(0)
    simplex = setup.game.semantics.domain == "simplex"

    def probabilities(theta: jax.Array) -> jax.Array:
        return jnp.stack([own[0] for own in setup.game.strategies(theta)])

    def one(theta: jax.Array, number: jax.Array) -> dict[str, jax.Array]:
        key = StepKey(*seed, number, jnp.asarray(step, jnp.uint32))
        size = jnp.asarray(setup.step_size(step), theta.dtype)
        oracle = Oracle(setup.game, setup.estimator, theta, key, size, setup.rule.needs)
        parts = setup.rule.contributions(oracle, setup.rule.init(theta), jnp.asarray(step, jnp.int32))
        parts = {**parts, TOTAL: sum(parts.values(), start=jnp.zeros_like(theta))}
        if simplex:  # probabilities as parameters are projected back, which takes the mean away inside the simplex
            parts = {
                name: jnp.concatenate([part[own] - jnp.mean(part[own]) for own in oracle.slices])
                for name, part in parts.items()
            }
        return {name: jax.jvp(probabilities, (theta,), (part,))[1] for name, part in parts.items()}

    return jax.vmap(one)(theta, jnp.arange(len(theta), dtype=jnp.uint32))


def _equilibria(game: Any) -> tuple[Rest, ...]:
    """The pure equilibria, and the one in which both players mix where there is just one."""
    pure = [
        Rest((1.0 - one.profile[0], 1.0 - one.profile[1]), "strict" if one.strict else "not strict")
        for one in pure_equilibria(game)
    ]
    inside = _indifferent(game)
    return (*pure, *([Rest(inside, "mixed")] if inside else []))


def _indifferent(game: Any) -> tuple[float, float] | None:
    """Where both players are indifferent between their actions, if it is one point strictly inside the square.

    Player i's gain from the first action is affine in the other's probability q, `(1 − q) g_0 + q g_1`.
    """
    pure = [np.array([1.0 - q, q]) for q in (0.0, 1.0)]
    with jax.enable_x64(True):
        gains = [[np.asarray(own) @ (1.0, -1.0) for own in game.action_values((q[::-1], q[::-1]))] for q in pure]
    (first_0, second_0), (first_1, second_1) = gains
    if {np.sign(first_0) * np.sign(first_1), np.sign(second_0) * np.sign(second_1)} != {-1.0}:
        return None
    return float(second_0 / (second_0 - second_1)), float(first_0 / (first_0 - first_1))
