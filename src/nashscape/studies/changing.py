"""The same study with other settings: smaller for a first look, of another game, with other values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import positive_integer, unknown
from nashscape.studies.designs import points_of
from nashscape.studies.points import RESERVED, Points

if TYPE_CHECKING:
    from nashscape.studies.study import Study

FIELDS = ("name", "about", "seed", "measure")


def changed(
    study: "Study", fixed: Mapping[str, Any], vary: Mapping[str, Any], values: int | None, fields: Mapping[str, Any]
) -> "Study":
    """See `Study.but`."""
    for name in fields:
        if name not in FIELDS:
            raise unknown("part of a study", name, (*FIELDS, "fixed", "vary", "values"))
    blocks = [dict(own) for own in study.vary]
    for name, own in vary.items():
        blocks = _with_values(blocks, name, own)
    blocks = [_without(own, fixed) for own in blocks]
    blocks = [own for own in blocks if set(own) - {*RESERVED}]
    if values is not None:
        blocks = [_fewer(own, positive_integer(values, "values")) for own in blocks]
    kept = {name: own for name, own in study.fixed.items() if name not in vary}
    measure = fields.get("measure", _measures(study.measure, {*fixed, *vary}))
    if "measure" not in fields and not isinstance(measure, str):
        left = points_of(blocks)
        measure = [own for given in measure for own in _where_left(given, left)]
    return replace(study, **{**fields, "fixed": {**kept, **fixed}, "vary": blocks, "measure": measure, "text": ""})


def _without(block: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: own for name, own in block.items() if name not in names}


def _with_values(blocks: Sequence[Mapping[str, Any]], name: str, values: Any) -> list[dict[str, Any]]:
    """The blocks with other values of a name: in the block that has it, or in a new one."""
    if any(name in own for own in blocks):
        return [{**own, name: values} if name in own else dict(own) for own in blocks]
    return [*map(dict, blocks), {name: values}]


def _fewer(block: Mapping[str, Any], most: int) -> dict[str, Any]:
    """At most so many values of every name of a block: the first points of a design, else from one end to the other."""
    if block.get("design", "together") != "together":
        return {**block, "count": min(most, block.get("count", most))}
    [made] = points_of([block]).blocks
    if len(made) <= most:
        return dict(block)
    chosen = np.unique(np.linspace(0, len(made) - 1, most).round().astype(int)) if most > 1 else [0]
    return {name: [own[k] for k in chosen] for name, own in made.values.items()}


def _measures(given: Any, names: set[str]) -> Any:
    """What is measured, without these settings of its own."""
    return list(_bare(given, names)) if not isinstance(given, str) else given


def _where_left(given: Any, points: Points) -> Iterator[Any]:
    """A measure with the part of its points that is left; nothing where none is."""
    if not isinstance(given, Mapping) or "where" not in given:
        yield given
        return
    asked = {name: own if isinstance(own, list | tuple) else [own] for name, own in given["where"].items()}
    left = {
        name: [one for one in own if one in points.values(name)] for name, own in asked.items() if name in points.names
    }
    if all(left.values()):
        yield {**given, "where": left}


def _bare(given: Any, names: set[str]) -> Iterator[Any]:
    for own in [given] if isinstance(given, Mapping) else given:
        yield {name: value for name, value in own.items() if name not in names} if isinstance(own, Mapping) else own
