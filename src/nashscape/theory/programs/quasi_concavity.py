"""Whether a player's utility is quasi-concave in its own parameter, whatever the others' are: a proof or a witness."""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.semantics import ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.components import NotUnrollable
from nashscape.tracing.intervals import Interval, enclosed
from nashscape.tracing.smoothness import Smoothness, smoothness

Floats = npt.NDArray[np.float64]

WIDTH = 4096
MOST_BOXES = 400_000
LINES, POINTS = 256, 201
VALLEY = 1e-9
"""Of the range of payoffs: how deep a valley must be to count."""


@dataclass(frozen=True)
class QuasiConcavity:
    """Whether `U_i` is quasi-concave in `θ_i` for all `θ_-i` of the box.

    Attributes:
        player: name of the player.
        verdict: "yes", proved: wherever the slope may vanish the utility bends down; "no", with a witness;
            "undecided": neither within the boxes that were looked at, as for utilities with flat parts or kinks.
        witness: three profiles `[3, d]` on a line along which the player's parameters alone change, in order: the
            utility of the middle one is below that of both others. None unless the verdict is "no".
        open_share: the share of the box that remained undecided.
    """

    player: str
    verdict: str
    witness: Floats | None
    open_share: float


def quasi_concavity(game: ParametricGame, player: int, bound: float, *, seed: int = 0) -> QuasiConcavity:
    """Look for a valley along random lines, then prove that there is none.

    Args:
        game: a game with a semantics; of a player with several parameters valleys are looked for and nothing is proved.
        player: the player.
        bound: M of the box.
        seed: of the lines.
    """
    name = game.game.players[player]
    witness = _valley(game, player, bound, seed)
    if witness is not None:
        return QuasiConcavity(name, "no", witness, 1.0)
    try:
        # at a kink the slope may change its sign from below while the second derivative is negative on both sides
        provable = game.sizes[player] == 1 and _is_smooth(game, player)
        left = _undecided(game, player, bound) if provable else 1.0
    except NotUnrollable:
        left = 1.0
    return QuasiConcavity(name, "undecided" if left else "yes", None, left)


def _is_smooth(game: ParametricGame, player: int) -> bool:
    example = jax.ShapeDtypeStruct((game.dimension,), "float64")
    with jax.enable_x64(True):
        rough = smoothness(lambda game, theta: game.utilities(theta)[player], game, example, argument=1)
    return rough is Smoothness.SMOOTH


def _valley(game: ParametricGame, player: int, bound: float, seed: int) -> Floats | None:
    """Three profiles on a line of which the middle one is worst."""
    part, random = game.semantics.slices[player], np.random.default_rng(seed)
    lines = random.uniform(-bound, bound, (LINES, game.dimension))
    profiles = np.repeat(lines[:, None], POINTS, axis=1)
    if game.sizes[player] == 1:
        profiles[:, :, part.start] = np.linspace(-bound, bound, POINTS)
    else:  # between two places of the player's box
        ends = random.uniform(-bound, bound, (LINES, game.sizes[player]))
        share = np.linspace(0.0, 1.0, POINTS)[:, None]
        profiles[:, :, part] = lines[:, None, part] + share * (ends - lines[:, part])[:, None]
    with jax.enable_x64(True):
        values = np.asarray(_utilities(game, jnp.asarray(profiles.reshape(-1, game.dimension)))[:, player])
    values = values.reshape(LINES, POINTS)
    before = np.maximum.accumulate(values, axis=1)
    after = np.maximum.accumulate(values[:, ::-1], axis=1)[:, ::-1]
    depth = np.minimum(before, after) - values
    line, middle = np.unravel_index(np.argmax(depth), depth.shape)
    if depth[line, middle] <= VALLEY * game.game.payoff_range:
        return None
    left = int(np.argmax(values[line, : middle + 1]))
    right = int(middle + np.argmax(values[line, middle:]))
    return np.array(profiles[line, [left, int(middle), right]])


@jax.jit
def _utilities(game: ParametricGame, profiles: jax.Array) -> jax.Array:
    return jax.vmap(game.utilities)(profiles)


def _undecided(game: ParametricGame, player: int, bound: float) -> float:
    """The share of the box where the slope may vanish and the utility may bend upwards."""
    d = game.dimension
    leaves: list[Any]
    structure: Any
    leaves, structure = jax.tree.flatten(game)
    numbers = np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in leaves])
    program = _program(structure, tuple(np.shape(leaf) for leaf in leaves), player)
    low, high = np.full((1, d), -bound), np.full((1, d), bound)
    whole, looked = (2 * bound) ** d, 0
    while len(low):
        decided = np.concatenate([
            _call(program, numbers, low[first : first + WIDTH], high[first : first + WIDTH])
            for first in range(0, len(low), WIDTH)
        ])  # fmt: skip
        looked += len(low)
        low, high = low[~decided], high[~decided]
        if looked + 2 * len(low) > MOST_BOXES:
            return float(np.prod(high - low, axis=1).sum() / whole)
        low, high = _halved(low, high)
    return 0.0


def _call(program: Any, numbers: Floats, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    pad = ((0, WIDTH - len(low)), (0, 0))
    with jax.enable_x64(True):
        return np.asarray(program(numbers, np.pad(low, pad, mode="edge"), np.pad(high, pad, mode="edge")))[: len(low)]


def _halved(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Both halves of every box along its longest side."""
    rows, side = np.arange(len(low)), np.argmax(high - low, axis=1)
    middle = (low[rows, side] + high[rows, side]) / 2
    left, right = high.copy(), low.copy()
    left[rows, side], right[rows, side] = middle, middle
    return np.concatenate([low, right]), np.concatenate([left, high])


@kept_while_code_stays(32)
def _program(structure: Any, shapes: tuple[Any, ...], player: int) -> Any:
    """Which boxes are decided, as a compiled function of the game's numbers and the boxes' ends."""
    game = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    place = game.semantics.slices[player].start

    def bends(game: ParametricGame, theta: jax.Array) -> Any:
        step = np.eye(game.dimension)[place]

        def slope(theta: jax.Array) -> Any:
            return jax.jvp(lambda at: game.utilities(at)[player], (theta,), (jnp.asarray(step, theta.dtype),))[1]

        return jax.jvp(slope, (theta,), (jnp.asarray(step, theta.dtype),))

    with jax.enable_x64(True):
        run = enclosed(bends, game, jax.ShapeDtypeStruct((game.dimension,), "float64"))

    def decided(numbers: Any, low: Any, high: Any) -> Any:
        entries = [Interval(jnp.broadcast_to(number, low.shape[:1])) for number in numbers]
        slope, bend = run([*entries, *(Interval(a, b) for a, b in zip(low.T, high.T, strict=True))])
        return (slope.low > 0) | (slope.high < 0) | (bend.high < 0)

    return jax.jit(decided)
