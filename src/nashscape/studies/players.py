"""Semantics by name: how the players of a study read each other, and what makes their strategies."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nashscape.semantics import (
    ParametricGame,
    imperfect,
    networked,
    open_source,
    parametric,
    policy_network,
    read_all,
    weight_reading,
)

Reads = Callable[[Any], ParametricGame]


def independent() -> Reads:
    """Each by its own parameters, as usual."""
    return parametric


def reading(coupling: float = 0.0, **options: Any) -> Reads:
    """`open_source(game, coupling)`."""
    return lambda game: open_source(game, coupling, **options)


def reading_imperfectly(coupling: float = 0.0, noise: float | None = None, visible: float | None = None,
                        quantum: float | None = None, reads: float | None = None) -> Reads:  # fmt: skip
    """`open_source(game, coupling)` through noise, hidden parameters, rounding, or now and then only."""

    def made(game: Any) -> ParametricGame:
        learners = open_source(game, coupling)
        how: Any = {"noise": noise, "visible": visible, "quantum": quantum, "reads": reads}
        return parametric(learners.game, imperfect(learners.semantics, **how))

    return made


def network(parameters: int = 3, width: int = 8, depth: int = 1, pooling: str = "mean", seed: int = 0) -> Reads:
    """Fixed random networks that read all players' parameters."""

    def made(game: Any) -> ParametricGame:
        shape = game.shape
        return parametric(
            game,
            networked(
                shape,
                read_all(shape, parameters, pooling=pooling, width=width, depth=depth, seed=seed),
                sizes=parameters,
            ),
        )

    return made


def weights(strength: float = 1.0, features: int = 3, seed: int = 0) -> Reads:
    """Networks whose weights are what is learnt, and who read a description of each other's weights."""
    return lambda game: parametric(game, weight_reading(game.shape, features=features, seed=seed, strength=strength))


def policies(width: int = 8, depth: int = 1, seed: int = 0) -> Reads:
    """`policy_network(game)`: small perceptrons that see the state, whose weights are what is learnt."""
    return lambda game: parametric(game, policy_network(game, width=width, depth=depth, seed=seed))


SEMANTICS: Mapping[str, Callable[..., Reads]] = MappingProxyType({
    "independent": independent,
    "open_source": reading,
    "imperfect": reading_imperfectly,
    "network": network,
    "weight_reading": weights,
    "policy_network": policies,
})  # fmt: skip
"""By name."""
