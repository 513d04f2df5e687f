"""Logit quantal response equilibria of games in extensive form, of agents and of the sequence form."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, choice, finite_number
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import TreeGame, needs
from nashscape.games import game as as_game
from nashscape.learning.row_values import row_values

Floats = npt.NDArray[np.float64]

FORMS = ("agent", "sequence")

MOST = 1_500
"""Actions of all information sets together: the equations are solved densely."""

CLOSE = 1e-9
"""By how much probabilities may miss the equations of a solution."""

TURNS = 8
"""Newton's steps for one precision, before the way to it is halved."""

FIRST = 1.0
"""Of the way from one precision to the next, times the payoff range, at first."""

SHORTEST = 1e-6
"""The shortest way that is tried, in the same unit."""

AGENT = Source(
    "agent_quantal_response",
    "McKelvey, Palfrey: Quantal Response Equilibria for Extensive Form Games. Experimental Economics 1, 9–41, 1998.",
    "https://doi.org/10.1023/A:1009905800005",
)
DILATED = Source(
    "dilated_entropy",
    "Hoda, Gilpin, Peña, Sandholm: Smoothing Techniques for Computing Nash Equilibria of Sequential Games. Mathematics "
    "of Operations Research 35, 494–512, 2010.",
    "https://doi.org/10.1287/moor.1100.0452",
)


@dataclass(frozen=True, eq=False)
class TreeLogitEquilibrium(Result):
    """A logit equilibrium of a game in extensive form, on the way from precision 0.

    Attributes:
        game: name of the game.
        players: names.
        actions: names of each player's columns.
        rows: names of each player's information sets.
        form: "agent" or "sequence".
        precision: λ, in one over payoff units, up to which the path was followed.
        strategies: `[R_i, A_i]` for each player.
        realisations: for each player how likely its moves make each of its sequences, `[1 + R_i A_i]`.
        payoffs: of each player, `[n]`.
        regrets: what each could gain by a best response, `[n]`.
        residual: by how much a probability misses its equation at most.
        status: COMPLETE where λ is what was asked for and the equations hold to 1e-9; else UNRESOLVED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "tree logit equilibrium"
    as_columns: ClassVar[str] = "nashscape.theory.trees.logit_tables:logit_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.logit_tables:logit_table"
    picture: ClassVar[str] = "nashscape.figures.trees:tree_logit_figure"

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    form: str
    precision: float
    strategies: tuple[Floats, ...]
    realisations: tuple[Floats, ...]
    payoffs: Floats
    regrets: Floats
    residual: float
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Payoffs and what is left to gain, as one line."""
        paid = ", ".join(f"{own:.4g}" for own in self.payoffs)
        return (
            f"<TreeLogitEquilibrium of {self.game}, {self.form} form, at λ = {self.precision:g}: payoffs {paid}, "
            f"NashConv {self.regrets.sum():.3g}>"
        )


