"""Mirror descent with entropy in every row, drawn to a magnet or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, Source, choice
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.games import mixed_profile
from nashscape.games.profiles import legal_actions
from nashscape.learning.oracle import Oracle
from nashscape.learning.row_rules.row_rule import LEAST, ORDERS, RowRule, logs_of, normalised
from nashscape.learning.schedules import as_schedule, within
from nashscape.semantics import ParametricGame

MAGNETIC = Source(
    "magnetic_mirror_descent",
    "Sokota, D'Orazio, Kolter, Loizou, Lanctot, Mitliagkas, Brown, Kroer: A Unified Approach to Reinforcement "
    "Learning, Quantal Response Equilibria, and Two-Player Zero-Sum Games. ICLR 2023. arXiv:2206.05825.",
    "https://arxiv.org/abs/2206.05825",
)
MIRROR = Source(
    "mirror_descent",
    "Beck, Teboulle: Mirror Descent and Nonlinear Projected Subgradient Methods for Convex Optimization. Operations "
    "Research Letters 31, 167–175, 2003.",
)


@dataclass(frozen=True, repr=False)
class MirrorDescent(RowRule):
    """`σ ← [σ exp(η q) ρ^(ηα)]^(1/(1 + ηα))`. Made by `mirror_descent` and `magnetic_mirror_descent`.

    Attributes:
        name: what tables and figures call it.
        rate: η, a schedule.
        temperature: α, a schedule; None without magnet.
        magnet: ρ, of the shapes of the strategies; None for all legal actions alike.
        magnet_rate: how fast ρ follows σ, a schedule; None where it stays.
        order: see `RowRule`.
        shapes: see `RowRule`.
    """

    name: str = "mirror_descent"
    rate: Any = 0.1
    temperature: Any = None
    magnet: Any = None
    magnet_rate: Any = None
    order: str = "simultaneous"
    shapes: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    of_any_size: ClassVar[frozenset[str]] = frozenset({"temperature"})

    @property
    @override
    def sources(self) -> tuple[Source, ...]:
        return (MIRROR,) if self.temperature is None else (MAGNETIC,)

    @override
    def for_game(self, game: ParametricGame) -> "MirrorDescent":
        made = super().for_game(game)
        if self.magnet is None:
            return made
        given = mixed_profile(game.game, [np.asarray(own) for own in self.magnet])
        for own, mask in zip(given, legal_actions(game.game), strict=True):
            if (own[mask] <= 0).any():
                raise InputError(f"the magnet of {self.name} must give every action of {game.name} some probability")
        return made

    @override
    def begin(self, theta: jax.Array) -> tuple[Any, ...]:
        if self.magnet_rate is None:
            return ((),) * len(self.shapes)
        if self.magnet is None:
            return tuple(jnp.zeros(shape, theta.dtype) for shape in self.shapes)
        return tuple(jnp.log(jnp.maximum(jnp.asarray(own, theta.dtype), LEAST)) for own in self.magnet)

    @override
    def next(self, oracle: Oracle, player: int, seen: Sequence[jax.Array], own: Any, step: jax.Array) -> Any:
        legal, worth = oracle.legal[player], self.values(oracle, seen, player).given_reached
        logs, rate = logs_of(seen[player], legal), jnp.asarray(self.rate(step), worth.dtype)
        if self.temperature is None:
            return normalised(logs + rate * worth, legal), own
        pull = rate * jnp.asarray(self.temperature(step), worth.dtype)
        magnet = self._magnet(player, own, legal, worth)
        after = normalised((logs + rate * worth + pull * magnet) / (1.0 + pull), legal)
        if self.magnet_rate is None:
            return after, own
        follow = jnp.asarray(self.magnet_rate(step), worth.dtype)
        moved = (1.0 - follow) * magnet + follow * logs_of(after, legal)
        # a constant in each row is free, and would drift
        return after, moved - jnp.max(moved, axis=-1, keepdims=True, where=jnp.asarray(legal), initial=-jnp.inf)

    def _magnet(self, player: int, own: Any, legal: Any, worth: jax.Array) -> jax.Array:
        if self.magnet_rate is not None:
            return jnp.where(legal, own, 0.0)
        if self.magnet is None:
            return jnp.zeros_like(worth)
        return logs_of(jnp.asarray(self.magnet[player], worth.dtype), legal)


jax.tree_util.register_dataclass(
    MirrorDescent, data_fields=["rate", "temperature", "magnet", "magnet_rate"], meta_fields=["order", "shapes"],
    drop_fields=["name"],
)  # fmt: skip


@public()
def mirror_descent(rate: Any = 0.1, *, order: str = "simultaneous") -> MirrorDescent:
    """Mirror descent with entropy in every row: multiplicative weights, `σ(a|r) ∝ σ(a|r) exp(η q(r, a))`.

    `q(r, a)` is what action a of row r pays *given that the row is reached*: counterfactual values divided by how often
    chance and the others lead there, all own moves after it as they are. Where they never lead, nothing moves. In a
    normal form q are the payoffs of actions. The step size plays no part.

    Args:
        rate: η, in one over payoff units, a number or a schedule of the step.
        order: "simultaneous", all players from the same strategies; or "sequential", one after another.

    Raises:
        InputError: for a negative rate, an unknown order; from a run with a game that is neither in extensive nor in
            normal form.

    Example:
        >>> from nashscape import games, semantics, simulate
        >>> hunt = semantics.parametric(games.stag_hunt(), semantics.simplex((2, 2)))
        >>> run = simulate(hunt, mirror_descent(1.0), [0.6, 0.6], steps=1)
        >>> round(float(run.strategies[0][1, 0]), 6)       # odds 1.5 exp(3 · 0.6 − 2)
        0.551186

    Source: Beck, Teboulle (2003); Freund, Schapire (1999).
    """
    return MirrorDescent(rate=not_negative(rate, "rate"), order=choice(order, "order", ORDERS))


@public()
def magnetic_mirror_descent(
    rate: Any = 0.1, temperature: Any = 0.1, *, magnet: Any = None, magnet_rate: Any = None,
    order: str = "simultaneous",
) -> MirrorDescent:  # fmt: skip
    """Magnetic mirror descent in every row: `σ ← [σ exp(η q) ρ^(ηα)]^(1/(1 + ηα))`, normalised.

    `q(r, a)` is what action a of row r pays given that the row is reached, as in `mirror_descent`: the behavioural
    form. Where it rests, `σ(a|r) ∝ ρ(a|r) exp(q(r, a)/α)`: an agent logit equilibrium of temperature α if the magnet ρ
    is even. With a temperature and a rate that fall, or a magnet that follows, last strategies may come to a Nash
    equilibrium of a zero-sum game; nothing is promised for trees.

    Args:
        rate: η, in one over payoff units, a number or a schedule of the step.
        temperature: α, in payoff units, a number or a schedule.
        magnet: ρ, a strategy for each player with all actions possible; by default all legal actions alike.
        magnet_rate: τ in `ρ ← ρ^(1−τ) σ^τ`, normalised, after each step, from 0 to 1, a number or a schedule; by
            default the magnet stays.
        order: "simultaneous", all players from the same strategies; or "sequential", one after another.

    Raises:
        InputError: for numbers out of range, an unknown order; from a run with a magnet that does not fit the game, and
            a game that is neither in extensive nor in normal form.

    Example:
        >>> from nashscape import games, semantics, simulate
        >>> game = games.dense([[[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
        >>> learners = semantics.parametric(game, semantics.simplex((2, 2)))
        >>> run = simulate(learners, magnetic_mirror_descent(0.25, 0.5), [0.5, 0.5], steps=3)
        >>> run.strategies[0][1:, 0].round(6).tolist()
        [0.555328, 0.603424, 0.644589]

    Source: Sokota, D'Orazio, Kolter, Loizou, Lanctot, Mitliagkas, Brown, Kroer (2023).
    """
    follows = None if magnet_rate is None else within(
        as_schedule(magnet_rate, "magnet_rate"), "magnet_rate", low=0.0, high=1.0
    )  # fmt: skip
    return MirrorDescent(
        name="magnetic_mirror_descent",
        rate=not_negative(rate, "rate"),
        temperature=not_negative(temperature, "temperature"),
        magnet=None if magnet is None else tuple(magnet),
        magnet_rate=follows,
        order=choice(order, "order", ORDERS),
    )


def not_negative(value: Any, name: str) -> Any:
    """A schedule without negative values.

    Raises:
        InputError: for another.
    """
    return within(as_schedule(value, name), name, low=0.0)
