"""What a store of results is of: a study, its key, what it varies, and the code that makes its results."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nashscape.core.errors import InputError
from nashscape.core.makers import Maker, this_maker
from nashscape.studies.schemas import value_types


@dataclass(frozen=True)
class Header:
    """What a store of results is of.

    Attributes:
        study: the study's description, as plain data; its `name` is shown.
        key: of that description: two stores with the same key are of the same study.
        varied: the types of what the study varies, "text" or "number", by name.
        maker: the code that makes the results.
        text: the study's file as it was given; empty for a study built in Python.
        former: keys of the study before it was extended.

    Raises:
        InputError: for something varied whose name is a column of all tables, or that is neither text nor number.

    >>> Header({"name": "temptation"}, "0" * 32, {"game.T": "number"}).name
    'temptation'
    """

    study: Mapping[str, Any]
    key: str
    varied: Mapping[str, str] = field(default_factory=dict)
    maker: Maker = field(default_factory=this_maker)
    text: str = ""
    former: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        value_types(self.varied)

    @property
    def name(self) -> str:
        """The name of the study, empty where it has none."""
        return str(self.study.get("name", ""))

    def same_study(self, other: "Header") -> None:
        """Nothing for the same study.

        Raises:
            InputError: for another one.
        """
        if self.key != other.key:
            raise InputError(
                f"the study {other.name!r} (key {other.key}) is not the study {self.name!r} (key {self.key}): "
                f"{_differing(self.study, other.study)}; a store holds one study, give another folder"
            )

    def made_by(self, maker: Maker) -> "Header":
        """The same with another maker."""
        return replace(self, maker=maker)

    def after(self, old: "Header") -> "Header":
        """This header of a study that another one was before it was extended; the maker stays."""
        former = tuple(dict.fromkeys(key for key in (*old.former, old.key, *self.former) if key != self.key))
        return replace(self, maker=old.maker, former=former)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain data, without the text, which has a file of its own."""
        return {
            "study": dict(self.study),
            "key": self.key,
            "varied": list(map(list, self.varied.items())),
            "maker": self.maker.to_dict(),
            "former": list(self.former),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], text: str = "") -> "Header":
        """The header that `to_dict` wrote."""
        maker, former = Maker.from_dict(data["maker"]), tuple(data["former"])
        return cls(data["study"], data["key"], dict(data["varied"]), maker, text, former)


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    return f"they differ in {', '.join(names)}" if names else "their descriptions are alike, their keys are not"
