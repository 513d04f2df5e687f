"""Matches of duels, and what there is to exploit, as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.environments.duels.match_results import DuelExploitability, DuelMatch


def columns_of_match(found: DuelMatch) -> Columns:
    """A row for every frame."""
    pairs = {"does": found.doings, "phase": found.phases, "event": found.events}
    return {
        "frame": np.arange(1, len(found.doings) + 1),
        "distance": found.distances[:-1],
        **{f"{what}_{name}": np.array([own[k] for own in each], str)
           for what, each in pairs.items() for k, name in enumerate(found.fighters)},
        **{f"health_{name}": found.health[:-1, k] for k, name in enumerate(found.fighters)},
    }  # fmt: skip


@one_by_one
def match_table(found: DuelMatch) -> Table:
    """Every frame: how far apart, what both do, what happens, and the health that is left."""
    rows = []
    for k, (does, events) in enumerate(zip(found.doings, found.events, strict=True)):
        told = [f"{name} {event}" for name, event in zip(found.fighters, events, strict=True) if event]
        left = f"{found.health[k + 1, 0]}:{found.health[k + 1, 1]}"
        rows.append((str(k + 1), str(found.distances[k]), *does, ", ".join(told), left))
    return Table(
        f"{found.fighters[0]} against {found.fighters[1]}, {len(found.doings)} frames: {found.ending}",
        ("frame", "distance", *found.fighters, "what happens", "health left"),
        shortened(rows),
        left=(*found.fighters, "what happens"),
        notes=standing([found]),
    )


def columns_of_exploitability(found: DuelExploitability) -> Columns:
    """A row for every policy."""
    against = {f"against_{name}": found.payoffs[:, k] for k, name in enumerate(found.names)}
    return {"policy": np.array(found.names, str), "exploitability": found.exploitability, **against}


@one_by_one
def exploitability_table(found: DuelExploitability) -> Table:
    """Every policy, the least exploitable first, with whom of the others it does worst against."""
    rows = []
    for k in found.order:
        worst = int(found.payoffs[k].argmin())
        told = f"{found.payoffs[k, worst]:.3f} against {found.names[worst]}"
        rows.append((found.names[k], f"{found.exploitability[k]:.3f}", told))
    return Table(
        f"What best responses get of {len(found.names)} policies",
        ("policy", "exploitability", "worst of these"),
        shortened(rows),
        left=("worst of these",),
        notes=standing([found]),
    )
