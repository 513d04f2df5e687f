"""Everything that a verb runs: what is played, how it is learned, where from, what for, and all numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Self

from nashscape.core import InputError, choice, unknown
from nashscape.core.options import default
from nashscape.core.options.rows import PROTOCOL
from nashscape.core.question import Question, ask
from nashscape.dynamics.batches import Progress
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.hosting import Hosted, is_hosted
from nashscape.dynamics.playing.observing import Observing, check_observing, is_observing
from nashscape.dynamics.setup import Setup, check_steps, configuration, make_setup
from nashscape.dynamics.starts import Starts, check_starts
from nashscape.dynamics.targets import THRESHOLD, PointTarget, Target
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.games.offers import has_plays
from nashscape.games.rounding import PRECISIONS
from nashscape.learning import Box, Estimator, Rule, check_estimator, check_rule, exact
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.semantics.parametric_game import is_parametric


@dataclass(frozen=True)
class Case:
    """Everything that a verb runs. What a dial turns is one of these, into another.

    Defaults are those of the table of options, `nashscape.core.options`.

    Attributes:
        game: the game, with its semantics.
        rule: how the players learn; or hosted players, who bring their own learning.
        starts: where runs start; None where a verb has its own.
        targets: profiles to look for; by default those of `choose_targets`.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        reducers: what to compute along the runs without storing them.
        steps: updates of each run; by default 140, and for other starts than those of a grid what each verb says.
        estimator: `exact()` (default) or `sampled(batch)`.
        step_size: outer step size, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; of a game that is only played how behaviour is looked at, see
            `dynamics.observing`.
        audit: how many runs of every label are continued to see what becomes of them; False for none, True for 32; by
            default 32 where that takes at most half as many evaluations as the runs.
        seed: of starts and of sampled updates; by default 0.
        precision: "float32" (default) or "float64"; raised to it where payoffs would not survive rounding, which the
            result's notes then say.
        chunk: starts that advance together; results do not depend on it.
        progress: called with (runs done, runs in all).

    Example:
        >>> from nashscape import games, meta_mapg, starts
        >>> one = case_of(games.stag_hunt(), meta_mapg(), starts=starts.normal(std=1.0), steps=50)
        >>> [goal.name for goal in one.goals], one.but(steps=60).question("entry").differs(one.question("entry"))
        (['CC', 'DD'], ('steps',))
    """

    game: ParametricGame
    rule: Rule | Hosted
    starts: Starts | None = None
    targets: Any = None
    threshold: float = THRESHOLD
    reducers: Any = ()
    steps: int = default("steps")
    estimator: Estimator = field(default_factory=exact)
    step_size: Any = None
    optimiser: Any = None
    projection: Box | None = None
    settling: Any = None
    audit: int | bool | None = None
    seed: int = default("seed")
    precision: str = default("precision")
    chunk: int | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """Check what can be checked alone, and fill in what None stands for."""
        if is_hosted(self.rule):
            self._check_hosted()
        else:
            check_rule(self.rule)
        if self.starts is not None:
            check_starts(self.starts)
        checked = {
            "steps": check_steps(self.steps),
            "estimator": check_estimator(self.estimator),
            "precision": choice(self.precision, "precision", PRECISIONS),
            "settling": self._checked_settling(),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def _checked_settling(self) -> Settling | Observing:
        if self.only_plays and not is_hosted(self.rule):
            return check_observing(self.settling or Observing(), self.steps, self.game.name).checked()
        if is_observing(self.settling):
            raise InputError(
                f"{self.game.name} is computed, so that runs are seen to settle, as Settling(regret=0.05) says; got "
                f"{self.settling!r}, which is of games that are only played"
            )
        return (self.settling or Settling()).checked()

    def _check_hosted(self) -> None:
        """Hosted players bring what else a case has.

        Raises:
            InputError: for anything that they would not take notice of.
        """
        for name in ("step_size", "optimiser", "projection"):
            if getattr(self, name) is not None:
                raise InputError(f"{self.rule.name} are hosted players, who learn as they do; leave {name} out")
        if is_observing(self.settling):
            raise InputError(
                f"{self.rule.name} are hosted players, who are looked at over windows: hosted(…, window=…); leave "
                "settling out"
            )
        others = [one.name for one in self.reducers if one.name != "payoffs"]
        if others or self.estimator != exact():
            raise InputError(
                f"{self.rule.name} are hosted players, who are paid and no more; leave reducers and estimator out"
            )

    @property
    def only_plays(self) -> bool:
        """Whether the game can only be played, so that behaviour is seen and nothing of it computed."""
        return has_plays(self.game.game)

    @property
    def exact(self) -> bool:
        """Whether updates have no noise."""
        if is_hosted(self.rule):
            return False
        return self.estimator.exact

    @cached_property
    def goals(self) -> tuple[Target | PointTarget, ...]:
        """The targets, chosen for this game; none where an empty tuple says so."""
        if isinstance(self.targets, tuple) and not self.targets:
            return ()
        return choose_targets(self.game, self.targets, self.threshold)

    @cached_property
    def setup(self) -> Setup:
        """What one update needs, checked: an error for what does not fit together comes here."""
        assert not is_hosted(self.rule), "hosted players are played, not computed"
        return make_setup(
            self.game,
            self.rule,
            estimator=self.estimator,
            step_size=self.step_size,
            projection=self.projection,
            target=self.goals[0] if self.goals else None,
            reducers=self.reducers,
            optimiser=self.optimiser,
        )

    @property
    def parts(self) -> dict[str, Any]:
        """What is asked, for a question: neither how it is cut into pieces nor who is told of its progress."""
        if is_hosted(self.rule):
            game: Any = self.game.game
            told = {"players": game.players} if self.only_plays else {"actions": game.actions}
            own = {"game": game, **told, "rule": self.rule}
            return {**own, "targets": list(self.goals), "steps": self.steps}
        return {
            **configuration(self.setup),
            **({} if self.starts is None else {"starts": self.starts}),
            # an environment's description need not say who plays
            **({"players": self.game.game.players} if self.only_plays else {}),
            "targets": list(self.goals),
            "steps": self.steps,
            "settling": self.settling,
        }

    def question(self, kind: str, **more: Any) -> Question:
        """The case as data: a question of a kind, with more parts."""
        return ask(kind, **{**self.parts, "seed": self.seed, "precision": self.precision, **more})

    def but(self, **changes: Any) -> Self:
        """The same case with some things changed; `semantics` too, which is a part of the game.

        Raises:
            InputError: for what is no part of a case.
        """
        names = [own.name for own in fields(self)]
        for name in changes:
            if name not in (*names, "semantics"):
                raise unknown("part of a case", name, names)
        if "semantics" in changes:
            bare = changes.get("game", self.game)
            changes["game"] = parametric(bare.game if is_parametric(bare) else bare, changes.pop("semantics"))
        return replace(self, **changes)


def case_of(game: "Playable", rule: Rule | Hosted, options: Mapping[str, Any] | None = None, **own: Any) -> Case:
    """A case from what a verb takes itself and its further options, which are those of `PROTOCOL` and `steps`.

    Raises:
        InputError: for an option that does not exist, with the nearest one, and for what cannot be right.
    """
    further = options or {}
    for name in further:
        if name not in ("steps", *PROTOCOL):
            raise unknown("option", name, ("steps", *PROTOCOL))
    return Case(parametric(game), rule, **{**own, **further})
