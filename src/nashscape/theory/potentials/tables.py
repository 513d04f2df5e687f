"""Potentials and parts of games as columns and as tables."""

from itertools import product

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, facts, one_by_one, standing
from nashscape.games import DenseGame
from nashscape.theory.potentials.results import Decomposition, PotentialTest


def potential_columns(found: PotentialTest) -> Columns:
    """A row for every profile, with its potential, NaN where there is none."""
    values = np.full(found.form.shape, np.nan) if found.potential is None else found.potential.astype(float)
    return {"profile": profile_names(found.form), "potential": values.ravel()}


def profile_names(form: DenseGame) -> np.typing.NDArray[np.str_]:
    """Names of all profiles, the last player's action changing first."""
    return np.array([form.profile_name(one) for one in product(*map(range, form.shape))])


@one_by_one
def potential_table(found: PotentialTest) -> Table:
    """Kind, weights and maxima of the potential, and what speaks against more."""
    lines = {"potential": found.kind}
    if found.weights is not None:
        lines["weights"] = ", ".join(map(fraction_text, found.weights))
    if found.potential is not None:
        lines["largest at"] = ", ".join(found.maxima)
    if found.four_cycle is not None:
        names = [found.form.profile_name(one) for one in found.four_cycle.profiles]
        lines["no exact one, as round"] = (
            f"{' → '.join(names)} → {names[0]} movers gain {fraction_text(found.four_cycle.gain)}"
        )
    if found.cycle is not None:
        said = "no ordinal one, as nobody loses round" if found.generalised else "none at all, as all gain round"
        lines[said] = " → ".join([*found.cycle, found.cycle[0]])
    return facts(f"Which potential {found.game} has", lines, standing([found]))


def decomposition_columns(found: Decomposition) -> Columns:
    """A row for every profile: φ, and every player's payoff in each of the parts."""
    made: Columns = {
        "profile": profile_names(found.potential_part),
        "potential": found.potential.astype(float).ravel(),
    }
    parts = (found.potential_part, found.harmonic_part, found.nonstrategic_part)
    for name, part in zip(found.shares, parts, strict=True):
        for i, own in enumerate(part.payoffs):
            made[f"{name}_payoff_{i}"] = own.ravel()
    return made


@one_by_one
def decomposition_table(found: Decomposition) -> Table:
    """The shares of the parts."""
    share = found.potential_share
    of = "Players decide about nothing." if share is None else f"Of what players decide about {share:.4g} is potential."
    lines = {name: f"{own:.4g}" for name, own in found.shares.items()}
    return facts(f"Parts of {found.game}, by their squared norms", lines, (of, *standing([found])))
