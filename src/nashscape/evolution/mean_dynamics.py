"""How shares of a large population move: mean dynamics of revision protocols, by fitness `A x`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.named_texts import named
from nashscape.evolution.population_games import PopulationGame, as_population_game, checked_shares
from nashscape.evolution.reply_flows import reply_field

Floats = npt.NDArray[np.float64]
Field = Callable[[Floats], Floats]
"""From shares `[…, types]` to how fast they change."""

IMITATIVE = ("replicator", "imitative_logit")
"""Where one can only become what is there: types that are gone stay away, and every pure state is at rest."""
NOISY = ("logit", "imitative_logit")


def _replicator(x: Floats, f: Floats, noise: float) -> Floats:
    return x * (f - _mean(x, f))


def _imitative_logit(x: Floats, f: Floats, noise: float) -> Floats:
    there = np.where(x > 0, f, -np.inf)  # what is not there may be much better
    weights = x * np.exp((there - there.max(-1, keepdims=True)) / noise)
    made: Floats = weights / weights.sum(-1, keepdims=True) - x
    return made


def _smith(x: Floats, f: Floats, noise: float) -> Floats:
    gains = np.maximum(f[..., None, :] - f[..., :, None], 0.0)  # of who goes from the row to the column
    made: Floats = (x[..., None] * gains).sum(-2) - x * gains.sum(-1)
    return made


def _bnn(x: Floats, f: Floats, noise: float) -> Floats:
    excess = np.maximum(f - _mean(x, f), 0.0)
    made: Floats = excess - x * excess.sum(-1, keepdims=True)
    return made


def _logit(x: Floats, f: Floats, noise: float) -> Floats:
    weights = np.exp((f - f.max(-1, keepdims=True)) / noise)
    made: Floats = weights / weights.sum(-1, keepdims=True) - x
    return made


def _mean(x: Floats, f: Floats) -> Floats:
    made: Floats = (x * f).sum(-1, keepdims=True)
    return made


DYNAMICS: Mapping[str, Callable[[Floats, Floats, float], Floats]] = MappingProxyType({
    "replicator": _replicator, "imitative_logit": _imitative_logit, "smith": _smith, "bnn": _bnn, "logit": _logit,
})  # fmt: skip
"""But for the best response, of which equally good types are no function of fitness alone."""


def checked_dynamic(dynamic: Any, noise: Any) -> tuple[str, float | None]:
    """The name of a dynamic, and its noise level.

    Raises:
        InputError: for another name, a noise level that is missing, or that nothing depends on.
    """
    given: Mapping[str, Any] = {}
    if isinstance(dynamic, str) and ":" in dynamic:
        dynamic, given = named(dynamic, "option")
    name = choice(dynamic, "dynamic", (*DYNAMICS, "best_response"))
    if given and (set(given) != {"noise"} or noise is not None):
        raise InputError(f"a dynamic has the option noise alone, given once, as logit:noise=0.1; got {name} with "
                         f"{', '.join(given)}{'' if noise is None else ' and noise'}")  # fmt: skip
    noise = given.get("noise", noise)
    if name not in NOISY:
        if noise is not None:
            raise InputError(f"{name} has no noise; leave it out, or take one of {', '.join(NOISY)}")
        return name, None
    if noise is None:
        raise InputError(f"{name} needs a noise level in payoff units, as noise=0.1, or {name}:noise=0.1")
    return name, finite_number(noise, "noise", low=0.0, low_open=True)


def field_of(game: PopulationGame, dynamic: str, noise: float | None) -> Field:
    """How fast shares change, as a function of them alone."""
    if dynamic == "best_response":
        return reply_field(game)
    move = DYNAMICS[dynamic]
    return lambda shares: move(shares, game.fitness(shares), noise or 0.0)


@public()
def mean_dynamic(
    game: Any, shares: npt.ArrayLike, dynamic: str = "replicator", *, noise: float | None = None
) -> Floats:
    """How fast shares change where members of a large population now and then revise what they are.

    `ẋ_i = Σ_j x_j ρ_ji − x_i Σ_j ρ_ij`: who is j becomes i at the rate `ρ_ji`, of fitness `f = A x`:

        replicator       x_i [f_i − f_j]₊             whom one meets is imitated by how much better it does
        imitative_logit  x_i e^(f_i/η) / Σ_k x_k e^(f_k/η)     one of all members is imitated, more likely a fitter one
        smith            [f_i − f_j]₊                 comparing pairs of types, whether they are there or not
        bnn              [f_i − xᵀf]₊                 Brown, von Neumann, Nash: by what is better than the mean
        logit            e^(f_i/η) / Σ_k e^(f_k/η)    noisy best response
        best_response    1 for the best; where several are equally good see below

    There best response is a set of ways, of which one is taken: an equilibrium stays, and other shares move towards a
    symmetric equilibrium of the game between the best types, an evolutionarily stable one if there is one (and of
    several the first). `evolve` and `evolutionary_basins` follow this one.

    Fitness is `A x`, and not the gradient of the mean fitness: they agree, but for a factor of 2, where A is symmetric.
    None of these changes where a constant is added to a column of A, as to all payoffs; `generations` does.

    Args:
        game: a `population_game`, or its payoffs.
        shares: x, `[…, types]`.
        dynamic: a name of these; with its noise as "logit:noise=0.1".
        noise: η, in payoff units, of the two with a logit.

    Returns:
        ẋ, `[…, types]`, per unit of time; the first, smith and bnn are in payoff units.

    Raises:
        InputError: for an unknown name, no shares, and a noise that is missing or has no place.

    Example:
        >>> mean_dynamic([[-2, 3], [0, 1.5]], [0.5, 0.5]).tolist()
        [-0.0625, 0.0625]
        >>> mean_dynamic([[-2, 3], [0, 1.5]], [1, 0], "smith").tolist()
        [-2.0, 2.0]

    Source: Sandholm (2010); Taylor and Jonker (1978); Schlag (1998); Smith (1984); Brown and von Neumann (1950);
    Fudenberg and Levine (1998); Gilboa and Matsui (1991); Hofbauer (1995).
    """
    game = as_population_game(game)
    name, level = checked_dynamic(dynamic, noise)
    return field_of(game, name, level)(checked_shares(shares, len(game.types)))
