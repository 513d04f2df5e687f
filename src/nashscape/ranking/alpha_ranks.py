"""α-rank: how much of the time evolution spends at each profile, where mutants are rare."""

from dataclasses import dataclass
from itertools import product
from math import inf, isinf
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, choice, finite_array, finite_number, record
from nashscape.core.calls import public
from nashscape.core.checks import moderate, positive_integer
from nashscape.evolution.rare_mutants import of_one_population, of_populations
from nashscape.evolution.stationary_laws import Terms, limit_of_stationary, log_stationary
from nashscape.ranking.pairs import components
from nashscape.ranking.ranking_results import competition_ranks

Floats = npt.NDArray[np.float64]

ALPHA_RANK = Source(
    "alpha_rank", "Omidshafiei, Papadimitriou, Piliouras, Tuyls, Rowland, Lespiau, Czarnecki, Lanctot, Perolat, Munos: "
    "α-Rank: Multi-Agent Evaluation by Evolution. Scientific Reports 9, 9937, 2019.",
    "https://doi.org/10.1038/s41598-019-45619-9",
)  # fmt: skip

MOST_PROFILES = 500
"""Profiles whose chain is solved: its time grows with the third power."""
MOST_NUMBERS = 1 << 26
"""Contests times the size of a population."""


@dataclass(frozen=True, eq=False)
class AlphaRank(Result):
    """The profiles of a game by how much of the time rare mutants leave populations there.

    Attributes:
        profiles: names, in the order of the payoffs.
        masses: of each the share of time.
        fixation: how likely one mutant of the column takes over from the residents of the row, `[profiles, profiles]`;
            0 where more than one population would change.
        costs: of that, as the intensity α grows: it is about `exp(−α costs)`; 0 where the mutant is no worse.
        sinks: the groups of profiles that nothing leaves where mutants must be no worse; payoffs with many digits count
            as equal where rounding may have made the difference.
        intensity: α.
        population: m.
        selection: whom players meet: "whole", everybody of their population; "resident", the other kind alone;
            "others", of several populations, the residents of the others.
        status: complete.
        provenance: question and versions.
    """

    question_kind: ClassVar[str] = "alpha-rank"
    picture: ClassVar[str] = "nashscape.figures.rankings:alpha_rank_figure"
    as_table: ClassVar[str] = "nashscape.ranking.ranking_tables:alpha_rank_table"
    as_columns: ClassVar[str] = "nashscape.ranking.ranking_tables:columns_of_alpha_rank"

    profiles: tuple[str, ...]
    masses: Floats
    fixation: Floats
    costs: Floats
    sinks: tuple[tuple[str, ...], ...]
    intensity: float
    population: int
    selection: str
    status: Status
    provenance: Provenance

    @property
    def order(self) -> npt.NDArray[np.int64]:
        """The numbers of the profiles, those with most mass first; equal ones in the order of the payoffs."""
        return np.argsort(-self.masses.round(12), kind="stable")

    @property
    def ranks(self) -> tuple[int, ...]:
        """Of every profile the rank by its mass, from 1; equal ones share the better one."""
        return competition_ranks(self.masses.tolist())

    def __repr__(self) -> str:
        """The first three, as one line."""
        told = ", ".join(f"{self.profiles[k]} {self.masses[k]:.4f}" for k in self.order[:3])
        more = ", …" if len(self.profiles) > 3 else ""
        return f"<AlphaRank of {len(self.profiles)} profiles, α = {self.intensity:g}: {told}{more}>"


