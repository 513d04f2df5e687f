"""What a picture was given: one result of its kind, or several by rule."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from nashscape.core import InputError
from nashscape.figures.paper import beside

Kind = TypeVar("Kind")


def only(found: Any, kind: type[Kind], maker: str) -> Kind:
    """The result itself, of the kind that the named function makes.

    Raises:
        InputError: for anything else.
    """
    if not isinstance(found, kind):
        raise InputError(f"expected {_one(kind)} such as {maker} makes; got {type(found).__name__}")
    return found


Draw = TypeVar("Draw", bound=Callable[..., Any])


def or_several(draw: Draw) -> Draw:
    """A picture of one result that, given several by rule, draws them side by side in one figure, with one's options.

    Raises:
        InputError: for a mapping that holds none.
    """

    @functools.wraps(draw)
    def drawn(found: Any, *, title: str | None = None, **options: Any) -> Any:
        if not isinstance(found, Mapping):
            return draw(found, title=title, **options)
        if not found:
            raise InputError("there are no results to draw")
        each = {str(name): functools.partial(draw, one, **options) for name, one in found.items()}
        return beside(each, title)

    return cast(Draw, drawn)


def by_rule(found: Any, kind: type[Kind]) -> dict[str, Kind]:
    """One result, or a mapping of results, as results by the names of their rules.

    Raises:
        InputError: for anything else, and for none.
    """
    one: Any = found
    named = {one.rule: one} if isinstance(found, kind) else dict(found) if isinstance(found, Mapping) else {}
    if not named or not all(isinstance(own, kind) for own in named.values()):
        raise InputError(f"expected {_one(kind)} or a dict of them by rule; got {type(found).__name__}")
    return named


def _one(kind: type) -> str:
    """A name with its article: "a Threshold", "an Entry", "Restarts"."""
    name = kind.__name__
    if name.endswith(("s", "Equilibria")):
        return name
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"
