"""What a rule may ask about the game at a step."""

from dataclasses import dataclass, replace
from typing import Any

import jax

from nashscape.learning.estimators import Estimator
from nashscape.learning.keys import StepKey
from nashscape.learning.terms import Terms, player_slices
from nashscape.semantics import ParametricGame


@dataclass(frozen=True)
class Oracle:
    """Answers a rule's questions at one step of one run.

    Attributes:
        game: the game with parameters, which a rule does not look into.
        estimator: where terms come from.
        theta: the flat profile of parameters at this step, `[d]`.
        key: which random numbers the answers use.
        step_size: the outer step size by which the rule's direction will be multiplied.
    """

    game: ParametricGame
    estimator: Estimator
    theta: jax.Array
    key: StepKey
    step_size: Any

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many parameters each player has."""
        return self.game.sizes

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each player's parameters lie in the flat profile."""
        return player_slices(self.sizes)

    def terms(self, theta: jax.Array | None = None, question: int = 0) -> Terms:
        """The terms here, or at other parameters.

        Sampled terms come from a fresh batch for every `question`; the same question has the same answer.
        """
        key = replace(self.key, question=question)
        return self.estimator.estimate(self.game, self.theta if theta is None else theta, key)

    def utilities(self, theta: jax.Array) -> jax.Array:
        """The exact utilities of all players, `[n]`, to be differentiated through.

        Only rules that say `needs_utilities` may ask; they run with exact terms only.
        """
        return self.game.utilities(theta)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The strategies that parameters stand for."""
        return self.game.strategies(theta)
