"""Where learning begins: one strategy for each pool."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, distribution, finite_number
from nashscape.core.named_texts import named
from nashscape.populations.sides import Sides

Floats = npt.NDArray[np.float64]

KINDS = ("uniform", "first", "drawn", "logits", "pure")


def beginnings(sides: Sides, start: Any, seed: Sequence[int]) -> Callable[..., tuple[Floats, ...]]:
    """A strategy for each pool, by generation and role, and more numbers where these have several; see `grow`.

    Those that are not random are always the same.

    Raises:
        InputError: for what is none of the kinds, and mixtures that do not fit.
    """
    if not isinstance(start, str):
        given = _given(sides, start)
        return lambda *which: given
    name, options = named(start, "option")
    kind = choice(name, "start", KINDS)
    if set(options) - ({"std"} if kind == "logits" else set()):
        raise InputError(f"a start of {kind} has {'std alone' if kind == 'logits' else 'no options'}; got {start!r}")
    std = finite_number(options.get("std", 1.0), "std", low=0.0)

    def begins(*which: int) -> tuple[Floats, ...]:
        generator = np.random.default_rng((*seed, *which))
        return tuple(
            np.concatenate([_member(a, kind, std, generator) for a in sides.shapes[side]]) for side in sides.first
        )

    return begins


def _member(actions: int, kind: str, std: float, generator: np.random.Generator) -> Floats:
    if kind == "uniform":
        return np.full(actions, 1.0 / actions)
    if kind == "first":
        return np.eye(actions)[0]
    if kind == "drawn":
        return generator.dirichlet(np.ones(actions))
    if kind == "pure":
        return np.eye(actions)[int(generator.integers(actions))]
    powers: Floats = np.exp(std * generator.normal(size=actions))
    return powers / powers.sum()


def _given(sides: Sides, start: Sequence[Any]) -> tuple[Floats, ...]:
    game = sides.game
    if not hasattr(start, "__len__") or len(start) != game.n_players:
        raise InputError(f"start is one of {', '.join(KINDS)}, or a mixture for each of {game.n_players} players; got "
                         f"{start!r}")  # fmt: skip
    each = [distribution(own, f"the strategy of {name}", a)
            for own, name, a in zip(start, game.players, game.shape, strict=True)]  # fmt: skip
    found = [np.concatenate([each[i] for i in team]) for team in sides.teams]
    for side, seat in enumerate(sides.seats):
        if not np.array_equal(found[side], found[sides.first[seat]]):
            raise InputError("sides that share one pool begin alike; give the same mixtures to the members of each")
    return tuple(found[side] for side in sides.first)
