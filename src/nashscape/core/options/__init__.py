"""The one table of options: what every verb can be told, and what it takes where nobody says.

Signatures, docstrings and the command line have their defaults from here, and tests compare them with it. A row is
plain data, so that help can be printed before anything heavy is loaded.
"""

from nashscape.core.options.rows import Option
from nashscape.core.options.table import VERBS, default, option, taken

__all__ = ["VERBS", "Option", "default", "option", "taken"]
