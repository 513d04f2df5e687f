"""What an estimator must do."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.games.offers import has_plays
from nashscape.games.pytrees import check_pytree
from nashscape.learning import StepKey, exact, step_key
from nashscape.learning.asking import EXACTLY, PLAYS
from nashscape.learning.estimators import check_estimator as as_estimator
from nashscape.learning.terms import TERMS
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.testing.claims import claim, close, tried

ERRORS = 5.0
"""Standard errors within which a mean must lie of what it estimates: once in two million for one number."""

ANSWERS = 8
"""After which the means of an estimator that remembers are looked at again."""

LEAST = 200
"""Draws below which five standard errors say nothing."""


def check_estimator(
    estimator: Any,
    game: "Playable",
    *,
    draws: int = 1000,
    bias: float = 0.0,
    seed: int = 0,
    exactly: "Playable | None" = None,
) -> None:
    """Look at an estimator in a game: that it gives what it says, answers the same key alike, and base on average.

    The mean of `draws` draws of base lies within five standard errors of the exact one, and of every term where the
    estimator says that it is `unbiased`; for one that remembers, from a fresh state and from a later one. Of an
    environment, which does not say what players are paid on average, means are looked at where `exactly` is given.

    >>> from nashscape import games, sampled
    >>> check_estimator(sampled(64, form="unbiased"), games.stag_hunt())

    Args:
        estimator: any.
        game: where it is tried.
        draws: how many, for one that is not exact.
        bias: how far the expectation of base may lie from the exact one besides, relative to the largest entry.
        seed: of the place and the draws.
        exactly: the same game with the same parameters, whose exact terms are meant; by default `game` itself.

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no estimator, and an exact game with other parameters.
    """
    learners, draws = parametric(game), positive_integer(draws, "draws", at_least=LEAST)
    check_pytree(as_estimator(estimator), "estimator")
    ready = estimator.for_game(learners)
    theta = jnp.asarray(np.random.default_rng(seed).normal(size=learners.dimension), jnp.float32)
    claim(not isinstance(ready.gives, str), 'gives is a set of names, as in frozenset({"base"})')
    ask = jax.jit(lambda key: ready.estimate(learners, theta, key))
    made = tried("estimate", ask, step_key(seed))
    claim(hasattr(made, "sizes"), f"estimate gives a {type(made).__name__}; it gives nashscape.learning.Terms")
    given = frozenset(ready.gives) - EXACTLY
    claim(ready.unbiased in (True, False, None), f"unbiased is true, false or None; got {ready.unbiased!r}")
    claim("base" in given or given == {PLAYS}, "an estimator gives base at least, or plays alone")
    claim(given <= set(made), f"it says that it gives {sorted(given)}, and gives {sorted(made)}")
    claim(made.sizes == learners.sizes, f"terms are for players of sizes {made.sizes}, not {learners.sizes}")
    for name in sorted(given & set(TERMS)):
        shape = (learners.dimension,) * (2 if name == "jacobian" else 1)
        claim(made.__getattr__(name).shape == shape, f"{name} has shape {made.__getattr__(name).shape}, not {shape}")
    close(_numbers(ask(step_key(seed)), given), _numbers(made, given), "the same key has another answer", rounding=0.0)
    state = _warm(ready, learners, theta, seed)
    if not ready.exact:
        _check_words(ask, given, seed)
    if "base" not in given:
        return
    alone = jax.jit(lambda key: ready.estimate(learners, theta, key, frozenset({"base"})))
    few = tried("estimate of base alone", alone, step_key(seed)).base
    close(few, made.base, "base alone is another base", unit=float(np.abs(made.base).max()), rounding=1e-3)
    meant = _exact_game(learners, exactly)
    if meant is None:
        return
    truth = jax.jit(lambda key: exact().estimate(meant, theta, key))(step_key(0))
    if ready.exact:
        for name in sorted(given & set(TERMS)):
            own, wanted = made.__getattr__(name), truth.__getattr__(name)
            close(own, wanted, f"exact {name} is another", unit=float(np.abs(wanted).max()), rounding=1e-3)
    else:
        for own in (ready.init(learners, theta), state) if jax.tree.leaves(state) else (state,):
            _check_means(ready, learners, theta, truth, draws, bias, own)


def _exact_game(learners: ParametricGame, exactly: "Playable | None") -> ParametricGame | None:
    """The game whose exact terms are meant; None where nobody says what players are paid on average."""
    if exactly is None:
        return None if has_plays(learners.game) else learners
    meant = parametric(exactly)
    if meant.sizes != learners.sizes:
        raise InputError(
            f"the exact game must have the parameters of {learners.name}, of sizes {learners.sizes}; got {meant.sizes}"
        )
    return meant


def _numbers(terms: Any, names: Any) -> Any:
    """All that was given under these names, in one row of numbers."""
    given = [jax.tree.leaves(terms.__getattr__(name)) for name in sorted(names)]
    return np.concatenate([np.asarray(leaf, np.float64).ravel() for leaves in given for leaf in leaves])


def _warm(estimator: Any, learners: ParametricGame, theta: Any, seed: int) -> Any:
    """What it remembers after some answers, once it is sure that this keeps its form."""
    first = estimator.init(learners, theta)
    if not jax.tree.leaves(first):
        return first
    tell = jax.jit(lambda state, key: estimator.answer(learners, theta, key, None, state))
    state = first
    for step in range(ANSWERS):
        terms, after = tried("answer", tell, state, step_key(seed, step=step + 1))
        if step == 0:
            alone, named = estimator.estimate(learners, theta, step_key(seed, step=1)), estimator.gives & set(terms)
            said = "estimate is not the answer from a fresh state"
            close(_numbers(alone, named), _numbers(terms, named), said, unit=1.0, rounding=1e-3)
            same: Any = [jax.tree.structure(one) for one in (state, after)]
            claim(same[0] == same[1], "an answer changes the structure of the state")
        for one, other in zip(jax.tree.leaves(first), jax.tree.leaves(after), strict=True):
            kinds = [(jnp.shape(leaf), jnp.asarray(leaf).dtype.name) for leaf in (one, other)]
            said = f"an answer changes shapes or types in the state, from {kinds[0]} to {kinds[1]}"
            claim(kinds[0] == kinds[1], said)
        state = after
    both = zip(*map(jax.tree.leaves, (first, state)), strict=True)
    claim(
        any(not np.array_equal(one, other) for one, other in both),
        "it has a state that its answers never change: leave it out",
    )
    return state


def _check_words(ask: Any, names: Any, seed: int) -> None:
    """That every word of the key changes what is drawn."""
    for word in ("seed_low", "seed_high", "start", "step", "question"):
        changed = replace(step_key(seed), **{word: jnp.uint32(12345)})
        same = np.array_equal(_numbers(ask(changed), names), _numbers(ask(step_key(seed)), names))
        claim(not same, f"keys that differ in {word} have one answer: use all words of the key")


def _check_means(
    estimator: Any, learners: ParametricGame, theta: Any, truth: Any, draws: int, bias: float, state: Any
) -> None:
    low, high, *_ = (jnp.asarray(word, jnp.uint32) for word in (7, 0))
    index = jnp.arange(draws, dtype=jnp.uint32)
    named = sorted(estimator.gives & set(TERMS)) if estimator.unbiased else ["base"]

    @jax.jit
    def drawn() -> Any:
        def one(k: Any) -> Any:
            return estimator.answer(learners, theta, StepKey(low, high, k, jnp.uint32(3)), None, state)[0]

        each = jax.vmap(one)(index)
        return {name: each.__getattr__(name) for name in named}

    for name, values in drawn().items():
        own, wanted = np.asarray(values, np.float64), np.asarray(truth.__getattr__(name), np.float64)
        error = own.std(axis=0, ddof=1) / np.sqrt(draws)
        apart = np.abs(own.mean(axis=0) - wanted) - bias * np.abs(wanted).max()
        claim(
            apart <= ERRORS * error + 1e-5 * np.abs(wanted).max(),
            f"the mean of {draws} draws of {name} lies up to {np.max(apart / np.maximum(error, 1e-300)):.1f} standard "
            "errors from the exact one",
        )
