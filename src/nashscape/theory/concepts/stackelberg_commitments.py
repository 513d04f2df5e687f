"""Stackelberg equilibria: one player commits itself first, to an action or to a mixture, and the others see it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError, Source, Status, choice
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike, dense
from nashscape.games.naming import player_index
from nashscape.theory.concepts.commitment_programs import Reply, attained, strong_reply, weak_reply
from nashscape.theory.concepts.stackelberg_results import Stackelberg
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.written_out import MOST_EXACT, written_out

COMMITMENTS = ("mixed", "pure")
TIES = ("for", "against")

MOST_ENTRIES = 900
"""Joint actions of the largest games in which mixtures are looked for, in fractions: some seconds."""

MULTIPLE_PROGRAMS = Source(
    "stackelberg_programs",
    "Conitzer, Sandholm: Computing the Optimal Strategy to Commit to. EC 2006, 82–90.",
    "https://doi.org/10.1145/1134707.1134717",
)
LEADERSHIP = Source(
    "leadership",
    "von Stengel, Zamir: Leadership Games with Convex Strategy Sets. Games and Economic Behavior 69, 446–457, 2010.",
    "https://doi.org/10.1016/j.geb.2009.11.008",
)


@public()
def stackelberg(
    game: "GameLike", *, leader: int | str = 0, commitment: str = "mixed", ties: str = "for"
) -> Stackelberg:
    """What a player gets that commits itself first, and the others reply to what they see.

    Mixed, of two players: for every action b of the follower one linear program in fractions, `max x·A_b` over the
    mixtures x to which b is a best reply. With ties broken for the leader (strong, optimistic) the best of these is the
    value, and it is attained. With ties against it (weak, pessimistic) b counts only where it can be made the only best
    reply, but for actions that pay the follower the same everywhere, of which the leader gets the worst; the value is a
    least upper bound, and `attained` says whether a mixture gets it. Pure: the best of the leader's actions. Of more
    players the others have to have exactly one equilibrium after each action.

    Args:
        game: one with payoffs for all profiles.
        leader: who commits itself, by index or name; by default the first player.
        commitment: by default "mixed"; "pure".
        ties: by default "for" the leader; "against".

    Raises:
        InputError: for a mixed commitment with more than two players, several equilibria of the others after an action,
            and games that cannot be written out or are too large.

    Example:
        >>> from nashscape import games
        >>> game = games.bimatrix([[2, 4], [1, 3]], [[1, 0], [0, 1]], actions=[["up", "down"], ["left", "right"]])
        >>> stackelberg(game)
        <Stackelberg of game: player 1 commits to 1/2 up, 1/2 down and gets 7/2 (ties for it)>
        >>> stackelberg(game, ties="against").attained, stackelberg(game, commitment="pure").value
        (False, Fraction(3, 1))

    Source: von Stackelberg (1934); Conitzer, Sandholm (2006) for the programs; von Stengel, Zamir (2010) for ties.
    """
    form = written_out(game, "look for a commitment", most=MOST_EXACT)
    first = player_index(form, leader)
    kind, how = choice(commitment, "commitment", COMMITMENTS), choice(ties, "ties", TIES)
    if kind == "pure":
        return _pure(form, first, how)
    if form.n_players != 2:
        raise InputError(
            f"mixtures to commit to are those of two players; {form.name} has {form.n_players}: take commitment='pure'"
        )
    if form.payoffs[0].size > MOST_ENTRIES:
        raise InputError(
            f"mixtures to commit to are found in games of up to {MOST_ENTRIES} joint actions; {form.name} has "
            f"{form.payoffs[0].size:,}: take fewer actions, or commitment='pure'"
        )
    return _mixed(form, first, how)


def _mixed(form: DenseGame, first: int, ties: str) -> Stackelberg:
    own, other = (np.moveaxis(form.fractions[i], first, 0) for i in (first, 1 - first))
    solve = strong_reply if ties == "for" else weak_reply
    every = [solve(own, other, b) for b in range(own.shape[1])]
    value = max(one.value for one in every if one.value is not None)
    best = [one for one in every if one.value == value]
    mixture, one = best[0].mixture, best[0]
    reached = True
    if ties == "against":
        found = [(point, reply) for reply in best if (point := attained(own, other, reply)) is not None]
        reached = bool(found)
        mixture, one = found[0] if found else (mixture, one)
    assert mixture is not None, "a reply with a value has a mixture"
    b = _chosen(own, other, mixture, one, ties)
    reply: Strategy = tuple(Fraction(int(c == b)) for c in range(own.shape[1]))
    values = [(form.actions[1 - first][each.action], each.value) for each in every]
    return _made(form, first, "mixed", ties, tuple(mixture), [reply], value, reached, one.inside, values)


def _chosen(own: Objects, other: Objects, mixture: Objects, one: Reply, ties: str) -> int:
    """Of the best replies that count the one that is best, or worst, for the leader."""
    if ties == "for":
        return one.action
    worth = mixture @ own
    return min(one.same, key=lambda c: (worth[c], c))


def _pure(form: DenseGame, first: int, ties: str) -> Stackelberg:
    followers = [i for i in range(form.n_players) if i != first]
    found = [_answered(form, first, followers, a, ties) for a in range(form.shape[first])]
    values = [pays for pays, _ in found]
    a = values.index(max(values))
    own: Strategy = tuple(Fraction(int(c == a)) for c in range(form.shape[first]))
    named = list(zip(form.actions[first], values, strict=True))
    return _made(form, first, "pure", ties, own, found[a][1], values[a], True, None, named)


def _answered(form: DenseGame, first: int, followers: list[int], a: int, ties: str) -> tuple[Fraction, list[Strategy]]:
    """What the leader gets by an action, and the replies to it."""
    table = np.take(form.fractions, a, axis=first + 1)
    if len(followers) == 1:
        own, other = table[first], table[followers[0]]
        best = [b for b, value in enumerate(other) if value == max(other)]
        b = (max if ties == "for" else min)(best, key=lambda c: own[c])
        return own[b], [tuple(Fraction(int(c == b)) for c in range(len(other)))]
    rest = dense(table[followers], actions=[form.actions[i] for i in followers])
    found = equilibria(rest, logit=None)
    action = form.actions[first][a]
    if len(found) != 1 or not found.complete or found[0].exact is None:
        known = f"{len(found)} equilibria" if found.complete else "equilibria that are not all known"
        raise InputError(
            f"after {action} of {form.players[first]} the others have {known}; where several players reply there has "
            "to be exactly one, known in fractions, after every action"
        )
    replies = list(found[0].exact)
    return _expected(table[first], replies), replies


def _expected(table: Any, strategies: list[Strategy]) -> Fraction:
    for own in reversed(strategies):
        table = table @ np.array(own, dtype=object)
    value: Fraction = table
    return value


def _made(
    form: DenseGame, first: int, commitment: str, ties: str, own: Strategy, others: list[Strategy], value: Fraction,
    reached: bool, towards: Objects | None, choices: Sequence[tuple[str, Fraction | None]],
) -> Stackelberg:  # fmt: skip
    played = [*others[:first], own, *others[first:]]
    payoffs = tuple(_expected(table, played) for table in form.fractions)
    assert payoffs[first] == value, "the replies pay the leader its value"
    sources = [MULTIPLE_PROGRAMS, *([LEADERSHIP] if ties == "against" else [])] if commitment == "mixed" else []
    asked = {"game": form, "leader": first, "commitment": commitment, "ties": ties}
    return Stackelberg(
        game=form.name,
        players=form.players,
        actions=form.actions,
        leader=form.players[first],
        commitment=commitment,
        ties=ties,
        value=value,
        attained=reached,
        strategy=own,
        towards=None if reached or towards is None else tuple(towards),
        replies=tuple(played),
        payoffs=payoffs,
        regret=tuple(_regret(form, played, i) for i in range(form.n_players) if i != first),
        choices=tuple(choices),
        status=Status.COMPLETE,
        provenance=record("stackelberg", asked, sources=sources),
    )


def _regret(form: DenseGame, played: list[Strategy], i: int) -> Fraction:
    table = np.moveaxis(form.fractions[i], i, 0)
    others = [own for j, own in enumerate(played) if j != i]
    worth = [_expected(row, others) for row in table]
    return max(worth) - sum((p * w for p, w in zip(played[i], worth, strict=True)), Fraction(0))
