"""The endings of files that hold a game."""

from pathlib import PurePath

ENDINGS = (".json", ".csv", ".nfg", ".gam", ".efg")
"""Of games in files; without the point they are the names of the formats."""


def is_payoff_file(text: str) -> bool:
    """Whether a text is the path of a file that holds a game, by its ending.

    >>> is_payoff_file("games/poker.EFG"), is_payoff_file("stag_hunt"), is_payoff_file("mine.py:market")
    (True, False, False)
    """
    return PurePath(text).suffix.lower() in ENDINGS
