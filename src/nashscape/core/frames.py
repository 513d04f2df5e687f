"""Columns in the hands of other libraries: pandas, Polars, Arrow, xarray. Nothing of them is loaded before."""

import json
from typing import Any

import numpy as np

from nashscape.core.checks import choice
from nashscape.core.columns import Columns
from nashscape.core.extras import needs_package

LIBRARIES = ("pandas", "polars")
OTHERWISE = "to_columns gives NumPy arrays by name"


def frame_of(columns: Columns, library: str) -> Any:
    """Columns as a DataFrame; in Polars complex ones as two, of real and of imaginary parts.

    Raises:
        InputError: for another library, and where it is not installed.
    """
    choice(library, "library", LIBRARIES)
    needs_package(library, "to_frame", OTHERWISE)
    if library == "pandas":
        import pandas

        return pandas.DataFrame(dict(columns))
    import polars

    return polars.DataFrame({name: own.tolist() if own.dtype.kind == "U" else own for name, own in _real(columns)})


def arrow_of(columns: Columns) -> Any:
    """Columns as an Arrow table; complex ones as two, of real and of imaginary parts.

    Raises:
        InputError: where pyarrow is not installed.
    """
    needs_package("pyarrow", "to_arrow", OTHERWISE)
    import pyarrow

    made = {name: pyarrow.array(own.tolist() if own.dtype.kind == "U" else own) for name, own in _real(columns)}
    return pyarrow.table(made)


def dataset_of(result: Any) -> Any:
    """A result whose rows are laid out as a grid as an xarray Dataset; see `Result.to_xarray`.

    Raises:
        InputError: for a result without a grid, and where xarray is not installed.
    """
    needs_package("xarray", "to_xarray", OTHERWISE)
    import xarray

    from nashscape.core.grids import grid_of

    grid = grid_of(result)
    question = result.question
    return xarray.Dataset(
        {name: (tuple(grid.dimensions), own) for name, own in grid.arrays.items()},
        coords={**grid.dimensions, **grid.scalars},
        attrs={
            "kind": question.kind,
            "question": json.dumps(question.data, ensure_ascii=False),
            "nashscape": result.provenance.version,
        },
    )


def _real(columns: Columns) -> list[tuple[str, np.ndarray[Any, Any]]]:
    made: list[tuple[str, np.ndarray[Any, Any]]] = []
    for name, own in columns.items():
        parts = {f"{name}_real": own.real, f"{name}_imag": own.imag} if own.dtype.kind == "c" else {name: own}
        made += parts.items()
    return made
