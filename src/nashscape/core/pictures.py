"""How a result finds its picture: by the name that its class carries."""

import functools
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError

STYLE = "nashscape.figures.style"
"""The module that writes figures, found by its name as pictures are, since it lies above this one."""


def drawn(found: Any, path: str | Path | None = None, **options: Any) -> Any:
    """The figure of a result, or of a mapping of results of one class by rule; saved too where a path is given.

    Figures are made outside pyplot, whose global state stays as it is, and show themselves in notebooks.

    Args:
        found: a result, or a mapping of results.
        path: where to write it, as PNG, SVG or PDF by its ending.
        options: those of the function that the class names.

    Raises:
        InputError: for no results, a class that names no picture, an option that its function does not have, and
            another ending.
    """
    from nashscape.core.calls import public
    from nashscape.core.notebooks import showing_itself

    if isinstance(found, Mapping) and not found:
        raise InputError("there are no results to draw")
    draw = picture_of(type(next(iter(found.values())) if isinstance(found, Mapping) else found))
    alone = functools.partial(draw, found)
    alone.__name__ = draw.__name__  # type: ignore[attr-defined]  # so that errors about options say whose they are
    figure = showing_itself(public()(alone)(**options))
    if path is not None:
        importlib.import_module(STYLE).save(figure, path)
    return figure


def picture_of(kind: type) -> Callable[..., Any]:
    """The function that draws results of a class, `picture = "package.module:function"`; loaded when it is asked for.

    >>> from nashscape.dynamics import Run
    >>> picture_of(Run).__name__
    'run_figure'

    Raises:
        InputError: for a class that names no picture, and for a name under which there is none.
    """
    if not getattr(kind, "picture", ""):
        raise InputError(
            f"there is no picture of a {kind.__name__}; the class of a result names one, as in "
            'picture = "my_package.pictures:share_figure"'
        )
    return function_named(kind, "picture")


def comparison_of(kind: type) -> Callable[..., Any]:
    """The function that compares two results of a class, `comparison = "package.module:function"`.

    It takes a result, another as the baseline, and options.

    Raises:
        InputError: for a class that names none, and for a name under which there is none.
    """
    if not getattr(kind, "comparison", ""):
        raise InputError(
            f"there is no comparison of a {kind.__name__} with another; look at their numbers, or name one on "
            'the class, as in comparison = "my_package.comparisons:compare"'
        )
    return function_named(kind, "comparison")


def function_named(kind: type, what: str) -> Callable[..., Any]:
    """The function that a class names, `what = "package.module:function"`; loaded when it is asked for.

    Raises:
        InputError: for a name under which there is none.
    """
    name = getattr(kind, what)
    module, _, function = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"{kind.__name__} names the {what} {name!r}, which cannot be loaded: {error}") from error
    return found
