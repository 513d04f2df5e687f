"""What an environment must do."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.environments.spaces import is_discrete
from nashscape.games.offers import check_offers, has_plays
from nashscape.games.pytrees import check_pytree
from nashscape.testing.claims import claim, tried
from nashscape.testing.exact_play import check_exact

EPISODES = 32
"""Played side by side."""

MOST_ROUNDS = 128
"""Played where nobody knows when an episode ends."""


def check_environment(environment: Any, *, episodes: int = EPISODES, seed: int = 0) -> None:
    """Look at an environment while random players play it: what is seen, paid and legal, how episodes end, and the
    same game computed exactly, where there is one.

    >>> from nashscape import environments, games
    >>> check_environment(environments.of_game(games.iterated_prisoners_dilemma()))

    Args:
        environment: any.
        episodes: that are played side by side, up to the end.
        seed: of the random players.

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no environment.
    """
    check_offers(environment)
    if not has_plays(environment):
        raise InputError(f"{environment.name} is not played round by round; make environments.of_game of it")
    check_pytree(environment, "environment")
    _check_facts(environment)
    for double in (False, True):
        with jax.enable_x64(double):
            _check_shapes(environment, "float64" if double else "float32")
    played = _check_play(environment, episodes, seed)
    _check_seen(environment, played)
    _check_ends(environment, played)
    exact = tried("exact", environment.exact)
    if exact is not None:
        check_exact(environment, exact, seed)


def _check_facts(env: Any) -> None:
    n = len(env.players)
    for what in ("observation_spaces", "action_spaces"):
        spaces = getattr(env, what)
        claim(isinstance(spaces, tuple) and len(spaces) == n, f"{what} is a tuple, one space for each of {n} players")
        kinds = all(hasattr(own, "n") or hasattr(own, "bounds") for own in spaces)
        claim(kinds, f"{what} holds environments.discrete(n) or environments.reals(shape, low, high); got {spaces}")
    gamma = float(env.discount)
    claim(0 <= gamma <= 1, f"discount is from 0 to 1; got {gamma}")
    horizon = env.horizon
    whole = horizon is None or (isinstance(horizon, int) and horizon >= 1)
    claim(whole, f"horizon is a number of rounds, 1 or more, or None; got {horizon!r}")


def _check_shapes(env: Any, precision: str) -> None:
    """What reset, legal and step give, without a number: shapes, types, and a state that stays as it is."""
    key = jax.random.key(0)
    state, seen = tried("reset", lambda: jax.eval_shape(lambda e, k: e.reset(k), env, key))
    _check_arrays(env, "reset", seen)
    masks = tried("legal", lambda: jax.eval_shape(lambda e, s: e.legal(s), env, state))
    n = len(env.players)
    claim(isinstance(masks, tuple) and len(masks) == n, f"legal gives a tuple, a mask or None for each of {n} players")
    for i, (mask, space) in enumerate(zip(masks, env.action_spaces, strict=True)):
        if mask is not None:
            claim(is_discrete(space), f"legal gives a mask for player {i + 1}, who chooses points; give None")
            wanted = f"legal of player {i + 1} is {mask.dtype}{list(mask.shape)}; truth values [{space.n}], or None"
            claim(mask.shape == (space.n,) and mask.dtype == bool, wanted)
    actions = tuple(_some_action(space) for space in env.action_spaces)
    after = tried("step", lambda: jax.eval_shape(lambda e, k, s, a: e.step(k, s, a), env, key, state, actions))
    is_step = all(hasattr(after, own) for own in ("state", "observations", "rewards", "terminated", "truncated"))
    claim(is_step, f"step gives an environments.Step; got a {type(after).__name__}")
    _check_arrays(env, "step", after.observations)
    paid = after.rewards
    claim(hasattr(paid, "dtype"), f"rewards are a {type(paid).__name__}; an array [{n}] is wanted")
    float_ = jnp.issubdtype(paid.dtype, jnp.floating)
    claim(paid.shape == (n,) and float_, f"rewards are {paid.dtype}{list(paid.shape)}; {n} real numbers are wanted")
    for what in ("terminated", "truncated"):
        flag = getattr(after, what)
        scalar = flag.shape == () and flag.dtype == bool
        claim(scalar, f"{what} is {flag.dtype}{list(flag.shape)}; one truth value is wanted")
    claim(isinstance(after.measures, Mapping), f"measures is a {type(after.measures).__name__}, not a mapping by name")
    kept: Any = [jax.tree.structure(one) for one in (state, after.state)]
    claim(kept[0] == kept[1], "step changes the structure of the state")
    for one, other in zip(jax.tree.leaves(state), jax.tree.leaves(after.state), strict=True):
        kinds = f"from {one.dtype}{list(one.shape)} to {other.dtype}{list(other.shape)}"
        alike = (one.shape, one.dtype) == (other.shape, other.dtype)
        claim(alike, f"step changes shapes or types in the state, {kinds}, in {precision}")


def _check_arrays(env: Any, what: str, seen: Any) -> None:
    """One array for each player, of the shape and kind of its space."""
    n = len(env.players)
    claim(isinstance(seen, tuple) and len(seen) == n, f"{what} gives observations as a tuple, one for each player")
    for i, (own, space) in enumerate(zip(seen, env.observation_spaces, strict=True)):
        kind = jnp.integer if is_discrete(space) else jnp.floating
        fits = own.shape == space.shape and jnp.issubdtype(own.dtype, kind)
        claim(fits, f"{what} shows player {i + 1} {own.dtype}{list(own.shape)}; its space is {_named(space)}")


def _check_play(env: Any, episodes: int, seed: int) -> dict[str, np.ndarray]:
    """Episodes of random players, `[T, B, …]`; the same keys must give the same, also when they are traced anew."""
    rounds = MOST_ROUNDS if env.horizon is None else env.horizon
    keys = jax.random.split(jax.random.key(seed), episodes)

    def traced() -> Any:
        return tried("step", lambda: jax.jit(lambda e, k: _episodes(e, k, rounds)).trace(env, keys))

    one, two = traced(), traced()
    consts = [[np.asarray(value) for value in own.jaxpr.consts] for own in (one, two)]
    alike = str(one.jaxpr) == str(two.jaxpr) and all(map(_equal, *consts))
    claim(alike, "traced twice, the environment is not the same; all that is random comes from the key")
    run = one.lower().compile()
    played = [jax.tree.map(np.asarray, tried("step", run, env, keys)) for _ in range(2)]
    leaves = [jax.tree.leaves(own) for own in played]
    same = all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(*leaves, strict=True))
    claim(same, "with the same keys an episode goes another way; all that is random comes from the key")
    return played[0]


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _episodes(env: Any, keys: jax.Array, rounds: int) -> Any:
    """What is seen and told of every round, `[T, B, …]`, whether or not an episode was over before."""

    def one(carry: Any, moment: jax.Array) -> Any:
        state, live = carry
        choosing, moving = jax.vmap(lambda key: tuple(jax.random.split(jax.random.fold_in(key, moment))))(keys)
        masks = jax.vmap(env.legal)(state)
        actions = jax.vmap(lambda key, masks: uniform_actions(env, key, masks))(choosing, masks)
        after = jax.vmap(env.step)(moving, state, actions)
        told = {
            "live": live, "seen": after.observations, "rewards": after.rewards, "terminated": after.terminated,
            "truncated": after.truncated, "legal": masks, "measures": dict(after.measures),
        }  # fmt: skip
        return (after.state, live & ~(after.terminated | after.truncated)), told

    state, first = jax.vmap(env.reset)(jax.vmap(lambda key: jax.random.fold_in(key, rounds))(keys))
    _, told = jax.lax.scan(one, (state, jnp.ones(len(keys), bool)), jnp.arange(rounds))
    return told | {"first": first}


def uniform_actions(env: Any, key: jax.Array, masks: tuple[Any, ...]) -> tuple[jax.Array, ...]:
    """An action for each player, uniform among the legal ones, or a point within its bounds near them."""
    return tuple(_uniform(space, jax.random.fold_in(key, i), masks[i]) for i, space in enumerate(env.action_spaces))


def _uniform(space: Any, key: jax.Array, mask: Any) -> jax.Array:
    if is_discrete(space):
        logits = jnp.zeros(space.n) if mask is None else jnp.where(mask, 0.0, -jnp.inf)
        return jax.random.categorical(key, logits).astype(jnp.int32)
    low, high = space.bounds
    # within bounds, and not further from a bound than some units
    bottom = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - 2.0, -1.0))
    top = np.where(np.isfinite(high), np.minimum(high, bottom + 2.0), bottom + 2.0)
    return jnp.asarray(bottom + (top - bottom) * jax.random.uniform(key, space.shape))


def _check_seen(env: Any, played: Any) -> None:
    """Numbers within bounds, a legal action always, and no NaN, while episodes last."""
    live = played["live"]
    for i, space in enumerate(env.observation_spaces):
        own = np.concatenate([played["first"][i], played["seen"][i][live]]).astype(float)
        claim(np.isfinite(own), f"player {i + 1} sees {own[~np.isfinite(own)][:1].tolist()}, which is no number")
        low, high = (0, space.n - 1) if is_discrete(space) else space.bounds
        # bounds may be no numbers of single precision
        slack = 1e-6 * np.maximum(np.abs(own), 1.0)
        out = (own < low - slack) | (own > high + slack)
        claim(~out, f"player {i + 1} sees {own[out][:1].tolist()}, which is out of bounds: {_named(space)}")
        mask = played["legal"][i]
        if mask is not None:
            claim(mask[live].any(axis=-1), f"player {i + 1} has no legal action in some round; who waits has one")
    claim(np.isfinite(played["rewards"][live]), "rewards are no numbers in some round")
    for name, value in played["measures"].items():
        claim(np.isfinite(value[live].astype(float)), f"the measure {name!r} is no number in some round")


def _check_ends(env: Any, played: Any) -> None:
    live = played["live"]
    over, cut = played["terminated"][live], played["truncated"][live]
    claim(~(over & cut), "an episode is terminated and truncated at once; what is over is not cut off as well")
    if env.horizon is not None:
        last = live[-1] & ~(played["terminated"][-1] | played["truncated"][-1])
        claim(~last, f"horizon is {env.horizon}, and some episodes go on after so many rounds")


def _some_action(space: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(space.shape, jnp.int32 if is_discrete(space) else jnp.result_type(float))


def _named(space: Any) -> str:
    if is_discrete(space):
        return f"whole numbers from 0 to {space.n - 1}"
    low, high = (f"{min(space.low):g}", f"{max(space.high):g}")
    return f"real numbers {list(space.shape)} from {low} to {high}"
