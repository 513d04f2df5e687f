"""Distributions of starts from their texts, as the table of options and the command line have them."""

from collections.abc import Callable

from nashscape.core import InputError, choice
from nashscape.core.options import default
from nashscape.dynamics.starts import Starts, normal, uniform, uniform_strategies

WRITTEN = "starts are written normal:std=S, normal:mean=M,std=S, uniform:low=A,high=B or uniform_strategies"
KINDS: dict[str, tuple[Callable[..., Starts], tuple[str, ...]]] = {
    "normal": (normal, ("mean", "std")),
    "uniform": (uniform, ("low", "high")),
    "uniform_strategies": (uniform_strategies, ()),
}


def starts_from_text(text: str) -> Starts:
    """Starts from "normal:std=1.35": the kind, and the keywords of the function in `starts` that is called the same.

    >>> starts_from_text("normal:mean=0.5,std=1.35").describe()
    {'kind': 'normal', 'mean': 0.5, 'std': 1.35}
    >>> starts_from_text("uniform:-3,3").describe()
    {'kind': 'uniform', 'low': -3.0, 'high': 3.0}

    Raises:
        InputError: for any other text, and for a normal distribution of which the number has no name.
    """
    kind, _, rest = text.partition(":")
    make, names = KINDS[choice(kind.strip().replace("-", "_"), "kind of starts", KINDS)]
    entries = [entry.strip() for entry in rest.split(",") if entry.strip()]
    if entries and not any("=" in entry for entry in entries):
        return make(*(_number(entry, text) for entry in entries)) if len(entries) <= len(names) else _wrong(text)
    found: dict[str, float] = {}
    for entry in entries:
        name, _, value = (part.strip() for part in entry.partition("="))
        if name not in names or name in found:
            _wrong(text)
        found[name] = _number(value, text)
    if kind.strip() == "uniform" and len(found) < len(names):
        _wrong(text)
    return make(**found)


def usual_starts(verb: str) -> Starts:
    """The starts that a verb draws where nobody names any.

    >>> usual_starts("restarts").describe()
    {'kind': 'uniform', 'low': -3.0, 'high': 3.0}
    """
    return starts_from_text(default("starts", verb))


def _number(entry: str, text: str) -> float:
    try:
        return float(entry)
    except ValueError:
        raise InputError(f"{WRITTEN}; got {text!r}") from None


def _wrong(text: str) -> Starts:
    raise InputError(f"{WRITTEN}; got {text!r}")
