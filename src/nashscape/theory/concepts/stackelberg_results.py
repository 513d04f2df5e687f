"""What a leader gets that commits itself first, and how."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.zero_sum.tables import strategy_text


@dataclass(frozen=True, eq=False)
class Stackelberg(Result):
    """A commitment of the leader, the replies to it, and what they pay, in fractions.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        leader: name of the player that commits itself.
        commitment: "mixed" or "pure".
        ties: "for" the leader or "against" it, where several replies are best.
        value: what the leader gets; with ties against it, the least upper bound of that.
        attained: whether some commitment gets exactly the value; else only some that come as near as one likes.
        strategy: the commitment, where it is attained; else the limit of such commitments.
        towards: where it is not attained: mixed with ever less of this, the strategy gets ever nearer to the value;
            else None.
        replies: strategies of the others, by player; the leader's own place holds its strategy.
        payoffs: of every player.
        regret: what each of the others could gain by another reply, which is zero.
        choices: by what is induced (a reply of the follower, or an action of the leader) what the leader gets at most;
            None where it cannot be induced.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "stackelberg"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.stackelberg_results:stackelberg_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.stackelberg_results:stackelberg_table"
    picture: ClassVar[str] = "nashscape.figures.commitments:stackelberg_figure"

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    leader: str
    commitment: str
    ties: str
    value: Fraction
    attained: bool
    strategy: Strategy
    towards: Strategy | None
    replies: tuple[Strategy, ...]
    payoffs: tuple[Fraction, ...]
    regret: tuple[Fraction, ...]
    choices: tuple[tuple[str, Fraction | None], ...]
    status: Status
    provenance: Provenance

    @property
    def induced(self) -> str:
        """What `choices` are named by: replies of the follower, or actions of the leader."""
        return "reply" if self.commitment == "mixed" else "action of the leader"

    def __repr__(self) -> str:
        """Commitment and value, as one line."""
        own = strategy_text(self.actions[self.players.index(self.leader)], self.strategy)
        reached = "" if self.attained else ", not attained"
        return (
            f"<Stackelberg of {self.game}: {self.leader} commits to {own} and gets {fraction_text(self.value)}"
            f"{reached} (ties {self.ties} it)>"
        )


def stackelberg_columns(found: Stackelberg) -> Columns:
    """A row for everything that can be induced."""
    values = [np.nan if value is None else float(value) for _, value in found.choices]
    return {"induced": np.array([name for name, _ in found.choices]), "leader_gets": np.array(values, dtype=float)}


@one_by_one
def stackelberg_table(found: Stackelberg) -> Table:
    """What every player does and gets; and what the leader would get by inducing something else."""
    rows = [
        (player, strategy_text(names, own), fraction_text(pays))
        for player, names, own, pays in zip(found.players, found.actions, found.replies, found.payoffs, strict=True)
    ]
    limit = "" if found.attained else "The value is not attained: some commitments come as near as one likes."
    choices = [(name, "never best" if own is None else fraction_text(own)) for name, own in found.choices]
    return Table(
        f"{found.leader} commits itself first in {found.game}, ties {found.ties} it",
        ("player", "strategy", "payoff"),
        rows,
        left=("strategy",),
        notes=tuple(line for line in (limit, *standing([found])) if line),
        below=(Table("", (found.induced, "leader gets at most"), shortened(choices)),),
    )
