"""The one error for bad input, and the words that help to put it right."""

import difflib
from collections.abc import Iterable

FAILED, NO_ANSWER = "failed", "no_answer"
"""Quantities of rows of studies that say by their text why there are no numbers: of one of several measures of a call,
which failed, and of a call that raised `NoAnswer`."""


class InputError(ValueError):
    """Input that cannot be used. The message says what was wrong, what was expected, and what to do.

    It is raised before anything is compiled, and it is a `ValueError`, so code which catches that catches it.
    """


class UnknownKey(InputError, KeyError):
    """A name that a mapping of results does not have: a `KeyError` too, which is what mappings raise."""

    # that of KeyError shows the text in quotes, as it would a name
    __str__ = ValueError.__str__


class NoAnswer(InputError):
    """There is nothing to find where it was asked for, though nothing is wrong with what was given.

    Studies note it as what they found there.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names closest to `name`, as the continuation of a sentence; empty where none is close.

    >>> nearest("stag_hnt", ["stag_hunt", "chicken"])
    "; did you mean 'stag_hunt'?"
    >>> nearest("poker", ["stag_hunt", "chicken"])
    ''
    """
    # hyphen or underscore, capital or not: none of these is what was misspelt
    spelling = {candidate.lower().replace("-", "_"): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower().replace("-", "_"), spelling, n=3, cutoff=0.6)
    if not close:
        return ""
    return "; did you mean " + " or ".join(repr(spelling[match]) for match in close) + "?"


def unknown(kind: str, name: object, known: Iterable[str]) -> InputError:
    """The error for a name that is not in a table, with the nearest known names and all of them.

    It is returned, not raised, so that the `raise` stands where the name was looked up.

    >>> print(unknown("game", "stag-hnt", ["stag_hunt", "chicken"]))
    unknown game 'stag-hnt'; did you mean 'stag_hunt'? Known: chicken, stag_hunt.
    """
    names = sorted(known)
    hint = nearest(str(name), names) or "."
    return InputError(f"unknown {kind} {name!r}{hint} Known: {', '.join(names)}.")
