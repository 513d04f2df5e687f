"""What a rule may ask about the game at a step."""

from dataclasses import dataclass, replace
from typing import Any

import jax

from nashscape.core import InputError
from nashscape.learning.estimators import UTILITIES, Estimator
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
        wanted: the names of what the rule needs, all that there is where it is None.
    """

    game: ParametricGame
    estimator: Estimator
    theta: jax.Array
    key: StepKey
    step_size: Any
    wanted: frozenset[str] | None = None

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
        terms = self.estimator.estimate(self.game, self.theta if theta is None else theta, key, self.wanted)
        return terms if self.wanted is None else terms.only(self.wanted)

    def utilities(self, theta: jax.Array) -> jax.Array:
        """The exact utilities of all players, `[n]`, to be differentiated through.

        Only rules whose `needs` name "utilities" may ask; they run with exact terms only.

        Raises:
            InputError: for a rule that does not.
        """
        if self.wanted is not None and UTILITIES not in self.wanted:
            raise InputError('a rule that asks for utilities says so, as in needs = frozenset({"base", "utilities"})')
        return self.game.utilities(theta)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The strategies that parameters stand for."""
        return self.game.strategies(theta)
