"""What the docstring of a function or class says, part by part."""

import inspect
import re
from typing import Any

PARTS = ("Args:", "Attributes:", "Returns:", "Raises", "Example:", "Source:", ">>>")
"""How the first paragraph begins that is no prose."""


def paragraphs(thing: Any) -> list[str]:
    """All of it, each paragraph as one line; one empty line of what says nothing.

    >>> paragraphs(prose)[0]
    'What it says before its parts, a paragraph each.'
    """
    text = inspect.getdoc(thing) or ""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def prose(thing: Any) -> list[str]:
    """What it says before its parts, a paragraph each.

    >>> def price(tax=0.2):
    ...     '''What a buyer pays.
    ...
    ...     The tax is included.
    ...
    ...     Args:
    ...         tax: as a share.
    ...     '''
    >>> prose(price)
    ['What a buyer pays.', 'The tax is included.']
    """
    found = []
    for one in paragraphs(thing):
        if one.startswith(PARTS):
            break
        found.append(one)
    return found


def arguments(thing: Any) -> dict[str, str]:
    """What its part on arguments says of each, by name; nothing where there is no such part.

    >>> arguments(arguments)
    {'thing': 'a function, which says what its arguments are in lines "name: text".'}

    Args:
        thing: a function, which says what
            its arguments are in lines "name: text".
    """
    text = (inspect.getdoc(thing) or "").partition("Args:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", text, flags=re.MULTILINE)
    return {name: " ".join(said.split()) for name, said in entries}
