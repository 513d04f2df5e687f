"""Games from files that hold their payoffs."""

import json
from pathlib import Path

from nashscape.core import InputError
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame

KEYS = ("payoffs", "actions", "players", "name")


def game_from_file(path: Path) -> DenseGame:
    """The game whose payoffs are in a JSON file: `{"payoffs": [player, action 1, action 2, …], "actions": […]}`.

    Raises:
        InputError: for a file that cannot be read, is no JSON, or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not JSON: {error.msg} in line {error.lineno}") from error
    if not isinstance(content, dict) or "payoffs" not in content:
        raise InputError(f'{path} must hold an object {{"payoffs": …}}')
    for key in content:
        if key not in KEYS:
            raise InputError(f"{path} has an unknown entry {key!r}; the entries are {', '.join(KEYS)}")
    for key in ("actions", "players"):
        if not isinstance(content.get(key, []), list):
            raise InputError(f"{key} in {path} must be a list; got {content[key]!r}")
    name = str(content.get("name", path.stem))
    return dense(content["payoffs"], actions=content.get("actions"), players=content.get("players"), name=name)
