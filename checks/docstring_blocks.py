"""What the API pages of the site change of docstrings: examples become blocks of code, special methods are left out."""

from typing import Any

import griffe

from checks.pages import fenced


class DocstringBlocks(griffe.Extension):  # type: ignore[misc, unused-ignore]
    """Fences the examples of every docstring that is read."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Fence the examples of one function, class, module or constant."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)

    def on_class(self, *, cls: Any, **_: Any) -> None:
        """Leave out what is called by operators and `repr`, whose docstrings are for readers of the source."""
        for name in [name for name in cls.members if name.startswith("__") and name != "__init__"]:
            cls.del_member(name)
