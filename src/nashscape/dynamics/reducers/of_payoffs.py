"""Reducers of payoffs: means over a run, the worst off, inequality."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import choice
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.dynamics.reduction import Reducer, Seen


def _gini(payoffs: jax.Array) -> jax.Array:
    n, total = payoffs.shape[0], jnp.sum(payoffs)
    apart = sum((jnp.abs(payoffs[i] - payoffs[j]) for i in range(n) for j in range(i)), start=jnp.zeros_like(total))
    share = jnp.where(total > 0, apart / (n * jnp.where(total > 0, total, 1.0)), 0.0)
    return jnp.where(jnp.min(payoffs) >= 0, share, jnp.nan)


STATISTICS: Mapping[str, Callable[[jax.Array], jax.Array]] = MappingProxyType(
    {
        "welfare": jnp.sum,
        "least": jnp.min,
        "range": lambda payoffs: jnp.max(payoffs) - jnp.min(payoffs),
        "gini": _gini,
    }
)
"""One number of the payoffs of all players."""

OVER = ("run", "lifetime", "end")
"""Over what a statistic of payoffs is taken: the mean along the run, a discounted lifetime, or its end."""


@dataclass(frozen=True)
class OfPayoffs(Reducer):
    """A statistic of payoffs, or the payoffs themselves (`statistic` None); see `welfare` for `over`."""

    statistic: str | None = None
    over: str = "run"
    name: str = "payoffs"

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.zeros_like(self._taken(seen))

    def add(self, carried: Any, seen: Seen) -> Any:
        """The mean so far; a running mean, because a sum would lose digits in long runs. At the end the last."""
        if self.over == "end":
            return self._taken(seen)
        return carried + (self._taken(seen) - carried) / (seen.step + 1).astype(carried.dtype)

    def finish(self, carried: Any) -> jax.Array:
        """The mean, or the statistic of the mean."""
        early = self.statistic is None or self.over == "run"
        return jnp.asarray(carried if early else STATISTICS[self.statistic](carried))  # type: ignore[index]

    def _taken(self, seen: Seen) -> jax.Array:
        late = self.statistic is None or self.over != "run"
        return seen.payoffs if late else STATISTICS[self.statistic](seen.payoffs)  # type: ignore[index]


jax.tree_util.register_dataclass(OfPayoffs, data_fields=[], meta_fields=["statistic", "over"], drop_fields=["name"])


def _of_payoffs(statistic: str | None, over: str, name: str) -> OfPayoffs:
    over = choice(over, "over", OVER)
    return OfPayoffs(statistic, over, name if over == "run" else f"{over}_{name}")


@public()
def payoffs(over: str = "run") -> OfPayoffs:
    """Every player's payoff, `[n]`, as the mean over the T + 1 profiles of a run (`over="run"`) or at its end.

    >>> payoffs("end").name
    'end_payoffs'
    """
    return _of_payoffs(None, over, "payoffs")


@public()
def welfare(over: str = "run") -> OfPayoffs:
    """The sum of the payoffs of all players, `Σ_i U_i`, in payoff units.

    Args:
        over: "run" for the mean over the T + 1 profiles of the run, "end" for the last profile, "lifetime" for the sum
            of the mean payoffs, which is the same as "run" here but not for the other statistics.

    Example:
        >>> welfare().name, welfare("end").name
        ('welfare', 'end_welfare')
    """
    return _of_payoffs("welfare", over, "welfare")


@public()
def least_payoff(over: str = "run") -> OfPayoffs:
    """The payoff of the player who is worst off, `min_i U_i`: the maximin criterion of Rawls.

    Args:
        over: "run" for the mean over the profiles of the least payoff in each, "lifetime" for the least of the players'
            mean payoffs, which is larger where players take turns, "end" for the last profile.

    Example:
        >>> least_payoff("lifetime").name
        'lifetime_least_payoff'

    Source: Rawls, A Theory of Justice (1971).
    """
    return _of_payoffs("least", over, "least_payoff")


@public()
def inequality(kind: str = "range", over: str = "run") -> OfPayoffs:
    """How unequal payoffs are.

    Args:
        kind: "range" for `max_i U_i − min_i U_i` in payoff units, or "gini" for the Gini coefficient
            `Σ_{i<j} |U_i − U_j| / (n Σ_i U_i)`, from 0 to `1 − 1/n`, which is NaN where a payoff is negative.
        over: see `least_payoff`.

    Example:
        >>> inequality("gini", over="end").name
        'end_gini'

    Source: Gini (1912).
    """
    return _of_payoffs(choice(kind, "kind of inequality", ("range", "gini")), over, kind)
