"""Where files are that a study names: "mine.py:game" in one of the user's, "game.json" or "game.nfg" for payoffs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nashscape.core.user_files import FILE
from nashscape.games.exchange.endings import is_payoff_file


def located(value: Any, folder: str, *, payoffs: bool = False) -> Any:
    """The value with the paths of files in it as seen from a folder; whole paths, and all else, as they are.

    Args:
        value: a text, or lists and tables of them.
        folder: where files are; empty for the present one.
        payoffs: whether "game.json" and "game.nfg" name files too.

    >>> located(["pg", "mine.py:rule", "/home/me/mine.py:rule"], "studies")
    ['pg', 'studies/mine.py:rule', '/home/me/mine.py:rule']
    >>> located("game.json", "studies", payoffs=True), located("game.json", "studies")
    ('studies/game.json', 'game.json')
    >>> located("poker.efg", "studies", payoffs=True)
    'studies/poker.efg'
    """
    if not folder:
        return value
    if isinstance(value, str):
        is_file = FILE.fullmatch(value) or (payoffs and is_payoff_file(value))
        return str(Path(folder) / value) if is_file else value
    if isinstance(value, list | tuple):
        return type(value)([located(own, folder, payoffs=payoffs) for own in value])
    if isinstance(value, dict):
        return {key: located(own, folder, payoffs=payoffs) for key, own in value.items()}
    return value


def paths_in(value: Any, *, payoffs: bool = False) -> list[str]:
    """The paths of files that are named in a value, as they are written, each once.

    >>> paths_in({"rule": ["pg", "mine.py:rule"], "game": "mine.py:game:T=2"})
    ['mine.py']
    """
    found: list[str] = []
    if isinstance(value, str):
        match = FILE.fullmatch(value)
        found = [match["path"]] if match else [value] if payoffs and is_payoff_file(value) else []
    elif isinstance(value, list | tuple):
        found = [path for own in value for path in paths_in(own, payoffs=payoffs)]
    elif isinstance(value, Mapping):
        found = [path for key, own in value.items() for path in paths_in(own, payoffs=payoffs or key == "game")]
    return list(dict.fromkeys(found))
