"""What varies in a study: lists, grids, random and Sobol designs, pairs of rules; blocks are crossed."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nashscape.core import InputError, nearest, positive_integer, unknown
from nashscape.studies.faults import Faults, placed
from nashscape.studies.points import MOST, RESERVED, Block, Points
from nashscape.studies.ranges import check_keys, filled_range, spaced

DESIGNS = ("together", "random", "sobol")
"""How the names of one block vary: their lists side by side, or their ranges filled at random or evenly."""


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
        check_keys(given, ("pairs",), name)
        if not isinstance(given["pairs"], Sequence) or isinstance(given["pairs"], str) or not given["pairs"]:
            raise InputError(f"the pairs of {name} are a list of rules; got {given['pairs']!r}")
        return (list(pair) for pair in itertools.product(given["pairs"], repeat=2))
    if isinstance(given, Mapping) and "ordinal" in given:
        check_keys(given, ("ordinal",), name)
        return _ordinal(given["ordinal"], name)
    if isinstance(given, Mapping) and set(given) & {"from", "to"}:
        return iter(spaced(given, name))
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
            ranges.append(filled_range(given[name], name, design))
    faults.check()
    shares = _sobol(len(names), count, seed) if design == "sobol" else _random(len(names), count, seed)
    values = {}
    for name, (low, high, log), own in zip(names, ranges, shares.T, strict=True):
        made = np.exp(np.log(low) + own * np.log(high / low)) if log else low + own * (high - low)
        values[name] = tuple(float(value) for value in made)
    return Block(values)


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
