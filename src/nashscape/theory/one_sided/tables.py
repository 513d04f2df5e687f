"""Values of games with one-sided information, as columns and as tables."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.one_sided.belief_results import BeliefTree
from nashscape.theory.one_sided.envelope_results import OneSidedValue
from nashscape.theory.one_sided.finite_results import FiniteOneSidedValue


def split_columns(found: OneSidedValue) -> Columns:
    """A row for every signal: its chance, what is believed after it, and the mixture of rows that is played."""
    made: Columns = {"signal": np.arange(1, len(found.weights) + 1), "chance": np.array(found.weights, dtype=float)}
    for name, each in (("belief", found.posteriors), ("row", found.mixtures)):
        made |= {f"{name}_{k + 1}": np.array(own, dtype=float) for k, own in enumerate(zip(*each, strict=True))}
    return made


@one_by_one
def split_table(found: OneSidedValue) -> Table:
    """Every signal with its chance, the belief after it, and the mixture of rows."""
    rows = [
        (f"{k + 1}", fraction_text(weight), _listed(belief), _listed(mixture))
        for k, (weight, belief, mixture) in enumerate(zip(found.weights, found.posteriors, found.mixtures, strict=True))
    ]
    return Table(
        f"The value of a repeated game with one-sided information: {float(found.low):.6g} to {float(found.high):.6g}",
        ("signal", "chance", "belief after it", "rows played"),
        shortened(rows),
        left=("belief after it", "rows played"),
        notes=(
            f"Where nothing is revealed: {fraction_text(found.concealed)}.",
            f"The other can hold the payoff of each state to {_listed(found.slopes)}.",
            *standing([found]),
        ),
    )


def _listed(numbers: Strategy) -> str:
    return ", ".join(map(fraction_text, numbers))


def rounds_columns(found: FiniteOneSidedValue) -> Columns:
    """A row for every history of the informed player's actions: its rounds, its probability, and the belief."""
    made: Columns = {"round": found.steps, "reach": found.reach}
    return made | {f"belief_{k + 1}": found.beliefs[:, k] for k in range(found.beliefs.shape[1])}


@one_by_one
def rounds_table(found: FiniteOneSidedValue) -> Table:
    """After every round how many beliefs there may be, and which share of the variance of the state is revealed."""
    rows = [
        (f"{n}", f"{len(np.unique(found.beliefs[found.steps == n].round(6), axis=0))}", f"{100 * share:.4g} %")
        for n, share in enumerate(found.revealed)
    ]
    return Table(
        f"The value of {found.rounds} rounds with one-sided information: {found.value:.6g}",
        ("rounds played", "beliefs", "variance revealed"),
        shortened(rows),
        notes=(
            f"Without end it is worth {found.excess:.4g} less at most.",
            f"Bounds by the strategies of both: {found.low:.9g} to {found.high:.9g}.",
            *standing([found]),
        ),
    )


def nodes_columns(found: BeliefTree) -> Columns:
    """A row for every node: its step, what was before it, its probability, beliefs, positions and controls."""
    made: Columns = {"node": np.arange(len(found.step)), "step": found.step, "parent": found.parent,
                     "reach": found.reach}  # fmt: skip
    parts = {"belief": found.beliefs, "position": found.positions, "first": found.first, "second": found.second}
    return made | {f"{name}_{k + 1}": own[:, k] for name, own in parts.items() for k in range(own.shape[1])}


@one_by_one
def nodes_table(found: BeliefTree) -> Table:
    """Of every step when it begins, how many nodes there are, and which share of the variance is revealed."""
    length = found.horizon / found.steps
    rows = [
        (f"{n * length:.4g}", f"{int((found.step == n).sum())}", f"{100 * share:.4g} %")
        for n, share in enumerate(found.revealed)
    ]
    return Table(
        f"What the informed player reveals in {found.game}",
        ("step from", "nodes", "variance revealed"),
        shortened(rows),
        notes=(
            f"It pays {found.high:.9g} with this tree, {found.low:.9g} at least with any, {found.concealed:.9g} if it "
            "reveals nothing.",
            *standing([found]),
        ),
    )
