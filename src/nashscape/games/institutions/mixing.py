"""Payoff mixing: players who also care for what others get, `U = (I + D) π`."""

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.differentiable_game import DifferentiableGame
from nashscape.games.offers import check_offers, has_points, has_semantics, has_table, in_normal_form, is_chain
from nashscape.games.protocol import GameLike, Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]


@public()
def payoff_mixing(game: "GameLike", dependence: npt.ArrayLike) -> Any:
    """The game in which player i gets `U_i = π_i + Σ_j D_ij π_j` of the payoffs π of a given one.

    Altruism, spite, teams, shared rewards and interdependence are instances: see `altruism` and `sharing`. A game stays
    of its kind. Payoffs in a table are mixed exactly; for games over points the entries of D are arguments of the
    compiled program, so that they may vary.

    Args:
        game: any game, without a semantics.
        dependence: `D`, `[n, n]`; an entry on the diagonal changes the weight of the own payoff. Fractions and texts
            such as "1/3" are kept for games with a table.

    Raises:
        InputError: for a matrix that is not of shape `[n, n]`, and games with a semantics.

    Example:
        >>> from nashscape import games
        >>> print(payoff_mixing(games.prisoners_dilemma(), [[0, 1], [0, 0]]).table())
              C     D
        C  6, 3  5, 5
        D  5, 0  2, 1

    Source: Ledyard (1995), and interdependent preferences in general; as `(I + D)` in Pant and Yu, arXiv 2510.18802.
    """
    played = as_game(game)
    if has_semantics(played):
        raise InputError(f"{played.game.name} has a semantics; mix the payoffs of the bare game, its .game")
    check_offers(played)
    n = len(played.players)
    rounded, exact = exact_array(dependence, "dependence", ndim=2)
    if rounded.shape != (n, n):
        raise InputError(
            f"{played.name} has {n} players; dependence must have shape {[n, n]}, got {list(rounded.shape)}"
        )
    weights = np.eye(n) + rounded
    if has_points(played):
        return _over_points(played, weights)
    if is_chain(played):
        return dataclasses.replace(played, payoffs=np.tensordot(weights, np.asarray(played.payoffs), axes=1))
    if has_table(played):
        return _table(played.to_dense(), rounded if exact is None else exact)
    return MixedPayoffs(played, weights)


def _table(game: DenseGame, dependence: Any) -> DenseGame:
    """Mixed in fractions, so that no tie is lost."""
    n = len(dependence)
    weights = [[Fraction(dependence[i, j]) + (i == j) for j in range(n)] for i in range(n)]
    payoffs = game.fractions
    mixed = np.stack([sum(weight * own for weight, own in zip(row, payoffs, strict=True)) for row in weights])
    return dense(mixed, actions=game.actions, players=game.players, name=game.name)


@dataclasses.dataclass(frozen=True)
class _Mixed:
    """Payoffs over points, mixed; the same function for the same inner one, so that programs are shared."""

    inner: Callable[[Any, Any], Any]

    def __call__(self, points: Any, coefficients: Any) -> jax.Array:
        own, weights = coefficients
        return jnp.matmul(weights, self.inner(points, own), precision=lax.Precision.HIGHEST)


def _over_points(game: DifferentiableGame, weights: Floats) -> DifferentiableGame:
    """Best responses and regrets are those of the own payoff alone, so they are not kept."""
    return dataclasses.replace(
        game, payoffs=_Mixed(game.payoffs), coefficients=(game.coefficients, weights), best_responses=None,
        known_regrets=None,
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class MixedPayoffs:
    """A game with mixed payoffs, of any kind. Made by `payoff_mixing`, for games that keep no array of payoffs.

    Payoffs are linear in each player's strategy, so that what own actions pay is a derivative.

    Attributes:
        game: the game whose payoffs are mixed.
        weights: `I + D`, `[n, n]`.
    """

    game: Any
    weights: Any

    mixed: ClassVar[frozenset[str]] = frozenset({"pays", "normal", "rows"})

    @property
    def offers(self) -> frozenset[str]:
        """What the game itself offers, as far as it is still so."""
        return self.mixed & frozenset(self.game.offers)

    def __getattr__(self, name: str) -> Any:
        """Players, actions, rows and the like are those of the game."""
        if name.startswith("__") or name in ("game", "weights"):
            raise AttributeError(name)
        return getattr(self.game, name)

    @property
    def name(self) -> str:
        """That of the game."""
        return str(self.game.name)

    @property
    def players(self) -> tuple[str, ...]:
        """Those of the game."""
        return tuple(self.game.players)

    @property
    def actions(self) -> Any:
        """Those of the game."""
        return self.game.actions

    @property
    def rows(self) -> Any:
        """Those of the game."""
        return self.game.rows

    @property
    def strategy_shapes(self) -> Any:
        """Those of the game."""
        return self.game.strategy_shapes

    @property
    def payoff_range(self) -> float:
        """At most the range of the game times the largest sum of sizes of a player's weights."""
        return float(self.game.payoff_range) * float(np.abs(np.asarray(self.weights)).sum(axis=1).max())

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """`(I + D) π`, `[n]`."""
        paid = jnp.asarray(self.game.expected_payoffs(strategies))
        return jnp.matmul(jnp.asarray(self.weights, paid.dtype), paid, precision=lax.Precision.HIGHEST)

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What own actions pay, one array for each player: the derivatives of its mixed payoff."""
        given = tuple(jnp.asarray(own) for own in strategies)
        slopes = jax.jacrev(self.expected_payoffs)(given)
        return tuple(own[i] for i, own in enumerate(slopes))

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain, `[n]`; NaN in games with rows, where a best answer is a policy."""
        paid = self.expected_payoffs(strategies)
        if not in_normal_form(self.game):
            return jnp.full_like(paid, jnp.nan)
        best = jnp.stack([jnp.max(own) for own in self.action_values(strategies)])
        return jnp.maximum(best - paid, 0.0)

    def to_dict(self) -> dict[str, Any]:
        """The game and its weights."""
        return {"game": self.game, "weights": self.weights}

    def __repr__(self) -> str:
        """The game, as one line."""
        return f"<MixedPayoffs of {self.game!r}>"


register_game(MixedPayoffs, numbers=["game", "weights"], names={})


@public()
def altruism(players: int, weight: Any) -> Floats:
    """The dependence D of players who value each other's payoffs with a weight beside their own; below 0 it is spite.

    >>> altruism(3, 0.5).tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    """
    share = finite_number(weight, "weight")
    return share * (np.ones((players, players)) - np.eye(players))


@public()
def sharing(teams: npt.ArrayLike, share: float = 1.0) -> Floats:
    """The dependence D of players who give a share of their payoff to their team, which splits it evenly.

    With a share of 1 every member gets the mean payoff of the team.

    Args:
        teams: for each player the number of its team, `[n]`.
        share: from 0, nothing changes, to 1.

    Raises:
        InputError: for a share outside these limits.

    Example:
        >>> (np.eye(3) + sharing([0, 0, 1])).tolist()
        [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]
    """
    members = finite_array(teams, "teams", ndim=1)
    part = finite_number(share, "share", low=0.0, high=1.0)
    same = (members[:, None] == members[None]).astype(np.float64)
    return part * (same / same.sum(axis=1, keepdims=True) - np.eye(len(members)))
