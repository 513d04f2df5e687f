"""What an estimator must do."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.dynamics.setup import check_estimator as as_estimator
from nashscape.games import Game
from nashscape.games.pytrees import check_pytree
from nashscape.learning import StepKey, exact, step_key
from nashscape.learning.terms import TERMS
from nashscape.semantics import ParametricGame, parametric
from nashscape.testing.claims import claim, close

ERRORS = 5.0
"""Standard errors within which a mean must lie of what it estimates: once in two million for one number."""


def check_estimator(
    estimator: Any, game: Game | ParametricGame, *, draws: int = 1000, bias: float = 0.0, seed: int = 0
) -> None:
    """Look at an estimator in a game: that it gives what it says, answers the same key alike, and base on average.

    The mean of `draws` draws of base lies within five standard errors of the exact one, and of every term where the
    estimator says that it is `unbiased`.

    >>> from nashscape import games, sampled
    >>> check_estimator(sampled(64, form="unbiased"), games.stag_hunt())

    Args:
        estimator: any.
        game: where it is tried.
        draws: how many, for one that is not exact.
        bias: how far the expectation of base may lie from the exact one besides, relative to the largest entry.
        seed: of the place and the draws.

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no estimator.
    """
    learners = parametric(game)
    check_pytree(as_estimator(estimator), "estimator")
    ready = estimator.for_game(learners)
    theta = jnp.asarray(np.random.default_rng(seed).normal(size=learners.dimension), jnp.float32)
    ask = jax.jit(lambda key: ready.estimate(learners, theta, key))
    made = ask(step_key(seed))
    given = ready.gives - {"utilities"}
    claim("base" in given, "an estimator gives base at least")
    claim(given <= set(made), f"it says that it gives {sorted(given)}, and gives {sorted(made)}")
    claim(made.sizes == learners.sizes, f"terms are for players of sizes {made.sizes}, not {learners.sizes}")
    for name in sorted(given & set(TERMS)):
        shape = (learners.dimension,) * (2 if name == "jacobian" else 1)
        claim(made.__getattr__(name).shape == shape, f"{name} has shape {made.__getattr__(name).shape}, not {shape}")
    close(ask(step_key(seed)).base, made.base, "the same key has another answer", rounding=0.0)
    few = ready.estimate(learners, theta, step_key(seed), frozenset({"base"})).base
    close(few, made.base, "base alone is another base", unit=float(np.abs(made.base).max()), rounding=1e-3)
    truth = exact().estimate(learners, theta, step_key(0))
    if ready.exact:
        close(made.base, truth.base, "exact base is another", unit=float(np.abs(truth.base).max()), rounding=1e-3)
    else:
        _check_means(ready, learners, theta, truth, draws, bias)


def _check_means(estimator: Any, learners: ParametricGame, theta: Any, truth: Any, draws: int, bias: float) -> None:
    low, high, *_ = (jnp.asarray(word, jnp.uint32) for word in (7, 0))
    index = jnp.arange(draws, dtype=jnp.uint32)
    named = sorted(estimator.gives & set(TERMS)) if estimator.unbiased else ["base"]

    @jax.jit
    def drawn() -> Any:
        each = jax.vmap(lambda k: estimator.estimate(learners, theta, StepKey(low, high, k, jnp.uint32(3))))(index)
        return {name: each.__getattr__(name) for name in named}

    for name, values in drawn().items():
        own, wanted = np.asarray(values, np.float64), np.asarray(truth.__getattr__(name), np.float64)
        claim(own.std(axis=0).max() > 0, f"{name} is the same for all keys, and the estimator is not exact")
        error = own.std(axis=0, ddof=1) / np.sqrt(draws)
        apart = np.abs(own.mean(axis=0) - wanted) - bias * np.abs(wanted).max()
        claim(
            apart <= ERRORS * error + 1e-5 * np.abs(wanted).max(),
            f"the mean of {draws} draws of {name} lies up to {np.max(apart / np.maximum(error, 1e-300)):.1f} standard "
            "errors from the exact one",
        )
