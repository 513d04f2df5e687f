"""Battles, and who beats whom, as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games.families.battle_results import TeamBattle, TeamMeetings

SIDES = (1, 2)


def columns_of_battle(found: TeamBattle) -> Columns:
    """A row for every turn."""
    return {
        "turn": np.arange(1, len(found.choices) + 1),
        **{f"{what}_{side}": np.array([own[side - 1] for own in each], str)
           for what, each in (("in_play", found.active), ("choice", found.choices)) for side in SIDES},
        **{f"chance_{side}": found.chances[:, side - 1] for side in SIDES},
        **{f"points_{side}_{name}": found.points[:-1, side - 1, k]
           for side in SIDES for k, name in enumerate(found.members[side - 1])},
        "value": found.values[:-1],
    }  # fmt: skip


@one_by_one
def battle_table(found: TeamBattle) -> Table:
    """Every turn: what it is worth before it, who is in play, what both choose, and the points left after it."""
    rows = []
    for k, (active, choices) in enumerate(zip(found.active, found.choices, strict=True)):
        told = [f"{who}: {choice} ({100 * chance:.0f} %)"
                for who, choice, chance in zip(active, choices, found.chances[k].tolist(), strict=True)]  # fmt: skip
        left = [" ".join(map(str, own)) for own in found.points[k + 1].tolist()]
        rows.append((str(k + 1), f"{found.values[k]:.3f}", *told, " | ".join(left)))
    return Table(
        f"{found.teams[0]} against {found.teams[1]}: {found.ending}",
        ("turn", "value", found.teams[0], found.teams[1], "points left"),
        shortened(rows),
        left=(*found.teams, "points left"),
        notes=standing([found]),
    )


def columns_of_meetings(found: TeamMeetings) -> Columns:
    """A row for every team."""
    against = {f"against_{name}": found.values[:, k] for k, name in enumerate(found.names)}
    return {"team": np.array(found.names, str), "brought": found.chances, **against}


@one_by_one
def meetings_table(found: TeamMeetings) -> Table:
    """Every team: how often it is brought, what it gets on average, and against whom it is worst off."""
    rows = []
    for k in found.order:
        worst = int(found.values[k].argmin())
        told = f"{found.values[k, worst]:.3f} against {found.names[worst]}"
        rows.append((found.names[k], f"{found.chances[k]:.3f}", f"{found.values[k].mean():.3f}", told))
    return Table(
        f"Who beats whom of {len(found.names)} teams",
        ("team", "brought", "mean value", "worst of these"),
        shortened(rows),
        left=("worst of these",),
        notes=standing([found]),
    )
