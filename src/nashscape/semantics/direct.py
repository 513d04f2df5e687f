"""Direct semantics: parameters are the strategies themselves, points or probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.games.forms.differentiable_checks import bounds_of, check_bounds, check_constraints, check_sizes
from nashscape.semantics.direct_rows import centred, logarithm, row_simplexes
from nashscape.semantics.semantics import Semantics


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class PointParameters(Semantics):
    """The parameters of a player are the coordinates of the point that the player chooses. Made by `points`.

    Attributes:
        lengths: coordinates of each player.
        bounds: least and largest value of every coordinate, two arrays `[Σ d_i]`, or None: the usual projection.
        constraints: the set of each player's points, or None where bounds are all.
    """

    lengths: tuple[int, ...] = field(metadata={"static": True})
    bounds: Any = None
    constraints: Any = None

    domain: ClassVar[str] = "points"

    @property
    @override
    def reads_others(self) -> bool:
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter per coordinate."""
        return self.lengths

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The points, of shapes `[d_i]`.

        >>> [point.tolist() for point in points((1, 2)).strategies(jnp.array([3.0, 4.0, 5.0]))]
        [[3.0], [4.0, 5.0]]
        """
        return self.split(theta)

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The points, one after another."""
        return jnp.concatenate([jnp.asarray(point) for point in strategies])

    def to_dict(self) -> dict[str, Any]:
        """Sizes and limits."""
        made = {"lengths": self.lengths, "bounds": self.bounds}
        return made if self.constraints is None else {**made, "constraints": self.constraints}

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Points are no probabilities.

        Raises:
            InputError: always.
        """
        raise InputError("points have no probabilities to take logarithms of; use exact() terms and rules of gradients")


@public()
def points(sizes: Sequence[int], bounds: tuple[Any, Any] | None = None, constraints: Any = None) -> PointParameters:
    """Points for players with so many coordinates: parameters are what they choose.

    Args:
        sizes: coordinates `(d_1, …, d_n)` of the players.
        bounds: `(low, high)`, as in `games.differentiable`; runs are kept within them unless they are given another
            projection. A bare game with continuous actions comes with its own.
        constraints: in place of bounds, a set for every player, as in `games.differentiable`.

    Raises:
        InputError: for sizes or bounds that do not fit.

    Example:
        >>> points((1, 2), bounds=(0, float("inf"))).sizes
        (1, 2)
    """
    lengths = check_sizes(sizes)
    sets = check_constraints(constraints, lengths, bounds)
    return PointParameters(lengths, check_bounds(bounds, lengths) if sets is None else bounds_of(sets), sets)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class SimplexParameters(Semantics):
    """The parameters of a player are the probabilities of the actions. Made by `simplex`.

    `σ_i = θ_i − (Σ θ_i − 1)/a_i`, the nearest point whose sum is one: on the simplex this is `θ_i` itself, and
    gradients lie in its plane, which makes ascent followed by `Simplexes.project` projected gradient ascent. Actions
    of probability zero can come back. In a Markov game θ_i holds state after state, `[S, a_i]` in row-major order.

    Attributes:
        shape: action counts of the players.
        states: the number of states, or None in a one-shot game.
    """

    shape: tuple[int, ...] = field(metadata={"static": True})
    states: int | None = field(default=None, metadata={"static": True})

    domain: ClassVar[str] = "simplex"

    @property
    @override
    def reads_others(self) -> bool:
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter per action, in every state."""
        return tuple(actions * (self.states or 1) for actions in self.shape)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Mixed strategies of shapes `[a_i]`, or policies `[S, a_i]`.

        >>> [strategy.tolist() for strategy in simplex((2, 2)).strategies(jnp.array([1.0, 0.0, 0.5, 0.75]))]
        [[1.0, 0.0], [0.375, 0.625]]
        """
        return tuple(centred(own) for own in self._rows(theta))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms, −∞ where a probability is zero; they can be had but not differentiated.

        Raises:
            InputError: when they are differentiated, as sampled estimators do.
        """
        return tuple(logarithm(strategy) for strategy in self.strategies(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The probabilities, one player after another; any mixed strategies will do, pure ones too."""
        return jnp.concatenate([jnp.asarray(strategy).ravel() for strategy in strategies])

    def _rows(self, theta: jax.Array) -> list[jax.Array]:
        lead = () if self.states is None else (self.states,)
        return [own.reshape(*lead, k) for own, k in zip(self.split(theta), self.shape, strict=True)]


@public()
def simplex(shape: Sequence[int], *, states: int | None = None, legal: Any = None) -> Any:
    """Direct parameters: every player's parameters are the probabilities of that player's actions.

    Runs are projected onto the simplex after every update. Exact terms only: sampled ones divide by probabilities,
    say nothing of actions that are never taken, and so take every pure strategy for a resting point.

    Args:
        shape: action counts `(a_1, …, a_n)`.
        states: the number of states of a Markov game; None for a one-shot game.
        legal: of a game in extensive form which actions every row has, `game.legal`, `[R_i, a_i]` for each player;
            in place of `states`.

    Raises:
        InputError: for counts below one action or one state, and masks that do not fit.

    Example:
        >>> simplex((2, 3)).sizes, simplex((2, 3), states=5).sizes
        ((2, 3), (10, 15))
        >>> from nashscape import games
        >>> poker = games.kuhn_poker()
        >>> simplex(poker.shape, legal=poker.legal).sizes
        (12, 12)

    Source: Zinkevich (2003) for projected gradient ascent in games, of infinitesimal steps in Singh, Kearns and
    Mansour (2000).
    """
    if not isinstance(shape, Sequence) or isinstance(shape, str) or not shape:
        raise InputError(f"expected the players' action counts, such as (2, 3); got {shape!r}")
    counts = tuple(positive_integer(actions, "number of actions") for actions in shape)
    if legal is not None:
        return row_simplexes(counts, legal, states)
    return SimplexParameters(counts, None if states is None else positive_integer(states, "number of states"))
