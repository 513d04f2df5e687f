"""Things written as a name with numbers and texts: "meta_mapg:peer=2,own=0.35"."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nashscape.core.errors import InputError, unknown
from nashscape.core.found_things import check_names

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
TRUTH = {"true": True, "false": False}


def number(text: str, what: str) -> float:
    """A number from text, whole ones as `int`.

    Raises:
        InputError: for any other text.
    """
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise InputError(f"{what} must be a number; got {text!r}")


def pairs(entries: Iterable[str], what: str, *, texts: bool = False) -> dict[str, Any]:
    """Numbers by name from entries such as "T=2.5"; with `texts`, what is no number stays a text.

    Then there are tuples too, in parentheses.

    >>> pairs(["hidden=(16,16)", "drawn=lecun", "last=1"], "option", texts=True)
    {'hidden': (16, 16), 'drawn': 'lecun', 'last': 1}

    Raises:
        InputError: for an entry without a name or value, a name that is given twice, and what is no number.
    """
    found: dict[str, Any] = {}
    for entry in entries:
        key, sign, value = (part.strip() for part in entry.partition("="))
        if not sign or not key:
            raise InputError(f"{what} is written KEY=VALUE, as T=2.5; got {entry!r}")
        if key in found:
            raise InputError(f"{what} {key!r} is given twice")
        found[key] = _worded(value) if texts else number(value, f"{what} {key!r}")
    return found


def _worded(value: str) -> Any:
    """A number, a truth value, a tuple of such, or the text itself."""
    if re.fullmatch(NUMBER, value) is not None:
        return number(value, value)
    if value.startswith("(") and value.endswith(")") and len(parted(value)) == 1:
        return tuple(map(_worded, parted(value[1:-1])))
    return TRUTH.get(value, value)


def parted(text: str) -> list[str]:
    """The parts between commas, of which those in parentheses part nothing; empty ones are none.

    >>> parted("peer=handoff(3, at=40), own=0.35,")
    ['peer=handoff(3, at=40)', 'own=0.35']
    """
    found, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth <= 0:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]


def named(text: str, what: str, *, texts: bool = True) -> tuple[str, dict[str, Any]]:
    """The name, with underscores, and what is given with it.

    >>> named("meta-mapg: peer=2, own=0.35", "coefficient")
    ('meta_mapg', {'peer': 2, 'own': 0.35})
    >>> named("sampled:batch=192,form=unbiased", "option")
    ('sampled', {'batch': 192, 'form': 'unbiased'})
    >>> named("meta_mapg:peer=handoff(3,at=40),own=0.2", "coefficient")[1]
    {'peer': 'handoff(3,at=40)', 'own': 0.2}
    """
    name, _, rest = text.partition(":")
    key = name.strip().replace("-", "_")
    return key, pairs(parted(rest), f"{what} of {key}", texts=texts)


def made_from(text: str, what: str, makers: Mapping[str, Callable[..., Any]]) -> Any:
    """What the function of this name gives, called with what is given with the name.

    >>> made_from("box:x=2", "shape", {"box": lambda x=1: ["box", x]})
    ['box', 2]

    Raises:
        InputError: for an unknown name or keyword, and without what the function needs.
    """
    name, given = named(text, what)
    if name not in makers:
        raise unknown(what, name, makers)
    check_names(makers[name], given, name, "option")
    return makers[name](**given)
