"""Players written in plain Python: a factory makes them anew for every run, and the same measures are taken of them."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, positive_integer
from nashscape.core.calls import public
from nashscape.core.interrupts import stopped_at_once, until_stopped
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.settling import Endings
from nashscape.dynamics.observed_labels import observed_labels
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.games import Game, in_normal_form
from nashscape.games.naming import action_index

if TYPE_CHECKING:
    from typing_extensions import TypeIs

Floats = npt.NDArray[np.float64]
Make = Callable[[int, np.random.Generator], Sequence[Any]]


@dataclass(frozen=True)
class Hosted:
    """Players of one's own, in the place of a rule. Made by `hosted`.

    Attributes:
        make: from the number of a run and its random numbers to the players of that run.
        name: what tables call them.
        window: rounds over which behaviour is counted.
        sources: publications to cite.
    """

    make: Make
    name: str
    window: int = 50
    sources: tuple[Source, ...] = field(default=())

    def host(
        self,
        game: Game,
        goals: Sequence[Target | PointTarget],
        keys: npt.NDArray[np.int64],
        *,
        rounds: int,
        seed: int,
        progress: Callable[[int, int], None] | None = None,
        in_part: bool = False,
    ) -> tuple[Labelled, Endings]:
        """Play runs with these numbers, each for so many rounds; labels and where they were at the end.

        With `in_part` there are those of the first runs alone where somebody asked to stop.
        """
        if rounds < 4 * self.window:
            raise InputError(
                f"behaviour is counted over windows of {self.window} rounds, of which a run needs four; got {rounds} "
                "steps: play longer, or give hosted(…, window=…)"
            )
        table = _Table(game)
        runs: list[tuple[tuple[Floats, ...], Floats]] = []
        with until_stopped(lambda: not (in_part and runs)):
            for done, key in enumerate(keys.tolist()):
                with stopped_at_once():
                    played = _played(self, game, table, int(key), rounds, seed)
                runs.append(played)
                if progress is not None:
                    progress(done + 1, len(keys))
        strategies = [np.stack(own) for own in zip(*(own for own, _ in runs), strict=True)]
        return _judged(game, goals, strategies, np.stack([paid for _, paid in runs]), self.window, rounds)


@public()
def hosted(make: Make, name: str | None = None, *, window: int = 50, sources: Sequence[Source] = ()) -> Hosted:
    """Players in plain Python, wherever a verb takes a rule: `entry_probability`, `restarts`, `compare`, `steer`.

    A run is a game in normal form played again and again. In every round each player is asked `act()`, for an action by
    index or name, and told `observe(actions, payoffs)`, the actions of all by index and what all were paid. What
    players remember is theirs; of a repeated game give the stage game. A player that has `strategy()`, the
    probabilities with which it acts, is asked for it at the end of every window of rounds; of others it is counted
    what they did in the window.

    What labels say of hosted players is a fact about their behaviour in the rounds that were played, no claim about
    rounds to come: a target is reached where behaviour is in its region in every whole window of the second half of the
    run, and passed where it is so in the last one only.

    Args:
        make: `make(run, random)` gives the players of one run, in the order of the game's; `random` is a NumPy
            generator of that run's own, whatever other runs there are.
        name: what tables call them; by default the name of the function.
        window: rounds over which behaviour is counted; by default 50.
        sources: publications to cite.

    Raises:
        InputError: for what makes no players.

    Example:
        >>> import nashscape as ns
        >>> class Stubborn:
        ...     def __init__(self, action):
        ...         self.action = action
        ...     def act(self):
        ...         return self.action
        ...     def observe(self, actions, payoffs):
        ...         pass
        >>> coin = hosted(lambda run, random: [Stubborn("CD"[random.integers(2)])] * 2, "coin")
        >>> found = ns.entry_probability(ns.games.stag_hunt(), coin, n=100, steps=200, targets=["CC", "DD"])
        >>> sum(found.outcomes().values()), sorted(found.outcomes())
        (100, ['CC', 'DD'])
    """
    if not callable(make):
        raise InputError(f"hosted takes a function make(run, random) that gives the players of a run; got {make!r}")
    own = getattr(make, "__name__", type(make).__name__)
    called = name or ("hosted" if own == "<lambda>" else own)
    return Hosted(make, called, positive_integer(window, "window"), tuple(sources))


def is_hosted(value: Any) -> "TypeIs[Hosted]":
    """Whether players bring their own learning and are played, not computed."""
    return hasattr(value, "host")


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


def _played(
    players: Hosted, game: Any, table: _Table, run: int, rounds: int, seed: int
) -> tuple[tuple[Floats, ...], Floats]:
    """One run: what every player did in each window, `[K, a_i]`, and mean payoffs, `[n]`."""
    random = np.random.Generator(np.random.Philox(key=np.array([seed, run], np.uint64)))
    made = list(_told(f"make, for run {run},", players.make, run, random))
    shapes = game.strategy_shapes
    if len(made) != len(shapes):
        raise InputError(f"make gave {len(made)} players for run {run}; {game.name} has {len(shapes)}")
    windows, first = rounds // players.window, rounds % players.window
    counts = [np.zeros((windows, shape[0])) for shape in shapes]
    paid = np.zeros(len(shapes))
    for k in range(rounds):
        where = f"round {k} of run {run}"
        actions = tuple(_acted(game, i, own, where) for i, own in enumerate(made))
        payoffs = table(actions)
        for i, own in enumerate(made):
            _told(f"observe of {game.players[i]}, {where},", own.observe, actions, payoffs)
        paid += payoffs
        if k >= first:
            at, last = divmod(k - first, players.window)
            for i, action in enumerate(actions):
                counts[i][at, action] += 1.0
            if last == players.window - 1:
                for own in counts:
                    own[at] /= players.window
                _ask(game, made, counts, at, where)
    return tuple(counts), paid / rounds


def _acted(game: Any, i: int, player: Any, where: str) -> int:
    action = _told(f"act of {game.players[i]}, {where},", player.act)
    try:
        return action_index(game, i, action if isinstance(action, str) else operator.index(action))
    except (InputError, TypeError, ValueError) as error:
        raise InputError(f"act of {game.players[i]}, {where}, gave {action!r}: {error}") from error


def _ask(game: Any, made: Sequence[Any], counts: list[Floats], at: int, where: str) -> None:
    """In place of what a player did, what it says that it does."""
    for i, own in enumerate(made):
        if not hasattr(own, "strategy"):
            continue
        said = np.asarray(_told(f"strategy of {game.players[i]}, {where},", own.strategy), np.float64)
        if said.shape != counts[i][at].shape or not ((said >= 0).all() and abs(said.sum() - 1.0) <= 1e-6):
            raise InputError(
                f"strategy of {game.players[i]}, {where}, must be {len(counts[i][at])} probabilities; got {said!r}"
            )
        counts[i][at] = said


def _told(what: str, function: Callable[..., Any], *given: Any) -> Any:
    """What a function of the user's gives; what it raises says where it was."""
    try:
        return function(*given)
    except Exception as error:
        raise InputError(f"{what} raised {type(error).__name__}: {error}") from error


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
