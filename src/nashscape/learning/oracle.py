"""What a rule may ask about the game at a step."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError
from nashscape.games.profiles import legal_actions
from nashscape.learning.asking import (
    ACTION_PAYOFFS,
    BEST_RESPONSES,
    LATE_READING,
    LOG_STRATEGIES,
    PARAMETERS,
    PAYOFFS,
    POLICIES,
    ROW_VALUES,
    SAMPLED_ROW_VALUES,
    STRATEGIES,
    UTILITIES,
)
from nashscape.learning.estimators import Estimator
from nashscape.learning.keys import StepKey
from nashscape.learning.row_values import RowValues, row_values, sampled_row_values
from nashscape.learning.terms import Terms, player_slices
from nashscape.semantics import ParametricGame, Semantics
from nashscape.semantics.semantics import is_linear


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Oracle:
    """Answers a rule's questions at one step of one run.

    The game itself is not to be had from it: a rule gets what its `needs` name, and nothing else.

    Attributes:
        estimator: where terms come from.
        theta: the flat profile of parameters at this step, `[d]`.
        key: which random numbers the answers use.
        step_size: the outer step size by which the rule's direction will be multiplied.
        wanted: the names of what the rule needs, all that there is where it is None.
        state: what the estimator remembers; None for what it does before its first answer.
        answered: the terms at the players' own parameters where they are known, so that nothing is played twice.
    """

    _game: ParametricGame
    estimator: Estimator
    theta: jax.Array
    key: StepKey
    step_size: Any
    wanted: frozenset[str] | None = field(default=None, metadata={"static": True})
    state: Any = None
    answered: Terms | None = None

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many parameters each player has."""
        return self._game.sizes

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each player's parameters lie in the flat profile."""
        return player_slices(self.sizes)

    @property
    def forms(self) -> tuple[str, ...] | None:
        """Where every player plays the "sigmoid" or the "softmax" of its own parameters, which of them, `[n]`."""
        return self._game.semantics.forms

    @property
    def alive(self) -> tuple[jax.Array, ...] | None:
        """Where some actions are extinct, zeros for them and ones for the others, `[a_i]` for every player."""
        masks: tuple[jax.Array, ...] | None = getattr(self._game.semantics, "alive", None)
        return masks

    def terms(self, theta: jax.Array | None = None, question: int = 0) -> Terms:
        """The terms here, or at other parameters.

        Sampled terms come from a fresh batch for every `question`; the same question has the same answer. An estimator
        that remembers answers all questions of a step from what it remembered before the step.
        """
        if theta is None and question == 0 and self.answered is not None:
            return self.answered
        key = replace(self.key, question=question)
        place = self.theta if theta is None else theta
        state = self.estimator.init(self._game, self.theta) if self.state is None else self.state
        terms, _ = self.estimator.answer(self._game, place, key, self.wanted, state)
        return terms if self.wanted is None else terms.only(self.wanted)

    def utilities(self, theta: jax.Array) -> jax.Array:
        """The exact utilities of all players, `[n]`, to be differentiated through; needs "utilities".

        Raises:
            InputError: for a rule that does not say that it needs them, as do all of what follows.
        """
        self._check(UTILITIES)
        return self._game.utilities(theta)

    def payoffs(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The exact expected payoffs of strategies, `[n]`, without what the semantics charges; needs "payoffs"."""
        self._check(PAYOFFS)
        return self._game.game.expected_payoffs(strategies)

    def action_payoffs(self, strategies: Sequence[jax.Array]) -> tuple[jax.Array, ...]:
        """What every own action pays against the others' strategies, of the shape of the strategies: `[a_i]`, or
        `[rows, a_i]`; needs "action_payoffs"."""
        self._check(ACTION_PAYOFFS)
        game: Any = self._game.game
        values: tuple[jax.Array, ...] = game.action_values(strategies)
        return values

    @property
    def holds_zeros(self) -> bool:
        """Whether parameters stand for probabilities of zero too, being probabilities themselves."""
        return self._game.semantics.domain == "simplex"

    @property
    def legal(self) -> tuple[Any, ...]:
        """Which entries of each player's strategy are actions that there are, as arrays of truth values."""
        return legal_actions(self._game.game)

    def row_values(self, strategies: Sequence[jax.Array]) -> tuple[RowValues, ...]:
        """What every action of every row is worth to its player, and how often rows are reached; needs "row_values"."""
        self._check(ROW_VALUES)
        return row_values(self._game.game, strategies)

    def sampled_row_values(self, strategies: Sequence[jax.Array], explore: Any, question: int) -> tuple[RowValues, ...]:
        """The same with counterfactual values estimated from one play; needs "sampled_row_values"."""
        self._check(SAMPLED_ROW_VALUES)
        return sampled_row_values(self._game.game, strategies, explore, replace(self.key, question=question))

    def best_responses(self, points: Sequence[jax.Array]) -> tuple[jax.Array, ...]:
        """A best point of every player against the others' points, `[d_i]` each; needs "best_responses"."""
        self._check(BEST_RESPONSES)
        game: Any = self._game.game
        return tuple(game.best_responses(tuple(points), jax.tree.map(jnp.asarray, game.coefficients)))

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The strategies that parameters stand for; needs "strategies"."""
        self._check(STRATEGIES)
        return self._game.strategies(theta)

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The logarithms of the strategies that parameters stand for; needs "log_strategies"."""
        self._check(LOG_STRATEGIES)
        return self._game.semantics.log_strategies(theta)

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Parameters `[d]` that stand for interior strategies; needs "parameters"."""
        self._check(PARAMETERS)
        return self._game.semantics.parameters(strategies)

    @property
    def policies(self) -> Any:
        """What players do with what they see, a `semantics.acting.Acting`; needs "policies"."""
        self._check(POLICIES)
        return self._game.semantics

    @property
    def discount(self) -> Any:
        """γ of a game that is played round by round; needs "policies"."""
        self._check(POLICIES)
        game: Any = self._game.game
        return game.discount

    def reading_late(self, past: jax.Array) -> "Oracle":
        """The same of the game in which every player reads what the others' parameters were, `[d]`; needs
        "late_reading"."""
        self._check(LATE_READING)
        return replace(
            self, _game=replace(self._game, semantics=_late(self._game.semantics, past, self.theta)), answered=None
        )

    def on_behalf(self, needs: frozenset[str], *, theta: jax.Array, step_size: Any) -> "Oracle":
        """The same at other parameters and another step size, for a rule that the asking rule is made of.

        Raises:
            InputError: where that rule needs what the asking rule does not.
        """
        for name in sorted(needs):
            self._check(name)
        return replace(self, theta=theta, step_size=step_size, wanted=needs, answered=None)

    def _check(self, name: str) -> None:
        if self.wanted is not None and name not in self.wanted:
            both = ", ".join(f'"{one}"' for one in dict.fromkeys(("base", name)))
            raise InputError(f"a rule that asks for {name} says so, as in needs = frozenset({{{both}}})")


def _late(semantics: Semantics, past: jax.Array, theta: jax.Array) -> Semantics:
    """The semantics in which the others' parameters count as they were: a matter of the bias of the logits.

    With `K'` the matrix K without the blocks of players' own parameters, `K θ + c + K'(θ(t−k) − θ(t))` are the delayed
    logits. The last term does not change with what players try out at this step.
    """
    if not is_linear(semantics):
        raise InputError(f"players with {type(semantics).__name__} semantics do not read each other linearly")
    owner = np.repeat(np.arange(len(semantics.sizes)), semantics.sizes)
    cross = jnp.where(owner[:, None] == owner[None, :], 0.0, jnp.asarray(semantics.matrix))
    moved = lax.stop_gradient(jnp.matmul(cross, past - theta, precision=lax.Precision.HIGHEST))
    return replace(semantics, bias=jnp.asarray(semantics.bias) + moved)
