"""Whether an environment pays what the exact game says that it pays."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.spaces import is_discrete
from nashscape.games.offers import has_points, is_chain
from nashscape.testing.claims import claim, tried

EPISODES, PROFILES = 4096, 3
ERRORS = 4.5
"""Standard errors that a mean may be off: by chance one of 150,000 is."""


def check_exact(env: Any, game: Any, seed: int) -> None:
    """Claim that mean returns of random stationary policies are what the game pays, by standard errors.

    Players see an observation and play `softmax(W x)`; in the exact game they play that in every row, of which
    `views` says what is seen there. What episodes that are cut off lack is allowed for: `γ^T` of a game.
    """
    claim(env.horizon is not None, "exact gives a game, and horizon is None; say when episodes end")
    if is_chain(game):
        gammas = (float(game.discount), float(env.discount))
        claim(gammas[0] == gammas[1], f"discounts differ: {gammas[0]} of the exact game, {gammas[1]} here")
    views: Any = getattr(env, "views", None)
    n = len(env.players)
    claim(views is not None, "exact gives a game, and no views, what each player sees in its rows, [S, …]")
    claim(len(views) == n, f"views are {len(views)}, one array for each of {n} players is wanted")
    random = np.random.default_rng(seed)
    run = jax.jit(_returns)
    for number in range(PROFILES):
        weights = tuple(_weights(env, i, random) for i in range(n))
        keys = jax.random.split(jax.random.key(seed + number), EPISODES)
        total, missing = (np.asarray(own, np.float64) for own in run(env, weights, keys))
        paid = np.asarray(tried("exact", game.expected_payoffs, _strategies(env, game, weights)), np.float64)
        rest = missing.mean() * (np.abs(paid) + float(game.payoff_range))
        error = total.std(axis=0) / np.sqrt(len(total))
        off = np.abs(total.mean(axis=0) - paid)
        for i in range(n):
            claim(
                off[i] <= ERRORS * error[i] + rest[i] + 1e-4 * (np.abs(paid[i]) + 1.0),
                f"player {i + 1} is paid {total[:, i].mean():.4g} ± {error[i]:.2g} by random policies, and the exact "
                f"game says {paid[i]:.4g}",
            )


def _weights(env: Any, player: int, random: np.random.Generator) -> Any:
    """Of a linear policy, `[a_i, m]`, or a point that is always chosen."""
    space, seen = env.action_spaces[player], env.observation_spaces[player]
    if is_discrete(space):
        return random.normal(size=(space.n, int(np.prod(seen.shape)))).astype(np.float32)
    low, high = (np.clip(end, -1.0, 1.0) for end in space.bounds)
    return random.uniform(np.minimum(low, high), np.maximum(low, high)).astype(np.float32)


def _strategies(env: Any, game: Any, weights: Any) -> list[Any]:
    if has_points(game):
        sets = getattr(game, "constraints", None) or [None] * len(weights)
        return [own if bound is None else bound.project(own) for own, bound in zip(weights, sets, strict=True)]
    made = []
    for view, own, shape in zip(env.views, weights, game.strategy_shapes, strict=True):
        flat = np.asarray(view, np.float32).reshape(len(view), -1)
        made.append((flat @ own.T).reshape(shape))
    masks = getattr(game, "legal", None) or [True] * len(made)
    return [
        np.asarray(jax.nn.softmax(own, where=np.broadcast_to(mask, own.shape)))
        for own, mask in zip(made, masks, strict=True)
    ]


def _returns(env: Any, weights: Any, keys: jax.Array) -> tuple[jax.Array, jax.Array]:
    """`Σ_t γ^t r_t` of every episode, `[B, n]`, and `γ^T` of those that were cut off, `[B]`."""

    def episode(key: jax.Array) -> Any:
        def one(carry: Any, moment: jax.Array) -> Any:
            state, seen, total, weight, live, missing = carry
            here = jax.random.fold_in(key, moment)
            actions = tuple(
                jax.random.categorical(
                    jax.random.fold_in(here, i + 1), _allowed(own @ view.ravel().astype(own.dtype), mask)
                )
                if own.ndim == 2
                else own
                for i, (own, view, mask) in enumerate(zip(weights, seen, env.legal(state), strict=True))
            )
            after = env.step(here, state, actions)
            total = total + jnp.where(live, weight * after.rewards, 0.0)
            weight = weight * env.discount
            missing = missing + jnp.where(live & after.truncated, weight, 0.0)
            live = live & ~(after.terminated | after.truncated)
            return (after.state, after.observations, total, weight, live, missing), None

        state, seen = env.reset(jax.random.fold_in(key, env.horizon))
        start = (state, seen, jnp.zeros(len(weights)), jnp.float32(1.0), jnp.asarray(True), jnp.float32(0.0))
        (_, _, total, _, _, missing), _ = jax.lax.scan(one, start, jnp.arange(env.horizon))
        return total, missing

    return jax.vmap(episode)(keys)


def _allowed(logits: jax.Array, mask: jax.Array | None) -> jax.Array:
    return logits if mask is None else jnp.where(mask, logits, -jnp.inf)
