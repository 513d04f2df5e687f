"""A public good of which nobody knows for sure what it costs: any amount can be given, and slopes are known."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.games.forms.differentiable_checks import differentiable
from nashscape.games.forms.differentiable_game import DifferentiableGame, Points

Floats = npt.NDArray[np.float64]

HALVINGS = 60
"""Of the interval in which the best contribution lies: more than a double has bits."""


def _chance(total: jax.Array, numbers: Mapping[str, Any]) -> jax.Array:
    return jax.nn.sigmoid((total - numbers["threshold"]) / numbers["spread"])


def _kept(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    gifts = jnp.concatenate(points)
    return numbers["values"] * _chance(jnp.sum(gifts), numbers) - gifts


def _returned(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    gifts = jnp.concatenate(points)
    return (numbers["values"] - gifts) * _chance(jnp.sum(gifts), numbers)


def _best_kept(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """Nothing, or where a little more stops to pay: `v σ(1 − σ) = s` at the larger of its two roots σ."""
    gifts = jnp.concatenate(points)
    others, v, s = jnp.sum(gifts) - gifts, numbers["values"], numbers["spread"]
    likely = (1 + jnp.sqrt(jnp.maximum(1 - 4 * s / v, 0.0))) / 2
    turn = numbers["threshold"] - others + s * jnp.log(likely / (1 - likely))
    turn = jnp.clip(turn, 0.0, numbers["most"])
    paid = v * _chance(others + turn, numbers) - turn
    return tuple(jnp.split(jnp.where(paid > v * _chance(others, numbers), turn, 0.0), len(points)))


def _best_returned(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """Where `(v − x)(1 − σ)`, which falls in x, is s: the payoff rises before and falls after it."""
    gifts = jnp.concatenate(points)
    others = jnp.sum(gifts) - gifts

    def rises(x: jax.Array) -> jax.Array:
        return (numbers["values"] - x) * (1 - _chance(others + x, numbers)) > numbers["spread"]

    def halved(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        middle = (ends[0] + ends[1]) / 2
        return jnp.where(rises(middle), middle, ends[0]), jnp.where(rises(middle), ends[1], middle)

    low, high = lax.fori_loop(
        0, HALVINGS, halved, (jnp.zeros_like(gifts), jnp.broadcast_to(numbers["most"], gifts.shape))
    )
    # at an end the interval has closed on it
    best = jnp.where(low == 0, 0.0, jnp.where(high == numbers["most"], high, (low + high) / 2))
    return tuple(jnp.split(best, len(points)))


@public()
def uncertain_threshold(
    values: npt.ArrayLike = (3.0, 3.0),
    threshold: float = 4.0,
    *,
    spread: float = 0.25,
    refund: bool = True,
    most: npt.ArrayLike | None = None,
) -> DifferentiableGame:
    """Uncertain threshold: players give any amount to a public good of which nobody knows for sure what it costs.

    Its cost is drawn from a logistic distribution about T, so that the good is provided with probability `P = 1/(1 +
    e^{−(Σ_j x_j − T)/s})`. With a refund `u_i = (v_i − x_i) P`, without one `u_i = v_i P − x_i`. As the spread goes to
    zero it becomes the game of `provision_point` with all amounts. Best responses are known, so regrets are exact.

    With a refund there is one equilibrium in which all give something, if any: `x_i = v_i − k` with
    `Σ v − n k − T = s log(k/s − 1)`. It is the usual target where there is one.

    Args:
        values: `v_i`, what the good is worth to each of n players, above 0.
        threshold: `T`.
        spread: `s`, above 0, in units of contributions; the standard deviation is 1.81 s.
        refund: whether contributions are returned if they are not enough.
        most: the largest contribution, a number or one per player; by default the value.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> game = uncertain_threshold([3.0, 2.0])
        >>> at = game.named_points[0].point
        >>> [round(own, 4) for [own] in at], game.regrets(at).round(4).tolist()
        ([2.5, 1.5], [0.0, 0.0])

    Source: Nitzan, Romano (1990); McBride (2006) for uncertain thresholds.
    """
    v = finite_array(values, "values", ndim=1)
    n = len(v)
    if n < 2 or (v <= 0).any():
        raise InputError(f"values are above 0, one for each of two players or more; got {v.tolist()}")
    need, s = finite_number(threshold, "threshold"), finite_number(spread, "spread", low=0.0, low_open=True)
    top = one_or_each(v if most is None else most, "most", n)
    if (top <= 0).any():
        raise InputError(f"the largest contribution must be above 0; got {top.tolist()}")
    at = _all_give(v, need, s) if refund else None
    inside = at is not None and bool((at > 0).all() and (at < top).all())
    return differentiable(
        _returned if refund else _kept,
        (1,) * n,
        coefficients={"values": v, "threshold": need, "spread": s, "most": top},
        bounds=(0.0, [[own] for own in top]),
        best_responses=_best_returned if refund else _best_kept,
        payoff_range=float(v.max()),
        named_points=[("all give", [[own] for own in at], 0.05 * float(v.max()))] if inside and at is not None else [],
        name="uncertain_threshold",
    )


def _all_give(v: Floats, threshold: float, s: float) -> Floats:
    """`v − k`, with the k at which the chance that it makes is the one it was reckoned with."""
    low, high = s, float(v.sum()) + abs(threshold) + s
    for _ in range(200):
        k = (low + high) / 2
        # what is given falls with k, and what is needed for 1 − P = s/k rises
        short = k > s and v.sum() - len(v) * k - threshold < s * np.log(k / s - 1)
        low, high = (low, k) if short else (k, high)
    return np.asarray(v - (low + high) / 2)
