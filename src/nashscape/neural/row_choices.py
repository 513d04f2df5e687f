"""How the rows of tables are asked for, and what that is for a player who sees something."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, positive_integer
from nashscape.core.calls import public
from nashscape.environments.spaces import Space, is_discrete
from nashscape.neural.table_rows import Binned, Flagged, Mapped, Numbered, Viewed

MOST = 2**22
"""More rows than these are never filled."""

WAYS = "neural.bins(edges), neural.flags() where one of several flags is up, or neural.rows_by(function, count)"


class RowChoice(Protocol):
    """How an observation becomes a row."""

    def rows(self, space: Space, player: str) -> Any:
        """What it is for a player who sees this: a module with a `count`, called on an observation."""


@dataclass(frozen=True)
class Bins:
    """Bins of every coordinate of what is seen. Made by `bins`.

    Attributes:
        edges: of every coordinate, or how many bins of one width it has; one number for all of them.
    """

    edges: int | tuple[int | tuple[float, ...], ...]

    def rows(self, space: Space, player: str) -> Binned:
        """The boxes of a player.

        Raises:
            InputError: where they are bins of other coordinates, or of one width without bounds, and for too many.
        """
        if is_discrete(space):
            raise InputError(f"{player} sees a whole number, which is a row already: leave rows out")
        low, high = (own.ravel() for own in space.bounds)  # type: ignore[union-attr]
        wanted: Any = self.edges if isinstance(self.edges, tuple) else (self.edges,) * len(low)
        if len(wanted) != len(low):
            raise InputError(
                f"{player} sees {len(low)} numbers; got bins of {len(wanted)}: give edges for each, () for one that "
                "does not matter"
            )
        made = Binned(tuple(map(_edges, wanted, low, high, [f"number {k + 1} of {player}" for k in range(len(low))])))
        if made.count > MOST:
            raise InputError(f"{player} would have {made.count} rows; {MOST} are the most: take fewer bins")
        return made


@dataclass(frozen=True)
class Flags:
    """The flag that is up. Made by `flags`."""

    def rows(self, space: Space, player: str) -> Flagged:
        """As many rows as there are numbers.

        Raises:
            InputError: where a player sees a whole number.
        """
        if is_discrete(space):
            raise InputError(f"{player} sees a whole number, which is a row already: leave rows out")
        return Flagged(math.prod(space.shape))


@dataclass(frozen=True)
class RowsBy:
    """A function that says which row an observation belongs to. Made by `rows_by`.

    Attributes:
        function: from what is seen to a whole number from 0 on.
        count: how many rows there are.
    """

    function: Callable[[jax.Array], jax.Array]
    count: int

    def rows(self, space: Space, player: str) -> Mapped:
        """The function, which has been tried on what a player sees.

        Raises:
            InputError: for a function that fails on it, or gives no whole number.
        """
        kind = "int32" if is_discrete(space) else "float32"
        try:
            made: Any = jax.eval_shape(self.function, jax.ShapeDtypeStruct(space.shape, kind))
        except Exception as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise InputError(f"the function of rows fails on what {player} sees, {space}: {reason}") from error
        if getattr(made, "shape", None) != () or not jnp.issubdtype(made.dtype, jnp.integer):
            raise InputError(f"the function of rows must give one whole number of what {player} sees; it gives {made}")
        return Mapped(self.function, self.count)


@public()
def bins(edges: int | Sequence[int | Sequence[float]]) -> Bins:
    """Rows by bins: a player's row is the box in which what it sees lies.

    A coordinate with k edges `e_1 < … < e_k` has k + 1 bins: below e_1, from e_1 on up to e_2, and so on; a value on an
    edge lies in the bin above it. Boxes are counted with the last coordinate fastest.

    Args:
        edges: for every number that is seen, in the order of the array, its edges, or how many bins of one width there
            are between its bounds; () for one that does not matter. One number for all of them.

    Raises:
        InputError: for edges that do not rise. From `tables`: for bins of another number of coordinates than there are,
            and bins of one width where there are no bounds.

    Example:
        >>> from nashscape.environments.spaces import reals
        >>> boxes = bins([(0.5,), (10, 20)]).rows(reals(2), "player 1")
        >>> boxes.count, int(boxes(jnp.array([0.7, 10.0])))     # second of two, second of three
        (6, 4)
    """
    if not hasattr(edges, "__iter__"):
        return Bins(positive_integer(edges, "edges"))
    return Bins(tuple(_given(own, f"edges of number {k + 1}") for k, own in enumerate(edges)))


@public()
def flags() -> Flags:
    """Rows by flags: a player who sees several numbers of which one is 1, and the others 0, has the row of that one.

    Example:
        >>> from nashscape.environments.spaces import reals
        >>> int(flags().rows(reals(3), "player 1")(jnp.array([0.0, 1.0, 0.0])))
        1
    """
    return Flags()


@public()
def rows_by(function: Callable[[jax.Array], jax.Array], count: int) -> RowsBy:
    """Rows by a function of one's own, which JAX can trace: from an observation to a whole number from 0 to count − 1.

    Args:
        function: from what a player sees to its row; numbers outside stand for the nearest row.
        count: how many rows there are.

    Raises:
        InputError: for what cannot be called. From `tables`: for one that gives no whole number.

    Example:
        >>> rows_by(lambda seen: (seen[0] > 3).astype(int), 2).count
        2
    """
    if not callable(function):
        raise InputError(f"rows_by takes a function from what is seen to a row; got {function!r}")
    count = positive_integer(count, "count")
    if count > MOST:
        raise InputError(f"count must be at most {MOST}; got {count}")
    return RowsBy(function, count)


def rows_of(environment: Any, choices: Sequence[RowChoice | None]) -> tuple[Any, ...]:
    """The rows of every player, as chosen; of whole numbers themselves, and of known states what is seen in them.

    Raises:
        InputError: where nothing was chosen and what a player sees is not known to be one of finitely many things.
    """
    known = _views(environment)
    made: list[Any] = []
    for i, (space, chosen) in enumerate(zip(environment.observation_spaces, choices, strict=True)):
        player = f"player {i + 1}"
        if chosen is not None:
            made.append(chosen.rows(space, player))
        elif is_discrete(space):
            made.append(Numbered(space.n))
        elif known is not None:
            made.append(_viewed(known[i], made))
        else:
            raise InputError(
                f"{player} of {environment.name} sees numbers, {space}, and nobody knows which there are: say how they "
                f"become rows, as in rows={WAYS}"
            )
    return tuple(made)


def _views(environment: Any) -> tuple[Any, ...] | None:
    """What players see in the states of an environment, where all of these are known."""
    if getattr(environment, "views", None) is None or environment.exact() is None:
        return None
    return tuple(environment.views)


def _viewed(views: Any, before: Sequence[Any]) -> Viewed:
    """The different views, in the order of the states; in that of an earlier player who sees the same ones."""
    flat = np.asarray(views, np.float32).reshape(len(views), -1) + np.float32(0.0)  # no negative zeros
    first = np.sort(np.unique(flat, axis=0, return_index=True)[1])
    bits = flat[first].view(np.int32)
    for other in before:
        theirs = getattr(other, "bits", np.zeros((0, 0)))
        if np.array_equal(np.unique(bits, axis=0), np.unique(theirs, axis=0)):
            return Viewed(theirs)
    return Viewed(bits)


def _given(edges: Any, name: str) -> int | tuple[float, ...]:
    """Edges that rise, or how many bins."""
    if np.ndim(edges) == 0:
        return positive_integer(edges, name)
    own = finite_array(edges, name, ndim=1)
    if (np.diff(own) <= 0).any():
        raise InputError(f"{name} must rise; got {own.tolist()}")
    return tuple(own.tolist())


def _edges(wanted: Any, low: float, high: float, name: str) -> tuple[float, ...]:
    """Edges as given, or of bins of one width between bounds."""
    if isinstance(wanted, tuple):
        return wanted
    if wanted == 1:
        return ()
    ends: npt.NDArray[np.float64] = np.array([low, high])
    if not np.isfinite(ends).all() or low == high:
        raise InputError(f"{name} has no bounds, {low:g} to {high:g}, between which bins could lie: give edges")
    return tuple(np.linspace(low, high, wanted + 1)[1:-1].tolist())
