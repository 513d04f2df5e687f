"""What varies in a study: lists, grids, random and Sobol designs, pairs of rules; blocks are crossed."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nashscape.core import InputError, finite_number, nearest, positive_integer, unknown
from nashscape.studies.faults import Faults, placed

DESIGNS = ("together", "random", "sobol")
"""How the names of one block vary: their lists side by side, or their ranges filled at random or evenly."""

RESERVED = ("design", "count", "seed")
"""The words of a block that are no names of what varies."""

RANGE = ("from", "to", "count", "log")
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


def points_of(blocks: Sequence[Mapping[str, Any]]) -> Points:
    """The points of blocks as studies write them.

    Args:
        blocks: each a mapping from names to values: a list, or a range `{"from": 0, "to": 1, "count": 11}`, evenly
            spaced with both ends, with `"log": True` in equal ratios. Names of one block vary together, so that their
            lists are equally long. With `"design": "random"` or `"sobol"`, a `"count"` and a `"seed"` (0) all names
            have ranges without counts, and the points fill the box that they span; of random rules, pairs:
            `{"pairs": ["pg", "lola"]}` stands for all ordered pairs of these rules, one for each of two players; of
            games, `{"ordinal": "all"}` for the 144 strict ordinal games of two actions, "symmetric" for
            twelve of them, "two equilibria" for the eighteen with two strict pure equilibria.

    Raises:
        InputError: for names that occur twice, lists of different lengths, ranges that are none, too many points.
    """
    if isinstance(blocks, str | Mapping) or not isinstance(blocks, Sequence):
        raise InputError(f"what varies is a list of blocks, as [{{'peer': [0, 1, 2]}}]; got {blocks!r}")
    faults, found = Faults(), list[Block]()
    for k, given in enumerate(blocks):
        with faults.at(k):
            found.append(_block(given, k))
            for name in found[-1].values:
                if any(name in other.values for other in found[:-1]):
                    with faults.at(k, name):
                        raise InputError(f"{name} varies twice; give all of its values in one block")
    faults.check()
    made = Points(tuple(found))
    if len(made) > MOST:
        raise InputError(f"there are {len(made)} points, and a study has {MOST} at most")
    return made


def right_blocks(blocks: Any) -> Iterator[Block]:
    """Of blocks among which some are wrong those that are not."""
    names: set[str] = set()
    for k, given in enumerate(blocks if isinstance(blocks, list | tuple) else ()):
        try:
            block = _block(given, k)
        except InputError:
            continue
        if not names & {*block.values}:
            names |= {*block.values}
            yield block


def _block(given: Mapping[str, Any], k: int) -> Block:
    if not isinstance(given, Mapping):
        raise InputError(f"a block of what varies is a table of names and values, as peer = [0, 1, 2]; got {given!r}")
    design = given.get("design", "together")
    names = [name for name in given if name not in RESERVED]
    if design not in DESIGNS:
        with placed("design"):
            raise unknown("design", design, DESIGNS)
    if not names:
        raise InputError(f"block {k + 1} of what varies names nothing; give a name and values, as peer = [0, 1, 2]")
    if design != "together":
        return _filled(given, names, design)
    faults, values = Faults(), dict[str, tuple[Any, ...]]()
    for word in ("count", "seed"):
        if word in given:
            with faults.at(word):
                raise InputError(
                    f"{word} is of random and Sobol designs; say design = 'random' or 'sobol', or leave it out"
                )
    for name in names:
        with faults.at(name):
            values[name] = tuple(_values(given[name], name))
    faults.check()
    lengths = {name: len(own) for name, own in values.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {count}" for name, count in lengths.items())
        raise InputError(f"what varies together has as many values each; got {said}: blocks of their own are crossed")
    return Block(values)


def _values(given: Any, name: str) -> Iterator[Any]:
    if isinstance(given, Mapping) and "pairs" in given:
        _check_keys(given, ("pairs",), name)
        if not isinstance(given["pairs"], Sequence) or isinstance(given["pairs"], str) or not given["pairs"]:
            raise InputError(f"the pairs of {name} are a list of rules; got {given['pairs']!r}")
        return (list(pair) for pair in itertools.product(given["pairs"], repeat=2))
    if isinstance(given, Mapping) and "ordinal" in given:
        _check_keys(given, ("ordinal",), name)
        return _ordinal(given["ordinal"], name)
    if isinstance(given, Mapping) and set(given) & {"from", "to"}:
        return iter(_spaced(given, name))
    if isinstance(given, str | Mapping) or not isinstance(given, Sequence | np.ndarray):
        raise InputError(
            f"{name} varies over a list, as [0, 1, 2], or a range, as {{from = 0, to = 1, count = 11}}; got {given!r}"
            f"{nearest(name, RESERVED)}"
        )
    if not len(given):
        raise InputError(f"{name} varies over no value at all; give a list with some")
    return iter(given.tolist() if isinstance(given, np.ndarray) else given)


def _ordinal(which: Any, name: str) -> Iterator[str]:
    """Strict ordinal games of two players with two actions, by their names."""
    from nashscape.games.topology import all_games, symmetric_games, with_two_equilibria

    makers: Mapping[str, Callable[[], Sequence[Any]]] = {
        "all": all_games,
        "symmetric": symmetric_games,
        "two equilibria": with_two_equilibria,
    }
    if which not in makers:
        raise unknown(f"set of ordinal games of {name}", which, makers)
    return (f"ordinal:{game.abbreviation}" for game in makers[which]())


def _spaced(given: Mapping[str, Any], name: str) -> list[float]:
    """Evenly spaced values, whole ones where all are."""
    _check_keys(given, RANGE, name)
    low, high, log = _ends(given, name)
    if "count" not in given:
        raise InputError(f"the range of {name} needs a count, as {{from = 0, to = 1, count = 11}}")
    with placed("count"):
        count = positive_integer(given["count"], f"count of {name}", at_least=2)
        if count > MOST:
            raise InputError(f"count of {name} must be at most {MOST}; got {count}")
    if log:
        return [float(value) for value in np.geomspace(low, high, count)]
    # by products rather than sums, and rounded, so that 0.3 is not 0.30000000000000004
    digits = 12 - math.floor(math.log10(max(abs(low), abs(high))))
    made = [round(low + (high - low) * k / (count - 1), digits) for k in range(count)]
    return [*made[:-1], high]


def _ends(given: Mapping[str, Any], name: str) -> tuple[float, float, bool]:
    for word in ("from", "to"):
        if word not in given:
            raise InputError(f"the range of {name} needs {word!r}, as {{from = 0, to = 1, count = 11}}")
    faults, ends = Faults(), list[float]()
    for word in ("from", "to"):
        with faults.at(word):
            ends.append(finite_number(given[word], f"{word!r} of {name}"))
    log = given.get("log", False)
    if not isinstance(log, bool):
        with faults.at("log"):
            raise InputError(f"log of {name} is true or false; got {log!r}")
    faults.check()
    low, high = ends
    if not low < high:
        raise InputError(f"the range of {name} goes from {low:g} to {high:g}; 'from' must be less than 'to'")
    if log and low <= 0:
        raise InputError(f"equal ratios need positive ends; the range of {name} begins at {low:g}")
    return low, high, log


def _filled(given: Mapping[str, Any], names: list[str], design: str) -> Block:
    """Points that fill a box: independent uniform ones, or a scrambled Sobol sequence."""
    faults, ranges = Faults(), []
    if "count" not in given:
        with faults.at():
            raise InputError(f"a {design} design needs a count, as count = 64")
    with faults.at("count"):
        count = positive_integer(given.get("count", 1), "count")
        if count > MOST:
            raise InputError(f"count must be at most {MOST}; got {count}")
    with faults.at("seed"):
        seed = positive_integer(given.get("seed", 0), "seed of the design", at_least=0)
    for name in names:
        with faults.at(name):
            ranges.append(_range(given[name], name, design))
    faults.check()
    shares = _sobol(len(names), count, seed) if design == "sobol" else _random(len(names), count, seed)
    values = {}
    for name, (low, high, log), own in zip(names, ranges, shares.T, strict=True):
        made = np.exp(np.log(low) + own * np.log(high / low)) if log else low + own * (high - low)
        values[name] = tuple(float(value) for value in made)
    return Block(values)


def _range(given: Any, name: str, design: str) -> tuple[float, float, bool]:
    if not isinstance(given, Mapping):
        raise InputError(
            f"in a {design} design {name} has a range, as {{from = 0, to = 1}}; got {given!r}{nearest(name, RESERVED)}"
        )
    _check_keys(given, ("from", "to", "log"), name)
    return _ends(given, name)


def _random(dimensions: int, count: int, seed: int) -> Any:
    # point by point, so that more points keep those that were there
    return np.random.default_rng([seed, dimensions]).random((count, dimensions))


def _sobol(dimensions: int, count: int, seed: int) -> Any:
    from scipy.stats import qmc

    # in powers of two, in which the sequence is balanced; the first ones of it
    made = qmc.Sobol(dimensions, rng=np.random.default_rng([seed, dimensions])).random_base2(
        math.ceil(math.log2(count))
    )
    return made[:count]


def _check_keys(given: Mapping[str, Any], known: Sequence[str], name: str) -> None:
    faults = Faults()
    for key in given:
        if key not in known:
            with faults.at(key):
                raise unknown(f"word in the values of {name}", key, known)
    faults.check()
