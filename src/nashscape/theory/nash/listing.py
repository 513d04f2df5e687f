"""From what a search finds to a list: described, checked, in order, with what hangs together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.games import DenseGame
from nashscape.theory.nash.descriptions import described, rank
from nashscape.theory.nash.found import Candidate, Found, Region
from nashscape.theory.nash.pure_faces import Profile
from nashscape.theory.nash.results import Equilibrium

MOST_PAYOFFS = 200_000
"""Payoffs of the largest games that are looked at exactly; larger ones get their pure equilibria alone."""

Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Listed:
    """Equilibria in order, groups of their numbers, and what was lost, in words."""

    equilibria: list[Equilibrium]
    components: Groups
    subsets: Groups
    regions: tuple[Region, ...]
    lost: str


def in_order(
    game: DenseGame, found: Found, pure: Sequence[Profile], tolerance: float, most: int | None = None
) -> Listed:
    """The list of what was found: exact ones, proved ones, and of others those whose regret is small.

    Args:
        game: the game.
        found: by a method.
        pure: all pure equilibria, found by looking at every profile: a list that is complete must hold them, and any
            other gets them.
        tolerance: the largest regret of what is neither exact nor proved, as a share of a player's range of payoffs.
        most: how many are listed; None for all.
    """
    exact = {one.exact for one in found.candidates}
    missing = [one for one in pure if one not in exact]
    lost = ""
    if missing and found.complete:
        lost = "Pure equilibria were missing from the list: an error of the library; please report the game."
    candidates = [*found.candidates, *map(Candidate.exactly, missing)]
    payoffs: Objects = game.fractions if game.payoffs.size <= MOST_PAYOFFS else game.payoffs.astype(object)
    made = [described(game, payoffs, one) for one in candidates]
    units = np.array([float(np.ptp(own)) or 1.0 for own in game.payoffs])
    sound = [
        one.proved or bool((own.regret <= tolerance * units).all()) for one, own in zip(candidates, made, strict=True)
    ]
    if not all(sound) and not found.regions:
        lost = f"{sound.count(False)} candidates have too much regret to be listed: raise the tolerance."
    order = sorted((k for k, kept in enumerate(sound) if kept), key=lambda k: rank(made[k]))
    if most is not None and len(order) > most:
        order, lost = order[:most], lost or f"Only {most} of {len(order)} that were found are listed."
    place = {k: position for position, k in enumerate(order)}
    components = _groups(found.components or (), place)
    together = {k: len(group) for group in components for k in group}
    filled = {k for own in found.subsets if len(own) > 1 for k in own}
    listed = []
    for position, k in enumerate(order):
        single = together[position] == 1 and not found.cut and k not in found.unsure
        alone = _isolated(candidates[k], made[k], single and found.components is not None, k in filled)
        # beside a tie the sign of a determinant is no index
        index = 1 if made[k].strict else candidates[k].index or None
        index = None if made[k].margin <= 0 else index
        listed.append(replace(made[k], isolated=alone, index=index))
    whole = [own for own in found.subsets if all(k in place for k in own)]
    subsets = tuple(sorted(tuple(sorted(place[k] for k in own)) for own in whole))
    regions = tuple(
        replace(one, equilibrium=place.get(-1 if one.equilibrium is None else one.equilibrium)) for one in found.regions
    )
    return Listed(listed, components, subsets, regions, lost)


def _groups(groups: Groups, place: dict[int, int]) -> Groups:
    """Groups by their places in the list; what is in none stands alone."""
    grouped = {k for group in groups for k in group}
    all_groups = [*groups, *((k,) for k in place if k not in grouped)]
    made = (tuple(sorted(place[k] for k in group if k in place)) for group in all_groups)
    return tuple(sorted(group for group in made if group))


def _isolated(candidate: Candidate, one: Equilibrium, single: bool, filled: bool) -> bool | None:
    """Whether an equilibrium is isolated: a regular one without ties beside it is, whatever else there is."""
    regular = candidate.proved and bool(candidate.index) and not candidate.tie and one.margin > 0
    if one.strict or regular or (single and candidate.proved):
        return True
    return False if filled else None
