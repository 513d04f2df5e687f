"""Opponent-awareness measured as coupling: which open-source player of policy gradient moves as a rule does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, citations, finite_array
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import mixed_profile
from nashscape.learning import Rule, check_rule
from nashscape.learning.fields import field_of
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.semantics.semantics import has_forms, has_rows_within
from nashscape.theory.likeness import likeness

Floats = npt.NDArray[np.float64]

POINTS = 99
"""Profiles on the diagonal, by the probability of the first action: .01 to .99."""


@dataclass(frozen=True, eq=False)
class EffectiveCoupling(Result):
    """By which coupling every player's correction is explained, at K profiles.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        strategies: of every player, K of them, `[K, a_i]`.
        coupling: `κ_i = ⟨d_i, x_i⟩/|x_i|²`, `[K, n]`; NaN where `x_i = 0`.
        residual: `|d_i − κ_i x_i|/|d_i|`, from 0, coupling and nothing else, to 1, `[K, n]`; 0 where there is no
            correction.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "effective coupling"
    picture: ClassVar[str] = "nashscape.figures.programs:effective_figure"
    as_table: ClassVar[str] = "nashscape.theory.tables:effective_table"

    game: str
    rule: str
    strategies: tuple[Floats, ...]
    coupling: Floats
    residual: Floats
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Rule, game, range of the coupling and the largest residual, as one line."""
        if np.isnan(self.coupling).all():
            return f"<EffectiveCoupling of {self.rule} on {self.game}: undefined>"
        low, high = np.nanmin(self.coupling), np.nanmax(self.coupling)
        many = f"{len(self.coupling)} profiles" if len(self.coupling) > 1 else "one profile"
        return (
            f"<EffectiveCoupling of {self.rule} on {self.game}, {many}: κ from {low:.6g} to {high:.6g}, residual up to "
            f"{np.nanmax(self.residual):.2g}>"
        )


@public()
def effective_coupling(
    rule: Rule,
    game: "Playable",
    at: Any = "diagonal",
    *,
    alignment: Mapping[tuple[int, int], npt.ArrayLike] | None = None,
) -> EffectiveCoupling:
    """The coupling under which policy gradient has the correction that a rule adds to it.

    With `x_i = Σ_{j≠i} E_jiᵀ ∂U_i/∂z_j`, what player i would gain by moving the others' logits along with its own, and
    the correction `d_i`, the rule's direction less the gradient, `κ_i = ⟨d_i, x_i⟩/|x_i|²`. For peer-learning in a
    symmetric 2×2 game it is `λ η c s_i s_j` with residual zero: the peer term *is* a coupling, of a strength that
    depends on where the players are, and of the sign of `c = R − S − T + P`. It is a coupling of the field in
    parameters; the logits of open-source players move faster by `1 + κ`.

    Args:
        rule: a rule without memory.
        game: one with independent strategies, also over states.
        at: "diagonal", all players alike, each with the probability .01 to .99 of its first action (two actions each),
            in every state; or strategies, as in `games.mixed_profile`.
        alignment: for players j and i, counted from zero, `E_ji` of shape `[d_j, d_i]`: how `θ_i` would enter `z_j`.
            Where it is not given the identity, in games over states each state as its player sees it; players with
            different numbers of parameters need it.

    Raises:
        InputError: for games and rules of other kinds, and where an alignment is missing or does not fit.

    Example:
        >>> from nashscape import games, peer_only
        >>> rule = peer_only(peer=1.5, inner_lr=0.55)
        >>> effective_coupling(rule, games.stag_hunt(), [0.5, 0.5])          # 1.5 · 0.55 · 3 / 16
        <EffectiveCoupling of peer_only on stag_hunt, one profile: κ from 0.154688 to 0.154688, residual up to 0>

    Source: derived here; peer-learning as in arXiv 2605.18078, coupling as in arXiv 2606.27068.
    """
    learners = parametric(game)
    inner = learners.semantics.within if has_rows_within(learners.semantics) else learners.semantics
    if not has_forms(inner):
        raise InputError(
            "effective coupling is measured between players with independent sigmoids or softmaxes, also one per state"
        )
    ready = check_rule(rule).for_game(learners)
    profiles = _profiles(learners, at)
    frames = _frames(learners, alignment or {})
    theta = _parameters(learners, profiles)
    plain, whole = field_of(learners), field_of(learners, ready)
    corrections = np.stack([whole(own) - plain(own) for own in theta])
    with jax.enable_x64(True):
        slopes = np.stack([np.asarray(_slopes(learners, jnp.asarray(own)), np.float64) for own in theta])
    coupling, residual = _projected(learners, corrections, slopes, frames)
    asked = {
        "game": learners,
        "rule": ready,
        "strategies": profiles,
        "alignment": [[i, j, frame] for (j, i), frame in frames.items()],
    }
    return EffectiveCoupling(
        game=learners.name,
        rule=ready.name,
        strategies=profiles,
        coupling=coupling,
        residual=residual,
        status=Status.COMPLETE,
        provenance=record("effective coupling", asked, sources=[*ready.sources, citations.OPEN_SOURCE]),
    )


def _projected(
    game: ParametricGame, corrections: Floats, slopes: Floats, frames: Mapping[tuple[int, int], Floats]
) -> tuple[Floats, Floats]:
    """Coupling and residual of all players, `[K, n]` each."""
    parts, players = game.semantics.slices, range(len(game.sizes))
    coupling, residual = np.full((2, len(corrections), len(players)), np.nan)
    for i in players:
        d = corrections[:, parts[i]]
        x = sum((slopes[:, i, parts[j]] @ frames[j, i] for j in players if j != i), start=np.zeros_like(d))
        size = np.sum(x * x, axis=1)
        some = size > 0
        coupling[some, i] = np.sum(d * x, axis=1)[some] / size[some]
        left = np.linalg.norm(d - np.nan_to_num(coupling[:, i, None]) * x, axis=1)
        length = np.linalg.norm(d, axis=1)
        residual[:, i] = np.divide(left, length, out=np.zeros_like(left), where=length > 0)
    return coupling, residual


def _frames(game: ParametricGame, given: Mapping[tuple[int, int], npt.ArrayLike]) -> dict[tuple[int, int], Floats]:
    players = range(len(game.sizes))
    unknown = [pair for pair in given if pair not in {(j, i) for j in players for i in players if i != j}]
    if unknown:
        raise InputError(f"alignment is given for pairs (j, i) of players counted from zero; got {unknown[0]!r}")
    frames = {}
    alike = likeness(game) if len(set(game.sizes)) == 1 else None
    for j in players:
        for i in players:
            shape = game.sizes[j], game.sizes[i]
            if i == j:
                continue
            if (j, i) in given:
                frames[j, i] = finite_array(given[j, i], f"alignment of {(j, i)}", shape=shape)
            elif alike is not None and shape[0] == shape[1]:
                frames[j, i] = alike[j] @ alike[i].T
            else:
                raise InputError(
                    f"players {i + 1} and {j + 1} have {shape[1]} and {shape[0]} parameters: say with "
                    f"alignment={{({j}, {i}): E}}, E of shape [{shape[0]}, {shape[1]}], how those of one would "
                    "enter those of the other"
                )
    return frames


def _profiles(game: ParametricGame, at: Any) -> tuple[Floats, ...]:
    if isinstance(at, str):
        if at != "diagonal":
            raise InputError(f"at is 'diagonal' or strategies; got {at!r}")
        if any(shape[-1] != 2 for shape in game.game.strategy_shapes):
            raise InputError("the diagonal is that of players with two actions each; give strategies")
        p = np.linspace(0, 1, POINTS + 2)[1:-1]
        both = np.stack([p, 1 - p], axis=1)
        return tuple(
            np.broadcast_to(both.reshape(-1, *(1 for _ in shape[:-1]), 2), (len(p), *shape)).copy()
            for shape in game.game.strategy_shapes
        )
    mixed = mixed_profile(game.game, at)
    if any((own <= 0).any() for own in mixed):
        raise InputError("effective coupling is measured at interior strategies; use 0.001 in place of 0, say")
    return tuple(np.asarray(own, np.float64)[None] for own in mixed)


def _parameters(game: ParametricGame, profiles: Sequence[Floats]) -> Floats:
    with jax.enable_x64(True):
        return np.asarray(jax.vmap(game.semantics.parameters)([jnp.asarray(own) for own in profiles]), np.float64)


@jax.jit
def _slopes(game: ParametricGame, theta: jax.Array) -> Any:
    return jax.jacrev(game.utilities)(theta)  # [n, d]
