"""Players who take an action of highest value, and now and then any: ε-greedy ones."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import finite_number
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.neural.played_values import PlayedValues, check_finite_actions
from nashscape.semantics.acting import Acting
from nashscape.semantics.heads import UNLIKELY


@dataclass(frozen=True, eq=False)
class GreedyValues(PlayedValues):
    """Player i takes an action of highest value `Q_i(o_i, ·)`, with probability ε any. Made by `greedy_values`.

    Attributes:
        inner: policies whose numbers are taken for values.
        epsilon: ε; an argument of compiled programs.
        scheduled: whether a share of ε is each player's last weight.
    """

    inner: Acting
    epsilon: Any
    scheduled: bool = False

    @override
    def explored(self, values: jax.Array, share: Any) -> jax.Array:
        best = (values == jnp.max(values)).astype(values.dtype)
        any_of_them = jnp.asarray(self.epsilon * share, values.dtype)
        chances = (1 - any_of_them) * best / jnp.sum(best) + any_of_them / values.shape[-1]
        return jnp.where(chances > 0, jnp.log(jnp.where(chances > 0, chances, 1)), UNLIKELY)


jax.tree_util.register_dataclass(GreedyValues, data_fields=["inner", "epsilon"], meta_fields=["scheduled"])


@public()
def greedy_values(policies: Acting, epsilon: float, *, scheduled: bool = False) -> GreedyValues:
    """The same networks, whose numbers are values: players take the best action, and with probability ε any.

        P(a) = (1 − ε) · [a is best] / #best + ε / #actions

    Actions of the same highest value are equally likely. Where some actions are not legal `parametric` refuses such
    players, as what is best depends on them. No gradient leads through it: it is for rules that learn
    values, as `q_learning` and `vdn`.

    Args:
        policies: of players with finitely many actions, such as `tables(environment)`.
        epsilon: ε, from 0 to 1; the drawn action may be the best one.
        scheduled: whether a rule changes ε during a run, as `q_learning(exploration=…)` does: which share of ε is left
            is then every player's last weight.

    Raises:
        InputError: for what are no policies, players who choose points, and an ε that is no probability.

    Example:
        >>> from nashscape import games
        >>> from nashscape.environments import of_game
        >>> from nashscape.neural import tables
        >>> players = greedy_values(tables(of_game(games.stag_hunt())), 0.1)
        >>> [round(float(one), 3) for one in jnp.exp(players.explored(jnp.array([1.0, 2.0]), 1.0))]
        [0.05, 0.95]
    """
    check_finite_actions(policies)
    return GreedyValues(policies, finite_number(epsilon, "epsilon", low=0.0, high=1.0), bool(scheduled))
