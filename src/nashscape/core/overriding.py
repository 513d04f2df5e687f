"""Methods that stand in place of those of a base class say so; their documentation is that of the base class."""

from typing import TYPE_CHECKING, Any

__all__ = ["override"]

if TYPE_CHECKING:
    # for type checkers alone; `typing` has it from Python 3.12 on
    from typing_extensions import override
else:

    def override(method: Any) -> Any:
        """Mark a method as one that stands in place of that of a base class."""
        return method