@public()
def tree_logit_equilibrium(game: Any, *, precision: float = 1.0, form: str = "agent") -> TreeLogitEquilibrium:
    """A logit quantal response equilibrium of a game in extensive form, on the path from precision 0.

    In the "agent" form every information set answers by itself what its actions pay once it is reached,
    `σ(a|r) ∝ exp(λ q(r, a))`, all own moves after it as they are. In the "sequence" form every player maximises its
    payoff plus 1/λ times dilated entropy, `Σ_r x(r) H(σ(·|r))`: values are not divided by how often the others lead to
    a row, so that rows that rarely come are played more evenly, and the player foresees its own later noise. Of two
    players with opposite interests there is one such equilibrium for each λ. They are two concepts, whose numbers
    differ.

    The path is followed by Newton's method from λ to λ. Where it turns back the way ends there, UNRESOLVED.

    Args:
        game: in extensive form, with up to 1,500 actions in all information sets together.
        precision: λ, in one over payoff units, one over the temperature.
        form: "agent" or "sequence".

    Raises:
        InputError: for other games and forms, and a negative precision.

    Example:
        >>> from nashscape import games
        >>> found = tree_logit_equilibrium(games.kuhn_poker(), precision=10.0)
        >>> found.rows[0][2], float(found.strategies[0][2, 1].round(5))      # how often the king bets
        ('K', 0.59159)

    Source: McKelvey, Palfrey (1998) for agents; Hoda, Gilpin, Peña, Sandholm (2010) for dilated entropy, Ling, Fang,
    Kolter (2018) for its equilibria.
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="find logit equilibria of information sets")
    wanted, kind = finite_number(precision, "precision", low=0.0), choice(form, "form", FORMS)
    size = sum(int(own.sum()) for own in made.legal)
    if size > MOST:
        raise InputError(
            f"{made.name} has {size:,} actions in its information sets; the equations of up to {MOST:,} are solved: "
            "follow learning.magnetic_mirror_descent with theory.tree_play, which rests at the same for agents"
        )
    with jax.enable_x64(True):
        logits, reached = _followed(made, kind, wanted)
        played = _played(made, logits)
        again = _played(made, _answer(made, played, reached, kind))
        residual = max(float(jnp.abs(a - b).max()) for a, b in zip(played, again, strict=True))
        strategies, plans, paid, regrets = jax.tree.map(
            np.asarray, (played, made.realisations(played), made.expected_payoffs(played), made.regrets(played))
        )
    held = reached == wanted and residual <= CLOSE
    return TreeLogitEquilibrium(
        game=made.name, players=made.players, actions=made.actions, rows=made.rows, form=kind, precision=reached,
        strategies=strategies, realisations=plans, payoffs=paid, regrets=regrets, residual=residual,
        status=Status.COMPLETE if held else Status.UNRESOLVED,
        provenance=record(
            "tree logit equilibrium", {"game": made, "precision": wanted, "form": kind},
            sources=[AGENT if kind == "agent" else DILATED],
        ),
    )  # fmt: skip


def _played(game: TreeGame, logits: Sequence[jax.Array]) -> tuple[jax.Array, ...]:
    return tuple(
        jax.nn.softmax(own, axis=1, where=jnp.asarray(mask)) for own, mask in zip(logits, game.legal, strict=True)
    )


def _answer(game: TreeGame, played: Sequence[jax.Array], precision: Any, form: str) -> tuple[jax.Array, ...]:
    """The logits of what is answered to these strategies."""
    if form == "sequence":
        return game.smooth_responses(played, precision)
    return tuple(precision * own.given_reached for own in row_values(game, played))


def _flat(game: TreeGame, logits: Sequence[jax.Array]) -> jax.Array:
    """The logits of legal actions less their mean in each row, `[size]`."""
    parts = []
    for own, mask in zip(logits, game.legal, strict=True):
        kept = jnp.where(mask, own, 0.0)
        parts.append((kept - kept.sum(axis=1, keepdims=True) / mask.sum(axis=1, keepdims=True))[np.nonzero(mask)])
    return jnp.concatenate(parts)


def _spread(game: TreeGame, flat: jax.Array) -> list[jax.Array]:
    ends = np.cumsum([int(own.sum()) for own in game.legal])[:-1].tolist()
    return [
        jnp.zeros(mask.shape).at[np.nonzero(mask)].set(own)
        for own, mask in zip(jnp.split(flat, ends), game.legal, strict=True)
    ]


def _missed(flat: jax.Array, game: TreeGame, precision: Any, form: str) -> jax.Array:
    return flat - _flat(game, _answer(game, _played(game, _spread(game, flat)), precision, form))


@functools.partial(jax.jit, static_argnames="form")
def _looked(flat: jax.Array, game: TreeGame, precision: Any, form: str) -> tuple[jax.Array, jax.Array]:
    """By how much the equations are missed, and the slopes of that."""
    return _missed(flat, game, precision, form), jax.jacfwd(_missed)(flat, game, precision, form)


def _followed(game: TreeGame, form: str, wanted: float) -> tuple[list[jax.Array], float]:
    """Logits at the largest precision that was reached, and that."""
    unit = 1.0 / game.payoff_range
    at, flat = 0.0, _flat(game, _answer(game, [jnp.asarray(own) for own in game.uniform()], 0.0, form))
    before, way = (at, flat), FIRST * unit
    while at < wanted and way > SHORTEST * unit:
        to = min(at + way, wanted)
        # straight on from the last two
        slope = (flat - before[1]) / (at - before[0]) if at > before[0] else 0.0
        found = _newton(game, form, to, flat + (to - at) * slope)
        if found is None:
            way /= 2
            continue
        before, at, flat, way = (at, flat), to, found, 1.6 * way
    return _spread(game, flat), at


def _newton(game: TreeGame, form: str, precision: float, flat: jax.Array) -> jax.Array | None:
    """A solution near a guess, None where there is none or it is far."""
    for _ in range(TURNS):
        missed, slopes = map(np.asarray, _looked(flat, game, precision, form=form))
        size = float(np.abs(missed).max())
        if not np.isfinite(size):
            return None
        if size <= 1e-11 * max(1.0, float(jnp.abs(flat).max())):
            return flat
        try:
            step = np.linalg.solve(slopes, missed)
        except np.linalg.LinAlgError:
            return None
        flat = flat - step
    return None
