"""The replicator flow, `ẋ_a = x_a (u_a − x·u)`: natural-gradient ascent on the logits of an unlimited softmax.

It is followed in the logarithms of the shares, whose velocity `u_a − x·u` is smooth and bounded: nothing is lost where
a share falls below what a float can hold. Actions with no share at all have none for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, citations
from nashscape.core.calls import public, verb
from nashscape.core.overriding import override
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.integration import field
from nashscape.dynamics.setup import Setup, make_setup
from nashscape.dynamics.solutions import Course, Flow, solved
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import watched_targets
from nashscape.games import GameLike, in_normal_form, mixed_profile
from nashscape.games import game as as_game
from nashscape.learning import Box, Oracle, Rule
from nashscape.learning.asking import ACTION_PAYOFFS, STRATEGIES
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame, Semantics, parametric
from nashscape.semantics.parametric_game import is_parametric
from nashscape.semantics.semantics import has_forms

Floats = npt.NDArray[np.float64]
ANYWHERE = Box(-np.inf, np.inf, np.inf)
"""Logarithms of shares may be as large as they like."""
OF_SHARES = dict.fromkeys(
    ("estimator", "optimiser", "projection", "rule", "step_size", "steps"),
    "the replicator equation is one of shares over time; see simulate and flow for rules",
)
"""Why it takes no options of updates."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LogShares(Semantics):
    """Strategies by the logarithms of their shares, `x_i[a] ∝ exp(θ_i[a])`, with some actions extinct.

    Attributes:
        alive: for every player and action 1, or 0 for an extinct action, `[a_i]`.
    """

    alive: tuple[Any, ...]

    normalised: ClassVar[bool] = True

    @property
    @override
    def reads_others(self) -> bool:
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter per action."""
        return tuple(own.shape[0] for own in self.alive)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Mixed strategies, zero at extinct actions."""
        return tuple(
            jax.nn.softmax(own, where=alive > 0) for own, alive in zip(self.split(theta), self._masks(), strict=True)
        )

    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The logarithms of the shares up to a constant, minus infinity of extinct actions."""
        return tuple(
            jnp.where(alive > 0, own, -jnp.inf) for own, alive in zip(self.split(theta), self._masks(), strict=True)
        )

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The logarithms of the shares; zero for extinct actions, whose parameters mean nothing."""
        logs = [
            jnp.log(jnp.where(alive > 0, jnp.asarray(own), 1.0))
            for own, alive in zip(strategies, self._masks(), strict=True)
        ]
        return jnp.concatenate(logs)

    def _masks(self) -> list[jax.Array]:
        return [jnp.asarray(own) for own in self.alive]


@dataclass(frozen=True)
class Replicator(StatelessRule):
    """The direction of logits under which shares follow the replicator equation, in one-shot normal forms.

    `u_a − x·u` for a softmax, `u_1 − u_2` for a sigmoid, zero for extinct actions, where `u_a = u_i(a, x_-i)`. It is
    the natural gradient but for a shift of all logits of a softmax, taken from payoffs and not from quotients of
    gradients, so that it is exact however small a share is.
    """

    name: str = "replicator"
    needs: ClassVar[frozenset[str]] = frozenset({"base", STRATEGIES, ACTION_PAYOFFS})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.REPLICATOR,)

    def for_game(self, game: ParametricGame) -> Rule:
        """Needs a one-shot normal form with a sigmoid or softmax of its own for each player."""
        check_shares(game)
        return self

    def direction(self, oracle: Oracle, step: Any) -> jax.Array:
        """See `StatelessRule`; it does not depend on the step."""
        strategies = oracle.strategies(oracle.theta)
        grown = [
            _growth(own, payoffs, size)
            for own, payoffs, size in zip(strategies, oracle.action_payoffs(strategies), oracle.sizes, strict=True)
        ]
        if oracle.alive is not None:
            grown = [own * present for own, present in zip(grown, oracle.alive, strict=True)]
        return jnp.concatenate(grown)


jax.tree_util.register_dataclass(Replicator, data_fields=[], meta_fields=[], drop_fields=["name"])


def _growth(own: jax.Array, payoffs: jax.Array, size: int) -> jax.Array:
    if size == 1:
        return payoffs[:1] - payoffs[1:]
    return payoffs - jnp.tensordot(own, payoffs, 1, precision=jax.lax.Precision.HIGHEST)


