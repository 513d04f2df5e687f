"""Where learners are going: the rate at which a joint action becomes more likely, for any game and semantics."""

from dataclasses import dataclass, fields
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.plain_data import plain
from nashscape.learning import Rule
from nashscape.learning.fields import field_of
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.theory.joint_actions import joint_action

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CooperationIndex:
    """How fast the players' actions of a joint action grow at a profile. Made by `cooperation_index`.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: name of the joint action a*.
        theta: the profile, `[d]`.
        probabilities: `σ_i(θ)[a*_i]`, `[n]`; of several rows their product.
        direction: where the rule moves θ, `[d]`.
        per_player: `d/dt log σ_i(θ)[a*_i]`, `[n]`, per unit of time; of several rows their sum.
    """

    game: str
    rule: str
    target: str
    theta: Floats
    probabilities: Floats
    direction: Floats
    per_player: Floats

    @property
    def total(self) -> float:
        """The sum over players: the rate of the logarithm of the probability of the joint action."""
        return float(self.per_player.sum())

    @property
    def all_grow(self) -> bool:
        """Whether every player's action grows, which a positive total does not say."""
        return bool((self.per_player > 0).all())

    def to_dict(self) -> dict[str, Any]:
        """The fields and the total as plain data."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)} | {"total": self.total}

    def __repr__(self) -> str:
        """Target, rule, total and every player's part, as one line."""
        each = ", ".join(f"{rate:+.4g}" for rate in self.per_player)
        return f"<CooperationIndex of {self.target}, {self.rule} on {self.game}: {self.total:+.4g} = {each}>"


@public()
def cooperation_index(
    game: "Playable", theta: npt.ArrayLike, target: Any = "CC", rule: Rule | None = None
) -> CooperationIndex:
    """The first-order condition for a joint action a*, for any game with actions and any semantics.

        d/dt Σ_i log σ_i(θ)[a*_i]   along   θ̇ = direction of the rule at θ

    A positive total says that all players playing a* at once becomes more likely in the next small step; nothing is
    said of later steps, of other profiles, and of bounds that stop the step. In games over states a* is played in the
    first state, the likeliest one; in other games whose strategies have rows it is an action in every row, and the
    index is that of all of them being played.

    Args:
        game: one with actions, and any semantics of logits; a bare game means independent sigmoids and softmaxes.
        theta: the profile of parameters, `[d]`.
        target: the joint action, such as "CC" or `(0, 1, 0)`; of rows "left right/up", an action in each.
        rule: how the players learn, a rule without memory; by default each climbs its own utility, `θ̇_i = ∇_i U_i`.

    Raises:
        InputError: for games without actions, semantics in which parameters are no logits, rules without a
            field, and input that does not fit.

    Example:
        >>> from nashscape import games, open_source
        >>> for coupling in (0.2, 0.5):                       # the threshold of the diagonal is c/b = 1/3
        ...     print(cooperation_index(open_source(games.donation(benefit=3, cost=1), coupling), [0.0, 0.0]))
        <CooperationIndex of CC, pg on donation: -0.12 = -0.06, -0.06>
        <CooperationIndex of CC, pg on donation: +0.1875 = +0.09375, +0.09375>

    Source: section 3 of arXiv 2606.27068; for other rules than gradient ascent our own extension.
    """
    learners = parametric(game)
    wanted = joint_action(learners.game, target, "the cooperation index")
    if learners.semantics.domain != "logits":
        raise InputError(
            "the cooperation index is for parameters that move freely, such as logits; give such a semantics"
        )
    at = finite_array(theta, "theta", shape=(learners.dimension,))
    field = field_of(learners, rule)
    direction = field(at)
    with jax.enable_x64(True):
        logs, rates = _along(learners, jnp.asarray(at, "float64"), jnp.asarray(direction, "float64"))
    played = list(enumerate(wanted.places))
    return CooperationIndex(
        game=learners.name,
        rule=field.rule.name,
        target=wanted.name,
        theta=at,
        probabilities=np.exp([float(np.asarray(logs[i])[place].sum()) for i, place in played]),
        direction=direction,
        per_player=np.array([float(np.asarray(rates[i])[place].sum()) for i, place in played]),
    )


@jax.jit
def _along(game: ParametricGame, theta: jax.Array, direction: jax.Array) -> Any:
    """Logarithms of the strategies, and their rates along a direction."""
    return jax.jvp(game.semantics.log_strategies, (theta,), (direction,))
