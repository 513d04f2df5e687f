"""The field of a learning rule: where every parameter moves at a profile, and how that changes with the profile."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning import Oracle, Rule, StepKey, check_rule, exact, pg
from nashscape.learning.rules import moved
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Field:
    """The exact direction `F(θ)` of a rule without memory in a game, in double precision. Made by `field_of`.

    Its numbers, those of the game and of the rule, are arguments of compiled functions: fields that differ in nothing
    else, as along a family of games, share them.
    """

    game: ParametricGame
    rule: Rule

    def __call__(self, theta: npt.ArrayLike) -> Floats:
        """`F(θ)`, `[d]`."""
        with jax.enable_x64(True):
            return np.asarray(_direction(self.game, self.rule, jnp.asarray(theta, "float64")), dtype=np.float64)

    def jacobian(self, theta: npt.ArrayLike) -> Floats:
        """`∂F_k/∂θ_l`, `[d, d]`."""
        with jax.enable_x64(True):
            return np.asarray(_jacobian(self.game, self.rule, jnp.asarray(theta, "float64")), dtype=np.float64)

    def strategies(self, theta: npt.ArrayLike) -> list[Floats]:
        """The strategies played at θ."""
        with jax.enable_x64(True):
            made = _strategies(self.game, jnp.asarray(theta, "float64"))
        return [np.asarray(own, dtype=np.float64) for own in made]


def field_of(game: "Playable", rule: Rule | None = None) -> Field:
    """The field of a rule in a game; without a rule that of policy gradient, `v_i = ∇_i U_i`.

    Raises:
        InputError: for anything that is not a game, and for rules that remember earlier steps or have no flow.

    Example:
        >>> from nashscape import games
        >>> field_of(games.stag_hunt())([0.0, 0.0]).tolist()
        [-0.125, -0.125]
    """
    learners = parametric(game)
    ready = check_rule(pg() if rule is None else rule).for_game(learners)
    example = jax.ShapeDtypeStruct((learners.dimension,), np.float32)
    if jax.tree.leaves(jax.eval_shape(ready.init, example)) or not ready.has_flow:
        raise InputError(f"rule {ready.name} has no field: where it moves depends on more than the profile")
    return Field(learners, ready)


def field_at(game: ParametricGame, rule: Rule, theta: jax.Array) -> jax.Array:
    """`F(θ)`, `[d]`, of a rule without memory, for JAX to trace."""
    key = StepKey(*(jnp.uint32(0) for _ in range(4)))
    # the outer step size of a field is zero: rules that look ahead by one outer step look ahead by nothing
    oracle = Oracle(game, exact(), theta, key, jnp.zeros((), theta.dtype), rule.needs)
    return moved(rule, oracle, rule.init(theta), jnp.int32(0))[0]


_direction = jax.jit(field_at)
_jacobian = jax.jit(jax.jacfwd(field_at, argnums=2))


@jax.jit
def _strategies(game: ParametricGame, theta: jax.Array) -> Any:
    return game.strategies(theta)
