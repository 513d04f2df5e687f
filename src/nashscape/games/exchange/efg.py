r"""Gambit's extensive games, `.efg`, a node a line, each before its branches.

    EFG 2 R "title" { "Rose" "Colin" } "comment"
    c "node" 1 "set" { "red" 1/2 "black" 1/2 } 0                    chance: number of the set, branches, outcome
    p "node" 1 3 "set" { "raise" "fold" } 2 "outcome" { 1, -1 }     player 1, its information set 3
    t "node" 2                                                      an end, with the payoffs of outcome 2

Branches of a set, and payoffs of an outcome, stand where it is named first; outcome 0 is none. Payoffs add up along
the path. Texts may be missing or empty: what counts are numbers and places.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from nashscape.games.exchange.checked import made_from
from nashscape.games.exchange.tokens import Reader
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.labels import player_names
from nashscape.games.forms.trees.nodes import Node, Tree
from nashscape.games.forms.trees.reduced_forms import reduced

Branches = tuple[tuple[str, ...], tuple[Fraction, ...]]
"""Labels, and chances where chance moves."""


def read_efg(text: str, where: str, name: str) -> DenseGame:
    """The reduced normal form of the tree of a text in this format; arguments as of `read_nfg`.

    Raises:
        InputError: for a text that is not in this format, with its line and what was expected, and trees that are too
            large to be written out.
    """
    tree = tree_of(text, where, name)
    payoffs, actions = reduced(tree, where)
    return made_from(payoffs, tree.players, actions, tree.name, where)


def tree_of(text: str, where: str, name: str) -> Tree:
    """The tree of a text in this format."""
    reader = Reader(text, where)
    reader.word("EFG")
    reader.word("2")
    reader.word("R", "D")
    title = reader.optional_text()
    players = player_names(reader.braces("names of players", lambda: reader.quoted("the name of a player")))
    reader.optional_text()
    reading = _Reading(reader, players)
    nodes, missing = [], 1
    while missing:
        nodes.append(reading.node())
        missing += nodes[-1].branches - 1
    reader.end("the last node of the tree")
    outcomes = reading.outcomes
    nodes = [
        Node(own.mover, own.place, own.chances, outcomes[number] if number else (), own.branches)
        for own, number in zip(nodes, reading.numbers(), strict=True)
    ]
    names = [[reading.titles.get((k, number), "") for number in own] for k, own in enumerate(reading.sets)]
    sets = [list(own.values()) for own in reading.sets]
    return Tree(players, sets, nodes, title or name, names, reading.moves)


@dataclass
class _Reading:
    """What is known while a tree is read."""

    reader: Reader
    players: Sequence[str]
    sets: list[dict[int, tuple[str, ...]]] = field(init=False)
    chance: dict[int, Branches] = field(default_factory=dict)
    outcomes: dict[int, tuple[Fraction, ...]] = field(default_factory=dict)
    named: list[tuple[int, int]] = field(default_factory=list)
    titles: dict[tuple[int, int], str] = field(default_factory=dict)
    moves: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nobody has an information set yet."""
        self.sets = [{} for _ in self.players]

    def node(self) -> Node:
        """The next node; its outcome is added when all are known."""
        if self.reader.now.kind == "end":
            raise self.reader.wrong("another node, as a branch has no end yet")
        kind = self.reader.word("c", "p", "t")
        self.reader.optional_text()
        if kind == "t":
            self._outcome()
            return Node(None)
        return self._chance() if kind == "c" else self._move()

    def _chance(self) -> Node:
        reader = self.reader
        number, line = reader.whole("the number of a set of chance", least=1), reader.now.line
        reader.optional_text()
        given = self._branches(chance=True) if reader.is_brace("{") else None
        known = self.chance.setdefault(number, given) if given else self.chance.get(number)
        if known is None:
            raise reader.wrong("the branches of chance, in braces { }, where a set is named first")
        if given and given[1] != known[1]:
            raise reader.refused(f"set {number} of chance has other branches than where it was named first", line)
        if any(known[0]):
            self.moves[len(self.named)] = known[0]
        if sum(known[1]) != 1:
            raise reader.refused(f"the chances of a move add up to {sum(known[1])}, not to 1", line)
        self._outcome()
        return Node(-1, chances=known[1], branches=len(known[1]))

    def _move(self) -> Node:
        reader = self.reader
        token, player = reader.now, reader.whole("the number of a player", least=1)
        if player > len(self.players):
            raise reader.wrong(f"the number of a player, at most {len(self.players)}", token)
        own = self.sets[player - 1]
        number, line = reader.whole("the number of an information set", least=1), reader.now.line
        self.titles.setdefault((player - 1, number), reader.optional_text())
        given = self._branches(chance=False)[0] if reader.is_brace("{") else None
        known = own.setdefault(number, given) if given else own.get(number)
        if known is None:
            raise reader.wrong("the actions, in braces { }, where an information set is named first")
        if given and given != known:
            raise reader.refused(
                f"information set {number} of {self.players[player - 1]} has the actions "
                f"{', '.join(map(repr, given))}, and had {', '.join(map(repr, known))} where it was named first",
                line,
            )
        self._outcome()
        return Node(player - 1, place=list(own).index(number), branches=len(known))

    def _branches(self, chance: bool) -> Branches:
        """Labels in braces, with chances or without; a label may be missing beside its chance."""
        reader, line = self.reader, self.reader.now.line

        def one() -> tuple[str, Fraction]:
            if not chance:
                return reader.quoted("the label of an action"), Fraction(0)
            label, token = reader.optional_text(), reader.now
            share = reader.number("the chance of a branch")
            if share < 0:
                raise reader.wrong("the chance of a branch, at least 0", token)
            return label, share

        found = reader.braces("branches", one)
        if not found:
            raise reader.refused("a move has no branches", line)
        return tuple(label for label, _ in found), tuple(share for _, share in found) if chance else ()

    def _outcome(self) -> None:
        """The number of an outcome, its name and its payoffs, of which all but the number may be missing."""
        reader, line = self.reader, self.reader.now.line
        number = reader.whole("the number of an outcome")
        self.named.append((number, line))
        reader.optional_text()
        if not reader.is_brace("{"):
            return
        payoffs = tuple(reader.braces("payoffs", lambda: reader.number("a payoff")))
        if len(payoffs) != len(self.players):
            raise reader.refused(f"an outcome has {len(payoffs)} payoffs; there are {len(self.players)} players", line)
        if number == 0:
            raise reader.refused("outcome 0 is none, and has no payoffs; number outcomes from 1", line)
        if self.outcomes.setdefault(number, payoffs) != payoffs:
            raise reader.refused(f"outcome {number} has other payoffs than where it was named first", line)

    def numbers(self) -> list[int]:
        """The outcome of every node, 0 for none; outcomes may be given after they are named."""
        for number, line in self.named:
            if number and number not in self.outcomes:
                raise self.reader.refused(f"outcome {number} has no payoffs anywhere", line)
        return [number for number, _ in self.named]
