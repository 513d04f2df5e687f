"""A small orchard over all its states, as a Markov game."""

from itertools import permutations, product
from math import factorial, prod
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments.orchards.orchard_ground import Ground
from nashscape.environments.orchards.orchard_rounds import Grove, acted, free_fields
from nashscape.games.forms.markov_construction import markov
from nashscape.games.forms.markov_game import MarkovGame

Floats = npt.NDArray[np.float64]

MOST_ENTRIES = 2**24
"""Of transition probabilities, which are written out."""
LOOKS = "↑→↓←"


def listed(orchard: Any) -> Grove | None:
    """All states, each array with one more axis in front, `[S, …]`; None where there are too many to write out.

    They are in the order of places, of where players look, of apples and of waste, the last one fastest.
    """
    ground, n = orchard.ground, orchard.ground.players
    fields = np.flatnonzero(~ground.walls)
    count = prod(range(len(fields) - n + 1, len(fields) + 1)) * 4**n * 2 ** (len(ground.apples) + len(ground.river))
    if orchard.time_out or count**2 * orchard.action_spaces[0].n ** n > MOST_ENTRIES:
        return None
    parts = [
        np.array(list(permutations(fields, n)), np.int32),
        np.array(list(product(range(4), repeat=n)), np.int32),
        _subsets(len(ground.apples)),
        _subsets(len(ground.river)),
    ]
    chosen = np.indices(tuple(map(len, parts))).reshape(len(parts), -1)
    cells, looks, apples, waste = (jnp.asarray(own[k]) for own, k in zip(parts, chosen, strict=True))
    return Grove(cells, looks, jnp.zeros((count, n), jnp.int32), apples, waste, jnp.zeros(count, jnp.int32))


def markov_game(orchard: Any) -> MarkovGame | None:
    """The orchard without end over the states that are listed; None where there are too many."""
    states = listed(orchard)
    if states is None:
        return None
    ground, n, choices = orchard.ground, orchard.ground.players, orchard.action_spaces[0]
    numbers = _numbers(ground, states)
    place = np.full(numbers.max() + 1, -1)
    place[numbers] = np.arange(len(numbers))
    growth = _growth(orchard, states, place)
    joint = np.array(list(product(range(choices.n), repeat=n)), np.int32)
    moves, paid = np.zeros((len(joint), *growth.shape)), np.zeros((n, len(joint), len(growth)))
    for order in permutations(range(n)):
        places = np.argsort(order)
        earlier = jnp.asarray(places[:, None] < places)
        doing = jax.vmap(jax.vmap(lambda s, a, e=earlier: acted(ground, s, a, e), (0, None)), (None, 0))
        now, told = jax.jit(doing)(states, joint)
        with jax.enable_x64(True):
            rewards = np.moveaxis(np.asarray(orchard.paid(told)), -1, 0)
        moves += growth[place[_numbers(ground, now)]] / factorial(n)
        paid += rewards / factorial(n)
    sizes = (choices.n,) * n
    return markov(
        np.moveaxis(paid, 1, 2).reshape(n, -1, *sizes), np.moveaxis(moves, 0, 1).reshape(-1, *sizes, len(growth)),
        discount=float(orchard.discount), initial=_initial(ground, states), actions=[choices.names] * n,
        players=orchard.players, states=_named(ground, states), name=orchard.name,
    )  # fmt: skip


def _subsets(count: int) -> npt.NDArray[np.bool_]:
    return np.array(list(product((False, True), repeat=count)), bool).reshape(2**count, count)


def _numbers(ground: Ground, states: Grove) -> npt.NDArray[np.int64]:
    """One whole number for each state."""
    fields = np.flatnonzero(~ground.walls)
    place = np.searchsorted(fields, np.asarray(states.cells))
    digits: list[tuple[Any, int]] = [(place, len(fields)), (states.looks, 4), (states.apples, 2), (states.waste, 2)]
    made = np.zeros(place.shape[:-1], np.int64)
    for own, base in digits:
        for k in range(own.shape[-1]):
            made = made * base + np.asarray(own)[..., k]
    return made


def _growth(orchard: Any, states: Grove, place: npt.NDArray[np.int64]) -> Floats:
    """How likely each state is after growth, from each state before it, `[S, S]`."""
    ground = orchard.ground
    with jax.enable_x64(True):
        chance = jax.vmap(lambda s: orchard.growth.apples(ground, s.apples, s.waste) * free_fields(ground, s))(states)
        dirt = jax.vmap(lambda s: orchard.growth.waste(ground, s.waste))(states)
    chance, dirt, apples, waste = (np.asarray(own) for own in (chance, dirt, states.apples, states.waste))
    made = np.zeros((len(dirt), len(dirt)))
    clean = (~waste).sum(axis=1)
    rows = np.arange(len(dirt))
    for more in _subsets(len(ground.apples)):
        likely = np.where(more, chance, 1.0 - chance).prod(axis=1)
        spots: list[tuple[int | None, Floats]] = [(None, np.where(clean > 0, 1.0 - dirt, 1.0))]
        spots += [(k, dirt * ~waste[:, k] / np.maximum(clean, 1)) for k in range(len(ground.river))]
        for spot, weight in spots:
            dirtier = waste | (np.arange(len(ground.river)) == (-1 if spot is None else spot))
            after = Grove(states.cells, states.looks, states.out, apples | more, dirtier, states.played)
            np.add.at(made, (rows, place[_numbers(ground, after)]), likely * weight)
    return made


def _initial(ground: Ground, states: Grove) -> Floats:
    """Players on different fields of those on which they start, and looking any way, all as likely."""
    begins = np.isin(np.asarray(states.cells), ground.starts).all(axis=1)
    begins &= (np.asarray(states.apples) == ground.first_apples).all(axis=1)
    begins &= (np.asarray(states.waste) == ground.first_waste).all(axis=1)
    made: Floats = begins / begins.sum()
    return made


def _named(ground: Ground, states: Grove) -> tuple[str, ...]:
    """States in words: places and looks of players, and the fields of apples and of waste."""
    fields = np.flatnonzero(~ground.walls)
    place = np.searchsorted(fields, np.asarray(states.cells))
    looks, apples, waste = (np.asarray(own) for own in (states.looks, states.apples, states.waste))
    return tuple(
        f"{' '.join(f'{p}{LOOKS[d]}' for p, d in zip(place[k], looks[k], strict=True))}; apples "
        f"{_told(fields, ground.apples[apples[k]])}; waste {_told(fields, ground.river[waste[k]])}"
        for k in range(len(place))
    )


def _told(fields: npt.NDArray[np.int64], cells: npt.NDArray[np.int32]) -> str:
    return " ".join(map(str, np.searchsorted(fields, cells))) or "none"
