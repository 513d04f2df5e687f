"""Matches in which nothing is left to chance: a way in, then the same rounds again and again; in fractions."""

from fractions import Fraction

from nashscape.tournaments.stages import Length
from nashscape.tournaments.strategies import Strategy

Four = tuple[Fraction, ...]


def exact_shares(first: Strategy, second: Strategy, length: Length) -> Four:
    """The shares of CC, CD, DC and DD of a match of two deterministic strategies, as rounds count.

    >>> from nashscape.tournaments.stages import length_of
    >>> from nashscape.tournaments.strategies import memory_one
    >>> tft, alld = memory_one([1, 0, 1, 0]), memory_one([0, 0, 0, 0], first=0)
    >>> exact_shares(tft, alld, length_of(8, 1, 0))
    (Fraction(0, 1), Fraction(1, 8), Fraction(0, 1), Fraction(7, 8))
    """
    played, begin = _rounds(first, second)
    weights = _weights(len(played), begin, length)
    total = sum(weights)
    shares = [Fraction(0)] * 4
    for k, weight in zip(played, weights, strict=True):
        shares[k] += weight
    return tuple(share / total for share in shares)


def _rounds(first: Strategy, second: Strategy) -> tuple[list[int], int]:
    """What is played, each round once, and from where on it is played again: 0 to 3 for CC, CD, DC, DD."""
    seen: dict[tuple[int, int], int] = {}
    played: list[int] = []
    here = (0, 0)
    one, other = first.moves.tolist(), second.moves.tolist()
    while here not in seen:
        seen[here] = len(played)
        a, b = int(first.cooperates[here[0]] == 0), int(second.cooperates[here[1]] == 0)
        played.append(2 * a + b)
        here = one[here[0]][a][b], other[here[1]][b][a]
    return played, seen[here]


def _weights(rounds: int, begin: int, length: Length) -> list[Fraction]:
    """How much each round counts with all that repeat it; those from `begin` on come again and again."""
    turns, discount, cycle = length.turns, length.discount, rounds - begin
    if turns is None and discount == 1:
        return [Fraction(int(t >= begin)) for t in range(rounds)]
    times = [_times(t, begin, cycle, turns) for t in range(rounds)]
    if discount == 1:
        return [Fraction(m or 0) for m in times]
    again = discount**cycle
    return [
        discount**t * ((1 if m is None else 1 - again**m) / (1 - again) if m is None or m > 1 else Fraction(m))
        for t, m in enumerate(times)
    ]


def _times(t: int, begin: int, cycle: int, turns: int | None) -> int | None:
    """How often round t is played; None for ever."""
    if t < begin:
        return int(turns is None or t < turns)
    return None if turns is None else max(0, -(-(turns - t) // cycle))
