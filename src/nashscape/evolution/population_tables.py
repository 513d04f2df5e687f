"""What becomes of one large population, as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.evolution.stability_results import EvolutionaryStability


def columns_of_stability(found: EvolutionaryStability) -> Columns:
    """A row for every strategy."""
    residents = found.residents
    shares = np.array([one.strategy for one in residents], float).reshape(-1, len(found.types))
    return {
        "strategy": np.array([found.named(one.strategy) for one in residents], str),
        **{f"share_{name}": shares[:, k] for k, name in enumerate(found.types)},
        "stability": np.array([one.status for one in residents], str),
        "payoff": np.array([one.payoff for one in residents], float),
        "mutant": np.array(["" if one.mutant is None else found.named(one.mutant) for one in residents], str),
        "alone": np.array([one.alone for one in residents], bool),
    }


@one_by_one
def stability_table(found: EvolutionaryStability) -> Table:
    """Every strategy with what it gets, its stability, and the mutant that does better, or as well."""
    rows = [
        (
            found.named(one.strategy) + ("" if one.alone else " (one of many)"),
            one.status,
            fraction_text(one.payoff),
            "" if one.mutant is None else found.named(one.mutant),
        )
        for one in found.residents
    ]
    many = [
        f"{found.named(one.strategy)} lies between {' and '.join(f'({found.named(own)})' for own in one.extremes)}; "
        f"stability inside: {one.status}."
        for one in found.residents if not one.alone
    ]  # fmt: skip
    return Table(
        f"Residents of a population of {len(found.types)} types, and mutants",
        ("resident", "stability", "payoff", "mutant"),
        shortened(rows),
        left=("stability", "mutant"),
        notes=(*many, *standing([found])),
    )
