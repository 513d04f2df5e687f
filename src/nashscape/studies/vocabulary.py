"""What a study can say: measures, the verbs that they are taken from, options of verbs, dials."""

import inspect

from nashscape.core.options.rows import Option
from nashscape.learning.dial_table import DIALS, label_of
from nashscape.studies.dials import part_of_dial
from nashscape.studies.measuring.kinds import MEASURES
from nashscape.studies.verbs import verb


def measures() -> dict[str, tuple[tuple[str, ...], str]]:
    """Of every measure by name the verbs that give it, and what it is.

    >>> measures()["alignment"][0]
    ('alignment',)
    """
    return {name: (kind.verbs, _first(kind.numbers)) for name, kind in MEASURES.items()}


def options_of(name: str) -> list[Option]:
    """The options of a verb, those of the table of options as they are there, and others with their defaults.

    >>> [row.name for row in options_of("coupling_threshold")]
    ['low', 'high', 'at', 'target', 'tolerance']

    Raises:
        InputError: for an unknown verb, with the nearest.
    """
    chosen = verb(name)
    parameters = inspect.signature(chosen.function).parameters
    found = []
    for own, row in chosen.options.items():
        if own == "seed":  # is the study's
            continue
        given = parameters[own].default if own in parameters else None
        default = None if given is inspect.Parameter.empty else given
        found.append(row or Option(own, "" if default is None else type(default).__name__, default, "", ""))
    return found


def dials() -> dict[str, str]:
    """What every dial turns, by name.

    >>> dials()["peer"]
    'peer coefficient λ, of the rule'
    """
    return {name: f"{label_of(name)}, of the {part_of_dial(name).replace('_', ' ')}" for name in DIALS}


def _first(function: object) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0].rstrip(".")
