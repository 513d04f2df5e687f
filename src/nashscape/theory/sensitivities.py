"""The sensitivity ratio: what coupling becomes where players are networks of each other's parameters."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, finite_array
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.theory.alike_players import AlikePlayers, alike_players
from nashscape.theory.joint_actions import JointAction, joint_action
from nashscape.theory.sensitivity_results import SensitivityRatio

Floats = npt.NDArray[np.float64]


@public()
def sensitivity_ratio(game: "Playable", theta: npt.ArrayLike, target: Any = None) -> SensitivityRatio:
    """The sensitivity ratio and its threshold: how strongly players are read, and how strongly they have to be.

        ρ_jk = ⟨D_j, ∂z_k/∂θ_j⟩ / ⟨D_j, ∂z_j/∂θ_j⟩,   κ*_jk = −(∂U_j/∂z_j)/(∂U_j/∂z_k)

    with `D_j = ∂(Σ_i log σ_i[a*_i])/∂θ_j`, for every ordered pair of players: j, whose parameters move, and k, who
    reads them. With two players, `g_jj = ⟨D_j, ∂z_j/∂θ_j⟩ > 0` and `∂U_j/∂z_k > 0`, what j learns makes the joint
    action likelier iff `ρ_jk > κ*_jk`. Whether these hold is said by `decides`. Log-odds z are of the action of the
    joint action against the player's others.

    For two alike players of a symmetric 2×2 game at a symmetric profile it is one number for both, and the closed forms
    of coupling are in `alike`: `ρ = (|b|² + ⟨a,b⟩)/(|a|² + ⟨a,b⟩)` with `a = ∂z_1/∂θ_1`, `b = ∂z_2/∂θ_1`, and
    `κ*(p) = −A(p)/B(p)`. It is a statement about the profile: on the way ρ, p and with them κ* change, and nearby
    profiles that are not symmetric may move apart.

    Args:
        game: one with actions, and any semantics of logits.
        theta: the profile, `[d]`, or what all players have, `[d/n]`.
        target: the joint action, as in `cooperation_index`; by default all first actions. Over states it is of the
            first state; of several rows z is the mean over them.

    Raises:
        InputError: for games without actions, semantics in which parameters are no logits, and input that does not fit.

    Example:
        >>> from nashscape import games, open_source
        >>> sensitivity_ratio(open_source(games.donation(benefit=3, cost=1), 0.4), [0.2, 0.2])
        <SensitivityRatio on donation at p = 0.5695: cooperation grows, ρ = 0.4, κ* = 0.3333>

        Two who read each other differently, in a game that is not symmetric, at different parameters:

        >>> uneven = games.bimatrix([[3, 0], [4, 1]], [[3, 6], [0, 1]])
        >>> found = sensitivity_ratio(open_source(uneven, [[0, 0.6], [0.2, 0]]), [0.3, -0.5])
        >>> found.ratios.round(3).tolist(), found.thresholds.round(3).tolist()
        ([[nan, 0.2], [0.6, nan]], [[nan, 0.35], [0.452, nan]])

    Source: section 3 of arXiv 2606.27068; the ratio for vectors of parameters and for ordered pairs is derived here.
    """
    learners = parametric(game)
    wanted = joint_action(learners.game, target, "the sensitivity ratio")
    if learners.semantics.domain != "logits":
        raise InputError(
            "a sensitivity ratio is for parameters that move freely, such as logits; give such a semantics"
        )
    at = _whole(learners, theta)
    with jax.enable_x64(True):
        found = _parts(learners, jnp.asarray(at, "float64"), wanted.places)
        odds, slopes, logs, direction, stakes, climbs = (np.asarray(part, np.float64) for part in found)
    parts = learners.semantics.slices
    alike, unlike = _alike(learners, wanted, at, odds, slopes)
    return SensitivityRatio(
        game=learners.name,
        target=wanted.name,
        players=tuple(learners.game.players),
        theta=at,
        probabilities=np.exp(logs),
        sensitivities=np.stack([slopes[:, own] @ direction[own] for own in parts]),
        stakes=stakes,
        pulls=np.array([direction[own] @ climbs[j, own] for j, own in enumerate(parts)]),
        alike=alike,
        unlike=unlike,
        status=Status.COMPLETE,
        provenance=record(
            "sensitivity ratio",
            {"game": learners, "theta": at, "target": wanted.profile},
            sources=[citations.OPEN_SOURCE],
        ),
    )


def _whole(learners: ParametricGame, theta: npt.ArrayLike) -> Floats:
    at = finite_array(theta, "theta", ndim=1)
    n, d = len(learners.sizes), learners.dimension
    shared = len(set(learners.sizes)) == 1
    if len(at) == d:
        return at
    if not shared or len(at) != d // n:
        also = f", or {d // n} that all players have" if shared else ""
        raise InputError(f"theta must have {d} entries{also}; got {len(at)}")
    whole: Floats = np.tile(at, n)
    return whole


def _alike(
    learners: ParametricGame, wanted: JointAction, at: Floats, odds: Floats, slopes: Floats
) -> tuple[AlikePlayers | None, str]:
    if wanted.profile != (0, 0):
        return None, "the closed forms are of the first actions of two players"
    try:
        return alike_players(learners, at, odds, slopes), ""
    except InputError as reason:
        return None, str(reason)


@jax.jit
def _parts(game: ParametricGame, theta: jax.Array, places: Any) -> Any:
    """Log-odds of `a*` `[n]`, their derivatives `[n, d]`, its logs `[n]`, `∂Y/∂θ` `[d]`, stakes `[n, n]`, `∂U/∂θ`."""

    def logs(at: jax.Array) -> jax.Array:
        made = game.semantics.log_strategies(at)
        return jnp.stack([jnp.sum(own[place]) for own, place in zip(made, places, strict=True)])

    def odds(at: jax.Array) -> jax.Array:
        made = game.semantics.log_strategies(at)
        return jnp.stack([jnp.mean(_odds(own, place)) for own, place in zip(made, places, strict=True)])

    direction = jax.grad(lambda at: jnp.sum(logs(at)))(theta)
    played = game.strategies(theta)
    stakes = jnp.stack([_stakes(game, played, k, place) for k, place in enumerate(places)], axis=1)
    return odds(theta), jax.jacrev(odds)(theta), logs(theta), direction, stakes, jax.jacrev(game.utilities)(theta)


def _odds(logs: jax.Array, place: Any) -> jax.Array:
    """The log-odds of the actions at places `[R]` of a strategy, against all others of their rows."""
    rows = logs[place[:-1]] if len(place) > 1 else logs[None]
    chosen = jax.nn.one_hot(place[-1], logs.shape[-1], dtype=bool)
    others = jnp.where(chosen, -jnp.inf, rows)
    return logs[place] - jax.nn.logsumexp(others, axis=-1)


def _stakes(game: ParametricGame, played: tuple[jax.Array, ...], k: int, place: Any) -> jax.Array:
    """`∂U_j/∂z_k` of all players j, `[n]`: player k's odds of `a*` rise, those between its other actions stay."""
    own = played[k]
    rows = own[place[:-1]] if len(place) > 1 else own[None]
    moved = own[place][:, None] * (jax.nn.one_hot(place[-1], own.shape[-1], dtype=own.dtype) - rows)
    shift = jnp.zeros_like(own).at[place[:-1]].set(moved) if len(place) > 1 else moved[0]
    tangents = tuple(shift if i == k else jnp.zeros_like(one) for i, one in enumerate(played))
    slope: jax.Array = jax.jvp(game.game.expected_payoffs, (played,), (tangents,))[1]
    return slope
