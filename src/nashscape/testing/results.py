"""What a result must do."""

import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nashscape.core import load, plain
from nashscape.core.columns import PLAIN
from nashscape.core.grids import grid_of
from nashscape.testing.claims import claim, tried
from nashscape.testing.sameness import unequal

DATA = ("get_xydata", "get_offsets", "get_array", "get_facecolor", "get_path", "get_paths")
"""What artists are asked for."""


def check_result(result: Any, *, plots: bool = True) -> None:
    """Look at a result: its question, columns, table, plain data and file, which is read again as it was, its picture.

    >>> import nashscape as ns
    >>> check_result(ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=5, steps=20))

    Args:
        result: any, with no parts that a file cannot hold.
        plots: whether it has a picture.

    Raises:
        AssertionError: with what does not hold.
        InputError: for what cannot be saved, read, or drawn.
    """
    kind = type(result)
    claim(dataclasses.is_dataclass(kind), f"a {kind.__name__} is no dataclass")
    claim(
        result.question.kind == kind.question_kind,
        f"its question is of kind {result.question.kind!r}, its class says {kind.question_kind!r}",
    )
    _check_columns(result)
    _check_words(result)
    with tempfile.TemporaryDirectory() as folder:
        again = tried("save and load", lambda: load(result.save(Path(folder) / "result.json")))
    claim(type(again) is kind, f"it is read again as a {type(again).__name__}")
    wrong = list(unequal(result, again, "what is read again"))
    claim(not wrong, "; ".join(wrong[:3]))
    claim(again.question.key == result.question.key, "read again its question has another key")
    claim(again.to_dict() == result.to_dict(), "read again it gives other data")
    if plots:
        one, other = (list(_drawn(tried("plot", own.plot))) for own in (result, again))
        odd = list(unequal(one, other, "the picture of what is read again"))
        claim(not odd, "; ".join(odd[:3]))


def _check_words(result: Any) -> None:
    """It prints, and its plain data is JSON that says which kind of result it is, also without large arrays."""
    claim(bool(str(tried("table", result.table)).strip()), "its table is empty")
    tried("to_json", result.to_json)
    told = tried("to_dict", lambda: result.to_dict(largest=0))
    claim(told["result"] == type(result).question_kind, f"its data says that it is a {told['result']!r}")
    claim(told.keys() == result.to_dict().keys(), "without large arrays its data has other names")


def _check_columns(result: Any) -> None:
    """Columns are plain, of one length, and say what the fields say."""
    columns, told = tried("to_columns", result.to_columns), result.to_dict()
    # what is computed from the fields may be called as a column is
    data = {field.name: told[field.name] for field in dataclasses.fields(result)}
    claim(len({own.shape for own in columns.values()}) == 1, "columns are not of one length")
    for name, own in columns.items():
        claim(own.ndim == 1 and own.dtype.kind in PLAIN, f"the column {name!r} is {own.dtype}{list(own.shape)}")
    claim({*columns["status"]} <= {data["status"]}, "the column 'status' is not the status")
    claim({*columns["question_key"]} <= {result.question.key or ""}, "the column 'question_key' is of another question")
    if type(result).as_grid:
        tried("as_grid", grid_of, result)
    for name in columns.keys() & data.keys():
        own, value = columns[name].tolist(), data[name]
        if isinstance(value, dict) and own:
            own = [columns[f"{name}{end}"][0].item() for end in ("", "_low", "_high")]
            claim(
                plain(own) == [value[part] for part in ("value", "low", "high")], f"the columns of {name!r} are {own}"
            )
        elif isinstance(value, str | bool | int | float):
            odd = [one for one in own if plain(one) != value]
            claim(not odd, f"the column {name!r} holds {odd[:1]}, the field {value!r}")


def _drawn(figure: Any) -> Iterator[tuple[str, Any]]:
    """What a figure is made of: every artist by its class, with its data."""
    for artist in figure.findobj():
        # collections that have labels are no texts
        names = DATA if hasattr(artist, "get_paths") else (*DATA, "get_text")
        yield from ((type(artist).__name__, _data(getattr(artist, name)())) for name in names if hasattr(artist, name))


def _data(value: Any) -> Any:
    if isinstance(value, list):
        return [_data(one) for one in value]
    vertices = getattr(value, "vertices", value)
    return vertices.tolist() if isinstance(vertices, np.ma.MaskedArray) else vertices
