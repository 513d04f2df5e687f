"""Games over states: in every state the players act, are paid, and move on."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, distribution, finite_array, finite_number, positive_integer
from nashscape.games.best_policy import best_values
from nashscape.games.construct import default_names, dense
from nashscape.games.protocol import FiniteGame, Strategies
from nashscape.games.pytrees import register_game

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6


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

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player."""
        return tuple(self.payoffs.shape[2:])

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
        return float(sum(discount**t for t in range(self.horizon)))

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff of a round, times the discounted number of rounds."""
        return float(np.ptp(np.asarray(self.payoffs))) * self.rounds

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
            return jnp.linalg.solve(jnp.eye(self.n_states) - self.discount * moves.T, first)
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
        [29.045..., 29.045...]
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
            "payoffs": np.asarray(self.payoffs).tolist(),
            "transitions": None if self.transitions is None else np.asarray(self.transitions).tolist(),
            "successors": None if self.successors is None else [list(row) for row in self.successors],
            "initial": np.asarray(self.initial).tolist(),
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


register_game(
    MarkovGame,
    numbers=["payoffs", "transitions", "initial", "discount"],
    structure=["successors", "horizon"],
    names={"name": "", "players": (), "actions": (), "states": ()},
)


def markov(
    payoffs: npt.ArrayLike,
    transitions: npt.ArrayLike,
    *,
    discount: float,
    horizon: int | None = None,
    initial: npt.ArrayLike | None = None,
    actions: Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    states: Sequence[str] | None = None,
    name: str = "markov_game",
) -> MarkovGame:
    """A Markov game from its payoffs `[n, S, a_1, …, a_n]` and transition probabilities `[S, a_1, …, a_n, S]`.

    Args:
        payoffs: of a round.
        transitions: probabilities of the next state; every row sums to one.
        discount: γ, from 0 to 1; below 1 without a horizon.
        horizon: the number of rounds; None for ever.
        initial: probabilities of the first state; by default state 0.
        actions: names, A, B, C, … by default.
        players: names, "player 1", … by default.
        states: names, "state 0", … by default.
        name: of the game.

    Raises:
        InputError: for shapes that do not fit, transitions that are no probabilities, a discount of 1 without a
            horizon.

    Example:
        >>> pay = np.array([[[[1.0, 0.0], [0.0, 1.0]]], [[[0.0, 1.0], [1.0, 0.0]]]])
        >>> markov(pay, np.ones((1, 2, 2, 1)), discount=0.9)
        <MarkovGame markov_game: 2 players, 2×2 actions, 1 states, for ever, discount 0.9>
    """
    paid = finite_array(payoffs, f"the payoffs of {name}")
    n = paid.ndim - 2
    if n < 1 or paid.shape[0] != n or min(paid.shape[1:]) < 1:
        raise InputError(f"payoffs must have shape [n, S, a_1, …, a_n]; got {list(paid.shape)}")
    moves = finite_array(transitions, f"the transitions of {name}")
    count = moves.shape[-1] if moves.ndim else 0
    if moves.shape != (count, *paid.shape[2:], count) or paid.shape[1] not in (1, count):
        raise InputError(
            f"transitions must have shape [S, {', '.join(map(str, paid.shape[2:]))}, S] for the S of the payoffs "
            f"{list(paid.shape)}; got {list(moves.shape)}"
        )
    check_stochastic(moves)
    moves = moves / moves.sum(axis=-1, keepdims=True)
    first = np.eye(count)[0] if initial is None else distribution(initial, "the initial distribution", count)
    discount, horizon = check_length(discount, horizon)
    names, people = default_names(paid.shape[2:], actions, players)
    if len(people) != n or len(set(people)) != n:
        raise InputError(f"the game needs {n} different player names; got {people}")
    if tuple(map(len, names)) != paid.shape[2:] or any(len(set(own)) != len(own) for own in names):
        raise InputError(f"the players need {list(paid.shape[2:])} different action names; got {names}")
    where = tuple(f"state {k}" for k in range(count)) if states is None else tuple(states)
    if len(where) != count or len(set(where)) != count:
        raise InputError(f"the game has {count} states and needs as many different names; got {where}")
    return MarkovGame(paid, moves, None, first, discount, horizon, name, people, names, where)


def check_stochastic(transitions: Floats) -> None:
    """Raise `InputError` unless every row is a probability distribution."""
    sums = transitions.sum(axis=-1)
    worst = np.unravel_index(np.argmax(np.abs(sums - 1.0)), sums.shape)
    if abs(sums[worst] - 1.0) > TOLERANCE:
        place = tuple(int(k) for k in worst)
        raise InputError(
            f"transition probabilities must sum to one; those of (state, actions) {place} sum to {sums[worst]:g}"
        )
    if transitions.min() < 0:
        place = tuple(int(k) for k in np.unravel_index(np.argmin(transitions), transitions.shape))
        raise InputError(f"transition probabilities cannot be negative; the entry at {place} is {transitions[place]:g}")


def check_length(discount: Any, horizon: Any) -> tuple[float, int | None]:
    """Discount and horizon of which the payoffs are finite, or an error that says why they are not."""
    discount = finite_number(discount, "discount", low=0.0, high=1.0)
    if horizon is not None:
        return discount, positive_integer(horizon, "horizon")
    if discount >= 1.0:
        raise InputError(
            "a game without end needs a discount below 1, or its payoffs are infinite; give discount=0.96, say, "
            "or a horizon"
        )
    return discount, None
