"""Takeovers and mutation laws as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.evolution.mutation_laws import MutationLaw
from nashscape.evolution.takeovers import Takeovers


def columns_of_takeovers(found: Takeovers) -> Columns:
    """A row for every ordered pair of types."""
    pairs = [(i, j) for i in range(len(found.types)) for j in range(len(found.types)) if i != j]
    return {
        "mutant": np.array([found.types[j] for _, j in pairs]),
        "resident": np.array([found.types[i] for i, _ in pairs]),
        "probability": np.array([found.probabilities[pair] for pair in pairs]),
        "times_neutral": np.array([found.probabilities[pair] / found.neutral for pair in pairs]),
    }


@one_by_one
def takeovers_table(found: Takeovers) -> Table:
    """For every type as mutant and every other as resident how likely it takes over, and against the neutral one."""
    rows = [
        (found.types[j], found.types[i], f"{found.probabilities[i, j]:.6g}",
         f"{found.probabilities[i, j] / found.neutral:.4g}")
        for j in range(len(found.types)) for i in range(len(found.types)) if i != j
    ]  # fmt: skip
    rare = (
        "Which type is left where mutants are rare depends on the start: some takeover cannot happen."
        if found.rare is None
        else f"With rare mutants the population is of {_listed(found.types, found.rare)} of the time."
    )
    return Table(
        f"Takeovers by {found.start} of {found.size} members ({found.process})",
        ("mutant", "resident", "probability", "times neutral"),
        shortened(rows),
        left=("resident",),
        notes=(rare, *standing([found])),
    )


def _listed(types: tuple[str, ...], masses: np.ndarray) -> str:
    return ", ".join(f"{name} {mass:.2%}" for name, mass in zip(types, masses, strict=True))


def columns_of_mutation_law(found: MutationLaw) -> Columns:
    """A row for every composition."""
    counts = {f"count_{name}": found.states[:, k] for k, name in enumerate(found.types)}
    return {**counts, "mass": found.masses}


@one_by_one
def mutation_law_table(found: MutationLaw) -> Table:
    """Every type with its mean share, and how long it is alone, or not there."""
    alone, gone = found.states == found.size, found.states == 0
    rows = [
        (
            name,
            f"{found.shares[k]:.6g}",
            f"{found.masses[alone[:, k]].sum():.6g}",
            f"{found.masses[gone[:, k]].sum():.6g}",
        )
        for k, name in enumerate(found.types)
    ]
    return Table(
        f"{found.size} members with mutation {found.mutation:g} ({found.process})",
        ("type", "mean share", "alone", "not there"),
        shortened(rows),
        notes=tuple(standing([found])),
    )
