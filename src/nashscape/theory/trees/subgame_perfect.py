"""Pure subgame-perfect equilibria of games in extensive form, by backward induction over subgames, exactly."""

from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import TreeGame, needs
from nashscape.games import game as as_game
from nashscape.games.forms.trees.outcomes import happening, written_tree
from nashscape.theory.trees.continuations import Solving
from nashscape.theory.trees.subgames import Payoffs, layout

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TreeEquilibrium:
    """A pure equilibrium of a game in extensive form.

    Attributes:
        payoffs: of every player, in fractions.
        actions: for every player the column of its action in every row.
        plays: the numbers of the plays that happen.
    """

    payoffs: Payoffs
    actions: tuple[tuple[int, ...], ...]
    plays: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SubgamePerfect(Result):
    """The pure subgame-perfect equilibria of a game in extensive form.

    Attributes:
        game: name of the game.
        players: names.
        actions: names of each player's columns.
        rows: names of each player's information sets.
        plays: names of the plays of the tree.
        subgames: how many there are, the whole among them.
        equilibria: found, in the order of the tree.
        status: COMPLETE where these are all; else INTERRUPTED: there are more.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "subgame perfect"
    as_columns: ClassVar[str] = "nashscape.theory.trees.tables:perfect_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.tables:perfect_table"
    picture: ClassVar[str] = "nashscape.figures.trees:perfect_figure"
    computed: ClassVar[tuple[str, ...]] = ("outcomes",)

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    plays: tuple[str, ...]
    subgames: int
    equilibria: tuple[TreeEquilibrium, ...]
    status: Status
    provenance: Provenance

    @property
    def complete(self) -> bool:
        """Whether these are all pure ones."""
        return self.status is Status.COMPLETE

    @property
    def outcomes(self) -> tuple[tuple[str, ...], ...]:
        """What happens in them, as names of plays, each once."""
        return tuple(dict.fromkeys(tuple(self.plays[k] for k in own.plays) for own in self.equilibria))

    @property
    def undecided(self) -> tuple[tuple[str, ...], ...]:
        """For every player the rows in which its equilibria differ: ties, and what follows from them."""
        made = []
        for player, rows in enumerate(self.rows):
            each = [{own.actions[player][k] for own in self.equilibria} for k in range(len(rows))]
            made.append(tuple(row for row, own in zip(rows, each, strict=True) if len(own) > 1))
        return tuple(made)

    def strategies(self, number: int = 0) -> tuple[Floats, ...]:
        """The behaviour strategies of one of them, `[R_i, A_i]` for each player."""
        own = self.equilibria[number]
        return tuple(
            np.eye(len(names))[list(actions)] for names, actions in zip(self.actions, own.actions, strict=True)
        )

    def __repr__(self) -> str:
        """How many there are, as one line."""
        more = "" if self.complete else " or more"
        count = len(self.equilibria)
        said = f"{count}{more} pure subgame-perfect equilibri{'um' if count == 1 and not more else 'a'}"
        if count == 1:
            said += f" ({', '.join(self.outcomes[0][:3])}{', …' if len(self.outcomes[0]) > 3 else ''})"
        return f"<SubgamePerfect of {self.game}: {said}, {self.subgames} subgames>"


@public()
def subgame_perfect(game: Any, *, most: int = 1000) -> SubgamePerfect:
    """All pure subgame-perfect equilibria of a game in extensive form, in fractions.

    From the last subgames on, every pure profile of a subgame is kept from which nobody gains by deviating, given each
    equilibrium of the subgames inside it: with perfect information this is backward induction, along every way to
    break ties. A game may have none that is pure.

    Args:
        game: in extensive form.
        most: equilibria of a subgame that are kept; where there are more, the answer says so.

    Raises:
        InputError: for other games, and subgames with more than 200,000 pure profiles of their own.

    Example:
        >>> from nashscape.games import decision, ending, extensive_game
        >>> answer = decision("firm", {"fight": ending(-1, -1), "yield": ending(1, 1)})
        >>> entry = extensive_game(
        ...     decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm")
        ... )
        >>> found = subgame_perfect(entry)
        >>> found, found.outcomes
        (<SubgamePerfect of tree: 1 pure subgame-perfect equilibrium (enter yield), 2 subgames>, (('enter yield',),))

    Source: Selten (1965); Kuhn (1953).
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="find subgame-perfect equilibria")
    most = positive_integer(most, "most")
    tree = written_tree(made)
    plan = layout(tree)
    found, whole = Solving(plan, most).solved()
    equilibria = []
    for one in found:
        actions = tuple(
            tuple(made.columns[i][row][one.choices[i, place]] for row, place in enumerate(made.places[i])) or (0,)
            for i in range(len(made.players))
        )
        equilibria.append(TreeEquilibrium(one.payoffs, actions, happening(made, chain.from_iterable(actions))))
    return SubgamePerfect(
        game=made.name, players=made.players, actions=made.actions, rows=made.rows, plays=made.play_names,
        subgames=len(plan.roots), equilibria=tuple(equilibria),
        status=Status.COMPLETE if whole else Status.INTERRUPTED,
        provenance=record("subgame perfect", {"game": made, "most": most}),
    )  # fmt: skip
