"""The numbers of a setup as they enter programs: fractions, whole numbers, masks and random keys.

Fractions have the precision of a run, whole numbers 32 bits. Masks stay booleans, so that `~mask` and `where=mask` mean
what they say; words (unsigned whole numbers) and random keys stay what they are, or they would draw other numbers.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Kind = tuple[tuple[int, ...], Any]
"""Shape, and the name of a type, or the type itself of random keys."""


def is_key(leaf: Any) -> bool:
    """Whether a leaf holds random keys as `jax.random.key` makes them, which NumPy does not know."""
    return bool(jnp.issubdtype(getattr(leaf, "dtype", None) or np.dtype(float), jax.dtypes.prng_key))


def as_array(leaf: Any) -> Any:
    """The leaf as an array, of NumPy where that knows it."""
    return leaf if is_key(leaf) else np.asarray(leaf)


def in_type(leaf: Any, fractions: Any) -> Any:
    """The leaf with fractions of a type.

    >>> import jax
    >>> [in_type(leaf, np.float32).dtype.name for leaf in (0.5, 2, True, np.uint32(7))]
    ['float32', 'int32', 'bool', 'uint32']
    >>> is_key(in_type(jax.random.key(3), np.float32))
    True
    """
    array = as_array(leaf)
    if is_key(array) or array.dtype.kind in "bu":
        return array
    return array.astype(np.int32 if array.dtype.kind == "i" else fractions)


def kind_of(leaf: Any) -> Kind:
    """Shape and type of an array."""
    return tuple(leaf.shape), leaf.dtype if is_key(leaf) else leaf.dtype.name


def blank(example: Any) -> Any:
    """An array of zeros of the shape and type of an example."""
    return (jnp if is_key(example) else np).zeros(example.shape, example.dtype)


def repeated(leaf: Any, count: int) -> Any:
    """The leaf so many times, one row each, which take no memory of their own but for random keys."""
    return (jnp if is_key(leaf) else np).broadcast_to(leaf, (count, *np.shape(leaf)))


def with_row(rows: Any, k: int, leaf: Any) -> Any:
    """Rows of which one is another; those of NumPy are changed in place, once they have memory of their own."""
    if is_key(rows):
        return rows.at[k].set(leaf)
    own = rows if rows.flags.writeable else np.array(rows)
    own[k] = leaf
    return own
