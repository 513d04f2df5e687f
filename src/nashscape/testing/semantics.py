"""What a semantics must do."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.games.pytrees import check_pytree
from nashscape.semantics.semantics import is_linear, is_semantics, who_reads
from nashscape.testing.claims import claim, close, tried

PLACES = 5
DOMAINS = ("logits", "points", "simplex")


def check_semantics(semantics: Any, *, inverts: bool = True, seed: int = 0) -> None:
    """Look at a semantics at random parameters: shapes, probabilities, logarithms, inversion, who reads whom.

    >>> from nashscape.semantics import coupled
    >>> check_semantics(coupled((2, 2), 0.3))

    Args:
        semantics: any.
        inverts: whether `parameters` gives parameters under which strategies are played that were played before; not
            where only some can be, or where it is a search.
        seed: of the random places.

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no semantics.
    """
    if not is_semantics(semantics):
        raise InputError(
            f"expected an object of a class that derives from nashscape.semantics.Semantics; got {semantics!r}"
        )
    check_pytree(semantics, "semantics")
    claim(semantics.domain in DOMAINS, f"domain is one of {DOMAINS}, not {semantics.domain!r}")
    claim(semantics.dimension == sum(semantics.sizes) > 0, f"sizes are {semantics.sizes}")
    random = np.random.default_rng(seed)
    places = random.normal(scale=1.0, size=(PLACES, semantics.dimension))
    if semantics.domain == "simplex":
        places = np.asarray([_on_simplexes(semantics, random) for _ in places])
    # in double precision: near pure strategies single precision knows no parameters any more
    with jax.enable_x64(True):
        _check_places(semantics, places, inverts)
    reader = who_reads(semantics)
    if reader is not None:
        claim(semantics.reads_others, f"player {reader + 1} reads the parameters of others, and reads_others is false")


def _check_places(semantics: Any, places: Any, inverts: bool) -> None:
    strategies = jax.jit(lambda semantics, theta: semantics.strategies(theta))
    for theta in map(jnp.asarray, places):
        made = tried("strategies", strategies, semantics, theta)
        claim(
            isinstance(made, tuple), f"strategies gives a {type(made).__name__}; it gives a tuple, one array per player"
        )
        claim(tuple(own.shape for own in made) == tuple(semantics.strategy_shapes), "strategy_shapes are others")
        if semantics.domain != "points":
            _check_probabilities(semantics, theta, made)
        if inverts:
            again = strategies(semantics, tried("parameters", semantics.parameters, made))
            for player, (own, wanted) in enumerate(zip(again, made, strict=True)):
                close(own, wanted, f"parameters of strategies give others for player {player + 1}", rounding=1e-3)
    if is_linear(semantics):
        theta = jnp.asarray(places[0])
        logits = np.asarray(semantics.matrix) @ places[0] + np.asarray(semantics.bias)
        for own, wanted in zip(
            semantics.strategies(theta), semantics.inner.strategies(jnp.asarray(logits)), strict=True
        ):
            close(own, wanted, "a linear semantics plays its inner one at matrix @ theta + bias")


def _on_simplexes(semantics: Any, random: np.random.Generator) -> Any:
    rows = [random.dirichlet(np.ones(shape[-1]), size=shape[:-1]).ravel() for shape in semantics.strategy_shapes]
    return np.concatenate(rows)


def _check_probabilities(semantics: Any, theta: Any, made: Any) -> None:
    for player, (own, logs, weights) in enumerate(
        zip(made, semantics.log_strategies(theta), semantics.log_weights(theta), strict=True)
    ):
        who = f"of player {player + 1}"
        claim(np.asarray(own) >= -1e-6, f"strategies {who} are negative: {np.asarray(own).tolist()}")
        close(
            np.asarray(own, np.float64).sum(axis=-1), np.ones(own.shape[:-1]), f"strategies {who} do not add up to one"
        )
        close(
            np.exp(np.asarray(logs, np.float64)), own, f"log_strategies {who} are not the logarithms of its strategies"
        )
        if semantics.domain == "logits":
            free = np.asarray(weights, np.float64)
            shares = np.exp(free - free.max(axis=-1, keepdims=True))
            close(
                shares / shares.sum(axis=-1, keepdims=True), own, f"log_weights {who} are not those of its strategies"
            )
