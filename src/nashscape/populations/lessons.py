"""What a generation learns from: opponents of the pools, and oneself as one learns; and the ways to respond."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.found_things import Found
from nashscape.core.registries import Registry
from nashscape.core.reprs import shown
from nashscape.games import DenseGame
from nashscape.populations.many_steps import stepped
from nashscape.populations.plans import one_text
from nashscape.populations.sides import Sides

Floats = npt.NDArray[np.float64]
Strategies = Sequence[Floats]
"""One for each pool."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """What strategies are worth to those who learn now.

    Attributes:
        sides: of the game.
        fixed: what each joint action gets against opponents of the pools, times how often these are met, `[J]` by side.
        oneself: how often the others are those who learn now too.
    """

    sides: Sides
    fixed: tuple[Floats, ...]
    oneself: float

    def values(self, side: int, learning: Strategies) -> Floats:
        """What each joint action of a side gets, `[J]`, where pools' learners play these strategies."""
        if not self.oneself:
            return self.fixed[side]
        seats = self.sides.seats
        others = [self.sides.joint(j, learning[seat]) for j, seat in enumerate(seats)]
        return self.fixed[side] + self.oneself * self.sides.values(side, others)

    @cached_property
    def game(self) -> DenseGame:
        """The game of all players as they learn: `oneself` times what they get, and what opponents of the pools pay."""
        sides = self.sides
        joint = [
            self.oneself * own + value.reshape([-1 if j == k else 1 for j in range(own.ndim)])
            for k, (own, value) in enumerate(zip(sides.table, self.fixed, strict=True))
        ]
        shape = [a for own in sides.shapes for a in own]
        order = [i for team in sides.teams for i in team]
        side_of = {i: k for k, team in enumerate(sides.teams) for i in team}
        tables = [joint[side_of[i]].reshape(shape).transpose(np.argsort(order)) for i in range(len(order))]
        return sides.game.replace(payoffs=np.stack(tables))


def exact(lesson: Lesson, learning: Strategies) -> Strategies:
    """The best joint action of each side against what the others play: a response of the whole team.

    Of equally good ones, to rounding, the first.
    """
    made = []
    for side in lesson.sides.first:
        values = lesson.values(side, learning)
        best = int(np.flatnonzero(values >= values.max() - 1e-12 * lesson.sides.scale)[0])
        shape = lesson.sides.shapes[side]
        made.append(np.concatenate([np.eye(a)[k] for a, k in zip(shape, np.unravel_index(best, shape), strict=True)]))
    return made


def steps(lesson: Lesson, learning: Strategies, *, most: int = 1000, rate: float = 0.1) -> Strategies:
    """Every member by itself goes towards its best response, again and again, until it is there.

    `σ ← (1 − r) σ + r b`, b the best action against what all others play at present, those of its side too; r is
    `rate`, and twice that of one member after the other, so that equals do not stay equal. It ends where all have been
    there for five steps, and for a tenth of all, and after 50 at the earliest. This is how the matrix games of
    fictitious cross-play were published.

    Args:
        lesson: what there is to respond to.
        learning: where members begin.
        most: steps.
        rate: r, from 0 to ½.
    """
    return steps_of([lesson], [learning], most=most, rate=rate)[0]


def steps_of(
    lessons: Sequence[Lesson], learning: Sequence[Strategies], *, most: int = 1000, rate: float = 0.1
) -> list[Strategies]:
    """The same for many lessons of one game, which differ in nothing but opponents of the pools."""
    one = lessons[0]
    fixed = [np.stack(each) for each in zip(*(lesson.fixed for lesson in lessons), strict=True)]
    begun = [np.stack(each) for each in zip(*learning, strict=True)]
    made = stepped(one.sides, fixed, one.oneself, begun, most, rate)
    return [list(each) for each in zip(*made, strict=True)]


