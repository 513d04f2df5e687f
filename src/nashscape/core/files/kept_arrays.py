"""Arrays as data that JSON can hold: small ones as lists, large ones packed, and all of them the same bits again."""

import base64
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_WRITTEN_OUT = 4096
"""Arrays of more entries are packed."""

Write = Callable[[Any], Any]


def written_array(value: Any, write: Write) -> dict[str, Any] | None:
    """An array, of NumPy, JAX or another library, as data; None for entries that have no form.

    >>> written_array(np.array([[1, 2]], np.int8), write=None)
    {'array': [[1, 2]], 'dtype': 'int8'}
    """
    array = np.asarray(value)
    if array.dtype.kind == "O":
        return {"array": [write(entry) for entry in array.ravel()], "dtype": "object", "shape": list(array.shape)}
    if array.dtype.kind not in "biufcUSmM":
        return None
    if array.size <= MOST_WRITTEN_OUT and array.dtype.kind in "biufU":
        shape = {} if array.size else {"shape": list(array.shape)}
        out = {"array": array.tolist(), "dtype": str(array.dtype), **shape}
        # NaN, infinities and long doubles have no numbers in JSON
        if array.dtype.kind != "f" or (array.dtype.itemsize <= np.dtype(float).itemsize and np.isfinite(array).all()):
            return out
    return _packed(array)


def array_of(data: Mapping[str, Any], again: Write) -> npt.NDArray[Any]:
    """The array whose entries are written in data, each read `again`, or packed."""
    if "packed" in data:
        return _unpacked(data)
    entries = again(data["array"])
    if data["dtype"] == "object":
        made = np.empty(len(entries), object)
        # one by one: lists of one length would be taken for a further axis
        for k, entry in enumerate(entries):
            made[k] = entry
    else:
        made = np.array(entries, np.dtype(data["dtype"]))
    return made.reshape(data["shape"]) if "shape" in data else made


def _packed(array: npt.NDArray[Any]) -> dict[str, Any]:
    stored = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    text = base64.b64encode(zlib.compress(stored.tobytes(), 6)).decode()
    return {"packed": text, "dtype": str(array.dtype), "shape": list(array.shape)}


def _unpacked(data: Mapping[str, Any]) -> npt.NDArray[Any]:
    dtype = np.dtype(data["dtype"])
    stored = zlib.decompress(base64.b64decode(data["packed"], validate=True))
    return np.frombuffer(stored, dtype.newbyteorder("<")).reshape(data["shape"]).astype(dtype)
