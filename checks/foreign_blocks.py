"""`python -m checks.foreign_blocks`: runs what docs/coming-from.md shows of other libraries, where they are installed.

Nothing of nashscape is imported, so that any environment with one of the libraries will do.
"""

import contextlib
import importlib.util
import io
import itertools
import sys

from checks.pages import ROOT, blocks

PAGE = ROOT / "docs/coming-from.md"
MARK = "foreign: "


def shown() -> dict[str, tuple[str, str]]:
    """By library: the code that the page shows, and the output behind it."""
    found = blocks(PAGE.read_text(encoding="utf-8"))
    pairs = itertools.pairwise(found)
    return {code.mark.removeprefix(MARK): (code.text, told.text) for code, told in pairs if code.mark.startswith(MARK)}


def output(code: str) -> str:
    """What a block prints."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(compile(code, str(PAGE), "exec"), {})
    return told.getvalue()


def main() -> int:
    """Zero where every block that could be run printed what the page says."""
    wrong = 0
    for name, (code, told) in shown().items():
        if importlib.util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        same = output(code) == told
        wrong += not same
        print(f"{name}: {'as the page says' if same else 'not as the page says: ' + output(code)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
