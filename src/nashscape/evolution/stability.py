"""Evolutionarily stable strategies, pure and mixed, decided exactly."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from nashscape.core import InputError, Source, Status, record
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array, fractions_of
from nashscape.evolution.copositivity import copositive
from nashscape.evolution.exact_systems import Matrix, Strategy, worth
from nashscape.evolution.population_games import as_population_game
from nashscape.evolution.stability_results import EvolutionaryStability, Resident
from nashscape.evolution.symmetric_equilibria import best_replies, supported, symmetric_equilibria

MOST = 8
"""Types up to which all supports are looked at: their number doubles with each."""

STABLE = Source(
    "evolutionary_stability", "Maynard Smith, Price: The Logic of Animal Conflict. Nature 246, 15–18, 1973.",
    "https://doi.org/10.1038/246015a0",
)  # fmt: skip
HAIGH = Source(
    "haigh", "Haigh: Game Theory and Evolution. Advances in Applied Probability 7, 8–11, 1975.",
    "https://doi.org/10.2307/1425844",
)  # fmt: skip


@public()
def evolutionary_stability(game: Any, *, strategies: Sequence[Sequence[Any]] | None = None) -> EvolutionaryStability:
    """All symmetric equilibria of a population game, and which of them are evolutionarily, or neutrally, stable.

    x is evolutionarily stable (ESS) if for every mutant y ≠ x, where it is rare, residents do better: `xᵀAx > yᵀAx`, or
    these are equal and `xᵀAy > yᵀAy`. That is: x is a symmetric Nash equilibrium, and `zᵀAz < 0` for all z ≠ 0 with
    sum zero that are not negative where x is zero, and zero where a type is no best reply to x. With ≤ for <, x is
    neutrally stable. Equilibria are found on every support, and the form is decided, in fractions: there is no
    tolerance.

    Args:
        game: a `population_game`, its payoffs, or a game of two players who are alike; at most 8 types.
        strategies: in place of all symmetric equilibria these, equilibria or not, `[strategies, types]`; numbers as
            they are given, so that 3/7 is the text "3/7" or a fraction, and not a float.

    Raises:
        InputError: for more types, and strategies that are none.

    Example:
        >>> found = evolutionary_stability([[-2, 3], [0, "3/2"]])               # hawks and doves, V = 3, C = 7
        >>> found
        <EvolutionaryStability of 1 strategies, ESS: 3/7 A, 4/7 B>
        >>> one = evolutionary_stability([[2, 1], [2, 3]], strategies=[[1, 0]]).residents[0]
        >>> one.status, one.mutant                # which ties with A against A, and wins the return match
        ('Nash', (Fraction(0, 1), Fraction(1, 1)))

    Source: Maynard Smith and Price (1973); Haigh (1975) and Abakuks (1980) for the form.
    """
    game = as_population_game(game)
    if len(game.types) > MOST:
        raise InputError(
            f"stability is decided on all supports, of at most {MOST} types; got {len(game.types)}: leave out types "
            "that are dominated"
        )
    if strategies is None:
        residents = tuple(resident(game.exact, face.middle, face.extremes) for face in symmetric_equilibria(game.exact))
    else:
        residents = tuple(resident(game.exact, own, (own,)) for own in exact_strategies(strategies, len(game.types)))
    asked = {} if strategies is None else {"strategies": [list(map(str, own.strategy)) for own in residents]}
    return EvolutionaryStability(
        types=game.types,
        residents=residents,
        status=Status.COMPLETE,
        provenance=record("evolutionary stability", {"game": game, **asked}, sources=[STABLE, HAIGH]),
    )


def exact_strategies(strategies: Any, types: int) -> list[Strategy]:
    """Strategies as the fractions that they are.

    Raises:
        InputError: for what is no list of them, and sums that are not exactly one.
    """
    rounded, exact = exact_array(strategies, "strategies", ndim=2)
    if rounded.shape[1] != types or not len(rounded):
        raise InputError(f"strategies need a share for each of {types} types; got shape {rounded.shape}")
    made = [tuple(own) for own in (fractions_of(rounded) if exact is None else exact).tolist()]
    for own in made:
        if min(own) < 0 or sum(own) != 1:
            raise InputError(
                f"shares must not be negative, and sum to exactly one; got {', '.join(map(str, own))}: texts such as "
                "'3/7' are taken exactly"
            )
    return made


def resident(matrix: Matrix, strategy: Strategy, extremes: tuple[Strategy, ...]) -> Resident:
    """What mutants can do to a strategy."""
    values, replies, played = worth(matrix, strategy), best_replies(matrix, strategy), supported(strategy)
    payoff = sum((x * v for x, v in zip(strategy, values, strict=True)), Fraction(0))
    if not played <= replies:
        better = tuple(Fraction(i == min(replies)) for i in range(len(matrix)))
        return Resident(strategy, "no equilibrium", payoff, better, extremes)
    sign, towards = _against(matrix, played, replies)
    status = {1: "ESS", 0: "neutrally stable", -1: "Nash"}[sign]
    return Resident(strategy, status, payoff, None if towards is None else _as_far(strategy, towards), extremes)


def _against(matrix: Matrix, played: frozenset[int], replies: frozenset[int]) -> tuple[int, list[Fraction] | None]:
    """The sign of `−zᵀAz` over the ways z in which mutants can differ, and the way in which it is zero or negative.

    One type that is played takes what the others leave, so that the others are free, or not negative, on their own.
    """
    last = min(played)
    others = sorted(replies - {last})
    form = [[-(_turn(matrix, i, j, last) + _turn(matrix, j, i, last)) / 2 for j in others] for i in others]
    verdict = copositive(form, [k for k, i in enumerate(others) if i in played])
    if verdict.where is None:
        return verdict.sign, None
    towards = [Fraction(0)] * len(matrix)
    for k, change in verdict.where.items():
        towards[others[k]] = change
    towards[last] = -sum(towards, Fraction(0))
    return verdict.sign, towards


def _turn(matrix: Matrix, i: int, j: int, last: int) -> Fraction:
    return matrix[i][j] - matrix[last][j] - matrix[i][last] + matrix[last][last]


def _as_far(strategy: Strategy, towards: Sequence[Fraction]) -> Strategy:
    """The last strategy on the way."""
    step = min(-x / z for x, z in zip(strategy, towards, strict=True) if z < 0)
    return tuple(x + step * z for x, z in zip(strategy, towards, strict=True))