def check_shares(learners: ParametricGame) -> None:
    """Raise `InputError` unless this is a one-shot normal form with a sigmoid or softmax of its own for each player."""
    if not in_normal_form(learners.game):
        raise InputError(f"the replicator flow needs a one-shot game in normal form; {learners.name} is none")
    if not has_forms(learners.semantics) and not hasattr(learners.semantics, "alive"):
        kind = type(learners.semantics).__name__
        raise InputError(f"the replicator flow is one of shares, not of the parameters of {kind}; give the bare game")


@public()
def share_velocity(game: "GameLike", profile: Any) -> tuple[Floats, ...]:
    """The replicator field `ẋ_i` at one profile, in shares per unit of time, `[a_i]` for each player.

    >>> from nashscape import games
    >>> share_velocity(games.stag_hunt(), [0.5, 0.5])[0].tolist()   # x (1 − x) A(x) = (S−P+cx)/4
    [-0.125, 0.125]
    """
    with jax.enable_x64(True):
        setup, theta = _shares(game, profile)
        path = jax.jvp(setup.game.strategies, (jnp.asarray(theta),), (field(setup, 0.0, jnp.asarray(theta)),))
        return tuple(np.asarray(own) for own in path[1])


def _shares(game: Any, profile: Any) -> tuple[Setup, Floats]:
    """The setup of the replicator flow, and the logarithms of the shares of a profile."""
    game = as_game(game)
    if is_parametric(game):
        raise InputError("the replicator flow is one of shares; pass the bare game, without a semantics")
    if not in_normal_form(game):
        raise InputError(f"the replicator flow needs a one-shot game in normal form; got {game!r}")
    shares = mixed_profile(game, profile)
    semantics = LogShares(tuple((own > 0).astype(np.float64) for own in shares))
    setup = make_setup(parametric(game, semantics), Replicator(), step_size=1.0, projection=ANYWHERE)
    return setup, np.concatenate([np.log(np.where(own > 0, own, 1.0)) for own in shares])


@verb(**OF_SHARES)
def replicator(
    game: "GameLike",
    start: Any,
    *,
    time: float = 100.0,
    targets: Any = None,
    threshold: float = THRESHOLD,
    samples: int | Sequence[float] = 200,
    rtol: float = 1e-9,
    atol: float = 1e-9,
    rest: float | None = None,
    settling: Settling | None = None,
    precision: str = "float64",
    max_steps: int = 100_000,
) -> Flow:
    """Follow the replicator flow of n populations from one start, also where some actions have no share.

        ẋ_i[a] = x_i[a] · (u_i(a, x_-i) − Σ_b x_i[b] u_i(b, x_-i))

    Args:
        game: a game in normal form.
        start: one mixed strategy per player, or the share of the first of two actions. Actions with share zero are
            extinct and stay so.
        time: how long, in units of one over payoff; by default 100.
        targets: profiles to look for, such as `["CC", "DD"]`; by default those of `choose_targets`, as for maps, and
            `[]` for none.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        samples: how many equal intervals of time to look at, or the times themselves, from 0 to `time`; by default 200.
        rtol: relative tolerance per step of the solver, in logarithms of shares; by default 1e-9.
        atol: absolute tolerance per step, in logarithms of shares; by default 1e-9.
        rest: stop where no share moves faster than this, per unit of the range of payoffs; by default never.
        settling: when the end counts as rest (of shares, not of their logarithms) and when as a cycle.
        precision: "float64" (default), or "float32" where payoffs survive rounding to it.
        max_steps: steps that the solver may try; by default 100000.

    Returns:
        A `Flow` whose `theta` are logarithms of shares, minus infinity for extinct actions.

    Raises:
        InputError: for a game that is not in normal form, or input that does not fit.

    Example:
        >>> from nashscape import games
        >>> found = replicator(games.stag_hunt(), [0.7, 0.7], targets=["CC", "DD"])
        >>> found.outcome, round(found.entry_time, 4)
        ('CC', 2.7208)
        >>> replicator(games.rock_paper_scissors(), [[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]).strategies[0][-1].round(6)
        array([0., 1., 0.])

    Source: Taylor and Jonker (1978); for several populations Taylor (1979).
    """
    setup, theta = _shares(game, start)
    goals = watched_targets(game, targets, threshold)
    course = Course(time, samples, rtol, atol, rest, settling, precision, max_steps).checked()
    found = solved(setup, "replicator", theta, goals, course, of_strategies=True, sources=[citations.REPLICATOR])
    semantics: Any = setup.game.semantics
    found.theta[:, np.concatenate(semantics.alive) == 0] = -np.inf
    return found
