"""A meta-game of soccer, of ours: a few policies on Littman's small pitch, and what they win against each other."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.games.families.soccer import STEPS, Cell, Pitch, Position, soccer
from nashscape.games.matrix_values import matrix_values
from nashscape.theory.zero_sum.markov_minimax import markov_minimax
from nashscape.theory.zero_sum.markov_policies import ZeroSumChain, zero_sum_chain

Floats = npt.NDArray[np.float64]

PITCH, WHISTLE = Pitch(4, 3), 0.9
"""The pitch, and the chance that a match goes on after a round."""
AHEAD = 3
"""Rounds that the policy of short sight looks ahead."""
ACTIONS = tuple(STEPS)


class MetaGame(NamedTuple):
    """Policies of the first player, those of the second being the same from the other side, and what they get.

    Attributes:
        names: of the policies.
        policies: `[S, a]` each.
        payoffs: chance to win less that to lose of the first player, `[m, m]`.
        least: what the minimax policy gets at least, whatever the other does.
    """

    names: tuple[str, ...]
    policies: tuple[Floats, ...]
    payoffs: Floats
    least: float

    @property
    def chances(self) -> Floats:
        """What both seats win, a draw counted as half, `[2, m, m]`."""
        return (np.stack([self.payoffs, -self.payoffs]) + 1) / 2


def meta_game(pitch: Pitch = PITCH) -> MetaGame:
    """Six policies of matches that the first goal ends, and their payoffs exactly."""
    game = soccer(*pitch, discount=WHISTLE, ends=True)
    chain = zero_sum_chain(game, "play policies")
    attacker, defender = scripted(pitch, guards=False), scripted(pitch, guards=True)
    minimax, evenly = markov_minimax(game), np.full_like(attacker, 1 / len(ACTIONS))
    made = {
        "random": evenly,
        "attacker": attacker,
        "defender": defender,
        "short sight": _looking_ahead(chain, AHEAD),
        "minimax": minimax.policies[0],
        "counter to attacker": chain.best_of_first(other_side(pitch, attacker))[0],
    }
    policies, first = tuple(made.values()), np.asarray(game.initial)
    others = [other_side(pitch, policy) for policy in policies]
    payoffs = np.array([[first @ chain.met(one, two) for two in others] for one in policies])
    return MetaGame(tuple(made), policies, payoffs, float(first @ minimax.low))


def other_side(pitch: Pitch, policy: Floats) -> Floats:
    """The policy of the second player who does what this one of the first does, on the pitch turned by half."""
    place = {position: k for k, position in enumerate(pitch.positions)}
    turned = [place[_turned(pitch, position)] for position in pitch.positions]
    actions = [ACTIONS.index(name) for name in ("south", "west", "north", "east", "stand")]
    made: Floats = policy[[*turned, *range(len(turned), len(policy))]][:, actions]
    return made


def _turned(pitch: Pitch, position: Position) -> Position:
    one, two = ((pitch.rows - 1 - row, pitch.columns - 1 - column) for row, column in position.cells)
    return Position((two, one), 1 - position.ball)


def scripted(pitch: Pitch, *, guards: bool) -> Floats:
    """A policy of the first player by rule, `[S + 1, a]`.

    With the ball it goes to the rows of the goal, and then into it. Without, it goes after who has it, along the pitch
    first; or it guards: it goes back to its own goal, into the row of it that is the nearest to the ball.
    """
    chosen = []
    for (own, other), ball in pitch.positions:
        if ball == 0:
            chosen.append(_towards(own, (_near(pitch.mouth, own[0]), pitch.columns), rows_first=True))
        elif guards:
            chosen.append(_towards(own, (_near(pitch.mouth, other[0]), 0), rows_first=False))
        else:
            chosen.append(_towards(own, other, rows_first=False))
    return np.eye(len(ACTIONS))[[*chosen, ACTIONS.index("stand")]]


def _near(rows: range, row: int) -> int:
    return min(max(row, rows[0]), rows[-1])


def _towards(own: Cell, wanted: Cell, *, rows_first: bool) -> int:
    """The number of the action that goes nearer; standing, where one is there."""
    vertical = {1: "south", -1: "north"}.get(int(np.sign(wanted[0] - own[0])))
    along = {1: "east", -1: "west"}.get(int(np.sign(wanted[1] - own[1])))
    steps = (vertical, along) if rows_first else (along, vertical)
    return ACTIONS.index(next((step for step in steps if step), "stand"))


def _looking_ahead(chain: ZeroSumChain, rounds: int) -> Floats:
    """Best mixtures of the first round of so many, after which nothing counts."""
    values = np.zeros(len(chain.paid))
    for _ in range(rounds):
        found = matrix_values(chain.paid + chain.discount * chain.moves @ values)
        values = found.values
    return found.rows
