"""The order of rows of a store: that in which a study's file names what varies, or that of the keys of items."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.studies.headers import Header
from nashscape.studies.store.filters import is_coded

Array = npt.NDArray[Any]
STUDY, ITEM = ORDERS = ("study", "item")
"""By what varies, as the study's file has it; by the keys of items."""


def names_of(header: Header) -> list[str]:
    """The columns of the values that say where an item stands in its study, the slowest first."""
    return ["measure", *header.varied, "replicate"]


def in_order(header: Header, rows: Mapping[str, Any]) -> Array:
    """The places of rows of the values in the order of the study: measure, what varies, replicate, and as they are.

    Values come as the study's file lists them; those of a range or a design, and texts that it does not list as they
    are, by size or letters.
    """
    listed = _listed(header)
    keys = [_ranks(rows[name], listed.get(name, ())) for name in names_of(header)]
    return np.lexsort([np.arange(len(keys[0])), *reversed(keys)])


def _listed(header: Header) -> dict[str, list[Any]]:
    """The values that the study's file lists, by name."""
    measures = [own.get("name") for own in header.study.get("measure", ()) if isinstance(own, Mapping)]
    blocks = [own for own in header.study.get("vary", ()) if isinstance(own, Mapping)]
    varied = {name: values for block in blocks for name, values in block.items() if isinstance(values, list)}
    return {"measure": measures, **varied}


def _ranks(column: Any, listed: Any) -> Array:
    """Numbers that are in the order of the values of a column."""
    values, codes = (
        (column.texts, column.codes) if is_coded(column) else np.unique(np.asarray(column), return_inverse=True)
    )
    place = {value: k for k, value in reversed(list(enumerate(listed))) if isinstance(value, str | int | float)}
    # those that are not listed come after, and are sorted already
    ranks = np.array([place.get(value, len(place) + k) for k, value in enumerate(values.tolist())], np.int64)
    return np.asarray(ranks[codes])
