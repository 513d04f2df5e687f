"""What a game must do that says what it offers."""

from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.games import check_offers, has_points, has_rows, has_table, has_tree, in_normal_form, names_actions
from nashscape.games import game as as_game
from nashscape.games.pytrees import check_pytree
from nashscape.testing.claims import claim, close, tried

PROFILES, DEVIATIONS, WIDE = 6, 12, 2.0
MOST_PROFILES = 256
"""Pure profiles that are compared with the table, at most."""


def check_game(game: Any, *, seed: int = 0) -> None:
    """Look at a game at random strategies: shapes, ranges, regrets, and what goes with everything it offers.

    >>> from nashscape import games
    >>> check_game(games.rock_paper_scissors())

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no game.
    """
    game = as_game(game)
    offers = check_offers(game)
    check_pytree(game, "game")
    shapes = tuple(map(tuple, game.strategy_shapes))
    claim(len(shapes) == len(game.players), f"{len(game.players)} players and {len(shapes)} shapes of strategies")
    said = f"payoff_range is {game.payoff_range}, and must be positive"
    claim(np.isfinite(game.payoff_range) and game.payoff_range > 0, said)
    random = np.random.default_rng(seed)
    for _ in range(PROFILES):
        _check_profile(game, [_strategy(game, player, shape, random) for player, shape in enumerate(shapes)], random)
    if names_actions(game):
        counts = [len(own) for own in game.actions]
        claim([shape[-1] for shape in shapes] == counts, f"strategies end in {shapes}, and actions are {counts}")
    if has_rows(game):
        rows = [len(own) for own in game.rows]
        claim([shape[:-1] for shape in shapes] == [(n,) for n in rows], f"strategies are {shapes}, and rows {rows}")
    if has_table(game):
        _check_table(game)
    claim("normal" in offers or "table" not in offers, "a game with a table is in normal form; offer 'normal' as well")


def _strategy(game: Any, player: int, shape: tuple[int, ...], random: np.random.Generator) -> Any:
    if not has_points(game):
        drawn = random.dirichlet(np.ones(shape[-1]), size=shape[:-1])
        kept = drawn * game.legal[player] if has_tree(game) else drawn
        return kept / kept.sum(axis=-1, keepdims=True)
    total = sum(own[0] for own in game.strategy_shapes)
    low, high = (np.broadcast_to(end, total) for end in (game.bounds or (-np.inf, np.inf)))
    # within bounds, and not further from a bound than some units
    bottom = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - WIDE, -WIDE / 2))
    top = np.where(np.isfinite(high), np.minimum(high, bottom + WIDE), bottom + WIDE)
    first = sum(own[0] for own in game.strategy_shapes[:player])
    own = slice(first, first + shape[0])
    drawn = random.uniform(bottom[own], top[own])
    sets = getattr(game, "constraints", None)
    return drawn if sets is None else np.asarray(sets[player].project(jnp.asarray(drawn)))


def _check_profile(game: Any, strategies: list[Any], random: np.random.Generator) -> None:
    given = [jnp.asarray(own, jnp.float32) for own in strategies]
    pay = jax.jit(lambda game, own: jnp.asarray(game.expected_payoffs(own)))
    paid = np.asarray(tried("expected_payoffs", pay, game, given), np.float64)
    n, unit = len(strategies), float(game.payoff_range)
    claim(paid.shape == (n,), f"expected_payoffs gives {paid.shape} for {n} players")
    claim(np.isfinite(paid), f"expected_payoffs gives {paid.tolist()}")
    regret = jax.jit(lambda game, own: jnp.asarray(game.regrets(own)))
    regrets = np.asarray(tried("regrets", regret, game, given), np.float64)
    claim(regrets.shape == (n,), f"regrets gives {regrets.shape} for {n} players")
    known = ~np.isnan(regrets)
    claim(np.isfinite(regrets[known]), f"regrets gives {regrets.tolist()}; NaN where it is not known")
    claim(regrets[known] >= -1e-4 * unit, f"regrets are never negative; got {regrets.tolist()}")
    for player, own in enumerate(strategies):
        for _ in range(DEVIATIONS):
            other = _strategy(game, player, own.shape, random)
            deviated = [*given[:player], jnp.asarray(other, jnp.float32), *given[player + 1 :]]
            gain = float(pay(game, deviated)[player]) - paid[player]
            claim(
                not known[player] or gain <= regrets[player] + 1e-4 * unit,
                f"player {player + 1} gains {gain:.4g} by {np.round(other, 3).tolist()}, more than its regret "
                f"{regrets[player]:.4g}",
            )
            if not has_points(game):
                said = f"a deviation changes a payoff by {gain:.4g}, beyond payoff_range"
                claim(abs(gain) <= unit * (1 + 1e-4), said)
    if in_normal_form(game):
        _check_action_values(game, given, paid, regrets)


def _check_action_values(game: Any, given: list[Any], paid: Any, regrets: Any) -> None:
    unit = min(float(game.payoff_range), float(np.abs(paid).max()) + 1.0)
    values = tried("action_values", game.action_values, given)
    found = [jnp.shape(own) for own in values]
    wanted = [own.shape for own in given]
    claim(found == wanted, f"action_values has shapes {found}, one value for each own action is {wanted}")
    slopes = jax.jacfwd(game.expected_payoffs)(given)
    for player, (own, strategy) in enumerate(zip(values, given, strict=True)):
        moved = [*given[:player], jnp.roll(strategy, 1), *given[player + 1 :]]
        said = f"action_values of player {player + 1} hang on its own strategy; they are of the others' alone"
        close(game.action_values(moved)[player], own, said, unit=unit)
        who = f"action_values of player {player + 1}"
        close(jnp.sum(own * strategy), paid[player], f"{who} times its strategy is not what it is paid", unit=unit)
        # along the simplex: a constant in the derivatives moves no probability
        slope = slopes[player][player]
        said = f"{who} are not the derivatives of its payoff"
        close(own - own.mean(), slope - slope.mean(), said, unit=unit)
        said = f"regret of player {player + 1} is not the best gain"
        close(jnp.max(own) - paid[player], regrets[player], said, unit=unit)


def _check_table(game: Any) -> None:
    payoffs = np.asarray(tried("to_dense", lambda: game.to_dense().payoffs))
    counts = [len(own) for own in game.actions]
    claim(payoffs.shape == (len(counts), *counts), f"to_dense has payoffs of shape {payoffs.shape}")
    for number, profile in enumerate(product(*map(range, counts))):
        if number >= MOST_PROFILES:
            break
        pure = [np.eye(count)[action] for count, action in zip(counts, profile, strict=True)]
        said = f"expected_payoffs and to_dense differ at {profile}"
        listed = [own[profile] for own in payoffs]
        close(game.expected_payoffs(pure), listed, said, unit=float(game.payoff_range))