@public()
def alpha_rank(
    payoffs: Any,
    *,
    intensity: float = inf,
    population: int = 50,
    selection: Literal["whole", "resident"] = "whole",
    names: Any = None,
) -> AlphaRank:
    """How much of the time evolution with rare mutants spends at each profile; α → ∞ by its exact limit.

    Populations of m stand at a profile. A mutant comes, each with the same chance, and takes over with probability
    `ρ = 1/Σ_{l<m} exp(−α S_l)`, `S_l` what the first l mutants gain over residents; `ρ = (1 − e^{−αΔ})/(1 − e^{−mαΔ})`
    where each gains Δ. The masses are the stationary law of this chain. They are computed in logarithms, without a
    subtraction, so that no intensity is too large for them; the limit by the leading terms of all rates, so it is right
    also where several groups of profiles are left by nothing, which the response graph alone does not decide.

    Args:
        payoffs: `[s, s]`, of the row against the column, for one population; `[players, *actions]`, or a game with
            payoffs for all profiles, for one population for each player. Numbers are taken as written: 0.1 is 1/10.
        intensity: α, at least 0; how much gains count. By default infinite.
        population: m, at least 2.
        selection: of one population whom players meet, everybody ("whole"), or the other kind alone ("resident"), as
            OpenSpiel does by default and `rank(…, "alpha-rank")` does always. Masses differ.
        names: of the strategies; for several populations a list for each.

    Raises:
        InputError: for payoffs of another shape, more than 500 profiles, numbers out of their range, and, of the limit,
            payoffs of so many digits that it hangs on their last ones: round these.

    Example:
        >>> alpha_rank([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], names=["rock", "paper", "scissors"])
        <AlphaRank of 3 profiles, α = inf: rock 0.3333, paper 0.3333, scissors 0.3333>
        >>> both = alpha_rank([[[3, 0], [0, 2]], [[3, 0], [0, 2]]], population=5)
        >>> both.sinks, both.masses.tolist()
        ((('0,0',), ('1,1',)), [1.0, 0.0, 0.0, 0.0])

    Source: Omidshafiei et al. (2019); Rowland et al. (2019) for its use with few matches.
    """
    intensity = inf if intensity == inf else finite_number(intensity, "intensity", low=0.0)
    m = positive_integer(population, "population", at_least=2)
    whole = choice(selection, "selection", ("whole", "resident")) == "whole"
    table, profiles = _checked(payoffs, names, m)
    one = table.ndim == 2
    contests = of_one_population(table, m, whole=whole) if one else of_populations(table, m)
    costs = contests.square(contests.hurdles, np.inf)
    if isinf(intensity):
        leading = contests.limit()
        fixation = contests.square(np.where(leading.costs == 0, leading.factors, 0.0), 0.0)
        masses = limit_of_stationary(Terms(costs, contests.square(leading.factors, 0.0)))
    else:
        with np.errstate(over="ignore", invalid="ignore"):  # what comes of that is refused below
            logs = contests.log_fixation(intensity)
            fixation = contests.square(np.exp(logs), 0.0)
            masses = np.exp(log_stationary(contests.square(logs, -np.inf)))
        if not np.isfinite(masses).all():
            raise InputError(
                "intensity times payoffs is too large for numbers of 64 bits; ask for the limit, intensity=inf"
            )
    asked = {"payoffs": table, "intensity": intensity, "population": m, "selection": selection if one else "others"}
    return AlphaRank(
        profiles=profiles,
        masses=masses,
        fixation=fixation,
        costs=costs / contests.scale,
        sinks=tuple(tuple(profiles[k] for k in group) for group in _sinks(costs == 0)),
        intensity=intensity,
        population=m,
        selection=selection if one else "others",
        status=Status.COMPLETE,
        provenance=record("alpha-rank", asked, sources=[ALPHA_RANK]),
    )


def _sinks(goes: npt.NDArray[np.bool_]) -> list[list[int]]:
    """The groups that reach each other and nobody else."""
    return [group for group in components(goes) if not np.delete(goes[group], group, axis=1).any()]


def _checked(payoffs: Any, names: Any, m: int) -> tuple[Floats, tuple[str, ...]]:
    """Payoffs as an array, and the names of the profiles."""
    given = getattr(payoffs, "payoffs", payoffs)
    table = moderate(finite_array(given, "payoffs"), "payoffs")
    one = table.ndim == 2 and table.shape[0] == table.shape[1]
    if not one and (table.ndim < 3 or len(table) != table.ndim - 1):
        raise InputError(
            "payoffs of one population are a square table, of the row against the column; of several they are "
            f"[players, *actions]; got shape {table.shape}"
        )
    counts = table.shape[1:]
    if int(np.prod(counts)) > MOST_PROFILES or min(counts) < 1 or int(np.prod(counts)) < 2:
        raise InputError(f"there must be from 2 to {MOST_PROFILES:,} profiles; there are {int(np.prod(counts)):,}")
    rivals = (counts[0] - 1) * counts[0] if one else int(np.prod(counts)) * sum(count - 1 for count in counts)
    if rivals * m > MOST_NUMBERS:
        raise InputError(f"a population of {m:,} is too large for {rivals:,} pairs of profiles; take a smaller one")
    if names is None:
        names = getattr(payoffs, "actions", None)
    return table, profile_names(names, counts)


def profile_names(names: Any, counts: tuple[int, ...]) -> tuple[str, ...]:
    """The names of all profiles, of those of the strategies: a list for each player, or one; by default numbers."""
    if names is not None and (not hasattr(names, "__len__") or not len(names)):
        raise InputError(f"names are texts, one for each strategy; got {names!r}")
    if names is None:
        names = [range(count) for count in counts]
    each = [
        [str(name) for name in own] for own in ([names] if len(counts) == 1 and isinstance(names[0], str) else names)
    ]
    if [len(own) for own in each] != list(counts) or any(len(set(own)) < len(own) for own in each):
        raise InputError(f"names need different ones for each of {' × '.join(map(str, counts))} strategies")
    return tuple(",".join(own) for own in product(*each))
