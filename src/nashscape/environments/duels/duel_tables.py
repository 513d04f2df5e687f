"""A duel as tables: where every pair of choices leads, how likely the bell has not rung, and what is paid till then."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.environments.duels.one_frame import DOING, HEALTH, Integers, Stage
from nashscape.environments.duels.rewards import Reward

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Tables:
    """All states in which a fighter chooses, and what follows; with m actions each.

    Frames in which nobody can choose are passed over. Where only one chooses the other's action does not count.

    Attributes:
        states: what both do, the distance, and the health of both, `[S, 5]`.
        mirror: the number of each state as the other fighter sees it, `[S]`.
        following: the next state in which somebody chooses, `[S, m, m]`; 0 where there is none.
        kept: the chance that the duel goes on till there, `[S, m, m]`; 0 where somebody is beaten.
        paid: what both are paid till then, on average over the bell, `[2, S, m, m]`.
        frames: how many frames that takes at most, `[S, m, m]`.
    """

    states: Integers
    mirror: Integers
    following: Integers
    kept: Floats
    paid: Floats
    frames: Integers


def tables(stage: Stage, *, health: int, start: int, discount: float, reward: Reward) -> Tables:
    """All states that can be reached from the start, which is the first, breadth first."""
    m = stage.doings.chosen.shape[1]
    pairs = np.stack(np.meshgrid(np.arange(m), np.arange(m), indexing="ij"), axis=-1).reshape(-1, 2)
    sizes = (len(stage.doings.names),) * 2 + (stage.widest + 1,) + (health + 1,) * 2
    states = np.array([[0, 0, start, health, health]], np.int64)
    fresh, known = states, _codes(states, sizes)
    parts: list[tuple[Any, ...]] = []
    while len(fresh):
        ends, *rest = _till_choice(stage, np.repeat(fresh, len(pairs), axis=0), np.tile(pairs, (len(fresh), 1)),
                                   discount, reward)  # fmt: skip
        codes = _codes(ends, sizes)
        parts.append((codes, *rest))
        new = np.setdiff1d(codes[rest[0] > 0], known)
        known = np.concatenate([known, new])
        fresh = np.stack(np.unravel_index(new, sizes), axis=1)
    states = np.stack(np.unravel_index(known, sizes), axis=1)
    codes, kept, paid, frames = (np.concatenate(own) for own in zip(*parts, strict=True))
    order = np.argsort(known)
    mirrored = _codes(states[:, [1, 0, 2, 4, 3]], sizes)
    shape = (len(states), m, m)
    following = np.where(kept > 0, order[np.searchsorted(known, codes, sorter=order) % len(known)], 0)
    return Tables(
        states, order[np.searchsorted(known, mirrored, sorter=order)], following.reshape(shape), kept.reshape(shape),
        paid.T.reshape(2, *shape), frames.reshape(shape),
    )  # fmt: skip


def _codes(states: Integers, sizes: tuple[int, ...]) -> Integers:
    """A number for each state."""
    return np.asarray(np.ravel_multi_index(tuple(states.T), sizes), np.int64)


def _till_choice(
    stage: Stage, states: Integers, actions: Integers, discount: float, reward: Reward
) -> tuple[Integers, Floats, Floats, Integers]:
    """Frames until somebody may choose or is beaten: where that is, the chance of it, what is paid, how many."""
    states, n = states.copy(), len(states)
    kept, paid, frames = np.ones(n), np.zeros((n, 2)), np.zeros(n, np.int64)
    going = np.arange(n)
    while len(going):
        now, lost = stage.frame(states[going], actions[going])
        states[going], weight = now, kept[going, None]
        frames[going] += 1
        beaten = (now[:, HEALTH] == 0).any(axis=1)
        paid[going] += weight * reward.of_damage(lost)
        # the bell rings after a frame with the chance 1 − γ, and whoever has more health left wins
        ends = np.where(beaten, 1.0, 1.0 - discount)[:, None]
        paid[going] += weight * ends * reward.of_end(now[:, HEALTH])
        kept[going] *= np.where(beaten, 0.0, discount)
        going = going[~beaten & (now[:, DOING] > 1).all(axis=1)]
    return states, kept, paid, frames
