"""The points of a study: all combinations of the values of blocks, in each of which names vary together."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nashscape.core import InputError, unknown
from nashscape.studies.faults import placed

RESERVED = ("design", "count", "seed")
"""The words of a block that are no names of what varies."""

MOST = 10_000_000
"""Points of a study at most."""


@dataclass(frozen=True)
class Block:
    """Names that vary together.

    Attributes:
        values: for every name its values, all of one length.
    """

    values: Mapping[str, tuple[Any, ...]]

    def __len__(self) -> int:
        """How many values each name has."""
        return len(next(iter(self.values.values())))


@dataclass(frozen=True)
class Points:
    """All combinations of the values of all blocks; the last block varies fastest.

    Example:
        >>> from nashscape.studies.designs import points_of
        >>> made = points_of([{"rule": ["pg", "lola"]}, {"peer": {"from": 0, "to": 1, "count": 3}}])
        >>> len(made), made[4]
        (6, {'rule': 'lola', 'peer': 0.5})
    """

    blocks: tuple[Block, ...]

    def __len__(self) -> int:
        """How many points there are: one where nothing varies."""
        return math.prod(len(block) for block in self.blocks)

    def __getitem__(self, k: int) -> dict[str, Any]:
        """The values by name at a point."""
        places = [int(place) for place in np.unravel_index(k, self._shape)] if self.blocks else []
        return {
            name: own[place]
            for block, place in zip(self.blocks, places, strict=True)
            for name, own in block.values.items()
        }

    def every_value(self) -> Iterator[dict[str, Any]]:
        """Points among which every value of every name is, as few as there can be."""
        for k in range(max(self._shape, default=1)):
            yield {name: own[min(k, len(own) - 1)] for block in self.blocks for name, own in block.values.items()}

    @cached_property
    def _shape(self) -> tuple[int, ...]:
        return tuple(len(block) for block in self.blocks)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what varies."""
        return tuple(name for block in self.blocks for name in block.values)

    def where(self, values: Mapping[str, Sequence[Any]]) -> "Points":
        """The points at which names have one of some values; the others as they are.

        >>> from nashscape.studies.designs import points_of
        >>> made = points_of([{"rule": ["pg", "lola"], "peer": [0, 1]}, {"steps": [5, 6]}]).where({"rule": ["lola"]})
        >>> [made[k] for k in range(len(made))]
        [{'rule': 'lola', 'peer': 1, 'steps': 5}, {'rule': 'lola', 'peer': 1, 'steps': 6}]

        Raises:
            InputError: for a name that does not vary, or a value that it never has, with the name as its place.
        """
        for name, wanted in values.items():
            with placed(name):
                if name not in self.names:
                    raise unknown("name of what varies", name, self.names)
                for own in wanted:
                    if own not in self.values(name):
                        known = ", ".join(map(repr, self.values(name)))
                        raise InputError(f"{name} is never {own!r}; its values are {known}")
        kept = Points(tuple(_kept(block, values) for block in self.blocks))
        if not len(kept):
            raise InputError(f"no point is left where {' and '.join(values)} have these values together")
        return kept

    def only(self, names: Sequence[str]) -> "Points":
        """The points of some of the names."""
        kept = (Block({name: own for name, own in block.values.items() if name in names}) for block in self.blocks)
        return Points(tuple(block for block in kept if block.values))

    def values(self, name: str) -> tuple[Any, ...]:
        """All values of a name."""
        [found] = [block.values[name] for block in self.blocks if name in block.values]
        return tuple(found)


def _kept(block: Block, values: Mapping[str, Sequence[Any]]) -> Block:
    """The places of a block at which its names have one of some values."""
    asked = [name for name in block.values if name in values]
    places = [k for k in range(len(block)) if all(block.values[name][k] in values[name] for name in asked)]
    return Block({name: tuple(own[k] for k in places) for name, own in block.values.items()})
