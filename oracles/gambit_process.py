"""What runs in a process of its own, in which Gambit's library is: texts of games come as JSON, payoffs go back."""

import importlib
import io
import json
import sys
from pathlib import Path
from typing import Any


def read(library: Any, format: str, text: str) -> dict[str, Any]:
    """The payoffs of every player, one after another, as Gambit reads them; of a tree those of its strategies."""
    game = getattr(library, f"read_{format}")(io.StringIO(text))
    arrays = game.to_arrays()
    return {"shape": list(arrays[0].shape), "payoffs": [[str(x) for x in own.flat] for own in arrays]}


def main() -> None:
    """Read what was sent, and, where asked, the files that the library brings."""
    asked = json.load(sys.stdin)
    library: Any = importlib.import_module("pygambit")
    given = list(asked["games"])
    if asked["shipped"]:
        for path in sorted(Path(library.__file__).parent.rglob("*.[ne]fg")):
            given.append({"format": path.suffix[1:], "text": path.read_text("utf-8"), "file": path.name})
    for one in given:
        try:
            one.update(read(library, one["format"], one["text"]))
        except (ValueError, RuntimeError) as error:
            one["refused"] = str(error)
    json.dump({"version": str(library.__version__), "games": given}, sys.stdout)


if __name__ == "__main__":
    main()
