"""Games in which it matters how many of the others do something, and not who."""

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, finite_array
from nashscape.games.forms.compact import CompactGame, Floats, check_compact_names
from nashscape.games.protocol import Strategies
from nashscape.games.pytrees import register_game

UNROLLED = 12
"""Up to so many players steps are written out one by one, which runs faster; for more they would compile for long."""


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class AnonymousGame(CompactGame):
    """A game of n players with the same k actions whose payoffs depend on the own action and on counts of the others.

    With two actions u_i(a) = `by_count[i, a_i, m]`, where m of the n − 1 others play the *first* action. With k actions
    there are k − 1 counts, `by_count[i, a_i, m_1, …, m_{k−1}]`, of the others who play the first, …, (k − 1)-th action.
    Most games of this kind are made by `anonymous` or a named function. Blonski (1999), Anonymous games with binary
    actions.

    Expected payoffs are over the distribution of the counts, Poisson-binomial for k = 2. It is built up for each player
    afresh, one other player j after the other,

        P(m) ← σ_j(k) P(m) + Σ_{b<k} σ_j(b) P(m − e_b),

    exactly but for rounding: all terms are non-negative, so that nothing cancels and small probabilities keep their
    digits, and nothing is divided, so that derivatives are right at pure strategies as well. Two actions take O(n²)
    operations per player.

    Attributes:
        by_count: shape [n, k, n, …, n] with k − 1 counts from 0 to n − 1, in payoff units. Entries whose counts sum to
            more than n − 1 mean nothing and are kept as zero.
        name: of the game.
        players: names.
        actions: names of each player's actions, k for each.

    Raises:
        InputError: for payoffs that are not finite or not of such a shape, and names that do not fit.
    """

    by_count: Floats
    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Check everything, so that a game that exists is one."""
        array = finite_array(self.by_count, f"the payoffs of {self.name}")
        n, k = array.shape[:2] if array.ndim > 2 else (0, 0)
        if n < 2 or array.shape != (n, k, *(n,) * (k - 1)):
            raise InputError(
                f"the payoffs of {self.name} must have shape [n, 2, n] (player, own action, how many others play the "
                f"first action), or [n, k, n, …, n] with k − 1 counts for k actions; got {list(array.shape)}"
            )
        counts = np.indices(array.shape[2:]).sum(axis=0)
        array[:, :, counts > n - 1] = 0.0
        array.flags.writeable = False
        object.__setattr__(self, "by_count", array)
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "actions", tuple(tuple(names) for names in self.actions))
        check_compact_names(self.shape, self.players, self.actions, self.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of actions of each player, k for all."""
        n, k = self.by_count.shape[:2]
        return (int(k),) * int(n)

    @property
    def payoff_range(self) -> float:
        """Largest minus least payoff of any player, exactly."""
        counts = np.array(list(self._counts())).T
        return float(np.ptp(self.by_count[(slice(None), slice(None), *counts)]))

    def _counts(self) -> Iterator[tuple[int, ...]]:
        """How the others can be distributed: all counts with a sum of at most n − 1."""
        n, k = self.by_count.shape[:2]
        return (counts for counts in product(range(n), repeat=k - 1) if sum(counts) < n)

    def payoffs_at(self, profile: Sequence[int]) -> Floats:
        """The payoff of every player at a pure profile of action indices, shape [n]."""
        chosen = np.array(self._check_profile(profile))
        total = np.bincount(chosen, minlength=self.by_count.shape[1])
        others = total[:-1] - (chosen[:, None] == np.arange(len(total) - 1))
        return np.array(self.by_count[(np.arange(len(chosen)), chosen, *others.T)])

    def expected_payoffs(self, strategies: Strategies) -> jax.Array:
        """The payoff of every player, u_i(σ) = Σ_a σ_i(a) E u_i(a, counts of the others), shape [n].

        `strategies` holds n arrays of shape [k].

        >>> from nashscape import games
        >>> game = games.volunteers_dilemma(players=3, benefit=2, cost=1)
        >>> game.expected_payoffs([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]).tolist()
        [1.0, 1.5, 2.0]
        """
        joined = jnp.stack([jnp.asarray(strategy) for strategy in strategies])
        return jnp.sum(joined * self._deviations(joined), axis=1)

    def action_values(self, strategies: Strategies) -> tuple[jax.Array, ...]:
        """For every player i the payoffs u_i(a, σ_-i) of the own actions a, shape [k]: these are ∂u_i/∂σ_i.

        `strategies` holds n arrays of shape [k]; entry i of the result does not depend on σ_i.
        """
        payoffs = self._deviations(jnp.stack([jnp.asarray(strategy) for strategy in strategies]))
        return tuple(payoffs[i] for i in range(len(strategies)))

    def _deviations(self, joined: jax.Array) -> jax.Array:
        """Payoffs of the own actions, [n, k]."""
        n, k = self.by_count.shape[:2]
        payoffs = jnp.asarray(self.by_count)
        return jnp.sum((_count_chances(joined)[:, None] * payoffs).reshape(n, k, -1), axis=2)

    def _all_payoffs(self) -> Floats:
        n, k = self.by_count.shape[:2]
        chosen = np.indices(self.shape)
        totals = [(chosen == action).sum(axis=0) for action in range(k - 1)]
        payoffs = np.empty((n, *self.shape))
        for i in range(n):
            others = [total - (chosen[i] == action) for action, total in enumerate(totals)]
            payoffs[i] = self.by_count[(i, chosen[i], *others)]
        return payoffs

    def table(self) -> str:
        """The payoffs as plain text: a line per count of the others, a column per own action."""
        tables: dict[str, list[str]] = {}
        for i, player in enumerate(self.players):
            head = [f"others playing {', '.join(self.actions[i][:-1])}", *self.actions[i]]
            lines = [
                [",".join(map(str, counts)), *(f"{own[counts]:g}" for own in self.by_count[i])]
                for counts in self._counts()
            ]
            widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
            text = ("  ".join(x.rjust(width) for x, width in zip(line, widths, strict=True)) for line in [head, *lines])
            tables.setdefault("\n".join(text), []).append(player)
        if len(tables) == 1:
            return f"every player:\n{next(iter(tables))}"
        return "\n\n".join(f"{', '.join(who)}:\n{text}" for text, who in tables.items())

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data, from which `AnonymousGame` can be built again."""
        return {
            "name": self.name,
            "players": list(self.players),
            "actions": [list(names) for names in self.actions],
            "by_count": np.asarray(self.by_count),
        }

    def __repr__(self) -> str:
        """Name, size and actions, as one line."""
        names = "; ".join(" ".join(own) for own in dict.fromkeys(self.actions))
        return f"<AnonymousGame {self.name}: {self.n_players} players, actions ({names})>"


def _count_chances(joined: jax.Array) -> jax.Array:
    """How likely each player sees the others distributed so, [n, n, …, n]; player i counts i + 1, i + 2, … in turn."""
    n, k = joined.shape
    circle = jnp.concatenate([joined, joined])
    if n <= UNROLLED:
        chances = jnp.ones((n, *(1,) * (k - 1)), joined.dtype)
        for step in range(1, n):
            chances = _count_one_more(chances, circle[step : step + n])
        return chances
    cut = (slice(None), *(slice(0, n),) * (k - 1))
    nobody = np.zeros((n, *(n,) * (k - 1)))
    nobody.reshape(n, -1)[:, 0] = 1.0

    def count(chances: jax.Array, step: jax.Array) -> tuple[jax.Array, None]:
        return _count_one_more(chances, lax.dynamic_slice_in_dim(circle, step, n))[cut], None

    return lax.scan(count, jnp.asarray(nobody, joined.dtype), jnp.arange(1, n))[0]


def _count_one_more(chances: jax.Array, weights: jax.Array) -> jax.Array:
    """Chances of the counts of one player more, [n, m + 1, …] from [n, m, …], whose strategy is `weights`, [n, k]."""
    n, k = weights.shape
    shares = weights.reshape(n, k, *(1,) * (k - 1))
    total = jnp.pad(shares[:, k - 1] * chances, [(0, 0), *[(0, 1)] * (k - 1)])
    for action in range(k - 1):
        shift = [(1, 0) if action == axis else (0, 1) for axis in range(k - 1)]
        total = total + jnp.pad(shares[:, action] * chances, [(0, 0), *shift])
    return total


register_game(AnonymousGame, numbers=["by_count"], names={"name": "", "players": (), "actions": ()})
