"""An estimator that only plays."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp

import nashscape as ns
from nashscape.learning import Terms


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Shaken(ns.learning.Estimator):
    """All parameters shaken at once, each up or down.

    `E[J_i(θ + hδ) − J_i(θ − hδ)] δ/2h` over signs δ is the gradient but for O(h²).

    It says nothing of second derivatives: rules that need more than base are refused.

    Attributes:
        pairs: how often it is done for every update.
        reach: h, in parameters.
    """

    pairs: int = field(metadata={"static": True}, default=8)
    reach: float = 0.1

    exact = False
    gives = frozenset({"base"})

    def estimate(self, game, theta, key, wanted=None):
        named = jax.random.key(0)
        for word in (key.seed_low, key.seed_high, key.start, key.step, key.question):
            named = jax.random.fold_in(named, word)
        signs = jax.random.rademacher(named, (self.pairs, theta.shape[0]), theta.dtype)
        gains = jax.vmap(
            lambda sign: game.utilities(theta + self.reach * sign) - game.utilities(theta - self.reach * sign)
        )(signs)
        owner = jnp.repeat(jnp.arange(len(game.sizes)), jnp.asarray(game.sizes), total_repeat_length=theta.shape[0])
        return Terms(sizes=game.sizes, base=jnp.mean(gains[:, owner] * signs, axis=0) / (2 * self.reach))
