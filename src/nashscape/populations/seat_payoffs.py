"""What seats of a game of policies are paid: in expectation over all profiles, or in episodes of who plays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, bracket, finite_array, stratified_mean
from nashscape.games import DenseGame
from nashscape.theory.nash.logit_paths import contracted
from nashscape.theory.written_out import written_out

Floats = npt.NDArray[np.float64]
Choices = Sequence[tuple[int, ...]]
Score = Callable[[Floats, Floats, Choices], Estimate]


@dataclass(frozen=True)
class Seats:
    """A game of policies, whose players are seats.

    Attributes:
        name: of the game.
        players: names of the seats.
        actions: of each seat the policies, the same for all.
        score: what a focal seat is paid, from the chances of policies of the focal population and of the background,
            and the choices of focal seats, over which it is the mean.
        asked: what the game is, for the question.
    """

    name: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    score: Score
    asked: Any


def in_expectation(game: Any) -> Seats:
    """Seats of a game with payoffs for all profiles, exactly.

    Raises:
        InputError: for players with different actions.
    """
    form: DenseGame = written_out(game, "put populations into its seats")

    def score(focal: Floats, background: Floats, choices: Choices) -> Estimate:
        made = []
        for seats in choices:
            strategies = [focal if i in seats else background for i in range(form.n_players)]
            made.append(np.mean([float(contracted(form.payoffs[i], strategies, [])) for i in seats]))
        value = float(np.mean(made))
        return bracket(value, value, value, "exact")

    return Seats(form.name, form.players, _alike(form.actions, form.name), score, form)


def in_episodes(play: Callable[..., Any], names: Any, episodes: int, level: float, seed: int) -> Seats:
    """Seats of a function that plays, `play(profile, count, random)`, in so many episodes of each scenario.

    Each episode draws the focal seats and all policies anew; episodes of one profile are played together.

    Raises:
        InputError: for no names, players with different policies, and payoffs that are none.
    """
    if not hasattr(names, "__len__") or len(names) < 1 or not all(hasattr(own, "__len__") for own in names):
        raise InputError(f"a function that plays needs names of policies, a list for each player; got {names!r}")
    actions = _alike(tuple(tuple(map(str, own)) for own in names), "the function that plays")
    draws, count = np.random.default_rng(seed), len(actions)

    def score(focal: Floats, background: Floats, choices: Choices) -> Estimate:
        chosen = draws.integers(len(choices), size=episodes)
        ours = np.array([[i in seats for i in range(count)] for seats in choices])[chosen]
        both = [draws.choice(len(own), size=(episodes, count), p=own) for own in (focal, background)]
        profiles, which = np.unique(np.where(ours, *both), axis=0, return_inverse=True)
        paid = np.zeros((episodes, count))
        for k, profile in enumerate(profiles):
            rows = np.flatnonzero(which.ravel() == k)
            told = tuple(int(policy) for policy in profile)
            paid[rows] = finite_array(play(told, len(rows), draws), f"what play({told}, {len(rows)}, random) gives",
                                      shape=(len(rows), count))  # fmt: skip
        return stratified_mean((paid * ours).sum(1, keepdims=True) / ours.sum(1, keepdims=True), level)

    return Seats("play", tuple(f"player {i + 1}" for i in range(count)), actions, score, play)


def _alike(actions: tuple[tuple[str, ...], ...], name: str) -> tuple[tuple[str, ...], ...]:
    if len(set(actions)) > 1:
        raise InputError(f"policies are the actions of all seats alike; those of {name} differ between players: give "
                         "them the same names")  # fmt: skip
    return actions
