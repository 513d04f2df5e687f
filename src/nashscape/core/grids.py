"""Results whose rows are a grid: every combination of some coordinates has one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.columns import Columns, columns_of, told_of
from nashscape.core.errors import InputError
from nashscape.core.pictures import function_named


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Columns of a result along what varies.

    Attributes:
        dimensions: names of what varies, outermost first, each with its coordinates in the order of the rows.
        arrays: columns by name, of the shape of the dimensions.
        scalars: what is the same everywhere, by name.
    """

    dimensions: Columns
    arrays: Columns
    scalars: dict[str, Any]


def grid_of(result: Any) -> LaidOut:
    """The columns of a result, laid out along the dimensions that its class names, `as_grid`.

    Raises:
        InputError: for a result whose class names none, and where a combination has no row, or more than one.
    """
    kind = type(result)
    if not kind.as_grid:
        raise InputError(
            f"the rows of a {kind.__name__} are no grid; to_frame and to_columns give them one under the other"
        )
    names: Mapping[str, str] = function_named(kind, "as_grid")(result)
    columns, told = columns_of(result), told_of(result)
    scalars = {name: np.asarray(own)[()] for name, own in told.items() if np.ndim(own) == 0}
    varying = {name: own for name, own in columns.items() if name not in scalars}
    dimensions: Columns = {}
    rows = np.zeros(1, int)
    for name, column in names.items():
        coordinates, place = _in_order(varying[column])
        dimensions[name if name == column or name not in columns else column] = coordinates
        rows = rows * len(coordinates) + place
    shape = tuple(len(own) for own in dimensions.values())
    if not np.array_equal(np.sort(rows), np.arange(np.prod(shape))):
        raise InputError(
            f"the rows of this {kind.__name__} are no grid over {', '.join(dimensions)}: combinations have no row, or "
            "several; to_frame and to_columns give them one under the other"
        )
    order = np.argsort(rows)
    arrays = {name: own[order].reshape(shape) for name, own in varying.items() if name not in names.values()}
    return LaidOut(dimensions, arrays, scalars)


def _in_order(column: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """The different values of a column in the order in which they come, and of every row the place of its value."""
    _, first, place = np.unique(column, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return column[first[order]], np.argsort(order)[place]
