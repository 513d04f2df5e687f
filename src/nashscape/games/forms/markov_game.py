"""Games over states: in every state the players act, are paid, and move on."""

import dataclasses
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.games.best_policy import best_values
from nashscape.games.forms.construct import dense
from nashscape.games.protocol import FiniteGame, Strategies
from nashscape.games.pytrees import register_game
from nashscape.tracing.linear_systems import solve_in_a_loop

Floats = npt.NDArray[np.float64]

MOST_WRITTEN_OUT = 24
"""Rounds that are followed one after the other; longer games are summed by doubling."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class MarkovGame(FiniteGame):
    """A Markov (stochastic) game with S states, of finite horizon or discounted for ever.

    In state s the players choose actions `a = (a_1, …, a_n)`, player i gets `payoffs[i, s, a]`, and the next state is
    drawn from `transitions[s, a]`. The payoff of a profile of policies is `E Σ_t γ^t u_i(s_t, a_t)`, over `horizon`
    rounds t = 0, 1, … or, without a horizon, over all. A strategy is a stationary policy of shape `[S, a_i]`.

    Made by `markov` or, for the repetition of a one-shot game, by `repeated`.

    Attributes:
        payoffs: `[n, S, a_1, …, a_n]`; the second axis may be 1 where payoffs do not depend on the state.
        transitions: probabilities of the next state, `[S, a_1, …, a_n, S]`; None where `successors` is given.
        successors: the next state after every state and joint action, nested `[S][a_1 ⋯ a_n]` with joint actions in
            row-major order, where nothing is left to chance; else None.
        initial: probabilities of the first state, `[S]`.
        discount: γ, at most 1 with a horizon and below 1 without.
        horizon: the number of rounds, or None.
        name: of the game.
        players: names.
        actions: names of each player's actions, the same in all states.
        states: names of the states.
    """

    payoffs: Any
    transitions: Any
    successors: tuple[tuple[int, ...], ...] | None
    initial: Any
    discount: Any
    horizon: int | None
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    states: tuple[str, ...]

    offers: ClassVar[frozenset[str]] = frozenset({"pays", "rows", "chain"})

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(self.payoffs.shape[2:])

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The names of the states, for every player the same."""
        return (self.states,) * len(self.players)

    @property
    def n_states(self) -> int:
        """The number of states."""
        return int(self.initial.shape[0])

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """A policy has one mixed strategy per state."""
        return tuple((self.n_states, actions) for actions in self.shape)

    @property
    def rounds(self) -> float:
        """The discounted number of rounds, `Σ_t γ^t`."""
        discount = float(self.discount)
        if self.horizon is None:
            return 1.0 / (1.0 - discount)
        return float(self.horizon) if discount == 1.0 else (1.0 - discount**self.horizon) / (1.0 - discount)

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff of a round, times the discounted number of rounds."""
        return float(np.ptp(np.asarray(self.payoffs))) * self.rounds

    @property
    def largest_range(self) -> float:
        """The largest range of one player's payoffs of a round; what others get does not count."""
        return max(float(np.ptp(own)) for own in np.asarray(self.payoffs))

    def joint_policy(self, strategies: Strategies) -> jax.Array:
        """Probabilities of the joint actions in every state, `[S, a_1 ⋯ a_n]` in row-major order."""
        joint = jnp.asarray(strategies[0])
        for policy in strategies[1:]:
            joint = (joint[:, :, None] * jnp.asarray(policy)[:, None, :]).reshape(joint.shape[0], -1)
        return joint

    def kernel(self) -> Any:
        """Probabilities of the next state, `[S, a_1 ⋯ a_n, S]`; zeros and ones known beforehand for successors."""
        if self.successors is None:
            return jnp.asarray(self.transitions).reshape(self.n_states, -1, self.n_states)
        return np.eye(self.n_states, dtype=np.asarray(0.0, jnp.result_type(self.payoffs)).dtype)[
            np.asarray(self.successors)
        ]

    def visits(self, strategies: Strategies) -> jax.Array:
        """The discounted expected number of rounds spent in each state, `m(s) = Σ_t γ^t P(s_t = s)`, `[S]`."""
        joint = self.joint_policy(strategies)
        moves = jnp.einsum("sa,sat->st", joint, self.kernel(), precision=lax.Precision.HIGHEST)
        first = jnp.asarray(self.initial, moves.dtype)
        if self.horizon is None:
            return solve_in_a_loop(jnp.eye(self.n_states) - self.discount * moves.T, first, pivots=False)
        if self.horizon > MOST_WRITTEN_OUT:
            return first @ _power_sum(self.discount * moves, self.horizon)
        total = now = first
        for _ in range(self.horizon - 1):
            now = self.discount * jnp.einsum("s,st->t", now, moves, precision=lax.Precision.HIGHEST)
            total = total + now
        return total

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player, `Σ_s m(s) Σ_a σ(a|s) u_i(s, a)`, shape [n].

        `strategies` holds n policies of shapes `[S, a_i]`.

        >>> from nashscape import games
        >>> game = games.repeated(games.prisoners_dilemma(), horizon=12, discount=0.96)
        >>> game.expected_payoffs([[[1.0, 0.0]] * 5] * 2).round(3).tolist()   # 3 × (1 − .96¹²)/(1 − .96)
        [29.047..., 29.047...]
        """
        joint = self.joint_policy(strategies)
        payoffs = jnp.asarray(self.payoffs).reshape(len(self.shape), self.payoffs.shape[1], -1)
        per_round = jnp.sum(joint * payoffs, axis=2)
        return jnp.einsum("s,is->i", self.visits(strategies), per_round, precision=lax.Precision.HIGHEST)

    def regrets(self, strategies: Strategies) -> jax.Array:
        """What each player could gain at most with any policy, whatever it remembers, shape [n].

        The others' policies fixed, a player faces a Markov decision process, solved by recursion from the last round
        or by policy iteration.
        """
        own = self.expected_payoffs(strategies)
        best = [
            jnp.sum(jnp.asarray(self.initial) * best_values(*self._decision_process(i, strategies), self))
            for i in range(len(self.shape))
        ]
        return jnp.stack(best) - own

    def _decision_process(self, player: int, strategies: Strategies) -> tuple[jax.Array, jax.Array]:
        """What a player is paid, `[S, a_i]`, and where it leads, `[S, a_i, S]`, the others' policies being fixed."""
        n, sizes = len(self.shape), self.shape
        paid = jnp.asarray(self.payoffs)[player]
        moves = jnp.asarray(self.kernel()).reshape(self.n_states, *sizes, self.n_states)
        paid = jnp.broadcast_to(paid, (self.n_states, *sizes))
        for j in reversed([j for j in range(n) if j != player]):
            weights = jnp.asarray(strategies[j])
            paid = jnp.einsum("sa...,sa->s...", jnp.moveaxis(paid, 1 + j, 1), weights, precision=lax.Precision.HIGHEST)
            moves = jnp.einsum(
                "sa...,sa->s...", jnp.moveaxis(moves, 1 + j, 1), weights, precision=lax.Precision.HIGHEST
            )
        return paid, moves

    def table(self) -> str:
        """The payoffs of a round as plain text, one table for all states where they do not depend on the state."""
        tables = [
            dense(own, actions=self.actions, players=self.players).table()
            for own in np.moveaxis(np.asarray(self.payoffs), 1, 0)
        ]
        if len(tables) == 1:
            return tables[0]
        return "\n\n".join(f"{state}\n{text}" for state, text in zip(self.states, tables, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data, from which `markov` can build it again."""
        return {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(names) for names in self.actions],
            "states": list(self.states),
            "payoffs": np.asarray(self.payoffs),
            "transitions": None if self.transitions is None else np.asarray(self.transitions),
            "successors": None if self.successors is None else [list(row) for row in self.successors],
            "initial": np.asarray(self.initial),
            "discount": float(self.discount),
            "horizon": self.horizon,
        }

    def __repr__(self) -> str:
        """Name, size and length, as one line."""
        size = "×".join(map(str, self.shape))
        length = "for ever" if self.horizon is None else f"{self.horizon} rounds"
        return (
            f"<MarkovGame {self.name}: {self.n_players} players, {size} actions, {self.n_states} states, {length}, "
            f"discount {float(self.discount):g}>"
        )


def _power_sum(matrix: jax.Array, count: int) -> jax.Array:
    """`Σ_t M^t` over `count` powers from `M⁰` on, by doubling: `Σ_{t<2k} = Σ_{t<k} + M^k Σ_{t<k}`."""

    def product(a: jax.Array, b: jax.Array) -> jax.Array:
        return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)

    one = jnp.eye(matrix.shape[0], dtype=matrix.dtype)
    total, power = one, matrix
    for bit in bin(count)[3:]:
        total, power = total + product(power, total), product(power, power)
        if bit == "1":
            total, power = one + product(matrix, total), product(matrix, power)
    return total


register_game(
    MarkovGame,
    numbers=["payoffs", "transitions", "initial", "discount"],
    structure=["successors", "horizon"],
    names={"name": "", "players": (), "actions": (), "states": ()},
)
