"""Bayesian games: types are drawn from a common prior, and every player acts on its own alone."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core.exact_numbers import Objects, fractions_of
from nashscape.games.forms.bayesian_sums import added, joint
from nashscape.games.protocol import FiniteGame, Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class BayesianGame(FiniteGame):
    """A game in which every player i sees its own type t_i, drawn from a prior p(t) that all know, and acts on it.

    A strategy is `[T_i, a_i]`: a row for every type, each a mixed action. Payoffs are ex ante expectations,
    `u_i(σ) = Σ_t p(t) Σ_a Π_j σ_j(a_j | t_j) u_i(t, a)`. A type of probability zero changes nobody's payoff: learners
    leave its row where it starts. Made by `bayesian_game`, and auctions by `auction`. Harsanyi (1967).

    Attributes:
        payoffs: of every player i `u_i(t, a)`, `[T_1, …, T_n, a_1, …, a_n]`, in payoff units; an axis of types has
            length 1 where the type does not matter to the player.
        prior: where types are independent, every player's distribution, `[T_i]` each; otherwise one array of the joint
            probabilities, `[T_1, …, T_n]`, in a tuple.
        name: of the game.
        players: names.
        actions: names of each player's actions, the same for all its types.
        types: names of each player's types.
        exact_payoffs: the payoffs as fractions, where the doubles are other numbers; else None.
        exact_prior: the same of the prior.
    """

    payoffs: tuple[Any, ...]
    prior: tuple[Any, ...]
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    types: tuple[tuple[str, ...], ...]
    exact_payoffs: tuple[Objects, ...] | None = None
    exact_prior: tuple[Objects, ...] | None = None

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "rows", "types"})

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of the types, which are the rows of strategies."""
        return self.types

    @property
    def independent(self) -> bool:
        """Whether the prior is kept as a distribution for each player."""
        return len(self.prior) > 1

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        n = len(self.payoffs)
        return tuple(self.payoffs[0].shape[n:])

    @property
    def type_counts(self) -> tuple[int, ...]:
        """The number of types of each player, `T_i`."""
        return tuple(len(own) for own in self.prior) if self.independent else tuple(self.prior[0].shape)

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A mixed action for every type, `[T_i, a_i]`."""
        return tuple(zip(self.type_counts, self.shape, strict=True))

    @property
    def joint_prior(self) -> Floats:
        """The probabilities of all joint types, `[T_1, …, T_n]`."""
        return np.asarray(joint([np.asarray(own) for own in self.prior]), dtype=np.float64)

    @property
    def marginals(self) -> tuple[Floats, ...]:
        """The probability of every type, `[T_i]` for each player."""
        if self.independent:
            return tuple(np.asarray(own, dtype=np.float64) for own in self.prior)
        joint, n = np.asarray(self.prior[0], dtype=np.float64), len(self.payoffs)
        return tuple(joint.sum(axis=tuple(j for j in range(n) if j != i)) for i in range(n))

    @property
    def idle_types(self) -> tuple[tuple[str, ...], ...]:
        """The types of probability zero, by player: nothing depends on what they do, and their rows do not move."""
        return tuple(
            tuple(name for name, p in zip(names, own, strict=True) if p == 0)
            for names, own in zip(self.types, self.marginals, strict=True)
        )

    @property
    def payoff_range(self) -> float:
        """Largest expected payoff less the least: the best, and the worst, joint action in every joint type."""
        ends = [self._ends(own) for own in self.payoffs]
        return max(high for _, high in ends) - min(low for low, _ in ends)

    @property
    def largest_range(self) -> float:
        """The largest range of one player's expected payoffs; what others get does not count."""
        return max(high - low for low, high in map(self._ends, self.payoffs))

    def _ends(self, paid: Any) -> tuple[float, float]:
        n, prior = len(self.payoffs), self.joint_prior
        acts = tuple(range(n, 2 * n))
        least, most = np.asarray(paid).min(axis=acts), np.asarray(paid).max(axis=acts)
        return float((prior * least).sum()), float((prior * most).sum())

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """What every action of every type adds to the player's payoff, `∂u_i/∂σ_i`, `[T_i, a_i]` for each player.

        `V_i(t_i, a) = Σ_{t_-i} p(t) Σ_{a_-i} Π_{j≠i} σ_j(a_j | t_j) u_i(t, a)`: interim payoffs times the probability
        of the type.

        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> game.action_values([[[1.0, 0.0], [0.0, 1.0]]] * 2)[1].tolist()
        [[0.0, -0.125], [0.125, 0.25]]
        """
        played = [jnp.asarray(own) for own in strategies]
        paid, prior = [[jnp.asarray(own) for own in each] for each in (self.payoffs, self.prior)]
        return tuple(
            jnp.broadcast_to(added(i, own, prior, played, jnp.tensordot, precision=lax.Precision.HIGHEST), shape)
            for i, (own, shape) in enumerate(zip(paid, self.strategy_shapes, strict=True))
        )

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player before types are drawn, `[n]`.

        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> game.expected_payoffs([[[1.0, 0.0], [0.0, 1.0]]] * 2).tolist()
        [0.25, 0.25]
        """
        values = self.action_values(strategies)
        return jnp.stack([jnp.sum(jnp.asarray(own) * v) for own, v in zip(strategies, values, strict=True)])

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each could gain at most before types are drawn, `[n]`: `Σ_t max_a V_i(t, a) − u_i(σ)`."""
        gains = [
            jnp.sum(jnp.max(values, axis=1)) - jnp.sum(jnp.asarray(own) * values)
            for own, values in zip(strategies, self.action_values(strategies), strict=True)
        ]
        return jnp.maximum(jnp.stack(gains), 0.0)

    def interim_payoffs(self, strategies: Strategies) -> tuple[Floats, ...]:
        """What every action pays a player who knows its type, `E[u_i | t_i]`, `[T_i, a_i]`, in double precision.

        Of types of probability zero it is not known, and NaN.

        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> game.interim_payoffs([[[1.0, 0.0], [0.0, 1.0]]] * 2)[1].tolist()
        [[0.0, -0.25], [0.25, 0.5]]
        """
        with jax.enable_x64(True):
            values = self.action_values([np.asarray(own, dtype=np.float64) for own in strategies])
            made = [np.asarray(own) for own in values]
        chances = [own[:, None] for own in self.marginals]
        return tuple(
            np.divide(own, p, out=np.full_like(own, np.nan), where=p > 0) for own, p in zip(made, chances, strict=True)
        )

    def fractions(self) -> tuple[tuple[Objects, ...], Objects]:
        """Payoffs of every player and the joint prior as fractions: those that were given, or what the doubles are."""
        paid, prior = self._exact()
        return paid, joint(prior)

    def _exact(self) -> tuple[tuple[Objects, ...], tuple[Objects, ...]]:
        """Payoffs and the prior as it is kept, in fractions."""
        paid = self.exact_payoffs or tuple(fractions_of(np.asarray(own)) for own in self.payoffs)
        return paid, self.exact_prior or tuple(fractions_of(np.asarray(own)) for own in self.prior)

    def exact_action_values(self, strategies: Sequence[Sequence[Sequence[Fraction]]]) -> tuple[Objects, ...]:
        """What `action_values` says, of strategies in fractions, in fractions: `[T_i, a_i]` for each player."""
        played = [
            np.array(own, dtype=object).reshape(shape)
            for own, shape in zip(strategies, self.strategy_shapes, strict=True)
        ]
        paid, prior = self._exact()
        made = [added(i, own, prior, played, np.tensordot) for i, own in enumerate(paid)]
        return tuple(np.broadcast_to(own, shape) for own, shape in zip(made, self.strategy_shapes, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data."""
        made: dict[str, Any] = {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(own) for own in self.actions],
            "types": [list(own) for own in self.types],
            "payoffs": [np.asarray(own) for own in self.payoffs],
            "prior": [np.asarray(own) for own in self.prior],
        }
        for field in ("exact_payoffs", "exact_prior"):
            exact = getattr(self, field)
            if exact is not None:
                made[field] = [np.vectorize(str, otypes=[object])(own).tolist() for own in exact]
        return made

    def __repr__(self) -> str:
        """Name and sizes, as one line."""
        sizes = " · ".join(f"{t}×{a}" for t, a in self.strategy_shapes)
        idle = sum(map(len, self.idle_types))
        more = f", {idle} of them of probability zero" if idle else ""
        kind = "independent" if self.independent else "joint"
        size = f"{len(self.payoffs)} players, types×actions {sizes}{more}"
        return f"<{type(self).__name__} {self.name}: {size}, {kind} prior>"


register_game(
    BayesianGame,
    numbers=["payoffs", "prior"],
    names={"name": "", "players": (), "actions": (), "types": (), "exact_payoffs": None, "exact_prior": None},
)
