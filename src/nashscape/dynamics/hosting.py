"""Players written in plain Python: a factory makes them anew for every run, and the same measures are taken of them."""

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
from nashscape.dynamics.hosted_episodes import InEpisodes
from nashscape.dynamics.hosted_rounds import InRounds
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.games import Game, check_offers
from nashscape.games import game as as_game
from nashscape.games.offers import has_plays
from nashscape.semantics import ParametricGame, parametric
from nashscape.semantics.parametric_game import is_parametric

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from nashscape.environments.protocol import Environment
    from nashscape.semantics import Playable

Floats = npt.NDArray[np.float64]
Make = Callable[[int, np.random.Generator], Sequence[Any]]


@dataclass(frozen=True)
class Hosted:
    """Players of one's own, in the place of a rule. Made by `hosted`.

    Attributes:
        make: from the number of a run and its random numbers to the players of that run.
        name: what tables call them.
        window: rounds, or episodes of an environment, over which behaviour is counted.
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
        what = "episodes" if has_plays(game) else "rounds"
        if rounds < 4 * self.window:
            raise InputError(
                f"behaviour is counted over windows of {self.window} {what}, of which a run needs four; got {rounds} "
                "steps: play longer, or give hosted(…, window=…)"
            )
        kind: Any = InEpisodes if has_plays(game) else InRounds
        played = kind(self, game, goals, rounds, seed)
        runs: list[Any] = []
        with until_stopped(lambda: not (in_part and runs)):
            for done, key in enumerate(keys.tolist()):
                with stopped_at_once():
                    one = played.run(int(key))
                runs.append(one)
                if progress is not None:
                    progress(done + 1, len(keys))
        judged: tuple[Labelled, Endings] = played.judged(runs)
        return judged


@public()
def hosted(make: Make, name: str | None = None, *, window: int = 50, sources: Sequence[Source] = ()) -> Hosted:
    """Players in plain Python, wherever a verb takes a rule: `entry_probability`, `restarts`, `compare`, `steer`.

    A run is a game in normal form played again and again. In every round each player is asked `act()`, for an action by
    index or name, and told `observe(actions, payoffs)`, the actions of all by index and what all were paid. What
    players remember is theirs; of a repeated game give the stage game. A player that has `strategy()`, the
    probabilities with which it acts, is asked for it at the end of every window of rounds; of others it is counted
    what they did in the window.

    In an environment, such as `environments.pettingzoo(make)`, a step is an episode. In every round each player is
    asked `act(seen)`, or `act(seen, legal)` where the environment says which actions are allowed, and then told
    `observe(seen, paid, over, cut)`: what it sees next, what it was paid, whether the game is over for it or it was
    cut off. Targets are a `dynamics.behaviour`, whose measures are means over windows of episodes, while players learn.

    What labels say of hosted players is a fact about their behaviour in the rounds that were played, no claim about
    rounds to come: a target is reached where behaviour is in its region in every whole window of the second half of the
    run, and passed where it is so in the last one only.

    Args:
        make: `make(run, random)` gives the players of one run, in the order of the game's; `random` is a NumPy
            generator of that run's own, whatever other runs there are.
        name: what tables call them; by default the name of the function.
        window: rounds, or episodes, over which behaviour is counted; by default 50.
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


def learners_of(game: "Playable | Environment", rules: Sequence[Any]) -> ParametricGame:
    """A game with parameters, as `parametric` makes it; an environment that is left to hosted players has none.

    Raises:
        InputError: as `parametric`.
    """
    given: Any = as_game(game)
    if not is_parametric(given) and has_plays(given) and rules and all(map(is_hosted, rules)):
        check_offers(given)
        return ParametricGame(given, _OfTheirOwn(len(given.players)))  # type: ignore[arg-type]
    return parametric(given)


@dataclass(frozen=True)
class _OfTheirOwn:
    """In place of a semantics, where what players do is nobody else's business: nothing of theirs is a parameter."""

    n: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """No parameters for anybody."""
        return (0,) * self.n

    @property
    def dimension(self) -> int:
        """None together."""
        return 0
