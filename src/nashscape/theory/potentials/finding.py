"""Tests for potentials, and decompositions."""

from fractions import Fraction

import numpy as np

from nashscape.core import Status, citations
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, fractions_of
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.theory.potentials.better_replies import ranks, strict_replies, weak_replies
from nashscape.theory.potentials.four_cycles import FourCycle, divided, exact_potential, weights, worst_four_cycle
from nashscape.theory.potentials.parts import inner, parts
from nashscape.theory.potentials.results import Decomposition, PotentialTest
from nashscape.theory.written_out import MOST_EXACT, written_out

ROUNDING = 1e-9
"""Of the largest range of a player's payoffs: gains below it are those of rounded payoffs."""


@public()
def potential_test(game: "GameLike") -> PotentialTest:
    """Which kind of potential a game has: exact, weighted, ordinal, generalised ordinal, or none.

    A potential P is a function of profiles that says for every player whether, or by how much, a change of its own
    action pays. An *exact* one is there if and only if the gains of two players who change their actions in turn and
    change them back add up to zero; a *weighted* one if they do once payoffs are divided by weights. An *ordinal* one
    is there if and only if no cycle of changes that do not hurt the mover has a gain in it, a *generalised ordinal* one
    if and only if no cycle of gains is there. All of this is decided by the numbers that were given, exactly.

    Args:
        game: one with payoffs for all profiles, of any number of players.

    Raises:
        InputError: for a game that cannot be written out, or has more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> found = potential_test(games.stag_hunt())
        >>> found, found.potential.astype(int).tolist()
        (<PotentialTest of stag_hunt: exact potential, largest at DD>, [[0, -1], [-1, 1]])
        >>> potential_test(games.matching_pennies())
        <PotentialTest of matching_pennies: no potential; better replies cycle, HH → HT → TT → TH>

    Source: Monderer, Shapley (1996); Voorneveld, Norde (1997) for ordinal potentials.
    """
    form = written_out(game, "test for a potential", most=MOST_EXACT)
    payoffs = form.fractions
    four_cycle = worst_four_cycle(payoffs)
    each = weights(payoffs) if four_cycle else (Fraction(1),) * form.n_players
    kind, potential, cycle = _ordinal(form) if each is None else (
        "weighted" if four_cycle else "exact", exact_potential(divided(payoffs, each)), None
    )  # fmt: skip
    return PotentialTest(
        game=form.name,
        form=form,
        kind=kind,
        potential=potential,
        weights=each,
        four_cycle=four_cycle,
        cycle=cycle,
        status=Status.COMPLETE,
        provenance=record(
            "potential test",
            {"game": form},
            sources=[citations.POTENTIAL_GAMES, citations.ORDINAL_POTENTIALS],
            notes=_rounding(form, four_cycle),
        ),
    )


def _rounding(form: DenseGame, four_cycle: FourCycle | None) -> list[str]:
    """What to know where an exact potential fails by next to nothing."""
    if four_cycle is None or abs(float(four_cycle.gain)) >= ROUNDING * form.largest_range:
        return []
    return [
        "an exact potential fails by rounding alone: round four profiles movers gain "
        f'{float(four_cycle.gain):.2g}; give payoffs as texts such as "0.1"'
    ]


def _ordinal(form: DenseGame) -> tuple[str, Objects | None, tuple[str, ...] | None]:
    """Kind, potential and cycle by the order of payoffs alone."""
    given = form.payoffs if form.exact_payoffs is None else form.exact_payoffs
    order = np.stack([ranks(own) for own in given])
    weak = weak_replies(order)
    cycle = weak.cycle()
    if cycle is None:
        return "ordinal", _levels(weak.levels(), form), None
    strict = strict_replies(order)
    gains = strict.cycle()
    if gains is None:
        return "generalised ordinal", _levels(strict.levels(), form), _names(form, cycle)
    return "none", None, _names(form, gains)


def _levels(levels: np.typing.NDArray[np.int64], form: DenseGame) -> Objects:
    return fractions_of(levels.reshape(form.shape).astype(object))


def _names(form: DenseGame, numbers: list[int]) -> tuple[str, ...]:
    """The profiles of a cycle; of several moves of one player, one after the other, only where they begin and end."""
    places = np.stack(np.unravel_index(numbers, form.shape), axis=1)
    movers = (places != np.roll(places, -1, axis=0)).argmax(axis=1)
    turns = places[movers != np.roll(movers, 1)]
    return tuple(form.profile_name([int(a) for a in one]) for one in turns)


@public()
def decomposition(game: "GameLike") -> Decomposition:
    """A game as the sum of its potential, its harmonic and its nonstrategic part, and how large each is.

    The potential part is the exact potential game nearest to the game. In the harmonic part the gains from all changes
    of one action sum to zero at every profile, so that somebody wants to move on unless nobody cares. The nonstrategic
    part depends on the others' actions alone. It is checked in fractions that the parts add up to the game, and are
    orthogonal in `⟨u, v⟩ = Σ_i h_i Σ_a u_i(a) v_i(a)` with h_i the number of actions of player i.

    Args:
        game: one with payoffs for all profiles, of any number of players.

    Raises:
        InputError: for a game that cannot be written out, or has more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> decomposition(games.battle_of_the_sexes())
        <Decomposition of battle_of_the_sexes: potential 0.5, harmonic 0, nonstrategic 0.5>
        >>> round(decomposition(games.rock_paper_scissors(win=2)).potential_share, 4)
        0.0357

    Source: Candogan, Menache, Ozdaglar, Parrilo (2011).
    """
    form = written_out(game, "decompose a game", most=MOST_EXACT)
    made = parts(form.fractions)
    names = ("potential", "harmonic", "nonstrategic")
    each = [form.replace(payoffs=own, name=f"{form.name}: {name}") for own, name in zip(made.games, names, strict=True)]
    potential, harmonic, rest = (inner(own, own) for own in made.games)
    return Decomposition(
        game=form.name,
        potential=made.potential,
        potential_part=each[0],
        harmonic_part=each[1],
        nonstrategic_part=each[2],
        squares=(potential, harmonic, rest),
        status=Status.COMPLETE,
        provenance=record("decomposition", {"game": form}, sources=[citations.FLOWS_OF_GAMES]),
    )
