"""Games of Pgx, which are played in turns, as environments of ours."""

import functools
import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer, unknown
from nashscape.core.calls import public
from nashscape.core.extras import needs_package
from nashscape.environments.adapters.counted import Counted, begun
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, discrete, reals


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class InTurns:
    """A game of Pgx. Made by `pgx`.

    Attributes:
        discount: γ.
        inner: the game, of Pgx.
        name: in Pgx.
        limit: rounds after which an episode is cut off; None for none.
    """

    discount: Any
    inner: Any = field(metadata={"static": True})
    name: str = field(metadata={"static": True})
    limit: int | None = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    def to_dict(self) -> dict[str, Any]:
        """What tells it from others."""
        return {"name": self.name, "version": self.inner.version, "limit": self.limit, "discount": self.discount}

    @property
    def players(self) -> tuple[str, ...]:
        """Numbered from 0, as in Pgx; who begins is drawn."""
        return tuple(f"player_{i}" for i in range(self.inner.num_players))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What the game shows, in real numbers, the same kind for all; what bounds it has nobody says."""
        return (reals(_shown(self.inner)),) * self.inner.num_players

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The actions of the game, the same for all."""
        return (discrete(_actions(self.inner)),) * self.inner.num_players

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode at most; None where only the game knows."""
        return self.limit

    def reset(self, key: jax.Array) -> tuple[Counted, tuple[jax.Array, ...]]:
        """Its `init`."""
        with jax.enable_x64(False):
            state = self.inner.init(key)
        return begun(state), self._seen(state)

    def step(self, key: jax.Array, state: Counted, actions: tuple[jax.Array, ...]) -> Step:
        """Its `step`, by the action of the player whose turn it is; what others say counts for nothing."""
        with jax.enable_x64(False):
            chosen = jnp.stack([jnp.asarray(own, jnp.int32) for own in actions])[state.state.current_player]
            after = self.inner.step(state.state, chosen, key)
        later = state.next(after)
        cut = after.truncated if self.limit is None else after.truncated | (later.played >= self.limit)
        over = after.terminated
        return Step(later, self._seen(after), after.rewards.astype(float), over, cut & ~over)

    def legal(self, state: Counted) -> tuple[jax.Array, ...]:
        """What the rules allow whose turn it is; action 0 alone, which counts for nothing, to the others."""
        allowed = state.state.legal_action_mask
        waiting = jnp.arange(len(allowed)) == 0
        return tuple(
            jnp.where(state.state.current_player == i, allowed, waiting) for i in range(self.inner.num_players)
        )

    def exact(self) -> None:
        """Nobody has computed it."""

    def _seen(self, state: Any) -> tuple[jax.Array, ...]:
        with jax.enable_x64(False), warnings.catch_warnings():
            # Pgx would rather show a state to whose turn it is alone
            warnings.simplefilter("ignore", DeprecationWarning)
            shown = [self.inner.observe(state, jnp.int32(i)) for i in range(self.inner.num_players)]
        return tuple(own.astype(float) for own in shown)


@public()
def pgx(name: str, *, limit: int | None = None, discount: float = 1.0) -> InTurns:
    """A game of Pgx: chess, Go, poker, backgammon and other games in turns, and those of a single player.

    A round is one move. Whose turn it is may do what the rules allow; the others have one legal action, number 0, which
    counts for nothing. All see the game from their own side at every move. Who begins is drawn, so that a player learns
    both sides. A game that is over is terminated; `limit` moves truncate. Rewards are those of Pgx, +1 for whom has won
    and −1 for whom has lost in games of two. Everything within is computed in single precision.

    Args:
        name: of the game, as in `pgx.make`: "tic_tac_toe", "connect_four", "kuhn_poker", "leduc_holdem", "go_9x9" …
        limit: moves after which an episode is cut off; by default none.
        discount: γ of one move; by default 1.

    Raises:
        InputError: where Pgx is not installed, and for a game that it does not have.

    Example:
        >>> from nashscape import environments
        >>> kuhn = environments.pgx("kuhn_poker")
        >>> kuhn.players, kuhn.action_spaces[0].n, kuhn.observation_spaces[0].shape
        (('player_0', 'player_1'), 2, (7,))

    Source: S. Koyamada et al., Pgx, NeurIPS 2023.
    """
    needs_package("pgx", "a game of Pgx")
    known = _known()
    if name not in known:
        raise unknown("game of Pgx", name, known)
    rounds = None if limit is None else positive_integer(limit, "limit")
    discount = finite_number(discount, "discount", low=0.0, high=1.0)
    return InTurns(np.float64(discount), _made(name), name, rounds)


def _known() -> tuple[str, ...]:
    import pgx as theirs

    return tuple(map(str, theirs.available_envs()))


@functools.cache
def _made(name: str) -> Any:
    """A game of Pgx; the same one for the same name, so that programs are compiled once."""
    import pgx as theirs

    with jax.enable_x64(False):
        try:
            return theirs.make(name)
        except (ImportError, OSError, AssertionError) as error:
            raise InputError(f"pgx.make({name!r}) fails: {type(error).__name__}: {error}") from error


@functools.cache
def _shown(inner: Any) -> tuple[int, ...]:
    with jax.enable_x64(False):
        return tuple(jax.eval_shape(inner.init, jax.random.key(0)).observation.shape)


@functools.cache
def _actions(inner: Any) -> int:
    with jax.enable_x64(False):
        return int(jax.eval_shape(inner.init, jax.random.key(0)).legal_action_mask.shape[0])
