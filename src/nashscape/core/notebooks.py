"""How results show themselves in notebooks: as their pictures, where there is none as their tables."""

import functools
import html
import importlib
import sys
from typing import Any

from nashscape.core.pictures import STYLE

Bundle = tuple[dict[str, Any], dict[str, Any]]
"""By MIME type what is shown, and how."""

PIXELS = 96
"""Of a page to an inch: pictures have more, so that they are sharp on screens that show more."""


def shown(found: Any, picture: bool) -> Bundle:
    """A result, or several by rule, for a notebook: its text, and its picture or else its table.

    Nothing is drawn for a screen that shows only text.

    Args:
        found: what has `plot()` and `table()`.
        picture: whether its class names one.
    """
    text = {"text/plain": repr(found)}
    if not _shows_more_than_text():
        return text, {}
    why = ""
    if picture:
        try:
            return _with_image(text, found.plot())
        except Exception as error:  # whatever keeps it from being drawn, there is still a table, and that says why
            why = f"<p>No picture: {html.escape(str(error) or type(error).__name__)}</p>"
    try:
        return {**text, "text/html": found.table()._repr_html_() + why}, {}
    except Exception:  # as of no results at all: the text is there
        return text, {}


def showing_itself(figure: Any) -> Any:
    """The same figure, which a notebook shows as a picture without being told how, and without pyplot."""
    figure._repr_mimebundle_ = functools.partial(_figure, figure)
    return figure


def _figure(figure: Any, include: Any = None, exclude: Any = None) -> Bundle:
    text = {"text/plain": repr(figure)}
    return _with_image(text, figure) if _shows_more_than_text() else (text, {})


def _with_image(text: dict[str, Any], figure: Any) -> Bundle:
    image = importlib.import_module(STYLE).to_png_bytes(figure)
    width, height = (round(PIXELS * inches) for inches in figure.get_size_inches())
    return {**text, "image/png": image}, {"image/png": {"width": width, "height": height}}


def _shows_more_than_text() -> bool:
    """False in a terminal, where IPython asks for pictures too and then drops them."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    return shell is None or list(shell.display_formatter.active_types) != ["text/plain"]
