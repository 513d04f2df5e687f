"""All equilibria of two players, exactly, or some of them where time runs out."""

from nashscape.core import citations
from nashscape.core.exact_numbers import Objects
from nashscape.theory.nash.budgets import Budget, Stopped
from nashscape.theory.nash.extreme_equilibria import Extremes, extreme_equilibria
from nashscape.theory.nash.found import Candidate, Found
from nashscape.theory.nash.indices import index_of
from nashscape.theory.nash.lemke_howson import lemke_howson
from nashscape.theory.nash.response_vertices import Strategy

SMALL = 22
"""Actions of both players together up to which no time is taken for single equilibria first."""

EARLY = 0.3
"""Share of the time that single equilibria of larger games may take."""


def two_players(payoffs: Objects, budget: Budget, most: int | None) -> Found:
    """The extreme equilibria with their maximal Nash subsets and components.

    Args:
        payoffs: as fractions, `[2, m, k]`.
        budget: when to stop; larger games get some equilibria by Lemke and Howson's paths first.
        most: how many are wanted; None for all.
    """
    early: dict[tuple[Strategy, Strategy], None] = {}
    if sum(payoffs.shape[1:]) > SMALL or most is not None:
        early = _on_paths(payoffs, budget, most)
    if most is not None and len(early) >= most:
        note = f"The first {most} that were found: there can be more."
        return Found(
            "exact", tuple(map(Candidate.exactly, early)), False, note=note, sources=(citations.LEMKE_HOWSON,), cut=True
        )
    made = extreme_equilibria(payoffs, budget)
    if not made.complete:
        profiles = tuple(dict.fromkeys([*early, *made.profiles]))
        note = "The search was cut short: there can be more equilibria; raise seconds."
        candidates = tuple(map(Candidate.exactly, profiles))
        known = (citations.EXTREME_EQUILIBRIA,)
        return Found("exact", candidates, False, made.degenerate, note=note, sources=known, cut=True)
    return _all(payoffs, made)


def _on_paths(payoffs: Objects, budget: Budget, most: int | None) -> dict[tuple[Strategy, Strategy], None]:
    found: dict[tuple[Strategy, Strategy], None] = {}
    part = budget.part(EARLY)
    try:
        for profile in lemke_howson(payoffs, part):
            found[profile] = None
            if most is not None and len(found) >= most:
                break
    except Stopped:
        pass
    return found


def _all(payoffs: Objects, made: Extremes) -> Found:
    infinite = sum(len(group) > 1 for group in made.components)
    note = ""
    if made.degenerate and not infinite:
        note = "Degenerate: some strategy has more best responses than actions it plays; all equilibria are isolated."
    elif made.degenerate:
        note = (
            f"Degenerate: infinitely many equilibria in {infinite} connected set{'s' if infinite > 1 else ''}, of "
            "which these are the extreme points; break ties by a small change of payoffs to see which survive."
        )
    if not made.all_subsets:
        note += f" Only the first {len(made.subsets):,} maximal Nash subsets are written out."
    # with ties an index needs more than the sign of a determinant
    indices = [None if made.degenerate else index_of(payoffs, profile) for profile in made.profiles]
    candidates = [Candidate.exactly(profile, index) for profile, index in zip(made.profiles, indices, strict=True)]
    return Found(
        "exact",
        tuple(candidates),
        True,
        made.degenerate,
        made.components,
        made.subsets,
        note=note,
        sources=(citations.EXTREME_EQUILIBRIA,),
    )
