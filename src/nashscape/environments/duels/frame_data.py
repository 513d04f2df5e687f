"""What fighters can do, frame by frame: the data of attacks, and all that a fighter may be doing in a frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer

Integers = npt.NDArray[np.int64]

ACTIONS = ("in", "out", "attack", "guard", "throw")
FREE, GUARDING = 0, 1
"""Of a fighter who may choose: with the guard down, and with the guard held in the frame before."""
STRIKE, GRAB = 1, 2
BACK = 2
"""Frames of a step out, which is made in the last; a step in takes one."""


@dataclass(frozen=True)
class Blow:
    """The frame data of an attack or a throw.

    It is chosen in a frame, which is the first of its start-up. In an active frame it meets whoever is in reach, and
    recovery begins.

    Attributes:
        start_up: frames before it is active, 1 or more.
        active: frames in which it may meet the other, 1 or more.
        recovery: frames after those.
        reach: the largest distance at which it meets.
        damage: what it takes of the other's health.
        stun: frames in which one who was met can do nothing.
        guarded: the same of one who guarded; throws cannot be guarded against.
        push: by how much it drives the two apart, guarded or not.
    """

    start_up: int = 1
    active: int = 1
    recovery: int = 3
    reach: int = 1
    damage: int = 1
    stun: int = 3
    guarded: int = 1
    push: int = 1

    @property
    def frames(self) -> int:
        """How long it takes."""
        return self.start_up + self.active + self.recovery


ATTACK = Blow()
THROW = Blow(recovery=4, reach=0, stun=4, guarded=0, push=2)


@dataclass(frozen=True)
class Doings:
    """All that a fighter may be doing in a frame, by number; made by `doings`.

    The first two are being free and guarding, in which the fighter chooses: `chosen` says what it then does.

    Attributes:
        names: what each is.
        chosen: what a fighter does who is free, or guarding, and chooses an action, `[2, actions]`.
        then: what follows if nothing happens.
        met: what follows where it has met the other.
        kind: STRIKE or GRAB in active frames, else 0.
        up: whether it guards.
        step: by how much it moves apart.
        stunned: whether it can do nothing.
        stun: the first of so many frames of stun, by their number.
    """

    names: tuple[str, ...]
    chosen: Integers
    then: Integers
    met: Integers
    kind: Integers
    up: npt.NDArray[np.bool_]
    step: Integers
    stunned: npt.NDArray[np.bool_]
    stun: Integers


def checked_blow(blow: Blow, name: str) -> Blow:
    """A blow whose numbers are whole and not negative, with one frame of start-up and one active at least."""
    for field in ("start_up", "active"):
        positive_integer(getattr(blow, field, None), f"{field} of {name}")
    for field in ("recovery", "reach", "damage", "stun", "guarded", "push"):
        positive_integer(getattr(blow, field, None), f"{field} of {name}", at_least=0)
    return blow


def checked_actions(actions: Sequence[str]) -> tuple[str, ...]:
    """Different actions, of those that there are."""
    given = tuple(actions) if not isinstance(actions, str) else (actions,)
    if not given or len(set(given)) < len(given) or not set(given) <= set(ACTIONS):
        raise InputError(f"actions are different ones of {', '.join(ACTIONS)}; got {', '.join(map(str, given))}")
    return given


def doings(attack: Blow, throw: Blow, actions: Sequence[str]) -> Doings:
    """All that fighters with these blows may be doing.

    >>> made = doings(ATTACK, THROW, ACTIONS)
    >>> made.names[made.chosen[0, 2]], made.names[made.chosen[1, 3]], len(made.names)
    ('attack 1', 'guard', 22)
    """
    names = ["free", "guarding", "in", "raise guard", "guard"]
    then, met = [FREE, GUARDING, FREE, GUARDING, GUARDING], [0] * 5
    first = {"in": 2, "guard": 3}
    kind, step = [0] * 5, [0, 0, -1, 0, 0]
    frames = {"out": (BACK, BACK, 0), "attack": (attack.start_up, attack.active, STRIKE),
              "throw": (throw.start_up, throw.active, GRAB)}  # fmt: skip
    lengths = {"out": BACK, "attack": attack.frames, "throw": throw.frames}
    for name, (start_up, active, what) in frames.items():
        first[name], length = len(names), lengths[name]
        recovery = len(names) + start_up + active
        for k in range(length):
            names.append(f"{name} {k + 1}")
            then.append(len(names) if k + 1 < length else FREE)
            met.append(recovery if recovery < first[name] + length else FREE)
            kind.append(what if start_up <= k < start_up + active else 0)
            step.append(int(name == "out" and k + 1 == length))
    longest = max(attack.stun, attack.guarded, throw.stun)
    stun = np.array([FREE, *(len(names) + k for k in range(longest))], np.int64)
    for k in range(longest):
        names.append(f"stun {k + 1}")
        then.append(int(stun[k]))
    more = [0] * longest
    whole = np.array([[first[name] for name in actions]] * 2, np.int64)
    whole[GUARDING, [k for k, name in enumerate(actions) if name == "guard"]] = 4
    return Doings(
        tuple(names), whole, np.array(then, np.int64), np.array(met + more), np.array(kind + more),
        np.array([name == "guard" for name in names]), np.array(step + more),
        np.array([name.startswith("stun") for name in names]), stun,
    )  # fmt: skip
