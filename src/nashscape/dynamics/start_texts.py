"""Distributions of starts from their texts, as the table of options and the command line have them."""

from collections.abc import Callable

from nashscape.core import InputError, choice
from nashscape.core.options import default
from nashscape.dynamics.starts import Starts, enclosed, normal, uniform, uniform_strategies, weights
from nashscape.semantics import ParametricGame

WRITTEN = "starts are written normal:std=S, normal:mean=M,std=S, uniform:low=A,high=B, weights or uniform_strategies"
KINDS: dict[str, tuple[Callable[..., Starts], tuple[str, ...]]] = {
    "normal": (normal, ("mean", "std")),
    "uniform": (uniform, ("low", "high")),
    "uniform_strategies": (uniform_strategies, ()),
    "weights": (weights, ()),
}


def starts_from_text(text: str) -> Starts:
    """Starts from "normal:std=1.35": the kind, and the keywords of the function in `starts` that is called the same.

    >>> starts_from_text("normal:mean=0.5,std=1.35").to_dict()
    {'kind': 'normal', 'mean': 0.5, 'std': 1.35}
    >>> starts_from_text("uniform:-3,3").to_dict()
    {'kind': 'uniform', 'low': -3.0, 'high': 3.0}

    Raises:
        InputError: for any other text, and for a normal distribution of which the number has no name.
    """
    kind, _, rest = (part.strip() for part in text.partition(":"))
    make, names = KINDS[choice(kind.replace("-", "_"), "kind of starts", KINDS)]
    entries = [[part.strip() for part in entry.split("=")] for entry in rest.split(",") if entry.strip()]
    if make is normal and any(len(entry) == 1 for entry in entries):
        raise InputError(f"{WRITTEN}: a bare number could be the mean or the standard deviation; got {text!r}")
    if len(entries) == len(names) and all(len(entry) == 1 for entry in entries):
        entries = [[name, *entry] for name, entry in zip(names, entries, strict=True)]
    given = [entry[0] for entry in entries if len(entry) == 2]
    if len(given) < len(entries) or not set(given) <= set(names) or len(set(given)) < len(given):
        raise InputError(f"{WRITTEN}; got {text!r}")
    if make is uniform and len(given) < len(names):
        raise InputError(f"{WRITTEN}; got {text!r}")
    return make(**{name: _number(value, text) for name, value in entries})


def usual_starts(verb: str, game: ParametricGame | None = None) -> Starts:
    """The starts that a verb draws where nobody names any.

    Of logits those of the table of options, whatever the game. Where parameters are points or probabilities these
    would lie anywhere: they are uniform over the set of every player instead. Weights of policies are drawn as their
    networks say.

    >>> usual_starts("restarts").to_dict()
    {'kind': 'uniform', 'low': -3.0, 'high': 3.0}

    Raises:
        InputError: for points without bounds on both sides.
    """
    if game is None or game.semantics.domain == "logits":
        return starts_from_text(default("starts", verb))
    if game.semantics.domain == "weights":
        return weights()
    if game.semantics.domain == "points" and not enclosed(game):
        raise InputError(
            f"the points of {game.name} have no bounds on both sides, so that where runs start has to be said: "
            "starts=starts.uniform(low, high), between numbers of its own, or give points: starts.strategies([…])"
        )
    return uniform_strategies()


def _number(entry: str, text: str) -> float:
    try:
        return float(entry)
    except ValueError:
        raise InputError(f"{WRITTEN}; got {text!r}") from None
