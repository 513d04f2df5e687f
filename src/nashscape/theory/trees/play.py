"""Learners in a game in extensive form against each other: the last strategies, and averages weighted by own reach."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status, choice, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.dynamics.setup import Setup, State, advance, in_precision, initial_state, make_setup
from nashscape.dynamics.starts import strategies_to_parameters
from nashscape.games import TreeGame, needs
from nashscape.games import game as as_game
from nashscape.learning import StepKey, check_rule, seed_words
from nashscape.semantics import parametric, simplex

Floats = npt.NDArray[np.float64]

STEPS = 1_000
LOOKS = 40
"""Rounds after which both are looked at, at equal ratios of each other."""

WEIGHTS = ("uniform", "linear")


@dataclass(frozen=True, eq=False)
class TreePlay(Result):
    """Where learners are after so many rounds, and where their averages are.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        players: names.
        actions: names of each player's columns.
        rows: names of each player's information sets.
        averaging: how rounds count, "uniform", or "linear", round t with weight t.
        times: rounds after which both were looked at, `[k]`.
        last_regrets: what each player could gain by a best response where all play what they play next, in payoff
            units, `[k, n]`.
        average_regrets: the same where all play their averages so far, `[k, n]`.
        last: what is played next in the end, `[R_i, A_i]` for each player.
        average: of all rounds, `[R_i, A_i]`; all actions alike where a player's own moves never led.
        last_best: what a best response to the last strategies gets in the end, `[n]`.
        average_best: what one to the averages gets, `[n]`.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "tree play"
    as_columns: ClassVar[str] = "nashscape.theory.trees.play_tables:play_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.play_tables:play_table"
    picture: ClassVar[str] = "nashscape.figures.tree_plays:play_figure"
    computed: ClassVar[tuple[str, ...]] = ("nash_conv", "exploitability")

    game: str
    rule: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    averaging: str
    times: npt.NDArray[np.int64]
    last_regrets: Floats
    average_regrets: Floats
    last: tuple[Floats, ...]
    average: tuple[Floats, ...]
    last_best: Floats
    average_best: Floats
    status: Status
    provenance: Provenance

    @property
    def nash_conv(self) -> float:
        """Of the averages in the end: the sum of what players could gain by a best response, in payoff units."""
        return float(self.average_regrets[-1].sum())

    @property
    def last_nash_conv(self) -> float:
        """The same of the last strategies."""
        return float(self.last_regrets[-1].sum())

    @property
    def exploitability(self) -> float:
        """Of the averages in the end: the mean of the same over players."""
        return self.nash_conv / len(self.players)

    @property
    def last_exploitability(self) -> float:
        """The same of the last strategies."""
        return self.last_nash_conv / len(self.players)

    def __repr__(self) -> str:
        """NashConv of both in the end, as one line."""
        return (
            f"<TreePlay {self.rule} on {self.game}: {self.times[-1]:,} rounds; NashConv {self.last_nash_conv:.3g} of "
            f"the last strategies, {self.nash_conv:.3g} of the averages>"
        )


