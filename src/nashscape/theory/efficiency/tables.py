"""Prices of anarchy, and flows of selfish traffic, as columns and as tables."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.efficiency.results import PriceOfAnarchy, price_text
from nashscape.theory.efficiency.routing_results import SelfishRouting


def price_columns(found: PriceOfAnarchy) -> Columns:
    """A row for every equilibrium."""
    return {
        "equilibrium": np.array(found.names, dtype=str),
        "pure": np.array(found.pure, dtype=bool),
        found.sense: np.array([float(own) for own in found.values]),
        "price": np.array([float(own) for own in found.prices]),
    }


@one_by_one
def price_table(found: PriceOfAnarchy) -> Table:
    """Every equilibrium with its cost or welfare, and its price; the best profile, and the bound."""
    rows = [
        (name, "pure" if pure else "mixed", fraction_text(value), price_text(price))
        for name, pure, value, price in zip(found.names, found.pure, found.values, found.prices, strict=True)
    ]
    kind = {"sum": f"sum of {'costs' if found.sense == 'cost' else 'payoffs'}", "table": f"{found.sense} as given"}
    what = kind.get(found.kind, f"{found.kind} {'cost' if found.sense == 'cost' else 'payoff'}")
    more = ", …" if len(found.best) > 4 else ""
    lines = [
        f"Best is {fraction_text(found.optimum)}, at {', '.join(found.best[:4])}{more}.",
        f"Price of anarchy {price_text(found.anarchy)}, of stability {price_text(found.stability)}; over pure "
        f"equilibria {price_text(found.pure_anarchy)} and {price_text(found.pure_stability)}.",
    ]
    if found.bound is not None:
        most, proof = fraction_text(found.bound), found.smoothness
        by = "" if proof is None else ", by smoothness with λ = {}, μ = {}".format(*map(fraction_text, proof))
        lines.append(f"No {'profile' if proof is None else 'coarse correlated equilibrium'} has more than {most}{by}.")
    return Table(
        f"Prices in {found.game}: {what}",
        ("equilibrium", "kind", found.sense, "price"),
        shortened(rows),
        left=("equilibrium",),
        notes=(*lines, *([found.note] if found.note else []), *standing([found])),
    )


def routing_columns(found: SelfishRouting) -> Columns:
    """A row for every path."""
    return {
        "trip": np.array([found.trips[own] for own in found.path_trips]),
        "path": np.array(found.paths),
        "selfish": np.array(found.selfish, dtype=float),
        "best": np.array(found.best, dtype=float),
    }


@one_by_one
def routing_table(found: SelfishRouting) -> Table:
    """What goes on every path in equilibrium and at best, and what that costs."""
    rows = [
        (found.trips[t], path, fraction_text(selfish), fraction_text(best))
        for t, path, selfish, best in zip(found.path_trips, found.paths, found.selfish, found.best, strict=True)
    ]
    spent = f"All spend {fraction_text(found.selfish_cost)}, and at best {fraction_text(found.best_cost)}"
    price = (
        f"price of anarchy {price_text(found.anarchy)}, with costs of degree {found.degree} at most {found.limit:.6g}"
    )
    return Table(
        f"Selfish and best traffic in {found.game}",
        ("trip", "path", "selfish", "best"),
        shortened(rows),
        left=("trip", "path"),
        notes=(f"{spent}: {price}.", *standing([found])),
    )
