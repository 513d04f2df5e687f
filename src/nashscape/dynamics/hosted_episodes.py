"""Hosted players in episodes of an environment: what they do is counted over windows of episodes."""

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, unknown
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.settling import Endings
from nashscape.dynamics.hosted_calls import made_players, told
from nashscape.dynamics.playing.behaviours import Behaviour
from nashscape.dynamics.playing.measures import by_name, check_own_names, most_actions, numbered_share
from nashscape.dynamics.playing.running import Seen, judged
from nashscape.dynamics.playing.stages import Stage, stage_of
from nashscape.environments.spaces import is_discrete

if TYPE_CHECKING:
    from nashscape.dynamics.hosting import Hosted

Floats = npt.NDArray[np.float64]
Measures = dict[str, Floats]

MOST_ROUNDS = 100_000
"""Of one episode."""

OF_ALL = ("return", "discounted return", "payoff", "rounds")


class InEpisodes:
    """Hosted players in an environment, whose episodes are played one after the other."""

    def __init__(self, players: "Hosted", game: Any, goals: Sequence[Any], rounds: int, seed: int) -> None:
        self.players, self.game, self.goals, self.episodes, self.seed = players, game, goals, rounds, seed
        _check_measures(game, goals)
        self.before: list[Any] = []

    def run(self, run: int) -> tuple[Measures, Measures]:
        """Means of every measure over the episodes of each window, `[K, …]`, and their standard errors."""
        made = self.before = made_players(self.players, self.game, run, self.seed, self.before)
        return _play(
            self.game, stage_of(self.game), made, episodes=self.episodes, window=self.players.window, run=run,
            seed=self.seed,
        )  # fmt: skip

    def judged(self, runs: Sequence[tuple[Measures, Measures]]) -> tuple[Labelled, Endings]:
        """Labels of runs from the means of their windows, which are kept as those of other games that are played."""
        window = self.players.window
        ends = self.episodes % window + window * (np.arange(self.episodes // window) + 1)
        means, errors = ({name: np.stack([own[k][name] for own in runs]) for name in runs[0][k]} for k in range(2))
        return judged(self.game, self.goals, Seen(ends, means, errors, {}, {}, np.zeros((len(runs), 0))))


def _check_measures(game: Any, goals: Sequence[Behaviour]) -> None:
    """Refuse what cannot be measured, where that is known before anything is played.

    Raises:
        InputError: with the measures that there are.
    """
    if hasattr(game, "stage"):
        shares = _shares(game, np.zeros((len(game.players), most_actions(game.action_spaces))))
        known = dict.fromkeys((*OF_ALL, *shares))
        for goal in goals:
            if goal.measure not in known:
                raise unknown("measure", goal.measure, known)


def _play(
    game: Any, stage: Stage, made: Sequence[Any], *, episodes: int, window: int, run: int, seed: int
) -> tuple[Measures, Measures]:
    """One run: means of every measure over the episodes of each window, `[K, …]`, and their standard errors."""
    skipped = episodes % window
    kept: list[Measures] = []
    for k in range(episodes):
        # Philox takes any two numbers; the environment one of 32 bits
        chance = np.random.Generator(np.random.Philox(key=np.array([seed, run], np.uint64), counter=[0, 0, 0, k + 1]))
        stage.begin(int(chance.integers(2**31)))
        seen = _episode(game, stage, made, f"episode {k} of run {run}")
        if k >= skipped:
            kept.append(seen)
    names = kept[0]
    windows = {name: np.stack([own[name] for own in kept]).reshape(-1, window, *kept[0][name].shape) for name in names}
    means = {name: own.mean(axis=1) for name, own in windows.items()}
    errors = {name: own.std(axis=1, ddof=1) / np.sqrt(window) for name, own in windows.items()} if window > 1 else {
        name: np.full_like(own, np.nan) for name, own in means.items()}  # fmt: skip
    return means, errors


def _episode(game: Any, stage: Stage, made: Sequence[Any], where: str) -> Measures:
    """What an episode came to, as `measured` has it for programs."""
    n = len(game.players)
    paid, discounted, rounds = np.zeros(n), np.zeros(n), 0
    counts, own_rounds = np.zeros((n, most_actions(game.action_spaces))), np.zeros(n)
    measures: Measures = {}
    while stage.going.any():
        playing, here = stage.going.copy(), f"round {rounds} of {where}"
        if rounds == MOST_ROUNDS:
            raise InputError(f"{where} has not ended after {rounds:,} rounds; give {game.name} a limit")
        free = [_chooses(stage.allowed(i)) if playing[i] else False for i in range(n)]
        actions = [_acted(game, stage, i, made[i], here) if playing[i] else None for i in range(n)]
        got, over, cut = told(f"the environment, {here},", stage.step, actions)
        if not np.isfinite(got).all():
            raise InputError(f"{game.name} pays {got.tolist()} in {here}; rewards must be numbers")
        for i in np.flatnonzero(playing).tolist():
            told(f"observe of {game.players[i]}, {here},", made[i].observe, stage.seen[i], got[i], over[i], cut[i])
            if free[i] and is_discrete(game.action_spaces[i]):
                own_rounds[i] += 1
                counts[i, actions[i]] += 1
        for name, own in stage.measured().items():
            measures[name] = measures.get(name, 0.0) + own
        paid, discounted, rounds = paid + got, discounted + float(game.discount) ** rounds * got, rounds + 1
    shares = counts / np.maximum(own_rounds, 1)[:, None]
    usual = {"return": paid, "discounted return": discounted, "payoff": paid / max(rounds, 1)}
    made_here = {**usual, "rounds": np.array(float(rounds)), **_shares(game, shares)}
    check_own_names(game, made_here, measures)
    return {**made_here, **measures}


def _chooses(allowed: Any) -> bool:
    """Whether there is more than one action; who waits for its turn has one, which is not counted."""
    return allowed is None or int(np.sum(allowed)) > 1


def _acted(game: Any, stage: Stage, i: int, player: Any, where: str) -> Any:
    """What a player does: a whole number, or a name, of finitely many actions; else a point."""
    allowed, space = stage.allowed(i), game.action_spaces[i]
    what = f"act of {game.players[i]}, {where},"
    given = (stage.seen[i],) if allowed is None else (stage.seen[i], allowed)
    action = told(what, player.act, *given)
    if not is_discrete(space):
        return _point(action, space, what)
    names = getattr(space, "names", ())
    known = f"actions are 0 to {space.n - 1}" + (f", called {', '.join(names)}" if names else "")
    try:
        number = names.index(action) if isinstance(action, str) else operator.index(action)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} gave {action!r}; {known}, whole numbers or names") from error
    if not 0 <= number < space.n:
        raise InputError(f"{what} gave {action!r}; {known}")
    if allowed is not None and not allowed[number]:
        raise InputError(
            f"{what} gave {action!r}, which is not legal there; legal are {np.flatnonzero(allowed).tolist()}"
        )
    return number


def _point(action: Any, space: Any, what: str) -> Floats:
    try:
        point = np.asarray(action, np.float64)
    except (TypeError, ValueError):
        point = np.full(1, np.nan)
    low, high = space.bounds
    if point.shape != space.shape or not ((point >= low) & (point <= high)).all():
        raise InputError(f"{what} gave {action!r}; a point {list(space.shape)} within its bounds is wanted")
    return point


def _shares(game: Any, shares: Floats) -> Measures:
    """Shares of actions `[n, a]` by the names of actions, or by number."""
    numbered = {}
    for k in range(shares.shape[1]):
        column = [
            own[k] if is_discrete(space) else np.nan for own, space in zip(shares, game.action_spaces, strict=True)
        ]
        numbered[numbered_share(k)] = np.array(column)
    return by_name(game, numbered)
