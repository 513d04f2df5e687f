"""Twelve scripted fighters, each a few rules, as policies of a duel."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.environments.duels.duel_game import Duel
from nashscape.environments.duels.frame_data import ACTIONS
from nashscape.environments.duels.one_frame import DISTANCE

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


class Sight:
    """What a scripted fighter looks at, in every state of a duel, in its own view.

    Args:
        duel: with all actions.
    """

    def __init__(self, duel: Duel) -> None:
        told, states = duel.stage.doings, duel.tables.states
        self.distance = states[:, DISTANCE]
        self.lead = states[:, 3] - states[:, 4]
        self.strike, self.grab = duel.stage.attack.reach, duel.stage.throw.reach
        self.near: Truths = self.distance <= self.strike
        self.close: Truths = self.distance <= self.grab
        # how long the other can do nothing, and whether it still strikes, counted along what follows
        left, harms, now = np.zeros(len(states), np.int64), np.zeros(len(states), bool), states[:, 1]
        while (now > 1).any():
            left, harms = left + (now > 1), harms | (told.kind[now] > 0)
            now = np.where(now > 1, told.then[now], now)
        self.open: Truths = (left > duel.stage.attack.start_up) & ~harms
        """Whether an attack begun now meets the other before it can do anything."""

    def play(self, *rules: tuple[Truths, Mapping[str, float]], otherwise: Mapping[str, float]) -> Floats:
        """The policy that follows the first rule that applies."""
        made = np.tile(_mixture(otherwise), (len(self.distance), 1))
        for applies, mixture in reversed(rules):
            made[applies] = _mixture(mixture)
        return made


def _mixture(parts: Mapping[str, float]) -> Floats:
    return np.array([parts.get(name, 0.0) for name in ACTIONS])


IN, OUT, ATTACK, GUARD, THROW = ({name: 1.0} for name in ACTIONS)
THIRDS = {"attack": 1 / 3, "guard": 1 / 3, "throw": 1 / 3}


def novice(see: Sight) -> Floats:
    """Does anything, at random."""
    return see.play(otherwise=dict.fromkeys(ACTIONS, 0.2))


def rusher(see: Sight) -> Floats:
    """Walks in and attacks as soon as it is in reach."""
    return see.play((see.near, ATTACK), otherwise=IN)


def turtle(see: Sight) -> Floats:
    """Guards, whatever happens."""
    return see.play(otherwise=GUARD)


def grappler(see: Sight) -> Floats:
    """Walks in until it can throw."""
    return see.play((see.close, THROW), otherwise=IN)


def runner(see: Sight) -> Floats:
    """Walks out, and guards where it can go no further than out of reach by two."""
    return see.play((see.distance > see.strike + 1, GUARD), otherwise=OUT)


def spacer(see: Sight) -> Floats:
    """Keeps the distance at which its attack just reaches, and attacks there every other time."""
    return see.play((see.distance > see.strike, IN), (see.distance < see.strike, OUT),
                    otherwise={"attack": 0.5, "guard": 0.5})  # fmt: skip


def whiff_punisher(see: Sight) -> Floats:
    """Waits one step out of reach with its guard up, and goes in when the other has missed."""
    return see.play((see.open & see.near, ATTACK), (see.open, IN), (see.near, OUT), (see.distance > see.strike + 1, IN),
                    otherwise=GUARD)  # fmt: skip


def counter_puncher(see: Sight) -> Floats:
    """Walks in, guards, and attacks whoever cannot answer."""
    return see.play((see.open & see.near, ATTACK), (see.near, GUARD), otherwise=IN)


def pressurer(see: Sight) -> Floats:
    """Walks in close, and attacks or throws, evenly."""
    return see.play((see.close, {"attack": 0.5, "throw": 0.5}), otherwise=IN)


def mixer(see: Sight) -> Floats:
    """Walks in close, and attacks, guards or throws, evenly."""
    return see.play((see.close, THIRDS), otherwise=IN)


def front_runner(see: Sight) -> Floats:
    """Rushes until it has more health, then walks out and guards."""
    ahead = see.lead > 0
    return see.play((ahead & (see.distance <= see.strike + 1), OUT), (ahead, GUARD), (see.near, ATTACK), otherwise=IN)


def gambler(see: Sight) -> Floats:
    """Guards near the other while ahead or even, and does anything but guard when behind."""
    return see.play((see.lead < 0, {"in": 0.25, "attack": 0.5, "throw": 0.25}), (see.near, GUARD), otherwise=IN)


SCRIPTS: Mapping[str, Callable[[Sight], Floats]] = MappingProxyType({
    "novice": novice, "rusher": rusher, "turtle": turtle, "grappler": grappler, "runner": runner, "spacer": spacer,
    "whiff punisher": whiff_punisher, "counter puncher": counter_puncher, "pressurer": pressurer, "mixer": mixer,
    "front runner": front_runner, "gambler": gambler,
})  # fmt: skip


@public()
def duel_characters(duel: Duel) -> dict[str, Floats]:
    """Twelve scripted fighters, by name, as policies `[S, 5]`: of a few rules each the first that applies counts.

    Args:
        duel: with all five actions.

    Raises:
        InputError: for a duel with other actions.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel()
        >>> them = duel_characters(duel)
        >>> list(them)[:4], duel.payoffs(them["grappler"], them["turtle"]).round(3).tolist()
        (['novice', 'rusher', 'turtle', 'grappler'], [0.941, -0.941])
    """
    if duel.actions != ACTIONS:
        raise InputError(f"the characters choose from {', '.join(ACTIONS)}; this duel has {', '.join(duel.actions)}")
    see = Sight(duel)
    return {name: script(see) for name, script in SCRIPTS.items()}
