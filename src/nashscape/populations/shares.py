"""Parts of a role's opponents that are weighed by themselves, and are met only where one of them wins too often."""

from collections.abc import Callable
from typing import NamedTuple

from nashscape.populations.plans import Role, Share


class Part(NamedTuple):
    """A part of the opponents of a role.

    Attributes:
        part: how often they are met.
        meets: their roles.
        mixture: the meta-solver that weighs them, by name.
    """

    part: float
    meets: tuple[str, ...]
    mixture: str


def parts_of(role: Role, least: Callable[[Share], float]) -> tuple[list[Part], float]:
    """Whom a role meets, and how often itself.

    Of each share with its alternatives it meets the first against which its newest strategy does too badly, and itself
    where there is none; and all others the rest of the time.

    Args:
        role: who learns.
        least: the least that its newest strategy gets against those of a share, as a part of the range of payoffs;
            infinite where there is nobody.

    >>> role = Role("main", ("main",), ("main",), oneself=0.35, also=(Share(0.15, ("foe",), "pfsp", 0.3),))
    >>> parts_of(role, lambda share: 0.2)[1], round(parts_of(role, lambda share: 0.4)[1], 9)
    (0.35, 0.5)
    """
    found, oneself = [], role.oneself
    for share in role.also:
        met: Share | None = share
        while met is not None and least(met) >= met.below:
            met = met.otherwise
        if met is None:
            oneself += share.part
        else:
            found.append(Part(share.part, met.meets, met.mixture))
    rest = 1.0 - oneself - sum(one.part for one in found)
    return [Part(rest, role.meets, role.mixture), *found], oneself
