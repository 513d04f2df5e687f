"""Coopetition: actors who create value together and compete for it, and teams that share what they produce."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.games.forms.differentiable_checks import differentiable
from nashscape.games.forms.differentiable_game import DifferentiableGame, Points
from nashscape.games.institutions.mixing import payoff_mixing

LEAST = 1e-3
"""The least investment: at zero a root has no slope."""


def _created_by_logarithms(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    invested = jnp.concatenate(points)
    return _kept(invested, numbers["scale"] * jnp.log1p(invested), numbers)


def _created_by_powers(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    invested = jnp.concatenate(points)
    return _kept(invested, invested ** numbers["exponent"], numbers)


def _kept(invested: jax.Array, alone: jax.Array, numbers: Mapping[str, Any]) -> jax.Array:
    """`e_i − a_i + f(a_i) + α_i γ (∏ a_j)^{1/n}`, `[n]`."""
    together = jnp.prod(invested ** (1.0 / len(invested)))
    return numbers["endowment"] - invested + alone + numbers["shares"] * numbers["synergy"] * together


FORMS = {"logarithmic": _created_by_logarithms, "power": _created_by_powers}


@public()
def coopetition(
    dependence: npt.ArrayLike,
    *,
    form: str = "logarithmic",
    shares: Sequence[float] | None = None,
    synergy: float = 0.65,
    endowment: float = 100.0,
    scale: float = 20.0,
    exponent: float = 0.75,
) -> DifferentiableGame:
    """Actors who invest in a common value and depend on each other, `U = (I + D) π`.

        π_i = e − a_i + f(a_i) + α_i γ (∏_j a_j)^{1/n},   f(a) = θ ln(1 + a) or a^β

    Each actor chooses an investment `a_i` in [.001, e]. D says how much an actor's aims depend on what another gets.

    Args:
        dependence: `D`, `[n, n]`.
        form: "logarithmic" or "power", of what an investment creates alone.
        shares: `α`, what each gets of the synergy; equal by default.
        synergy: `γ`.
        endowment: `e`, of every actor.
        scale: `θ` of the logarithmic form.
        exponent: `β` of the power form, between 0 and 1.

    Raises:
        InputError: for numbers outside these limits, and arrays that do not fit.

    Example:
        >>> from nashscape import equilibria
        >>> apart = coopetition([[0, 0], [0, 0]], synergy=0.0)            # alone each invests θ − 1
        >>> equilibria(apart)[0].point[0].round(6).tolist()
        [19.0]

    Source: Pant and Yu, arXiv 2510.18802 (interdependence and complementarity).
    """
    needs = finite_array(dependence, "dependence", ndim=2)
    n = len(needs)
    if needs.shape != (n, n) or n < 2:
        raise InputError(f"dependence is a square matrix for two actors or more; got shape {list(needs.shape)}")
    part = finite_array([1.0 / n] * n if shares is None else shares, "shares", shape=(n,))
    numbers = {
        "endowment": finite_number(endowment, "endowment", low=LEAST, low_open=True),
        "shares": part,
        "synergy": finite_number(synergy, "synergy", low=0.0),
        "scale": finite_number(scale, "scale", low=0.0, low_open=True),
        "exponent": finite_number(exponent, "exponent", low=0.0, high=1.0, low_open=True, high_open=True),
    }
    made = differentiable(
        FORMS[choice(form, "form", FORMS)],
        (1,) * n,
        coefficients=numbers,
        bounds=(LEAST, numbers["endowment"]),
        players=[f"actor {i + 1}" for i in range(n)],
        name=f"{form}_coopetition",
    )
    mixed: DifferentiableGame = payoff_mixing(made, needs)
    return mixed


def _team(points: Points, numbers: Mapping[str, Any]) -> jax.Array:
    effort = jnp.concatenate(points)
    n, theta = len(effort), numbers["loyalty"]
    share = numbers["productivity"] * jnp.sum(effort) ** numbers["elasticity"] / n
    own = share - numbers["cost"] * effort
    others = (jnp.sum(own) - own) / (n - 1)
    return own + theta * (numbers["care"] * others + numbers["relief"] * numbers["cost"] * effort)


@public()
def team_production(
    players: int = 4,
    *,
    productivity: float = 25.0,
    elasticity: float = 0.7,
    cost: float = 1.0,
    loyalty: float | Sequence[float] = 0.0,
    care: float = 0.8,
    relief: float = 0.3,
    least: float = 0.01,
    most: float = 1000.0,
) -> DifferentiableGame:
    """A team that shares its product evenly, whose members may be loyal to it.

        π_i = ω (Σ_j a_j)^β / n − c a_i,   U_i = π_i + θ_i (φ_B mean_{j≠i} π_j + φ_C c a_i)

    Where all are equally loyal, own gradients depend on the total effort alone: only the total of an equilibrium is
    determined, and there is a continuum of them. Where loyalties differ, only the most loyal work.

    Args:
        players: n, at least two.
        productivity: `ω`.
        elasticity: `β`, between 0 and 1.
        cost: `c`, of a unit of effort.
        loyalty: `θ`, one for all or one for each member, from 0 to 1.
        care: `φ_B`, the weight of what others get to a loyal member.
        relief: `φ_C`, the share of the cost that loyalty takes away.
        least: lower bound of effort, above 0.
        most: upper bound of effort.

    Raises:
        InputError: for numbers outside these limits.

    Example:
        >>> game, at = team_production(4), team_effort(4)
        >>> pays = [float(game.expected_payoffs([[at + more], [at], [at], [at]])[0]) for more in (-3, 0, 3)]
        >>> pays[1] == max(pays)
        True

    Source: Pant and Yu, arXiv 2601.16237 (collective action and loyalty); Holmström (1982) for moral hazard in teams.
    """
    n = positive_integer(players, "players", at_least=2)
    loyal = one_or_each(loyalty, "loyalty", n)
    if ((loyal < 0) | (loyal > 1)).any():
        raise InputError(f"loyalties are from 0 to 1; got {loyal.tolist()}")
    low = finite_number(least, "least", low=0.0, low_open=True)
    numbers = {
        "productivity": finite_number(productivity, "productivity", low=0.0, low_open=True),
        "elasticity": finite_number(elasticity, "elasticity", low=0.0, high=1.0, low_open=True, high_open=True),
        "cost": finite_number(cost, "cost", low=0.0, low_open=True),
        "loyalty": loyal,
        "care": finite_number(care, "care", low=0.0),
        "relief": finite_number(relief, "relief", low=0.0, high=1.0),
    }
    return differentiable(
        _team,
        (1,) * n,
        coefficients=numbers,
        bounds=(low, finite_number(most, "most", low=low, low_open=True)),
        players=[f"member {i + 1}" for i in range(n)],
        name="team_production",
    )


@public()
def team_effort(
    players: int,
    *,
    productivity: float = 25.0,
    elasticity: float = 0.7,
    cost: float = 1.0,
    loyalty: float = 0.0,
    care: float = 0.8,
    relief: float = 0.3,
) -> float:
    """The effort of each member in the equilibrium of `team_production` in which all work alike, without bounds.

        a* = [ω β (1 + θ φ_B) / (c (1 − θ φ_C) n^{2−β})]^{1/(1−β)}

    >>> [round(team_effort(n), 4) for n in (2, 4, 8)]
    [690.2348, 34.24, 1.6985]
    """
    n = positive_integer(players, "players", at_least=2)
    gain = productivity * elasticity * (1 + loyalty * care)
    return float((gain / (cost * (1 - loyalty * relief) * n ** (2 - elasticity))) ** (1 / (1 - elasticity)))
