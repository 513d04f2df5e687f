"""Conventions as a table with a row for each, and as columns with a row for every run."""

from typing import Any

import numpy as np

from nashscape.core import Estimate
from nashscape.core.tables import Table, interval, one_by_one, standing
from nashscape.selection.comparing.cross_play import Conventions

MOST_NAMES = 12
"""Runs of a convention that are named."""


@one_by_one
def conventions_table(found: Conventions) -> Table:
    """How many runs play each convention, what they get with themselves, with each other and with others."""
    rows = [
        (str(k + 1), _listed(found.members(k)), interval(share), *_means(found, k))
        for k, share in enumerate(found.shares)
    ]
    kept = f"{100 * found.threshold:g} %"
    return Table(
        f"{found.count} conventions among {len(found.names)} runs",
        ("convention", "members", "share", "own play", "within", "with others"),
        rows,
        left=("members",),
        wrap=("members",),
        notes=(
            f"Two runs agree if both orders keep {kept} of what they get with themselves above {found.floor:g}; "
            f"{found.shares[0].method}, {100 * found.level:g} %.",
            f"Own play {_told(found.own_play)}; cross-play {_told(found.cross_play)}; gap {_told(found.gap)}.",
            *standing([found]),
        ),
    )


def columns_of_conventions(found: Conventions) -> dict[str, Any]:
    """One row per run: its convention, counted from 1, and what it gets with itself and with others."""
    runs = len(found.names)
    own = np.diag(found.payoffs)
    both = found.payoffs.sum(axis=0) + found.payoffs.sum(axis=1) - 2 * own
    return {
        "run": np.array(found.names),
        "convention": found.groups + 1,
        "with_itself": own,
        "with_others": both / (2 * (runs - 1)) if runs > 1 else np.full(runs, np.nan),
    }


def _means(found: Conventions, convention: int) -> tuple[str, str, str]:
    """Mean payoffs of the members of a convention: with themselves, with other members, with other runs."""
    inside = found.groups == convention
    own, rows = np.diag(found.payoffs)[inside], found.payoffs[inside]
    pairs = found.payoffs[np.ix_(inside, inside)]
    within = pairs[~np.eye(len(pairs), dtype=bool)]
    across = np.concatenate([rows[:, ~inside].ravel(), found.payoffs[~inside][:, inside].ravel()])
    told = [f"{part.mean():.4f}" if part.size else "–" for part in (own, within, across)]
    return told[0], told[1], told[2]


def _listed(names: tuple[str, ...]) -> str:
    more = f", … ({len(names)})" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _told(one: Estimate | None) -> str:
    return "none" if one is None else f"{one.value:.4f} [{one.low:.4f}, {one.high:.4f}]"