def by_rule(
    lesson: Lesson, learning: Strategies, *, rule: str = "pg", updates: int = 300, step_size: float = 0.5
) -> Strategies:
    """Every member learns by a rule of this library, such as policy gradient, from what it plays at first.

    Players who learn against themselves read each other as the rule says; opponents of the pools do not move.

    Args:
        lesson: what there is to respond to.
        learning: where members begin; no probability is less than 10⁻⁶ there.
        rule: by name, with coefficients.
        updates: of parameters.
        step_size: of each.
    """
    from nashscape.dynamics import simulate
    from nashscape.learning import rule_by_name

    sides = lesson.sides
    begun: list[Any] = [None] * sides.game.n_players
    for side, team in enumerate(sides.teams):
        for i, own in zip(team, sides.mixtures(side, learning[sides.seats[side]]), strict=True):
            inside = np.maximum(own, 1e-6)
            begun[i] = inside / inside.sum()
    updates = positive_integer(updates, "updates")
    run = simulate(lesson.game, rule_by_name(rule), begun, steps=updates, step_size=step_size, targets=[])
    found = [np.asarray(own[-1], float) for own in run.strategies]
    return [np.concatenate([found[i] for i in sides.teams[side]]) for side in sides.first]


OURS: Mapping[str, Callable[..., Strategies] | str] = MappingProxyType({
    "exact": exact,
    "steps": steps,
    "rule": by_rule,
    "replicator": "populations.member_learners:replicator",
    "hedge": "populations.member_learners:hedge",
    "ftrl": "populations.member_learners:ftrl",
    "regret_matching": "populations.member_learners:matched_regrets",
})  # fmt: skip
"""Ours, by name: from a `Lesson`, strategies to begin with, one for each pool, and options to such strategies."""

RESPONSES = Registry("response", "nashscape.responses", OURS)
"""Those, the responses of installed packages, and functions in files of one's own."""


AT_ONCE: Mapping[str, Callable[..., list[Strategies]]] = MappingProxyType({"steps": steps_of})
"""Those of ours that respond to many lessons of one game at once."""


def responded(lesson: Lesson, begin: Strategies, text: Any) -> list[Floats]:
    """New strategies by a response by name, checked."""
    return responded_all([lesson], [begin], text)[0]


def responded_all(lessons: Sequence[Lesson], begins: Sequence[Strategies], text: Any) -> list[list[Floats]]:
    """Those to many lessons of one game, each as it would be by itself."""
    found = RESPONSES.find(one_text(text))
    every = list(zip(lessons, begins, strict=True))
    if not (found.is_ours and found.name in AT_ONCE):
        return [_checked(found, lesson, begin, found.call(lesson, begin)) for lesson, begin in every]
    made: list[list[Floats]] = [[] for _ in every]
    for oneself in {lesson.oneself for lesson in lessons}:
        own = [k for k, lesson in enumerate(lessons) if lesson.oneself == oneself]
        at_once = replace(found, thing=AT_ONCE[found.name])
        for k, one in zip(own, at_once.call(*zip(*(every[k] for k in own), strict=True)), strict=True):
            made[k] = _checked(found, *every[k], one)
    return made


def _checked(found: Found, lesson: Lesson, begin: Strategies, given: Any) -> list[Floats]:
    """What a response gives, as mixtures."""
    try:
        made = [np.asarray(own, float) for own in given]
    except (TypeError, ValueError):
        made = []
    sides = lesson.sides
    right = [own.shape for own in made] == [own.shape for own in begin] and all(
        np.isfinite(x).all() and x.min() >= -1e-9 and abs(x.sum() - 1) < 1e-6
        for side, own in zip(sides.first, made, strict=True) for x in sides.mixtures(side, own)
    )  # fmt: skip
    if not right:
        raise InputError(f"the response {found.called} must give strategies, mixtures of each member one after the "
                         f"other; got {shown(given)}")  # fmt: skip
    return made
