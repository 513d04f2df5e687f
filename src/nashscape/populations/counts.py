"""Tables of plays and sums of payoffs that grow with the pools, and know which profiles are one but for places."""

from collections.abc import Iterator, Sequence
from itertools import permutations, product
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Profile = tuple[int, ...]


class Counts:
    """What profiles of members paid, in tables of powers of two.

    Args:
        seats: of every side its pool; what a profile paid is known of all that change the places of one pool's members.

    Attributes:
        sizes: how many members each side can take.
        sums: of payoffs, `[k, …]`.
        plays: how many, `[…]`.
        errors: which part of all error the mean of each profile was given, `[…]`.
        batches: how often errors were given.
    """

    def __init__(self, seats: Sequence[int]) -> None:
        """See the class."""
        k = len(seats)
        self.sizes: tuple[int, ...] = (0,) * k
        self.sums, self.plays, self.errors = np.zeros((k, *[1] * k)), np.zeros([1] * k), np.zeros([1] * k)
        self.batches = 0
        self._orders = [order for order in permutations(range(k))
                        if all(seats[a] == seats[b] for a, b in enumerate(order))]  # fmt: skip

    def make_room(self, sizes: tuple[int, ...]) -> None:
        """Tables of the next powers of two, with what they had."""
        self.sizes = sizes
        room = tuple(1 << max(0, (m - 1).bit_length()) for m in sizes)
        if room == self.plays.shape:
            return
        had: Any = (..., *(slice(min(a, b)) for a, b in zip(room, self.plays.shape, strict=True)))
        for name in ("sums", "plays", "errors"):
            old = getattr(self, name)
            new = np.zeros((*old.shape[: old.ndim - len(room)], *room))
            new[had] = old[had]
            setattr(self, name, new)

    def set(self, sums: Floats, plays: Floats, errors: Floats, batches: int) -> None:
        """Counts that were kept, of the members that are there."""
        place: Any = (..., *(slice(m) for m in self.sizes))
        self.sums[place], self.plays[place], self.errors[place], self.batches = sums, plays, errors, batches

    def there(self, table: Floats) -> Floats:
        """The part of a table that members have."""
        place: Any = (..., *(slice(m) for m in self.sizes))
        found: Floats = table[place]
        return found

    def profiles(self) -> Iterator[Profile]:
        """All profiles, of those that are one but for the places of members the first."""
        return (one for one in product(*map(range, self.sizes)) if one == min(self.alike(one)))

    def alike(self, profile: Profile) -> dict[Profile, Sequence[int]]:
        """The profiles that change the places of its members, each with the order that makes it."""
        made: dict[Profile, Sequence[int]] = {}
        for order in self._orders:
            made.setdefault(tuple(profile[a] for a in order), order)
        return made

    def write(self, profile: Profile, sums: Floats, count: int) -> None:
        """Add plays of a profile, and what each side got in them together."""
        for other, order in self.alike(profile).items():
            place: Any = (slice(None), *other)
            self.sums[place] += sums[list(order)]
            self.plays[other] += count

    def give_errors(self, new: Sequence[Profile]) -> None:
        """Share out what new profiles may miss: `1/((b + 1)(b + 2))` the b-th time, alike among all their means."""
        if not new:
            return
        each = 1.0 / ((self.batches + 1) * (self.batches + 2) * len(new) * len(self.sizes))
        for profile in new:
            for other in self.alike(profile):
                self.errors[other] = each
        self.batches += 1
