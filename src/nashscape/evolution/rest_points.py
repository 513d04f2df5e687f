"""Where a population can stay: rest points of a dynamic, what they are as strategies, and whether they attract."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.evolution.exact_systems import Strategy, equalised, worth
from nashscape.evolution.motions import Motion
from nashscape.evolution.population_games import PopulationGame
from nashscape.evolution.rest_kinds import Place, attractions
from nashscape.evolution.stability import MOST, resident
from nashscape.evolution.stability_results import mixture_text
from nashscape.evolution.symmetric_equilibria import supported, symmetric_equilibria

Floats = npt.NDArray[np.float64]

SAME = 1e-7
"""Logit equilibria nearer than this are one."""
TRIED = 64
"""Starts from which logit equilibria are looked for, beside the pure ones."""


@dataclass(frozen=True)
class RestPoint:
    """Shares that stay as they are.

    Attributes:
        name: its shares in words.
        shares: of the types.
        status: as a strategy: "ESS", "neutrally stable", "Nash" or "no equilibrium"; "logit equilibrium" of the logit.
        attraction: "attracting", "repelling" or "saddle", where all starts near it come to it, all go away, or some
            come and others go; "unstable", where some go, and it is not known whether others come; "neutral", where the
            linearised flow turns around it for ever; "undecided". Types that are not there are among what starts have.
    """

    name: str
    shares: tuple[float, ...]
    status: str
    attraction: str

    @property
    def told(self) -> str:
        """Name and status, in which a rest point that is no equilibrium is called so."""
        return f"{self.name} (rest point, {'not Nash' if self.status == 'no equilibrium' else self.status})"


def rest_points(motion: Motion) -> tuple[tuple[RestPoint, ...], bool]:
    """The isolated rest points of a dynamic, and whether there may be others, which are not isolated.

    Imitation rests at every equilibrium among the types that are there; smith, bnn and best response at symmetric Nash
    equilibria, exactly; the logit at logit equilibria, which are looked for from many starts.

    Raises:
        InputError: for more than 8 types, whose supports are too many.
    """
    game = motion.game
    if len(game.types) > MOST:
        raise InputError(f"rest points are looked for on all supports, of at most {MOST} types; got {len(game.types)}")
    if motion.dynamic == "logit":
        logit = logit_equilibria(motion)
        names = rounded_names(logit, game.types)
        return _judged(motion, [(*own, "logit equilibrium") for own in zip(names, logit, strict=True)]), False
    exact, more = _on_faces(game) if motion.imitates else _nash(game)
    told = [(mixture_text(own, game.types), own, resident(game.exact, own, (own,)).status) for own in exact]
    return _judged(motion, told), more


def _on_faces(game: PopulationGame) -> tuple[list[Strategy], bool]:
    """Equilibria of all games between some of the types with these alone, and whether some may not be isolated.

    Where the equations on some types leave an unknown free, whatever solves them counts as not isolated.
    """
    n, found, free = len(game.types), [], []
    for size in range(1, n + 1):
        for support in itertools.combinations(range(n), size):
            values, left = equalised(game.exact, support, support)
            if values is not None and left:
                free.append(support)
            elif values is not None and min(values[:-1]) > 0:
                shares = dict(zip(support, values, strict=False))
                found.append(tuple(shares.get(i, Fraction(0)) for i in range(n)))
    return [own for own in found if not any(_solves(game, own, support) for support in free)], bool(free)


def _solves(game: PopulationGame, strategy: Strategy, support: tuple[int, ...]) -> bool:
    """Whether a strategy is a mixture of some types that are worth the same against it."""
    values = worth(game.exact, strategy)
    return supported(strategy) <= set(support) and len({values[i] for i in support}) == 1


def _nash(game: PopulationGame) -> tuple[list[Strategy], bool]:
    """Symmetric equilibria that are no end of a continuum, and whether there is one."""
    faces = symmetric_equilibria(game.exact)
    ends = {own for face in faces if len(face.extremes) > 1 for own in face.extremes}
    return [one.middle for one in faces if len(one.extremes) == 1 and one.middle not in ends], bool(ends)


def _judged(motion: Motion, found: Sequence[tuple[str, Place, str]]) -> tuple[RestPoint, ...]:
    kinds = attractions(motion, [own for _, own, _ in found])
    return tuple(
        RestPoint(name, tuple(map(float, own)), status, kind)
        for (name, own, status), kind in zip(found, kinds, strict=True)
    )


def logit_equilibria(motion: Motion) -> list[tuple[float, ...]]:
    """Shares that are the noisy best response to themselves, by Newton's method from many starts."""
    n = len(motion.game.types)
    draws = np.random.default_rng(0).dirichlet(np.ones(n), TRIED)
    found: list[tuple[float, ...]] = []
    for start in motion.after(np.concatenate([np.eye(n), draws])).tolist() + draws.tolist():
        x = _newton(motion, np.array(start))
        if x is not None and all(np.abs(x - own).max() > SAME for own in found):
            found.append(tuple(x.tolist()))
    return sorted(found, reverse=True)


def rounded_names(places: Sequence[Sequence[float]], types: Sequence[str]) -> list[str]:
    """Mixtures in words, with as many digits as it takes to tell them apart.

    >>> rounded_names([(0.43591, 0.56409), (1.0, 0.0)], ("hawk", "dove"))
    ['0.436 hawk, 0.564 dove', '1.000 hawk']
    """
    for digits in range(3, 17):
        told = [
            ", ".join(f"{x:.{digits}f} {name}" for x, name in zip(own, types, strict=True) if x >= 0.5 * 10**-digits)
            for own in places
        ]
        if len(set(told)) == len(told):
            break
    return told


def _newton(motion: Motion, x: Floats) -> Floats | None:
    """The zero of the field near a point, None where the method goes astray."""
    for _ in range(50):
        gap = motion.velocity(x)
        if np.abs(gap).max() < 1e-15:
            break
        try:
            x = x - np.linalg.solve(motion.slopes(x), gap)
        except np.linalg.LinAlgError:
            return None
        if x.min() < -0.5:
            return None
        x = np.maximum(x, 0.0) / np.maximum(x, 0.0).sum()
    return x if np.abs(motion.velocity(x)).max() < 1e-11 else None
