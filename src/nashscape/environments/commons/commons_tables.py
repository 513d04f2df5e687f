"""Runs of common pools as tables and columns."""

import numpy as np

from nashscape.core import Estimate
from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.environments.commons.commons_runs import CommonsRun


def columns_of_run(found: CommonsRun) -> Columns:
    """A row for every round of every episode that was played."""
    episode, round_ = np.nonzero(np.arange(found.rounds) < found.survived[:, None])
    each = {"demanded": found.demanded, "taken": found.taken}
    return {
        "episode": episode,
        "round": round_ + 1,
        "stock": found.stocks[episode, round_],
        "stock_after": found.stocks[episode, round_ + 1],
        **{f"{what}_{i + 1}": own[episode, round_, i] for what, own in each.items() for i in range(len(found.players))},
    }


@one_by_one
def run_table(found: CommonsRun) -> Table:
    """What every player took, and how restrained it was; under it how long the pool lasted."""
    paid, restraint = found.payoff, found.restraint
    rows = [(name, _told(paid[name]), _told(restraint[name])) for name in found.players]
    notes = [
        f"Rounds until the end, of {found.rounds}: {_told(found.survival)}.",
        f"Episodes without a collapse: {_told(found.sustained)}.",
        f"Taken by all: {_told(found.total)}. Gini: {_told(found.gini)}.",
    ]
    if len(found.players) > 1:
        notes.append(f"Entropy of demands: {_told(found.entropy)}; alike: {_told(found.similarity)}.")
    return Table(
        f"{found.pool}: {len(found.survived)} episodes of {len(found.players)} players",
        ("player", "taken in an episode", "restraint"),
        shortened(rows),
        notes=[*notes, *standing([found])],
    )


def _told(own: Estimate) -> str:
    return f"{own.value:.4g} [{own.low:.4g}, {own.high:.4g}]"
