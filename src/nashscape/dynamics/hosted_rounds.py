"""Hosted players in a game in normal form, which is played again and again."""

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.settling import Endings
from nashscape.dynamics.hosted_calls import made_players, told
from nashscape.dynamics.observed_labels import observed_labels
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.games import Game, in_normal_form
from nashscape.games.naming import action_index

if TYPE_CHECKING:
    from nashscape.dynamics.hosting import Hosted

Floats = npt.NDArray[np.float64]


class InRounds:
    """Hosted players in a game in normal form, which is played again and again."""

    def __init__(self, players: "Hosted", game: Any, goals: Sequence[Any], rounds: int, seed: int) -> None:
        self.players, self.game, self.goals, self.rounds, self.seed = players, game, goals, rounds, seed
        self.table = _Table(game)
        self.before: list[Any] = []

    def run(self, run: int) -> tuple[tuple[Floats, ...], Floats]:
        """What every player did in each window, `[K, a_i]`, and mean payoffs, `[n]`."""
        game, window, shapes = self.game, self.players.window, self.game.strategy_shapes
        made = self.before = made_players(self.players, game, run, self.seed, self.before)
        windows, first = self.rounds // window, self.rounds % window
        counts = [np.zeros((windows, shape[0])) for shape in shapes]
        paid = np.zeros(len(shapes))
        for k in range(self.rounds):
            where = f"round {k} of run {run}"
            actions = tuple(_acted(game, i, own, where) for i, own in enumerate(made))
            payoffs = self.table(actions)
            for i, own in enumerate(made):
                told(f"observe of {game.players[i]}, {where},", own.observe, actions, payoffs)
            paid += payoffs
            if k >= first:
                at, last = divmod(k - first, window)
                for i, action in enumerate(actions):
                    counts[i][at, action] += 1.0
                if last == window - 1:
                    for own in counts:
                        own[at] /= window
                    _ask(game, made, counts, at, where)
        return tuple(counts), paid / self.rounds

    def judged(self, runs: Sequence[tuple[tuple[Floats, ...], Floats]]) -> tuple[Labelled, Endings]:
        """Labels of runs from what was done in their windows."""
        strategies = [np.stack(own) for own in zip(*(own for own, _ in runs), strict=True)]
        paid = np.stack([paid for _, paid in runs])
        return _judged(self.game, self.goals, strategies, paid, self.players.window, self.rounds)


class _Table:
    """What pure profiles pay, each looked up once."""

    def __init__(self, game: Game) -> None:
        if not in_normal_form(game):
            raise InputError(
                f"hosted players play a game in normal form again and again; {game.name} is none: give its stage game"
            )
        self.game: Any = game
        self.paid: dict[tuple[int, ...], Floats] = {}

    def __call__(self, actions: tuple[int, ...]) -> Floats:
        if actions not in self.paid:
            pure = [np.eye(shape[0])[own] for shape, own in zip(self.game.strategy_shapes, actions, strict=True)]
            self.paid[actions] = np.array(self.game.expected_payoffs(pure), np.float64)
            # players are shown these very numbers
            self.paid[actions].setflags(write=False)
        return self.paid[actions]


def _acted(game: Any, i: int, player: Any, where: str) -> int:
    action = told(f"act of {game.players[i]}, {where},", player.act)
    try:
        return action_index(game, i, action if isinstance(action, str) else operator.index(action))
    except (InputError, TypeError, ValueError) as error:
        raise InputError(f"act of {game.players[i]}, {where}, gave {action!r}: {error}") from error


def _ask(game: Any, made: Sequence[Any], counts: list[Floats], at: int, where: str) -> None:
    """In place of what a player did, what it says that it does."""
    for i, own in enumerate(made):
        if not hasattr(own, "strategy"):
            continue
        said = np.asarray(told(f"strategy of {game.players[i]}, {where},", own.strategy), np.float64)
        if said.shape != counts[i][at].shape or not ((said >= 0).all() and abs(said.sum() - 1.0) <= 1e-6):
            raise InputError(
                f"strategy of {game.players[i]}, {where}, must be {len(counts[i][at])} probabilities; got {said!r}"
            )
        counts[i][at] = said


def _judged(
    game: Game,
    goals: Sequence[Target | PointTarget],
    strategies: list[Floats],
    paid: Floats,
    window: int,
    rounds: int,
) -> tuple[Labelled, Endings]:
    """Labels of runs from what was done in their windows, `[N, K, a_i]`."""
    count, windows = strategies[0].shape[:2]
    flat = [own.reshape(count * windows, -1) for own in strategies]
    inside = np.array([
        goal.region(game.strategy_shapes).contains_each(flat).reshape(count, windows) for goal in goals
    ]).reshape(len(goals), count, windows)  # fmt: skip
    codes, held = observed_labels(inside)
    ends = rounds % window + window * (inside.argmax(axis=2) + 1)
    hits = np.where(inside.any(axis=2), ends, -1).astype(np.int32)
    last_ones = tuple(own[:, -1] for own in strategies)
    places = np.full((count, sum(own.shape[-1] for own in strategies)), np.nan)
    endings = Endings(
        theta=np.zeros((count, 0)),
        strategies=last_ones,
        regret=np.full(count, np.nan),
        first_hit=hits[0] if len(goals) else np.full(count, -1, np.int32),
        largest=np.zeros(count),
        reduced={"payoffs": paid, **{f"first_hit_{goal.name}": own for goal, own in zip(goals, hits, strict=True)}},
    )
    return Labelled(codes, held, places, 0, 0.0), endings
