"""What happens in one frame of a duel, of many duels at once."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.environments.duels.frame_data import GRAB, STRIKE, Blow, Doings

Integers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

BOTH = ((0, 1), (1, 0))
DOING, DISTANCE, HEALTH = slice(0, 2), 2, slice(3, 5)
"""Columns of a state: what both fighters do, how far apart they are, and the health of both."""


class Contact(NamedTuple):
    """Who meets whom in a frame, of n duels, `[n, 2]` each.

    Attributes:
        strikes: who strikes within reach.
        guards: who guards against a strike.
        hit: who is hit.
        grabs: who grabs within reach; where both do, they break each other.
        thrown: who is thrown.
    """

    strikes: Truths
    guards: Truths
    hit: Truths
    grabs: Truths
    thrown: Truths


@dataclass(frozen=True)
class Stage:
    """Where fighters meet, and with what.

    Attributes:
        attack: its frame data.
        throw: its frame data.
        doings: all that a fighter may be doing.
        widest: the largest distance.
    """

    attack: Blow
    throw: Blow
    doings: Doings
    widest: int

    def does(self, states: Integers, actions: Integers) -> Integers:
        """What both do in the frame, `[n, 2]`: what they choose where they are free, else what they have begun."""
        now = states[:, DOING]
        return np.where(now < 2, self.doings.chosen[np.minimum(now, 1), actions], now)

    def contact(self, does: Integers, distance: Integers) -> Contact:
        """Who meets whom, of fighters that do these things, `[n, 2]`, so far apart, `[n]`."""
        told, apart = self.doings, distance[:, None]
        strikes = (told.kind[does] == STRIKE) & (apart <= self.attack.reach)
        guards = strikes[:, ::-1] & told.up[does]
        hit = strikes[:, ::-1] & ~guards
        grabs = (told.kind[does] == GRAB) & (apart <= self.throw.reach) & ~hit & ~told.stunned[does][:, ::-1]
        # who struck a grabber is not thrown: the grab is gone
        return Contact(strikes, guards, hit, grabs, grabs[:, ::-1] & ~grabs)

    def frame(self, states: Integers, actions: Integers) -> tuple[Integers, Integers]:
        """The states after a frame, `[n, 5]`, and the health that both lose in it, `[n, 2]`.

        Whoever strikes meets at the distance at which the frame begins, before anybody moves. Strikes go before grabs;
        two grabs break each other. Whoever is met does not move by itself.

        Args:
            states: what both do, the distance, and the health of both, `[n, 5]`.
            actions: of both, `[n, 2]`; those of fighters who are not free do not count.
        """
        told, does = self.doings, self.does(states, actions)
        strikes, guards, hit, grabs, thrown = self.contact(does, states[:, DISTANCE])
        damage = self.attack.damage * hit + self.throw.damage * thrown
        then = np.where(strikes | grabs, told.met[does], told.then[does])
        then = np.where(guards, told.stun[self.attack.guarded], then)
        then = np.where(thrown, told.stun[self.throw.stun], then)
        then = np.where(hit, told.stun[self.attack.stun], then)
        steps = (told.step[does] * ~(hit | thrown)).sum(axis=1)
        push = self.attack.push * strikes.any(axis=1) + self.throw.push * grabs.any(axis=1)
        now = np.empty_like(states)
        now[:, DOING], now[:, HEALTH] = then, np.maximum(states[:, HEALTH] - damage, 0)
        now[:, DISTANCE] = np.clip(states[:, DISTANCE] + steps + push, 0, self.widest)
        return now, states[:, HEALTH] - now[:, HEALTH]
