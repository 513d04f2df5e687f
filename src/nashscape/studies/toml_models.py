"""The shape of a study's file, as Pydantic checks it; what its values may be says the study itself."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Tag, ValidationError

from nashscape.core import nearest
from nashscape.studies.faults import Fault, Where

KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
"""What Pydantic calls wrong types, and what was expected."""

EXAMPLES: dict[Where, str] = {
    ("study",): 'a study begins with [study] and a name, as name = "temptation"',
    ("study", "name"): 'a study has a name, as name = "temptation"',
    ("vary",): "each block of what varies begins with [[vary]]",
    ("measure",): "each measure begins with [[measure]]",
}


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class About(_Table):
    """The table [study]."""

    name: str
    about: str = ""
    seed: int = 0
    replicates: int = 1


def _kind(value: Any) -> str:
    return "table" if isinstance(value, dict) else "name"


Measured = Annotated[Annotated[str, Tag("name")] | Annotated[dict[str, Any], Tag("table")], Discriminator(_kind)]


class File(_Table):
    """A study's file."""

    study: About
    fixed: dict[str, Any] = {}
    vary: list[dict[str, Any]] = []
    measure: list[Measured] = ["outcomes"]


def shape_faults(data: dict[str, Any]) -> list[Fault]:
    """All that is wrong with the shape of what was read, by place."""
    try:
        File.model_validate(data)
    except ValidationError as error:
        return [_fault(one) for one in error.errors(include_url=False, include_context=False)]
    return []


def _fault(error: Any) -> Fault:
    place: Where = tuple(error["loc"])
    if place[0] == "measure":
        place = place[:2]  # without the name of the form that was tried
    kind = error["type"]
    name = str(place[-1])
    if kind == "missing":
        return Fault(place, EXAMPLES[place])
    if kind == "extra_forbidden":
        known = [*(About if place[0] == "study" and len(place) > 1 else File).model_fields]
        hint = nearest(name, known) or "."
        what = "table or key" if len(place) == 1 else "word of [study]"
        return Fault(place, f"unknown {what} {name!r}{hint} Known: {', '.join(known)}.")
    words = f"expected {KINDS.get(kind, error['msg'])}; got {error['input']!r}"
    return Fault(place, f"{words}: {EXAMPLES[place]}" if place in EXAMPLES and len(place) == 1 else words)
