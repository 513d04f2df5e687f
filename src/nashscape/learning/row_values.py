"""What every action of every row is worth to its player, and how often rows are reached: of trees and normal forms."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from nashscape.games import has_tree
from nashscape.learning.keys import StepKey


class RowValues(NamedTuple):
    """Of one player. A normal form is a tree with one row, which comes to everybody: `[a_i]` in place of `[R_i, A_i]`.

    Attributes:
        counterfactual: what actions pay, times how often chance and the others lead to the row, `[R_i, A_i]`.
        others: how often chance and the others lead there, if the player goes there, `[R_i]`.
        own: how often the player's own moves lead there, `[R_i]`.
    """

    counterfactual: jax.Array
    others: jax.Array
    own: jax.Array

    @property
    def given_reached(self) -> jax.Array:
        """What actions pay once their row is reached, `[R_i, A_i]`; zero where the others never lead."""
        often = self.others[..., None]
        return jnp.where(often > 0, self.counterfactual / jnp.where(often > 0, often, 1.0), 0.0)


def row_values(game: Any, strategies: Sequence[jax.Array]) -> tuple[RowValues, ...]:
    """Of every player, exactly."""
    if not has_tree(game):
        once = jnp.ones((), strategies[0].dtype)
        return tuple(RowValues(own, once, once) for own in game.action_values(strategies))
    values, others, own = game.counterfactual_values(strategies), game.others_reach(strategies), game.reach(strategies)
    return tuple(RowValues(*each) for each in zip(values, others, own, strict=True))


def sampled_row_values(game: Any, strategies: Sequence[jax.Array], explore: Any, key: StepKey) -> tuple[RowValues, ...]:
    """Of every player, counterfactual values from one play each, the plays of players independent."""
    named = jax.random.key(0)
    for word in (key.seed_low, key.seed_high, key.start, key.step, key.question):
        named = jax.random.fold_in(named, word)
    made = []
    for player, (others, own) in enumerate(zip(game.others_reach(strategies), game.reach(strategies), strict=True)):
        number = jax.random.uniform(jax.random.fold_in(named, player), (), others.dtype)
        made.append(RowValues(game.sampled_values(strategies, player, explore, number), others, own))
    return tuple(made)
