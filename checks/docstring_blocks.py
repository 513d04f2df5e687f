"""What the API pages of the site change of docstrings: examples become blocks of code, special methods are left out."""

from typing import Any

import griffe

from checks.pages import fenced


class DocstringBlocks(griffe.Extension):  # type: ignore[misc]
    """Fences the examples of every docstring that is read."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Fence the examples of one function, class, module or constant."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
        if obj.name.startswith("__"):
            obj.public = False
