"""Derivatives of all players' utilities along parameters, as formulas of the logits' atoms.

Atoms are `s, s′, s″, …` of every logit of a sigmoid, and the probabilities of all actions of a softmax. Where they are
balls over a range of logits, so are the derivatives, over the same range.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Protocol

from nashscape.checking import jets
from nashscape.checking.expressions import ONE, ZERO, Number
from nashscape.checking.mixtures import Part, expectation, sigmoid_parts, softmax_parts
from nashscape.checking.problems import Problem

Along = tuple[int, ...]


class Utilities(Protocol):
    """What a rule needs to know of a game."""

    def derivative(self, player: int, along: Along, bare: int | None = None) -> Number:
        """The partial derivative of a player's utility along up to three parameters.

        Divided by the factor of `bare`, one of at most two.
        """

    def factor(self, k: int) -> Number | None:
        """What all derivatives along a parameter have in common: that by which those that are `bare` are divided."""


def utilities_of(problem: Problem, atoms: Sequence[Sequence[Number]], order: int) -> Utilities:
    """The utilities of a problem.

    Args:
        problem: the game and its semantics.
        atoms: those of every logit of a sigmoid or of every softmax, player after player and state after state.
        order: the highest derivative that will be asked for.
    """
    return MarkovUtilities(problem, atoms, order) if problem.game.markov else OneShotUtilities(problem, atoms)


@dataclass
class OneShotUtilities:
    """Utilities that are linear in every player's mixture; parameters enter through logits `K θ + c`."""

    problem: Problem
    atoms: Sequence[Sequence[Number]]
    known: dict[tuple[int, Along, int | None], Number] = field(default_factory=dict)

    def factor(self, k: int) -> Number | None:
        """The probability of an action, where all players have softmaxes; near corners they vary widely."""
        if not all(self.problem.softmax):
            return None
        [owner] = [i for i, block in enumerate(self.problem.blocks) if k in block]
        return self.atoms[owner][k - self.problem.blocks[owner][0]]

    def derivative(self, player: int, along: Along, bare: int | None = None) -> Number:
        """By the chain rule; logits are linear in the parameters, and the same where there is a softmax."""
        if bare is not None:
            return self._along_logits(player, tuple(sorted(along)), bare)
        rows = self.problem.matrix
        columns = [[(z, rows[z][k]) for z in range(len(rows)) if rows[z][k]] for k in along]
        total: Number = ZERO
        for chosen in product(*columns):
            factor = ONE
            for _, slope in chosen:
                factor *= slope
            total = total + self._along_logits(player, tuple(sorted(z for z, _ in chosen))) * factor
        return total

    def _along_logits(self, player: int, logits: Along, bare: int | None = None) -> Number:
        if (player, logits, bare) not in self.known:
            parts: list[list[Part]] = []
            first = 0
            for atoms, soft in zip(self.atoms, self.problem.softmax, strict=True):
                count = len(atoms) if soft else 1
                own = [z - first for z in logits if first <= z < first + count]
                here = None if bare is None or not first <= bare < first + count else bare - first
                parts.append(softmax_parts(atoms, own, here) if soft else sigmoid_parts(atoms, len(own)))
                first += count
            weights = [
                list(atoms) if soft else [atoms[0]]
                for atoms, soft in zip(self.atoms, self.problem.softmax, strict=True)
            ]
            self.known[player, logits, bare] = expectation(self.problem.game.payoffs[player][0], parts, weights)
        return self.known[player, logits, bare]


class MarkovUtilities:
    """Discounted sums of payoffs for ever, as Taylor polynomials in the parameters.

    With the policies' moves P, the discounted numbers of visits solve `(I − γ Pᵀ) m = initial`, and `J_i = m · r_i`.
    The matrix is dominated by its diagonal, column by column, and elimination needs no change of rows.
    """

    def __init__(self, problem: Problem, atoms: Sequence[Sequence[Number]], order: int) -> None:
        """Both the values and their derivatives up to the order."""
        self.problem, self.order = problem, order
        states = len(problem.game.initial)
        slopes = [dict(enumerate(row)) for row in problem.matrix]
        chances = [jets.composed(own, slope, order) for own, slope in zip(atoms, slopes, strict=True)]
        self.chances = [[chances[i * states + s] for i in range(len(problem.actions))] for s in range(states)]
        visits = self._visits()
        self.values = [self._sum(visits, own) for own in problem.game.payoffs]

    def factor(self, k: int) -> None:
        """None is known: parameters have a part in all states."""

    def derivative(self, player: int, along: Along, bare: int | None = None) -> Number:
        """A coefficient of the player's polynomial."""
        assert bare is None
        return jets.derivative(self.values[player], along)

    def _sum(self, visits: Sequence[jets.Jet], payoffs: Sequence[Sequence[Fraction]]) -> jets.Jet:
        total: jets.Jet = {}
        for state, (visited, own) in enumerate(zip(visits, payoffs, strict=True)):
            total = jets.add(total, jets.multiply(visited, self._mean(own, self.chances[state]), self.order))
        return total

    def _mean(self, numbers: Sequence[Fraction], chances: Sequence[jets.Jet]) -> jets.Jet:
        """The expectation of numbers, one per joint action: the middle of the first player's and what is added."""
        if not any(numbers) or not chances:
            return jets.constant(numbers[0] if numbers else ZERO)
        half = len(numbers) // 2
        pairs = list(zip(numbers[:half], numbers[half:], strict=True))
        middle = self._mean([(x + y) / 2 for x, y in pairs], chances[1:])
        change = self._mean([x - y for x, y in pairs], chances[1:])
        off = jets.add(chances[0], jets.constant(Fraction(-1, 2)))
        return jets.add(middle, jets.multiply(off, change, self.order))

    def _visits(self) -> list[jets.Jet]:
        game, order = self.problem.game, self.order
        states = range(len(game.initial))
        matrix = [
            [
                jets.add(
                    jets.constant(Fraction(to == s)),
                    jets.scale(self._mean([row[to] for row in game.kernel[s]], self.chances[s]), -game.discount),
                )
                for s in states
            ]
            for to in states
        ]
        right = [jets.constant(first) for first in game.initial]
        inverses = []
        for k in states:
            inverses.append(jets.reciprocal(matrix[k][k], order))
            for row in states[k + 1 :]:
                factor = jets.scale(jets.multiply(matrix[row][k], inverses[k], order), -ONE)
                for column in states[k + 1 :]:
                    change = jets.multiply(factor, matrix[k][column], order)
                    matrix[row][column] = jets.add(matrix[row][column], change)
                right[row] = jets.add(right[row], jets.multiply(factor, right[k], order))
        for k in reversed(states):
            for column in states[k + 1 :]:
                change = jets.multiply(matrix[k][column], right[column], order)
                right[k] = jets.add(right[k], jets.scale(change, -ONE))
            right[k] = jets.multiply(right[k], inverses[k], order)
        return right
