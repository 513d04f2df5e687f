"""Equilibria of subgames from the last ones on: what is played in each, given what is played in those inside it."""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from nashscape.core import InputError
from nashscape.theory.trees.subgames import Layout, Payoffs

Choices = Mapping[tuple[int, int], int]
"""By (player, information set), the action."""


@dataclass(frozen=True)
class Continuation:
    """A pure equilibrium of a subgame, and of all subgames inside it.

    Attributes:
        payoffs: what it pays, with what is paid at its root.
        choices: at every information set in it.
    """

    payoffs: Payoffs
    choices: Choices


PROFILES = 200_000
"""Pure profiles of one subgame, without those inside it, that are looked at, at most."""


@dataclass(frozen=True)
class Solving:
    """Subgames while they are solved.

    Attributes:
        layout: of the tree.
        most: equilibria that are kept of a subgame; where there are more, some are.
    """

    layout: Layout
    most: int

    def solved(self) -> tuple[list[Continuation], bool]:
        """The equilibria of the whole tree, and whether they are all."""
        layout, whole = self.layout, True
        known: dict[int, list[Continuation]] = {}
        for root in reversed(layout.roots or (0,)):
            known[root], all_of_them = self._subgame(root, known)
            whole &= all_of_them
        return known[0], whole

    def _subgame(self, root: int, known: Mapping[int, list[Continuation]]) -> tuple[list[Continuation], bool]:
        inner = self._first_inside(root, known)
        found: list[Continuation] = []
        for chosen in itertools.product(*(known[one] for one in inner)):
            inside = dict(zip(inner, chosen, strict=True))
            for profile, payoffs in Truncated(self.layout, root, inside).equilibria():
                made: dict[tuple[int, int], int] = dict(profile)
                for one in chosen:
                    made.update(one.choices)
                found.append(Continuation(payoffs, made))
                if len(found) > self.most:
                    return found[: self.most], False
        return found, True

    def _first_inside(self, root: int, known: Mapping[int, list[Continuation]]) -> list[int]:
        """The largest subgames within another."""
        found, waiting = [], list(self.layout.below[root])
        while waiting:
            number = waiting.pop()
            if number in known:
                found.append(number)
            else:
                waiting.extend(self.layout.below[number])
        return found


@dataclass(frozen=True)
class Truncated:
    """A subgame in which those inside it are replaced by what they pay."""

    layout: Layout
    root: int
    inside: Mapping[int, Continuation]

    def equilibria(self) -> Iterator[tuple[Choices, Payoffs]]:
        """All pure profiles from which nobody gains by deviating, by trying each."""
        sets = self._sets()
        tree, players = self.layout.tree, len(self.layout.tree.players)
        own = [[key for key in sets if key[0] == player] for player in range(players)]
        plans = [self._plans(keys) for keys in own]
        count = math.prod(map(len, plans))
        if count > PROFILES:
            raise InputError(
                f"a subgame of {tree.name} has {count:,} pure profiles beside the subgames inside it; at most "
                f"{PROFILES:,} are looked through: use theory.sequence_form_value for two players with opposite "
                "interests, or learn in it"
            )
        paid = {
            places: self._paid(self.root, [plans[i][k] for i, k in enumerate(places)])
            for places in itertools.product(*(range(len(one)) for one in plans))
        }
        for places, payoffs in paid.items():
            if all(
                paid[(*places[:i], k, *places[i + 1 :])][i] <= own
                for i, own in enumerate(payoffs)
                for k in range(len(plans[i]))
            ):
                made: dict[tuple[int, int], int] = {}
                for i, k in enumerate(places):
                    made.update(plans[i][k])
                yield made, payoffs

    def _plans(self, keys: list[tuple[int, int]]) -> list[dict[tuple[int, int], int]]:
        sizes = [range(len(self.layout.tree.sets[i][k])) for i, k in keys]
        return [dict(zip(keys, one, strict=True)) for one in itertools.product(*sizes)]

    def _sets(self) -> list[tuple[int, int]]:
        """The information sets that are decided here."""
        found: dict[tuple[int, int], None] = {}
        waiting = [self.root]
        while waiting:
            number = waiting.pop()
            node = self.layout.tree.nodes[number]
            if number in self.inside or node.mover is None:
                continue
            if node.mover >= 0:
                found.setdefault((node.mover, node.place))
            waiting.extend(reversed(self.layout.below[number]))
        return list(found)

    def _paid(self, number: int, plans: list[dict[tuple[int, int], int]]) -> Payoffs:
        """What a pure profile pays from a node on, exactly."""
        if number in self.inside:
            return self.inside[number].payoffs
        node, below = self.layout.tree.nodes[number], self.layout.below[number]
        here = node.payoffs or (Fraction(0),) * len(self.layout.tree.players)
        if node.mover is None:
            return here
        if node.mover < 0:
            parts = [self._paid(one, plans) for one in below]
            return tuple(
                own + sum((p * part[i] for p, part in zip(node.chances, parts, strict=True)), Fraction(0))
                for i, own in enumerate(here)
            )
        after = self._paid(below[plans[node.mover][node.mover, node.place]], plans)
        return tuple(a + b for a, b in zip(here, after, strict=True))
