"""Harvest and Cleanup written with NumPy, one orchard at a time and field by field, as the rules are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Place = tuple[int, int]

AHEAD = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""Up, right, down, left."""
MOVES = {"left": -1, "right": 1, "ahead": 0, "back": 2}
"""Quarters to the right of where a player looks."""


@dataclass
class PlainOrchard:
    """An orchard that is being played.

    Attributes:
        rows: of the map.
        places: of the players, by row and column; None of one who is out.
        looks: where they look, in quarters to the right of up.
        names: of actions, by number.
        regrowth: of Harvest, chances by the number of apples near; None for Cleanup.
        radius: within which apples are near.
        river: of Cleanup, growth, spread, depletion and restoration.
        beam: length and width.
        view: rows and columns of a window.
        time_out: rounds that one who is hit is out.
        cost: of firing.
        fine: of being hit.
    """

    rows: Sequence[str]
    places: list[Place | None]
    looks: list[int]
    names: Sequence[str]
    regrowth: Sequence[float] | None = None
    radius: float = 2.0
    river: tuple[float, float, float, float] = (0.05, 0.5, 0.4, 0.0)
    beam: tuple[int, int] = (5, 3)
    view: int = 15
    time_out: int = 0
    cost: float = 1.0
    fine: float = 50.0
    out: list[int] = field(init=False)
    apples: dict[Place, bool] = field(init=False)
    waste: dict[Place, bool] = field(init=False)
    starts: list[Place] = field(init=False)

    def __post_init__(self) -> None:
        """Read the map."""
        signs = {(i, j): sign for i, row in enumerate(self.rows) for j, sign in enumerate(row)}
        self.free = {place for place, sign in signs.items() if sign != "@"}
        self.apples = {place: sign == "A" for place, sign in signs.items() if sign in "AB"}
        self.waste = {place: sign == "H" for place, sign in signs.items() if sign in "RH"}
        self.water = {place for place, sign in signs.items() if sign in "RHS"}
        self.starts = [place for place, sign in signs.items() if sign == "P"] or [p for p in signs if p in self.free]
        self.out = [0] * len(self.places)

    def round(
        self, actions: Sequence[int], order: Sequence[float], apples: Floats, waste: Floats, back: Floats
    ) -> tuple[Floats, dict[str, list[int]]]:
        """Play a round; the random numbers are those that the library takes. What players get, and what each did."""
        n = len(self.places)
        done = ["stay" if place is None else self.names[a] for a, place in zip(actions, self.places, strict=True)]
        queue = sorted(range(n), key=lambda i: (order[i], i))
        self._move(done, queue)
        told = {"taken": [0] * n, "fired": [0] * n, "hit": [0] * n, "cleaned": [0] * n}
        for i, place in enumerate(self.places):
            if place is not None and self.apples.get(place):
                self.apples[place], told["taken"][i] = False, 1
        self._shoot(done, told)
        self._clean(done, queue, told)
        self._send_out(told["hit"])
        self._grow(apples, waste)
        self._bring_back(back)
        return np.array(told["taken"]) - self.cost * np.array(told["fired"]) - self.fine * np.array(told["hit"]), told

    def _move(self, done: Sequence[str], queue: Sequence[int]) -> None:
        wishes: dict[int, Place] = {}
        for i, what in enumerate(done):
            place = self.places[i]
            if what in MOVES and place is not None:
                down, right = AHEAD[(self.looks[i] + MOVES[what]) % 4]
                there = (place[0] + down, place[1] + right)
                if there in self.free:
                    wishes[i] = there
            self.looks[i] = (self.looks[i] + (what == "turn right") - (what == "turn left")) % 4
        for there in set(wishes.values()):
            for loser in [i for i in queue if wishes.get(i) == there][1:]:
                del wishes[loser]
        goes = {i for i in wishes if self._may_go(i, wishes)}
        self.places = [wishes[i] if i in goes else place for i, place in enumerate(self.places)]

    def _may_go(self, first: int, wishes: dict[int, Place]) -> bool:
        """Follow from a player to who stands where it wants to go, and so on."""
        chain = [first]
        while True:
            there = wishes.get(chain[-1])
            if there is None:
                return False
            if there not in self.places:
                return True
            follows = self.places.index(there)
            if follows in chain:  # a ring, of two it is an exchange
                return len(chain) - chain.index(follows) > 2
            chain.append(follows)

    def _lines(self, i: int) -> list[list[Place]]:
        """The fields of a beam, line by line, up to a wall."""
        place, (length, width) = self.places[i], self.beam
        assert place is not None
        down, right = AHEAD[self.looks[i]]
        made = []
        for aside in range(-(width // 2), width // 2 + 1):
            line = []
            for k in range(length):
                far = k + (aside == 0)
                there = (place[0] + far * down + aside * right, place[1] + far * right - aside * down)
                if there not in self.free:
                    break
                line.append(there)
            made.append(line)
        return made

    def _shoot(self, done: Sequence[str], told: dict[str, list[int]]) -> None:
        for i, what in enumerate(done):
            if what == "fire":
                told["fired"][i] = 1
                for line in self._lines(i):
                    target = next((there for there in line if there in self.places), None)
                    if target is not None:
                        told["hit"][self.places.index(target)] += 1

    def _clean(self, done: Sequence[str], queue: Sequence[int], told: dict[str, list[int]]) -> None:
        dirty = {place for place, is_dirty in self.waste.items() if is_dirty}
        for i in queue:
            if done[i] == "clean":
                for line in self._lines(i):
                    end = next((there for there in line if there in self.places or there in dirty), None)
                    if end in dirty and self.waste[end]:  # not yet counted for another player
                        self.waste[end], told["cleaned"][i] = False, told["cleaned"][i] + 1

    def _send_out(self, hit: Sequence[int]) -> None:
        for i, blows in enumerate(hit):
            self.out[i] = max(self.out[i] - 1, 0)
            if self.time_out and blows:
                self.places[i], self.out[i] = None, self.time_out

    def _grow(self, apples: Floats, waste: Floats) -> None:
        share = sum(self.waste.values()) / len(self.waste) if self.waste else 0.0
        chances = [self._chance(place, share) for place in self.apples]
        for place, chance, drawn in zip(list(self.apples), chances, apples, strict=True):
            if not self.apples[place] and place not in self.places and drawn < chance:
                self.apples[place] = True
        if self.waste and share < self.river[2] and waste[0] < self.river[1]:
            clean = [place for place, is_dirty in self.waste.items() if not is_dirty]
            if clean:
                self.waste[clean[int(waste[1] * len(clean))]] = True

    def _chance(self, place: Place, share: float) -> float:
        if self.regrowth is None:
            growth, _, depletion, restoration = self.river
            if share >= depletion:
                return 0.0
            return growth * min((depletion - share) / (depletion - restoration), 1.0)
        near = 0
        for there, is_apple in self.apples.items():
            near += is_apple and 0 < np.hypot(there[0] - place[0], there[1] - place[1]) <= self.radius
        return self.regrowth[min(near, len(self.regrowth) - 1)]

    def _bring_back(self, back: Floats) -> None:
        for i, place in enumerate(self.places):
            if place is None and not self.out[i]:
                room = [there for there in self.starts if there not in self.places]
                if room:
                    self.places[i] = room[int(back[i] * len(room))]

    def windows(self) -> npt.NDArray[np.float64]:
        """What all players see."""
        margin = self.view // 2
        shape = (len(self.rows) + 2 * margin, len(self.rows[0]) + 2 * margin)
        shown: dict[str, Any] = {"wall": np.ones(shape), "apple": np.zeros(shape), "player": np.zeros(shape)}
        if self.waste:
            shown |= {"river": np.zeros(shape), "waste": np.zeros(shape)}
        for i, j in self.free:
            shown["wall"][i + margin, j + margin] = 0
        there = {"apple": self.apples, "waste": self.waste, "river": dict.fromkeys(self.water, True),
                 "player": {p: True for p in self.places if p is not None}}  # fmt: skip
        for name in set(shown) - {"wall"}:
            for (i, j), flag in there[name].items():
                shown[name][i + margin, j + margin] = flag
        planes = np.stack(list(shown.values()))
        made = np.zeros((len(self.places), len(planes), self.view, self.view))
        for k, place in enumerate(self.places):
            if place is not None:
                i, j = place
                made[k] = np.rot90(planes[:, i : i + self.view, j : j + self.view], self.looks[k], axes=(1, 2))
        return made
