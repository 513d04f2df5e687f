"""Paths of Lemke and Howson, and the network that they make of equilibria."""

from dataclasses import dataclass
from typing import ClassVar

from nashscape.core import Provenance, Result, Status
from nashscape.games import DenseGame
from nashscape.theory.nash.response_vertices import Strategy

Played = tuple[Strategy | None, Strategy | None]


@dataclass(frozen=True)
class Pivot:
    """A step of a path along an edge of one player's polytope.

    Attributes:
        player: name of the player whose strategy moves.
        dropped: the label that is given up, "C of player 1": the action comes to be played, or is no best response.
        taken: the label met at the other end: the action is played no more, or becomes a best response.
        strategies: of both players after it, in fractions; None for who plays nothing yet.
    """

    player: str
    dropped: str
    taken: str
    strategies: Played


@dataclass(frozen=True)
class LemkeHowsonPath:
    """The path that begins where nobody plays anything and drops one label.

    Attributes:
        label: the label that is dropped, and found again at the end.
        pivots: step by step.
        name: of the equilibrium at the end, "CC" or "C+D/C+D".
        equilibrium: its strategies in fractions.
    """

    label: str
    pivots: tuple[Pivot, ...]
    name: str
    equilibrium: tuple[Strategy, Strategy]

    def __repr__(self) -> str:
        """Where it begins, ends, and how long it is, as one line."""
        steps = f"{len(self.pivots)} pivot{'' if len(self.pivots) == 1 else 's'}"
        return f"<LemkeHowsonPath: without {self.label}, {steps} to {self.name}>"


@dataclass(frozen=True)
class Edge:
    """A path between two nodes of the network: their numbers, the label it drops, and its number of pivots."""

    ends: tuple[int, int]
    label: str
    pivots: int


@dataclass(frozen=True, eq=False)
class LemkeHowsonPaths(Result):
    """The equilibria that are reached by paths from where nobody plays, and from one another.

    Attributes:
        game: name of the game.
        form: the game with its payoffs.
        labels: what labels are called, those of the first player's actions first.
        paths: from where nobody plays, by label.
        equilibria: all that are reached, in fractions, each once.
        names: of these.
        nodes: for each node of the network the number of its equilibrium; −1 for node 0, where nobody plays. In games
            with ties several nodes may be one equilibrium.
        signs: 1 or −1 for each node, −1 for node 0: the two ends of every path differ. Without ties it is the index of
            the equilibrium.
        edges: all paths between nodes.
        status: COMPLETE if all paths from all nodes were followed to their ends; else INTERRUPTED. In neither case are
            these all equilibria of the game: some cannot be reached.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "paths of Lemke and Howson"
    as_columns: ClassVar[str] = "nashscape.theory.nash.path_tables:path_columns"
    as_table: ClassVar[str] = "nashscape.theory.nash.path_tables:path_table"
    picture: ClassVar[str] = "nashscape.figures.path_networks:network_figure"

    game: str
    form: DenseGame
    labels: tuple[str, ...]
    paths: tuple[LemkeHowsonPath, ...]
    equilibria: tuple[tuple[Strategy, Strategy], ...]
    names: tuple[str, ...]
    nodes: tuple[int, ...]
    signs: tuple[int, ...]
    edges: tuple[Edge, ...]
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """What is reached, as one line."""
        return f"<LemkeHowsonPaths of {self.game}: {len(self.edges)} paths, {len(self.names)} equilibria: " + (
            f"{', '.join(self.names[:8])}{', …' if len(self.names) > 8 else ''}>"
        )
