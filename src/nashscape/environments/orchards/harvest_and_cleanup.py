"""Harvest and Cleanup, the grid worlds of sequential social dilemmas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.orchards.orchard_ground import Ground
from nashscape.environments.orchards.orchard_growth import ByNeighbours, ByRiver, Growth
from nashscape.environments.orchards.orchard_maps import CLEANUP, HARVEST, read_map
from nashscape.environments.orchards.orchard_world import Orchard


@public()
def harvest(
    players: int = 5, *, layout: Sequence[str] | None = None, regrowth: npt.ArrayLike = (0.0, 0.005, 0.02, 0.05),
    radius: float = 2.0, view: int = 15, length: int = 5, width: int = 3, cost: float = 1.0, fine: float = 50.0,
    time_out: int = 0, limit: int = 1000, discount: float = 0.99,
) -> Orchard:  # fmt: skip
    """Harvest: apples grow back where apples are left, and not at all where all were taken.

    In a round players step (as seen from where they look), turn, stay or fire, all at once. Who then stands on an apple
    takes it and gets 1. Then all beams go off: of three lines, five fields long, each ends at a wall and at the first
    player on it. Firing costs 1, being hit 50 for every beam. Then apples grow, where there is none and nobody stands:
    with chances 0, .005, .02 and .05 by 0, 1, 2 and 3 or more apples within two fields in a straight line. Nothing ends
    the game: episodes are cut off (truncated) after `limit` rounds.

    Each player sees a window of zeros and ones around itself, turned so that it looks up: `[planes, view, view]`, of
    walls, apples and players, itself in the middle. `measures` tell of each player the apples it has `taken`, whether
    it `fired`, by how many beams it was `hit`, and how many `apples` there are then.

    Where publications leave it open, or differ, it is so here:

    * Of those who want one field one may have it, evenly drawn. Nobody goes where somebody stays, no two change places,
      and who follows somebody who leaves goes along.
    * Lines beside the middle one begin next to the player, as in the published code, and fields are in its order.
    * The published code counts the eight fields around as near, because it compares a squared distance with the
      radius; `radius=1.5` is that.
    * Who is hit stays, as in the published code. With `time_out` it is out for so many rounds, as in the papers' other
      games, may only "stay", sees nothing, and comes back where players start.
    * Beams are not seen, nor where others look.

    Args:
        players: how many, n.
        layout: rows of a map of one's own: "@" wall, " " free, "P" where players start (on any field where there is
            none), "A" and "B" where apples grow, with and without one at the start. By default the map of 16 × 38.
        regrowth: chances of an apple with 0, 1, 2, … apples near, the last for more.
        radius: within which apples are near, in fields.
        view: rows and columns of the window, an odd number.
        length: of a beam, in fields.
        width: of a beam, in lines, an odd number.
        cost: of firing, in apples.
        fine: what every beam that hits a player costs it, in apples.
        time_out: rounds for which who was hit is out.
        limit: rounds after which an episode is cut off.
        discount: γ, below 1.

    Raises:
        InputError: for numbers that are none, and what is no map.

    Example:
        >>> harvest().observation_spaces[0].shape
        (3, 15, 15)
        >>> harvest(1, layout=["AAB"], regrowth=[0.0, 0.1], view=5).exact()
        <MarkovGame harvest: 1 players, 8 actions, 96 states, for ever, discount 0.99>

    Source: J. Perolat et al., A multi-agent reinforcement learning model of common-pool resource appropriation, NeurIPS
    2017; E. Hughes et al., Inequity aversion improves cooperation in intertemporal social dilemmas, NeurIPS 2018. Map,
    beams and fines as in eugenevinitsky/sequential_social_dilemma_games.
    """
    rates = finite_array(regrowth, "regrowth")
    if rates.ndim != 1 or not len(rates) or rates.min() < 0 or rates.max() > 1:
        raise InputError(f"regrowth is a list of chances by the number of apples near, from 0 to 1; got {regrowth!r}")
    ground = _ground(players, HARVEST if layout is None else layout, view, length, width,
                     finite_number(radius, "radius", low=0.0), river=False)  # fmt: skip
    return _orchard("harvest", ByNeighbours(rates), ground, cost, fine, time_out, limit, discount)


@public()
def cleanup(
    players: int = 5, *, layout: Sequence[str] | None = None, growth: float = 0.05, spread: float = 0.5,
    depletion: float = 0.4, restoration: float = 0.0, view: int = 15, length: int = 5, width: int = 3,
    cost: float = 1.0, fine: float = 50.0, time_out: int = 0, limit: int = 1000, discount: float = 0.99,
) -> Orchard:  # fmt: skip
    """Cleanup: apples grow only while somebody cleans a river, in which nobody finds anything.

    All is as in `harvest`, but for what grows and one more beam. The chance of an apple on every free field is
    `growth · (depletion − x) / (depletion − restoration)` for a share x of dirty fields of the river, at most `growth`,
    and 0 from `depletion` on. With the chance `spread` one more field of the river gets dirty in a round, evenly drawn
    among the clean ones, never more than one, and none from `depletion` on. The beam that cleans costs nothing: a line
    of it ends at a wall, at the first player and at the first waste, which it cleans away.

    Windows show the river and its waste on two more planes. `measures` tell how many fields each player has `cleaned`
    and how many fields are dirty, `waste`, besides those of `harvest`.

    Where publications leave it open, or differ, it is so here:

    * Growth follows the river as it is after cleaning. Waste also appears under players, who may walk in the river.
    * One clean field is tried in a round: so says PR #90 of the published code, as its authors were told the rule. The
      code itself tries one after the other until one gets dirty.
    * All beams go off at once: waste that two reach is cleaned once, and counts for one of them, evenly drawn.

    Args:
        players: how many, n.
        layout: as in `harvest`, with "R" and "H" for the river, clean and dirty at the start, and "S" for fields of it
            that never get dirty and do not count. By default the map of 25 × 18.
        growth: the chance of an apple on each free field by a clean river.
        spread: the chance that one more field gets dirty.
        depletion: the share of dirty fields from which on nothing grows.
        restoration: the share up to which apples grow as by a clean river.
        view: as in `harvest`.
        length: of both beams.
        width: of both beams.
        cost: of firing, in apples.
        fine: what every beam that hits a player costs it, in apples.
        time_out: rounds for which who was hit is out.
        limit: rounds after which an episode is cut off.
        discount: γ, below 1.

    Raises:
        InputError: for numbers that are none, thresholds the wrong way round, and what is no map.

    Example:
        >>> env = cleanup()
        >>> env.action_spaces[0].names[-2:], env.observation_spaces[0].shape
        (('fire', 'clean'), (5, 15, 15))
        >>> int(env.ground.first_waste.sum()), len(env.ground.river)      # at first too much is dirty for any apple
        (70, 119)

    Source: E. Hughes et al., Inequity aversion improves cooperation in intertemporal social dilemmas, NeurIPS 2018.
    Map, beams and fines as in eugenevinitsky/sequential_social_dilemma_games; spreading as in its PR #90.
    """
    numbers = {"growth": growth, "spread": spread, "depletion": depletion, "restoration": restoration}
    own = {name: np.float64(finite_number(value, name, low=0.0, high=1.0)) for name, value in numbers.items()}
    if own["restoration"] >= own["depletion"]:
        raise InputError(f"restoration must be below depletion: apples grow less and less in between; got restoration "
                         f"{own['restoration']:g}, depletion {own['depletion']:g}")  # fmt: skip
    ground = _ground(players, CLEANUP if layout is None else layout, view, length, width, 0.0, river=True)
    return _orchard("cleanup", ByRiver(**own), ground, cost, fine, time_out, limit, discount)


def _ground(players: Any, layout: Any, view: Any, length: Any, width: Any, radius: float, *, river: bool) -> Ground:
    odd = {"view": positive_integer(view, "view"), "width": positive_integer(width, "width")}
    for name, value in odd.items():
        if value % 2 == 0:
            raise InputError(f"{name} must be an odd number, as much on either side of a player; got {value}")
    n = positive_integer(players, "players")
    rows = read_map(layout, n, river=river)
    return Ground(rows, n, odd["view"], positive_integer(length, "length"), odd["width"], radius)


def _orchard(
    name: str, growth: Growth, ground: Ground, cost: Any, fine: Any, time_out: Any, limit: Any, discount: Any
) -> Orchard:
    gamma = finite_number(discount, "discount", low=0.0, high=1.0)
    if gamma == 1.0:
        raise InputError(f"discount must be below 1: {name} has no end")
    return Orchard(
        growth, np.float64(finite_number(cost, "cost", low=0.0)), np.float64(finite_number(fine, "fine", low=0.0)),
        np.float64(gamma), ground, positive_integer(limit, "limit"),
        positive_integer(time_out, "time_out", at_least=0), name,
    )  # fmt: skip
