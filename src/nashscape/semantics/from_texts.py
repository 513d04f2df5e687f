"""Semantics from their texts: how players read each other, and what makes their strategies."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, TypeAlias

from nashscape.core import InputError
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.semantics.access import imperfect
from nashscape.semantics.networks import networked
from nashscape.semantics.open_players import open_source
from nashscape.semantics.parametric_game import ParametricGame, is_parametric, parametric
from nashscape.semantics.policy_networks import policy_network
from nashscape.semantics.readers import read_all
from nashscape.semantics.semantics import Semantics, is_semantics
from nashscape.semantics.weights import weight_reading

Reads: TypeAlias = Callable[[Any], ParametricGame]


def independent(game: Any) -> ParametricGame:
    """Each by its own parameters, as usual."""
    return parametric(game)


def reading_imperfectly(game: Any, coupling: float = 0.0, noise: float | None = None, visible: float | None = None,
                        quantum: float | None = None, reads: float | None = None) -> ParametricGame:  # fmt: skip
    """`open_source(game, coupling)` through noise, hidden parameters, rounding, or now and then only."""
    learners = open_source(game, coupling)
    how: Any = {"noise": noise, "visible": visible, "quantum": quantum, "reads": reads}
    return parametric(learners.game, imperfect(learners.semantics, **how))


def network(game: Any, parameters: int = 3, width: int = 8, depth: int = 1, pooling: str = "mean",
            seed: int = 0) -> Semantics:  # fmt: skip
    """Fixed random networks that read all players' parameters."""
    shape = game.shape
    reads = read_all(shape, parameters, pooling=pooling, width=width, depth=depth, seed=seed)
    return networked(shape, reads, sizes=parameters)


def weights(game: Any, strength: float = 1.0, features: int = 3, seed: int = 0) -> Semantics:
    """Networks whose weights are what is learnt, and who read a description of each other's weights."""
    return weight_reading(game.shape, features=features, seed=seed, strength=strength)


def policies(game: Any, width: int = 8, depth: int = 1, seed: int = 0) -> Semantics:
    """`policy_network(game)`: small perceptrons that see the state, whose weights are what is learnt."""
    return policy_network(game, width=width, depth=depth, seed=seed)


SEMANTICS = Registry("semantics", "nashscape.semantics", MappingProxyType({
    "independent": independent,
    "open_source": open_source,
    "imperfect": reading_imperfectly,
    "network": network,
    "weight_reading": weights,
    "policy_network": policies,
    "perceptrons": "neural.from_texts:perceptrons",
    "recurrent": "neural.from_texts:recurrent",
    "tables": "neural.from_texts:tables",
    "reservoirs": "neural.from_texts:reservoirs",
}))  # fmt: skip
"""By name, functions from a game, and what is given with the name, to a semantics or a game that has one.

Networks that are only played are a room above this one: of these it says where they are.
"""


def semantics_from_text(text: str) -> Reads:
    """A function from a game to the game with a semantics, from "open_source:coupling=0.5".

    Beside ours there are the names that installed packages announce as entry points of the group
    `nashscape.semantics`, and "mine.py:trembling:tremble=0.2", what a file of one's own has under a name: a function
    whose first argument is the game, a semantics, or a class of semantics.

    >>> from nashscape.games import stag_hunt
    >>> semantics_from_text("open_source:coupling=0.5")(stag_hunt())
    <ParametricGame stag_hunt, Coupled players>

    Raises:
        InputError: for an unknown name or option; the function raises it for what is no semantics of the game.
    """
    found = SEMANTICS.find(text)
    # a class makes a semantics, which knows its sizes, of what is given alone
    found.check(0 if isinstance(found.thing, type) else 1)
    return lambda game: _put(found, game)


def _put(found: Found, game: Any) -> ParametricGame:
    if isinstance(found.thing, type):
        made = found.call()
    else:
        made = found.call(game) if callable(found.thing) or found.given else found.thing
    return found.blamed(lambda: with_semantics(game, made))


def with_semantics(game: Any, made: Any) -> ParametricGame:
    """The game with a semantics, or what is that already.

    Raises:
        InputError: for what is no semantics, and one that does not fit the game.
    """
    if is_parametric(made):
        return made
    if not is_semantics(made):
        raise InputError(
            f"expected a semantics, or the game with one, got {type(made).__name__}; one of your own derives from "
            "nashscape.semantics.Semantics"
        )
    return parametric(game, made)
