"""The command line: `nashscape games`, `nashscape basin`, `nashscape entry`, `nashscape simulate`.

Everything that takes long to import is imported inside the commands, so that help and version answer at once.
"""

from nashscape.cli.app import main

__all__ = ["main"]
