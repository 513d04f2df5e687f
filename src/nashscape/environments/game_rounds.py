"""A game as rounds: what players see, what they may do, what they are paid, and where it goes on."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.forms.markov_game import MarkovGame
from nashscape.games.naming import profile_name
from nashscape.games.offers import check_offers, has_points, has_semantics, has_table, in_normal_form, is_chain, needs
from nashscape.games.protocol import Game, GameLike

Floats = npt.NDArray[np.float64]

MOST_ENTRIES = 2**20
"""Payoffs that are written out; of larger games those of a profile are computed when it is played."""


@dataclass(frozen=True, eq=False)
class Rounds:
    """A game that is played round by round.

    In state s players choose actions at the same time, player i is paid `pay(s, actions)[i]`, and the next state is
    `onward(s, actions, random)`. What a profile of strategies is worth is the mean of `Σ_t γ^t pay(s_t, a_t)`.

    Attributes:
        game: what is played, without a semantics.
        actions: names of each player's actions; None where players choose points.
        states: names of the states, one for a one-shot game.
        initial: probabilities of the first state, `[S]`.
        discount: γ; 1 for a one-shot game.
        horizon: rounds after which the game is over; None for a game that never is.
        limit: rounds after which a play is cut off though the game is not over; None for none.
        pay: from a state and an action for each player to payoffs, `[n]`, in payoff units.
        onward: from a state, actions and a generator of random numbers to the next state.
    """

    game: Game
    actions: tuple[tuple[str, ...], ...] | None
    states: tuple[str, ...]
    initial: Floats
    discount: float
    horizon: int | None
    limit: int | None
    pay: Callable[[int, tuple[Any, ...]], Floats]
    onward: Callable[[int, tuple[Any, ...], np.random.Generator], int]

    def first(self, random: np.random.Generator) -> int:
        """The state of the first round."""
        return drawn(self.initial, random)

    def over(self, played: int) -> tuple[bool, bool]:
        """Whether the game is over after so many rounds, and whether the play is only cut off: never both."""
        ended = self.horizon is not None and played >= self.horizon
        return ended, not ended and self.limit is not None and played >= self.limit

    def told(self, played: int, state: int, actions: tuple[Any, ...] | None = None) -> dict[str, Any]:
        """What is told beside observations: the rounds played, the state by name, γ, and the last actions by name."""
        facts: dict[str, Any] = {"round": played, "state": self.states[state], "discount": self.discount}
        if actions is not None and self.actions is not None:
            named: Any = self.game
            facts["played"] = profile_name(named, actions)
        return facts


@public()
def rounds(game: GameLike, *, limit: int | None = None) -> Rounds:
    """A game as rounds.

    A one-shot game is one round, after which it is over. A Markov game, and so a repeated one, is over after its
    `horizon`; one without a horizon never is, and needs a `limit`, which cuts plays off.

    Args:
        game: in normal form, a Markov game, or with continuous actions; with a semantics or without.
        limit: rounds after which a play is cut off. What is not played weighs `γ^limit` of the game.

    Raises:
        InputError: for a game that is not played in rounds, and one without end and without a limit.

    Example:
        >>> import numpy as np
        >>> from nashscape import games
        >>> played = rounds(games.iterated_prisoners_dilemma())
        >>> played.states, played.pay(0, (0, 1)).tolist()
        (('start', 'CC', 'CD', 'DC', 'DD'), [0.0, 5.0])
        >>> played.onward(0, (0, 1), np.random.default_rng(0))
        2
    """
    given = as_game(game)
    bare: Game = given.game if has_semantics(given) else given
    check_offers(bare)
    cut = None if limit is None else positive_integer(limit, "limit")
    if is_chain(bare):
        return _of_chain(bare, cut)
    if not (in_normal_form(bare) or has_points(bare)):
        needs(bare, "chain", to="play round by round")
    names: Any = getattr(bare, "actions", None)
    return Rounds(
        game=bare, actions=None if has_points(bare) else tuple(map(tuple, names)), states=("start",),
        initial=np.ones(1), discount=1.0, horizon=1, limit=cut, pay=_payment(bare), onward=_stay,
    )  # fmt: skip


def drawn(chances: Floats, random: np.random.Generator) -> int:
    """A number from 0 on, drawn with these probabilities."""
    return int(random.choice(len(chances), p=chances))


def _of_chain(game: MarkovGame, limit: int | None) -> Rounds:
    if game.horizon is None and limit is None:
        raise InputError(
            f"{game.name} never ends; say after how many rounds plays are cut off, as in limit=200: what is left out "
            f"weighs discount^limit, {float(game.discount) ** 200:.2g} there"
        )
    payoffs = np.asarray(game.payoffs, float)
    alike = payoffs.shape[1] == 1

    def pay(state: int, actions: tuple[Any, ...]) -> Floats:
        return np.asarray(payoffs[(slice(None), 0 if alike else state, *actions)])

    return Rounds(
        game=game, actions=game.actions, states=game.states, initial=np.asarray(game.initial, float),
        discount=float(game.discount), horizon=game.horizon, limit=limit, pay=pay, onward=_moves(game),
    )  # fmt: skip


def _moves(game: MarkovGame) -> Callable[[int, tuple[Any, ...], np.random.Generator], int]:
    if game.successors is not None:
        known, shape = np.asarray(game.successors), game.shape
        return lambda state, actions, random: int(known[state, np.ravel_multi_index(actions, shape)])
    chances = np.asarray(game.transitions, float)
    chances = chances / chances.sum(axis=-1, keepdims=True)
    return lambda state, actions, random: drawn(chances[(state, *actions)], random)


def _stay(state: int, actions: tuple[Any, ...], random: np.random.Generator) -> int:
    return state


def _payment(game: Any) -> Callable[[int, tuple[Any, ...]], Floats]:
    """What a one-shot game pays: from its table where that is small, else computed when it is played."""
    sizes = [shape[0] for shape in game.strategy_shapes]
    if has_table(game) and len(sizes) * math.prod(sizes) <= MOST_ENTRIES:
        payoffs = np.asarray(game.to_dense().payoffs, float)
        return lambda state, actions: np.asarray(payoffs[(slice(None), *actions)])
    points, sets = has_points(game), getattr(game, "constraints", None)

    def pay(state: int, actions: tuple[Any, ...]) -> Floats:
        if points and sets is not None:
            # spaces know bounds alone; what is played is the nearest point that may be
            actions = tuple(in_double(own.project, point) for own, point in zip(sets, actions, strict=True))
        chosen = actions if points else _pure(actions, sizes)
        made: Floats = in_double(game.expected_payoffs, chosen)
        return made

    return pay


def _pure(actions: Sequence[int], sizes: Sequence[int]) -> tuple[Floats, ...]:
    return tuple(np.eye(size)[action] for action, size in zip(actions, sizes, strict=True))


def bounds_of(game: Any, player: int) -> tuple[Floats, Floats]:
    """The least and largest coordinates of the points that a player may choose, `[d_i]` each."""
    if game.bounds is None:
        return np.full(game.sizes[player], -np.inf), np.full(game.sizes[player], np.inf)
    own = slice(sum(game.sizes[:player]), sum(game.sizes[: player + 1]))
    return np.asarray(game.bounds[0], float)[own], np.asarray(game.bounds[1], float)[own]


def in_double(function: Callable[[Any], Any], value: Any) -> Any:
    """What a function that JAX traces gives in double precision, as arrays of NumPy."""
    import jax

    with jax.enable_x64(True):
        return jax.tree.map(lambda own: np.asarray(own, float), function(value))