@public()
def tree_play(
    game: Any, rule: Any, *, steps: int = STEPS, start: Any = None, averaging: str | None = None, seed: int = 0
) -> TreePlay:
    """Follow learners in a game in extensive form, and tell how far the last strategies and the averages are from Nash.

    The average is the strategy that stands for drawing one of the rounds t with weight w_t and playing it throughout:
    `σ̄(a|r) = Σ_t w_t x_t(r) σ_t(a|r) / Σ_t w_t x_t(r)`, where x_t(r) is how often the player's own moves lead to r in
    round t. A plain mean of σ_t is another strategy. Round t is what is played before update t, the first one the
    start.

    Args:
        game: in extensive form.
        rule: how players learn, such as `learning.cfr()`.
        steps: rounds; by default 1,000.
        start: behaviour strategies of the first round; by default all legal actions alike.
        averaging: "uniform", all rounds alike; or "linear", round t with weight t; by default what the rule says, which
            is "linear" for `learning.cfr_plus`.
        seed: of rules that draw; by default 0.

    Raises:
        InputError: for other games, rules that cannot learn in them, and strategies that do not fit.

    Example:
        >>> from nashscape import games, learning
        >>> found = tree_play(games.kuhn_poker(), learning.cfr(), steps=200)
        >>> bool(found.nash_conv < found.last_nash_conv)
        True

    Source: Zinkevich, Johanson, Bowling, Piccione (2007) for averages; NashConv and exploitability as in Lanctot,
    Lockhart, Lespiau and others (2019).
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="follow learners from information set to information set")
    count = positive_integer(steps, "steps")
    weights = choice(averaging or getattr(rule, "averaging", "uniform"), "averaging", WEIGHTS)
    learners = parametric(made, simplex(made.shape, legal=made.legal))
    theta = strategies_to_parameters(learners, made.uniform() if start is None else start)
    setup = make_setup(learners, check_rule(rule), step_size=1.0)
    times = np.unique(np.round(np.geomspace(1, count, LOOKS)).astype(np.int64))
    words = seed_words(seed)
    with jax.enable_x64(True):
        ready = in_precision(setup, "float64")
        state: State = initial_state(ready, jnp.asarray(theta))
        sums = tuple(jnp.zeros(shape) for shape in made.strategy_shapes)
        looks: list[Any] = []
        for first, beyond in zip([0, *times[:-1].tolist()], times.tolist(), strict=True):
            linear = jnp.asarray(weights == "linear")
            state, sums, look = _rounds(ready, state, sums, words, jnp.int32(first), jnp.int32(beyond), linear)
            looks.append(look)
        last, average, ends = jax.tree.map(np.asarray, (*looks[-1][:2], [look[2] for look in looks]))
    return TreePlay(
        game=made.name, rule=rule.name, players=made.players, actions=made.actions, rows=made.rows, averaging=weights,
        times=times, last_regrets=np.array([own[0] for own in ends]),
        average_regrets=np.array([own[1] for own in ends]),
        last=last, average=average, last_best=ends[-1][2], average_best=ends[-1][3], status=Status.COMPLETE,
        provenance=record(
            "tree play", {"game": made, "rule": rule, "steps": count, "start": start, "averaging": weights},
            seed=seed, sources=rule.sources,
        ),
    )  # fmt: skip


@jax.jit
def _rounds(
    setup: Setup, state: State, sums: tuple[jax.Array, ...], seed: Any, first: Any, beyond: Any, linear: Any
) -> Any:
    """Rounds from one to before another; the state, what averages are made of, and what is told then."""
    game: Any = setup.game.game

    def one(step: jax.Array, carry: Any) -> Any:
        state, sums = carry
        played = setup.game.strategies(state.theta)
        weight = jnp.where(linear, step + 1.0, 1.0)
        sums = tuple(
            own + weight * reach[:, None] * now
            for own, reach, now in zip(sums, game.reach(played), played, strict=True)
        )
        return advance(setup, state, StepKey(seed[0], seed[1], jnp.uint32(0), step.astype(jnp.uint32))), sums

    state, sums = jax.lax.fori_loop(first, beyond, one, (state, sums))
    last = setup.game.strategies(state.theta)
    average = tuple(averaged(own, mask) for own, mask in zip(sums, game.legal, strict=True))
    told = (game.regrets(last), game.regrets(average), game.best_values(last), game.best_values(average))
    return state, sums, (last, average, told)


def averaged(sums: Any, legal: Any) -> jax.Array:
    """The strategy in proportion to these weights in each row, all legal actions alike where there are none.

    Someone who comes to a row with probability 1 and plays left there, and next time with 1/10 and plays right, plays
    left 10/11 of the times it comes there:

    >>> made = averaged(jnp.asarray([[1.0, 0.0]]) + 0.1 * jnp.asarray([[0.0, 1.0]]), np.ones((1, 2)))
    >>> [round(p, 4) for p in made[0].tolist()]
    [0.9091, 0.0909]
    """
    total = jnp.sum(sums, axis=-1, keepdims=True)
    even = jnp.asarray(legal / legal.sum(axis=-1, keepdims=True), total.dtype)
    return jnp.where(total > 0, sums / jnp.where(total > 0, total, 1.0), even)
