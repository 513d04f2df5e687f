"""Contests: efforts are spent by all, and decide how likely each is to win."""

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
"""Of the interval in which the best effort lies: more than a double has bits."""

NEAR = 0.02
"""The radius of the usual target, as a share of the largest effort in equilibrium."""


def _prizes(strength: jax.Array, effort: jax.Array, numbers: Mapping[str, Any]) -> jax.Array:
    """`V_i s_i / Σ_j s_j − c_i x_i`; where nobody is strong all win as likely."""
    total = jnp.sum(strength)
    some = total > 0
    chance = jnp.where(some, strength / jnp.where(some, total, 1.0), 1.0 / len(effort))
    return numbers["valuations"] * chance - numbers["costs"] * effort


def _lottery(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    effort = jnp.concatenate(points)
    return _prizes(effort, effort, numbers)


def _contest(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    effort = jnp.concatenate(points)
    return _prizes(effort ** numbers["exponent"], effort, numbers)


def _others(points: Points, exponent: Any) -> jax.Array:
    strength = jnp.concatenate(points) ** exponent
    # a sum of the others alone: a difference from the total would leave rounding where they are nothing
    return jnp.stack([jnp.sum(jnp.delete(strength, i)) for i in range(len(points))])


def _best_lottery(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """`√(V S / c) − S` within the limits, which is best since payoffs are concave in the own effort."""
    others = _others(points, 1.0)
    best = jnp.sqrt(numbers["valuations"] * others / numbers["costs"]) - others
    return tuple(jnp.split(jnp.clip(best, numbers["least"], numbers["most"]), len(points)))


def _best_contest(points: Points, numbers: Mapping[str, Any]) -> tuple[jax.Array, ...]:
    """The best effort: where what a little more wins falls to what it costs, or one of the limits.

    What a little more wins, `V r S x^{r−1}/(x^r + S)²`, falls from `x^r = S (r − 1)/(r + 1)` on, for r ≤ 1 everywhere.
    """
    r, least, most = numbers["exponent"], numbers["least"], numbers["most"]
    others = _others(points, r)
    value, cost = numbers["valuations"], numbers["costs"]

    def rises(x: jax.Array) -> jax.Array:
        return value * r * others * x ** (r - 1) > cost * (x**r + others) ** 2

    def halved(_: int, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        middle = (ends[0] + ends[1]) / 2
        return jnp.where(rises(middle), middle, ends[0]), jnp.where(rises(middle), ends[1], middle)

    turn = jnp.clip((others * jnp.maximum(r - 1, 0.0) / (r + 1)) ** (1 / r), least, most)
    low, high = lax.fori_loop(0, HALVINGS, halved, (turn, jnp.broadcast_to(most, turn.shape)))
    tried = jnp.stack([(low + high) / 2, jnp.broadcast_to(least, low.shape), jnp.broadcast_to(most, low.shape)])
    paid = value * tried**r / (tried**r + others) - cost * tried
    best = jnp.take_along_axis(tried, jnp.argmax(jnp.where(others > 0, paid, 0.0), axis=0)[None], axis=0)[0]
    return tuple(jnp.split(best, len(points)))


def _gains(points: Points, numbers: Mapping[str, Any], best: tuple[jax.Array, ...], exponent: Any) -> jax.Array:
    """What each gains by its best effort; against no effort by the least that there is, which wins for nothing."""
    effort, reply = jnp.concatenate(points), jnp.concatenate(best)
    others = _others(points, exponent)
    some = others > 0
    strength = reply**exponent
    wins = jnp.where(some, strength / jnp.where(some, strength + others, 1.0), 1.0)
    at_best = numbers["valuations"] * wins - numbers["costs"] * jnp.where(some, reply, 0.0)
    now = _prizes(effort**exponent, effort, numbers)
    return jnp.maximum(at_best - now, 0.0)


def _lottery_gains(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    return _gains(points, numbers, _best_lottery(points, numbers), 1.0)


def _contest_gains(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    return _gains(points, numbers, _best_contest(points, numbers), numbers["exponent"])


@public()
def tullock(
    valuations: npt.ArrayLike = (1.0, 1.0),
    *,
    costs: npt.ArrayLike = 1.0,
    exponent: float = 1.0,
    least: float = 0.0,
    most: npt.ArrayLike | None = None,
) -> DifferentiableGame:
    """Tullock's contest: player i spends effort `x_i` and wins the prize with probability `x_i^r / Σ_j x_j^r`.

    `u_i = V_i x_i^r / Σ_j x_j^r − c_i x_i`. Where nobody spends anything, all win with probability 1/n. There payoffs
    jump: whoever spends next to nothing wins for sure, so that each could gain `V_i (1 − 1/n)`, there is no best
    effort, and slopes are those of the cost alone. Elsewhere regrets are exact: for r ≤ 1 payoffs are concave in the
    own effort, for r > 1 they bend up first and down then, and the best effort is nothing or where they have turned.
    With `least` above 0 payoffs are smooth everywhere, and the game knows best responses besides.

    Where the equilibrium has a closed form, see `tullock_equilibrium`, and lies within the limits, it is the usual
    target.

    Args:
        valuations: `V_i`, above 0, one for each of n players.
        costs: `c_i` of a unit of effort, above 0, a number or one per player.
        exponent: `r`, above 0: how far effort rather than luck decides.
        least: the least effort; above 0 for r < 1, where the first effort is worth infinitely much per unit.
        most: the largest effort, a number or one per player; by default `V_i / c_i`, more than which nobody gains by.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> game = tullock([4.0, 2.0])
        >>> [round(own, 4) for [own] in game.named_points[0].point], game.regrets([[8 / 9], [4 / 9]]).round(4).tolist()
        ([0.8889, 0.4444], [0.0, 0.0])

    Source: Tullock (1980); Szidarovszky, Okuguchi (1997) for r ≤ 1; Konrad, Strategy and Dynamics in Contests (2009).
    """
    values, paid = _checked(valuations, costs)
    r = finite_number(exponent, "exponent", low=0.0, low_open=True)
    bottom = finite_number(least, "least", low=0.0)
    if r < 1 and bottom == 0:
        raise InputError("with an exponent below 1 slopes at no effort are infinite; give least above 0, such as 1e-3")
    top = one_or_each(values / paid if most is None else most, "most", len(values))
    if (top <= bottom).any():
        raise InputError(f"the largest effort must be above the least, {bottom:g}; got {top.tolist()}")
    smooth, lottery = bottom > 0, r == 1
    return differentiable(
        _lottery if lottery else _contest,
        (1,) * len(values),
        coefficients={"valuations": values, "costs": paid, "exponent": r, "least": bottom, "most": top},
        bounds=(bottom, [[own] for own in top]),
        best_responses=(_best_lottery if lottery else _best_contest) if smooth else None,
        regrets=None if smooth else (_lottery_gains if lottery else _contest_gains),
        payoff_range=float(values.max()),
        named_points=_named(values / paid, r, bottom, top),
        name="tullock",
    )


@public()
def tullock_equilibrium(valuations: npt.ArrayLike, *, costs: npt.ArrayLike = 1.0, exponent: float = 1.0) -> Floats:
    """The efforts in an equilibrium of `tullock` without limits, `[n]`, where they have a closed form.

    With `w_i = V_i / c_i`: for r = 1 `x_i = S (1 − S/w_i)` with `S = (k − 1)/Σ 1/w_j` over the k players with the
    largest `w_j` who spend anything, those with `w_j > S`; for two players and `r ≤ 1 + (w_2/w_1)^r`, `w_1 ≥ w_2`, `x_i
    = r w_i (w_1 w_2)^r / (w_1^r + w_2^r)²`; for n alike and `r ≤ n/(n − 1)`, `x = r w (n − 1)/n²`. With r above 1 three
    alike or more may have others, in which only some spend anything: of three with r = 1.45 two may spend r w/4 each.

    Raises:
        InputError: where no closed form is known, or there is no such equilibrium.

    >>> tullock_equilibrium([6.0, 3.0, 1.0])       # the third would not spend anything
    array([1.33333333, 0.66666667, 0.        ])

    Source: Stein (2002) for r = 1; Nti (1999) for two players; Pérez-Castrillo, Verdier (1992) for players alike.
    """
    values, paid = _checked(valuations, costs)
    found = _closed_form(values / paid, finite_number(exponent, "exponent", low=0.0, low_open=True))
    if found is None:
        raise InputError(
            "no closed form is known for these: efforts are known for an exponent of 1, for two players, and for "
            "players alike, as long as the exponent is so low that they do not mix; ns.equilibria searches"
        )
    return found


def _closed_form(w: Floats, r: float) -> Floats | None:
    n = len(w)
    if r == 1:
        k = n
        while (k - 1) / (1 / np.sort(w)[::-1][:k]).sum() >= np.sort(w)[::-1][k - 1]:
            k -= 1
        total = (k - 1) / (1 / np.sort(w)[::-1][:k]).sum()
        return np.asarray(np.maximum(total * (1 - total / w), 0.0))
    if n == 2 and r <= 1 + (w.min() / w.max()) ** r:
        return np.asarray(r * w * (w[0] * w[1]) ** r / (w[0] ** r + w[1] ** r) ** 2)
    if (w == w[0]).all() and r <= n / (n - 1):
        return np.asarray(r * w * (n - 1) / n**2)
    return None


def _named(w: Floats, r: float, least: float, most: Floats) -> list[tuple[str, list[list[float]], float]]:
    at = _closed_form(w, r)
    if at is None or (at < least).any() or (at > most).any():
        return []
    return [("equilibrium", [[own] for own in at.tolist()], NEAR * float(at.max()))]


def _checked(valuations: Any, costs: Any) -> tuple[Floats, Floats]:
    values = finite_array(valuations, "valuations", ndim=1)
    if len(values) < 2 or (values <= 0).any():
        raise InputError(f"valuations are above 0, one for each of two players or more; got {values.tolist()}")
    paid = finite_array(np.full(len(values), costs) if np.ndim(costs) == 0 else costs, "costs", shape=values.shape)
    if (paid <= 0).any():
        raise InputError(f"a unit of effort costs something: costs must be above 0; got {paid.tolist()}")
    return values, paid
