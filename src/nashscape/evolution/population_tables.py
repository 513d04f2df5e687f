"""What becomes of one large population, as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.evolution.basin_results import Evolution, EvolutionaryBasins
from nashscape.evolution.mean_dynamics import IMITATIVE
from nashscape.evolution.stability_results import EvolutionaryStability

HOW = {
    True: "Attraction is by eigenvalues; where these do not decide it was seen near the rest point, and not proved.",
    False: "Attraction was observed near each rest point, and not proved.",
}


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


def columns_of_basins(found: EvolutionaryBasins) -> Columns:
    """A row for every start."""
    parts = {"start": found.starts, "end": found.ends}
    return {
        **{f"{what}_{name}": own[:, k] for what, own in parts.items() for k, name in enumerate(found.types)},
        "goes_to": np.array([found.names[k] for k in found.labels], str),
    }


@one_by_one
def basins_table(found: EvolutionaryBasins) -> Table:
    """Every rest point with what it is, whether it attracts, and the share of starts that go there."""
    shares = found.shares
    rows = [(one.name, one.status, one.attraction, str(found.share(one.name))) for one in found.rest_points]
    more = [("open", "", "", str(shares["open"]))] if "open" in shares else []
    return Table(
        f"Where {found.dynamic} leads from {len(found.labels)} starts",
        ("rest point", "stability", "attraction", "share of starts"),
        shortened([*rows, *more]),
        left=("stability", "attraction", "share of starts"),
        notes=(*_further(found), *standing([found])),
    )


def _further(found: EvolutionaryBasins) -> list[str]:
    """What the rest points in the table are not."""
    many = (
        ["There may be rest points that are not isolated, too; starts that go there are open."]
        if found.continuum
        else []
    )
    sought = (
        ["Logit equilibria were looked for from many starts; there may be more."] if found.dynamic == "logit" else []
    )
    return [*many, *sought, HOW[found.dynamic in (*IMITATIVE, "logit")]]


def columns_of_evolution(found: Evolution) -> Columns:
    """A row for every time."""
    shares = {f"share_{name}": found.shares[:, k] for k, name in enumerate(found.types)}
    return {"time": found.times, **shares, "mean_fitness": found.mean_fitness}


@one_by_one
def evolution_table(found: Evolution) -> Table:
    """The shares of all types at the beginning, half-way and at the end."""
    at = (0, len(found.times) // 2, -1)
    rows = [(name, *(f"{found.shares[k, i]:.6g}" for k in at)) for i, name in enumerate(found.types)]
    shift = (
        "A constant added to all payoffs changes nothing."
        if found.shift_invariant
        else "A constant added to all payoffs changes this map, which is no step of a flow."
    )
    return Table(
        f"By {found.dynamic} over {found.times[-1]:.4g}: {found.ending}",
        ("type", "at the start", "half-way", "at the end"),
        shortened(rows),
        notes=(shift, *standing([found])),
    )
