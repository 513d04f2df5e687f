"""A plan by which a population grows: who learns in every generation, whom they meet, and what the answer is."""

from dataclasses import dataclass
from typing import Any

from nashscape.core import Source


@dataclass(frozen=True)
class Copying:
    """How members of a population copy each other; see the way `copying` of `grow`.

    Attributes:
        size: members of every pool, at least 2.
        strength: w, how much a difference of payoffs counts, in units of one over payoff.
        mutation: how likely who would compare itself takes a new strategy.
    """

    size: int
    strength: float
    mutation: float


@dataclass(frozen=True)
class Share:
    """A part of a role's opponents that is weighed by itself, met where its newest strategy does badly against them.

    Attributes:
        part: how often they are met, of all.
        meets: their roles; of its own role the newest does not count for `below`.
        mixture: the meta-solver that weighs them, by name.
        below: they are met where the newest strategy gets less against one of them, as a part of the range of payoffs
            from 0 to 1: in a game of wins and losses a chance to win.
        otherwise: whom it meets where they are not; without it, itself.
    """

    part: float
    meets: tuple[str, ...]
    mixture: str
    below: float
    otherwise: "Share | None" = None

    @property
    def named(self) -> tuple[str, ...]:
        """All roles that it names."""
        return (*self.meets, *(self.otherwise.named if self.otherwise else ()))


@dataclass(frozen=True)
class Role:
    """Those who are one kind of strategy of a population.

    Attributes:
        name: of the role.
        meets: roles whose strategies are the opponents.
        against: roles against whom these are weighed; the meta-game is of the opponents' strategies and theirs.
        mixture: the meta-solver that weighs them, by name.
        oneself: how often the opponents are those who learn, as they are at present.
        anew: whether a generation starts where the first did, and not from the strategy that is the newest of its role.
        at_first: whether its pool holds the start before anybody learns.
        response: how it responds, by name; empty for that of the plan.
        each: whether it responds to each strategy that the meta-solver gives some weight, against what the others are
            where it is told that one.
        begins: the role from whose newest strategy it goes on; empty for its own.
        keeps: how many of its newest strategies stay in the pool; 0 for all.
        copies: where its members do not respond to anybody but copy each other, how; those who are there at first have
            starts of their own.
        also: shares of its opponents that are weighed by themselves; `meets` has the rest.
    """

    name: str
    meets: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    mixture: str = "uniform"
    oneself: float = 0.0
    anew: bool = True
    at_first: bool = False
    response: str = ""
    each: bool = False
    begins: str = ""
    keeps: int = 0
    copies: Copying | None = None
    also: tuple[Share, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What it is, for questions, which say nothing of copying and of shares where there are none."""
        return {name: own for name, own in vars(self).items() if own or name not in ("copies", "also")}


@dataclass(frozen=True)
class GrowingPlan:
    """How a population grows.

    Attributes:
        roles: they learn one after the other in every generation.
        answers: roles of whose strategies the answer is made.
        mixture: the meta-solver that mixes them, by name.
        response: how all respond that say nothing of it, by name.
        sources: publications.
        leaves: when a side may leave what the answer tells it, where the answer is drawn for all together:
            "beforehand", or "told", when it knows it.
    """

    roles: tuple[Role, ...]
    answers: tuple[str, ...]
    mixture: str
    response: str
    sources: tuple[Source, ...] = ()
    leaves: str = "beforehand"


def one_text(given: Any) -> Any:
    """What names a part of a plan: a text; several options of it are in parentheses, which come as a tuple.

    >>> one_text(("rule:rule=lola", "updates=20"))
    'rule:rule=lola,updates=20'
    """
    return ",".join(map(str, given)) if isinstance(given, tuple) else given
