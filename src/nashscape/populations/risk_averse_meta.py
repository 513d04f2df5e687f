"""The meta-solver of sides that mind how much what they get varies with what others do."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.populations.meta_solvers import MetaGame, Mixtures, nash, uniform
from nashscape.populations.risk_averse_mixtures import averse_equilibrium, trembling

Floats = npt.NDArray[np.float64]


def risk_averse(
    meta: MetaGame, *, gamma: float = 1.0, floor: float = 0.01, trembled: bool = False, alike: bool = False
) -> Mixtures:
    """A risk-averse equilibrium: each side's mixture for `E u − γ Var u`, u what it pays against what the others play.

    The others play each of their m strategies with ε = min(floor, 1/(2m)) at least, so that what is unlikely counts.
    The equilibria are those of `games.risk_averse`, with the variance that opponents cause; of several, that to which
    the path from one without aversion leads. With gamma and floor of 0 it is that of `nash`, for two sides.

    Args:
        meta: the game.
        gamma: γ, in units of one over payoff, not negative.
        floor: the least chance of every strategy, below 1.
        trembled: whether what is given is played with that least chance too, as who responds to it meets it.
        alike: whether all sides mean the same mixture, as members of one pool do who are not told their side; with
            gamma and floor of 0 it is a symmetric equilibrium of Nash.
    """
    gamma = finite_number(gamma, "gamma", low=0.0)
    floor = finite_number(floor, "floor", low=0.0, high=1.0)
    for name, own in (("trembled", trembled), ("alike", alike)):
        if own not in (True, False):
            raise InputError(f"{name} is true or false; got {own!r}")
    if alike and not meta.shared:
        raise InputError("alike is for sides that share one pool; leave it out")
    floors = [min(floor, 1.0 / (2 * m)) for m in meta.sizes]
    if alike:
        one = averse_equilibrium(meta.payoffs, uniform(meta)[:1], gamma, floors, alike=True)
        return _played(one * len(floors), floors, trembled=trembled)
    seen = replace(meta, computed=lambda: _seen(meta.payoffs, floors))
    begin = nash(seen) if len(meta.sizes) == 2 else uniform(meta)
    found = begin if gamma == 0 and len(begin) == 2 else averse_equilibrium(meta.payoffs, begin, gamma, floors)
    return _played(found, floors, trembled=trembled)


def _played(found: Mixtures, floors: list[float], *, trembled: bool) -> Mixtures:
    """What is meant, or played."""
    return [trembling(own, least) for own, least in zip(found, floors, strict=True)] if trembled else found


def _seen(payoffs: Floats, floors: list[float]) -> Floats:
    """What the strategies of two sides get where the other plays each of its own with its floor at least."""
    one, other = payoffs
    first, second = (floor + (1.0 - floor * m) * np.eye(m) for floor, m in zip(floors, one.shape, strict=True))
    return np.stack([one @ second, first @ other])
