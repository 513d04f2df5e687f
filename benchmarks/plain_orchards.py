"""Harvest and Cleanup written with NumPy, one orchard at a time, as the rules are told and as one would write them.

What grows and what is seen are whole arrays over the map; players and their beams are followed one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
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
    apple: Flags = field(init=False)
    waste: Flags = field(init=False)

    def __post_init__(self) -> None:
        """Read the map."""
        signs = np.array([list(row) for row in self.rows])
        self.wall, self.water = signs == "@", np.isin(signs, list("RHS"))
        self.apple, self.waste = signs == "A", signs == "H"
        self.orchard, self.bed = np.isin(signs, list("AB")), np.isin(signs, list("RH"))
        begin = signs == "P" if (signs == "P").any() else ~self.wall
        self.starts: list[Place] = [(int(i), int(j)) for i, j in np.argwhere(begin)]
        self.out = [0] * len(self.places)
        far = int(self.radius)
        self.around = [(i, j) for i in range(-far, far + 1) for j in range(-far, far + 1)
                       if 0 < i * i + j * j <= self.radius**2]  # fmt: skip

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
            if place is not None and self.apple[place]:
                self.apple[place], told["taken"][i] = False, 1
        self._shoot(done, told)
        self._clean(done, queue, told)
        self._send_out(told["hit"])
        self._grow(apples, waste)
        self._bring_back(back)
        return np.array(told["taken"]) - self.cost * np.array(told["fired"]) - self.fine * np.array(told["hit"]), told

    def _open(self, there: Place) -> bool:
        inside = 0 <= there[0] < self.wall.shape[0] and 0 <= there[1] < self.wall.shape[1]
        return inside and not self.wall[there]

    def _move(self, done: Sequence[str], queue: Sequence[int]) -> None:
        wishes: dict[int, Place] = {}
        for i, what in enumerate(done):
            place = self.places[i]
            if what in MOVES and place is not None:
                down, right = AHEAD[(self.looks[i] + MOVES[what]) % 4]
                there = (place[0] + down, place[1] + right)
                if self._open(there):
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
                if not self._open(there):
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
        dirty = self.waste.copy()
        for i in queue:
            if done[i] == "clean":
                for line in self._lines(i):
                    end = next((there for there in line if there in self.places or dirty[there]), None)
                    if end is not None and dirty[end] and self.waste[end]:  # not yet counted for another player
                        self.waste[end], told["cleaned"][i] = False, told["cleaned"][i] + 1

    def _send_out(self, hit: Sequence[int]) -> None:
        for i, blows in enumerate(hit):
            self.out[i] = max(self.out[i] - 1, 0)
            if self.time_out and blows:
                self.places[i], self.out[i] = None, self.time_out

    def _grow(self, apples: Floats, waste: Floats) -> None:
        fields = int(self.bed.sum())
        share = self.waste.sum() / fields if fields else 0.0
        drawn = np.ones(self.wall.shape)
        drawn[self.orchard] = apples
        grows = drawn < self._chance(float(share))
        for place in self.places:
            if place is not None:
                grows[place] = False
        self.apple |= grows
        if fields and share < self.river[2] and waste[0] < self.river[1]:
            clean = np.argwhere(self.bed & ~self.waste)
            if len(clean):
                self.waste[tuple(clean[int(waste[1] * len(clean))])] = True

    def _chance(self, share: float) -> Floats | float:
        """Of an apple, on every field or everywhere."""
        if self.regrowth is None:
            growth, _, depletion, restoration = self.river
            if share >= depletion:
                return 0.0
            return growth * min((depletion - share) / (depletion - restoration), 1.0)
        far, (height, width) = int(self.radius), self.wall.shape
        padded = np.pad(self.apple, far).astype(np.intp)
        near = sum(padded[far + i : far + i + height, far + j : far + j + width] for i, j in self.around)
        return np.asarray(self.regrowth, float)[np.minimum(near, len(self.regrowth) - 1)]

    def _bring_back(self, back: Floats) -> None:
        for i, place in enumerate(self.places):
            if place is None and not self.out[i]:
                room = [there for there in self.starts if there not in self.places]
                if room:
                    self.places[i] = room[int(back[i] * len(room))]

    def windows(self) -> Floats:
        """What all players see."""
        margin, (height, width) = self.view // 2, self.wall.shape
        people = np.zeros((height, width), bool)
        for place in self.places:
            if place is not None:
                people[place] = True
        shown = [self.wall, self.apple, people, *([self.water, self.waste] if self.bed.any() else [])]
        planes = np.zeros((len(shown), height + 2 * margin, width + 2 * margin))
        planes[0] = 1.0
        planes[:, margin : margin + height, margin : margin + width] = shown
        made = np.zeros((len(self.places), len(planes), self.view, self.view))
        for k, place in enumerate(self.places):
            if place is not None:
                i, j = place
                made[k] = np.rot90(planes[:, i : i + self.view, j : j + self.view], self.looks[k], axes=(1, 2))
        return made
