"""Pages as notebooks: what is text becomes text, what is run becomes cells, with the output that the tests compare."""

import json
import re
from collections.abc import Iterator
from typing import Any

from checks.pages import FENCE, LINK, examples

VERSION = {"nbformat": 4, "nbformat_minor": 5}


def notebook(page: str, home: str = "") -> dict[str, Any]:
    """A page as a notebook, one cell for each block that is run and one for the text between two.

    Args:
        page: Markdown with doctests in fenced blocks.
        home: what stands before relative links; by default they lose their target, which a notebook has not beside it.
    """
    cells = [{**cell, "id": f"cell-{k}"} for k, cell in enumerate(_cells(page, home))]
    return {"cells": cells, "metadata": {"language_info": {"name": "python"}}, **VERSION}


def notebook_text(page: str, home: str = "") -> str:
    """The same as the text of a file."""
    return json.dumps(notebook(page, home), ensure_ascii=False, indent=1) + "\n"


def sources(made: dict[str, Any]) -> list[str]:
    """The code of a notebook, cell by cell."""
    return ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]


def _cells(page: str, home: str) -> Iterator[dict[str, Any]]:
    end = 0
    for match in FENCE.finditer(page):
        found = [one for block in examples(match[0]) for one in block]
        if found:
            yield from _text(page[end : match.start()], home)
            yield _code("".join(one.source for one in found), found[-1].want)
            end = match.end()
    yield from _text(page[end:], home)


def _text(text: str, home: str) -> Iterator[dict[str, Any]]:
    if text.strip():
        yield {"cell_type": "markdown", "metadata": {}, "source": _lines(LINK.sub(_linked(home), text).strip())}


def _linked(home: str) -> Any:
    def replaced(match: re.Match[str]) -> str:
        if "://" in match["target"]:
            return match[0]
        words = match[0][match[0].index("[") + 1 : match[0].rindex("](")]
        return f"[{words}]({home}{match['target']})" if home else words

    return replaced


def _code(source: str, want: str) -> dict[str, Any]:
    output = {"output_type": "stream", "name": "stdout", "text": _lines(want)}
    told = {"outputs": [output] if want else [], "source": _lines(source.rstrip())}
    return {"cell_type": "code", "execution_count": None, "metadata": {}, **told}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
